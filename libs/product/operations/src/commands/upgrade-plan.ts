import { append, type Diagnostic } from '@dms/diagnostics';
import { replaceFiles } from '@dms/files';
import { inDialectOrder } from '@dms/sql';
import { fittingTranslations } from '@dms/translation';
import {
  type ComparedSet,
  planErrors,
  planUpgrade,
  reportedPlan,
  upgradeMarkdown,
  upgradeReport,
  upgradeText,
} from '@dms/upgrade';
import { collationFor, inCollation, upgradeFiles, upgradeSet } from '../build-steps/upgrade.ts';
import { camelMembers, fileOperation, writtenLines } from '../declaring/operation.ts';
import { flagOf } from '../declaring/option.ts';
import { expectForDialect } from '../declaring/option-relations.ts';
import { severalDialects } from '../declaring/subject.ts';
import { artifactFile, artifactsOf } from '../incremental-build/step-table.ts';
import { type Artifact, dialectsOfArtifacts, dialectsOfScripts, folderStore } from '../incremental-build/stores.ts';
import { usualProgram } from '../sources/mapping-set/next-steps.ts';
import { sameFolder } from '../sources/source.ts';
import { upgradeNames } from '../sources/translations.ts';
import { nextCommands } from './upgrade-plan/next-commands.ts';
import { planOfDatabase } from './upgrade-plan/plan-of-database.ts';
import { planOfFleet } from './upgrade-plan/plan-of-fleet.ts';
import { type EstimatedPlan, planOfFiles, planOptions } from './upgrade-plan/planned-upgrade.ts';

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
  options: planOptions,
  check({ isDatabaseNamed, dialects = [] }, misuse) {
    if (isDatabaseNamed && dialects.length > 1)
      misuse(`a database has one dialect: name it with '${flagOf('dialect')}'`, 'OPTION_MISSING');
  },
  async run(input, context): Promise<PlannedUpgrades> {
    const { options, dialects, dialect: shown, isDatabaseNamed, placeOf, program = usualProgram } = input;
    const { before, after, allowLoss, allowInvalid, output: outputDirectory } = options;
    const place = isDatabaseNamed ? placeOf?.() : undefined;
    const ground = place === undefined ? planOfFiles : planOfDatabase(place, input, context);
    const earlier = folderStore(before);
    const later = folderStore(after);
    const namesOf = await upgradeNames(options);
    const chosen = ground.dialectsAmong(inDialectOrder(dialects ?? (await dialectsOfScripts(later))));
    // a plan of both dialects needs the options of one of them
    const [only, ...others] = chosen;
    if (only !== undefined && others.length === 0) expectForDialect(planOptions, options, only);
    const plans: EstimatedPlan[] = [];
    const diagnostics: Diagnostic[] = [];
    let fitting: readonly string[] = [];
    for (const dialect of chosen) {
      context.onProgress?.(`plan ${dialect}`);
      const collation = collationFor(dialect, options.collation);
      const sets = {
        before: inCollation(await upgradeSet(earlier, dialect), collation),
        after: await upgradeSet(later, dialect),
      };
      const { notes, ...names } = namesOf(sets.before, sets.after);
      if (plans.length === 0) append(diagnostics, notes);
      fitting = fittingTranslations(versionsOf(sets.before), versionsOf(sets.after));
      const planned = planUpgrade(sets.before, sets.after, { allowLoss, allowInvalid, ...names });
      const reported = { ...reportedPlan(sets.before, sets.after, planned), collation };
      const estimated = await ground.estimated(reported, sets);
      plans.push(estimated);
      append(diagnostics, estimated.survey?.diagnostics ?? []);
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
    const known = { sources: ground.sources, shown, held: await dialectsOfArtifacts(after), fitting, program };
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
