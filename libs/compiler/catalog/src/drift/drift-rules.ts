import type {
  Catalog,
  CatalogColumn,
  CatalogKey,
  CatalogTable,
  Check,
  ForeignKey,
  Grant,
  Index,
  Role,
  Routine,
  Sequence,
  TableType,
  Trigger,
  View,
} from '../catalog.ts';
import type { DriftKind, ObjectKind, Severity } from './difference.ts';

/** The types of the objects of each kind whose members are compared. */
interface ComparedObjects {
  readonly extension: Catalog['extensions'][number];
  readonly sequence: Sequence;
  readonly tableType: TableType;
  readonly table: CatalogTable;
  readonly column: CatalogColumn;
  readonly primaryKey: CatalogKey;
  readonly unique: CatalogKey;
  readonly foreignKey: ForeignKey;
  readonly check: Check;
  readonly index: Index;
  readonly trigger: Trigger;
  readonly view: View;
  readonly function: Routine;
  readonly role: Role;
  readonly grant: Grant;
}

export type ComparedKind = keyof ComparedObjects;

/** The rules for the differences of one kind of object (design 09a §2.1). */
type DriftRules<Kind extends ObjectKind> = {
  readonly severities: Severities;
  /** The severities for special objects of the kind. */
  readonly special?: Partial<Record<SpecialObject, Severities>>;
} & (Kind extends ComparedKind
  ? {
      /** The compared members, in this order, without the members that identify the object. */
      readonly fields: readonly (keyof ComparedObjects[Kind] & string)[];
    }
  : unknown);

/**
 * Special objects: an index that can refuse rows, in either catalog; a column that is required in every insert; a
 * column whose equal values change with its collation; an extra function with the name of an expected one; a function
 * for which the right to call it matters, because statements call it or because it runs with the rights of its owner; a
 * table that the service adds.
 */
type SpecialObject = 'unique' | 'mandatory' | 'compared' | 'overload' | 'called' | 'ofService';

/** The severity of a missing, an extra and a changed object. */
interface Severities {
  readonly missing: Severity;
  readonly extra: Severity;
  /** Severity of an extra object in a schema that the expected catalog does not have; defaults to `extra`. */
  readonly extraElsewhere?: Severity;
  readonly changed: Severity;
  /**
   * Severities of single members whose change does not alter what the database accepts or does; of `options` only if
   * they are read by the planner alone.
   */
  readonly byField?: Readonly<Record<string, Severity>>;
}

/** The severities of an object that changes the behavior of the database if it is missing, extra or changed. */
const alwaysError: Severities = { missing: 'error', extra: 'error', changed: 'error' };

const ofColumn: Severities = {
  missing: 'error',
  extra: 'warning',
  changed: 'error',
  byField: { collation: 'warning' },
};

const ofRoutine: Severities = { missing: 'error', extra: 'warning', extraElsewhere: 'info', changed: 'error' };

/**
 * The rules of every kind of object (design 09a §2.1). An extra object is an error if it can refuse rows that the model
 * allows, or if it has effects that the model does not know.
 */
export const driftRules: { readonly [Kind in ObjectKind]: DriftRules<Kind> } = {
  // a schema never changes
  schema: { severities: { missing: 'error', extra: 'info', changed: 'error' } },
  extension: { fields: ['schema'], severities: { missing: 'error', extra: 'info', changed: 'warning' } },
  sequence: {
    fields: ['type', 'start', 'increment', 'min', 'max', 'cycle', 'options'],
    severities: {
      missing: 'error',
      extra: 'warning',
      extraElsewhere: 'info',
      changed: 'error',
      byField: { type: 'warning', start: 'warning', min: 'warning' },
    },
  },
  table: {
    fields: ['storage', 'parameters', 'options'],
    severities: {
      missing: 'error',
      extra: 'warning',
      extraElsewhere: 'info',
      changed: 'error',
      byField: { parameters: 'info' },
    },
    special: { ofService: { ...alwaysError, extra: 'info' } },
  },
  column: {
    fields: ['type', 'nullable', 'identity', 'default', 'generated', 'collation'],
    severities: ofColumn,
    special: { mandatory: { ...ofColumn, extra: 'error' }, compared: { ...ofColumn, byField: {} } },
  },
  // order of the common columns, which are never missing or extra
  columnOrder: { severities: { missing: 'info', extra: 'info', changed: 'info' } },
  // a table has only one primary key, so its name does not matter
  primaryKey: {
    fields: ['name', 'columns', 'clustered', 'options'],
    severities: { ...alwaysError, byField: { name: 'warning', clustered: 'warning' } },
  },
  unique: {
    fields: ['columns', 'clustered', 'options'],
    severities: { ...alwaysError, byField: { clustered: 'warning' } },
  },
  foreignKey: {
    fields: ['columns', 'target', 'targetColumns', 'onDelete', 'onUpdate', 'deferrable', 'validated', 'options'],
    severities: alwaysError,
  },
  check: { fields: ['expression', 'validated', 'options'], severities: alwaysError },
  index: {
    fields: ['unique', 'columns', 'include', 'predicate', 'plain', 'valid'],
    severities: { missing: 'warning', extra: 'info', changed: 'warning' },
    special: { unique: alwaysError },
  },
  trigger: {
    fields: [
      ...(['timing', 'level', 'events', 'updateOf', 'oldTable', 'newTable', 'when'] as const),
      ...(['enabled', 'function', 'body', 'options'] as const),
    ],
    severities: alwaysError,
  },
  view: {
    fields: ['columns', 'body', 'options'],
    severities: { missing: 'error', extra: 'warning', extraElsewhere: 'info', changed: 'error' },
  },
  function: {
    fields: [
      ...(['result', 'language', 'volatility', 'strict', 'securityDefiner', 'settings', 'owner'] as const),
      ...(['publicExecute', 'body', 'options'] as const),
    ],
    // the right to call a function that runs in a trigger does not affect results, nor does what the planner reads
    severities: { ...ofRoutine, byField: { publicExecute: 'warning', options: 'warning' } },
    special: { overload: alwaysError, called: { ...ofRoutine, byField: { options: 'warning' } } },
  },
  tableType: {
    fields: ['columns'],
    severities: { missing: 'error', extra: 'warning', extraElsewhere: 'info', changed: 'error' },
  },
  role: { fields: ['attributes', 'memberOf'], severities: { missing: 'error', extra: 'info', changed: 'error' } },
  grant: { fields: ['privileges'], severities: alwaysError },
  // the rows of the seed tables
  seed: { severities: alwaysError },
};

/** Whether statements call a function; a session needs no privileges for a function that a trigger runs. */
export const isCalledRoutine = ({ result }: Pick<Routine, 'result'>): boolean => result !== 'trigger';

/** The facts that determine the severity of a difference. */
export interface Judged {
  readonly object: ObjectKind;
  readonly change: DriftKind;
  readonly field?: string;
  /** Whether the schema of the object is in the expected catalog. */
  readonly isManaged: boolean;
  /** For an index: whether it can refuse rows, in either catalog. */
  readonly isUnique: boolean;
  /** For a column: whether an insert without it is refused. */
  readonly isMandatory: boolean;
  /** For a column: whether another collation makes other values equal. */
  readonly isCompared: boolean;
  /** For a function: whether statements call it, not triggers, or whether it runs with the rights of its owner. */
  readonly isCalled: boolean;
  /** For the options of a function: whether only those differ that the planner reads. */
  readonly isOfPlanner: boolean;
  /**
   * For an extra function: whether it has the name of an expected one, so that it may be called instead of that one.
   */
  readonly isOverload: boolean;
  /** For an extra table: whether the service adds it to databases of the generation. */
  readonly isOfService: boolean;
}

/** The severity of a difference (design 09a §2.1). */
export function severityOf(judged: Judged): Severity {
  const { missing, extra, extraElsewhere = extra, changed, byField } = severitiesOf(judged);
  switch (judged.change) {
    case 'missing':
      return missing;
    case 'changed':
      return judged.field === 'options' && !judged.isOfPlanner ? changed : (byField?.[judged.field ?? ''] ?? changed);
    case 'extra':
      return judged.isManaged ? extra : extraElsewhere;
  }
}

/** The options of a function that the planner reads; any other may change its results. */
export const isPlannerOption = (option: string): boolean => /^(?:PARALLEL |LEAKPROOF$)/.test(option);

function severitiesOf(judged: Judged): Severities {
  const { object, isUnique, isMandatory, isCompared, isCalled, isOverload, isOfService } = judged;
  const { severities, special = {} }: DriftRules<'schema'> = driftRules[object];
  return (
    (isCompared && judged.change === 'changed' && special.compared) ||
    (isUnique && special.unique) ||
    (isOverload && special.overload) ||
    (isCalled && special.called) ||
    (isMandatory && special.mandatory) ||
    (isOfService && special.ofService) ||
    severities
  );
}
