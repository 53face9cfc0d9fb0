import type {
  Catalog,
  CatalogColumn,
  CatalogTable,
  Check,
  ForeignKey,
  Grant,
  Index,
  Key,
  Role,
  Routine,
  Sequence,
  TableType,
  Trigger,
  View,
} from '../catalog.ts';

/** How bad a difference between a database and its desired catalog is. */
export type Severity = 'error' | 'warning' | 'info';

/** What drift asks about one kind of object of a catalog (design 09 §4.1). */
export interface DriftRules<Entry> {
  /** The compared members, in this order, without those that identify it. */
  readonly fields: readonly (keyof Entry & string)[];
  readonly severities: Severities;
}

/** The severity of a missing, an extra and a changed object. */
export interface Severities {
  readonly missing: Severity;
  readonly extra: Severity;
  /** Severity of an extra object in a schema that the expected catalog does not have; defaults to `extra`. */
  readonly extraElsewhere?: Severity;
  readonly changed: Severity;
  /** Members with a severity of their own: a change does not alter what the database accepts or does. */
  readonly byField?: Readonly<Record<string, Severity>>;
}

/**
 * The severities of an object without which the database does not do what it should, or with which it does something
 * else.
 */
export const alwaysError: Severities = { missing: 'error', extra: 'error', changed: 'error' };

/** A schema never changes. */
export const schemaDrift: { readonly severities: Severities } = {
  severities: { missing: 'error', extra: 'info', changed: 'error' },
};

export const extensionDrift: DriftRules<Catalog['extensions'][number]> = {
  fields: ['schema'],
  severities: { missing: 'error', extra: 'info', changed: 'warning' },
};

export const sequenceDrift: DriftRules<Sequence> = {
  fields: ['type', 'start', 'increment', 'min', 'max', 'cycle', 'options'],
  severities: {
    missing: 'error',
    extra: 'warning',
    extraElsewhere: 'info',
    changed: 'error',
    byField: { type: 'warning', start: 'warning', min: 'warning' },
  },
};

export const tableTypeDrift: DriftRules<TableType> = {
  fields: ['columns'],
  severities: { missing: 'error', extra: 'warning', extraElsewhere: 'info', changed: 'error' },
};

export const tableDrift: DriftRules<CatalogTable> = {
  fields: ['storage', 'parameters', 'options'],
  severities: {
    missing: 'error',
    extra: 'warning',
    extraElsewhere: 'info',
    changed: 'error',
    byField: { storage: 'warning', parameters: 'info' },
  },
};

const columnSeverities: Severities = {
  missing: 'error',
  extra: 'warning',
  changed: 'error',
  byField: { collation: 'warning' },
};

export const columnDrift: DriftRules<CatalogColumn> & {
  /** Of a column without which a row is refused. */
  readonly mandatory: Severities;
  /** Of the order of the columns that both catalogs have, which is never missing or extra. */
  readonly order: Severities;
} = {
  fields: ['type', 'nullable', 'identity', 'default', 'generated', 'collation'],
  severities: columnSeverities,
  mandatory: { ...columnSeverities, extra: 'error' },
  order: { missing: 'info', extra: 'info', changed: 'info' },
};

/** A table has only one primary key, so its name does not matter. */
export const primaryKeyDrift: DriftRules<Key> = {
  fields: ['name', 'columns', 'clustered', 'options'],
  severities: { ...alwaysError, byField: { name: 'warning', clustered: 'warning' } },
};

export const uniqueDrift: DriftRules<Key> = {
  fields: ['columns', 'clustered', 'options'],
  severities: { ...alwaysError, byField: { clustered: 'warning' } },
};

export const foreignKeyDrift: DriftRules<ForeignKey> = {
  fields: ['columns', 'target', 'targetColumns', 'onDelete', 'onUpdate', 'deferrable', 'validated', 'options'],
  severities: alwaysError,
};

export const checkDrift: DriftRules<Check> = {
  fields: ['expression', 'validated', 'options'],
  severities: alwaysError,
};

export const indexDrift: DriftRules<Index> & {
  /** Of an index that can refuse rows, in either catalog. */
  readonly unique: Severities;
} = {
  fields: ['unique', 'columns', 'include', 'predicate', 'plain', 'valid'],
  severities: { missing: 'warning', extra: 'info', changed: 'warning' },
  unique: alwaysError,
};

export const triggerDrift: DriftRules<Trigger> = {
  fields: [
    'timing',
    'level',
    'events',
    'updateOf',
    'oldTable',
    'newTable',
    'when',
    'enabled',
    'function',
    'body',
    'options',
  ],
  severities: alwaysError,
};

export const viewDrift: DriftRules<View> = {
  fields: ['columns', 'body', 'options'],
  severities: { missing: 'error', extra: 'warning', extraElsewhere: 'info', changed: 'error' },
};

const routineSeverities: Severities = { missing: 'error', extra: 'warning', extraElsewhere: 'info', changed: 'error' };

export const routineDrift: DriftRules<Routine> & {
  /** Of a function that statements call, for which a session needs the privilege. */
  readonly called: Severities;
  /** Of a function that is extra and has the name of an expected one. */
  readonly overload: Severities;
} = {
  fields: [
    ...(['result', 'language', 'volatility', 'strict', 'securityDefiner', 'settings', 'owner'] as const),
    ...(['publicExecute', 'body', 'options'] as const),
  ],
  // whether a function that runs in a trigger is parallel-safe or leakproof does not affect results
  severities: { ...routineSeverities, byField: { publicExecute: 'warning', options: 'warning' } },
  called: { ...routineSeverities, byField: { options: 'warning' } },
  overload: alwaysError,
};

/** A function that a trigger runs needs no privileges of the session. */
export const isCalledRoutine = ({ result }: Pick<Routine, 'result'>): boolean => result !== 'trigger';

export const roleDrift: DriftRules<Role> = {
  fields: ['attributes', 'memberOf'],
  severities: { missing: 'error', extra: 'info', changed: 'error' },
};

export const grantDrift: DriftRules<Grant> = { fields: ['privileges'], severities: alwaysError };

/** Of rows of the seed tables. */
export const seedDrift: { readonly severities: Severities } = { severities: alwaysError };
