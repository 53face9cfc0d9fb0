import { type ColumnDefinition, columnType, type Expression } from '@dms/catalog';
import type { StatementKind } from './statement-effect.ts';

/** Whether an expression has one value for all rows of a statement. */
function isOneValue(expression: Expression): boolean {
  switch (expression.kind) {
    case 'text':
    case 'number':
    case 'true':
    case 'null':
      return true;
    // the only functions of defaults are clocks, which stand still while a statement runs
    case 'call':
      return expression.arguments.every(isOneValue);
    default:
      return false;
  }
}

/** What it takes to add a column to a table that has rows: nothing, a default that is kept once, or a value in every row. */
export function addedColumnKind({
  generated,
  isIdentity,
  default: value,
}: Pick<ColumnDefinition, 'generated' | 'isIdentity' | 'default'>): StatementKind {
  if (generated !== null || isIdentity) return 'add computed columns';
  if (value === null) return 'add columns';
  return isOneValue(value) ? 'add columns with defaults' : 'add computed columns';
}

/** Types whose values are stored alike whatever their first argument, as long as it only grows. */
const growing: ReadonlySet<string> = new Set(['varchar', 'nvarchar', 'varbinary', 'numeric']);

/**
 * Whether the rows stay as they are when a column gets another type: texts that may be longer, and on PostgreSQL, whose catalogs call
 * decimals `numeric`, more digits with the same places.
 */
export function changedTypeKind(before: string, after: string): StatementKind {
  const [from, into] = [columnType(before), columnType(after)];
  const [length, longest] = [from, into].map((type) => type.arguments[0]);
  const isSamePlaces = (from.arguments[1] ?? '0') === (into.arguments[1] ?? '0');
  const isLonger = from.name === into.name && growing.has(from.name) && Number(length) <= Number(longest) && isSamePlaces;
  return isLonger ? 'widen type' : 'change type';
}

/** What changes of a column that stays, or that was added for its values. */
export interface ColumnAlteration {
  readonly before: { readonly type: string } | null;
  readonly column: { readonly type: string; readonly nullable: boolean };
  readonly type: boolean;
  readonly nullability: boolean;
  readonly default: boolean;
}

/** What it takes to change a column. */
export function alterationKinds({ before, column, ...what }: ColumnAlteration): readonly StatementKind[] {
  return [
    ...(what.type ? [changedTypeKind(before?.type ?? '', column.type)] : []),
    ...(what.nullability ? [column.nullable ? ('allow null' as const) : ('require value' as const)] : []),
    ...(what.default ? ['change default' as const] : []),
  ];
}
