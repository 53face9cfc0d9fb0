import { fail } from '@dms/diagnostics';
import {
  type ChangeClass,
  changeClasses,
  impact,
  impactMarkdown,
  impactReport,
  impactText,
  type SchemaImpact,
  type SqlDialect,
} from '@dms/operations';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { outputArgument, pathArgument } from '../options/arguments.ts';
import { dialectsOption } from '../options/dialect-option.ts';
import type { JsonOption } from '../options/json-option.ts';
import { addRenameOptions } from '../options/rename-options.ts';

/** How a report is printed; the text has no final line feed. */
const formats = {
  text: (impacts: readonly SchemaImpact[], all: boolean) => impacts.map((each) => impactReport(each, { all })).join('\n\n'),
  json: (impacts: readonly SchemaImpact[]) => impacts.map(impactText).join('').trimEnd(),
  markdown: (impacts: readonly SchemaImpact[]) => impactMarkdown(impacts).trimEnd(),
} as const;

type Format = keyof typeof formats;

/** `loss,impossible`. */
function classesArgument(value: string): ChangeClass[] {
  const names = value.split(',').map((name) => name.trim());
  const classes = changeClasses.filter((known) => names.includes(known));
  if (names.some((name) => !classes.some((known) => known === name)))
    throw new InvalidArgumentError(`It must be one or more of: ${changeClasses.join(', ')}.`);
  return classes;
}

interface Options extends JsonOption {
  readonly before: string;
  readonly after: string;
  readonly dialect?: SqlDialect[];
  readonly format: Format;
  readonly failOn?: ChangeClass[];
  readonly all?: boolean;
  readonly rename?: readonly string[];
  readonly renames?: string;
  readonly output?: string;
}

/** Adds `dms-ddl impact`. */
export function addImpact(program: Command, { printerFor }: CommandContext): void {
  const [dialectFlags, , dialects] = dialectsOption;
  const command = program
    .command('impact')
    .summary('say what a schema change does to a database')
    .description(
      'Compares two folders of artifacts and says for every resource what changes, and what `upgrade` has to do for it: nothing ' +
        '(free), rewrite rows (rewritten), check rows first (checked), lose values, which needs a permission (loss), or what no ' +
        'upgrade can do (impossible). No database is needed.',
    )
    .requiredOption('--before <dir>', 'artifacts of the schemas as they were', pathArgument)
    .requiredOption('--after <dir>', 'artifacts of the schemas as they will be', pathArgument);
  addRenameOptions(command)
    .option(dialectFlags, 'pgsql or mssql (repeatable; default: the dialects of the folder --after)', dialects)
    .addOption(new Option('--format <name>', 'how the report is printed').choices(Object.keys(formats)).default('text'))
    .option(
      '--fail-on <classes>',
      `exit with 1 if a change has one of these classes: ${changeClasses.join(', ')} (separated by commas)`,
      classesArgument,
    )
    .option('--all', 'also list changes of triggers and resource keys one by one, and every line of a long report')
    .option('--output <dir>', 'folder for impact.<dialect>.json', outputArgument)
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl impact --before released --after out --format markdown --fail-on loss,impossible > impact.md',
    )
    .action(async ({ before, after, dialect, format, failOn = [], output, all = false, ...options }: Options) => {
      const printer = printerFor(options);
      const { impacts, artifacts } = await impact({
        before,
        after,
        rename: options.rename,
        renames: options.renames,
        dialects: dialect,
        outputDirectory: output,
        onProgress: (part) => printer.progress(`${part} …`),
      }).finally(() => printer.endProgress());
      const found = new Set(
        impacts.flatMap(({ verdict, owners }) => [
          ...(owners.length === 0 && verdict === 'free' ? [] : [verdict]),
          ...owners.flatMap(({ changes }) => changes.map((each) => each.class)),
        ]),
      );
      const refused = failOn.filter((entry) => found.has(entry));
      const written = format === 'text' ? artifacts.map(({ file }) => `Written: ${file}`) : [];
      printer.answer([formats[format](impacts, all), ...written], {
        command: 'impact',
        files: artifacts.map(({ file }) => file),
        refused,
        reports: impacts.map((report) => JSON.parse(impactText(report))),
      });
      if (refused.length === 0) return;
      const message = `The schema change has the class ${refused.join(' and ')}, which --fail-on refuses; the report lists the changes.`;
      fail('IMPACT_REFUSED', message, {}, { classes: refused });
    });
}
