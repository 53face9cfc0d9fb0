import { availableParallelism } from 'node:os';
import {
  type Connection,
  isFailure,
  type Limits,
  locksOfScript,
  lockTableFindings,
  readLockTable,
  serverVersion,
  type Target,
} from '@dms/databases';
import { normalizeSql } from '@dms/ddl';
import { append, type Diagnostic, DmsError, diagnostic } from '@dms/diagnostics';
import { core } from '@dms/model';
import { staticFindings } from '@dms/script-checks';
import { dialectOf } from '@dms/sql';
import { sha256Hex } from '@dms/values';
import { Failures } from './behaviour/failures.ts';
import { inPlace, type ScratchDatabase, type ScratchOptions, withScratchDatabase } from './scratch-database.ts';
import type { KnownShapes } from './shapes/known-shapes.ts';
import { type EngineRun, type EngineStep, engineSteps, type StepOutcome, shapeKeys, triedDocuments } from './steps.ts';
import type { VerificationInput } from './verification-input.ts';
import {
  type VerificationReport,
  type VerificationStep,
  type VerificationStepResult,
  type VerifiedEngine,
  verificationSteps,
} from './verification-report.ts';

export interface VerificationOptions extends ScratchOptions {
  /** Also compares the catalog with the one that another engine makes from the script. */
  readonly reference?: boolean | undefined;
  /** Warnings of the comparison fail the run. */
  readonly strict?: boolean | undefined;
  /** Tries triggers, columns and keys on every table, not only on some of each shape. */
  readonly everyShape?: boolean | undefined;
  /**
   * Shapes that earlier runs on the embedded engine have proved; other engines differ in roles and locales. Not used with
   * `everyShape`.
   */
  readonly knownShapes?: KnownShapes | undefined;
  /** Random documents per resource in the step `documents`; 3 by default. */
  readonly documents?: number | undefined;
  /** Called before each step. */
  readonly onStep?: ((step: VerificationStep) => void) | undefined;
}

/** Steps that are meaningful even if the catalog differs from the desired one. */
const independentOfCatalog: readonly VerificationStep[] = ['seed', 'gate'];

function staticDiagnostics(input: VerificationInput): Diagnostic[] {
  return staticFindings(input).map(({ id, text }) => {
    const line = /^line (\d+)\b/.exec(text)?.[1];
    const where = line === undefined ? {} : { line: Number(line) };
    return diagnostic('VERIFY_STATIC', `${id}: ${text}.`, where, { id });
  });
}

const isFailureOfStep = (error: unknown): error is DmsError =>
  error instanceof DmsError && error.code !== 'DB_CANCELLED';

/** The outcome of a step; an error is a failure of the step, except for a cancelled task, which has no report. */
async function finishStep(step: (run: EngineRun) => Promise<StepOutcome>, run: EngineRun): Promise<StepOutcome> {
  try {
    return await step(run);
  } catch (error) {
    if (isFailureOfStep(error)) return error.diagnostics;
    throw error;
  }
}

/** Whether a run has documents to try. If that fails, the step `documents` fails too, and reports why. */
function hasDocumentsToTry(run: EngineRun): boolean {
  try {
    return triedDocuments(run).resources.size > 0;
  } catch (error) {
    if (isFailureOfStep(error)) return false;
    throw error;
  }
}

/** The steps with their results and findings, in order. */
class StepLog {
  readonly steps: VerificationStepResult[] = [];
  readonly diagnostics: Diagnostic[] = [];
  private firstFailure: VerificationStep | null;
  private readonly onStep: (step: VerificationStep) => void;

  constructor(onStep: (step: VerificationStep) => void, firstFailure: VerificationStep | null = null) {
    this.onStep = onStep;
    this.firstFailure = firstFailure;
  }

  skip(name: VerificationStep, reason: string): void {
    this.steps.push({ name, result: 'skipped', reason });
  }

  async run(name: VerificationStep, work: () => Promise<StepOutcome> | StepOutcome): Promise<void> {
    const after = this.firstFailure;
    if (after !== null && !(after === 'catalog' && independentOfCatalog.includes(name))) {
      this.skip(name, `after ${after}`);
      return;
    }
    this.onStep(name);
    const outcome = await work();
    if ('skipped' in outcome) {
      this.skip(name, outcome.skipped);
      return;
    }
    append(this.diagnostics, outcome);
    if (outcome.length > 0) this.firstFailure ??= name;
    this.steps.push({ name, result: outcome.length > 0 ? 'failed' : 'passed' });
  }

  get isPassed(): boolean {
    return this.firstFailure === null;
  }

  /** A log of steps that run before the results of all earlier steps are known. */
  ahead(): StepLog {
    return new StepLog(this.onStep, this.firstFailure);
  }

  /** Adds the steps of a log from `ahead`. After a failure they count as not run; returns false in that case. */
  join({ steps, diagnostics, firstFailure }: StepLog): boolean {
    const after = this.firstFailure;
    if (after === null) {
      append(this.steps, steps);
      append(this.diagnostics, diagnostics);
      this.firstFailure = firstFailure;
      return true;
    }
    for (const { name } of steps) this.skip(name, `after ${after}`);
    return false;
  }
}

/** Reports must not contain names of databases (design 09 §1.3). */
function withoutNames(text: string, names: readonly string[]): string {
  return names.reduce((rest, name) => rest.replaceAll(`${name}: `, '').replaceAll(name, 'the database'), text);
}

const { sql } = dialectOf.mssql;

/**
 * The deletion of a document that does not exist: the statement is compiled with all keys that refer to documents, but
 * finds no row.
 */
const deletion = sql`DELETE FROM ${core.document} WHERE "DocumentId" = -1 OPTION (RECOMPILE);`;

const compiled = /parse and compile time:\s*CPU time = (\d+) ms,\s*elapsed time = (\d+) ms/gi;

/**
 * The longest of the times that the server prints: it prints one for parsing a text, and one for compiling its
 * statement.
 */
function longest(messages: readonly string[]): { readonly cpu: number; readonly elapsed: number } | null {
  const times = [...messages.join('\n').matchAll(compiled)].map(([, cpu, elapsed]) => ({
    cpu: Number(cpu),
    elapsed: Number(elapsed),
  }));
  return times.sort((left, right) => right.elapsed - left.elapsed)[0] ?? null;
}

/**
 * `VERIFY_COMPILE_TIME`: how long a SQL Server takes to compile the deletion of a document, whose cascades reach most
 * tables (design 09b §2.2). A notice, not part of the report, because the time differs in each run. Empty if the engine
 * prints no such times.
 */
async function compileTimeNotes(connection: Connection, limits: Limits): Promise<readonly Diagnostic[]> {
  const { messages } = connection;
  if (!messages) return [];
  try {
    // settings of a batch also apply to later batches
    await messages(sql`SET STATISTICS TIME ON;`, limits);
    const time = longest(await messages(deletion, limits));
    await messages(sql`SET STATISTICS TIME OFF;`, limits);
    if (time === null) return [];
    const { cpu, elapsed } = time;
    const text = `The deletion of a document was compiled in ${elapsed} ms (${cpu} ms of CPU). It is compiled once as long as its plan is kept.`;
    return [diagnostic('VERIFY_COMPILE_TIME', text, {}, { cpuMilliseconds: cpu, elapsedMilliseconds: elapsed })];
  } catch (error) {
    // the steps report the errors of the table
    if (!isFailure(error, 'DB_SQL')) throw error;
    return [];
  }
}

interface Verified {
  readonly engine: VerifiedEngine;
  readonly found: EngineRun['found'];
  readonly names: readonly string[];
}

const staticEngine: VerifiedEngine = { kind: 'static', product: null, version: null };

function nothingFound(): EngineRun['found'] {
  return {
    catalog: null,
    diff: null,
    behaviour: null,
    documents: null,
    triedDocuments: null,
    failures: new Failures(),
    warnings: [],
  };
}

const engineStepNames = verificationSteps.filter((name): name is EngineStep => name !== 'static');

const afterApply = engineStepNames.slice(engineStepNames.indexOf('apply') + 1);

const beforeDocuments = afterApply.slice(0, afterApply.indexOf('documents'));

const afterDocuments = afterApply.slice(afterApply.indexOf('documents') + 1, afterApply.indexOf('reporting'));

/**
 * Whether the failing script gets its own database next to the lasting one, and the documents get one next to the other
 * steps: if a database costs no more than a thread, and a processor is available for it.
 */
const usesSecondDatabase = ({ kind }: Target) => kind === 'embedded' && availableParallelism() > 1;

/** The results of all tasks, once all have ended; throws the error of the first failed task. */
async function allEnded<Works extends readonly unknown[]>(
  ...works: Works
): Promise<{ -readonly [I in keyof Works]: Awaited<Works[I]> }> {
  await Promise.allSettled(works);
  return Promise.all(works);
}

async function runSteps(names: readonly EngineStep[], run: EngineRun, log: StepLog): Promise<void> {
  for (const name of names) await log.run(name, () => finishStep(engineSteps[name], run));
}

/**
 * The documents and then the reporting views use the database to which the script was applied, and take as long as all
 * other steps together. The other steps use a copy of it in `place`, made before the documents, instead of the database
 * of the failing script.
 */
async function besideDocuments(
  run: EngineRun,
  log: StepLog,
  rolledBack: Promise<StepOutcome>,
  place: string,
): Promise<void> {
  const { scratch, scratchOptions, limits } = run;
  await scratch.connection.copyTo?.(place, limits);
  const found = { ...nothingFound(), triedDocuments: run.found.triedDocuments };
  const outcome = finishStep(engineSteps.documents, { ...run, found });
  // the findings of a step count when its turn comes
  const documents = async () => {
    await outcome;
    run.found.documents = found.documents;
    return outcome;
  };
  const reporting = outcome.then(() => finishStep(engineSteps.reporting, run));
  const inCopy = async (copy: ScratchDatabase) => {
    const copied = { ...run, scratch: copy };
    await runSteps(beforeDocuments, copied, log);
    const ahead = log.ahead();
    await runSteps(afterDocuments, copied, ahead);
    await ahead.run('reporting', () => reporting);
    await log.run('documents', documents);
    log.join(ahead);
  };
  const others = async () => {
    await rolledBack;
    await withScratchDatabase(scratch.target, { ...scratchOptions, place }, inCopy);
  };
  await allEnded(others(), outcome, reporting);
}

/** Reads the input, and checks its text, while the engine starts. */
async function onEngine(
  target: Exclude<Target, { kind: 'static' }>,
  input: Promise<VerificationInput>,
  options: VerificationOptions,
  log: StepLog,
): Promise<Verified> {
  const { signal } = options;
  const unread = new AbortController();
  const opening = { ...options, signal: AbortSignal.any([unread.signal, ...(signal ? [signal] : [])]) };
  const checked = input.then(async (found) => {
    await log.run('static', () => staticDiagnostics(found));
    return found;
  });
  checked.catch(() => unread.abort());
  const known = target.kind === 'embedded' && !options.everyShape ? options.knownShapes : undefined;
  const runIn = async (scratch: ScratchDatabase): Promise<EngineRun> => ({
    input: await checked,
    scratch,
    scratchOptions: options,
    limits: { signal },
    isStrict: options.strict ?? false,
    withReference: options.reference ?? false,
    triesEveryShape: options.everyShape ?? false,
    keys: undefined,
    randomDocuments: options.documents,
    found: nothingFound(),
  });
  const rolledBack = usesSecondDatabase(target)
    ? withScratchDatabase(target, opening, async (scratch): Promise<StepOutcome> => {
        const run = await runIn(scratch);
        return log.isPassed ? finishStep(engineSteps['rolls-back'], run) : [];
      })
    : null;
  const verified = withScratchDatabase(target, opening, async (scratch): Promise<Verified> => {
    const { connection, names } = scratch;
    const begun = await runIn(scratch);
    const version = await serverVersion(connection);
    const run: EngineRun = { ...begun, keys: known && shapeKeys(known, begun.input, version) };
    const { found } = run;
    const table = await readLockTable(connection, { signal });
    for (const finding of lockTableFindings(connection, 'the script', locksOfScript(run.input.catalog), table))
      options.onNotice?.(finding);
    const engine: VerifiedEngine = { kind: connection.engine, ...version };
    if (rolledBack === null || !log.isPassed) {
      await runSteps(engineStepNames, run, log);
      const isApplied = log.steps.some(({ name, result }) => name === 'apply' && result === 'passed');
      const notes = isApplied ? await compileTimeNotes(connection, run.limits) : [];
      for (const note of notes) options.onNotice?.(note);
      return { engine, found, names };
    }
    const ahead = log.ahead();
    await runSteps(['apply'], run, ahead);
    // where all documents are known, nothing is worth a second database
    const isDivided = ahead.isPassed && hasDocumentsToTry(run);
    await (isDivided
      ? inPlace((place) => besideDocuments(run, ahead, rolledBack, place))
      : runSteps(afterApply, run, ahead));
    await log.run('rolls-back', () => rolledBack);
    return { engine, found: log.join(ahead) ? found : nothingFound(), names };
  });
  // report the error of the unreadable input, not that of the interrupted start of the engine
  const [, result] = await allEnded(checked, verified, rolledBack);
  return result;
}

async function withoutEngine(input: VerificationInput, log: StepLog): Promise<Verified> {
  await log.run('static', () => staticDiagnostics(input));
  for (const name of verificationSteps) {
    if (name !== 'static') log.skip(name, 'no server');
  }
  return { engine: staticEngine, found: nothingFound(), names: [] };
}

/**
 * Proves a script (design 09b §2): it makes the desired catalog and seeds, changes nothing when it runs again, leaves
 * nothing when it fails, refuses a database of another schema set, and its triggers behave for every resource. It works
 * in its own database and touches no other. `static` checks only the text. Errors are in the report; only the codes of
 * the connection and `DB_CANCELLED` are thrown.
 *
 * @param reading the input; the embedded engine starts while it is read, and an error of reading is thrown
 */
export async function verifyScript(
  target: Target,
  reading: VerificationInput | Promise<VerificationInput>,
  options: VerificationOptions = {},
): Promise<VerificationReport> {
  const log = new StepLog(options.onStep ?? (() => undefined));
  const ofDialect = Promise.resolve(reading).then((found) => {
    if (target.dialect === found.dialect) return found;
    throw new Error(`a script of ${found.dialect} is verified on ${target.dialect}`);
  });
  // no database is created on a server for an unreadable input
  if (target.kind !== 'embedded') await ofDialect;
  const { engine, found, names } =
    target.kind === 'static'
      ? await withoutEngine(await ofDialect, log)
      : await onEngine(target, ofDialect, options, log);
  const input = await ofDialect;
  const clean = (text: string) => withoutNames(text, names);
  const catalog = found.catalog ?? input.catalog;
  const {
    behaviour,
    failures: { list },
    triedDocuments,
  } = found;
  return {
    dialect: input.dialect,
    effectiveSchemaHash: input.model.effectiveSchema.effectiveSchemaHash,
    relationalMappingVersion: input.model.effectiveSchema.relationalMappingVersion,
    scriptSha256: sha256Hex(normalizeSql(input.script)),
    engine,
    result: log.isPassed ? 'passed' : 'failed',
    steps: log.steps,
    catalog,
    diff: found.diff ?? { differences: [], renames: [] },
    triedDocuments,
    behaviour: {
      ...(behaviour ?? {
        documents: 0,
        tablesFilled: 0,
        tablesSkipped: [],
        shapes: null,
        triesEveryShape: false,
        knownShapes: 0,
        provedShapes: [],
      }),
      failures: list.map((failure) => ({ ...failure, found: clean(failure.found) })),
    },
    documents: found.documents && {
      ...found.documents,
      failures: found.documents.failures.map((failure) => ({ ...failure, found: clean(failure.found) })),
    },
    diagnostics: [...log.diagnostics, ...found.warnings].map((entry) => ({ ...entry, message: clean(entry.message) })),
  };
}
