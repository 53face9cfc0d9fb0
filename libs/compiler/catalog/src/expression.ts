/**
 * An expression of a check, default or generated column as data. Dialects render it; catalogs compare its normal form
 * (design 09a §1.5).
 */
export type CheckExpression =
  /** A column of the table. */
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'true' }
  | { readonly kind: 'null' }
  | { readonly kind: 'isNull'; readonly operand: CheckExpression; readonly negated: boolean }
  | { readonly kind: 'all'; readonly operands: readonly CheckExpression[] }
  | { readonly kind: 'any'; readonly operands: readonly CheckExpression[] }
  | {
      readonly kind: 'compare';
      readonly operator: '=' | '<>' | '>';
      readonly left: CheckExpression;
      readonly right: CheckExpression;
    }
  | { readonly kind: 'oneOf'; readonly operand: CheckExpression; readonly values: readonly string[] }
  | { readonly kind: 'call'; readonly function: string; readonly arguments: readonly CheckExpression[] }
  | { readonly kind: 'collate'; readonly operand: CheckExpression; readonly collation: string }
  | {
      readonly kind: 'when';
      readonly condition: CheckExpression;
      readonly value: CheckExpression;
      readonly otherwise: CheckExpression;
    }
  | { readonly kind: 'nextValue'; readonly sequence: { readonly schema: string; readonly name: string } };

export const column = (name: string): CheckExpression => ({ kind: 'column', name });
export const text = (value: string): CheckExpression => ({ kind: 'text', value });
export const number = (value: number): CheckExpression => ({ kind: 'number', value });
export const call = (name: string, ...args: readonly CheckExpression[]): CheckExpression => ({
  kind: 'call',
  function: name,
  arguments: args,
});
/** A text with the collation by which it is compared and folded. */
export const collate = (operand: CheckExpression, collation: string): CheckExpression => ({
  kind: 'collate',
  operand,
  collation,
});
export const isNull = (operand: CheckExpression): CheckExpression => ({ kind: 'isNull', operand, negated: false });
export const isNotNull = (operand: CheckExpression): CheckExpression => ({ kind: 'isNull', operand, negated: true });
export const all = (...operands: readonly CheckExpression[]): CheckExpression => ({ kind: 'all', operands });
export const any = (...operands: readonly CheckExpression[]): CheckExpression => ({ kind: 'any', operands });
export const equal = (left: CheckExpression, right: CheckExpression): CheckExpression => ({
  kind: 'compare',
  operator: '=',
  left,
  right,
});
export const notEqual = (left: CheckExpression, right: CheckExpression): CheckExpression => ({
  kind: 'compare',
  operator: '<>',
  left,
  right,
});
export const greater = (left: CheckExpression, right: CheckExpression): CheckExpression => ({
  kind: 'compare',
  operator: '>',
  left,
  right,
});

/** The condition that `operand` is one of several texts. */
export const oneOf = (operand: CheckExpression, values: readonly string[]): CheckExpression => ({
  kind: 'oneOf',
  operand,
  values,
});

/** The condition that all of `names` are null, or none is. */
export function allOrNone(names: readonly string[]): CheckExpression {
  const columns = names.map(column);
  return any(all(...columns.map(isNull)), all(...columns.map(isNotNull)));
}

/** The condition of a presence flag: absent or true. */
export function nullOrTrue(name: string): CheckExpression {
  return any(isNull(column(name)), equal(column(name), { kind: 'true' }));
}

/** The value of an alias: the value of its canonical column, or null if its place in the document is absent. */
export function aliasValue(canonicalColumn: string, presenceColumn: string | null): CheckExpression {
  if (presenceColumn === null) return column(canonicalColumn);
  return {
    kind: 'when',
    condition: isNull(column(presenceColumn)),
    value: { kind: 'null' },
    otherwise: column(canonicalColumn),
  };
}

/** Renders the leaves of an expression in a dialect. */
export interface ExpressionLeaves {
  column(name: string): string;
  text(value: string): string;
  true: string;
  nextValue(sequence: { readonly schema: string; readonly name: string }): string;
  function(name: string): string;
  collation(name: string): string;
}

function parenthesized(expression: CheckExpression, leaves: ExpressionLeaves, needsParentheses: boolean): string {
  const printed = printExpression(expression, leaves);
  return needsParentheses ? `(${printed})` : printed;
}

/** Prints an expression; parentheses only around AND inside OR and OR inside AND. */
export function printExpression(expression: CheckExpression, leaves: ExpressionLeaves): string {
  const print = (operand: CheckExpression) => printExpression(operand, leaves);
  switch (expression.kind) {
    case 'column':
      return leaves.column(expression.name);
    case 'text':
      return leaves.text(expression.value);
    case 'number':
      return String(expression.value);
    case 'true':
      return leaves.true;
    case 'null':
      return 'NULL';
    case 'isNull':
      return `${print(expression.operand)} IS ${expression.negated ? 'NOT ' : ''}NULL`;
    case 'all':
      return expression.operands.map((operand) => parenthesized(operand, leaves, operand.kind === 'any')).join(' AND ');
    case 'any':
      return expression.operands
        .map((operand) => parenthesized(operand, leaves, operand.kind === 'all' && operand.operands.length > 1))
        .join(' OR ');
    case 'compare':
      return `${print(expression.left)} ${expression.operator} ${print(expression.right)}`;
    case 'oneOf':
      return `${print(expression.operand)} IN (${expression.values.map((value) => leaves.text(value)).join(', ')})`;
    case 'call':
      return `${leaves.function(expression.function)}(${expression.arguments.map(print).join(', ')})`;
    case 'collate':
      return `${print(expression.operand)} COLLATE ${leaves.collation(expression.collation)}`;
    case 'when':
      return `CASE WHEN ${print(expression.condition)} THEN ${print(expression.value)} ELSE ${print(expression.otherwise)} END`;
    case 'nextValue':
      return leaves.nextValue(expression.sequence);
  }
}

const normalLeaves: ExpressionLeaves = {
  column: (name) => `"${name.replaceAll('"', '""')}"`,
  text: (value) => `'${value.replaceAll("'", "''")}'`,
  true: 'TRUE',
  nextValue: ({ schema, name }) => `nextval(${schema}.${name})`,
  function: (name) => name.toLowerCase(),
  collation: (name) => `"${name}"`,
};

/** The engine-independent form: quoted identifiers, upper-case keywords, lower-case functions. */
export function normalForm(expression: CheckExpression): string {
  return printExpression(expression, normalLeaves);
}
