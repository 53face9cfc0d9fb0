import { resourceLabel } from '@dms/api-schema';
import { type Catalog, catalogText, defineDatabase, desiredCatalog } from '@dms/catalog';
import { objectStatements, renderBodies } from '@dms/ddl';
import { fail } from '@dms/diagnostics';
import { deriveInventory, inventoryText } from '@dms/inventory';
import { derivedRows } from '@dms/laws';
import { core, qualified } from '@dms/model';
import { compareBy, compareOrdinal, hashStarts } from '@dms/values';
import { queriesOf } from '../comparing/change.ts';
import { compareSets } from '../comparing/compare-sets.ts';
import type { ComparedSet } from '../comparing/compared-set.ts';
import type { Comparison } from '../comparing/comparison.ts';
import { adviceBetween, type GenerationOfSet, wayBetween } from '../comparing/way-between.ts';
import { generations } from '../generations.ts';
import { allDocuments } from '../hazards/estimate.ts';
import type { PlanPurpose } from '../history/history-text.ts';
import { planHash, recordedStatements } from '../history/recorded-statements.ts';
import { laterObjects } from '../keeping/later-objects.ts';
import { droppedAgain } from '../keeping/made-again.ts';
import { relationsAgain } from '../keeping/others-again.ts';
import { FoundChanges } from '../kinds/found-changes.ts';
import { scanOf } from '../ops/acts.ts';
import type { StatementEffect } from '../ops/effect.ts';
import { statementsOf } from '../ops/statement.ts';
import { PreparationPlanner } from '../preparing/preparing.ts';
import { moveCandidates, renameCandidates } from '../renaming/rename-candidates.ts';
import type { Rename } from '../renaming/renaming.ts';
import { laterRows } from '../script/later-rows.ts';
import { RowQueries } from '../script/row-queries.ts';
import { upgradeOperations } from '../script/upgrade-operations.ts';
import { upgradeScript } from '../script/upgrade-script.ts';
import { translatedChanges } from '../translating/translated-changes.ts';
import type { UpgradeTranslation } from '../translating/translation-in-place.ts';
import { allowedResources, lossesWithoutPermission, permissionsOf } from './permissions.ts';
import { declaredOwners, type PlanItems, planItems } from './plan-items.ts';
import { plannedObjects } from './planned-objects.ts';
import type { DocumentsCheck, UpgradeItem, UpgradePlan } from './upgrade-plan.ts';
import type { UpgradeSide } from './upgrade-side.ts';

export interface UpgradeOptions {
  /** An adoption leaves the fingerprint and the cache of documents as they are. */
  readonly purpose?: PlanPurpose | undefined;
  /** The permitted losses (design 12 §4). */
  readonly allowLoss?: readonly string[] | undefined;
  /** Resources whose documents may break rules of the later set, `Project:Resource` there (design 12 §3.8). */
  readonly allowInvalid?: readonly string[] | undefined;
  /** The renames from the earlier to the later set (design 12 §11). */
  readonly renames?: readonly Rename[] | undefined;
  /** The translation, in place of renames (design 12a §6). */
  readonly translation?: UpgradeTranslation | undefined;
}

/**
 * Plans the change of a database from the set `before` to the set `after`, with every document (design 12). The plan
 * depends on the artifacts only, so the same artifacts give the same plan. A plan that is impossible or not permitted
 * has no statements. Throws `UPGRADE_INPUT_STALE`, `UPGRADE_OTHER_GENERATION`, `UPGRADE_PERMISSION_UNUSED`, the
 * `UPGRADE_RENAME_*` and the `DDL_*` codes.
 */
export function planUpgrade(
  before: ComparedSet,
  after: ComparedSet,
  { purpose: wanted = 'upgrade', allowLoss = [], allowInvalid = [], renames = [], translation }: UpgradeOptions = {},
): UpgradePlan {
  checkSet(before, 'earlier');
  checkSet(after, 'later');
  if (before.catalog.dialect !== after.catalog.dialect)
    stale(`The earlier set is for ${before.catalog.dialect}, the later one for ${after.catalog.dialect}.`);
  const version = after.model.effectiveSchema.relationalMappingVersion;
  const isMove = checkGenerations(before.model.effectiveSchema, after.model.effectiveSchema);
  // the later set was derived with or without strict rules; where both succeed, they give the same inventory
  const [derived, read] = [deriveInventory(after.model, { strict: false }), after.inventory].map((inventory) =>
    inventoryText(inventory, ''),
  );
  if (derived !== read)
    stale('The inventory of the later set is not what this version of the tool makes of its model.');
  const definition = defineDatabase(after.model, after.inventory);
  const bodies = renderBodies(definition);
  if (withoutFingerprint(desiredCatalog(definition, bodies)) !== withoutFingerprint(after.catalog))
    stale('The catalog of the later set is not what this version of the tool makes of its model.');
  const permits = permissionsOf(allowLoss, before.model.projects, translation?.dropped);
  const compared = compareSets(before, after, { renames, translation, permits, definitions: { after: definition } });
  const { dialect, renaming } = compared.comparison;
  const statements = objectStatements(definition, bodies);
  const rows = derivedRows(version, dialect.name);
  const queries = new RowQueries(dialect, statements, rows);
  const isTranslated = translation ? translatedChanges(compared.comparison, translation) : undefined;
  const planned = planItems(
    compared.changes,
    (change) => queriesOf(change, queries),
    declaredOwners(before, after),
    isTranslated,
  );
  const { checks, losses, verdict } = planned;
  // the new values of an impossible change cannot be computed, so there is no statement for it
  const found = new FoundChanges(compared.changes);
  const preparing = new PreparationPlanner({ ...compared, written: translation?.written ?? new Set() });
  const operations = verdict === 'impossible' ? [] : upgradeOperations({ ...compared, found, preparing }, planned);
  const texts = { dialect, statements, rows, refillCache: generations[version].refillCache[dialect.name] };
  const all = statementsOf(operations, texts);
  const purpose = isMove ? 'move' : wanted;
  // the schema set stays, and with it the fingerprint and the cache of documents
  const made = purpose === 'upgrade' ? all : all.filter(({ step }) => step !== 'fingerprint');
  const checked = documentChecks(before, planned, compared.comparison, allowInvalid);
  const scan = (table: string) => scanOf(dialect.name, table);
  const items = withDocuments(planned.withEffects(made, scan), checked, scan);
  const named = {
    objects: plannedObjects(compared.comparison, made),
    laterNames: laterObjects(compared.comparison, compared.keys),
  };
  const plan = {
    purpose,
    dialect: dialect.name,
    before: side(before),
    after: side(after),
    collation: compared.comparison.collation,
    verdict,
    items,
    checks,
    losses,
    documentChecks: checked,
    laterRows: laterRows(compared.comparison, queries),
    ...named,
    dropped: droppedAgain(named, after.catalog),
    again: relationsAgain(named, before.catalog, after.catalog),
    renaming,
    translation: translation ?? null,
    // a translation has a rule for each place
    candidates: translation ? [] : renameCandidates(before, after, renaming),
    moves: translation ? [] : moveCandidates(before, after, renaming),
    allowedLosses: [...allowLoss].sort(compareOrdinal),
    unpermitted: lossesWithoutPermission(items, allowLoss, before.model.projects, translation?.dropped),
  };
  const isRefused = verdict === 'impossible' || plan.unpermitted.length > 0;
  const hash = planHash({ ...plan, statements: made });
  const intended = recordedStatements({ ...plan, statements: made }, hash, texts);
  const none = { script: null, scriptLines: new Map() };
  if (isRefused) return { ...plan, hash: null, statements: [], intended, ...none };
  const recorded = { ...plan, hash, statements: intended, intended };
  // a script cannot read documents
  if (translation?.isRewriting) return { ...recorded, ...none };
  const { text: script, lines: scriptLines } = upgradeScript(recorded, dialect);
  return { ...recorded, script, scriptLines };
}

/** The files of a folder must be of one schema set. */
function checkSet(set: ComparedSet, which: string): void {
  const { info, model, inventory, catalog } = set;
  const found = catalog.fingerprint?.effectiveSchemaHash;
  if (found === undefined)
    stale(
      `The catalog of the ${which} set has no fingerprint: it describes a database without a schema set, as inspect writes it.`,
    );
  if (found !== info.effectiveSchemaHash || model.effectiveSchema.effectiveSchemaHash !== info.effectiveSchemaHash) {
    const [ofCatalog, ofManifest] = hashStarts(found, info.effectiveSchemaHash);
    stale(`The catalog of the ${which} set belongs to the schema set ${ofCatalog}, its manifest to ${ofManifest}.`);
  }
  if (model.dialect !== catalog.dialect || inventory.dialect !== catalog.dialect)
    stale(`The files of the ${which} set are of different dialects.`);
}

function stale(text: string): never {
  return fail('UPGRADE_INPUT_STALE', `${text} Emit the artifacts again.`);
}

/**
 * Whether an upgrade moves a database to the shape of another generation, with the same schema set. Any other database
 * stays in its generation (design 16 §1, 22 §7).
 */
function checkGenerations(from: GenerationOfSet, to: GenerationOfSet): boolean {
  const way = wayBetween(from, to);
  if (way !== null) return way === 'move';
  const [before, after] = [from.relationalMappingVersion, to.relationalMappingVersion];
  const text = `The earlier set is of the mapping version ${before}, the later one of ${after}. ${adviceBetween(from, to)}`;
  return fail('UPGRADE_OTHER_GENERATION', text, {}, { before, after });
}

const withoutFingerprint = (catalog: Catalog) => catalogText({ ...catalog, fingerprint: null });

/** The documents to check, by the later names of their resources. */
function documentChecks(
  { model }: ComparedSet,
  { documentRules }: PlanItems,
  { renaming, dialect }: Comparison,
  allowInvalid: readonly string[],
): readonly DocumentsCheck[] {
  const { sql, literal } = dialect.rules;
  const found = model.resources.flatMap(({ resourceKey, tablesInDependencyOrder }) => {
    const label = resourceLabel(resourceKey);
    const rules = documentRules.get(label);
    if (rules === undefined) return [];
    const rows = { ...allDocuments, condition: sql`t."ResourceKeyId" = ${literal(resourceKey.id)}` };
    const own = tablesInDependencyOrder.map(({ table }) => qualified(table));
    const tables = own.length === 0 ? [qualified(core.descriptor)] : own;
    return [{ resource: { before: label, after: renaming.resource(label) }, rows, tables, rules }];
  });
  const sorted = found.sort(compareBy(({ resource }) => resource.after));
  const names = sorted.map(({ resource }) => resource.after);
  const allowed = allowedResources(allowInvalid, names);
  return sorted.map((check, index) => ({
    id: `D${index + 1}`,
    ...check,
    isAllowed: allowed.has(check.resource.after),
  }));
}

/** The items, with the tables that are read where documents are checked. */
function withDocuments(
  items: readonly UpgradeItem[],
  checks: readonly DocumentsCheck[],
  scan: (table: string) => StatementEffect,
): readonly UpgradeItem[] {
  const tables = new Map(checks.flatMap((check) => check.rules.map(({ item }) => [item, check.tables] as const)));
  return items.map((item, index) => {
    const read = (tables.get(index) ?? []).map(scan);
    return read.length === 0 ? item : { ...item, effects: [...read, ...item.effects] };
  });
}

function side({ info, model }: ComparedSet): UpgradeSide {
  const projects = info.schemaComponents.map(({ projectName, projectVersion }) => `${projectName} ${projectVersion}`);
  return {
    effectiveSchemaHash: info.effectiveSchemaHash,
    mappingVersion: model.effectiveSchema.relationalMappingVersion,
    projects,
  };
}
