import { availableParallelism } from 'node:os';
import { relationalMappingVersion } from '@dms/api-schema';
import { sha256Hex } from '@dms/canonical-json';
import { provisionLimits, serverVersion, type Target } from '@dms/databases';
import { normalizeSql } from '@dms/ddl';
import { type Diagnostic, DmsError, diagnostic } from '@dms/diagnostics';
import { Failures } from './behaviour/failures.ts';
import {
  type StepResult,
  type VerificationReport,
  type VerificationStep,
  type VerifiedEngine,
  verificationSteps,
} from './report/verification-report.ts';
import { type ScratchOptions, withScratchDatabase } from './scratch-database.ts';
import { staticFindings } from './static/static-findings.ts';
import {
  applies,
  checksCore,
  checksResources,
  type EngineRun,
  matchesCatalog,
  passesGate,
  reapplies,
  rejectsOtherSchema,
  rollsBack,
  roundTripsDocuments,
  roundTripsDocumentsOfCopy,
  type StepOutcome,
  seeds,
} from './steps.ts';
import type { VerificationInput } from './verification-input.ts';

export interface VerificationOptions extends ScratchOptions {
  /** Compares the catalog also with what another engine makes of the script. */
  readonly reference?: boolean | undefined;
  /** Warnings of the comparison fail the run. */
  readonly strict?: boolean | undefined;
  /** Random documents per resource in the step `documents`; 3 without it. */
  readonly documents?: number | undefined;
  /** Called before each step. */
  readonly onStep?: ((step: VerificationStep) => void) | undefined;
}

type EngineStep = Exclude<VerificationStep, 'static'>;

const engineSteps: Readonly<Record<EngineStep, (run: EngineRun) => Promise<StepOutcome>>> = {
  'rolls-back': rollsBack,
  apply: applies,
  catalog: matchesCatalog,
  reapply: reapplies,
  seed: seeds,
  gate: passesGate,
  'core-behaviour': checksCore,
  'resource-behaviour': checksResources,
  documents: roundTripsDocuments,
  'rejects-other-schema': rejectsOtherSchema,
};

/** Steps that say something even about a catalog that is not the desired one. */
const independentOfCatalog: readonly VerificationStep[] = ['seed', 'gate'];

function staticDiagnostics(input: VerificationInput): Diagnostic[] {
  return staticFindings(input).map(({ id, text }) => {
    const line = /^line (\d+)\b/.exec(text)?.[1];
    const where = line === undefined ? {} : { line: Number(line) };
    return diagnostic('VERIFY_STATIC', `${id}: ${text}.`, where, { id });
  });
}

/** A step that broke off is one that failed; a task that was cancelled has no report. */
async function outcomeOf(step: (run: EngineRun) => Promise<StepOutcome>, run: EngineRun): Promise<StepOutcome> {
  try {
    return await step(run);
  } catch (error) {
    if (error instanceof DmsError && error.code !== 'DB_CANCELLED') return error.diagnostics;
    throw error;
  }
}

/** Steps with their results and what they found, in order. */
class StepLog {
  readonly steps: StepResult[] = [];
  readonly diagnostics: Diagnostic[] = [];
  private firstFailure: VerificationStep | null = null;
  private readonly onStep: (step: VerificationStep) => void;

  constructor(onStep: (step: VerificationStep) => void) {
    this.onStep = onStep;
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
    this.diagnostics.push(...outcome);
    if (outcome.length > 0) this.firstFailure ??= name;
    this.steps.push({ name, result: outcome.length > 0 ? 'failed' : 'passed' });
  }

  get isPassed(): boolean {
    return this.firstFailure === null;
  }

  /** A log of steps that run before it is known what the steps before them have found. */
  ahead(): StepLog {
    return new StepLog(this.onStep);
  }

  /** Takes over the steps of such a log, which count as not run after a failure; false when they do not count. */
  join({ steps, diagnostics, firstFailure }: StepLog): boolean {
    const after = this.firstFailure;
    if (after === null) {
      this.steps.push(...steps);
      this.diagnostics.push(...diagnostics);
      this.firstFailure = firstFailure;
      return true;
    }
    for (const { name } of steps) this.skip(name, `after ${after}`);
    return false;
  }
}

/** Where a database is does not belong into a report (design 09 §1.3). */
function withoutNames(text: string, names: readonly string[]): string {
  return names.reduce((rest, name) => rest.replaceAll(`${name}: `, '').replaceAll(name, 'the database'), text);
}

interface Verified {
  readonly engine: VerifiedEngine;
  readonly found: EngineRun['found'];
  readonly names: readonly string[];
}

const staticEngine: VerifiedEngine = { kind: 'static', product: null, version: null };

function nothingFound(): EngineRun['found'] {
  return { catalog: null, diff: null, behaviour: null, documents: null, failures: new Failures(), warnings: [] };
}

const engineStepNames = verificationSteps.filter((name): name is EngineStep => name !== 'static');

const afterRollsBack = engineStepNames.filter((name) => name !== 'rolls-back');

/**
 * Whether the script that fails, and then the documents, have databases of their own while everything else goes on: where one
 * costs no more than a thread, and there is a processor for it.
 */
const isTwofold = ({ kind }: Target) => kind === 'embedded' && availableParallelism() > 1;

/** The result of the first, when all have ended; what one of them has thrown. */
async function ended<Result>(first: Promise<Result>, ...others: readonly Promise<unknown>[]): Promise<Result> {
  await Promise.allSettled([first, ...others]);
  const [result] = await Promise.all([first, ...others]);
  return result;
}

async function onEngine(
  target: Exclude<Target, { kind: 'static' }>,
  input: VerificationInput,
  options: VerificationOptions,
  log: StepLog,
): Promise<Verified> {
  const { reference = false, strict = false, signal } = options;
  const limits = { timeout: provisionLimits.query, signal };
  const shared = {
    input,
    scratchOptions: options,
    limits,
    isStrict: strict,
    withReference: reference,
    randomDocuments: options.documents,
  };
  const rolledBack = isTwofold(target)
    ? withScratchDatabase(target, options, async (scratch): Promise<StepOutcome> => {
        await checked;
        return log.isPassed ? outcomeOf(rollsBack, { ...shared, scratch, found: nothingFound() }) : [];
      })
    : null;
  const verified = withScratchDatabase(target, options, async (scratch) => {
    await checked;
    const { connection, names } = scratch;
    const engine: VerifiedEngine = { kind: connection.engine, ...(await serverVersion(connection)) };
    const found = nothingFound();
    const run: EngineRun = { ...shared, scratch, found };
    const ran = (name: EngineStep) => outcomeOf(engineSteps[name], run);
    if (rolledBack === null || !log.isPassed) {
      for (const name of engineStepNames) await log.run(name, () => ran(name));
      return { engine, found, names };
    }
    const ahead = log.ahead();
    let documents: Promise<StepOutcome> | null = null;
    try {
      for (const name of afterRollsBack) {
        await ahead.run(name, () => (name === 'documents' && documents) || ran(name));
        if (name === 'apply' && ahead.isPassed)
          documents = outcomeOf((applied) => roundTripsDocumentsOfCopy(applied, rolledBack), run);
      }
    } finally {
      await Promise.allSettled([documents]);
    }
    await log.run('rolls-back', () => rolledBack);
    return { engine, found: log.join(ahead) ? found : nothingFound(), names };
  });
  // the text is checked while the engine starts
  const checked = log.run('static', () => staticDiagnostics(input));
  return ended(verified, checked, ...(rolledBack === null ? [] : [rolledBack]));
}

async function withoutEngine(input: VerificationInput, log: StepLog): Promise<Verified> {
  await log.run('static', () => staticDiagnostics(input));
  for (const name of verificationSteps) {
    if (name !== 'static') log.skip(name, 'no server');
  }
  return { engine: staticEngine, found: nothingFound(), names: [] };
}

/**
 * Proves a script (design 09 §7): that it makes the desired catalog and seeds, changes nothing when it runs again, leaves nothing
 * when it fails, refuses a database of another schema set, and that its triggers behave for every resource. It works in a database
 * of its own and touches no other. `static` checks the text alone. What is wrong is in the report; thrown are the codes of the
 * connection, and `DB_CANCELLED`.
 */
export async function verifyScript(
  target: Target,
  input: VerificationInput,
  options: VerificationOptions = {},
): Promise<VerificationReport> {
  if (target.dialect !== input.dialect) throw new Error(`a script of ${input.dialect} is verified on ${target.dialect}`);
  const log = new StepLog(options.onStep ?? (() => undefined));
  const { engine, found, names } =
    target.kind === 'static' ? await withoutEngine(input, log) : await onEngine(target, input, options, log);
  const clean = (text: string) => withoutNames(text, names);
  const catalog = found.catalog ?? input.catalog;
  const { list } = found.failures;
  return {
    dialect: input.dialect,
    effectiveSchemaHash: input.model.effectiveSchema.effectiveSchemaHash,
    relationalMappingVersion,
    scriptSha256: sha256Hex(normalizeSql(input.script)),
    engine,
    result: log.isPassed ? 'passed' : 'failed',
    steps: log.steps,
    catalog,
    diff: found.diff ?? { differences: [], renames: [] },
    behaviour: {
      ...(found.behaviour ?? { documents: 0, tablesFilled: 0, tablesSkipped: [] }),
      failures: list.map((failure) => ({ ...failure, found: clean(failure.found) })),
    },
    documents: found.documents && {
      ...found.documents,
      failures: found.documents.failures.map((failure) => ({ ...failure, found: clean(failure.found) })),
    },
    diagnostics: [...log.diagnostics, ...found.warnings].map((entry) => ({ ...entry, message: clean(entry.message) })),
  };
}
