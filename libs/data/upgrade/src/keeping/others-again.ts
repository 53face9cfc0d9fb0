import type { Catalog } from '@dms/catalog';
import {
  type Connection,
  type ForeignView,
  findDependents,
  type Limits,
  type OthersRead,
  readsParts,
  type UsedColumn,
  viewStatements,
} from '@dms/databases';
import { qualified } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { ownObjects } from '../plan/planned-objects.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';

/*
 * What others made on tables and views that an upgrade makes again: parts of these, and views that use them. They are
 * made again too, by the server's own definitions, where everything that they use stays as it is (design 12a §3).
 */

/** A plan with the sets that it is for. */
export interface KeepingRun {
  readonly plan: UpgradePlan;
  readonly before: ComparedSet;
  readonly after: ComparedSet;
}

/** The tables and views that a plan drops and makes again under their names, with their parts in the earlier set. */
export function relationsAgain(
  plan: Pick<UpgradePlan, 'objects' | 'laterNames'>,
  before: Catalog,
  after: Catalog,
): readonly OthersRead[] {
  const dropped = new Set(
    plan.objects.touched.flatMap(({ how, kind, schema, table }) =>
      how === 'drop' && kind === 'relation' ? [`${schema}.${table}`] : [],
    ),
  );
  const later = new Set([...after.tables, ...after.views].map(qualified));
  const isAgain = (name: QualifiedName) =>
    dropped.has(qualified(name)) &&
    later.has(qualified(name)) &&
    qualified(plan.laterNames.relation(name)) === qualified(name);
  return [
    ...before.tables.filter(isAgain).map((table): OthersRead => {
      const { schema, name, primaryKey, uniques, foreignKeys, checks, indexes, triggers } = table;
      const keys = [...(primaryKey ? [primaryKey] : []), ...uniques, ...foreignKeys, ...checks];
      return {
        schema,
        name,
        own: [
          ...keys.map((key) => ({ kind: 'constraint' as const, name: key.name })),
          ...indexes.map((index) => ({ kind: 'index' as const, name: index.name })),
          ...triggers.map((trigger) => ({ kind: 'trigger' as const, name: trigger.name })),
        ],
      };
    }),
    ...before.views.filter(isAgain).map(({ schema, name }) => ({ schema, name, own: [] })),
  ];
}

type ColumnTypes = ReadonlyMap<string, ReadonlyMap<string, string>>;

const columnTypes = ({ tables, views }: Catalog): ColumnTypes =>
  new Map(
    [...tables, ...views].map((each) => [
      qualified(each),
      new Map(each.columns.map(({ name, type }) => [name, type] as const)),
    ]),
  );

/** Creates the test for what is the same after an upgrade, so that a definition that uses it means the same. */
export function stayingUses({ plan, before, after }: KeepingRun): (use: UsedColumn) => boolean {
  const [earlier, later] = [columnTypes(before.catalog), columnTypes(after.catalog)];
  return ([schema, name, column]) => {
    const table = { schema, name };
    const [had, has] = [earlier.get(qualified(table)), later.get(qualified(table))];
    if (had === undefined) return true;
    if (has === undefined || qualified(plan.laterNames.relation(table)) !== qualified(table)) return false;
    if (column === null || !had.has(column)) return true;
    return (
      had.get(column) === has.get(column) && plan.laterNames.part(table, { kind: 'column', name: column }) === column
    );
  };
}

/** The tables and views that an upgrade creates again, if the dialect reads their parts outside the schema set. */
export const relationsOf = ({ dialect }: Connection, { plan }: KeepingRun): readonly OthersRead[] =>
  readsParts(dialect) ? plan.again : [];

/**
 * The views of others that use what an upgrade makes again, and that can be made again after it; each after those that
 * it uses. Views on which something else is built are not among them. Throws the `DB_*` codes.
 */
export async function viewsAgain(
  connection: Connection,
  run: KeepingRun,
  limits: Limits,
): Promise<readonly ForeignView[]> {
  const relations = relationsOf(connection, run);
  if (relations.length === 0) return [];
  const own = ownObjects(run.before.catalog);
  const dropped = (list: readonly QualifiedName[]) =>
    list.map(({ schema, name: table }) => ({
      how: 'drop' as const,
      kind: 'relation' as const,
      schema,
      table,
      name: null,
    }));
  const { standing } = await findDependents(connection, dropped(relations), limits);
  const names = standing.flatMap(({ type, kind, schema, table }) =>
    /view$/.test(type) && schema !== null && table !== null && !own.has({ kind: kind ?? '', schema, table, name: null })
      ? [{ schema, name: table }]
      : [],
  );
  const { views } = await viewStatements(connection, names, limits);
  const onViews = views.length === 0 ? [] : (await findDependents(connection, dropped(views), limits)).standing;
  const stays = stayingUses(run);
  let found = views.filter(({ uses }) => uses.every(stays));
  for (;;) {
    const known = new Set(found.map(({ address }) => address));
    // what uses a view, and a view that it uses, must be made again too
    const left = found.filter(
      (view) =>
        onViews.every(({ number, address }) => views[number] !== view || known.has(address ?? '')) &&
        views.every((other) => known.has(other.address) || !(isUsed(view, other) || isUsed(other, view))),
    );
    if (left.length === found.length) return found;
    found = left;
  }
}

/** Whether a view uses another one. */
const isUsed = ({ uses }: ForeignView, { schema, name }: ForeignView) =>
  uses.some(([ofSchema, of]) => ofSchema === schema && of === name);
