import { counted } from '@dms/diagnostics';
import {
  closing,
  engineLimits,
  isDynamicParameter,
  isLockParameter,
  isOperator,
  isWord,
  type SqlToken,
  splitStatements,
  tsqlVocabulary,
  wordsAt,
} from '@dms/sql';
import { controlCharacter, linesWith } from '../text-form.ts';
import type { ScriptCheck } from './tsql-script.ts';

export const batchLaw: ScriptCheck = (script) => {
  const findings: string[] = [];
  for (const [index, line] of script.text.split('\n').entries()) {
    if (/^\s*GO\b/i.test(line) && line.trim().toUpperCase() !== 'GO')
      findings.push(`line ${index + 1}: ${line} is not a separator`);
  }
  if (script.batches.length === 0) findings.push('the script is empty');
  for (const { tokens, firstLine } of script.batches) {
    const starts = tokens.flatMap((_, index) => (wordsAt(tokens, index, 'CREATE', 'OR', 'ALTER') ? [index] : []));
    if (starts.length === 0) continue;
    if (starts.length > 1 || starts[0] !== 0) findings.push(`line ${firstLine}: a module must be alone in its batch`);
    const others = tokens.filter((token, index) => index > 0 && isWord(token, 'CREATE', 'ALTER') && index !== 2);
    if (others.length > 0) findings.push(`line ${others[0]?.line}: another statement in the batch of a module`);
    if (!isOperator(tokens.at(-1), ';')) findings.push(`line ${firstLine}: the module is not terminated`);
    const body = tokens.slice(tokens.findIndex((token) => isWord(token, 'AS')) + 1);
    const isView = isWord(tokens[3], 'VIEW');
    if (isView && splitStatements(body).length !== 1) findings.push(`line ${firstLine}: a view is one statement`);
    if (!isView && blockEnd(body) !== body.length - 2)
      findings.push(`line ${firstLine}: text after the body of the module`);
  }
  return findings;
};

/** Index of the END that closes the block at the start of the tokens. */
function blockEnd(tokens: readonly SqlToken[]): number {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (isWord(token, 'BEGIN', 'CASE')) depth += 1;
    if (isWord(token, 'END')) depth -= 1;
    if (depth === 0) return index;
  }
  return -1;
}

export const closedPairs: ScriptCheck = ({ batches }) =>
  batches.flatMap(({ tokens, unreadable }) => {
    const findings = [...unreadable];
    const open: SqlToken[] = [];
    for (const [index, token] of tokens.entries()) {
      // BEGIN TRANSACTION opens no block: another batch ends the transaction
      const opens = isWord(token, 'BEGIN', 'CASE') && !wordsAt(tokens, index, 'BEGIN', 'TRANSACTION');
      if (isOperator(token, '(') || opens) open.push(token);
      const closes = isOperator(token, ')') ? ['('] : isWord(token, 'END') ? ['BEGIN', 'CASE'] : undefined;
      if (closes && !closes.includes(open.pop()?.value ?? ''))
        findings.push(`line ${token.line}: ${token.text} closes nothing`);
    }
    return [...findings, ...open.map(({ line, text }) => `line ${line}: ${text} is never closed`)];
  });

export const variables: ScriptCheck = ({ batches, modules }) =>
  batches.flatMap((batch) => {
    const declared = new Set<string>();
    const findings: string[] = [];
    const module = modules.find((candidate) => candidate.batch === batch);
    if (module?.kind === 'FUNCTION')
      for (const { kind, text } of module.header) if (kind === 'variable') declared.add(text.toLowerCase());
    const { tokens } = batch;
    for (const [index, { kind, text, line }] of tokens.entries()) {
      if (kind !== 'variable' || text.startsWith('@@')) continue;
      const name = text.toLowerCase();
      // a procedure names its own parameters
      if (isLockParameter(tokens, index) || isDynamicParameter(tokens, index)) continue;
      if (isWord(tokens[index - 1], 'DECLARE')) {
        if (declared.has(name)) findings.push(`line ${line}: ${text} is declared twice in its batch`);
        declared.add(name);
      } else if (!declared.has(name)) findings.push(`line ${line}: ${text} is not declared in its batch`);
    }
    return findings;
  });

export const sizes: ScriptCheck = ({ tables, batches }) => [
  ...[...tables.values()]
    .filter(({ columns }) => columns.length > engineLimits.tableColumns.most.mssql)
    .map(({ name }) => `${name} has too many columns`),
  ...batches.flatMap(({ tokens }) =>
    tokens.flatMap((token, index) => {
      if (!isWord(token, 'VALUES')) return [];
      let rows = 0;
      let at = index + 1;
      while (isOperator(tokens[at], '(')) {
        rows += 1;
        at = closing(tokens, at) + 1;
        if (!isOperator(tokens[at], ',')) break;
        at += 1;
      }
      return rows > engineLimits.valuesRows.most.mssql
        ? [`line ${token.line}: ${counted(rows, 'row')} in one constructor`]
        : [];
    }),
  ),
];

const beyondAscii = /\P{ASCII}/u;

/** Checks only comments: elsewhere a character outside ASCII is not a token, which S2 reports. */
export const characters: ScriptCheck = ({ text, batches }) => [
  ...linesWith(text, controlCharacter).map(({ line }) => `line ${line} has a control character`),
  ...batches.flatMap(({ comments }) =>
    comments
      .filter(({ text: comment }) => beyondAscii.test(comment))
      .map(({ text: comment }) => `a comment outside ASCII: ${comment}`),
  ),
];

/** `FROM [schema].[table] alias`, an alias without `AS`, as in the views of schema `auth`. */
export function isBareAlias(tokens: readonly SqlToken[], index: number): boolean {
  const token = tokens[index];
  return (
    token?.kind === 'word' &&
    !tsqlVocabulary.has(token.value) &&
    tokens[index - 1]?.kind === 'name' &&
    isOperator(tokens[index - 2], '.') &&
    isWord(tokens[index - 4], 'FROM', 'JOIN')
  );
}

export const quotedNames: ScriptCheck = ({ batches }) =>
  batches.flatMap(({ tokens }) => {
    const aliases = new Set(
      tokens.flatMap((token, index) => {
        const isAlias = isWord(tokens[index - 1], 'AS') || isBareAlias(tokens, index);
        return isAlias && token.kind === 'word' ? [token.value] : [];
      }),
    );
    return tokens
      .filter((token) => token.kind === 'word' && !tsqlVocabulary.has(token.value) && !aliases.has(token.value))
      .map(({ line, text }) => `line ${line}: ${text} is neither a known word nor an alias nor quoted`);
  });
