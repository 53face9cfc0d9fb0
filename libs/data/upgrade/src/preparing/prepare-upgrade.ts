import {
  type Connection,
  checkWritable,
  connected,
  type EmbeddedTarget,
  type Limits,
  lockWaits,
  type OnWaiting,
  type Open,
  type PreparedObject,
  preparedFor,
  preparedText,
  type RecordedStep,
  recordObjects,
  recordStatements,
  type ServerTarget,
  waited,
  withKept,
  withPreparingLock,
  withWarnings,
} from '@dms/databases';
import { append, counted, type Diagnostic, diagnostic, fail, failIfAny } from '@dms/diagnostics';
import { type PlainSql, textOf } from '@dms/sql';
import { boundedStatements } from '../applying/bounded-statements.ts';
import { foreignErrors, foreignObjects } from '../applying/foreign-objects.ts';
import { planErrors, upgradeFindings } from '../applying/upgrade-findings.ts';
import { mildDriftWarnings, startingPoint, type UpgradeRun } from '../applying/upgrade-run.ts';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { keepingErrors, preparedOwners, readEarlierKept } from '../keeping/keeping.ts';
import type { PreparationStep } from '../ops/statement.ts';
import { planUpgrade, type UpgradeOptions } from '../plan/plan-upgrade.ts';
import { type PreparableStatement, preparableStatements, type UpgradePlan } from '../plan/upgrade-plan.ts';
import { stepsNeedingOnline } from './preparation.ts';
import { expectSamePreparation, objectStates, recordedSteps, removal } from './prepared-statements.ts';
import { preparingEngines } from './preparing-engine.ts';
import { RetriedStatements, type Retry } from './retried.ts';

/** How a preparation waits by default: milliseconds, and the number of retries. */
export const preparingDefaults = { lock: lockWaits.preparation, retries: 20, pause: 0 } as const;

/** A statement that is about to run. */
export interface PreparationProgress {
  readonly kind: PreparationStep['kind'];
  readonly subject: string;
  /** Its number, from 1, among those that are left. */
  readonly statement: number;
  readonly statements: number;
}

export interface PreparingLimits {
  /** Milliseconds that a statement which blocks others waits for its lock. */
  readonly lock?: number | undefined;
  /** How often a statement is tried again. */
  readonly retries?: number | undefined;
  /** Milliseconds between two statements. */
  readonly pause?: number | undefined;
}

export interface PreparingOptions {
  readonly limits?: PreparingLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Opens another session of the same database, to see who holds a lock. */
  readonly reopen?: (() => Promise<Connection>) | undefined;
  readonly onWaiting?: OnWaiting | undefined;
  readonly onProgress?: ((progress: PreparationProgress) => void) | undefined;
  readonly onRetry?: ((retry: Retry) => void) | undefined;
}

export interface PrepareOptions extends PreparingOptions, Omit<UpgradeOptions, 'purpose'> {
  /** Reports the steps that would be made, and makes none. */
  readonly dryRun?: boolean | undefined;
  /** The plan from the one set to the other, if many databases share it; otherwise it is made here. */
  readonly plan?: UpgradePlan | undefined;
}

export interface PreparedUpgrade {
  readonly outcome: 'prepared' | 'dryRun' | 'alreadyUpgraded';
  readonly plan: UpgradePlan;
  /** The steps that were made, or would be. */
  readonly made: readonly PreparationStep[];
  /** How many steps an earlier run had made. */
  readonly found: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** A step that a database lacks. */
interface OpenStep {
  readonly step: PreparationStep;
  /** The record of an earlier attempt; undefined if there was none. */
  readonly known: RecordedStep | undefined;
  /** Objects left by an earlier attempt that must be removed first. */
  readonly broken: readonly PreparedObject[];
}

/**
 * Prepares an upgrade of the session's database: makes everything that no row of the earlier set can violate and that
 * needs no lock for longer than a moment (design 12a §5). The database keeps its set, and writers go on. Every step is
 * recorded; another run makes the remaining steps. Throws the `UPGRADE_*` codes of `applyUpgrade` that can be known
 * before it, `UPGRADE_PREPARE_*`, `UPGRADE_PREPARED_OTHER` and the `DB_*` codes.
 */
export async function prepareUpgrade(
  connection: Connection,
  before: ComparedSet,
  after: ComparedSet,
  options: PrepareOptions = {},
): Promise<PreparedUpgrade> {
  const plan = options.plan ?? planUpgrade(before, after, options);
  failIfAny(planErrors(plan));
  const { limits = {}, signal, reopen, onRetry } = options;
  const { lock = preparingDefaults.lock, retries = preparingDefaults.retries } = limits;
  const work = () =>
    RetriedStatements.during(connection, { lock, retries, signal, reopen, onRetry }, (statements) =>
      prepareHere(connection, statements, { before, after, plan }, options),
    );
  // what is prepared has no functions, so no role that owns them is needed yet
  const set = { ...after.catalog, roles: [] };
  const rights = { set, purpose: 'upgrade', earlier: before.catalog, movesTables: false, signal } as const;
  const warnings = await checkWritable(connection, undefined, rights);
  const { onWaiting, dryRun } = options;
  const run = dryRun ? work() : withPreparingLock(connection, work, { signal, onWaiting });
  const prepared = await run.catch((error: unknown) => {
    throw withWarnings(error, warnings);
  });
  return { ...prepared, diagnostics: [...warnings, ...prepared.diagnostics] };
}

async function prepareHere(
  connection: Connection,
  statements: RetriedStatements,
  { before, after, plan }: { readonly before: ComparedSet; readonly after: ComparedSet; readonly plan: UpgradePlan },
  options: PrepareOptions,
): Promise<PreparedUpgrade> {
  const { signal, limits = {}, onProgress, dryRun } = options;
  const { pause = preparingDefaults.pause } = limits;
  const start = await statements.reading('reading the database', (own) =>
    startingPoint({ connection, before, after, plan, options: {} }, own),
  );
  if (start.state === 'after') return { outcome: 'alreadyUpgraded', plan, made: [], found: 0, diagnostics: [] };
  const record = start.prepared ?? [];
  expectSamePreparation(connection, plan, record);
  const isAdopted = start.adoption !== null;
  const kept = await statements.reading('looking for owners and rights', (own) =>
    readEarlierKept(connection, { plan, before, after, isAdopted }, own),
  );
  const question = { plan, before, prepared: start.prepared, isAdopted, kept };
  const foreign = await statements.reading('looking for objects of others', (own) =>
    foreignObjects(connection, question, own),
  );
  failIfAny(foreignErrors(connection.label, plan, foreign, 'UPGRADE_PREPARE_TAKEN'));
  failIfAny(keepingErrors(connection.label, kept, { plan, before, after }));
  const owned = preparedOwners(connection, kept, { plan, before, after });
  const diagnostics = [...mildDriftWarnings(connection.label, start.drift)];
  const all = preparableStatements(plan);
  const preparable = (await preparingEngines[connection.dialect].buildsOnline(connection)) ? all : withoutOnline(all);
  if (preparable.length < all.length) diagnostics.push(offline(connection, all.length - preparable.length));
  const foreseen = await statements.reading('looking for what the upgrade would refuse', (own) =>
    foreseenErrors(connection, { before, after, plan }, own),
  );
  append(diagnostics, foreseen);
  const { open, ended, found } = await statements.reading('looking for what is made', (own) =>
    readProgress(connection, preparable, record, own),
  );
  const steps = open.map(({ step }) => step);
  if (dryRun) return { outcome: 'dryRun', plan, made: steps, found, diagnostics };
  const ofRecord = recordStatements[connection.dialect];
  let last = Math.max(0, ...record.map(({ number }) => number));
  let made = found;
  try {
    if (open.length > 0 && start.prepared === null)
      await statements.together('creating the record', [ofRecord.create, ...owned(recordObjects)]);
    for (const { number } of ended) await statements.together('recording a step', [ofRecord.markDone(number)]);
    for (const [index, each] of open.entries()) {
      const { kind, subject, sql, objects } = each.step;
      if (index > 0) await waited(pause, signal);
      onProgress?.({ kind, subject, statement: index + 1, statements: open.length });
      last += 1;
      const later = preparedFor(plan.after);
      const recorded = { number: last, later, statement: textOf(sql), objects, isDone: true };
      await makeStep(connection, statements, each, { before, recorded, owned: owned(objects) });
      made += 1;
    }
  } catch (error) {
    throw statements.done === 0 ? error : withKept(error, keptSteps(made, found + open.length));
  }
  return { outcome: 'prepared', plan, made: steps, found, diagnostics };
}

/** The statements that an edition without online index builds can make before the upgrade. */
function withoutOnline(statements: readonly PreparableStatement[]): readonly PreparableStatement[] {
  const left = stepsNeedingOnline(statements.flatMap(({ preparation }) => preparation.steps));
  return statements.filter(({ preparation }) => !preparation.steps.some((step) => left.has(step)));
}

/**
 * `UPGRADE_PREPARE_OFFLINE`: keys and indexes that are left to the upgrade, because the edition of the server builds
 * indexes only under a lock.
 */
function offline({ label }: Connection, count: number): Diagnostic {
  const text = `${label}: this edition of SQL Server builds indexes under a lock that writers wait for. The upgrade makes ${counted(count, 'key or index', 'keys and indexes')} itself.`;
  return diagnostic('UPGRADE_PREPARE_OFFLINE', text, {}, { statements: count });
}

/**
 * The errors with which the upgrade would refuse the database today, as warnings: rows and documents can still be
 * changed before the upgrade.
 */
async function foreseenErrors(
  connection: Connection,
  run: Pick<UpgradeRun, 'before' | 'after' | 'plan'>,
  { signal }: Limits,
): Promise<readonly Diagnostic[]> {
  const bounds = { signal, lock: preparingDefaults.lock, statement: undefined, open: undefined };
  const statements = await boundedStatements(connection, bounds);
  const { errors } = await upgradeFindings({ ...run, connection, statements, options: { signal } });
  return errors.map((each) => ({ ...each, class: 'W' }));
}

interface Progress {
  readonly open: readonly OpenStep[];
  /** Steps whose statement ended but was not recorded as done. */
  readonly ended: readonly RecordedStep[];
  /** Number of steps that are already made. */
  readonly found: number;
}

/** Reads which steps of a plan the database lacks. */
async function readProgress(
  connection: Connection,
  statements: readonly PreparableStatement[],
  record: readonly RecordedStep[],
  limits: Limits,
): Promise<Progress> {
  const recordOf = recordedSteps(record);
  const all = statements.flatMap(({ preparation }) => preparation.steps);
  const stateOf = await objectStates(
    connection,
    all.flatMap(({ objects }) => objects),
    limits,
  );
  const open: OpenStep[] = [];
  const ended: RecordedStep[] = [];
  const taken: string[] = [];
  for (const { preparation } of statements) {
    let isOpen = false;
    for (const [index, step] of preparation.steps.entries()) {
      const known = recordOf(step);
      const isPresent = step.objects.every((object) => stateOf(object) === 'present');
      const isMade = !isOpen && known && isPresent && (known.isDone || step.isAlone);
      if (isMade && !known.isDone) ended.push(known);
      if (isMade) continue;
      isOpen = true;
      const earlier = new Set(preparation.steps.slice(0, index).flatMap(({ objects }) => objects.map(preparedText)));
      const there = step.objects.filter(
        (object) => stateOf(object) !== 'missing' && !earlier.has(preparedText(object)),
      );
      if (known === undefined) taken.push(...there.map(preparedText));
      open.push({ step, known, broken: there });
    }
  }
  if (taken.length > 0) {
    const text = `${connection.label}: the database has ${taken.join(', ')} already, which upgrade prepare has not made. Rename or remove it.`;
    fail('UPGRADE_PREPARE_TAKEN', text, {}, { objects: taken });
  }
  return { open, ended, found: all.length - open.length };
}

/** Makes a step and records it, so that a run that is killed at any moment can be continued. */
async function makeStep(
  connection: Connection,
  statements: RetriedStatements,
  { step, known, broken }: OpenStep,
  {
    before,
    recorded,
    owned,
  }: { readonly before: ComparedSet; readonly recorded: RecordedStep; readonly owned: readonly PlainSql[] },
): Promise<void> {
  const what = nameOf(step);
  const { dialect } = connection;
  const ofRecord = recordStatements[dialect];
  const { isAlone } = step;
  const removeBroken = async () => {
    const stateOf = await statements.reading(what, (limits) => objectStates(connection, step.objects, limits));
    for (const object of step.objects.filter((each) => stateOf(each) !== 'missing')) {
      const sql = removal(dialect, object, { isAlone });
      if (isAlone) await statements.alone(what, step.subject, sql);
      else await statements.together(what, [sql]);
    }
  };
  if (broken.length > 0) await removeBroken();
  const forget = known === undefined ? [] : [ofRecord.remove(known.number)];
  if (!isAlone)
    return statements.together(what, [
      ...preparingEngines[dialect].locksOf(step, before),
      ...forget,
      step.sql,
      ...owned,
      ofRecord.add(recorded),
    ]);
  await statements.together(what, [...forget, ofRecord.add({ ...recorded, isDone: false })]);
  try {
    await statements.alone(what, step.subject, step.sql, removeBroken);
  } catch (error) {
    // an invalid index costs every writer time
    await removeBroken().catch(() => undefined);
    throw error;
  }
  await statements.together(what, [ofRecord.markDone(recorded.number)]);
}

const nameOf = ({ kind, subject }: PreparationStep): string => `${kind}: ${subject}`;

/** The message about the steps that a preparation made before it ended early. */
const keptSteps = (made: number, all: number): string =>
  `The database is prepared in part: ${made} of ${counted(all, 'step')} ${made === 1 ? 'is' : 'are'} made. Run it again to go on, or with --undo to remove what was made.`;

/** Opens a database, prepares it and closes it (see `prepareUpgrade`). */
export async function prepareDatabase(
  target: ServerTarget | EmbeddedTarget,
  before: ComparedSet,
  after: ComparedSet,
  { open, ...options }: PrepareOptions & { readonly open?: Open | undefined } = {},
): Promise<PreparedUpgrade> {
  return connected(target, { open, signal: options.signal }, (connection, reopen) =>
    prepareUpgrade(connection, before, after, { reopen, ...options }),
  );
}
