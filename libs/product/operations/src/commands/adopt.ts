import { checkData, type DataFinding, dataLines } from '@dms/checking';
import { changing, connected, type DatabaseResult } from '@dms/databases';
import { counted } from '@dms/diagnostics';
import { writeOutput } from '@dms/files';
import { mustExist } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import {
  adoptionCounts,
  adoptionLines,
  planAdoption,
  type Upgraded,
  type UpgradePlan,
  upgradeDatabase,
} from '@dms/upgrade';
import { upgradeSet } from '../build-steps/upgrade.ts';
import { type Context, databaseOperation, type Input, stepNote } from '../declaring/operation.ts';
import { flag, milliseconds, output } from '../declaring/option.ts';
import { timeouts } from '../declaring/shared-options.ts';
import { setInDatabases } from '../declaring/subject.ts';
import { type DatabaseSource, readSource } from '../sources/source.ts';

interface Adopted extends DatabaseResult {
  readonly dialect: SqlDialect;
  readonly outcome: 'adopted' | 'dryRun' | 'alreadyOurs';
  readonly effectiveSchemaHash: string;
  /** The plan of the replacement; null if everything was ours. */
  readonly plan: UpgradePlan | null;
  readonly documents: number;
  /** In a dry run, the findings about the rows before the adoption; otherwise null. */
  readonly data: readonly DataFinding[] | null;
}

const outcomes: Readonly<Record<Upgraded['outcome'], Adopted['outcome']>> = {
  upgraded: 'adopted',
  dryRun: 'dryRun',
  alreadyUpgraded: 'alreadyOurs',
};

const ofFleet = { adopted: 'adopted', dryRun: 'could be adopted', alreadyOurs: 'already ours' } as const;

const headings: Readonly<Record<Adopted['outcome'], string>> = {
  adopted: 'Adopted',
  dryRun: 'Dry run: everything was done and rolled back',
  alreadyOurs: 'The triggers and functions are made by dms-ddl already; nothing was changed',
};

/**
 * Reads the artifacts for the adoption of a database, and plans it. Throws `INPUT_*`, `MODEL_FILE_INVALID`, the codes
 * of the steps, and `ADOPT_OTHER_GENERATION` for a generation without a service.
 */
async function preparedAdoption({ source, dialect: named }: Input<unknown, DatabaseSource>, { onProgress }: Context) {
  const dialect = mustExist(named, 'the dialect');
  const set = await readSource({ source, dialects: [dialect], onProgress }, (store) => upgradeSet(store, dialect));
  return { set, ...planAdoption(set) };
}

const adoptedValue = ({ dialect, outcome, effectiveSchemaHash, plan, documents, data }: Adopted) => ({
  dialect,
  outcome,
  effectiveSchemaHash,
  documents,
  plan: plan?.hash ?? null,
  ...(plan === null ? {} : { changes: adoptionCounts(plan) }),
  ...(data === null ? {} : { data }),
});

/**
 * Replaces the triggers and functions of the service's own tool with ours, in one transaction (design 12a §4). No row
 * changes. Writing the script to a file needs no database. Throws `ADOPT_OTHER_GENERATION`, the `UPGRADE_*` codes,
 * `PROVISION_LOCKED`, `VERIFY_CATALOG_DIFFERS`, `OUTPUT_*` and the `DB_*` codes.
 */
export const adopt = databaseOperation({
  name: 'adopt',
  group: 'databases',
  summary: "make a database of the service's own tool one of ours",
  description:
    "Replaces the triggers and functions that the Ed-Fi service's own tool made with those of dms-ddl, in one transaction. No row of any " +
    'table changes, and the service keeps working. Refuses if anything else differs from the schema set; check shows what.',
  examples: [
    'adopt --artifacts out --connection-env CAMPUS_DB --dry-run',
    'adopt --artifacts out --dialect mssql --script adopt.sql',
    'adopt --artifacts out --fleet fleet.json --canary 1',
  ],
  worksOn: setInDatabases('script'),
  options: {
    dryRun: flag('say what is removed, what is added and what check --data finds; do everything, and roll it back'),
    script: output('<file>', 'write the script that does it, and touch no database'),
    ...timeouts('adoption'),
  },
  skipsDone: true,
  prepare: preparedAdoption,
  withoutDatabase(input, context) {
    const { script: file } = input.options;
    if (file === undefined) return undefined;
    const write = async () => {
      const { plan } = await preparedAdoption(input, context);
      await writeOutput('adopt', file, mustExist(plan.script, 'the script of an adoption'), context.signal);
      return {
        lines: [...adoptionLines(plan), `Script written to ${file}`],
        value: { dialect: input.dialect, script: file, plan: plan.hash },
      };
    };
    return write();
  },
  async run({ target, dialect, prepared: { set } }, { options }, context): Promise<Adopted> {
    const { dryRun = false, lockTimeout, statementTimeout } = options;
    const { signal, onWaiting } = context;
    const data = dryRun
      ? await connected(target, context, (connection) => {
          context.onProgress?.('check rows');
          return checkData(connection, set, { signal });
        })
      : null;
    context.onProgress?.('adopt');
    const lock = milliseconds(lockTimeout);
    const upgraded = await changing(() =>
      upgradeDatabase(target, set, set, {
        adopt: true,
        dryRun,
        onWaiting,
        signal,
        statementTimeout: milliseconds(statementTimeout),
        limits: lock === undefined ? {} : { lock },
        onProgress: (step) => context.onStep?.(stepNote(step)),
      }),
    );
    return {
      dialect,
      data,
      outcome: outcomes[upgraded.outcome],
      effectiveSchemaHash: set.info.effectiveSchemaHash,
      plan: upgraded.adoption,
      documents: upgraded.documents,
      diagnostics: upgraded.diagnostics,
    };
  },
  lines({ outcome, effectiveSchemaHash, plan, documents, data }) {
    const rows =
      data === null
        ? []
        : [`Rows before: ${data.length === 0 ? 'ok' : counted(data.length, 'difference')}`, ...dataLines(data)];
    return [
      headings[outcome],
      `Effective schema hash: ${effectiveSchemaHash}`,
      ...(plan === null ? [] : adoptionLines(plan)),
      ...(outcome === 'alreadyOurs' ? [] : [`Documents: ${documents}`]),
      ...(outcome === 'adopted' ? ['Rows were not read; dms-ddl check --data finds what is wrong with them'] : []),
      ...rows,
    ];
  },
  value: adoptedValue,
  entry: (adopted) => ({
    outcome: ofFleet[adopted.outcome],
    detail:
      adopted.outcome === 'alreadyOurs'
        ? ''
        : [counted(adopted.documents, 'document'), ...dataLines(adopted.data ?? [])].join('; '),
    value: adoptedValue(adopted),
  }),
});
