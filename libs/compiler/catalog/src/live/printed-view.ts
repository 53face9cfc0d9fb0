import { identifierOf, printedTokens, type SqlToken } from '@dms/sql';

/** Thrown for a text that is not a view in one of the forms that scripts have. */
class NotPrintedSo extends Error {}

interface PrintedColumn {
  readonly qualifier: string;
  readonly name: string;
}

/**
 * The SELECTs of a view printed by PostgreSQL, in the form of the script up to the `;` (design 09a §1.5): selections of
 * columns and texts of one table, or of tables that are joined by equal columns, and their unions. Null for any other
 * view.
 *
 * @param typeName converts a type printed by the engine to the spelling of the script
 */
export function printedView(text: string, typeName: (type: string) => string): string | null {
  const { tokens, unreadable } = printedTokens(text.trim().replace(/;$/, ''));
  if (unreadable.length > 0) return null;
  const reader = new Reader(tokens);
  try {
    let body = selectText(reader, typeName);
    while (reader.takes('UNION')) {
      body += reader.takes('ALL') ? '\nUNION ALL\n' : '\nUNION\n';
      body += selectText(reader, typeName);
    }
    return reader.isAtEnd ? `${body};` : null;
  } catch (error) {
    if (error instanceof NotPrintedSo) return null;
    throw error;
  }
}

/** Reads tokens one after the other; throws for a token that does not fit the grammar. */
class Reader {
  private readonly tokens: readonly SqlToken[];
  private at = 0;

  constructor(tokens: readonly SqlToken[]) {
    this.tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  /** The kind of the next token. */
  get kind(): SqlToken['kind'] | undefined {
    return this.tokens[this.at]?.kind;
  }

  /** Whether the next token is a given word or sign. */
  sees(...texts: readonly string[]): boolean {
    const token = this.tokens[this.at];
    return token !== undefined && (token.kind === 'word' || token.kind === 'operator') && texts.includes(token.text);
  }

  /** Takes the next token if it is a given word or sign. */
  takes(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.takes(text)) throw new NotPrintedSo();
  }

  next(...kinds: readonly SqlToken['kind'][]): SqlToken {
    const token = this.tokens[this.at];
    if (token === undefined || !kinds.includes(token.kind)) throw new NotPrintedSo();
    this.at += 1;
    return token;
  }

  /** Takes a name, which may be unquoted. */
  name(): string {
    return identifierOf(this.next('name', 'word')) ?? '';
  }
}

function selectText(reader: Reader, typeName: (type: string) => string): string {
  reader.expect('SELECT');
  const items = [item(reader)];
  while (reader.takes(',')) items.push(item(reader));
  reader.expect('FROM');
  skipped(reader, '(');
  const from = relation(reader);
  let joins = '';
  skipped(reader, ')');
  while (reader.sees('JOIN')) joins += joinText(reader);
  return `SELECT ${items.map((entry) => itemText(entry, from, typeName)).join(', ')}\nFROM ${relationText(from)}${joins}`;
}

interface Item {
  /** A text or a number has no qualifier. */
  readonly value: PrintedColumn | { readonly text: string } | { readonly number: string };
  readonly type: string | null;
  readonly alias: string | null;
}

function item(reader: Reader): Item {
  const isParenthesized = reader.takes('(');
  const value = itemValue(reader);
  if (isParenthesized) reader.expect(')');
  const type = reader.takes('::') ? typeText(reader) : null;
  const alias = reader.takes('AS') ? reader.name() : null;
  return { value, type, alias };
}

function itemValue(reader: Reader): Item['value'] {
  if (reader.kind === 'number') return { number: reader.next('number').text };
  return reader.kind === 'string' ? { text: reader.next('string').value } : column(reader);
}

function column(reader: Reader): PrintedColumn {
  const first = reader.name();
  if (!reader.takes('.')) return { qualifier: '', name: first };
  return { qualifier: first, name: reader.name() };
}

const behindItem = ['AS', ',', 'FROM', ')'];

/** `character varying(256)`, as the engine prints it. */
function typeText(reader: Reader): string {
  let text = '';
  while (!reader.sees(...behindItem)) {
    const token = reader.next('word', 'operator', 'number');
    text += token.kind === 'word' && text !== '' ? ` ${token.text}` : token.text;
    if (token.text !== '(') continue;
    while (!reader.sees(')')) text += reader.next('number', 'operator').text;
    text += reader.next('operator').text;
  }
  return text;
}

/** Skips parentheses of joins, which have no meaning: all joins are inner joins. */
function skipped(reader: Reader, sign: '(' | ')'): void {
  while (reader.takes(sign));
}

interface Relation {
  readonly schema: string;
  readonly table: string;
  readonly alias: string | null;
}

function relation(reader: Reader): Relation {
  const schema = reader.name();
  reader.expect('.');
  const table = reader.name();
  const hasAlias = !reader.isAtEnd && !reader.sees('JOIN', 'ON', 'UNION', ')');
  return { schema, table, alias: hasAlias ? reader.next('word').text : null };
}

function joinText(reader: Reader): string {
  reader.expect('JOIN');
  const target = relation(reader);
  reader.expect('ON');
  const conditions: string[] = [];
  do {
    skipped(reader, '(');
    const left = column(reader);
    reader.expect('=');
    conditions.push(`${columnText(left)} = ${columnText(column(reader))}`);
    skipped(reader, ')');
  } while (reader.takes('AND'));
  return `\nINNER JOIN ${relationText(target)} ON ${conditions.join(' AND ')}`;
}

const columnText = ({ qualifier, name }: PrintedColumn) =>
  qualifier === '' ? quoted(name) : `${qualifier}.${quoted(name)}`;

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

const relationText = ({ schema, table, alias }: Relation) =>
  `${quoted(schema)}.${quoted(table)}${alias === null ? '' : ` ${alias}`}`;

function itemText({ value, type, alias }: Item, from: Relation, typeName: (type: string) => string): string {
  const cast = type === null ? '' : `::${typeName(type)}`;
  const named = alias === null ? '' : ` AS ${quoted(alias)}`;
  if ('text' in value) return `${literal(value.text)}${cast}${named}`;
  if ('number' in value) return `${value.number}${cast}${named}`;
  if (from.alias !== null) return `${columnText(value)}${cast}${named}`;
  if (value.qualifier !== '' && value.qualifier !== from.table) throw new NotPrintedSo();
  return `${quoted(value.name)}${cast} AS ${quoted(alias ?? value.name)}`;
}
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
