import type { Deviation, ObjectKind, Severity } from './difference.ts';

/** The facts that decide how severe a difference is. */
export interface Judged {
  readonly object: ObjectKind;
  readonly change: Deviation;
  readonly field?: string;
  /** Whether the schema of the object is in the expected catalog. */
  readonly isManaged: boolean;
  /** For an index: whether it can refuse rows, in either catalog. */
  readonly isUnique: boolean;
  /** For a column: whether a row that does not name it is refused. */
  readonly isMandatory: boolean;
  /** For a function: whether statements call it, not a trigger. */
  readonly isCalled: boolean;
}

/** The severity of a missing, an extra and a changed object of one kind. */
interface Severities {
  readonly missing: Severity;
  readonly extra: Severity;
  /** Severity of an extra object in a schema that the expected catalog does not have; defaults to `extra`. */
  readonly extraElsewhere?: Severity;
  readonly changed: Severity;
  /** Fields with a severity of their own: a change does not alter what the database accepts or does. */
  readonly fields?: Readonly<Record<string, Severity>>;
}

/**
 * The kinds of objects. Unique indexes and mandatory columns are separate kinds here, because they can refuse rows. So are
 * functions that statements call, because a session needs the privilege to call them.
 */
type JudgedKind = ObjectKind | 'uniqueIndex' | 'mandatoryColumn' | 'calledFunction';

/** A function that runs in a trigger. Whether it is parallel-safe or leakproof does not affect results. */
const routine: Severities = {
  missing: 'error',
  extra: 'warning',
  extraElsewhere: 'info',
  changed: 'error',
  fields: { publicExecute: 'warning', options: 'warning' },
};

const column: Severities = { missing: 'error', extra: 'warning', changed: 'error', fields: { collation: 'warning' } };

/**
 * All severities (design 09 §4.1). An extra object is an error if it can refuse rows that the model allows, or if it does something that
 * the model does not know. Three entries are never used: a schema never changes, and the order of columns is never missing or extra.
 */
const severities: Readonly<Record<JudgedKind, Severities>> = {
  schema: { missing: 'error', extra: 'info', changed: 'error' },
  extension: { missing: 'error', extra: 'info', changed: 'warning' },
  sequence: {
    missing: 'error',
    extra: 'warning',
    extraElsewhere: 'info',
    changed: 'error',
    fields: { type: 'warning', start: 'warning', min: 'warning', max: 'warning' },
  },
  table: { missing: 'error', extra: 'warning', extraElsewhere: 'info', changed: 'error', fields: { storage: 'warning' } },
  column,
  mandatoryColumn: { ...column, extra: 'error' },
  columnOrder: { missing: 'info', extra: 'info', changed: 'info' },
  primaryKey: { missing: 'error', extra: 'error', changed: 'error', fields: { name: 'warning', clustered: 'warning' } },
  unique: { missing: 'error', extra: 'error', changed: 'error', fields: { clustered: 'warning' } },
  foreignKey: { missing: 'error', extra: 'error', changed: 'error' },
  check: { missing: 'error', extra: 'error', changed: 'error' },
  index: { missing: 'warning', extra: 'info', changed: 'warning' },
  uniqueIndex: { missing: 'error', extra: 'error', changed: 'error' },
  trigger: { missing: 'error', extra: 'error', changed: 'error' },
  view: { missing: 'error', extra: 'warning', extraElsewhere: 'info', changed: 'error' },
  function: routine,
  calledFunction: { ...routine, fields: { options: 'warning' } },
  tableType: { missing: 'error', extra: 'warning', extraElsewhere: 'info', changed: 'error' },
  role: { missing: 'error', extra: 'info', changed: 'error' },
  grant: { missing: 'error', extra: 'error', changed: 'error' },
  seed: { missing: 'error', extra: 'error', changed: 'error' },
};

function judgedKind({ object, isUnique, isMandatory, isCalled }: Judged): JudgedKind {
  if (object === 'index' && isUnique) return 'uniqueIndex';
  if (object === 'function' && isCalled) return 'calledFunction';
  return object === 'column' && isMandatory ? 'mandatoryColumn' : object;
}

/** The severity of a difference (design 09 §4.1). */
export function severityOf(judged: Judged): Severity {
  const { missing, extra, extraElsewhere = extra, changed, fields } = severities[judgedKind(judged)];
  switch (judged.change) {
    case 'missing':
      return missing;
    case 'changed':
      return fields?.[judged.field ?? ''] ?? changed;
    case 'extra':
      return judged.isManaged ? extra : extraElsewhere;
  }
}
