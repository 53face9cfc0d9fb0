import type { Change, ObjectKind, Severity } from './difference.ts';

/** What decides how bad a difference is. */
export interface Judged {
  readonly object: ObjectKind;
  readonly change: Change;
  readonly field?: string;
  /** Whether the schema of the object is one of the expected catalog. */
  readonly isManaged: boolean;
  /** Of an index: whether it refuses rows, in either catalog. */
  readonly isUnique: boolean;
  /** Of a column: whether a row that does not name it is refused. */
  readonly isMandatory: boolean;
}

/** Fields whose change does not alter what the database accepts or does. */
const mildFields: Readonly<Partial<Record<ObjectKind, ReadonlySet<string>>>> = {
  extension: new Set(['schema']),
  sequence: new Set(['type', 'start', 'min', 'max']),
  table: new Set(['storage']),
  column: new Set(['collation']),
  primaryKey: new Set(['name', 'clustered']),
  unique: new Set(['clustered']),
  trigger: new Set(['updateOf']),
  // what a trigger runs needs no right of the session
  function: new Set(['publicExecute']),
};

function severityOfChange({ object, field = '', isUnique }: Judged): Severity {
  if (object === 'columnOrder') return 'info';
  if (object === 'index') return isUnique ? 'error' : 'warning';
  return mildFields[object]?.has(field) ? 'warning' : 'error';
}

function severityOfExtra({ object, isManaged, isUnique, isMandatory }: Judged): Severity {
  switch (object) {
    case 'schema':
    case 'extension':
      return 'info';
    case 'index':
      return isUnique ? 'error' : 'info';
    case 'column':
      return isMandatory ? 'error' : 'warning';
    // they can refuse rows that the model allows, or do what it does not know
    case 'primaryKey':
    case 'unique':
    case 'foreignKey':
    case 'check':
    case 'trigger':
    case 'seed':
    // rights that nothing needs
    case 'grant':
      return 'error';
    default:
      return isManaged ? 'warning' : 'info';
  }
}

/** How bad a difference is (design 09 §4.1). */
export function severityOf(judged: Judged): Severity {
  switch (judged.change) {
    case 'missing':
      return judged.object === 'index' && !judged.isUnique ? 'warning' : 'error';
    case 'changed':
      return severityOfChange(judged);
    case 'extra':
      return severityOfExtra(judged);
  }
}
