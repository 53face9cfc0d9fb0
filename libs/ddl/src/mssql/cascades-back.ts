import type { TableDefinition } from '@dms/catalog';
import { indented } from '../statement-lines.ts';
import type { BodyScope } from '../trigger-source.ts';
import { q, qualified } from './body-text.ts';

/** An UPDATE in a body, of the rows of `table` whose `documentColumn` names a document in `@documents`. */
export interface BodyUpdate {
  readonly table: { readonly schema: string; readonly name: string };
  readonly documentColumn: string;
  readonly columns: readonly string[];
}

/** A cascade from the previous table to `receiver`, whose rows refer to it by `fkColumn`. */
interface CascadeStep {
  readonly receiver: TableDefinition;
  readonly fkColumn: string;
}

/**
 * The cascades over which an update changes `watched` columns of `home`; there is at most one such path (design 11
 * §3.2).
 */
function cascadesBack(
  { table, columns }: BodyUpdate,
  home: TableDefinition,
  watched: ReadonlySet<string>,
  cascades: BodyScope['cascades'],
): readonly CascadeStep[] | undefined {
  const isHome = (schema: string, name: string) => schema === home.schema && name === home.name;
  const search = (schema: string, name: string, moved: ReadonlySet<string>): readonly CascadeStep[] | undefined => {
    if (isHome(schema, name)) return [...moved].some((column) => watched.has(column)) ? [] : undefined;
    for (const { receiver, key } of cascades.get(`${schema}.${name}`) ?? []) {
      const local = new Set(key.columns.filter((_, index) => moved.has(key.targetColumns[index] as string)));
      const rest = local.size > 0 ? search(receiver.schema, receiver.name, local) : undefined;
      if (rest) return [{ receiver, fkColumn: key.columns[0] as string }, ...rest];
    }
    return undefined;
  };
  // a table that refers to itself always repeats (design 11 §3.3)
  return isHome(table.schema, table.name) ? [] : search(table.schema, table.name, new Set(columns));
}

/**
 * The condition for rows `t` of the trigger table in which an update of its body may change watched columns, directly
 * or over cascades; undefined if it can change none.
 */
export function writtenRows(
  update: BodyUpdate,
  home: TableDefinition,
  watched: ReadonlySet<string>,
  cascades: BodyScope['cascades'],
): string[] | undefined {
  const steps = cascadesBack(update, home, watched, cascades);
  if (!steps) return undefined;
  const id = q('DocumentId');
  const joins = [`INNER JOIN ${qualified(update.table)} AS r ON r.${q(update.documentColumn)} = c.${id}`];
  let last = 'r';
  for (const [index, { receiver, fkColumn }] of steps.entries()) {
    const alias = `r${index + 1}`;
    joins.push(`INNER JOIN ${qualified(receiver)} AS ${alias} ON ${alias}.${q(fkColumn)} = ${last}.${id}`);
    last = alias;
  }
  return [`t.${id} IN (`, ...indented([`SELECT ${last}.${id}`, 'FROM @documents AS c', ...joins]), ')'];
}
