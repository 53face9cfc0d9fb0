import { termLines } from './help-width.ts';

/** Exit codes of the command line; a signal has its own. */
export const exitCodes = { done: 0, diagnostics: 1, usage: 2, bug: 70 } as const;

/** What each exit code means. */
export const exitCodeMeanings: readonly (readonly [code: string, meaning: string])[] = [
  [`${exitCodes.done}`, 'done; for `verify`, `check` and `emit --check`: passed'],
  [`${exitCodes.diagnostics}`, 'at least one diagnostic that is not a warning or note, or a failed check'],
  [`${exitCodes.usage}`, 'wrong use of the command line'],
  [`${exitCodes.bug}`, 'a bug: an exception with a stack'],
  ['130, 143', 'ended by SIGINT, SIGTERM'],
];

/** The same as lines of the help. */
export const exitCodeLines = (width: number): readonly string[] =>
  exitCodeMeanings.flatMap(([code, meaning]) => termLines(code, 8, meaning.replaceAll('`', ''), width));
