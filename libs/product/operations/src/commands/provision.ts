import { differenceCounts, diffText, originLines, warningLines } from '@dms/catalog';
import {
  changing,
  emptySize,
  objectCounts,
  type PersistentTarget,
  type PlannedDatabase,
  type Provisioned,
  type ProvisionOptions,
  plannedEntry,
  plannedLines,
  plannedValue,
  planProvision,
  provision as provisionDatabase,
  withKept,
} from '@dms/databases';
import { append, counted, failIfAny } from '@dms/diagnostics';
import { type PreparedSeeding, preparedSeeding, type SeededDatabase, seededCounts, seededLine } from '@dms/loading';
import { mustExist } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { type Context, databaseOperation, type ReportedOutcome, reportedAsGiven } from '../declaring/operation.ts';
import { choice, eitherFlag, flag, paths, text, usually } from '../declaring/option.ts';
import { setInDatabases } from '../declaring/subject.ts';
import { type DatabaseDesign, databaseDesign, databaseWithDocuments } from '../sources/source.ts';
import { emptyInput } from '../translated-files/translate-input.ts';

interface ProvisionedDatabase extends Pick<Provisioned, 'outcome' | 'database' | 'verified'> {
  readonly dialect: SqlDialect;
  readonly effectiveSchemaHash: string;
  readonly resourceKeyCount: number;
  /** Null if there was nothing to seed. */
  readonly seeded: SeededDatabase | null;
}

const outcomes = { provisioned: 'provisioned', appliedAgain: 'applied again', skipped: 'skipped' } as const;

const headings: Readonly<Record<Provisioned['outcome'], (provisioned: ProvisionedDatabase) => string>> = {
  provisioned: ({ dialect, database }) => `Provisioned ${dialect} database: ${database}`,
  appliedAgain: () => 'Already provisioned, applied again',
  skipped: () => 'Already provisioned, skipped',
};

/** The report of provisioning (design 09 §2.8), followed by the differences that are not errors. */
function provisionedLines(provisioned: ProvisionedDatabase): string[] {
  const { outcome, effectiveSchemaHash, resourceKeyCount, verified, seeded } = provisioned;
  const lines = [
    headings[outcome](provisioned),
    `Effective schema hash: ${effectiveSchemaHash}`,
    `Resource key count: ${resourceKeyCount}`,
  ];
  if (verified !== null) {
    const { catalog, diff } = verified;
    const columns = catalog.tables.reduce((sum, table) => sum + table.columns.length, 0);
    lines.push(
      `Catalog: ${counted(catalog.tables.length, 'table')}, ${counted(columns, 'column')}, ${differenceCounts(diff.differences)}`,
    );
    if (diff.differences.length > 0) append(lines, diffText(catalog, diff).split('\n').slice(1));
    append(lines, originLines(verified));
  }
  if (seeded !== null) lines.push(seededLine(seeded));
  return lines;
}

/**
 * Brings the database that the options name from empty to complete (design 09 §2); with `dryRun`, only reports the
 * changes. Throws the codes of `databaseDesign`, `PROVISION_*`, `VERIFY_CATALOG_DIFFERS`, `SEED_*` and `DB_*`.
 */
export const provision = databaseOperation({
  name: 'provision',
  group: 'first',
  summary: 'create everything of a schema set in a database',
  description:
    'Creates all objects of a schema set in a database, in one transaction: afterwards the database is either complete or unchanged. ' +
    'Before the commit, the result is compared with the catalog of the schema set. A database of another schema set is never changed.',
  examples: [
    'provision --artifacts out --connection-env CAMPUS_DB --create-database',
    'provision --artifacts out --connection-env CAMPUS_DB --create-database --dry-run',
    'provision --artifacts out --fleet fleet.json --create-database',
  ],
  worksOn: setInDatabases(),
  options: {
    createDatabase: flag('create the database if it does not exist'),
    maintenanceDatabase: text('<name>', 'database to connect to while creating it (default: postgres, master)'),
    // finished databases of a fleet are skipped, so that a killed run can be repeated
    ifSame: usually(
      choice(
        '<action>',
        'what to do with a database that is already provisioned for this schema set; with --fleet the default is skip',
        ['apply', 'skip', 'fail'],
      ),
      'apply',
      'skip',
    ),
    verify: eitherFlag(
      'compare the database with the catalog before the commit; this is the default',
      'do not compare the database with the catalog before the commit',
    ),
    strict: flag('warnings end the run'),
    dryRun: flag('say what would be made, in which database and as whom; change nothing', { isOfTask: true }),
    seedDescriptors: paths('<path...>', 'files or folders of descriptors to write afterwards (repeatable)'),
  },
  task: {
    name: 'provision-db',
    title: 'Provision database',
    description: 'Creates everything of a mapping set in the databases that dms.json or an option names.',
    examples: {
      'npx nx run schools:provision-db --connectionEnv=SCHOOLS_DB':
        'Create everything in the database that the variable SCHOOLS_DB names',
      'npx nx run schools:provision-db:north-2026': 'Create everything in the database north-2026 of the fleet',
      'npx nx run schools:provision-db:dry-run': 'Say what would be made in the database that dms.json names',
    },
  },
  purpose: 'provision',
  skipsDone: true,
  async prepare({ source, dialect: named, options }, context): Promise<PreparedProvision> {
    const dialect = mustExist(named, 'the dialect');
    const { onProgress } = context;
    const { seedDescriptors: paths = [] } = options;
    if (paths.length === 0) return { design: await databaseDesign(source, dialect, onProgress), seeding: undefined };
    const { design, documents } = await databaseWithDocuments({ source, onProgress }, dialect);
    // a mistake in them must be found before anything is created
    const seeding = await preparedSeeding(documents, { paths }, context);
    failIfAny(seeding.isEmpty ? [emptyInput('descriptors', 'nothing')] : []);
    return { design, seeding };
  },
  run({ target, dialect, prepared }, { options }, context): Promise<ReportedOutcome> {
    const { createDatabase, maintenanceDatabase, ifSame, verify, strict, dryRun } = options;
    const { onWaiting, signal } = context;
    const run = { createDatabase, maintenanceDatabase, ifSame, verify, strict, onWaiting, signal };
    return (dryRun ? dryProvision : realProvision)({ target, dialect, prepared, run }, context);
  },
  ...reportedAsGiven,
});

/** The input of a run, which was read before the database was looked for. */
interface PreparedProvision {
  readonly design: DatabaseDesign;
  /** Undefined if no descriptors are named. */
  readonly seeding: PreparedSeeding | undefined;
}

interface ProvisionWork {
  readonly target: PersistentTarget;
  readonly dialect: SqlDialect;
  readonly prepared: PreparedProvision;
  readonly run: ProvisionOptions;
}

/** The facts that both reports have. */
const factsOfWork = ({ dialect, prepared: { design } }: ProvisionWork) => ({
  dialect,
  effectiveSchemaHash: design.info.effectiveSchemaHash,
  resourceKeyCount: design.info.resourceKeyCount,
});

/** Reports what would be made; changes nothing. */
async function dryProvision(work: ProvisionWork, context: Context): Promise<ReportedOutcome> {
  const { target, dialect, run } = work;
  const { design, seeding } = work.prepared;
  context.onProgress?.('plan');
  const { warnings: diagnostics, ...plan } = await planProvision(target, design, run);
  const planned: PlannedDatabase = {
    ...plan,
    ...factsOfWork(work),
    objects: objectCounts(design.catalog),
    empty: emptySize(dialect, design.script),
    descriptors: seeding?.read ?? null,
    diagnostics,
  };
  return {
    diagnostics,
    lines: () => plannedLines(planned),
    value: () => plannedValue(planned),
    entry: () => plannedEntry(planned),
  };
}

/** Makes the objects, and writes the descriptors. */
function realProvision(work: ProvisionWork, context: Context): Promise<ReportedOutcome> {
  const { target, run } = work;
  const { design, seeding } = work.prepared;
  return changing(async () => {
    context.onProgress?.('provision');
    const { warnings, ...made } = await provisionDatabase(target, design, run);
    const seeded = seeding
      ? await seeding.seed(target, context).catch((error: unknown) => {
          throw withKept(error, 'The database is provisioned. Run it again to write its descriptors.');
        })
      : null;
    const provisioned: ProvisionedDatabase = { ...made, ...factsOfWork(work), seeded };
    return {
      diagnostics: [...warnings, ...(seeded?.diagnostics ?? [])],
      lines: () => provisionedLines(provisioned),
      value: () => provisionedValue(provisioned),
      entry: () => provisionedEntry(provisioned),
    };
  });
}

function provisionedValue(provisioned: ProvisionedDatabase) {
  const { dialect, outcome, database, effectiveSchemaHash, resourceKeyCount, verified, seeded } = provisioned;
  return {
    dialect,
    outcome,
    database,
    effectiveSchemaHash,
    resourceKeyCount,
    differences: verified?.diff.differences ?? null,
    ...(seeded === null ? {} : { descriptors: seededCounts(seeded) }),
  };
}

function provisionedEntry({ outcome, verified, seeded }: ProvisionedDatabase) {
  const differences = verified?.diff.differences ?? [];
  return {
    outcome: outcomes[outcome],
    detail: [
      ...(differences.length > 0 ? [differenceCounts(differences)] : []),
      ...warningLines(differences),
      ...(seeded === null ? [] : [seededLine(seeded)]),
    ].join('; '),
    value: { differences, ...(seeded === null ? {} : { descriptors: seededCounts(seeded) }) },
  };
}
