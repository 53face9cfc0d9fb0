/**
 * A parsed expression. It has more forms than the expressions of scripts, because others may have changed the database.
 */
export type ParsedExpression =
  /** `row` in the condition of a trigger: the row before or after the change. */
  | { readonly kind: 'column'; readonly name: string; readonly row?: 'OLD' | 'NEW' }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'keyword'; readonly text: string }
  | { readonly kind: 'any' | 'all'; readonly operands: readonly ParsedExpression[] }
  | { readonly kind: 'not'; readonly operand: ParsedExpression }
  | { readonly kind: 'negative'; readonly operand: ParsedExpression }
  | { readonly kind: 'isNull'; readonly operand: ParsedExpression; readonly negated: boolean }
  | {
      readonly kind: 'compare';
      readonly operator: string;
      readonly left: ParsedExpression;
      readonly right: ParsedExpression;
    }
  | {
      readonly kind: 'arithmetic';
      readonly operator: string;
      readonly level: 1 | 2;
      readonly left: ParsedExpression;
      readonly right: ParsedExpression;
    }
  | { readonly kind: 'cast'; readonly operand: ParsedExpression; readonly type: string }
  | { readonly kind: 'collate'; readonly operand: ParsedExpression; readonly collation: string }
  | { readonly kind: 'call'; readonly function: string; readonly arguments: readonly ParsedExpression[] }
  | {
      readonly kind: 'case';
      readonly branches: readonly { readonly condition: ParsedExpression; readonly value: ParsedExpression }[];
      readonly otherwise: ParsedExpression;
    }
  | { readonly kind: 'oneOf'; readonly operand: ParsedExpression; readonly values: readonly ParsedExpression[] }
  | { readonly kind: 'nextValue'; readonly sequence: string };

/** The binding strength of each form. An operand that binds less tightly than its place requires needs parentheses. */
const strength = { any: 0, all: 1, not: 2, compare: 3, sum: 4, product: 5, postfix: 6 } as const;

/** Prints the normal form (design 09a §1.5), with parentheses only if the meaning needs them. */
export function printParsed(expression: ParsedExpression): string {
  switch (expression.kind) {
    case 'column':
      return `${expression.row === undefined ? '' : `${expression.row}.`}${quotedName(expression.name)}`;
    case 'string':
      return quotedText(expression.text);
    case 'number':
    case 'keyword':
      return expression.text;
    case 'any':
      // nested operands of the same kind were flattened, so only an AND binds less than a condition
      return expression.operands.map((operand) => printAt(operand, strength.not)).join(' OR ');
    case 'all':
      return expression.operands.map((operand) => printAt(operand, strength.not)).join(' AND ');
    case 'not':
      return `NOT ${printAt(expression.operand, strength.postfix)}`;
    case 'negative':
      return `-${printAt(expression.operand, strength.postfix)}`;
    case 'isNull':
      return `${printAt(expression.operand, strength.sum)} IS ${expression.negated ? 'NOT ' : ''}NULL`;
    case 'compare': {
      const { left, operator, right } = expression;
      return `${printAt(left, strength.sum)} ${operator} ${printAt(right, strength.sum)}`;
    }
    case 'arithmetic': {
      const own = strengthOf(expression);
      return `${printAt(expression.left, own)} ${expression.operator} ${printAt(expression.right, own + 1)}`;
    }
    case 'cast':
      return `CAST(${printParsed(expression.operand)} AS ${expression.type})`;
    case 'collate':
      return `${printAt(expression.operand, strength.postfix)} COLLATE ${quotedName(expression.collation)}`;
    case 'call':
      return `${expression.function}(${expression.arguments.map(printParsed).join(', ')})`;
    case 'case': {
      const branches = expression.branches.map(
        ({ condition, value }) => ` WHEN ${printParsed(condition)} THEN ${printParsed(value)}`,
      );
      return `CASE${branches.join('')} ELSE ${printParsed(expression.otherwise)} END`;
    }
    case 'oneOf':
      return `${printAt(expression.operand, strength.sum)} IN (${expression.values.map(printParsed).join(', ')})`;
    case 'nextValue':
      return `nextval(${expression.sequence})`;
  }
}

const quotedName = (name: string) => `"${name.replaceAll('"', '""')}"`;
const quotedText = (text: string) => `'${text.replaceAll("'", "''")}'`;

function printAt(expression: ParsedExpression, needed: number): string {
  const text = printParsed(expression);
  return strengthOf(expression) < needed ? `(${text})` : text;
}

function strengthOf(expression: ParsedExpression): number {
  switch (expression.kind) {
    case 'any':
      return strength.any;
    case 'all':
      return strength.all;
    case 'not':
      return strength.not;
    case 'compare':
    case 'isNull':
    case 'oneOf':
      return strength.compare;
    case 'arithmetic':
      return expression.level === 1 ? strength.sum : strength.product;
    default:
      return strength.postfix;
  }
}
