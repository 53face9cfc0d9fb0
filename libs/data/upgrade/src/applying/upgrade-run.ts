import {
  type Catalog,
  type CatalogDiff,
  type CatalogDifference,
  diffByOrigin,
  diffCatalogs,
  diffText,
  driftAdvice,
  type JudgedCatalog,
  originNames,
  serviceCatalog,
  shapeOfCatalog,
} from '@dms/catalog';
import {
  type Connection,
  dropMarkedViews,
  giveBackViews,
  hasNoSeeds,
  introspectHere,
  keptViewsFindings,
  type Limits,
  type MarkedView,
  markedViews,
  type OnWaiting,
  type ProvisionLimits,
  type ReadCatalog,
  type RecordedStep,
  readKeptViews,
  unseededAdvice,
  unseededText,
  viewLayers,
} from '@dms/databases';
import { counted, type Diagnostic, diagnostic, fail, failIfAny } from '@dms/diagnostics';
import { hashStart } from '@dms/values';
import { type Adoption, planAdoption } from '../adopting/plan-adoption.ts';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { planUpgrade, type UpgradeOptions } from '../plan/plan-upgrade.ts';
import type { LossCount } from '../plan/reported-plan.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import { refusedCollation } from '../script/collation-of-upgrade.ts';
import { isMade, type MildDrift, mildDrift } from '../script/mild-drift.ts';
import { itemText } from '../script/upgrade-operations.ts';
import type { TranslationRejects } from '../translating/read-and-translate.ts';
import type { BoundedStatements } from './bounded-statements.ts';
import { shapeRefusal } from './shape-refusal.ts';

/* Types and functions of a run, which an upgrade, a survey and an estimate share. */

/** A statement that is about to run. */
export interface UpgradeProgress {
  readonly step: number;
  readonly title: string;
  readonly subject: string;
  readonly statement: number;
  readonly statements: number;
}

export interface ApplyOptions extends Omit<UpgradeOptions, 'purpose'>, StartingPointOptions {
  /** Runs the whole upgrade, then rolls it back. */
  readonly dryRun?: boolean | undefined;
  /** The plan from the one set to the other, if many databases share it; otherwise it is made here. */
  readonly plan?: UpgradePlan | undefined;
  /** Called if the database has reporting views; without it, the upgrade refuses such a database. */
  readonly restoreViews?: RestoreViews | undefined;
  /** Takes the documents that a translation cannot carry; without it, each of them ends the upgrade. */
  readonly rejects?: TranslationRejects | undefined;
  readonly limits?: Partial<ProvisionLimits> | undefined;
  /** Milliseconds that one statement may take; no limit unless given. */
  readonly statementTimeout?: number | undefined;
  /**
   * Opens another session of the same database, to see who holds a lock, or how a commit ended after its session broke.
   */
  readonly reopen?: (() => Promise<Connection>) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onWaiting?: OnWaiting | undefined;
  readonly onProgress?: ((progress: UpgradeProgress) => void) | undefined;
}

/** How much an item loses, counted before the change. */
export type CountedLoss = LossCount;

/** A plan and the database that it is for. */
export interface UpgradeRun {
  readonly connection: Connection;
  readonly before: ComparedSet;
  readonly after: ComparedSet;
  readonly plan: UpgradePlan;
  readonly options: ApplyOptions;
}

/** A run, with the object that sends its statements. */
export interface BoundedRun extends UpgradeRun {
  readonly statements: BoundedStatements;
}

/** A run that takes the locks of the upgrade. */
export interface LockingRun extends BoundedRun {
  readonly locks: LockClock;
}

/** Measures how long an upgrade keeps others waiting. */
export class LockClock {
  #since: number | null = null;

  /** Begins an attempt to take all locks; the locks of an earlier attempt have been released. */
  begin(): void {
    this.#since = performance.now();
  }

  /** The seconds since the attempt that succeeded began; null if there was none. */
  seconds(): number | null {
    return this.#since === null ? null : Math.round(performance.now() - this.#since) / 1000;
  }
}

export const queryLimits = ({ options }: UpgradeRun): Limits => ({ signal: options.signal });

/** The state of the database before the run. */
export const findStart = (run: UpgradeRun): Promise<StartingPoint> => startingPoint(run, queryLimits(run));

/** Why a plan is impossible: `UPGRADE_IMPOSSIBLE` for every item that cannot be done. */
export function impossibleItems({ items }: UpgradePlan): readonly Diagnostic[] {
  const found = items.filter((item) => item.class === 'impossible');
  return found.map((item) =>
    diagnostic(
      'UPGRADE_IMPOSSIBLE',
      `${item.owner}: ${itemText(item)}: ${item.reason}. Load the documents into a new database instead.`,
      { resource: item.owner },
      { change: item.change, path: [...item.path] },
    ),
  );
}

/** Plans a run. Throws `UPGRADE_IMPOSSIBLE` if the plan cannot be carried out in any database. */
export function plannedRun(
  connection: Connection,
  before: ComparedSet,
  after: ComparedSet,
  options: ApplyOptions,
): UpgradeRun {
  const plan = options.plan ?? planUpgrade(before, after, options);
  failIfAny(impossibleItems(plan));
  return { connection, before, after, plan, options };
}

/** The state of a database before the first change of an upgrade. */
export interface StartingPoint {
  /** Which of the two schema sets the database has. */
  readonly state: 'before' | 'after';
  /** The replacement of triggers and functions of the service's own tool with ours; null if they are ours. */
  readonly adoption: Adoption | null;
  /** Differences from the set that do not stop the upgrade. */
  readonly drift: MildDrift;
  /** The steps that `upgrade prepare` has recorded; null if none. */
  readonly prepared: readonly RecordedStep[] | null;
  /** The reading from which a later reading of the catalog in the same transaction continues. */
  readonly read: ReadCatalog | null;
}

/** Whether the upgrade changes tables; an adoption alone changes nothing that views use. */
export const changesTables = (
  { plan }: Pick<UpgradeRun, 'plan'>,
  { adoption }: Pick<StartingPoint, 'adoption'>,
): boolean => adoption === null || plan.statements.length > 0;

const noDrift: MildDrift = { kept: [], mended: [], refused: [] };

interface StartingPointOptions {
  /** Whether a database of the service may be adopted. */
  readonly adopt?: boolean | undefined;
}

/** Paths of differences, for machines. */
export const places = (found: readonly CatalogDifference[]) =>
  found.map(({ object, path, change }) => ({ object, path, change }));

/** `UPGRADE_DRIFT_MILD`, if there are differences that do not stop the upgrade. */
export function mildDriftWarnings(
  label: string,
  { kept: found, mended }: MildDrift,
  lost: readonly { readonly uses: string }[] = [],
): readonly Diagnostic[] {
  // a difference in a lost table or column does not stay
  const kept = found.filter(({ path }) => !lost.some(({ uses }) => path.join('.').startsWith(`${uses}.`)));
  if (kept.length + mended.length === 0) return [];
  const stay = kept.length === 0 ? [] : [`${listed(kept)}: not of the schema set, and left as it is`];
  const again = mended.map(({ difference }) => difference);
  const made = mended.length === 0 ? [] : [`${listed(again)}: missing or different, and created again`];
  const text = `${label}: the database differs from its schema set. ${[...made, ...stay].join('; ')}.`;
  return [diagnostic('UPGRADE_DRIFT_MILD', text, {}, { kept: places(kept), mended: places(again) })];
}

const listed = (differences: readonly CatalogDifference[]) =>
  [...new Set(differences.map(({ object, path }) => `${object} ${path.join('.')}`))].join(', ');

/**
 * Reads whether the session's database has the earlier set, unchanged, or already the later one, and whether the
 * service's own tool made it.
 */
export async function startingPoint(
  { connection, before, after, plan: { collation: wanted }, options: { adopt = false } }: UpgradeRun,
  limits: Limits,
): Promise<StartingPoint> {
  const { catalog, prepared, read } = await introspectHere(connection, limits);
  const { relationalMappingVersion: from } = before.model.effectiveSchema;
  const { relationalMappingVersion: to } = after.model.effectiveSchema;
  const isMoved = from !== to && shapeOfCatalog(catalog)?.name === to;
  const shape = isMoved ? null : shapeRefusal(connection, catalog, before.model);
  if (shape !== null) {
    const { stored, expected } = shape;
    const code = stored === 'mixed' ? 'UPGRADE_SHAPE_MIXED' : 'UPGRADE_OTHER_GENERATION';
    fail(code, shape.text, {}, { stored, expected });
  }
  const stored = catalog.fingerprint?.effectiveSchemaHash ?? 'none';
  const earlier = before.info.effectiveSchemaHash;
  const later = after.info.effectiveSchemaHash;
  // the shape decides about a move; two versions of the tool may make different catalogs from the same schema set, and
  // then the catalog decides, not the fingerprint
  const isLater = () => earlier !== later || isMoved || (from === to && isMade(diffCatalogs(after.catalog, catalog)));
  if (stored === later && isLater()) return { state: 'after', adoption: null, drift: noDrift, prepared, read };
  if (stored === 'none' && (await hasNoSeeds(connection, limits))) {
    const text = `${connection.label}: ${unseededText} ${unseededAdvice}`;
    fail('UPGRADE_WRONG_DATABASE', text, {}, { stored, before: earlier, after: later });
  }
  if (stored !== earlier) {
    const state = stored === 'none' ? 'no schema set' : `the schema set ${hashStart(stored)}`;
    const wanted =
      earlier === later
        ? `these artifacts are of ${hashStart(later)}`
        : `this upgrade changes ${hashStart(earlier)} to ${hashStart(later)}`;
    const text = `${connection.label}: the database has ${state}; ${wanted}. Name the artifacts that the database was provisioned with.`;
    fail('UPGRADE_WRONG_DATABASE', text, {}, { stored, before: earlier, after: later });
  }
  const { collation = wanted } = catalog;
  if (wanted !== null && collation?.toLowerCase() !== wanted.toLowerCase()) {
    const text = `${connection.label}: ${refusedCollation(wanted)}${collation}. Nothing was changed.`;
    fail('UPGRADE_WRONG_DATABASE', text, {}, { collation, wanted });
  }
  const judged = await diffByOrigin(before.catalog, catalog, async () =>
    serviceCatalog(before.catalog, before.inventory),
  );
  const { maker, diff } = judged;
  if (!isOfService(judged) || (!adopt && maker.kind === 'dms-ddl')) {
    const drift = drifted(connection, before, catalog, diff);
    const isNothingToDo = adopt && earlier === later;
    return { state: isNothingToDo ? 'after' : 'before', adoption: null, drift, prepared, read };
  }
  if (!adopt) {
    const text = `${connection.label}: its triggers and functions are made by ${originNames[maker.kind]}. Run dms-ddl adopt first, or this upgrade with --adopt. Nothing was changed.`;
    fail('UPGRADE_ADOPT_FIRST', text, {}, { maker: maker.kind });
  }
  const adoption = planAdoption(before, catalog);
  // everything that the adoption does not replace must be right already
  const drift = drifted(connection, before, adoption.after, diffCatalogs(before.catalog, adoption.after));
  return { state: 'before', adoption, drift, prepared, read };
}

/** Whether the database has objects of the service that an adoption replaces or removes. */
const isOfService = ({ maker, leftovers }: JudgedCatalog) =>
  maker.kind === 'service' || maker.kind === 'mixed' || leftovers.length > 0;

/** Sorts the mild differences by what the upgrade does about them. Throws `UPGRADE_DRIFTED` for all others. */
function drifted(connection: Connection, set: ComparedSet, catalog: Catalog, diff: CatalogDiff): MildDrift {
  const drift = mildDrift(set, diff);
  const mended = new Set(drift.mended.map(({ difference }) => difference));
  const found = [...serious(diff, 'error').filter((each) => !mended.has(each)), ...drift.refused];
  if (found.length === 0) return drift;
  const text = `${connection.label}: the database differs from its schema set; dms-ddl check shows how. Nothing was changed.${driftAdvice(catalog, set.catalog, diff, true)}\n${diffText(catalog, diff)}`;
  return fail('UPGRADE_DRIFTED', text, {}, { differences: places(found) });
}

/** The differences of these severities. */
const serious = ({ differences }: CatalogDiff, ...severities: readonly string[]): readonly CatalogDifference[] =>
  differences.filter(({ severity }) => severities.includes(severity));

/**
 * Gives a database the reporting views of the later set in place of earlier ones, in the transaction of the upgrade
 * (design 19 §8).
 */
export interface RestoreViews {
  /** The fingerprint of the earlier version whose views it creates too; null where it creates none. */
  readonly earlierSet: string | null;
  restore(connection: Connection, found: readonly MarkedView[], limits: Limits): Promise<void>;
}

/** `REPORTING_MAPPING_MISSING` if the database has views of an earlier version that `restore` does not create again. */
export function earlierViewsFindings(
  label: string,
  found: readonly MarkedView[],
  restore: RestoreViews | undefined,
): readonly Diagnostic[] {
  const above = found.filter(({ layer }) => layer === 'earlier');
  if (above.every(({ made }) => made?.earlier?.set === restore?.earlierSet)) return [];
  const text = `${label}: the database has ${counted(above.length, 'reporting view')} of an earlier version, and the artifacts of the later set have no earlier-mapping.json of that version to create them again from. Write it there with dms-ddl emit --earlier, or remove the views with dms-ddl reporting drop --earlier. Nothing was changed.`;
  return [diagnostic('REPORTING_MAPPING_MISSING', text, {}, { views: above.length })];
}

/**
 * Removes the reporting views of the transaction's database, which would hinder the upgrade, and returns the function
 * that creates those of the later set. Throws `REPORTING_MAPPING_MISSING` if there are views and no `restore`.
 */
export async function withoutReportingViews(
  connection: Connection,
  restore: RestoreViews | undefined,
  limits: Limits,
): Promise<(limits: Limits) => Promise<void>> {
  const earlier = await markedViews(connection, limits);
  if (earlier.length === 0) return async () => undefined;
  if (restore === undefined) {
    const text = `${connection.label}: the database has ${counted(earlier.length, 'reporting view')}, and the artifacts of the later set have no ods-mapping.json to create them again from. Write it there with dms-ddl emit, or remove the views with dms-ddl reporting drop. Nothing was changed.`;
    return fail('REPORTING_MAPPING_MISSING', text, {}, { views: earlier.length });
  }
  failIfAny(earlierViewsFindings(connection.label, earlier, restore));
  const kept = await readKeptViews(connection, viewLayers, limits);
  failIfAny(keptViewsFindings(connection, kept));
  // the table stays for foreign objects that use it; the upgrade changes none of its columns
  await dropMarkedViews(connection, limits, { keepsTable: true });
  return async (own) => {
    await restore.restore(connection, earlier, own);
    await giveBackViews(connection, kept, viewLayers, own);
  };
}
