import type { ExpressionText } from '../catalog.ts';
import { parseExpression } from './parse-expression.ts';
import { type ParsedExpression, printParsed } from './parsed-expression.ts';

const truth: Readonly<Record<string, string>> = { 0: 'FALSE', 1: 'TRUE' };

/** SQL Server has no Boolean type: a column of type `bit` is compared with 1. */
function withTruthValues(expression: ParsedExpression, bits: ReadonlySet<string>): ParsedExpression {
  const within = (operand: ParsedExpression) => withTruthValues(operand, bits);
  switch (expression.kind) {
    case 'any':
    case 'all':
      return { ...expression, operands: expression.operands.map(within) };
    case 'not':
      return { ...expression, operand: within(expression.operand) };
    case 'compare': {
      const { left, right } = expression;
      const word = right.kind === 'number' ? truth[right.text] : undefined;
      if (left.kind !== 'column' || !bits.has(left.name) || word === undefined) return expression;
      return { ...expression, right: { kind: 'keyword', text: word } };
    }
    default:
      return expression;
  }
}

/**
 * The normal form of an expression that an engine printed (design 09 §3.5): equal to `normalForm` of the expression in
 * the script. Text outside of the grammar becomes `raw:` followed by the text with white space collapsed, and equals
 * only itself.
 *
 * @param bits columns in which 1 means true (SQL Server)
 */
export function normalExpression(text: string, bits: ReadonlySet<string> = new Set()): ExpressionText {
  const parsed = parseExpression(text);
  return parsed === null ? `raw:${text.replace(/\s+/g, ' ').trim()}` : printParsed(withTruthValues(parsed, bits));
}
