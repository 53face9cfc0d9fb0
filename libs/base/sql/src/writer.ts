import { isLines, lineTexts, type PlainLines } from './text/lines.ts';
import { type PlainSql, textOf } from './text/sql.ts';

/**
 * Unifies line ends to LF and removes blanks before them; applied to every text before it is joined or hashed (design
 * 06 §2.5).
 */
export function canonicalSqlText(text: string): string {
  // most texts need no change, and this check is much faster than a replacement
  const hasBlanks = /[ \t]\n/.test(text) || /[ \t]$/.test(text.slice(-1));
  if (!hasBlanks && !text.includes('\r')) return text;
  return text.replace(/\r\n?/g, '\n').replace(/[ \t]+(?=\n|$)/g, '');
}

/** Collects the lines of a script. */
export class SqlWriter {
  private readonly lines: string[] = [];
  private count = 0;

  /** Appends one line. */
  line(text: string): this {
    this.lines.push(text);
    this.count += 1 + (/[\r\n]/.test(text) ? text.split(/\r\n?|\n/).length - 1 : 0);
    return this;
  }

  /** Appends several lines. */
  linesOf(texts: readonly string[]): this {
    for (const text of texts) this.line(text);
    return this;
  }

  /** Appends SQL: a fragment is one line, which may have line breaks; lines keep their indent. */
  write(...blocks: readonly (PlainSql | PlainLines)[]): this {
    for (const block of blocks) this.linesOf(isLines(block) ? lineTexts(block) : [textOf(block)]);
    return this;
  }

  blank(): this {
    return this.line('');
  }

  /** The number, from 1, of the line that is written next. */
  get nextLine(): number {
    return this.count + 1;
  }

  /** The last line that is not empty; undefined if nothing was written. */
  lastText(): string | undefined {
    return this.lines.findLast((line) => line !== '');
  }

  /** The canonical text; every line ends with LF. */
  text(): string {
    // an LF at the end of a joined script would copy all of it
    return canonicalSqlText(this.lines.length === 0 ? '' : [...this.lines, ''].join('\n'));
  }
}
