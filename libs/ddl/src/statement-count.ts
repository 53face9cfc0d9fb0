import { canonicalSqlText, type SqlDialect } from '@dms/sql';

const lineBreak = /\r\n|[\r\n\f\u0085\u2028\u2029]/g;
// Unicode White_Space, which does not include U+FEFF, so trimEnd would remove too much
const trailingWhiteSpace = /\p{White_Space}+$/u;
const surroundingWhiteSpace = /^\p{White_Space}+|\p{White_Space}+$/gu;

const hasOnlyAscii = (text: string) => !/[^\0-\x7f]/.test(text);
const isCanonical = (text: string) =>
  canonicalSqlText(text) === text && !text.includes('\f') && !text.includes('\v') && hasOnlyAscii(text);

/** Unifies line ends and removes white space before them; leaves a canonical script unchanged (design 06 §8.1). */
export function normalizeSql(text: string): string {
  if (isCanonical(text)) return text;
  return text
    .replace(lineBreak, '\n')
    .split('\n')
    .map((line) => line.replace(trailingWhiteSpace, ''))
    .join('\n');
}

/** Within ASCII, String.trim removes exactly White_Space and is much faster. */
const trimmed = (line: string) => (hasOnlyAscii(line) ? line.trim() : line.replace(surroundingWhiteSpace, ''));

/** The end of the line that contains `from`. */
function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/**
 * A line heuristic over dollar-quoted blocks (design 06 §8.2). A script has very many lines, so only those are
 * extracted that may count, open a block or close one.
 */
function countPgsql(text: string): number {
  let count = 0;
  let start = 0;
  while (start < text.length) {
    let end = lineEnd(text, start);
    const line = end > start && text[end - 1] === '$' ? trimmed(text.slice(start, end)) : '';
    if (/\$[A-Za-z0-9_]*\$$/.test(line)) {
      end = endOfBlock(text, end + 1, shortestTag(line));
      if (end === -1) break;
    }
    if (end > start && text[end - 1] === ';') count += 1;
    start = end + 1;
  }
  return count;
}

/** The end of the line that closes a block, from the line at `from` on; -1 if there is none. */
function endOfBlock(text: string, from: number, tag: string): number {
  for (let at = text.indexOf(tag, from); at !== -1; ) {
    const end = lineEnd(text, at);
    const line = trimmed(text.slice(text.lastIndexOf('\n', at) + 1, end));
    if (line.startsWith(tag) || (line.startsWith('END ') && line.startsWith(tag, 4))) return end;
    at = text.indexOf(tag, end);
  }
  return -1;
}

/** The shortest suffix that is a dollar tag: `$a$$` ends in `$$`. */
function shortestTag(line: string): string {
  return line.slice(line.lastIndexOf('$', line.length - 2));
}

const moduleStart = /^(?:CREATE OR ALTER|CREATE|ALTER) (?:FUNCTION|TRIGGER|PROCEDURE)/i;

/** Counts by batches, in which a routine or trigger is one statement (design 06 §8.3). */
function countMssql(text: string): number {
  let count = 0;
  // of the batch that the line belongs to
  let hasBegun = false;
  let isModule = false;
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = lineEnd(text, start);
    const last = text[end - 1];
    const maySeparate = last === 'O' || last === 'o';
    if (start === end || (hasBegun && !maySeparate && (isModule || last !== ';'))) continue;
    const line = trimmed(text.slice(start, end));
    if (line.toUpperCase() === 'GO') hasBegun = isModule = false;
    else if (!isModule && line !== '' && !line.startsWith('--')) {
      isModule = !hasBegun && moduleStart.test(line);
      hasBegun = true;
      if (isModule || line.endsWith(';')) count += 1;
    }
  }
  return count;
}

const counters: Readonly<Record<SqlDialect, (text: string) => number>> = { pgsql: countPgsql, mssql: countMssql };

/** The `statement_count` of a script that `normalizeSql` has returned. */
export function normalizedStatementCount(dialect: SqlDialect, normalized: string): number {
  return counters[dialect](normalized);
}

/** The `statement_count` of a script; `text` is normalized first. */
export function statementCount(dialect: SqlDialect, text: string): number {
  return normalizedStatementCount(dialect, normalizeSql(text));
}
