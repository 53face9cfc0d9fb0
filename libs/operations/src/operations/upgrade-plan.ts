import { connected, type TargetSources, withTarget } from '@dms/databases';
import { append, counted, type Diagnostic, failIfAny } from '@dms/diagnostics';
import { replaceFiles } from '@dms/files';
import { mustExist } from '@dms/model';
import { inDialectOrder, type SqlDialect } from '@dms/sql';
import {
  countedItems,
  durationText,
  invalidText,
  planUpgrade,
  type ReportedPlan,
  refusals,
  reportedPlan,
  roughSeconds,
  type SurveyedUpgrade,
  surveyUpgrade,
  type UpgradePlan,
  upgradeMarkdown,
  upgradeReport,
  upgradeText,
} from '@dms/upgrade';
import { artifactFile, artifactsOf } from '../engine/step-table.ts';
import { type Artifact, dialectsOfScripts, folderStore } from '../engine/stores.ts';
import { camelMembers, type DatabaseWork, fileOperation, type OptionsOf } from '../operation/operation.ts';
import { choice, output, usually } from '../operation/option.ts';
import { type PreparedUpgrade, preparedUpgrade, upgradeOptions } from '../operation/shared-options.ts';
import { shellWord } from '../operation/shell-word.ts';
import { severalDialects } from '../operation/subject.ts';
import { requestedRenames } from '../sources/renames.ts';
import { upgradeFiles, upgradeSet } from '../steps/upgrade.ts';

/** A plan, and what it means for the database that was queried. */
export interface EstimatedPlan extends ReportedPlan {
  /** Which of the two sets the database has; null if no database was queried. */
  readonly state: SurveyedUpgrade['state'] | null;
  /** What the upgrade would find in the database; null if no database was queried. */
  readonly survey: SurveyedUpgrade | null;
}

/** What the upgrade would find in each database of a fleet. */
const planOfFleet: DatabaseWork<OptionsOf<typeof upgradeOptions>, 'none', PreparedUpgrade, SurveyedUpgrade> = {
  purpose: 'check',
  skipsDone: false,
  prepare: (input) => preparedUpgrade(input, {}, { onlyAsks: true }),
  run: ({ target, prepared: { before, after, plan } }, { options: { adopt } }, context) =>
    connected(target, context, async (connection) => {
      const { signal } = context;
      const surveyed = await surveyUpgrade(connection, before, after, {
        plan: mustExist(plan, 'the plan'),
        adopt,
        signal,
      });
      failIfAny(surveyed.objections);
      return surveyed;
    }),
  entry({ state, losses, invalid, estimate, diagnostics }) {
    const lost = losses.reduce((sum, { count }) => sum + count, 0);
    return {
      outcome: state === 'after' ? 'already upgraded' : 'ready',
      detail: [
        ...(estimate?.time ? [durationText(estimate.time.whole)] : []),
        ...(lost === 0 ? [] : [`${counted(lost, 'value')} would be lost`]),
        ...invalidText(invalid),
        ...(diagnostics.length === 0 ? [] : ['differs from its schema set']),
      ].join('; '),
      value: {
        losses: countedItems(losses),
        invalid: countedItems(invalid),
        ...(estimate?.time ? { estimate: { seconds: roughSeconds(estimate.time.whole) } } : {}),
      },
    };
  },
};

interface Planned {
  /** `pgsql` before `mssql`. */
  readonly plans: readonly EstimatedPlan[];
  readonly artifacts: readonly Artifact[];
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Why there is no script: `UPGRADE_IMPOSSIBLE`, `UPGRADE_LOSS`; why the database cannot be upgraded: the objections
   * of its survey.
   */
  readonly failures: readonly Diagnostic[];
  /** The commands that come next. */
  readonly next: readonly string[];
}

/**
 * How a database of one schema set becomes one of another (design 12 §7). A plan that is refused is written without its
 * script. A database that is named is asked what `upgrade apply` would ask it; the script is written even if it
 * objects, and says so. Throws `UPGRADE_INPUT_STALE`, `UPGRADE_PERMISSION_UNUSED`, `UPGRADE_RENAME_*`,
 * `CONFIG_INVALID`, `INPUT_*`, `MODEL_FILE_INVALID`, `OUTPUT_*`, and with a database also `UPGRADE_WRONG_DATABASE`,
 * `UPGRADE_DRIFTED` and the `DB_*` codes.
 */
export const plan = fileOperation({
  name: 'upgrade plan',
  group: 'first',
  summary: 'say what an upgrade does, and write its script',
  description:
    'Compares two folders of artifacts and prints what changes, and which locks the upgrade takes. With --output it writes ' +
    'upgrade.<dialect>.sql and upgrade.<dialect>.json. No database is needed. With --connection it counts the rows of that database and estimates how long the ' +
    'upgrade takes there. With --fleet it queries each database for what the upgrade would find there: rows that do not allow it, what ' +
    'would be lost, and how long it takes.',
  examples: [
    'upgrade plan --before released --after out --output upgrade',
    'upgrade plan --before released --after out --output upgrade --connection-env CAMPUS_DB --format markdown > upgrade.md',
  ],
  worksOn: {
    source: 'none',
    dialect: severalDialects('those of the folder --after', 'pgsql or mssql (repeatable; '),
    connection: 'possible',
    fleet: { conflicts: [] },
  },
  arguments: {},
  options: {
    ...upgradeOptions,
    output: output('<dir>', 'folder for the files; without it the plan is only printed'),
    format: usually(choice('<name>', 'how the plan is printed', ['text', 'markdown'], { group: 'output' }), 'text'),
  },
  check({ isDatabaseNamed, dialects = [] }, misuse) {
    if (isDatabaseNamed && dialects.length > 1)
      misuse("a database has one dialect: name it with '--dialect'", 'OPTION_MISSING');
  },
  async run({ options, dialects, isDatabaseNamed, placeOf }, context): Promise<Planned> {
    const { before, after, allowLoss, allowInvalid, adopt, output: outputDirectory } = options;
    const earlier = folderStore(before);
    const later = folderStore(after);
    const renames = await requestedRenames(options);
    const all = inDialectOrder(dialects ?? (await dialectsOfScripts(later)));
    const plans: EstimatedPlan[] = [];
    const diagnostics: Diagnostic[] = [];
    const place = isDatabaseNamed ? placeOf?.() : undefined;
    for (const dialect of place === undefined ? all : all.slice(0, 1)) {
      context.onProgress?.(`plan ${dialect}`);
      const sets = { before: await upgradeSet(earlier, dialect), after: await upgradeSet(later, dialect) };
      const planned = planUpgrade(sets.before, sets.after, { allowLoss, allowInvalid, renames });
      const reported = reportedPlan(sets.before, sets.after, planned);
      if (place === undefined || planned.verdict === 'impossible')
        plans.push({ ...reported, state: null, survey: null });
      else {
        const survey = await withTarget({ ...place, dialect, signal: context.signal }, 'check', (target) =>
          connected(target, context, async (connection) => {
            context.onProgress?.('check rows and documents');
            return surveyUpgrade(connection, sets.before, sets.after, { plan: planned, adopt, signal: context.signal });
          }),
        );
        const { estimate, state, losses, counts } = survey;
        const findings = state === 'after' ? null : { losses, objections: counts };
        plans.push({ ...reported, estimate, findings, state, survey });
        append(diagnostics, survey.diagnostics);
      }
    }
    const files = plans.flatMap((reported) =>
      upgradeFiles(reported, reported.survey?.objections).map(({ artifact, dialect, content }) => ({
        name: artifactFile(artifact, dialect),
        content,
      })),
    );
    const set = { writer: 'plan-upgrade', files, earlier: artifactsOf('plan-upgrade'), markers: [] };
    const artifacts = outputDirectory === undefined ? [] : await replaceFiles(outputDirectory, set);
    const failures = plans.flatMap(({ plan: each, survey }) => survey?.objections ?? refusals(each));
    const next = nextCommands(options, place?.sources, plans, failures.length > 0);
    return { plans, artifacts, diagnostics, failures, next };
  },
  lines({ plans, artifacts, next }, { options: { format } }) {
    if (format === 'markdown') return [upgradeMarkdown(plans, next).trimEnd()];
    const isUpgraded = plans.some(({ state }) => state === 'after');
    const done = isUpgraded ? ['The database already has the later schema set.'] : [];
    return [...upgradeReport(plans, next), ...done, ...artifacts.map(({ file }) => `Written: ${file}`)];
  },
  value: ({ plans, artifacts, next }, { isDatabaseNamed }) => ({
    files: artifacts.map(({ file }) => file),
    ...(isDatabaseNamed ? { isUpgraded: plans.some(({ state }) => state === 'after') } : {}),
    plans: plans.map((reported) => camelMembers(JSON.parse(upgradeText(reported)))),
    next,
  }),
  onFleet: planOfFleet,
  // each database is asked how much it would lose, also without a permission
  goesOn: ({ plans }) => plans.every(({ plan: { verdict } }) => verdict !== 'impossible'),
});

/** A plan, and which of its sets the database has that was queried. */
interface PlannedState {
  readonly plan: UpgradePlan;
  readonly state: SurveyedUpgrade['state'] | null;
}

/** What `upgrade plan` was given. */
export interface PlannedOptions {
  readonly before: string;
  readonly after: string;
  readonly output?: string | undefined;
  readonly allowLoss?: readonly string[] | undefined;
  readonly allowInvalid?: readonly string[] | undefined;
  readonly adopt?: boolean | undefined;
  readonly rename?: readonly string[] | undefined;
  readonly renames?: string | undefined;
}

/** The database that was named. */
export type NamedDatabase = Pick<TargetSources, 'connection' | 'connectionEnv' | 'connectionFile'>;

type Option = readonly [name: string, value?: string];

const commandText = (command: string, options: readonly Option[]) =>
  [
    'dms-ddl',
    'upgrade',
    command,
    ...options.flatMap(([name, value]) => (value === undefined ? [name] : [name, shellWord(value)])),
  ].join(' ');

/** The database, without a connection text: it may have a password. */
function databaseOptions({ connectionEnv, connectionFile }: NamedDatabase): readonly Option[] {
  if (connectionFile !== undefined && connectionEnv === undefined) return [['--connection-file', connectionFile]];
  return [['--connection-env', connectionEnv ?? 'DATABASE']];
}

const repeated = (name: string, values: readonly string[] | undefined): readonly Option[] =>
  (values ?? []).map((value) => [name, value]);

/**
 * The commands that come after a plan, as a user runs them, in their order (design 12 §7): the same plan with a
 * permission or with a database, then the preparation, the dry run and the upgrade. None follows where the database
 * already has the later set, or where nothing can be done.
 */
export function nextCommands(
  given: PlannedOptions,
  named: NamedDatabase | undefined,
  plans: readonly PlannedState[],
  isRefused: boolean,
): readonly string[] {
  if (plans.some(({ plan, state }) => plan.verdict === 'impossible' || state === 'after')) return [];
  const dialects: readonly SqlDialect[] = plans.map(({ plan }) => plan.dialect);
  const sets: readonly Option[] = [
    ['--before', given.before],
    ['--after', given.after],
  ];
  const renames: readonly Option[] = [
    ...repeated('--rename', given.rename),
    ...(given.renames === undefined ? [] : [['--renames', given.renames] as const]),
  ];
  const losses = repeated('--allow-loss', given.allowLoss);
  const invalid = repeated('--allow-invalid', given.allowInvalid);
  const adopt: readonly Option[] = given.adopt ? [['--adopt']] : [];
  const dialect: readonly Option[] =
    dialects.length === 1 && dialects[0] !== undefined ? [['--dialect', dialects[0]]] : [];
  const whole = [...sets, ...dialect, ...renames];
  const output: readonly Option[] = given.output === undefined ? [] : [['--output', given.output]];
  if (plans.some(({ plan }) => plan.unpermitted.length > 0))
    return [commandText('plan', [...whole, ['--allow-loss', 'all'], ...invalid, ...adopt, ...output])];
  const database = databaseOptions(named ?? {});
  const asked = [...whole, ...losses, ...invalid, ...adopt, ...database];
  const plan = commandText('plan', [...asked, ...output]);
  if (isRefused) return [plan];
  const canBePrepared = plans.some((each) => each.plan.statements.some(({ preparation }) => preparation !== undefined));
  return [
    ...(named === undefined ? [plan] : []),
    ...(canBePrepared ? [commandText('prepare', [...whole, ...losses, ...database])] : []),
    commandText('apply', [...asked, ['--dry-run']]),
    commandText('apply', asked),
  ];
}
