import { type Command, Option } from 'commander';
import { type OutputOptions, reportForms } from '../output/printer.ts';
import { pathArgument } from './arguments.ts';
import { jsonOption } from './json-option.ts';

/** The options of every command: how it prints. */
const commonOptions = (): readonly Option[] => [
  new Option(jsonOption[0], jsonOption[1]),
  new Option('-q, --quiet', 'print nothing but errors and warnings'),
  new Option('--report <form>', 'print diagnostics for pull requests: a SARIF log, or annotations of GitHub Actions').choices([
    ...reportForms,
  ]),
  new Option('--report-file <file>', 'write the SARIF log to a file, in place of printing it and not the result').argParser(
    pathArgument,
  ),
];

/** Adds to a command the options that every command has; what it has already stays. */
export function addCommonOptions(command: Command): void {
  const has = (option: Option) => command.options.some(({ long }) => long === option.long);
  for (const option of commonOptions()) {
    if (!has(option)) command.addOption(option);
  }
}

/** The values of these options; ends the command as wrong use where they contradict each other. */
export function commonOptionsOf(command: Command): OutputOptions {
  const options = command.opts<OutputOptions>();
  if (options.reportFile !== undefined && options.report !== 'sarif') {
    command.error("error: option '--report-file <file>' needs '--report sarif'");
  }
  return options;
}
