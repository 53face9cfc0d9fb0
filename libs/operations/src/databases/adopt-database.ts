import { changing } from '@dms/databases';
import { counted } from '@dms/diagnostics';
import { writeOutput } from '@dms/files';
import { mustExist } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import {
  type ApplyOptions,
  type ComparedSet,
  planAdoption,
  type Upgraded,
  type UpgradePlan,
  upgradeDatabase,
} from '@dms/upgrade';
import { checkData, type DataFinding } from '@dms/verification';
import { type DatabaseSource, readSource } from '../sources/source.ts';
import { upgradeSet } from '../steps/upgrade.ts';
import { dataLines } from './find-drift.ts';
import { connected, type DatabaseOptions, type DatabaseResult, withTarget } from './with-database.ts';

interface AdoptionSource {
  readonly source: DatabaseSource;
  readonly dialect: SqlDialect;
}

/** The artifacts with which a database is adopted. */
export const adoptedSet = (options: AdoptionSource & Pick<DatabaseOptions, 'onProgress'>): Promise<ComparedSet> =>
  readSource(options, (store) => upgradeSet(store, options.dialect));

export interface AdoptOptions extends DatabaseOptions, Pick<ApplyOptions, 'dryRun' | 'onWaiting' | 'statementTimeout'> {
  readonly source: DatabaseSource;
  /** The artifacts of the source, if many databases are adopted with them; otherwise they are made here. */
  readonly set?: ComparedSet | undefined;
  /** Milliseconds in which the adoption tries to get its locks. */
  readonly lockTimeout?: number | undefined;
  readonly onStep?: ApplyOptions['onProgress'];
}

export interface Adopted extends DatabaseResult {
  readonly dialect: SqlDialect;
  readonly outcome: 'adopted' | 'dryRun' | 'alreadyOurs';
  readonly effectiveSchemaHash: string;
  /** What was replaced; null if everything was ours. */
  readonly plan: UpgradePlan | null;
  readonly documents: number;
  /** In a dry run, what is wrong with the rows before the adoption; otherwise null. */
  readonly data: readonly DataFinding[] | null;
}

const outcomes: Readonly<Record<Upgraded['outcome'], Adopted['outcome']>> = {
  upgraded: 'adopted',
  dryRun: 'dryRun',
  alreadyUpgraded: 'alreadyOurs',
};

/**
 * `dms-ddl adopt`: replaces the triggers and functions of the service's own tool with ours, in one transaction (design 12 §13). No row changes.
 * Throws `ADOPT_OTHER_GENERATION`, the `UPGRADE_*` codes, `PROVISION_LOCKED`, `VERIFY_CATALOG_DIFFERS` and the `DB_*` codes.
 */
export function adoptDatabase(options: AdoptOptions): Promise<Adopted> {
  const { dialect, dryRun = false, onWaiting, onStep, onProgress, signal, lockTimeout, statementTimeout } = options;
  return withTarget(options, 'check', async (target) => {
    const set = options.set ?? (await adoptedSet(options));
    // a generation without a service is refused before anything is opened
    planAdoption(set);
    const data = dryRun
      ? await connected(target, options, (connection) => {
          onProgress?.('check rows');
          return checkData(connection, set, { signal });
        })
      : null;
    onProgress?.('adopt');
    const upgraded = await changing(() =>
      upgradeDatabase(target, set, set, {
        ...{ adopt: true, dryRun, onWaiting, signal, statementTimeout },
        limits: lockTimeout === undefined ? {} : { lock: lockTimeout },
        onProgress: onStep,
      }),
    );
    return {
      ...{ dialect, data },
      outcome: outcomes[upgraded.outcome],
      effectiveSchemaHash: set.info.effectiveSchemaHash,
      plan: upgraded.adoption,
      documents: upgraded.documents,
      diagnostics: upgraded.diagnostics,
    };
  });
}

/**
 * Writes the script of an adoption, for a database that has exactly the service's set of triggers and functions. No database is needed. Throws
 * `ADOPT_OTHER_GENERATION`, `OUTPUT_*` and the codes of `adoptedSet`.
 */
export async function writeAdoptionScript(
  options: AdoptionSource & Pick<DatabaseOptions, 'onProgress' | 'signal'> & { readonly file: string },
): Promise<UpgradePlan> {
  const { plan } = planAdoption(await adoptedSet(options));
  await writeOutput('adopt', options.file, mustExist(plan.script, 'the script of an adoption'), options.signal);
  return plan;
}

const headings: Readonly<Record<Adopted['outcome'], string>> = {
  adopted: 'Adopted',
  dryRun: 'Dry run: everything was done and rolled back',
  alreadyOurs: 'The triggers and functions are made by dms-ddl already; nothing was changed',
};

/** What goes and what comes: statements by what they do. */
export function adoptionCounts({ statements }: UpgradePlan) {
  const count = (...kinds: readonly string[]) =>
    statements.filter(({ effects }) => effects.some(({ kind }) => kinds.includes(kind))).length;
  return {
    droppedTriggers: count('drop trigger'),
    droppedFunctions: count('drop function'),
    madeTriggers: count('create trigger'),
    madeFunctions: count('create function'),
    keys: count('add foreign key'),
  };
}

export function adoptionLines(plan: UpgradePlan): string[] {
  const { droppedTriggers, droppedFunctions, madeTriggers, madeFunctions, keys } = adoptionCounts(plan);
  return [
    `Removed: ${counted(droppedTriggers, 'trigger')} and ${counted(droppedFunctions, 'function')} of the service; others are replaced in place`,
    `Added: ${counted(madeTriggers, 'trigger')} and ${counted(madeFunctions, 'function')} of dms-ddl`,
    ...(keys === 0 ? [] : [`Made deferrable: ${counted(keys, 'foreign key')}`]),
  ];
}

/** What was done, line by line. */
export function adoptedLines({ outcome, effectiveSchemaHash, plan, documents, data }: Adopted): string[] {
  const rows =
    data === null ? [] : [`Rows before: ${data.length === 0 ? 'ok' : counted(data.length, 'difference')}`, ...dataLines(data)];
  return [
    headings[outcome],
    `Effective schema hash: ${effectiveSchemaHash}`,
    ...(plan === null ? [] : adoptionLines(plan)),
    ...(outcome === 'alreadyOurs' ? [] : [`Documents: ${documents}`]),
    ...rows,
  ];
}

/** The same for machines. */
export function adoptedValue({ dialect, outcome, effectiveSchemaHash, plan, documents, data }: Adopted) {
  return {
    ...{ dialect, outcome, effectiveSchemaHash, documents },
    plan: plan?.hash ?? null,
    ...(plan === null ? {} : { changes: adoptionCounts(plan) }),
    ...(data === null ? {} : { data }),
  };
}
