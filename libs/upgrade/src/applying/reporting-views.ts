import type { ComparedSet, StatementKind, UpgradePlan } from '@dms/change';
import {
  type Connection,
  dropMarkedViews,
  type Limits,
  type MarkedView,
  markedViews,
  type UsedColumn,
  usersOfColumns,
  usersOfMarkedViews,
  type ViewUser,
} from '@dms/databases';
import { counted, type Diagnostic, diagnostic, fail, listOfNames } from '@dms/diagnostics';
import { mustExist, unqualified } from '@dms/model';

/** Gives a database the reporting views of the later set in place of earlier ones, in the transaction of the upgrade (design 19 §8). */
export type RestoreViews = (connection: Connection, earlier: readonly MarkedView[], limits: Limits) => Promise<void>;

/** The kinds of statements that the engine refuses while a view uses what they change. */
const wholeTables: readonly StatementKind[] = ['drop table', 'drop view'];
const ofColumns: readonly StatementKind[] = ['drop columns', 'change type', 'widen type'];

const identifier = '"((?:[^"]|"")+)"';
const unquoted = (text: string) => text.replaceAll('""', '"');

/** An action of `ALTER TABLE` that drops a column or changes its type, as the plan writes it. */
const columnActions = new RegExp(`^ +(?:DROP COLUMN ${identifier}|ALTER COLUMN ${identifier} TYPE )`, 'gm');
const renamedColumn = new RegExp(` RENAME COLUMN ${identifier} TO ${identifier};$`);

/**
 * The columns of the earlier set that a plan for PostgreSQL drops, or whose types it changes, and the tables and views that it drops, by
 * their names before the upgrade.
 */
export function changedColumns({ statements }: UpgradePlan): readonly UsedColumn[] {
  const found: UsedColumn[] = [];
  // by table and current name
  const earlierNames = new Map<string, string>();
  for (const { sql, effects } of statements) {
    for (const { kind, table } of effects) {
      if (table === null || table.isNew) continue;
      const { schema, name } = unqualified(table.name);
      if (wholeTables.includes(kind)) found.push({ schema, table: name, column: null });
      const [, from, to] = (kind === 'rename column' && renamedColumn.exec(sql)) || [];
      if (from !== undefined && to !== undefined) {
        const earlier = earlierNames.get(`${table.name} ${unquoted(from)}`) ?? unquoted(from);
        earlierNames.set(`${table.name} ${unquoted(to)}`, earlier);
      }
      if (!ofColumns.includes(kind)) continue;
      for (const [, dropped, changed] of sql.matchAll(columnActions)) {
        const current = unquoted(mustExist(dropped ?? changed, `a column of ${table.name}`));
        found.push({ schema, table: name, column: earlierNames.get(`${table.name} ${current}`) ?? current });
      }
    }
  }
  return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
}

/** Views and functions of others that stand in the way of an upgrade: on top of reporting views, or of columns that it changes. */
export async function viewsInTheWay(
  connection: Connection,
  plan: UpgradePlan,
  before: ComparedSet,
  limits: Limits = {},
): Promise<readonly ViewUser[]> {
  const onViews = await usersOfMarkedViews(connection, limits);
  const onColumns = await usersOfColumns(connection, changedColumns(plan), before.catalog.views, limits);
  return [...onViews, ...onColumns];
}

/** `UPGRADE_VIEWS_OBJECT`, if there are any. */
export function viewObjections(label: string, users: readonly ViewUser[]): readonly Diagnostic[] {
  if (users.length === 0) return [];
  const names = [...new Set(users.map(({ usedBy }) => usedBy))];
  const used = [...new Set(users.map(({ uses }) => uses))];
  const text = `${label}: others have built on what the upgrade replaces: ${listOfNames(names)} (on ${listOfNames(used)}). Remove these before the upgrade, and create them again afterwards.`;
  return [diagnostic('UPGRADE_VIEWS_OBJECT', text, {}, { users: users.map(({ usedBy, uses }) => ({ usedBy, uses })) })];
}

/**
 * Removes the reporting views of the transaction's database, which would hinder the upgrade, and returns what gives it those of the later
 * set. Throws `REPORTING_MAPPING_MISSING` where there are views and no `restore`.
 */
export async function withoutReportingViews(
  connection: Connection,
  restore: RestoreViews | undefined,
  limits: Limits,
): Promise<(limits: Limits) => Promise<void>> {
  const earlier = await markedViews(connection, limits);
  if (earlier.length === 0) return async () => undefined;
  if (restore === undefined) {
    const text = `${connection.label}: the database has ${counted(earlier.length, 'reporting view')}, and the artifacts of the later set have no ods-mapping.json to create them again from. Write it there with dms-ddl reporting emit, or remove the views with dms-ddl reporting drop. Nothing was changed.`;
    return fail('REPORTING_MAPPING_MISSING', text, {}, { views: earlier.length });
  }
  await dropMarkedViews(connection, limits);
  return (own) => restore(connection, earlier, own);
}
