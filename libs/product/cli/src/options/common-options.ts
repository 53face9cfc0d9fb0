import { holdsConnection, outputFile, standardStream } from '@dms/operations';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { optionHeadings } from '../commands/help.ts';
import { usage } from '../exit-codes.ts';
import { type OutputOptions, type ReportForm, reportForms } from '../output/printer.ts';

/** The path of a file; refuses an empty one. */
function file(value: string): string {
  if (value === '') throw new InvalidArgumentError('It must not be empty.');
  return value;
}

/** The options of every command, which control how it prints. */
const commonOptions = (): readonly Option[] => [
  new Option('--json', 'print one JSON object per result or diagnostic'),
  new Option('--notes', 'print the notes about a schema set, in place of their number'),
  new Option('-q, --quiet', 'print only requested results, errors and warnings, and no progress'),
  new Option(
    '--report <form>',
    'print diagnostics for pull requests: a SARIF log, or annotations of GitHub Actions',
  ).choices([...reportForms]),
  new Option(
    '--report-file <file>',
    'write the SARIF log to a file; otherwise it is printed in place of the result',
  ).argParser(file),
];

/** The flags of these options that take no value. */
export const printingFlags: readonly string[] = commonOptions()
  .filter(({ required }) => !required)
  .flatMap(({ long, short }) => [long, short].filter((flag) => typeof flag === 'string'));

/** Adds the options that every command has; options that the command already has are kept. */
export function addCommonOptions(command: Command): void {
  const has = (option: Option) => command.options.some(({ long }) => long === option.long);
  for (const option of commonOptions()) {
    if (!has(option)) command.addOption(option.helpGroup(optionHeadings.printing));
  }
}

/** The values of these options in arguments that cannot be parsed, as far as they are recognizable. */
export function givenOutputOptions(args: readonly string[]): OutputOptions {
  const given = valueIn(args, '--report');
  const report: ReportForm | undefined = reportForms.find((form) => form === given);
  const file = valueIn(args, '--report-file');
  // a connection is refused there, and a message about the file would show it
  const reportFile = file !== undefined && holdsConnection(file) ? undefined : outputFile(file);
  return { json: args.includes('--json'), report, reportFile };
}

/** The value of an option in arguments that were not parsed. */
function valueIn(args: readonly string[], flag: string): string | undefined {
  const index = args.findLastIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
  const arg = args[index];
  const value = arg === flag ? args[index + 1] : arg?.slice(flag.length + 1);
  return value === undefined || value === '' || (value.startsWith('-') && value !== standardStream) ? undefined : value;
}

/** The values of these options. Ends the command as wrong use if they contradict each other. */
export function commonOptionsOf(command: Command): OutputOptions {
  const options = command.opts<OutputOptions>();
  if (options.reportFile !== undefined && options.report !== 'sarif') {
    command.error("error: option '--report-file <file>' needs '--report sarif'", usage('OPTION_MISSING'));
  }
  return { ...options, reportFile: outputFile(options.reportFile) };
}
