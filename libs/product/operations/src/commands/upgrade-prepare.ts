import { changing, connected, type PersistentTarget, preparedText } from '@dms/databases';
import { counted } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { type SqlDialect, textOf } from '@dms/sql';
import {
  type PreparedUpgrade,
  preparationLine,
  prepareDatabase,
  preparedLines,
  preparingDefaults,
  type Retry,
  undoneLines,
  undoPreparation,
} from '@dms/upgrade';
import {
  type Context,
  databaseOperation,
  notSpecified,
  type OptionsOf,
  type ReportedOutcome,
  reportedAsGiven,
  stepNote,
} from '../declaring/operation.ts';
import { flag, milliseconds, seconds, secondsOrNone, texts, whole, writtenOption } from '../declaring/option.ts';
import { translationOptions } from '../declaring/shared-options.ts';
import { dialectUses } from '../declaring/subject.ts';
import type { FleetDatabase } from '../fleet/fleet-databases.ts';
import {
  afterOption,
  beforeOption,
  collationOption,
  preparedUpgrade,
  type ReadUpgrade,
  withNotes,
} from './upgrade-options.ts';

const ofFleet = { prepared: 'prepared', dryRun: 'could be prepared', alreadyUpgraded: 'already upgraded' } as const;

/** The waiting of a preparation for other sessions: its limits and its notices. */
function waitingOf(
  options: {
    readonly lockTimeout?: number | undefined;
    readonly retries?: number | undefined;
    readonly pause?: number | undefined;
  },
  { signal, onNotice }: Context,
) {
  return {
    signal,
    limits: { lock: milliseconds(options.lockTimeout), retries: options.retries, pause: milliseconds(options.pause) },
    onWaiting: (holder: string) => onNotice?.(`Waiting for another session that prepares this database (${holder}).`),
    onRetry: ({ what, attempt, retries, reason }: Retry) =>
      onNotice?.(`${what}: no lock, attempt ${attempt} of ${retries + 1}. ${reason}`),
  };
}

const prepareOptions = {
  before: beforeOption,
  after: afterOption,
  allowLoss: texts('<object>', 'what the upgrade may lose, as for upgrade apply; nothing is lost yet (repeatable)'),
  ...collationOption,
  ...translationOptions,
  dryRun: flag('show the steps with their locks, and what is left for the upgrade; make nothing'),
  undo: flag('remove what was prepared; needs no artifacts', { conflicts: ['dryRun'] }),
  lockTimeout: seconds(
    '<seconds>',
    `how long a statement waits for a lock (default: ${preparingDefaults.lock / 1000})`,
  ),
  retries: whole(
    '<number>',
    `how often a step that did not get its lock is tried again (default: ${preparingDefaults.retries})`,
  ),
  pause: secondsOrNone('<seconds>', `how long to rest between two steps (default: ${preparingDefaults.pause / 1000})`),
};

/**
 * Makes the parts of an upgrade that can exist in a database before it, or removes them (design 12a §5). Throws the
 * codes of `prepareDatabase` and `undoPreparation`, `CONFIG_INVALID`, `INPUT_*` and the `DB_*` codes.
 */
export const prepare = databaseOperation({
  name: 'upgrade prepare',
  group: 'first',
  summary: 'do what an upgrade needs no outage for, while the service runs',
  description:
    'Does a part of an upgrade before it: makes new tables, nullable columns, indexes, and keys that no row of the earlier schemas ' +
    'can violate. The service works on with the earlier schemas, and its writes are not refused. Each step is recorded in the ' +
    'database, so the next run goes on where one ended early. Give the options for renames and losses that upgrade apply will get.',
  examples: [
    'upgrade prepare --before released --after out --connection-env CAMPUS_DB --dry-run',
    'upgrade prepare --before released --after out --connection-env CAMPUS_DB --pause 5',
    'upgrade prepare --undo --connection-env CAMPUS_DB',
  ],
  worksOn: { source: 'none', dialect: dialectUses.ofArtifacts, connection: 'needed', fleet: { conflicts: [] } },
  options: prepareOptions,
  skipsDone: true,
  missing: ({ options: { undo, before, after } }) =>
    undo
      ? []
      : [
          ...(before === undefined ? [notSpecified(writtenOption('before', beforeOption))] : []),
          ...(after === undefined ? [notSpecified(writtenOption('after', afterOption))] : []),
        ],
  async prepare({ options, dialect, isFleet }, context): Promise<PreparationWork> {
    if (options.undo) return undoing(options);
    const folders = { before: mustExist(options.before, '--before'), after: mustExist(options.after, '--after') };
    const read = await preparedUpgrade({ options: { ...options, ...folders }, dialect, isFleet }, context);
    return making(options, read);
  },
  dialectOf: (work, { dialect }) => work.dialect ?? dialect ?? 'pgsql',
  run: ({ target, prepared, entry }, _, context) => prepared.run(target, context, entry),
  ...reportedAsGiven,
});

/** What a run does in each database, with its input. */
interface PreparationWork {
  /** The dialect of the input; undefined if there is none. */
  readonly dialect: SqlDialect | undefined;
  run(
    target: PersistentTarget,
    context: Context,
    entry: Pick<FleetDatabase, 'name'> | undefined,
  ): Promise<ReportedOutcome>;
}

type PrepareCommandOptions = OptionsOf<typeof prepareOptions>;

/** Removes what was prepared. */
const undoing = (options: PrepareCommandOptions): PreparationWork => ({
  dialect: undefined,
  async run(target, context) {
    const undone = await connected(target, context, (connection, reopen) =>
      changing(() =>
        undoPreparation(connection, {
          ...waitingOf(options, context),
          reopen,
          onProgress: ({ object, statement, statements }) =>
            context.onStep?.({ text: `${preparedText(object)} (${statement} of ${statements})` }),
        }),
      ),
    );
    const { removed } = undone;
    const isNone = removed.length === 0;
    return {
      diagnostics: [],
      lines: () => undoneLines(undone),
      value: () => ({ undo: true, removed }),
      entry: () => ({
        outcome: isNone ? 'not prepared' : 'undone',
        detail: isNone ? '' : counted(removed.length, 'object'),
        value: { removed: removed.length },
      }),
    };
  },
});

/** Makes the parts of the upgrade that can exist before it. */
const making = (
  options: PrepareCommandOptions,
  { before, after, plan, names, notes }: ReadUpgrade,
): PreparationWork => ({
  dialect: after.model.dialect,
  async run(target, context, entry) {
    const { allowLoss, dryRun } = options;
    context.onProgress?.('plan');
    const prepared = await withNotes(notes, entry, () =>
      changing(() =>
        prepareDatabase(target, before, after, {
          allowLoss,
          ...names,
          plan,
          dryRun,
          ...waitingOf(options, context),
          onProgress: (progress) =>
            context.onStep?.(stepNote({ ...progress, title: progress.kind }, { value: { ...progress } })),
        }),
      ),
    );
    return {
      diagnostics: prepared.diagnostics,
      lines: () => preparedLines(prepared),
      value: () => preparedValue(prepared),
      entry() {
        const { outcome, made, found } = prepared;
        const earlier = found === 0 ? [] : [`${found} made earlier`];
        return {
          outcome: ofFleet[outcome],
          detail: outcome === 'alreadyUpgraded' ? '' : [counted(made.length, 'step'), ...earlier].join('; '),
          value: { steps: made.length, found },
        };
      },
    };
  },
});

const preparedValue = ({ outcome, plan, made, found }: PreparedUpgrade) => ({
  dialect: plan.dialect,
  outcome,
  effectiveSchemaHash: plan.after.effectiveSchemaHash,
  statements: plan.statements.length,
  prepared: plan.statements.filter(({ preparation }) => preparation !== undefined).length,
  found,
  steps: made.map((step) => ({
    kind: step.kind,
    subject: step.subject,
    sql: textOf(step.sql),
    text: preparationLine(plan.dialect, step),
  })),
});
