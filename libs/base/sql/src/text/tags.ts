import type { DialectRules } from '../dialect.ts';
import { type QualifiedName, qualifiedName } from '../identifier.ts';
import { isLines, type Lines, laidOut, type TemplateLine } from './lines.ts';
import { isSql, join, type PlainSql, plainSql, type Sql, SqlParts } from './sql.ts';
import { type StaticText, staticTexts } from './static-text.ts';

/** What may stand in a place of a script. */
export type PlainPart = PlainSql | QualifiedName;

/** What may stand in a place of a statement. */
export type TemplatePart = Sql | QualifiedName;

/** The text as written, with its line breaks. */
interface SqlTag {
  (strings: TemplateStringsArray, ...parts: readonly PlainPart[]): PlainSql;
  (strings: TemplateStringsArray, ...parts: readonly TemplatePart[]): Sql;
}

/**
 * A text of lines: the indent of its first line is removed from all lines, and so are a line break at its beginning and
 * a blank line at its end ({@link laidOut} has the rules for places).
 */
interface LinesTag {
  (strings: TemplateStringsArray, ...parts: readonly (PlainPart | Lines<PlainSql>)[]): Lines<PlainSql>;
  (strings: TemplateStringsArray, ...parts: readonly (TemplatePart | Lines)[]): Lines;
}

/** The tags and names of a dialect, and the only ways in which an identifier or a literal enters a text. */
export interface SqlText {
  readonly sql: SqlTag;
  readonly lines: LinesTag;
  /** A name in quotes. Throws `SQL_NOT_QUOTABLE` (design 03 §7). */
  id(identifier: string): PlainSql;
  /** Names in quotes, with commas between them. */
  ids(identifiers: readonly string[]): PlainSql;
  /** Throws `SQL_NOT_QUOTABLE` for a text that would not arrive unchanged, and for a number that is not finite. */
  literal(value: Literal): PlainSql;
  /** The name of an object as a literal, for functions that look an object up. */
  nameLiteral(name: QualifiedName): PlainSql;
  /** Literals, with commas between them. */
  literals(values: readonly Literal[]): PlainSql;
  /** Like `literal`; an ASCII text is a `varchar` of SQL Server, which needs no conversion for a column of that type. */
  asciiLiteral(text: string): PlainSql;
}

export type Literal = string | number | bigint | boolean | Uint8Array | null;

export function sqlText(rules: DialectRules): SqlText {
  const texts = cachedByTemplate((strings) => staticTexts(strings, rules.quote));
  const templates = cachedByTemplate((strings) => templateLines(texts(strings)));
  const fragment = (part: TemplatePart): Sql => (isSql(part) ? part : plainSql(qualifiedName(rules, part)));
  const id = (identifier: string) => plainSql(rules.quote(identifier));
  const literal = (value: Literal) => plainSql(literalText(rules, value));
  return {
    sql: ((strings: TemplateStringsArray, ...parts: readonly TemplatePart[]) => {
      const result = new SqlParts();
      let index = 0;
      // a run writes so many fragments that a function for each text would be noticed
      for (const { text } of texts(strings)) {
        result.text(text);
        const part = parts[index];
        if (part !== undefined) result.sql(fragment(part));
        index += 1;
      }
      return result.take();
    }) as SqlTag,
    lines: ((strings: TemplateStringsArray, ...parts: readonly (TemplatePart | Lines)[]) =>
      laidOut(
        templates(strings),
        parts.map((part) => (isLines(part) ? part : fragment(part))),
      )) as LinesTag,
    id,
    ids: (identifiers) => join(identifiers.map(id)),
    literal,
    nameLiteral: (name) => literal(qualifiedName(rules, name)),
    literals: (values) => join(values.map(literal)),
    asciiLiteral: (text) => plainSql(asciiText(rules, text)),
  };
}

function literalText(rules: DialectRules, value: Literal): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return rules.stringLiteral(value);
  if (typeof value === 'boolean') return rules.booleanLiteral(value);
  if (typeof value === 'object') return rules.binaryLiteral(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`No SQL literal is ${value}.`);
  return String(value);
}

function asciiText(rules: DialectRules, text: string): string {
  const written = rules.stringLiteral(text);
  return written.startsWith("N'") && /^[ -~]*$/.test(text) ? written.slice(1) : written;
}

/** Reads each template of the source once. */
function cachedByTemplate<T>(read: (strings: TemplateStringsArray) => T): (strings: TemplateStringsArray) => T {
  const known = new WeakMap<TemplateStringsArray, T>();
  return (strings) => {
    let result = known.get(strings);
    if (result === undefined) {
      result = read(strings);
      known.set(strings, result);
    }
    return result;
  };
}

function templateLines(texts: readonly StaticText[]): readonly TemplateLine[] {
  const lines: (string | number)[][] = [[]];
  const add = (part: string | number) => {
    if (part !== '') lines.at(-1)?.push(part);
  };
  for (const [index, { text, breaks }] of texts.entries()) {
    if (index > 0) add(index - 1);
    let at = 0;
    for (const end of breaks) {
      add(text.slice(at, end));
      lines.push([]);
      at = end + 1;
    }
    add(text.slice(at));
  }
  if (lines.length > 1 && isBlank(lines[0])) lines.shift();
  if (lines.length > 1 && isBlank(lines.at(-1))) lines.pop();
  const margin = indentOf(lines[0]);
  return lines.map((line) => {
    if (isBlank(line)) return { indent: '', parts: [] };
    const indent = indentOf(line);
    if (!indent.startsWith(margin)) throw new Error(`A line of a SQL template is left of its margin: ${line[0]}`);
    const [first, ...others] = line;
    const text = typeof first === 'string' ? first.slice(indent.length) : first;
    return {
      indent: indent.slice(margin.length),
      parts: text === '' || text === undefined ? others : [text, ...others],
    };
  });
}

const isBlank = (line: readonly (string | number)[] = []): boolean =>
  line.every((part) => typeof part === 'string' && part.trim() === '');

const indentOf = ([first]: readonly (string | number)[] = []): string =>
  typeof first === 'string' ? (/^ */.exec(first)?.[0] ?? '') : '';
