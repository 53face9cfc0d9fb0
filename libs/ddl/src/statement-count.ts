import type { SqlDialect } from '@dms/sql';

const lineBreak = /\r\n|[\r\n\f\u0085\u2028\u2029]/g;
// Unicode White_Space; U+FEFF is none, so trimEnd would remove too much
const trailingWhiteSpace = /\p{White_Space}+$/u;
const surroundingWhiteSpace = /^\p{White_Space}+|\p{White_Space}+$/gu;

const hasOnlyAscii = (text: string) => !/[^\0-\x7f]/.test(text);
const isCanonical = (text: string) => hasOnlyAscii(text) && !/[\r\f]|[\t\v ](?:\n|$)/.test(text);

/** Unifies line ends and drops white space before them; the identity for a canonical script (design 06 §8.1). */
export function normalizeSql(text: string): string {
  if (isCanonical(text)) return text;
  return text
    .replace(lineBreak, '\n')
    .split('\n')
    .map((line) => line.replace(trailingWhiteSpace, ''))
    .join('\n');
}

function trimmedLines(text: string): string[] {
  const lines = text.split('\n');
  // within ASCII, String.trim removes exactly White_Space, and much faster
  return hasOnlyAscii(text) ? lines.map((line) => line.trim()) : lines.map((line) => line.replace(surroundingWhiteSpace, ''));
}

/** Line heuristic over dollar-quoted blocks (design 06 §8.2). */
function countPgsql(text: string): number {
  let count = 0;
  let tag: string | undefined;
  for (const line of trimmedLines(text)) {
    if (tag !== undefined) {
      if (line.startsWith(tag) || (line.startsWith('END ') && line.slice(4).startsWith(tag))) tag = undefined;
    } else {
      const opening = /\$[A-Za-z0-9_]*\$$/.exec(line);
      if (opening) tag = shortestTag(line);
    }
    if (tag === undefined && line.endsWith(';')) count += 1;
  }
  return count;
}

/** The shortest suffix that is a dollar tag: `$a$$` ends in `$$`. */
function shortestTag(line: string): string {
  return line.slice(line.lastIndexOf('$', line.length - 2));
}

/** Batches, in which a routine or trigger counts as one statement (design 06 §8.3). */
function countMssql(text: string): number {
  const batches: string[][] = [[]];
  for (const line of trimmedLines(text)) {
    if (line.toUpperCase() === 'GO') batches.push([]);
    else if (line !== '' && !line.startsWith('--')) batches.at(-1)?.push(line);
  }
  const isModule = /^(?:CREATE OR ALTER|CREATE|ALTER) (?:FUNCTION|TRIGGER|PROCEDURE)/i;
  let count = 0;
  for (const batch of batches) {
    const [first] = batch;
    if (first === undefined) continue;
    count += isModule.test(first) ? 1 : batch.filter((line) => line.endsWith(';')).length;
  }
  return count;
}

const counters: Readonly<Record<SqlDialect, (text: string) => number>> = { pgsql: countPgsql, mssql: countMssql };

/** The `statement_count` of a script; `text` is normalized first. */
export function statementCount(dialect: SqlDialect, text: string): number {
  return counters[dialect](normalizeSql(text));
}
