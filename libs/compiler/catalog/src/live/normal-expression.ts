import { mustExist } from '@dms/model';
import { identifierOf, isOperator, isWord, lookedUpName, printedTokens, type SqlToken } from '@dms/sql';
import type { ExpressionText } from '../catalog.ts';
import { type ParsedExpression, printParsed } from './parsed-expression.ts';

/**
 * The normal form of an expression that an engine printed (design 09a §1.5): equal to `normalForm` of the expression in
 * the script. Text outside of the grammar becomes `raw:` followed by the text with white space collapsed, and equals
 * only itself.
 *
 * @param bits columns in which 1 means true (SQL Server)
 */
export function normalExpression(text: string, bits: ReadonlySet<string> = new Set()): ExpressionText {
  const parsed = parseExpression(text);
  return parsed === null ? `raw:${text.replace(/\s+/g, ' ').trim()}` : printParsed(withTruthValues(parsed, bits));
}

/** Thrown for a text outside of the grammar. */
class NotParsed extends Error {}

function expressionTokens(text: string): readonly SqlToken[] {
  const { tokens, unreadable } = printedTokens(text);
  if (unreadable.length > 0) throw new NotParsed();
  return tokens;
}

/**
 * Parses an expression as PostgreSQL and SQL Server print it, with the rewrites of design 09a §1.5; null for a text
 * outside of that grammar.
 */
function parseExpression(text: string): ParsedExpression | null {
  try {
    return new ExpressionParser(expressionTokens(text)).whole();
  } catch (error) {
    if (error instanceof NotParsed) return null;
    throw error;
  }
}

const nullValue: ParsedExpression = { kind: 'keyword', text: 'NULL' };

/** Words whose meaning is outside of the grammar; an expression with one of them is kept unchanged. */
const unknownWords = new Set(
  'ALL ANY ARRAY AT BETWEEN COLLATE DISTINCT EXISTS FILTER FROM ILIKE IN INTERVAL LIKE ORDER OVER ROW SELECT SIMILAR SOME VARIADIC WITHIN'.split(
    ' ',
  ),
);
const reservedWords = new Set('AND AS CASE CAST CONVERT ELSE END FOR IS NEXT NOT OR THEN VALUE WHEN'.split(' '));

/** Functions that are written without parentheses. */
const valueWords = new Set(
  'NULL TRUE FALSE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER LOCALTIME LOCALTIMESTAMP SESSION_USER USER'.split(
    ' ',
  ),
);

const comparisons = new Set(['=', '<>', '!=', '<', '>', '<=', '>=']);

class ExpressionParser {
  private readonly tokens: readonly SqlToken[];
  private position = 0;

  constructor(tokens: readonly SqlToken[]) {
    this.tokens = tokens;
  }

  whole(): ParsedExpression {
    const expression = this.any();
    if (this.position < this.tokens.length) throw new NotParsed();
    return expression;
  }

  private peek(offset = 0): SqlToken | undefined {
    return this.tokens[this.position + offset];
  }

  private isWord(word: string, offset = 0): boolean {
    const token = this.peek(offset);
    return isWord(token, word);
  }

  private isSign(sign: string, offset = 0): boolean {
    const token = this.peek(offset);
    return isOperator(token, sign);
  }

  private takeWord(...words: readonly string[]): boolean {
    if (!words.every((word, offset) => this.isWord(word, offset))) return false;
    this.position += words.length;
    return true;
  }

  /** Takes a sign and the words after it. */
  private takeSign(sign: string, ...words: readonly string[]): boolean {
    if (!this.isSign(sign) || !words.every((word, index) => this.isWord(word, index + 1))) return false;
    this.position += 1 + words.length;
    return true;
  }

  private expectSign(sign: string): void {
    if (!this.takeSign(sign)) throw new NotParsed();
  }

  private expectWord(word: string): void {
    if (!this.takeWord(word)) throw new NotParsed();
  }

  private any(): ParsedExpression {
    const operands = [this.all()];
    while (this.takeWord('OR')) operands.push(this.all());
    return joined('any', operands);
  }

  private all(): ParsedExpression {
    const operands = [this.condition()];
    while (this.takeWord('AND')) operands.push(this.condition());
    return joined('all', operands);
  }

  private condition(): ParsedExpression {
    return this.takeWord('NOT') ? negated(this.condition()) : this.comparison();
  }

  private comparison(): ParsedExpression {
    let left = this.sum();
    for (;;) {
      const token = this.peek();
      if (this.takeSign('=', 'ANY')) left = { kind: 'oneOf', operand: left, values: this.arrayItems() };
      else if (this.takeWord('IN')) left = { kind: 'oneOf', operand: left, values: this.listed() };
      else if (token?.kind === 'operator' && comparisons.has(token.text)) {
        this.position += 1;
        left = { kind: 'compare', operator: token.text === '!=' ? '<>' : token.text, left, right: this.sum() };
      } else if (this.takeWord('IS', 'NULL')) left = { kind: 'isNull', operand: left, negated: false };
      else if (this.takeWord('IS', 'NOT', 'NULL')) left = { kind: 'isNull', operand: left, negated: true };
      else if (this.takeWord('IS', 'DISTINCT', 'FROM'))
        left = { kind: 'compare', operator: 'IS DISTINCT FROM', left, right: this.sum() };
      else if (this.takeWord('IS', 'NOT', 'DISTINCT', 'FROM'))
        left = { kind: 'compare', operator: 'IS NOT DISTINCT FROM', left, right: this.sum() };
      else return left;
    }
  }

  /** `(a, b)`. */
  private listed(): ParsedExpression[] {
    this.expectSign('(');
    const items = this.items();
    this.expectSign(')');
    return items;
  }

  private items(): ParsedExpression[] {
    const items: ParsedExpression[] = [];
    do items.push(this.any());
    while (this.takeSign(','));
    return items;
  }

  /** Parses `((ARRAY['a'::character varying])::text[])`, the form in which PostgreSQL stores an IN. */
  private arrayItems(): ParsedExpression[] {
    this.expectSign('(');
    const isNested = this.takeSign('(');
    this.expectWord('ARRAY');
    const token = this.peek();
    // SQL Server reads a text in brackets as a name
    if (token?.kind !== 'name') throw new NotParsed();
    this.position += 1;
    const items = new ExpressionParser(expressionTokens(token.value)).wholeList();
    if (isNested) this.expectSign(')');
    if (this.takeSign('::')) {
      this.type();
      this.expectSign('[]');
    }
    this.expectSign(')');
    return items;
  }

  private wholeList(): ParsedExpression[] {
    const items = this.items();
    if (this.position < this.tokens.length) throw new NotParsed();
    return items;
  }

  private sum(): ParsedExpression {
    let left = this.product();
    for (;;) {
      const operator = ['+', '-', '||'].find((sign) => this.takeSign(sign));
      if (operator === undefined) return left;
      left = { kind: 'arithmetic', operator, level: 1, left, right: this.product() };
    }
  }

  private product(): ParsedExpression {
    let left = this.postfix();
    for (;;) {
      const operator = ['*', '/', '%'].find((sign) => this.takeSign(sign));
      if (operator === undefined) return left;
      left = { kind: 'arithmetic', operator, level: 2, left, right: this.postfix() };
    }
  }

  private postfix(): ParsedExpression {
    let operand = this.takeSign('-') ? this.negative() : this.primary();
    for (;;) {
      if (this.takeSign('::')) operand = cast(operand, this.type());
      else if (this.takeWord('COLLATE'))
        operand = {
          kind: 'collate',
          operand,
          collation: mustExist(this.dottedName().at(-1), 'the name of a collation'),
        };
      else return operand;
    }
  }

  private negative(): ParsedExpression {
    const operand = this.primary();
    return operand.kind === 'number' ? { kind: 'number', text: `-${operand.text}` } : { kind: 'negative', operand };
  }

  /**
   * Parses `character varying(10)`, `timestamp with time zone`, `[decimal](9,2)`: words, then digits in parentheses.
   */
  private type(): string {
    const words: string[] = [];
    for (;;) {
      const token = this.peek();
      const word = lookedUpName(token);
      if (word === undefined) break;
      if (words.length > 0 && !/^(?:varying|precision|with|without|time|zone)$/i.test(word)) break;
      words.push(word);
      this.position += 1;
    }
    if (words.length === 0) throw new NotParsed();
    const length = this.takeSign('(') ? this.digits() : '';
    return `${words.join(' ')}${length}`;
  }

  private digits(): string {
    const parts: string[] = [];
    do {
      const token = this.peek();
      if (token === undefined || (token.kind !== 'number' && !this.isWord('MAX'))) throw new NotParsed();
      parts.push(token.text.toLowerCase());
      this.position += 1;
    } while (this.takeSign(','));
    this.expectSign(')');
    return `(${parts.join(',')})`;
  }

  private primary(): ParsedExpression {
    const token = this.peek();
    if (token === undefined) throw new NotParsed();
    if (this.takeSign('(')) {
      const inner = this.any();
      this.expectSign(')');
      return inner;
    }
    switch (token.kind) {
      case 'string':
      case 'number':
        this.position += 1;
        return { kind: token.kind, text: token.value };
      case 'word':
        return this.word(token.value);
      case 'name':
        return this.named();
      default:
        throw new NotParsed();
    }
  }

  private word(word: string): ParsedExpression {
    if (this.takeWord('CASE')) return this.cases();
    if (this.takeWord('NEXT', 'VALUE', 'FOR')) return { kind: 'nextValue', sequence: this.dottedName().join('.') };
    if (this.isSign('(', 1)) {
      if (this.takeWord('CAST')) {
        this.expectSign('(');
        const operand = this.any();
        this.expectWord('AS');
        const type = this.type();
        this.expectSign(')');
        return cast(operand, type);
      }
      if (this.takeWord('CONVERT')) {
        this.expectSign('(');
        const type = this.type();
        this.expectSign(',');
        const operand = this.any();
        this.expectSign(')');
        return cast(operand, type);
      }
    } else if (valueWords.has(word)) {
      this.position += 1;
      return { kind: 'keyword', text: word };
    }
    if (unknownWords.has(word) || reservedWords.has(word)) throw new NotParsed();
    return this.named();
  }

  private dottedName(): string[] {
    const parts: string[] = [];
    do {
      const part = identifierOf(this.peek());
      if (part === undefined) throw new NotParsed();
      parts.push(part);
      this.position += 1;
    } while (this.takeSign('.'));
    return parts;
  }

  /** Parses a column, of which only the last part is used, or a call. */
  private named(): ParsedExpression {
    const isQuoted = this.peek()?.kind === 'name';
    const row = (['OLD', 'NEW'] as const).find((word) => this.isWord(word) && this.isSign('.', 1));
    const parts = this.dottedName();
    if (!this.takeSign('(')) {
      const column = mustExist(parts.at(-1), 'the last part of a name');
      return { kind: 'column', name: column, ...(row === undefined ? {} : { row }) };
    }
    const own = parts.length > 1 && parts[0]?.toLowerCase() === 'pg_catalog' ? parts.slice(1) : parts;
    const name = own.map((part) => functionPart(isQuoted ? part : part.toLowerCase())).join('.');
    // a normal form may be parsed again, and must not change
    if (name === 'nextval' && this.isSign('.', 1)) {
      const sequence = this.dottedName().join('.');
      this.expectSign(')');
      return { kind: 'nextValue', sequence };
    }
    const args: ParsedExpression[] = [];
    if (!this.takeSign(')')) {
      do args.push(this.any());
      while (this.takeSign(','));
      this.expectSign(')');
    }
    const [only] = args;
    if (name === 'nextval' && only?.kind === 'string' && args.length === 1) return nextValue(only.text);
    return { kind: 'call', function: name, arguments: args };
  }

  private cases(): ParsedExpression {
    const operand = this.isWord('WHEN') ? null : this.any();
    const branches: { condition: ParsedExpression; value: ParsedExpression }[] = [];
    while (this.takeWord('WHEN')) {
      const when = this.any();
      this.expectWord('THEN');
      const condition: ParsedExpression =
        operand === null ? when : { kind: 'compare', operator: '=', left: operand, right: when };
      branches.push({ condition, value: this.any() });
    }
    if (branches.length === 0) throw new NotParsed();
    const otherwise = this.takeWord('ELSE') ? this.any() : nullValue;
    this.expectWord('END');
    return { kind: 'case', branches, otherwise };
  }
}

function joined(kind: 'any' | 'all', operands: readonly ParsedExpression[]): ParsedExpression {
  const flat = operands.flatMap((operand) => (operand.kind === kind ? operand.operands : [operand]));
  const [only, ...others] = flat;
  return only !== undefined && others.length === 0 ? only : { kind, operands: flat };
}

function negated(operand: ParsedExpression): ParsedExpression {
  return operand.kind === 'isNull' ? { ...operand, negated: !operand.negated } : { kind: 'not', operand };
}

/** Types of text without a length. A cast to one of them does not change a value. */
const droppedCasts = new Set(['text', 'varchar', 'character varying']);

function cast(operand: ParsedExpression, type: string): ParsedExpression {
  return isLiteral(operand) || droppedCasts.has(type) ? operand : { kind: 'cast', operand, type };
}

const isLiteral = ({ kind, ...rest }: ParsedExpression) =>
  kind === 'string' || kind === 'number' || (kind === 'keyword' && 'text' in rest && rest.text === 'NULL');

/** A part of a function name, quoted if the unquoted name would be read differently. */
const functionPart = (part: string) => (/^[a-z_][a-z0-9_$]*$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`);

/** `nextval('dms."S"')`: the text is a catalog name. */
function nextValue(text: string): ParsedExpression {
  const parts = expressionTokens(text).filter(({ kind }) => kind !== 'operator');
  return { kind: 'nextValue', sequence: parts.map((token) => identifierOf(token) ?? token.value).join('.') };
}

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
