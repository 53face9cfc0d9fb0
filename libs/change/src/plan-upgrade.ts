import { compareOrdinal } from '@dms/canonical-json';
import { type Catalog, catalogText, defineDatabase, desiredCatalog } from '@dms/catalog';
import { derivedRows, objectStatements, renderBodies } from '@dms/ddl';
import { fail } from '@dms/diagnostics';
import { deriveInventory, inventoryText } from '@dms/inventory';
import type { MappingVersion } from '@dms/model';
import { generations } from './generations.ts';
import { checkEffects } from './hazards/change-effects.ts';
import { planHash, recordedStatements } from './history/recorded-statements.ts';
import { matchTables } from './matching/table-pairs.ts';
import { lossesWithoutPermission, permissionsOf } from './permissions.ts';
import { compareCode } from './planning/compare-code.ts';
import { compareColumns } from './planning/compare-columns.ts';
import { compareKeys } from './planning/compare-keys.ts';
import { compareResources } from './planning/compare-resources.ts';
import type { Comparison } from './planning/comparison.ts';
import { planDerivedRows } from './planning/derived-changes.ts';
import { planDiscriminators } from './planning/discriminators.ts';
import { EarlierValues } from './planning/earlier-values.ts';
import { planItems } from './planning/plan-items.ts';
import { planResourceKeys, resourceKeyHindrances } from './planning/resource-keys.ts';
import { type TableChange, tableChange } from './planning/table-change.ts';
import type { UpgradePlan, UpgradeSide } from './planning/upgrade-plan.ts';
import type { Rename } from './renaming/rename.ts';
import { renameCandidates } from './renaming/rename-candidates.ts';
import { resolveRenames } from './renaming/resolve-renames.ts';
import { queriesOf } from './script/change-queries.ts';
import { RowQueries } from './script/row-queries.ts';
import { upgradeDialects } from './script/upgrade-dialects.ts';
import { upgradeScript } from './script/upgrade-script.ts';
import { upgradeStatements } from './script/upgrade-statements.ts';
import { strangeInInventory } from './strange-inventory.ts';
import type { UpgradeSet } from './upgrade-set.ts';

export interface UpgradeOptions {
  /** What may be lost (design 12 §4). */
  readonly allowLoss?: readonly string[] | undefined;
  /** The renames from the earlier to the later set (design 12 §11). */
  readonly renames?: readonly Rename[] | undefined;
}

function side({ info }: UpgradeSet): UpgradeSide {
  const projects = info.schemaComponents.map(({ projectName, projectVersion }) => `${projectName} ${projectVersion}`);
  return { effectiveSchemaHash: info.effectiveSchemaHash, projects };
}

function stale(text: string): never {
  return fail('UPGRADE_INPUT_STALE', `${text} Emit the artifacts again.`);
}

/** The files of a folder must be of one schema set. */
function checkSet(set: UpgradeSet, which: string): void {
  const { info, model, inventory, catalog } = set;
  const found = catalog.fingerprint?.effectiveSchemaHash ?? 'none';
  if (found !== info.effectiveSchemaHash || model.effectiveSchema.effectiveSchemaHash !== info.effectiveSchemaHash)
    stale(`The catalog of the ${which} set belongs to the schema set ${found}, its manifest to ${info.effectiveSchemaHash}.`);
  if (model.dialect !== catalog.dialect || inventory.dialect !== catalog.dialect)
    stale(`The files of the ${which} set are of different dialects.`);
  const strange = strangeInInventory(set);
  if (strange !== undefined) stale(`The inventory of the ${which} set is of another schema set than its model: ${strange}.`);
}

/** A database stays in its generation (design 16 §1). */
function checkGenerations(before: MappingVersion, after: MappingVersion): void {
  if (generations[after].upgradesFrom.includes(before)) return;
  const text = `The earlier set is of the mapping version ${before}, the later one of ${after}. A database cannot be upgraded from ${before} to ${after}: emit the later set with the mapping version ${before}, or load the documents into a new database.`;
  fail('UPGRADE_OTHER_GENERATION', text, {}, { before, after });
}

const withoutFingerprint = (catalog: Catalog) => catalogText({ ...catalog, fingerprint: null });

/**
 * Plans the change of a database from the set `before` to the set `after`, with every document (design 12). The plan depends on the
 * artifacts only, so the same artifacts give the same plan. A plan that is impossible or not permitted has no statements. Throws
 * `UPGRADE_INPUT_STALE`, `UPGRADE_OTHER_GENERATION`, `UPGRADE_PERMISSION_UNUSED`, the `UPGRADE_RENAME_*` and the `DDL_*` codes.
 */
export function planUpgrade(
  before: UpgradeSet,
  after: UpgradeSet,
  { allowLoss = [], renames = [] }: UpgradeOptions = {},
): UpgradePlan {
  checkSet(before, 'earlier');
  checkSet(after, 'later');
  if (before.catalog.dialect !== after.catalog.dialect)
    stale(`The earlier set is for ${before.catalog.dialect}, the later one for ${after.catalog.dialect}.`);
  const dialect = upgradeDialects[after.catalog.dialect];
  const version = after.model.effectiveSchema.relationalMappingVersion;
  checkGenerations(before.model.effectiveSchema.relationalMappingVersion, version);
  if (inventoryText(deriveInventory(after.model), version) !== inventoryText(after.inventory, version))
    stale('The inventory of the later set is not what this version of the tool makes of its model.');
  const definition = defineDatabase(after.model, after.inventory);
  const bodies = renderBodies(definition);
  if (withoutFingerprint(desiredCatalog(definition, bodies)) !== withoutFingerprint(after.catalog))
    stale('The catalog of the later set is not what this version of the tool makes of its model.');
  const definitions = { before: defineDatabase(before.model, before.inventory), after: definition };
  const renaming = resolveRenames(before, after, renames);
  const match = matchTables(before, after, definitions, renaming);
  const values = new EarlierValues(match.pairs, after);
  const statements = objectStatements(definition, bodies);
  const changes = [...values.pairs.values()].map((pair) => tableChange(pair, values, dialect));
  const comparison: Comparison = {
    ...{ before, after, renaming, definition, dialect, statements, match, values, changes },
    changesByBefore: new Map(changes.map((change) => [change.pair.before.key, change])),
    changesByAfter: new Map(changes.map((change) => [change.pair.after.key, change])),
    permits: permissionsOf(allowLoss, before.model.projects),
  };
  const { resourceKeys, changes: ofResourceKeys } = planResourceKeys(comparison);
  const { keys, changes: ofKeys } = compareKeys(comparison, resourceKeyHindrances(comparison, resourceKeys));
  const { derived, changes: ofDerivedRows } = planDerivedRows(comparison);
  const { discriminators, changes: ofDiscriminators } = planDiscriminators(comparison);
  // triggers move with their table into its new schema, where their names may be taken
  const isMoved = ({ pair }: TableChange) => pair.before.catalog.schema !== pair.after.catalog.schema;
  const changing = changes.filter((change) => change.isRewritten || isMoved(change));
  const quiet = new Set([...changing.map(({ pair }) => pair.before.key), ...discriminators.written]);
  if (resourceKeys.moves.length > 0) for (const { table } of resourceKeys.holders) quiet.add(table);
  const { code, changes: ofCode } = compareCode(comparison, quiet);
  const found = [
    ...compareResources(comparison),
    ...compareColumns(comparison),
    ...[...ofResourceKeys, ...ofKeys, ...ofDerivedRows, ...ofDiscriminators, ...ofCode],
  ];
  const queries = new RowQueries(dialect, statements, derivedRows(version, dialect.name));
  const earlierName = (later: string) => comparison.changesByAfter.get(later)?.pair.before.key ?? later;
  const { items, checks, losses, verdict } = planItems(found, (change) => queriesOf(change, queries), earlierName);
  const plan = {
    ...{ dialect: dialect.name, before: side(before), after: side(after), verdict, items, checks, losses },
    ...{ renaming, candidates: renameCandidates(before, after, renaming) },
    allowedLosses: [...allowLoss].sort(compareOrdinal),
    unpermitted: lossesWithoutPermission(items, allowLoss, before.model.projects),
  };
  if (verdict === 'impossible' || plan.unpermitted.length > 0) return { ...plan, hash: null, statements: [], script: null };
  const unrecorded = {
    ...plan,
    statements: upgradeStatements({
      ...{ comparison, keys, code, resourceKeys, discriminators, derived, items, checks, losses },
      checkEffects: checkEffects(found),
    }),
  };
  const hash = planHash(unrecorded);
  const recorded = { ...unrecorded, hash, statements: recordedStatements(unrecorded, hash) };
  return { ...recorded, script: upgradeScript(recorded, dialect) };
}
