import type { DiagnosticCode } from '@dms/diagnostics';

/** The codes of wrong use. */
export type UsageCode = Extract<DiagnosticCode, `OPTION_${string}` | `COMMAND_${string}`>;

/** The codes by those of commander. */
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

/** The code of wrong use that ended the parsing of the command line: by default that a value is not taken. */
export const usageCodeOf = (code: string): UsageCode =>
  (Object.hasOwn(usageCodes, code) ? usageCodes[code] : undefined) ?? 'OPTION_INVALID';

/** Marks an error of a command as one of these codes. */
export const usage = (code: UsageCode): { readonly code: string } => ({ code });
