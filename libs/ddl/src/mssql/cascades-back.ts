import type { DesiredTable, ForeignKey } from '@dms/catalog';
import type { ReferrerUpdate } from '@dms/relational-model';
import type { TableLookup } from '../trigger-source.ts';

/** A cascade, from the table written before to `receiver`, whose rows name theirs in `fkColumn`. */
export interface CascadeStep {
  readonly receiver: DesiredTable;
  readonly fkColumn: string;
}

type Incoming = ReadonlyMap<string, readonly { readonly receiver: DesiredTable; readonly key: ForeignKey }[]>;

const cascadesOf = new WeakMap<TableLookup, Incoming>();

/** The keys that cascade on update, by the table that they reference. */
function cascadesByTarget(tables: TableLookup): Incoming {
  const known = cascadesOf.get(tables);
  if (known) return known;
  const incoming = new Map<string, { receiver: DesiredTable; key: ForeignKey }[]>();
  for (const receiver of tables.values()) {
    for (const key of receiver.foreignKeys) {
      if (key.onUpdate !== 'CASCADE') continue;
      const target = `${key.target.schema}.${key.target.table}`;
      incoming.set(target, [...(incoming.get(target) ?? []), { receiver, key }]);
    }
  }
  cascadesOf.set(tables, incoming);
  return incoming;
}

/**
 * The cascades over which an update of a referrer comes back to the table whose trigger makes it, and changes one of `columns`
 * there: empty where the referrer is that table itself, undefined where nothing comes back. There is one way at most (design 11
 * §3.2).
 */
export function cascadesBack(
  update: ReferrerUpdate,
  home: DesiredTable,
  columns: readonly { readonly name: string }[],
  tables: TableLookup,
): readonly CascadeStep[] | undefined {
  const incoming = cascadesByTarget(tables);
  const watched = new Set(columns.map(({ name }) => name));
  const isHome = (schema: string, name: string) => schema === home.schema && name === home.name;
  const search = (schema: string, name: string, moved: ReadonlySet<string>): readonly CascadeStep[] | undefined => {
    if (isHome(schema, name)) return [...moved].some((column) => watched.has(column)) ? [] : undefined;
    for (const { receiver, key } of incoming.get(`${schema}.${name}`) ?? []) {
      const local = new Set(key.columns.filter((_, index) => moved.has(key.targetColumns[index] as string)));
      const rest = local.size > 0 ? search(receiver.schema, receiver.name, local) : undefined;
      if (rest) return [{ receiver, fkColumn: key.columns[0] as string }, ...rest];
    }
    return undefined;
  };
  const { schema, name } = update.referrerTable;
  if (isHome(schema, name)) return [];
  return search(schema, name, new Set(update.targetColumnMappings.map(({ targetColumn }) => targetColumn)));
}
