import { isOperator, isWord, type Token } from '@dms/sql';
import { tooMany } from '../limit-checks.ts';
import type { Check } from './script-check.ts';

/** The deepest `CASE` in `CASE`. */
function caseDepth(tokens: readonly Token[]): number {
  let deepest = 0;
  const open: boolean[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (isWord(token, 'CASE', 'BEGIN')) {
      open.push(isWord(token, 'CASE'));
      if (isWord(token, 'CASE')) depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (isWord(token, 'END') && open.pop()) depth -= 1;
  }
  return deepest;
}

/** The most names, variables and constants between two semicolons, which no expression exceeds. */
function mostParts(tokens: readonly Token[]): number {
  let most = 0;
  let parts = 0;
  for (const token of tokens) {
    if (isOperator(token, ';')) parts = 0;
    else if (token.kind !== 'operator' && token.kind !== 'word') parts += 1;
    most = Math.max(most, parts);
  }
  return most;
}

/** S18 of the batches of a script: nested `CASE`, parts of an expression, bytes (design 02 §19). */
export const batchLimits: Check = ({ batches }) =>
  batches.flatMap(({ tokens, firstLine, text }) => {
    const subject = `line ${firstLine}: the batch`;
    return [
      ...tooMany('mssql', 'caseNesting', caseDepth(tokens), subject),
      ...tooMany('mssql', 'expressionParts', mostParts(tokens), subject),
      // the server counts UTF-16
      ...tooMany('mssql', 'batchBytes', 2 * text.length, subject),
    ];
  });
