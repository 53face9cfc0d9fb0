import { append, counted, type Diagnostic, fail, failIfAny } from '@dms/diagnostics';
import { restoreViews } from '@dms/ods';
import { collationNames, keyCollation, type SqlDialect } from '@dms/sql';
import {
  type ComparedSet,
  planErrors,
  planUpgrade,
  preparationScripts,
  type ReportedPlan,
  type RestoreViews,
  reportedPlan,
  upgradeText,
} from '@dms/upgrade';
import type { VerifiedUpgrade, VerifyUpgradeOptions } from '@dms/verification';
import {
  catalogFormat,
  documentSchemasFormat,
  inventoryFormat,
  modelFormat,
  scriptFormat,
} from '../incremental-build/artifact-formats.ts';
import type { ArtifactReader, Made, Step } from '../incremental-build/step.ts';
import type { WrittenBy } from '../incremental-build/step-table.ts';
import {
  earlierStore,
  type FolderStepOptions,
  folderStore,
  readEarlierSet,
  readOdsMapping,
  type StepResult,
  stepInFolder,
} from '../incremental-build/stores.ts';
import { ofDialect, sameFolder } from '../sources/source.ts';
import { type TranslationOptions, upgradeNames } from '../sources/translations.ts';

/** The files of a plan; a refused plan has no scripts. */
export function upgradeFiles(
  reported: ReportedPlan,
  objections: readonly Diagnostic[] = [],
): (Made<WrittenBy<'plan-upgrade'>> & { readonly content: string })[] {
  const { plan } = reported;
  const { dialect, script } = plan;
  const scripts = preparationScripts(plan);
  const notes = findingNotes(objections);
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

/** The objections of the queried database, as comments of a script. */
function findingNotes(objections: readonly Diagnostic[]): string {
  if (objections.length === 0) return '';
  const lines = [
    'The database that was queried does not allow this upgrade. This script ends there without a change, except',
    'where only documents object: it does not read documents.',
    // the client does not know the encoding of the script yet
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

interface PlanUpgradeInFolderOptions extends FolderStepOptions, TranslationOptions {
  /** The folder with the artifacts of the set before the change. */
  readonly upgradeFrom: string;
  readonly allowLoss?: readonly string[] | undefined;
  /** The collation of the SQL Server database. Default: the collation of keys (design 22 §7.1). */
  readonly collation?: string | undefined;
}

interface PlanUpgradeInFolderResult extends StepResult {
  readonly plans: readonly ReportedPlan[];
}

/** Runs the step `plan-upgrade`. A refused plan fails the step, with `UPGRADE_IMPOSSIBLE` and `UPGRADE_LOSS`. */
export async function planUpgradeInFolder(options: PlanUpgradeInFolderOptions): Promise<PlanUpgradeInFolderResult> {
  const { upgradeFrom, allowLoss, collation, translation, rename, ...folder } = options;
  const plans: ReportedPlan[] = [];
  const step: Step<'plan-upgrade'> = {
    name: 'plan-upgrade',
    async run({ read, perDialect }) {
      failIfAny(sameFolder(upgradeFrom, folder.outputDirectory, 'upgradeFrom'));
      const earlier = earlierStore(upgradeFrom, 'upgradeFrom');
      const namesOf = await upgradeNames({ translation, rename });
      const notes: Diagnostic[] = [];
      const found = await perDialect(async (dialect) => {
        const before = inCollation(await upgradeSet(earlier, dialect), collation);
        const after = await upgradeSet({ read } as ArtifactReader, dialect);
        const { notes: own, ...names } = namesOf(before, after);
        if (notes.length === 0) append(notes, own);
        return reportedPlan(before, after, planUpgrade(before, after, { allowLoss, ...names }));
      });
      failIfAny(found.flatMap(({ plan }) => planErrors(plan)));
      append(plans, found);
      return { made: found.flatMap((each) => upgradeFiles(each)), diagnostics: notes };
    },
  };
  const result = await stepInFolder(step, folder, () => undefined);
  return { ...result, plans };
}

interface VerifyUpgradeInFolderResult extends StepResult {
  readonly verified: readonly VerifiedUpgrade[];
}

/**
 * Runs the step `verify-upgrade`: proves the upgrade on an embedded database of documents, and checks the script for
 * SQL Server. Throws the `UPGRADE_*` codes, `VERIFY_BEHAVIOUR`, `VERIFY_STATIC`, `VERIFY_EMPTY`.
 */
export async function verifyUpgradeInFolder(
  options: PlanUpgradeInFolderOptions & Pick<VerifyUpgradeOptions, 'signal'>,
): Promise<VerifyUpgradeInFolderResult> {
  const { upgradeFrom, allowLoss, collation, translation, rename, signal, ...folder } = options;
  const verified: VerifiedUpgrade[] = [];
  const step: Step<'verify-upgrade'> = {
    name: 'verify-upgrade',
    async run({ read, perDialect }) {
      failIfAny(sameFolder(upgradeFrom, folder.outputDirectory, 'upgradeFrom'));
      const earlier = earlierStore(upgradeFrom, 'upgradeFrom');
      const namesOf = await upgradeNames({ translation, rename });
      // loaded on demand: plan-upgrade and upgrade-db need no verification
      const { verifyUpgrade } = await import('@dms/verification');
      const provisioned = async (store: ArtifactReader, dialect: SqlDialect) => ({
        ...(await upgradeSet(store, dialect)),
        script: await store.read(scriptFormat, dialect),
      });
      const found = await perDialect(async (dialect) => {
        const later = await provisioned({ read } as ArtifactReader, dialect);
        const before = inCollation(await provisioned(earlier, dialect), collation);
        const { notes: _, ...names } = namesOf(before, later);
        return verifyUpgrade(before, later, { allowLoss, ...names, signal });
      });
      const counts = found.flatMap(({ earlierDocuments }) => earlierDocuments ?? []);
      if (counts.length > 0 && counts.every((count) => count === 0)) {
        const text =
          'The earlier schema set has no resource, so no document went through the upgrade and nothing is proved.';
        fail('VERIFY_EMPTY', text);
      }
      append(verified, found);
      return { made: [], diagnostics: [] };
    },
  };
  const result = await stepInFolder(step, folder, () => undefined);
  return { ...result, verified };
}

/** The report of a verified upgrade, line by line. */
export function verifiedUpgradeLines({ plan, documents, skipped }: VerifiedUpgrade): string[] {
  const what = documents === null ? 'the script was looked at' : `${counted(documents, 'document')} went through it`;
  return [
    `${plan.dialect}: verdict ${plan.verdict}, ${counted(plan.statements.length, 'statement')}, ${what}`,
    ...skipped.map(({ table, reason }) => `${plan.dialect}: ${table} had no rows: ${reason}`),
  ];
}

/** Folders with the artifacts of two schema sets. */
interface UpgradeFolders {
  readonly before: string;
  readonly after: string;
  /** Default: the dialect of the artifacts, or `pgsql` if they have both. */
  readonly dialect?: SqlDialect | undefined;
  /** The collation of the database. Default: the collation of keys (design 22 §7.1). */
  readonly collation?: string | undefined;
}

/** The sets before and after an upgrade. */
export interface UpgradeSets {
  readonly before: ComparedSet;
  readonly after: ComparedSet;
}

/** Reads a set of one dialect from a folder, or from a store of compiled schemas. */
export async function upgradeSet(store: ArtifactReader, dialect: SqlDialect): Promise<ComparedSet> {
  const model = await store.read(modelFormat, dialect);
  return {
    info: model.effectiveSchema,
    model,
    inventory: await store.read(inventoryFormat, dialect),
    catalog: await store.read(catalogFormat, dialect),
    schemas: await store.read(documentSchemasFormat),
  };
}

/**
 * Reads the sets of one dialect from two folders; the default is the first dialect that both folders have files of.
 * Throws `INPUT_*`, `MODEL_FILE_INVALID`, `OPTION_INVALID`.
 */
export function upgradeSets({ before, after, dialect, collation }: UpgradeFolders): Promise<UpgradeSets> {
  return ofDialect(dialect, async (each) => ({
    before: inCollation(await upgradeSet(folderStore(before), each), collation),
    after: await upgradeSet(folderStore(after), each),
  }));
}

/** The collation, for a dialect whose columns have one; undefined for PostgreSQL. */
export const collationFor = (dialect: SqlDialect, collation: string | undefined): string | undefined =>
  keyCollation[dialect] === null ? undefined : collation;

/**
 * The set in a SQL Server database with this collation, whose name the server compares without letter case; a set of
 * PostgreSQL has none. Throws `OPTION_INVALID` for a name that no collation can have.
 */
export function inCollation<Given extends ComparedSet>(set: Given, collation: string | undefined): Given {
  const { catalog } = set;
  const usual = keyCollation[catalog.dialect];
  if (collation === undefined || usual === null) return set;
  if (!collationNames.test(collation)) {
    const text = `Option '--collation' needs the name of a collation, such as ${usual}. The query SELECT DATABASEPROPERTYEX(DB_NAME(), 'Collation') shows it.`;
    return fail('OPTION_INVALID', text, {}, { option: '--collation' });
  }
  const isUsual = collation.toLowerCase() === usual.toLowerCase();
  return { ...set, catalog: { ...catalog, collation: isUsual ? usual : collation } };
}

/**
 * The reporting views that an upgrade to the set of a folder gives a database; undefined if the folder has no mapping
 * of an ODS.
 */
export async function restoredViews(after: string, { model }: ComparedSet): Promise<RestoreViews | undefined> {
  const store = folderStore(after);
  const mapping = await readOdsMapping(store);
  if (mapping === undefined) return undefined;
  const earlier = await readEarlierSet(store);
  return {
    earlierSet: earlier?.before ?? null,
    restore: (connection, found, limits) => restoreViews(connection, { mapping, model, earlier }, found, limits),
  };
}
