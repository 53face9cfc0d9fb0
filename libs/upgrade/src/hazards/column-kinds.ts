import { type ColumnDefinition, columnType, type Expression } from '@dms/catalog';
import { mustExist } from '@dms/model';
import type { StatementKind } from './statement-effect.ts';

/** Whether an expression has one value for all rows of a statement. */
function isOneValue(expression: Expression): boolean {
  switch (expression.kind) {
    case 'text':
    case 'number':
    case 'true':
    case 'null':
      return true;
    // the only functions in defaults are clocks, and a clock does not advance within a statement
    case 'call':
      return expression.arguments.every(isOneValue);
    default:
      return false;
  }
}

/**
 * What adding a column to a table with rows requires: nothing, a default that is stored once, or a value in every row.
 */
export function addedColumnKind({
  generated,
  isIdentity,
  default: value,
}: Pick<ColumnDefinition, 'generated' | 'isIdentity' | 'default'>): StatementKind {
  if (generated !== null || isIdentity) return 'add computed columns';
  if (value === null) return 'add columns';
  return isOneValue(value) ? 'add columns with defaults' : 'add computed columns';
}

/** Types whose stored values stay valid when the first argument of the type grows. */
const growing: ReadonlySet<string> = new Set(['varchar', 'nvarchar', 'varbinary', 'numeric']);

/**
 * Whether a column can get another type without a change to the rows: text that may be longer and, on PostgreSQL (whose
 * catalog says `numeric`), decimals with more digits but the same number of decimal places.
 */
export function changedTypeKind(before: string, after: string): StatementKind {
  const from = columnType(before);
  const into = columnType(after);
  const [length, longest] = [from, into].map((type) => type.arguments[0]);
  const isSamePlaces = (from.arguments[1] ?? '0') === (into.arguments[1] ?? '0');
  const isLonger =
    from.name === into.name && growing.has(from.name) && Number(length) <= Number(longest) && isSamePlaces;
  return isLonger ? 'widen type' : 'change type';
}

/** What changes in a column that stays, or that was added to receive values. */
export interface ColumnAlteration {
  readonly before: { readonly type: string } | null;
  readonly column: { readonly type: string; readonly nullable: boolean };
  readonly type: boolean;
  readonly nullability: boolean;
  readonly default: boolean;
}

/** What changing a column requires. */
export function alterationKinds({ before, column, ...what }: ColumnAlteration): readonly StatementKind[] {
  return [
    ...(what.type ? [changedTypeKind(mustExist(before, 'the column before its type changes').type, column.type)] : []),
    ...(what.nullability ? [column.nullable ? ('allow null' as const) : ('require value' as const)] : []),
    ...(what.default ? ['change default' as const] : []),
  ];
}
