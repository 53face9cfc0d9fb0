import type { Catalog } from '@dms/catalog';
import { counted, listOfNames, megabytesText } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type { DatabaseResult } from '../addressing/with-target.ts';
import type { PlannedProvision } from './provision.ts';

/** The result of `provision --dry-run` for a database. */
export interface PlannedDatabase extends DatabaseResult, Omit<PlannedProvision, 'warnings'> {
  readonly dialect: SqlDialect;
  readonly effectiveSchemaHash: string;
  readonly resourceKeyCount: number;
  readonly objects: ObjectCounts;
  /** The size of the empty objects, and the time to create them; null if nobody has measured it. */
  readonly empty: EmptySize | null;
  /** The number of descriptors that would be written, if files of them are named. */
  readonly descriptors: number | null;
}

/** How many objects of each kind a schema set has in a database. */
type ObjectCounts = Readonly<
  Record<'schemas' | 'tables' | 'columns' | 'indexes' | 'triggers' | 'functions' | 'views' | 'sequences', number>
>;

export function objectCounts({ schemas, tables, functions, views, sequences }: Catalog): ObjectCounts {
  const sum = (count: (table: Catalog['tables'][number]) => number) =>
    tables.reduce((total, each) => total + count(each), 0);
  return {
    schemas: schemas.length,
    tables: tables.length,
    columns: sum(({ columns }) => columns.length),
    indexes: sum(({ indexes }) => indexes.length),
    triggers: sum(({ triggers }) => triggers.length),
    functions: functions.length,
    views: views.length,
    sequences: sequences.length,
  };
}

/** The size of a set in a new database, and the time to create it. */
interface EmptySize {
  readonly bytes: number;
  readonly seconds: number;
}

/** Bytes that pages of empty indexes and rows of the catalog take, approximately, for each byte of a script. */
const bytesPerByte = 9;

/** Bytes of a script that a server with two busy processors runs in a second. */
const bytesPerSecond = 600_000;

/** Measured with four sets, the data standards 5.2 and 6.1 among them. No SQL Server was available. */
const emptySizes: Readonly<Record<SqlDialect, ((script: string) => EmptySize) | null>> = {
  pgsql: ({ length }) => ({ bytes: length * bytesPerByte, seconds: Math.ceil(length / bytesPerSecond) }),
  mssql: null,
};

/**
 * The size and time of a script in an empty database, estimated from its length (design 09 §2.8); null if nobody has
 * measured it.
 */
export const emptySize = (dialect: SqlDialect, script: string): EmptySize | null =>
  emptySizes[dialect]?.(script) ?? null;

/** The words of the counts, one and many. */
const words: Readonly<Record<keyof ObjectCounts, readonly [one: string, many?: string]>> = {
  schemas: ['schema'],
  tables: ['table'],
  columns: ['column'],
  indexes: ['index', 'indexes'],
  triggers: ['trigger'],
  functions: ['function'],
  views: ['view'],
  sequences: ['sequence'],
};

const objectsText = (objects: ObjectCounts) =>
  (Object.keys(words) as (keyof ObjectCounts)[])
    .filter((kind) => objects[kind] > 0)
    .map((kind) => counted(objects[kind], ...words[kind]))
    .join(', ');

const emptyText = ({ bytes, seconds }: EmptySize) =>
  `Size and time: about ${megabytesText(bytes)} while it is empty; about ${counted(seconds, 'second')}`;

const headings: Readonly<Record<PlannedProvision['outcome'], string>> = {
  provisioned: 'Would provision',
  appliedAgain: 'Is provisioned already; would apply the script again to',
  skipped: 'Is provisioned already; would skip',
};

const outcomesInFleet: Readonly<Record<PlannedProvision['outcome'], string>> = {
  provisioned: 'would be provisioned',
  appliedAgain: 'would be applied again',
  skipped: 'would be skipped',
};

/** The plan as lines: the objects to create, the database, and the role. */
export function plannedLines(planned: PlannedDatabase): string[] {
  const { outcome, dialect, label, isNewDatabase, role, newRoles, objects, empty, descriptors } = planned;
  const isDone = outcome === 'skipped';
  return [
    'Dry run: nothing was changed',
    `${headings[outcome]} ${dialect} database: ${label}${isNewDatabase ? ', which would be created' : ''}`,
    ...(role === null ? [] : [`Role: ${role}`]),
    `Effective schema hash: ${planned.effectiveSchemaHash}`,
    `Resource key count: ${planned.resourceKeyCount}`,
    ...(isDone ? [] : [`Objects of the schema set: ${objectsText(objects)}`]),
    ...(outcome === 'provisioned' && empty !== null ? [emptyText(empty)] : []),
    ...(newRoles.length === 0 ? [] : [`Would create on the server: the role ${listOfNames(newRoles)}`]),
    ...(descriptors === null ? [] : [`Descriptors: ${descriptors} read, which would be written`]),
  ];
}

/** The plan for machines. */
export function plannedValue(planned: PlannedDatabase) {
  const { dialect, outcome, database, isNewDatabase, role, newRoles, objects, empty, descriptors } = planned;
  const { effectiveSchemaHash, resourceKeyCount } = planned;
  return {
    dryRun: true,
    dialect,
    outcome,
    database,
    isNewDatabase,
    role,
    newRoles,
    effectiveSchemaHash,
    resourceKeyCount,
    objects,
    empty,
    ...(descriptors === null ? {} : { descriptors: { read: descriptors } }),
  };
}

/** The plan for a database of a fleet. */
export function plannedEntry(planned: PlannedDatabase) {
  const { outcome, isNewDatabase, role, newRoles, descriptors } = planned;
  const detail = [...(isNewDatabase ? ['a new database'] : []), ...(role === null ? [] : [`as ${role}`])].join(', ');
  const seeded = descriptors === null ? {} : { descriptors: { read: descriptors } };
  return {
    outcome: outcomesInFleet[outcome],
    detail,
    value: { dryRun: true, isNewDatabase, role, newRoles, ...seeded },
  };
}
