import { diffCatalogs, diffText } from '@dms/catalog';
import {
  afterRoles,
  type Connection,
  catalogMark,
  causeOfCommit,
  checkWritable,
  connected,
  createOwnerRoles,
  type EmbeddedTarget,
  grantExecute,
  inLockRoom,
  introspectHere,
  isFailure,
  type Limits,
  lockedTransaction,
  lockTableFindings,
  type Open,
  provisioningDialects,
  provisionLimits,
  readLockTable,
  type ServerTarget,
  run as send,
  takePreparingLock,
  withKept,
  withWarnings,
} from '@dms/databases';
import { counted, type Diagnostic, DmsError, diagnostic, fail, failIfAny, firstOf, severityOf } from '@dms/diagnostics';
import { modelIndex, mustExist } from '@dms/model';
import { textOf } from '@dms/sql';
import type { ComparedSet } from '../comparing/compared-set.ts';
import type { LockedUpgrade } from '../hazards/locks-at-start.ts';
import { unrecordedUpgrade } from '../history/upgrade-status.ts';
import {
  type EarlierKept,
  keepingErrors,
  keepWhatOthersGave,
  readEarlierKept,
  withoutViews,
} from '../keeping/keeping.ts';
import { viewsAgain } from '../keeping/others-again.ts';
import { stepFacts } from '../ops/order.ts';
import { failedOperations, operationText, shownOperation } from '../ops/shown-operation.ts';
import type { StatementPart, UpgradeStatement } from '../ops/statement.ts';
import { switchStatements, type UpgradePlan } from '../plan/upgrade-plan.ts';
import { type PreparedStatements, preparedStatements } from '../preparing/prepared-statements.ts';
import { newDrift } from '../script/mild-drift.ts';
import { mergeDescriptors } from '../translating/merge-descriptors.ts';
import {
  type DocumentsInPlace,
  mayRemove,
  readAndTranslate,
  settleRejects,
  translationToRead,
} from '../translating/read-and-translate.ts';
import { RecordedChanges } from '../translating/recorded-changes.ts';
import {
  closeHierarchy,
  leavingDocuments,
  type RemovedDocument,
  removeDocuments,
  removedDocuments,
} from '../translating/removed-documents.ts';
import type { UpgradeTranslation } from '../translating/translation-in-place.ts';
import { settleWritten, type WrittenDocuments, writeTranslated } from '../translating/write-documents.ts';
import { boundedStatements } from './bounded-statements.ts';
import type { InvalidDocuments } from './document-checks.ts';
import { countDocuments, documentsBefore, expectDocuments, totalOf } from './document-counts.ts';
import { type ForeignObjects, foreignErrors, foreignObjects, foreignWarnings } from './foreign-objects.ts';
import { locksOfUpgrade } from './lock-count.ts';
import { takeLocks } from './taking-locks.ts';
import { sequenceFindings, upgradeFindings } from './upgrade-findings.ts';
import {
  type ApplyOptions,
  type BoundedRun,
  type CountedLoss,
  changesTables,
  findStart,
  LockClock,
  type LockingRun,
  places,
  plannedRun,
  queryLimits,
  type StartingPoint,
  type UpgradeRun,
  withoutReportingViews,
} from './upgrade-run.ts';

export interface Upgraded {
  readonly outcome: 'upgraded' | 'dryRun' | 'alreadyUpgraded';
  readonly plan: UpgradePlan;
  /**
   * The plan that first replaced the triggers and functions of the service's own tool with ours; null if they were
   * ours.
   */
  readonly adoption: UpgradePlan | null;
  readonly losses: readonly CountedLoss[];
  /** The documents that break rules of the later set, and stay. */
  readonly invalid: readonly InvalidDocuments[];
  /** How many documents there are afterwards. */
  readonly documents: number;
  /**
   * Number of documents that the translation could not carry and that were kept elsewhere; null if no documents were
   * read and no `rejects` are given.
   */
  readonly rejected: number | null;
  /** How many statements `upgrade prepare` had made. */
  readonly prepared: number;
  /**
   * Seconds from the first lock to the commit, or to the end of a dry run (design 12a §2.1); null if nothing was
   * locked.
   */
  readonly lockedSeconds: number | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** `documents` is null if they were not counted. */
interface Done extends Omit<Upgraded, 'plan' | 'documents' | 'lockedSeconds'> {
  readonly documents: number | null;
}

/**
 * Upgrades the session's database in one transaction: afterwards it has the later set and all documents, or is
 * unchanged (design 12 §7). Throws the `UPGRADE_*` codes, `PROVISION_LOCKED`, `VERIFY_CATALOG_DIFFERS` and the `DB_*`
 * codes.
 */
export async function applyUpgrade(
  connection: Connection,
  before: ComparedSet,
  after: ComparedSet,
  options: ApplyOptions = {},
): Promise<Upgraded> {
  const run = plannedRun(connection, before, after, options);
  const { plan } = run;
  const limits = { ...provisionLimits, ...options.limits };
  const { signal, onWaiting, reopen, statementTimeout } = options;
  const diagnostics: Diagnostic[] = [];
  const locks = new LockClock();
  const movesTables = plan.statements.some(({ effects }) => effects.some(({ kind }) => kind === 'move table'));
  // an upgrade that makes no function of the role of the queue works without the membership that provision needs
  const set = { ...after.catalog, roles: [] };
  const rights = { set, purpose: 'upgrade', earlier: before.catalog, movesTables, signal } as const;
  const warnings = await checkWritable(connection, undefined, rights);
  const needsRoles = reopen && !options.dryRun;
  const roles = needsRoles
    ? await createOwnerRoles(connection, after.catalog, { signal, onWaiting, open: reopen })
    : [];
  const work = async () => {
    const bounds = { signal, lock: limits.lock, statement: statementTimeout, open: reopen };
    return inTransaction({ ...run, locks, statements: await boundedStatements(connection, bounds) });
  };
  const done = await afterRoles(roles, () =>
    lockedTransaction(connection, work, {
      signal,
      onWaiting,
      limits,
      keeps: ({ outcome }) => outcome === 'upgraded',
      onCommitLost: async (lost) => {
        diagnostics.push(await commitOutcome(run, lost));
      },
    }),
  ).catch((error: unknown) => {
    throw withWarnings(error, warnings);
  });
  const lockedSeconds = done.outcome === 'alreadyUpgraded' ? null : locks.seconds();
  const documents =
    done.documents ??
    (await documentsAfterwards(run, diagnostics.length > 0).catch((error: unknown) => {
      const kept = 'This was after the commit: the database is changed. Run it again to count its documents.';
      throw done.outcome === 'upgraded' ? withKept(error, kept) : error;
    }));
  return { ...done, documents, plan, lockedSeconds, diagnostics: [...warnings, ...done.diagnostics, ...diagnostics] };
}

const alreadyUpgraded: Done = {
  outcome: 'alreadyUpgraded',
  adoption: null,
  losses: [],
  invalid: [],
  documents: 0,
  rejected: null,
  diagnostics: [],
  prepared: 0,
};

async function inTransaction(run: LockingRun): Promise<Done> {
  const { connection, plan, options } = run;
  await expectNoPreparation(connection);
  const mark = await catalogMark(connection, queryLimits(run));
  const first = await lookAt(run);
  if (first === null) return alreadyUpgraded;
  const { signal, rejects } = options;
  const translation = translationToRead(plan, rejects);
  const sequences = await sequenceFindings(connection, run.before, translation !== null, queryLimits(run));
  failIfAny(sequences.filter((each) => severityOf(each) === 'error'));
  const locked = await lockedAs(run, mark, first);
  if (locked === null) return alreadyUpgraded;
  const found = { ...locked, sequences };
  if (translation === null) {
    await rejects?.finish();
    return changed(run, found, null);
  }
  return readAndTranslate(connection, translation, { ...run, signal }, async (translated) => {
    const { errors, kept } = await settleRejects(translation, translated, rejects);
    failIfAny(errors);
    const removed = await removedDocuments(connection, run.before, translated);
    return changed(run, found, { translation, translated, removed, kept });
  });
}

/** Fails if another session prepares the database: an index that it is building would be neither there nor missing. */
async function expectNoPreparation(connection: Connection): Promise<void> {
  const holder = await takePreparingLock(connection);
  if (holder === null) return;
  const text = `${connection.label}: another session (${holder}) prepares this database or removes what was prepared. Nothing was changed. Run it again when that session has ended.`;
  fail('UPGRADE_PREPARE_RUNNING', text, {}, { holder });
}

/** The state of a database, read before the locks are taken. */
interface FoundState {
  readonly start: StartingPoint;
  readonly prepared: PreparedStatements;
  readonly foreign: ForeignObjects | null;
  /** What others gave the objects of the earlier set. */
  readonly kept: EarlierKept;
}

/** Reads the database; null if it has the later set already. Throws if something in it prevents the upgrade. */
async function lookAt(run: BoundedRun): Promise<FoundState | null> {
  const { connection, plan, before, after, statements } = run;
  const start = await statements.run('reading the database', () => findStart(run));
  const { state, adoption, prepared: record } = start;
  if (state === 'after') return null;
  const prepared = await preparedStatements(connection, plan, record, queryLimits(run));
  const isAdopted = adoption !== null;
  const kept = await readEarlierKept(connection, { plan, before, after, isAdopted }, queryLimits(run));
  failIfAny(keepingErrors(connection.label, kept, { plan: adoption?.plan ?? plan, before, after }));
  if (adoption !== null) failIfAny(keepingErrors(connection.label, kept, { plan, before, after }));
  if (!changesTables(run, start)) return { start, prepared, foreign: null, kept };
  const question = { plan, before, prepared: record, isAdopted, kept };
  const foreign = await foreignObjects(connection, question, queryLimits(run));
  failIfAny(foreignErrors(connection.label, plan, foreign));
  return { start, prepared, foreign, kept };
}

type RestoreFound = (limits: Limits) => Promise<void>;

/**
 * Takes the locks, and reads the database again if another session changed the catalog meanwhile (design 12a §2.1); null
 * if that session upgraded it.
 */
async function lockedAs(
  run: LockingRun,
  mark: string | null,
  first: FoundState,
): Promise<(FoundState & { readonly restoreViews: RestoreFound }) | null> {
  const { connection, options, statements } = run;
  return takeLocks(run, lockedUpgrade(run, first), async () => {
    const isSame = mark === (await catalogMark(connection, queryLimits(run)));
    const found = isSame ? first : await lookAt(run);
    if (found === null) return null;
    for (const text of found.prepared.removals)
      await statements.run('removing what is half prepared', (limits) => send(connection, text, limits));
    await statements.run('removing views of others', (limits) => withoutViews(connection, found.kept, limits));
    const restoreViews = changesTables(run, found.start)
      ? await statements.run('removing reporting views', (limits) =>
          withoutReportingViews(connection, options.restoreViews, limits),
        )
      : async () => undefined;
    return { ...found, restoreViews };
  });
}

/** The statements that the upgrade still has to run; prepared ones are left out. */
function lockedUpgrade(
  { plan, before, options }: UpgradeRun,
  { start: { adoption, drift }, prepared }: FoundState,
): LockedUpgrade {
  const rest = switchStatements(plan);
  const left = [...plan.statements.entries()].flatMap(([index, statement]) => {
    const part = prepared.leftOf(statement);
    if (part === statement) return [statement];
    return part === null ? [] : [mustExist(rest[index], statement.subject)];
  });
  const indexed = drift.mended.flatMap(({ difference: { object, path } }) => (object === 'index' ? [path[0]] : []));
  const removable = removableTables(before, plan, options.rejects);
  return { statements: [...(adoption?.plan.statements ?? []), ...left], before, indexed, removable };
}

/** The tables from which documents that a translation cannot carry may be removed (design 12a §6). */
const removableTables = (
  { model }: ComparedSet,
  plan: UpgradePlan,
  rejects: ApplyOptions['rejects'],
): readonly string[] =>
  rejects === undefined || translationToRead(plan, rejects) === null
    ? []
    : modelIndex(model).tables.map(({ key }) => key);

/** The data of a translation that is written between the statements of a plan. */
interface Translating {
  readonly translation: UpgradeTranslation;
  readonly translated: DocumentsInPlace;
  readonly removed: readonly RemovedDocument[];
  /** How many documents are kept elsewhere. */
  readonly kept: number;
}

/** The state of a database whose locks are taken. */
interface LockedDatabase extends FoundState {
  readonly restoreViews: RestoreFound;
  /** `UPGRADE_SEQUENCE_BEHIND`. */
  readonly sequences: readonly Diagnostic[];
}

/** Changes the database, after its locks were taken. */
async function changed(run: LockingRun, found: LockedDatabase, translating: Translating | null): Promise<Done> {
  const { connection, plan, options, statements } = run;
  const { start, prepared, foreign, restoreViews } = found;
  const { adoption, drift } = start;
  // counted under the locks: later writes would look like a bug in the upgrade
  const documents = translating
    ? { kind: 'foreseen' as const, counts: translating.translated.counts }
    : await documentsBefore(run, lockedUpgrade(run, found));
  const leaving = translating ? leavingDocuments(translating.removed) : undefined;
  const { losses, invalid, warnings, errors } = await upgradeFindings(run, {
    leaving,
    isTranslated: translating !== null,
  });
  failIfAny(errors);
  for (const { difference, statements: texts } of drift.mended)
    for (const text of texts)
      await statements.run(`mending the ${difference.object} ${difference.path.join('.')}`, (limits) =>
        send(connection, text, limits),
      );
  if (adoption !== null) await runStatements(run, adoption.plan);
  const steps = translating ? new TranslatingSteps(run, translating) : null;
  await steps?.begin();
  await runStatements(run, plan, prepared.leftOf, (step) => steps?.before(step));
  await statements.run('creating reporting views', restoreViews);
  const granted = await statements.run('granting the right to execute functions', (limits) =>
    grantExecute(connection, run.after.catalog, limits),
  );
  await statements.run('giving back what others gave', (limits) =>
    keepWhatOthersGave(connection, found.kept, run, limits),
  );
  await provisioningDialects[connection.dialect].checkTransaction(connection);
  await expectCatalog(run, start);
  const count = await expectDocuments(run, documents);
  const last = plan.statements.length === 0 && adoption !== null ? adoption.plan : plan;
  const diagnostics = [
    ...found.sequences,
    ...warnings,
    ...granted,
    ...foreignWarnings(connection.label, drift, foreign),
    ...(steps?.warnings ?? []),
    ...(await unrecordedUpgrade(connection, last, queryLimits(run))),
  ];
  const outcome = options.dryRun ? 'dryRun' : 'upgraded';
  return {
    outcome,
    adoption: adoption?.plan ?? null,
    losses,
    invalid,
    documents: count,
    rejected: translating?.kept ?? (options.rejects ? 0 : null),
    diagnostics,
    prepared: prepared.count,
  };
}

/** Runs the statements of the plan, except the checks, which have already run. */
async function runStatements(
  { connection, options, statements }: BoundedRun,
  plan: UpgradePlan,
  leftOf: PreparedStatements['leftOf'] = (statement) => statement,
  between: (step: number) => Promise<void> | undefined = () => undefined,
): Promise<void> {
  const list = plan.statements.flatMap((statement, at) => {
    const part = statement.step === 'checks' ? null : leftOf(statement);
    return part === null ? [] : [{ statement, part, number: at + 1 }];
  });
  for (const [index, { statement, part, number }] of list.entries()) {
    const { subject } = statement;
    const { number: step, title } = stepFacts(statement.step);
    await between(step);
    options.onProgress?.({ step, title, subject, statement: index + 1, statements: list.length });
    const what = `statement ${number} of ${plan.statements.length} (step ${step}, ${title}: ${subject})`;
    try {
      await statements.run(what, (limits) => send(connection, part.sql, limits));
    } catch (error) {
      throw namedFailure(error, plan, { statement, part, number });
    }
  }
}

/** A statement of a plan, and the part of it that runs: after a preparation, the rest of the statement. */
interface RunningStatement {
  readonly statement: UpgradeStatement;
  readonly part: StatementPart;
  /** From 1. */
  readonly number: number;
}

/** How many operations of a statement a message names. */
const mostOperations = 4;

/**
 * The error for a failed statement of an upgrade. If the server refused the statement, the message names its number,
 * step, table, line in the script and operations. Other failures are returned unchanged.
 */
function namedFailure(error: unknown, plan: UpgradePlan, { statement, part, number }: RunningStatement): unknown {
  if (!isFailure(error, 'DB_SQL')) return error;
  const { subject } = statement;
  const step = stepFacts(statement.step);
  const [{ code, message, where, details }] = error.diagnostics;
  const begin = part === statement ? plan.scriptLines.get(statement) : undefined;
  const line = begin === undefined ? where.line : begin + (where.line ?? 1) - 1;
  const place = begin === undefined ? '' : `, from line ${begin} of the script of the upgrade`;
  const sql = textOf(part.sql);
  const [first = ''] = sql.split('\n');
  const ops = failedOperations(part, where.line);
  const does = firstOf(ops, mostOperations, operationText, (count) =>
    counted(count, 'more operation', 'more operations'),
  );
  const text = `It is statement ${number} of ${plan.statements.length} (step ${step.number}, ${step.title}: ${subject})${place}: ${first} (${does.join(', ')})`;
  const facts = { statement: first, number, step: step.number, subject, sql, ops: ops.map(shownOperation) };
  return new DmsError([diagnostic(code, `${message} ${text}`, { ...where, line }, { ...details, ...facts })]);
}

/** The steps of a translation between the statements of a plan. */
class TranslatingSteps {
  private written: WrittenDocuments | null = null;
  private recorded: RecordedChanges | null = null;
  private readonly run: BoundedRun;
  private readonly translating: Translating;
  private isRemoved = false;
  private isStamped = false;

  constructor(run: BoundedRun, translating: Translating) {
    this.run = run;
    this.translating = translating;
  }

  /** Runs while the database still has the earlier set. */
  async begin(): Promise<void> {
    const { connection, before, statements } = this.run;
    const { translation, translated, removed } = this.translating;
    await statements.run('recording changes', async () => {
      this.recorded = await RecordedChanges.begin(connection, this.run, translation, { translated, removed });
    });
    await statements.run('merging descriptors', () => mergeDescriptors(connection, before, translation, translated));
  }

  async before(step: number): Promise<void> {
    const { connection } = this.run;
    const { translation, translated, removed } = this.translating;
    if (step >= stepFacts('columns').number && !this.isRemoved) {
      this.isRemoved = true;
      // removed before this step: later columns may not have room for the values of these documents
      await this.run.statements.run('removing documents that are not carried', () =>
        removeDocuments(connection, this.run, removed),
      );
    }
    if (step >= stepFacts('add keys').number)
      this.written ??= await writeTranslated(connection, this.run.after, translation, translated);
    if (step < stepFacts('derived rows').number || this.isStamped || this.written === null) return;
    this.isStamped = true;
    await closeHierarchy(connection, this.run, removed);
    await settleWritten(connection, translation, this.written);
    await this.recorded?.end();
  }

  get warnings(): readonly Diagnostic[] {
    return this.recorded?.warnings ?? [];
  }
}

/** Throws unless the catalog is that of the later set or, after an adoption alone, the adopted one (design 12 §1). */
async function expectCatalog(run: UpgradeRun, { adoption, drift, read }: StartingPoint): Promise<void> {
  const { connection, after, plan } = run;
  const { catalog } = await introspectHere(connection, queryLimits(run), read);
  const wanted = plan.statements.length === 0 ? (adoption?.after ?? after.catalog) : after.catalog;
  const diff = diffCatalogs(wanted, catalog);
  const found = newDrift(diff, drift.kept);
  if (found.length === 0) return;
  const text = `${connection.label}: the upgraded database is not what the later schema set makes. Nothing was changed.\n${diffText(catalog, diff)}`;
  fail('VERIFY_CATALOG_DIFFERS', text, {}, { differences: places(found) });
}

/** Asks the database how a commit ended after the connection broke during it. */
async function commitOutcome(run: UpgradeRun, lost: DmsError): Promise<Diagnostic> {
  const { label } = run.connection;
  const cause = causeOfCommit(lost);
  const state = await stateAfterwards(run);
  if (state === 'after')
    return diagnostic(
      'UPGRADE_COMMIT_CONFIRMED',
      `${label}: the connection broke while committing; the database is upgraded. ${cause}`,
    );
  const found =
    state === 'before'
      ? 'the upgrade was not committed, and nothing was changed. Run it again.'
      : 'the database could not be asked, so the upgrade may have been done. Run it again: an upgraded database is left unchanged.';
  const text = `${label}: the connection broke while committing; ${found} ${cause}`;
  return fail('UPGRADE_COMMIT_UNKNOWN', text, {}, { state: state ?? 'unknown' });
}

/**
 * Which set the database has, read by another session once no upgrade is running; null if the database could not be
 * queried.
 */
async function stateAfterwards(run: UpgradeRun): Promise<StartingPoint['state'] | null> {
  try {
    const connection = await run.options.reopen?.();
    if (!connection) return null;
    try {
      const { state } = await lockedTransaction(connection, () => findStart({ ...run, connection }), {
        keeps: () => false,
      });
      return state;
    } finally {
      await connection.close();
    }
  } catch {
    return null;
  }
}

/** Counts the documents after the locks are released, in another session if the connection of the upgrade broke. */
async function documentsAfterwards({ connection, options }: UpgradeRun, isBroken: boolean): Promise<number> {
  const other = isBroken ? await options.reopen?.() : undefined;
  try {
    return totalOf(await countDocuments(other ?? connection, {}));
  } finally {
    await other?.close();
  }
}

/** Opens a database, upgrades it and closes it (see `applyUpgrade`). */
export async function upgradeDatabase(
  target: ServerTarget | EmbeddedTarget,
  before: ComparedSet,
  after: ComparedSet,
  { open, ...options }: ApplyOptions & { readonly open?: Open | undefined } = {},
): Promise<Upgraded> {
  const { signal, onWaiting } = options;
  return connected(target, { open, signal }, async (connection, reopen) => {
    const { plan } = plannedRun(connection, before, after, options);
    const table = await readLockTable(connection, { signal });
    const translation = translationToRead(plan, options.rejects);
    const readsDocuments = translation !== null;
    const removesDocuments = translation !== null && mayRemove(translation, options.rejects);
    const views = await viewsAgain(connection, { plan, before, after }, { signal });
    const counted = { before, after, readsDocuments, removesDocuments, views: views.length };
    const needed = locksOfUpgrade(plan, counted);
    const warnings = lockTableFindings(connection, 'the upgrade', needed, table);
    const apply = () => applyUpgrade(connection, before, after, { reopen, ...options, plan });
    const upgraded = await inLockRoom({ target, table, needed, signal, onWaiting }, apply);
    return { ...upgraded, diagnostics: [...warnings, ...upgraded.diagnostics] };
  });
}
