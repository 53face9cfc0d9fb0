import { isOperator, isWord, type Token, tsqlVocabulary } from '@dms/sql';
import { controlCharacter, linesWith } from '../lines-with.ts';
import type { Check } from './script-check.ts';

const beyondAscii = /\P{ASCII}/u;

/**
 * Checks comments only: S2 reports every other non-ASCII character outside names and texts, because it is not a token.
 */
export const characters: Check = ({ text, batches }) => [
  ...linesWith(text, controlCharacter).map(({ line }) => `line ${line} has a control character`),
  ...batches.flatMap(({ comments }) =>
    comments.filter((comment) => beyondAscii.test(comment)).map((comment) => `a comment outside ASCII: ${comment}`),
  ),
];

/** `FROM [schema].[table] alias`, as the views of schema `auth` have it: an alias without `AS`. */
export function isBareAlias(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  return (
    token?.kind === 'word' &&
    !tsqlVocabulary.has(token.value) &&
    tokens[index - 1]?.kind === 'name' &&
    isOperator(tokens[index - 2], '.') &&
    isWord(tokens[index - 4], 'FROM', 'JOIN')
  );
}

export const quotedNames: Check = ({ batches }) =>
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
