import { type DatabaseDefinition, defineDatabase } from '@dms/catalog';
import { append } from '@dms/diagnostics';
import { compareColumns } from '../kinds/columns.ts';
import { compareChecks, compareIndexes, compareUniques } from '../kinds/constraints.ts';
import {
  bothStoreReferentialIds,
  membersWithNewTables,
  planAbstractIdentities,
  planHierarchy,
  planReferentialIds,
} from '../kinds/derived-rows.ts';
import { planDiscriminators, renamedDescriptors } from '../kinds/discriminators.ts';
import { compareDocumentRules } from '../kinds/document-rules.ts';
import { compareForeignKeys } from '../kinds/foreign-keys.ts';
import { KeyMatching } from '../kinds/key-matching.ts';
import { compareResources, planResourceKeys, resourceKeyHindrances } from '../kinds/resources.ts';
import { compareTables } from '../kinds/tables.ts';
import { planRoutines, planTriggers } from '../kinds/triggers.ts';
import { planViews } from '../kinds/views.ts';
import { EarlierValues } from '../matching/earlier-values.ts';
import { type TableChange, tableChange } from '../matching/table-change.ts';
import { matchTables } from '../matching/table-pairs.ts';
import { checkedRenaming } from '../renaming/check-renames.ts';
import { type Rename, renamingOf } from '../renaming/renaming.ts';
import { collationOfUpgrade } from '../script/collation-of-upgrade.ts';
import type { ScriptParts } from '../script/script-parts.ts';
import { upgradeDialects } from '../script/upgrade-dialects.ts';
import type { UpgradeTranslation } from '../translating/translation-in-place.ts';
import type { Change } from './change.ts';
import type { ComparedSet } from './compared-set.ts';
import type { Comparison } from './comparison.ts';

interface CompareOptions {
  /** The renames from the earlier to the later set (design 12 §11). */
  readonly renames?: readonly Rename[] | undefined;
  /** The translation, in place of renames (design 12a §6). */
  readonly translation?: Pick<UpgradeTranslation, 'renames' | 'rewritten' | 'laterPart' | 'copiedPart'> | undefined;
  /** Whether the loss of an object is permitted; by default no loss is. */
  readonly permits?: Comparison['permits'] | undefined;
  /** The databases of the sets, as far as they are known already. */
  readonly definitions?: { readonly before?: DatabaseDefinition; readonly after: DatabaseDefinition } | undefined;
}

/** The changes from one schema set to another, and what the operations of an upgrade are made from. */
interface ComparedSets extends Omit<ScriptParts, 'found' | 'preparing'> {
  readonly changes: readonly Change[];
}

/**
 * Compares two schema sets of one dialect and one generation (design 12 §2, §3). The result depends on the artifacts
 * and the renames only.
 */
export function compareSets(before: ComparedSet, after: ComparedSet, options: CompareOptions = {}): ComparedSets {
  const comparison = comparisonOf(before, after, options);
  const { changes } = comparison;
  // the ids that are stored are hashes of the names
  const hashed = bothStoreReferentialIds(comparison) ? renamedDescriptors(comparison) : [];
  const found = compareStorage(comparison, hashed);
  const { resourceKeys, changes: ofResourceKeys } = planResourceKeys(comparison);
  append(found, ofResourceKeys);
  const keys = new KeyMatching(comparison, resourceKeyHindrances(comparison, resourceKeys));
  append(found, compareKeys(comparison, keys));
  const joined = planAbstractIdentities(comparison, found);
  const derived = {
    ...planReferentialIds(comparison, hashed, found),
    ...joined,
    abstractIdentities: [
      ...joined.abstractIdentities,
      ...(options.translation ? membersWithNewTables(comparison) : []),
    ],
    ...planHierarchy(comparison, found),
  };
  const { discriminators, changes: ofDiscriminators } = planDiscriminators(comparison);
  append(found, ofDiscriminators);
  append(found, compareDocumentRules(comparison));
  // triggers move with their table into its new schema, where their names may be taken
  const isMoved = ({ pair }: TableChange) => pair.before.catalog.schema !== pair.after.catalog.schema;
  const changing = changes.filter((change) => change.isRewritten || isMoved(change));
  const untriggered = new Set([...changing.map(({ pair }) => pair.before.key), ...discriminators.written]);
  if (resourceKeys.moves.length > 0) for (const { table } of resourceKeys.holders) untriggered.add(table);
  const code = {
    ...planTriggers(comparison, untriggered, found),
    ...planRoutines(comparison),
    ...planViews(comparison, found),
  };
  return { comparison, changes: found, keys: keys.plan(), code, resourceKeys, discriminators, derived };
}

/**
 * The changes of two sets that may be impossible, or require a value of a column: those of resources, tables and columns,
 * and of the rows that triggers derive from them.
 */
export function changesOfRows(
  before: ComparedSet,
  after: ComparedSet,
  options: CompareOptions,
): { readonly comparison: Comparison; readonly changes: readonly Change[] } {
  const comparison = comparisonOf(before, after, options);
  const changes = compareStorage(comparison, []);
  planAbstractIdentities(comparison, changes);
  append(changes, planDiscriminators(comparison).changes);
  return { comparison, changes };
}

/** Matches the tables of two sets and what is in them. */
function comparisonOf(before: ComparedSet, after: ComparedSet, options: CompareOptions): Comparison {
  const { renames = [], translation, permits = () => false } = options;
  const dialect = upgradeDialects[after.catalog.dialect];
  const definition = options.definitions?.after ?? defineDatabase(after.model, after.inventory);
  const earlier = options.definitions?.before ?? defineDatabase(before.model, before.inventory);
  const renaming = translation
    ? renamingOf(before, after, translation.renames)
    : checkedRenaming(before, after, renames);
  const match = matchTables(before, after, { before: earlier, after: definition }, renaming, translation);
  const values = new EarlierValues(match.pairs, after);
  const collation = collationOfUpgrade(before, after);
  const changes = [...values.pairs.values()].map((pair) => tableChange(pair, values, dialect, collation));
  return {
    before,
    after,
    renaming,
    definition,
    dialect,
    collation: changes.some(changesCollation) ? collation : null,
    match,
    values,
    changes,
    permits,
    changesByBefore: new Map(changes.map((change) => [change.pair.before.key, change])),
    changesByAfter: new Map(changes.map((change) => [change.pair.after.key, change])),
  };
}

/** @param hashed the descriptors whose referential ids get other values */
function compareStorage(comparison: Comparison, hashed: Parameters<typeof compareResources>[1]): Change[] {
  const found: Change[] = [];
  for (const list of [compareResources(comparison, hashed), compareTables(comparison), compareColumns(comparison)])
    append(found, list);
  return found;
}

/** Whether the sets declare other collations for a column; it depends on the database whether the column gets another. */
const changesCollation = ({ fates }: TableChange) =>
  fates.some((fate) => fate.kind === 'kept' && fate.before.collation !== fate.after.collation);

/** Compares the keys, checks and indexes of the tables of both sets. */
function compareKeys(comparison: Comparison, keys: KeyMatching): Change[] {
  const found: Change[] = [];
  for (const change of comparison.changes) append(found, compareUniques(keys, change));
  for (const change of comparison.changes)
    for (const list of [compareChecks(keys, change), compareForeignKeys(keys, change), compareIndexes(keys, change)])
      append(found, list);
  // a dropped table may refer to a table, or to a key, that is dropped before it
  for (const { key, catalog } of comparison.match.removed)
    for (const { name } of catalog.foreignKeys)
      keys.dropped.push({ kind: 'foreignKey', table: key, name, replacedBy: [] });
  return found;
}
