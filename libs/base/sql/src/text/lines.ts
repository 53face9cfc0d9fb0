import { isEmpty, join, type PlainSql, plainSql, type Sql, SqlParts, textOf } from './sql.ts';

/** Lines of SQL: a script, a body, a view or a part of one. A line break inside a literal does not end a line. */
export interface Lines<L extends Sql = Sql> {
  readonly lines: readonly L[];
  readonly [brand]: true;
}

/** Lines without parameters, as scripts and plans contain them. */
export type PlainLines = Lines<PlainSql>;

declare const brand: unique symbol;

class SqlLines {
  constructor(readonly lines: readonly Sql[]) {}

  /** The compiler accepts any object in a plain template, and the text would be `[object Object]`. */
  toString(): never {
    throw new Error(`Lines of SQL in a template without a tag: ${this.lines.map(({ pieces }) => pieces.join('…'))}`);
  }
}

export const linesOf = <L extends Sql>(lines: readonly L[]): Lines<L> => new SqlLines(lines) as unknown as Lines<L>;

export const isLines = (value: object): value is Lines => value instanceof SqlLines;

/** Blocks, one below the other; a fragment is one line. */
export function group(...blocks: readonly (PlainSql | PlainLines)[]): PlainLines;
export function group(...blocks: readonly (Sql | Lines)[]): Lines;
export function group(...blocks: readonly (Sql | Lines)[]): Lines {
  const lines: Sql[] = [];
  for (const block of blocks) {
    if (isLines(block)) for (const line of block.lines) lines.push(line);
    else lines.push(block);
  }
  return linesOf(lines);
}

/** One item per line, with a comma after each but the last; an item may have several lines. */
export function listed(items: readonly (PlainSql | PlainLines)[], separator?: string): PlainLines;
export function listed(items: readonly (Sql | Lines)[], separator?: string): Lines;
export function listed(items: readonly (Sql | Lines)[], separator = ','): Lines {
  const comma = plainSql(separator);
  const lines: Sql[] = [];
  for (const [index, item] of items.entries()) {
    const { length } = lines;
    if (isLines(item)) for (const line of item.lines) lines.push(line);
    else lines.push(item);
    const last = index < items.length - 1 && lines.length > length ? lines.pop() : undefined;
    if (last) lines.push(join([last, comma], ''));
  }
  return linesOf(lines);
}

/** Blocks, one below the other, with the separator on a line of its own between them. */
export function separated(blocks: readonly (PlainSql | PlainLines)[], separator: PlainSql): PlainLines;
export function separated(blocks: readonly (Sql | Lines)[], separator: Sql): Lines;
export function separated(blocks: readonly (Sql | Lines)[], separator: Sql): Lines {
  return group(...blocks.flatMap((block, index) => (index === 0 ? [block] : [separator, block])));
}

/** Conditions, one below the other; each but the first begins with the word and is one level deeper. */
export function chained(conditions: readonly (PlainSql | PlainLines)[], word: 'AND' | 'OR'): PlainLines;
export function chained(conditions: readonly (Sql | Lines)[], word: 'AND' | 'OR'): Lines;
export function chained(conditions: readonly (Sql | Lines)[], word: 'AND' | 'OR'): Lines {
  const begin = plainSql(`${level}${word} `);
  return group(
    ...conditions.map((condition, index) => {
      const [first, ...others] = group(condition).lines;
      if (index === 0 || first === undefined) return condition;
      return linesOf([join([begin, first], ''), ...others.map(deeper)]);
    }),
  );
}

/** The lines, the later ones one level deeper than the first. */
export function hanging(lines: PlainLines): PlainLines;
export function hanging(lines: Lines): Lines;
export function hanging({ lines }: Lines): Lines {
  return linesOf(lines.map((line, index) => (index === 0 ? line : deeper(line))));
}

const level = '    ';

const deeper = (line: Sql): Sql => (isEmpty(line) ? line : join([plainSql(level), line], ''));

/** The lines as one text, with LF after each. */
export function ended(lines: Lines<PlainSql>): PlainSql;
export function ended(lines: Lines): Sql;
export function ended({ lines }: Lines): Sql {
  const parts = new SqlParts();
  for (const line of lines) {
    parts.sql(line);
    parts.text('\n');
  }
  return parts.take();
}

/** The lines as one text, with LF between them. */
export function joined(lines: PlainLines): PlainSql;
export function joined(lines: Lines): Sql;
export function joined({ lines }: Lines): Sql {
  return join(lines, '\n');
}

/** The texts of lines without parameters, for an artifact. */
export const lineTexts = ({ lines }: PlainLines): readonly string[] => lines.map(textOf);

/** One line of a template: its indent, and the texts and places that follow. */
export interface TemplateLine {
  readonly indent: string;
  /** Texts and, as numbers, the positions of places. */
  readonly parts: readonly (string | number)[];
}

/**
 * The lines of a template with these parts for its places. A place that holds lines begins where it stands, and its
 * later lines get the indent of the line; a line whose only place holds nothing disappears; blank lines stay empty.
 */
export function laidOut(template: readonly TemplateLine[], parts: readonly (Sql | Lines)[]): Lines {
  const lines: Sql[] = [];
  const line = new SqlParts();
  for (const { indent, parts: inLine } of template) {
    const only = inLine.length === 1 && typeof inLine[0] === 'number' ? parts[inLine[0]] : undefined;
    if (only !== undefined && holdsNothing(only)) continue;
    if (only !== undefined && indent === '') {
      // the same lines, without a copy of each
      if (isLines(only)) for (const same of only.lines) lines.push(same);
      else lines.push(only);
      continue;
    }
    if (inLine.length > 0) line.text(indent);
    for (const part of inLine) {
      const placed = typeof part === 'string' ? part : parts[part];
      if (placed === undefined) throw new Error('A place of a SQL template has no part.');
      if (typeof placed === 'string') line.text(placed);
      else if (!isLines(placed)) line.sql(placed);
      else
        placed.lines.forEach((below, index) => {
          if (index > 0) {
            lines.push(line.take());
            if (!isEmpty(below)) line.text(indent);
          }
          line.sql(below);
        });
    }
    lines.push(line.take());
  }
  return linesOf(lines);
}

const holdsNothing = (part: Sql | Lines): boolean => (isLines(part) ? part.lines.length === 0 : isEmpty(part));
