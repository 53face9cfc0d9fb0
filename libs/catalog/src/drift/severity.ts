import type { ChangeKind, ObjectKind } from './difference.ts';
import {
  checkDrift,
  columnDrift,
  extensionDrift,
  foreignKeyDrift,
  grantDrift,
  indexDrift,
  primaryKeyDrift,
  roleDrift,
  routineDrift,
  type Severities,
  type Severity,
  schemaDrift,
  seedDrift,
  sequenceDrift,
  tableDrift,
  tableTypeDrift,
  triggerDrift,
  uniqueDrift,
  viewDrift,
} from './drift-rules.ts';

/**
 * The rules of every kind of object (design 09 §4.1). An extra object is an error if it can refuse rows that the model
 * allows, or if it does something that the model does not know.
 */
export const driftRules = {
  schema: schemaDrift,
  extension: extensionDrift,
  sequence: sequenceDrift,
  table: tableDrift,
  column: columnDrift,
  columnOrder: { severities: columnDrift.order },
  primaryKey: primaryKeyDrift,
  unique: uniqueDrift,
  foreignKey: foreignKeyDrift,
  check: checkDrift,
  index: indexDrift,
  trigger: triggerDrift,
  view: viewDrift,
  function: routineDrift,
  tableType: tableTypeDrift,
  role: roleDrift,
  grant: grantDrift,
  seed: seedDrift,
} as const satisfies Readonly<Record<ObjectKind, { readonly severities: Severities }>>;

/** The kinds of objects with members that are compared. */
export type ComparedKind = {
  [Kind in ObjectKind]: (typeof driftRules)[Kind] extends { readonly fields: readonly string[] } ? Kind : never;
}[ObjectKind];

/** The facts that decide how severe a difference is. */
export interface Judged {
  readonly object: ObjectKind;
  readonly change: ChangeKind;
  readonly field?: string;
  /** Whether the schema of the object is in the expected catalog. */
  readonly isManaged: boolean;
  /** For an index: whether it can refuse rows, in either catalog. */
  readonly isUnique: boolean;
  /** For a column: whether a row that does not name it is refused. */
  readonly isMandatory: boolean;
  /** For a function: whether statements call it, not a trigger. */
  readonly isCalled: boolean;
  /**
   * For an extra function: whether it has the name of an expected one, which may then not be the one that is called.
   */
  readonly isOverload: boolean;
}

function severitiesOf({ object, isUnique, isMandatory, isCalled, isOverload }: Judged): Severities {
  if (object === 'index' && isUnique) return indexDrift.unique;
  if (object === 'function' && isOverload) return routineDrift.overload;
  if (object === 'function' && isCalled) return routineDrift.called;
  return object === 'column' && isMandatory ? columnDrift.mandatory : driftRules[object].severities;
}

/** The severity of a difference (design 09 §4.1). */
export function severityOf(judged: Judged): Severity {
  const { missing, extra, extraElsewhere = extra, changed, byField } = severitiesOf(judged);
  switch (judged.change) {
    case 'missing':
      return missing;
    case 'changed':
      return byField?.[judged.field ?? ''] ?? changed;
    case 'extra':
      return judged.isManaged ? extra : extraElsewhere;
  }
}
