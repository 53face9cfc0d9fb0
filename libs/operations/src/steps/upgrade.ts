import { changing } from '@dms/databases';
import { append, counted, type Diagnostic, failIfAny } from '@dms/diagnostics';
import { replaceFiles } from '@dms/files';
import { restoreViews } from '@dms/ods';
import { dialects as allDialects, type SqlDialect } from '@dms/sql';
import {
  type ApplyOptions,
  type ComparedSet,
  impossibleItems,
  planUpgrade,
  preparationScripts,
  type ReportedPlan,
  type RestoreViews,
  reportedPlan,
  type SurveyedUpgrade,
  surveyUpgrade,
  type Upgraded,
  type UpgradePlan,
  unpermittedLosses,
  upgradeDatabase,
  upgradeText,
} from '@dms/upgrade';
import { type VerifiedUpgrade, type VerifyUpgradeOptions, verifyUpgrade } from '@dms/verification';
import { connected, type DatabaseOptions, type DatabaseResult, withTarget } from '../databases/with-database.ts';
import {
  catalogFormat,
  ddlManifestFormat,
  documentSchemasFormat,
  inventoryFormat,
  manifestFormat,
  modelFormat,
  scriptFormat,
} from '../engine/artifact-formats.ts';
import type { ArtifactReader, Made, Step } from '../engine/step.ts';
import { type FolderStepOptions, type StepResult, stepInFolder } from '../engine/step-in-folder.ts';
import { artifactFile, artifactsOf, type WrittenBy } from '../engine/step-table.ts';
import { type Artifact, earlierStore, folderStore, odsMappingOf } from '../engine/stores.ts';
import { type RenameOptions, requestedRenames } from '../sources/renames/read-renames.ts';
import { ofDialect } from '../sources/source.ts';

/** What a folder, or a store of compiled schemas, holds of one dialect. */
export async function upgradeSet(store: ArtifactReader, dialect: SqlDialect): Promise<ComparedSet> {
  return {
    info: await store.read(manifestFormat),
    model: await store.read(modelFormat, dialect),
    inventory: await store.read(inventoryFormat, dialect),
    catalog: await store.read(catalogFormat, dialect),
    schemas: await store.read(documentSchemasFormat),
  };
}

/** What two folders hold of one dialect; without one of the first that both have files of. */
export function upgradeSets({ before, after, dialect }: Pick<ApplyUpgradeOptions, 'before' | 'after' | 'dialect'>): Promise<{
  readonly before: ComparedSet;
  readonly after: ComparedSet;
}> {
  return ofDialect(dialect, async (each) => ({
    before: await upgradeSet(folderStore(before), each),
    after: await upgradeSet(folderStore(after), each),
  }));
}

/** How an upgrade to the set of a folder gives a database reporting views; undefined if the folder has no mapping of an ODS. */
export async function restoredViews(after: string, { model }: ComparedSet): Promise<RestoreViews | undefined> {
  const mapping = await odsMappingOf(folderStore(after));
  return mapping && ((connection, earlier, limits) => restoreViews(connection, mapping, model, earlier, limits));
}

/** Why a plan may not be carried out. */
export const refusals = (plan: UpgradePlan): readonly Diagnostic[] => [...impossibleItems(plan), ...unpermittedLosses(plan)];

export interface PlanUpgradeOptions extends RenameOptions {
  /** Folders with the artifacts of two schema sets. */
  readonly before: string;
  readonly after: string;
  /** Default: the dialects that `after` has scripts for. */
  readonly dialects?: readonly SqlDialect[] | undefined;
  readonly allowLoss?: readonly string[] | undefined;
  /** Resources whose documents may break rules of the later set. */
  readonly allowInvalid?: readonly string[] | undefined;
  /** Without a folder no file is written. */
  readonly outputDirectory?: string | undefined;
  /** Whether the database may be of the service's own tool; its triggers and functions then become ours first. */
  readonly adopt?: boolean | undefined;
  /** A database with the set `before`. Its rows are counted for an estimate; the plan then has one dialect. */
  readonly database?: Omit<DatabaseOptions, 'dialect' | 'onProgress'> | undefined;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

/** A plan, and what it means for the database that was queried. */
export interface EstimatedPlan extends ReportedPlan {
  /** Which of the two sets the database has; null if no database was queried. */
  readonly state: SurveyedUpgrade['state'] | null;
  /** What the upgrade would find in the database; null if no database was queried. */
  readonly survey: SurveyedUpgrade | null;
}

/** What the database that was queried objects to, as comments of a script. */
function objectionNotes(objections: readonly Diagnostic[]): string {
  if (objections.length === 0) return '';
  const lines = [
    'The database that was queried does not allow this upgrade. This script ends there without a change, except',
    'where only documents object: it does not read documents.',
    // nothing has told the client the encoding of the script yet
    ...objections.map(
      ({ code, message }) =>
        `${code}: ${message
          .replace(/\s+/g, ' ')
          .replace(/…/g, '...')
          .replace(/[^ -~]/g, '?')}`,
    ),
  ];
  return `${lines.map((line) => `-- ${line}`).join('\n')}\n`;
}

/** The files of a plan; one that is refused has no scripts. */
function upgradeFiles(
  reported: ReportedPlan,
  objections: readonly Diagnostic[] = [],
): (Made<WrittenBy<'plan-upgrade'>> & { readonly content: string })[] {
  const { plan } = reported;
  const { dialect, script } = plan;
  const scripts = preparationScripts(plan);
  const notes = objectionNotes(objections);
  return [
    ...(script === null ? [] : [{ artifact: 'upgradeScript' as const, dialect, content: notes + script }]),
    { artifact: 'upgrade', dialect, content: upgradeText(reported) },
    ...(scripts === null
      ? []
      : [
          { artifact: 'prepareScript' as const, dialect, content: scripts.prepare },
          { artifact: 'switchScript' as const, dialect, content: scripts.switch },
        ]),
  ];
}

export interface PlannedUpgrade extends DatabaseResult {
  /** `pgsql` before `mssql`. */
  readonly plans: readonly EstimatedPlan[];
  readonly artifacts: readonly Artifact[];
  /** Why there is no script: `UPGRADE_IMPOSSIBLE`, `UPGRADE_LOSS`; why the database cannot be upgraded: the objections of its survey. */
  readonly refused: readonly Diagnostic[];
}

/**
 * `dms-ddl upgrade plan`: how a database of one schema set becomes one of another (design 12 §7). A plan that is refused is written
 * without its script. A database that is named is asked what `upgrade apply` would ask it; the script is written even if it objects, and says so.
 * Throws `UPGRADE_INPUT_STALE`, `UPGRADE_PERMISSION_UNUSED`, `UPGRADE_RENAME_*`, `CONFIG_INVALID`, `INPUT_*`,
 * `MODEL_FILE_INVALID`, `OUTPUT_*`, and with a database also `UPGRADE_WRONG_DATABASE`, `UPGRADE_DRIFTED` and the `DB_*` codes.
 */
export async function planUpgradeOfFolders(options: PlanUpgradeOptions): Promise<PlannedUpgrade> {
  const { before, after, dialects, allowLoss, allowInvalid, adopt, outputDirectory, database, onProgress } = options;
  const [earlier, later] = [folderStore(before), folderStore(after)];
  const renames = await requestedRenames(options);
  const known = dialects ?? (await later.read(ddlManifestFormat)).scripts.map(({ dialect }) => dialect);
  const all = allDialects.filter((each) => known.includes(each));
  const plans: EstimatedPlan[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const dialect of database === undefined ? all : all.slice(0, 1)) {
    onProgress?.(`plan ${dialect}`);
    const sets = { before: await upgradeSet(earlier, dialect), after: await upgradeSet(later, dialect) };
    const plan = planUpgrade(sets.before, sets.after, { allowLoss, allowInvalid, renames });
    const reported = reportedPlan(sets.before, sets.after, plan);
    if (database === undefined || plan.verdict === 'impossible') plans.push({ ...reported, state: null, survey: null });
    else {
      const survey = await withTarget({ ...database, dialect }, 'check', (target) =>
        connected(target, { signal: database.signal, onProgress }, async (connection) => {
          onProgress?.('check rows and documents');
          const own = { plan, adopt, signal: database.signal };
          return surveyUpgrade(connection, sets.before, sets.after, own);
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
  const refused = plans.flatMap(({ plan, survey }) => survey?.objections ?? refusals(plan));
  return { plans, artifacts, diagnostics, refused };
}

export interface PlanUpgradeInFolderOptions extends FolderStepOptions {
  /** The folder with the artifacts of the set before the change. */
  readonly upgradeFrom: string;
  readonly allowLoss?: readonly string[] | undefined;
  /** A file of renames. */
  readonly renames?: string | undefined;
}

export interface PlanUpgradeInFolderResult extends StepResult {
  readonly plans: readonly ReportedPlan[];
}

/** Runs the step `plan-upgrade`. A plan that is refused fails the step, with `UPGRADE_IMPOSSIBLE` and `UPGRADE_LOSS`. */
export async function planUpgradeInFolder(options: PlanUpgradeInFolderOptions): Promise<PlanUpgradeInFolderResult> {
  const { upgradeFrom, allowLoss, renames: file, ...folder } = options;
  const plans: ReportedPlan[] = [];
  const step: Step<'plan-upgrade'> = {
    name: 'plan-upgrade',
    async run({ read, perDialect }) {
      const earlier = earlierStore(upgradeFrom, 'upgradeFrom');
      const asked = { allowLoss, renames: await requestedRenames({ renames: file }) };
      const found = await perDialect(async (dialect) => {
        const [before, after] = [await upgradeSet(earlier, dialect), await upgradeSet({ read } as ArtifactReader, dialect)];
        return reportedPlan(before, after, planUpgrade(before, after, asked));
      });
      failIfAny(found.flatMap(({ plan }) => refusals(plan)));
      append(plans, found);
      return { made: found.flatMap((each) => upgradeFiles(each)), diagnostics: [] };
    },
  };
  const result = await stepInFolder(step, folder, () => undefined);
  return { ...result, plans };
}

export interface VerifyUpgradeInFolderResult extends StepResult {
  readonly verified: readonly VerifiedUpgrade[];
}

/**
 * Runs the step `verify-upgrade`: proves the upgrade on an embedded database of documents, and looks at the script for SQL Server.
 * Throws the `UPGRADE_*` codes, `VERIFY_BEHAVIOUR`, `VERIFY_STATIC`.
 */
export async function verifyUpgradeInFolder(
  options: PlanUpgradeInFolderOptions & Pick<VerifyUpgradeOptions, 'signal'>,
): Promise<VerifyUpgradeInFolderResult> {
  const { upgradeFrom, allowLoss, renames: file, signal, ...folder } = options;
  const verified: VerifiedUpgrade[] = [];
  const step: Step<'verify-upgrade'> = {
    name: 'verify-upgrade',
    async run({ read, perDialect }) {
      const earlier = earlierStore(upgradeFrom, 'upgradeFrom');
      const renames = await requestedRenames({ renames: file });
      const provisioned = async (store: ArtifactReader, dialect: SqlDialect) => ({
        ...(await upgradeSet(store, dialect)),
        script: await store.read(scriptFormat, dialect),
      });
      const found = await perDialect(async (dialect) => {
        const later = await provisioned({ read } as ArtifactReader, dialect);
        return verifyUpgrade(await provisioned(earlier, dialect), later, { allowLoss, renames, signal });
      });
      append(verified, found);
      return { made: [], diagnostics: [] };
    },
  };
  const result = await stepInFolder(step, folder, () => undefined);
  return { ...result, verified };
}

/** What was proven, line by line. */
export function verifiedUpgradeLines({ plan, documents, skipped }: VerifiedUpgrade): string[] {
  const what = documents === null ? 'the script was looked at' : `${counted(documents, 'document')} went through it`;
  return [
    `${plan.dialect}: verdict ${plan.verdict}, ${counted(plan.statements.length, 'statement')}, ${what}`,
    ...skipped.map(({ table, reason }) => `${plan.dialect}: ${table} had no rows: ${reason}`),
  ];
}

export interface ApplyUpgradeOptions
  extends Omit<DatabaseOptions, 'dialect'>,
    RenameOptions,
    Pick<ApplyOptions, 'allowLoss' | 'allowInvalid' | 'adopt' | 'dryRun' | 'onWaiting' | 'statementTimeout'> {
  readonly before: string;
  readonly after: string;
  /** Default: the dialect of the artifacts, or `pgsql` if they have both. */
  readonly dialect?: SqlDialect | undefined;
  /** Milliseconds in which the upgrade tries to get its locks. */
  readonly lockTimeout?: number | undefined;
  /** Told of each step and what it is about. */
  readonly onStep?: ApplyOptions['onProgress'];
}

export interface AppliedUpgrade extends DatabaseResult, Omit<Upgraded, 'diagnostics'> {}

/**
 * `dms-ddl upgrade apply`: upgrades the database that the options name (design 12 §7). Throws the `UPGRADE_*` codes, `CONFIG_INVALID`,
 * `PROVISION_LOCKED`, `VERIFY_CATALOG_DIFFERS`, `INPUT_*` and the `DB_*` codes.
 */
export async function applyUpgradeOfFolders(options: ApplyUpgradeOptions): Promise<AppliedUpgrade> {
  const { allowLoss, allowInvalid, adopt, dryRun, onWaiting, onStep, onProgress, signal, lockTimeout, statementTimeout } =
    options;
  onProgress?.('read artifacts');
  const renames = await requestedRenames(options);
  const { before, after } = await upgradeSets(options);
  const restore = await restoredViews(options.after, after);
  return withTarget({ ...options, dialect: after.model.dialect }, 'check', (target) => {
    onProgress?.('plan');
    const apply = () =>
      upgradeDatabase(target, before, after, {
        ...{ allowLoss, allowInvalid, renames, adopt, dryRun, onWaiting, signal, statementTimeout, restoreViews: restore },
        limits: lockTimeout === undefined ? {} : { lock: lockTimeout },
        onProgress: onStep,
      });
    return changing(apply);
  });
}

const headings: Readonly<Record<Upgraded['outcome'], string>> = {
  upgraded: 'Upgraded',
  dryRun: 'Dry run: everything was done and rolled back',
  alreadyUpgraded: 'The database already has the later schema set; nothing was changed',
};

/** What was done, line by line. */
export function upgradedLines({
  outcome,
  plan,
  adoption,
  losses,
  invalid,
  documents,
  prepared,
}: Pick<Upgraded, 'outcome' | 'plan' | 'adoption' | 'losses' | 'invalid' | 'documents' | 'prepared'>): string[] {
  const lines = [headings[outcome], `Effective schema hash: ${plan.after.effectiveSchemaHash}`];
  if (outcome === 'alreadyUpgraded') return lines;
  return [
    ...lines,
    ...(adoption === null ? [] : [`Adopted first: ${counted(adoption.statements.length, 'statement')}`]),
    `${counted(plan.statements.length, 'statement')}, verdict ${plan.verdict}`,
    ...(prepared === 0 ? [] : [`Prepared before: ${counted(prepared, 'statement')}`]),
    ...losses.map(({ item, count }) => `Lost: ${item.change}: ${item.path.join('.')} (${count})`),
    ...invalid.map(({ item, count }) => `Left invalid: ${counted(count, 'document')}: ${item.change}: ${item.path.join('.')}`),
    `Documents: ${documents}`,
  ];
}
