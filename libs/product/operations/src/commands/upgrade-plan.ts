import { connected, type PersistentTarget, type TargetSources, withTarget } from '@dms/databases';
import { append, counted, type Diagnostic, failIfAny, megabytesText, shellWord } from '@dms/diagnostics';
import { replaceFiles } from '@dms/files';
import { mustExist } from '@dms/model';
import { inDialectOrder, type SqlDialect } from '@dms/sql';
import { fittingTranslations } from '@dms/translation';
import {
  type ComparedSet,
  countedItems,
  durationText,
  invalidText,
  planErrors,
  planUpgrade,
  type ReportedPlan,
  reportedPlan,
  roughBytes,
  roughSeconds,
  type SurveyedUpgrade,
  surveyUpgrade,
  type UpgradePlan,
  upgradeMarkdown,
  upgradeReport,
  upgradeText,
} from '@dms/upgrade';
import { collationFor, inCollation, restoredViews, upgradeFiles, upgradeSet } from '../build-steps/upgrade.ts';
import {
  type Context,
  camelMembers,
  type DatabaseWork,
  fileOperation,
  type OptionsOf,
  writtenLines,
} from '../declaring/operation.ts';
import { choice, flagOf, output, related, usually } from '../declaring/option.ts';
import { connectionNames, severalDialects } from '../declaring/subject.ts';
import type { FleetDatabase } from '../fleet/fleet-databases.ts';
import { artifactFile, artifactsOf } from '../incremental-build/step-table.ts';
import { type Artifact, dialectsOfArtifacts, dialectsOfScripts, folderStore } from '../incremental-build/stores.ts';
import { usualProgram } from '../sources/mapping-set/next-steps.ts';
import { sameFolder } from '../sources/source.ts';
import { upgradeNames } from '../sources/translations.ts';
import {
  keptRejects,
  type PreparedWithViews,
  preparedWithViews,
  rejectsOption,
  upgradeOptions,
} from './upgrade-options.ts';

/** A plan, with the state of the queried database. */
interface EstimatedPlan extends ReportedPlan {
  /** Which of the two sets the database has; null if no database was queried. */
  readonly state: SurveyedUpgrade['state'] | null;
  /** The findings in the database; null if no database was queried. */
  readonly survey: SurveyedUpgrade | null;
}

/** The options of a plan that can query a database; only a database has documents that a translation rejects. */
const planOptions = {
  ...upgradeOptions,
  ...related({ rejects: rejectsOption }, { needs: [[...connectionNames, 'fleet']] }),
};

/** Queries a database for the findings of the upgrade; `entry` is its place in a fleet. */
const surveyed = (
  target: PersistentTarget,
  {
    before,
    after,
    plan,
    restoreViews,
  }: Pick<PreparedWithViews, 'before' | 'after' | 'restoreViews'> & { readonly plan: UpgradePlan },
  { adopt, rejects }: Pick<OptionsOf<typeof planOptions>, 'adopt' | 'rejects'>,
  context: Context,
  entry?: Pick<FleetDatabase, 'name'>,
): Promise<SurveyedUpgrade> =>
  connected(target, context, async (connection) => {
    context.onProgress?.('check rows and documents');
    const { signal } = context;
    const kept = await keptRejects(rejects, entry, context);
    return surveyUpgrade(connection, before, after, { plan, adopt, restoreViews, rejects: kept, signal });
  });

/** The findings of the upgrade in each database of a fleet. */
const planOfFleet: DatabaseWork<OptionsOf<typeof planOptions>, 'none', PreparedWithViews, SurveyedUpgrade> = {
  purpose: 'check',
  skipsDone: false,
  prepare: (input) => preparedWithViews(input, {}, { onlyAsks: true }),
  async run({ target, prepared, entry }, { options }, context) {
    const plan = mustExist(prepared.plan, 'the plan');
    const found = await surveyed(target, { ...prepared, plan }, options, context, entry);
    failIfAny(found.errors);
    return found;
  },
  entry({ state, losses, invalid, estimate, diagnostics }) {
    const lost = losses.reduce((sum, { count }) => sum + count, 0);
    return {
      outcome: state === 'after' ? 'already upgraded' : 'ready',
      detail: [
        ...(estimate?.time ? [durationText(estimate.time.whole)] : []),
        ...(estimate?.bytes ? [`${megabytesText(roughBytes(estimate.bytes))} more until the commit`] : []),
        ...(lost === 0 ? [] : [`${counted(lost, 'value')} would be lost`]),
        ...invalidText(invalid),
        ...(diagnostics.length === 0 ? [] : ['differs from its schema set']),
      ].join('; '),
      value: {
        losses: countedItems(losses),
        invalid: countedItems(invalid),
        ...(estimate?.time
          ? {
              estimate: {
                seconds: roughSeconds(estimate.time.whole),
                ...(estimate.bytes === null ? {} : { bytes: roughBytes(estimate.bytes) }),
              },
            }
          : {}),
      },
    };
  },
};

interface PlannedUpgrades {
  /** `pgsql` before `mssql`. */
  readonly plans: readonly EstimatedPlan[];
  readonly artifacts: readonly Artifact[];
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Why there is no script: `UPGRADE_IMPOSSIBLE`, `UPGRADE_LOSS`; or why the queried database cannot be upgraded: the
   * objections of its survey.
   */
  readonly failures: readonly Diagnostic[];
  /** The commands to run next. */
  readonly next: readonly string[];
}

/**
 * Plans the upgrade of a database from one schema set to another (design 12 §7). A refused plan is written without its
 * script. If a database is named, it is queried as `upgrade apply` would query it; if it has objections, the script is
 * written all the same, and contains them. Throws `UPGRADE_INPUT_STALE`, `UPGRADE_PERMISSION_UNUSED`,
 * `UPGRADE_RENAME_*`, `TRANSLATION_*`, `INPUT_*`, `MODEL_FILE_INVALID`, `OUTPUT_*`, and with a database also
 * `UPGRADE_WRONG_DATABASE`, `UPGRADE_DRIFTED` and the `DB_*` codes.
 */
export const plan = fileOperation({
  name: 'upgrade plan',
  group: 'first',
  summary: 'say what an upgrade does, and write its script',
  description:
    'Compares two folders of artifacts and prints what changes, and which locks the upgrade takes. With --output it writes ' +
    'upgrade.<dialect>.sql and upgrade.<dialect>.json. No database is needed. With --connection it asks that database, and with --fleet each ' +
    'database, which rows do not allow the upgrade, what would be lost, how long the upgrade takes there, and how much it writes.',
  examples: [
    'upgrade plan --before released --after out --output upgrade',
    'upgrade plan --before released --after out --connection-env CAMPUS_DB --output upgrade --format markdown > upgrade.md',
  ],
  worksOn: {
    source: 'none',
    dialect: severalDialects('those of the folder --after', 'pgsql or mssql (repeatable; '),
    connection: 'possible',
    fleet: { conflicts: [] },
  },
  arguments: {},
  options: {
    ...planOptions,
    output: output('<dir>', 'folder for the files; without it the plan is only printed'),
    format: usually(choice('<name>', 'how the plan is printed', ['text', 'markdown'], { group: 'output' }), 'text'),
  },
  check({ isDatabaseNamed, dialects = [] }, misuse) {
    if (isDatabaseNamed && dialects.length > 1)
      misuse(`a database has one dialect: name it with '${flagOf('dialect')}'`, 'OPTION_MISSING');
  },
  async run(
    { options, dialects, dialect: shown, isDatabaseNamed, placeOf, program = usualProgram },
    context,
  ): Promise<PlannedUpgrades> {
    const { before, after, allowLoss, allowInvalid, output: outputDirectory } = options;
    const earlier = folderStore(before);
    const later = folderStore(after);
    const namesOf = await upgradeNames(options);
    const all = inDialectOrder(dialects ?? (await dialectsOfScripts(later)));
    const plans: EstimatedPlan[] = [];
    const diagnostics: Diagnostic[] = [];
    let fitting: readonly string[] = [];
    const place = isDatabaseNamed ? placeOf?.() : undefined;
    const ofDatabase = all.find((each) => each === shown) ?? all[0];
    for (const dialect of all.filter((each) => place === undefined || each === ofDatabase)) {
      context.onProgress?.(`plan ${dialect}`);
      // a plan of both dialects needs the option for one of them
      const isOneOfSeveral = place === undefined && all.length > 1;
      const collation = isOneOfSeveral ? collationFor(dialect, options.collation) : options.collation;
      const sets = {
        before: inCollation(await upgradeSet(earlier, dialect), collation),
        after: await upgradeSet(later, dialect),
      };
      const { notes, ...names } = namesOf(sets.before, sets.after);
      if (plans.length === 0) append(diagnostics, notes);
      fitting = fittingTranslations(versionsOf(sets.before), versionsOf(sets.after));
      const planned = planUpgrade(sets.before, sets.after, { allowLoss, allowInvalid, ...names });
      const reported = reportedPlan(sets.before, sets.after, planned);
      if (place === undefined || planned.verdict === 'impossible')
        plans.push({ ...reported, state: null, survey: null });
      else {
        const restoreViews = await restoredViews(after, sets.after);
        const survey = await withTarget({ ...place, dialect, signal: context.signal }, 'check', (target) =>
          surveyed(target, { ...sets, plan: planned, restoreViews }, options, context),
        );
        const { estimate, state, losses, counts, translation } = survey;
        const findings = state === 'after' ? null : { losses, checks: counts };
        plans.push({ ...reported, estimate, findings, translation, state, survey });
        append(diagnostics, survey.diagnostics);
      }
    }
    const files = plans.flatMap((reported) =>
      upgradeFiles(reported, reported.survey?.errors).map(({ artifact, dialect, content }) => ({
        name: artifactFile(artifact, dialect),
        content,
      })),
    );
    const set = { writer: 'plan-upgrade', files, earlier: artifactsOf('plan-upgrade'), markers: [] };
    const artifacts = outputDirectory === undefined ? [] : await replaceFiles(outputDirectory, set);
    const failures = [
      ...sameFolder(before, after),
      ...plans.flatMap(({ plan: each, survey }) => survey?.errors ?? planErrors(each)),
    ];
    const known = { sources: place?.sources, shown, held: await dialectsOfArtifacts(after), fitting, program };
    const next = nextCommands(options, known, plans, failures.length > 0);
    return { plans, artifacts, diagnostics, failures, next };
  },
  lines({ plans, artifacts, next }, { options: { format } }) {
    if (format === 'markdown') return [upgradeMarkdown(plans, next).trimEnd()];
    const isUpgraded = plans.some(({ state }) => state === 'after');
    const done = isUpgraded ? ['The database already has the later schema set.'] : [];
    return [...upgradeReport(plans, next), ...done, ...writtenLines(artifacts)];
  },
  value: ({ plans, artifacts, next }, { isDatabaseNamed }) => ({
    files: artifacts.map(({ file }) => file),
    ...(isDatabaseNamed ? { isUpgraded: plans.some(({ state }) => state === 'after') } : {}),
    plans: plans.map((reported) => camelMembers(JSON.parse(upgradeText(reported)))),
    next,
  }),
  onFleet: planOfFleet,
  // each database is queried for its losses, even without a permission
  goesOn: ({ plans }) => plans.every(({ plan: { verdict } }) => verdict !== 'impossible'),
});

const versionsOf = ({ model }: ComparedSet): ReadonlyMap<string, string> =>
  new Map(model.projects.map(({ projectName, projectVersion }) => [projectName, projectVersion]));

/** The options given to `upgrade plan`. */
interface PlanOptions extends OptionsOf<typeof planOptions> {
  readonly output?: string | undefined;
}

/** A command as a user runs it, with the options that have a value. */
function commandText(program: string, command: string, options: Readonly<Record<string, unknown>>): string {
  const words = Object.entries(options).flatMap(([name, value]) =>
    [value].flat().flatMap((each) => {
      if (each === undefined) return [];
      return each === true ? [flagOf(name)] : [flagOf(name), shellWord(String(each))];
    }),
  );
  return [program, 'upgrade', command, ...words].join(' ');
}

/** Facts besides the options of a plan. */
interface Known {
  /** The words with which the user runs the program. */
  readonly program: string;
  /** The named database; undefined if none was named. */
  readonly sources: TargetSources | undefined;
  /** The dialect that the connection text reveals. */
  readonly shown: SqlDialect | undefined;
  /** The dialects of the later artifacts. */
  readonly held: readonly SqlDialect[];
  /** The translations of the product between the versions of both sets. */
  readonly fitting: readonly string[];
}

/** Options for the named database, without a connection text, which may contain a password. */
const databaseOptions = ({ connectionEnv, connectionFile }: TargetSources) =>
  connectionFile !== undefined && connectionEnv === undefined
    ? { connectionFile }
    : { connectionEnv: connectionEnv ?? 'DATABASE' };

/**
 * The commands to run after a plan, in their order (design 12 §7): the same plan with a translation of the product,
 * with a permission or with a database, then the preparation, the dry run and the upgrade. Empty if the database
 * already has the later set, or if the upgrade is impossible. The commands name the dialect if the artifacts have
 * several and the connection reveals none; with a collation, each dialect of the plan has its commands.
 */
function nextCommands(
  given: PlanOptions,
  known: Known,
  plans: readonly EstimatedPlan[],
  isRefused: boolean,
): readonly string[] {
  if (plans.some(({ plan: each, state }) => each.verdict === 'impossible' || state === 'after')) return [];
  const { before, after, translation, rename, allowLoss, allowInvalid, rejects, output: folder } = given;
  const { sources: named, shown, held, fitting, program } = known;
  const adopt = given.adopt || undefined;
  const planned = plans.length === 1 ? plans[0]?.plan.dialect : undefined;
  const ofSeveral = held.length > 1 ? planned : undefined;
  const collation = planned === undefined ? given.collation : collationFor(planned, given.collation);
  if (plans.some(({ plan: each }) => each.unpermitted.length > 0)) {
    // a translation of the product keeps the data that it carries
    const isCarried = translation === undefined && rename === undefined && fitting.length > 0;
    const way = isCarried ? { translation: fitting } : { translation, rename, allowLoss: 'all' };
    return [
      commandText(program, 'plan', {
        before,
        after,
        dialect: ofSeveral,
        collation,
        ...way,
        allowInvalid,
        adopt,
        output: folder,
      }),
    ];
  }
  // only the commands for a database of SQL Server accept the collation
  if (planned === undefined && collation !== undefined)
    return plans.flatMap((each) => nextCommands(given, known, [each], isRefused));
  const isTaken = planned === held[0] || planned === shown;
  const whole = { before, after, dialect: isTaken ? undefined : ofSeveral, collation, translation, rename };
  const database = databaseOptions(named ?? {});
  const asked = { ...whole, allowLoss, allowInvalid, adopt, ...database };
  const again = commandText(program, 'plan', { ...asked, rejects, output: folder });
  if (isRefused) return [again];
  const canBePrepared = plans.some(({ plan: { statements } }) =>
    statements.some(({ preparation }) => preparation !== undefined),
  );
  return [
    ...(named === undefined ? [again] : []),
    ...(canBePrepared ? [commandText(program, 'prepare', { ...whole, allowLoss, ...database })] : []),
    commandText(program, 'apply', { ...asked, rejects, dryRun: true }),
    commandText(program, 'apply', { ...asked, rejects }),
  ];
}
