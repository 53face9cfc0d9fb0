import type { Moments } from '@dms/documents';
import type { ScalarType } from '@dms/model';
import type { DialectRules } from '@dms/sql';
import type { Expression, SelectedColumn } from './view.ts';

/*
 * What databases store instead of the first and the last day and moment, and how a query gives these back (design 19
 * §6.2, 16 §6.4).
 */

/**
 * A date or moment with a text in place of each end of time. NULL stays. Indexes on the column do not serve conditions
 * on the result: the planner does not see that the order is the same.
 */
export function finiteMoment(
  { stringLiteral: literal }: DialectRules,
  expression: string,
  ends: ReadonlyMap<string, string>,
): string {
  const cases = [...ends].map(([text, stored]) => `WHEN ${literal(stored)} THEN ${literal(text)}`);
  return cases.length === 0 ? expression : `CASE ${expression} ${cases.join(' ')} ELSE ${expression} END`;
}

/** The expression of a column whose type may have ends of time. */
export function finite(of: Expression, type: ScalarType | null, moments: Moments): Expression {
  const ends = type === null ? undefined : moments[type.kind];
  return ends === undefined || of.kind === 'null' ? of : { kind: 'finite', of, ends };
}

/** The same for a selected column. */
export const finiteColumn = ({ expression, physicalType }: SelectedColumn, moments: Moments): SelectedColumn => ({
  expression: finite(expression, physicalType, moments),
  physicalType,
});
