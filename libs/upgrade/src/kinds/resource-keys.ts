import { resourceLabel } from '@dms/api-schema';
import type { CatalogTable } from '@dms/catalog';
import { core, qualified, unqualified } from '@dms/model';
import { qualifiedName } from '@dms/sql';
import type { Comparison } from '../comparing/comparison.ts';
import { type AffectedTable, effectOn, type StatementEffect } from '../hazards/statement-effect.ts';
import { coreOwner } from '../matching/table-pairs.ts';
import type { ResourceKeyPlan, ScriptParts } from '../script/script-parts.ts';
import { effectOnLater, type StatementList } from '../script/statement-list.ts';
import { objectKey, type Place, type RulesOf, type Shown } from './change-rules.ts';
import { blockingKey } from './key-matching.ts';

/** A resource gets another resource key, or its key another version. */
interface ResourceKeyChanged extends Place, Shown {
  readonly kind: 'resource key' | 'resource version';
}

export type ResourceKeyChanges = ResourceKeyChanged;

export const resourceKeyRules: RulesOf<ResourceKeyChanges> = {
  'resource key': {
    object: 'resource key',
    class: 'rewritten',
    made: ['drop foreign key', 'delete rows', 'insert rows', 'update rows', 'add foreign key'],
  },
  'resource version': { object: 'resource key', class: 'free', made: ['update rows'] },
};

const keyTable = qualified(core.resourceKey);

const refersToKeys = ({ foreignKeys }: CatalogTable) =>
  foreignKeys.filter(({ target }) => `${target.schema}.${target.table}` === keyTable);

/** Finds the ids that change through the names of the resources. */
export function planResourceKeys({ before, after, renaming }: Comparison): {
  readonly resourceKeys: ResourceKeyPlan;
  readonly changes: readonly ResourceKeyChanges[];
} {
  const changes: ResourceKeyChanges[] = [];
  const now = new Map(after.info.resourceKeys.map((row) => [resourceLabel(row), row]));
  const then = new Map(before.info.resourceKeys.map((row) => [renaming.resource(resourceLabel(row)), row]));
  const renamed = new Set([...then].flatMap(([label, row]) => (label === resourceLabel(row) ? [] : [label])));
  const moves: [number, number][] = [];
  const removed: number[] = [];
  const deleted: number[] = [];
  const versions = new Map<string, number[]>();
  const holders = after.catalog.tables.flatMap((table) =>
    refersToKeys(table).flatMap(({ columns: [column = ''] }) => [{ table: qualified(table), column }]),
  );
  for (const [label, row] of then) {
    const later = now.get(label);
    if (!later) removed.push(row.id);
    else if (later.id !== row.id) {
      moves.push([row.id, later.id]);
      changes.push({ kind: 'resource key', owner: coreOwner, path: [label], before: row.id, after: later.id });
    } else if (later.resourceVersion !== row.resourceVersion) {
      if (!renamed.has(label))
        versions.set(later.resourceVersion, [...(versions.get(later.resourceVersion) ?? []), row.id]);
      const change = { before: row.resourceVersion, after: later.resourceVersion };
      changes.push({ kind: 'resource version', owner: coreOwner, path: [label], ...change });
    }
    if (later?.id !== row.id || renamed.has(label)) deleted.push(row.id);
  }
  const inserted = after.info.resourceKeys.filter((row) => {
    const label = resourceLabel(row);
    return then.get(label)?.id !== row.id || renamed.has(label);
  });
  const reversioned = [...versions].map(([version, ids]) => ({ version, ids }));
  const isRenamed = [...renamed].some((label) => then.get(label)?.id === now.get(label)?.id);
  return { resourceKeys: { moves, removed, deleted, reversioned, inserted, isRenamed, holders }, changes };
}

/**
 * The keys that would block a change of resource ids or names: foreign keys to `dms.ResourceKey` and, on an engine that
 * checks them row by row, unique constraints over ids that change.
 */
export function resourceKeyHindrances(
  { before, dialect }: Comparison,
  { moves, isRenamed }: ResourceKeyPlan,
): Set<string> {
  const names = new Set<string>();
  if (moves.length === 0 && !isRenamed) return names;
  for (const table of before.catalog.tables) {
    const keys = refersToKeys(table);
    for (const { name } of keys) names.add(blockingKey(qualified(table), name));
    if (keys.length === 0 || moves.length === 0 || !dialect.checksUniquesPerRow) continue;
    const columns = keys.flatMap((key) => key.columns);
    for (const unique of table.uniques)
      if (unique.columns.some((column) => columns.includes(column)))
        names.add(blockingKey(qualified(table), unique.name));
  }
  return names;
}

/** The resources whose keys get another id, as the effects of statements name them. */
export const movedResources = ({ comparison: { after }, resourceKeys: { moves } }: ScriptParts): readonly string[] => {
  const ids = new Set(moves.map(([, to]) => to));
  return after.info.resourceKeys.flatMap((row) =>
    ids.has(row.id) ? [objectKey('resource key', resourceLabel(row))] : [],
  );
};

export const isResourceKeyTarget = (target: AffectedTable | undefined): boolean => target?.name === keyTable;

/** The update of the rows of a table that hold the number of a renumbered resource. */
function movedRows(
  comparison: Comparison,
  key: string,
  column: string,
  moves: ResourceKeyPlan['moves'],
  makes: readonly string[],
): StatementEffect {
  const change = comparison.changesByAfter.get(key);
  if (!change) return effectOnLater(comparison, 'update rows', key, makes);
  const name = change.pair.earlier.get(column) ?? column;
  const table = change.pair.before.key;
  const condition = `t.${comparison.dialect.rules.quote(name)} IN (${moves.map(([from]) => from).join(', ')})`;
  return { ...effectOn('update rows', table, makes), rows: { table, condition } };
}

/** Replaces the rows of `dms.ResourceKey` and the numbers that other tables hold (design 12 §3.4). */
export function rewriteResourceKeys(parts: ScriptParts, out: StatementList): void {
  const { comparison, statements, resourceKeys } = parts;
  const { dialect, before, renaming } = comparison;
  const { quote, stringLiteral } = dialect.rules;
  const rows = qualifiedName(dialect.rules, core.resourceKey);
  const { moves, deleted, reversioned, inserted, holders } = resourceKeys;
  const moved = movedResources(parts);
  if (moves.length > 0)
    for (const { table, column } of holders) {
      const effect = movedRows(comparison, table, column, moves, moved);
      out.add('resource keys', table, effect, dialect.moveResourceKeys(unqualified(table), column, moves));
    }
  /** Every change that a row of a resource serves: of its key, of the resource, and of its project. */
  const changesOf = (label: string, project: string) => [
    objectKey('resource key', label),
    objectKey('resource', label),
    objectKey('project', project),
  ];
  const earlier = new Map(before.info.resourceKeys.map((row) => [row.id, row]));
  const labelsOf = (ids: readonly number[]) =>
    ids.flatMap((id) => {
      const row = earlier.get(id);
      if (!row) return [];
      const label = resourceLabel(row);
      return [
        ...changesOf(label, row.projectName),
        ...changesOf(renaming.resource(label), renaming.project(row.projectName)),
      ];
    });
  if (deleted.length > 0)
    out.add(
      'resource keys',
      keyTable,
      effectOn('delete rows', keyTable, labelsOf(deleted)),
      `DELETE FROM ${rows} WHERE ${quote('ResourceKeyId')} IN (${deleted.join(', ')});`,
    );
  for (const { version, ids } of reversioned) {
    const set = `SET ${quote('ResourceVersion')} = ${stringLiteral(version)}`;
    out.add(
      'resource keys',
      keyTable,
      effectOn('update rows', keyTable, labelsOf(ids)),
      `UPDATE ${rows} ${set} WHERE ${quote('ResourceKeyId')} IN (${ids.join(', ')});`,
    );
  }
  if (inserted.length > 0) {
    const made = inserted.flatMap((row) => changesOf(resourceLabel(row), row.projectName));
    const text = statements.resourceKeys({ resourceKeys: inserted });
    out.add('resource keys', keyTable, effectOn('insert rows', keyTable, made), text);
  }
}
