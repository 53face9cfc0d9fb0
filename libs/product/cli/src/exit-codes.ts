import type { DiagnosticCode } from '@dms/diagnostics';
import { termLines } from './commands/help.ts';

/** Exit codes of the command line; a signal has its own. */
export const exitCodes = { done: 0, diagnostics: 1, usage: 2, bug: 70 } as const;

/** The meaning of each exit code. */
export const exitCodeMeanings: readonly (readonly [code: string, meaning: string])[] = [
  [`${exitCodes.done}`, 'done; for `verify`, `check` and `emit --check`: passed'],
  [`${exitCodes.diagnostics}`, 'at least one diagnostic that is not a warning or note, or a failed check'],
  [`${exitCodes.usage}`, 'wrong use of the command line'],
  [`${exitCodes.bug}`, 'a bug: an exception with a stack'],
  ['129', 'ended by SIGHUP: its terminal was closed'],
  ['130, 143', 'ended by SIGINT, SIGTERM'],
  ['149', 'ended by SIGBREAK: Ctrl+Break on Windows'],
];

/** The meanings as lines of the help. */
export const exitCodeLines = (width: number): readonly string[] =>
  exitCodeMeanings.flatMap(([code, meaning]) => termLines(code, 8, meaning.replaceAll('`', ''), width));

/** The codes of wrong use. */
type UsageCode = Extract<DiagnosticCode, `OPTION_${string}` | `COMMAND_${string}`>;

/** Whether a diagnostic is about the command line, regardless of its origin. */
export const isUsageCode = (code: DiagnosticCode): code is UsageCode => /^(?:OPTION|COMMAND)_/.test(code);

/** The codes of wrong use by the codes of commander. */
const usageCodes: Readonly<Record<string, UsageCode>> = {
  'commander.help': 'COMMAND_MISSING',
  'commander.unknownCommand': 'COMMAND_UNKNOWN',
  'commander.unknownOption': 'OPTION_UNKNOWN',
  'commander.missingArgument': 'OPTION_MISSING',
  'commander.optionMissingArgument': 'OPTION_MISSING',
  'commander.missingMandatoryOptionValue': 'OPTION_MISSING',
  'commander.conflictingOption': 'OPTION_CONFLICT',
  OPTION_CONFLICT: 'OPTION_CONFLICT',
  OPTION_MISSING: 'OPTION_MISSING',
};

/** The code of wrong use for an error of commander: by default, that a value is not accepted. */
export const usageCodeOf = (code: string): UsageCode =>
  (Object.hasOwn(usageCodes, code) ? usageCodes[code] : undefined) ?? 'OPTION_INVALID';

/** Marks an error of a command as one of these codes. */
export const usage = (code: UsageCode): { readonly code: string } => ({ code });
