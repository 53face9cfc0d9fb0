import type { Catalog } from '@dms/catalog';
import { counted, listOfNames } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type { DatabaseResult } from '../target/with-target.ts';
import type { PlannedProvision } from './provision.ts';

/** What `provision --dry-run` says about a database. */
export interface PlannedDatabase extends DatabaseResult, Omit<PlannedProvision, 'warnings'> {
  readonly kind: 'planned';
  readonly dialect: SqlDialect;
  readonly effectiveSchemaHash: string;
  readonly resourceKeyCount: number;
  readonly objects: ObjectCounts;
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

/** What would be made, in which database, and as whom, line by line. */
export function plannedLines(planned: PlannedDatabase): string[] {
  const { outcome, dialect, label, isNewDatabase, role, newRoles, objects, descriptors } = planned;
  const isDone = outcome === 'skipped';
  return [
    'Dry run: nothing was changed',
    `${headings[outcome]} ${dialect} database: ${label}${isNewDatabase ? ', which would be created' : ''}`,
    ...(role === null ? [] : [`Role: ${role}`]),
    `Effective schema hash: ${planned.effectiveSchemaHash}`,
    `Resource key count: ${planned.resourceKeyCount}`,
    ...(isDone ? [] : [`Objects of the schema set: ${objectsText(objects)}`]),
    ...(newRoles.length === 0 ? [] : [`Would create on the server: the role ${listOfNames(newRoles)}`]),
    ...(descriptors === null ? [] : [`Descriptors: ${descriptors} read, which would be written`]),
  ];
}

/** The same for machines. */
export function plannedValue(planned: PlannedDatabase) {
  const { dialect, outcome, database, isNewDatabase, role, newRoles, objects, descriptors } = planned;
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
    ...(descriptors === null ? {} : { descriptors: { read: descriptors } }),
  };
}

/** The same for a database of a fleet. */
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
