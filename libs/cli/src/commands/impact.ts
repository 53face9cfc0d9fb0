import { fail } from '@dms/diagnostics';
import {
  type ImpactClass,
  impact,
  impactClasses,
  impactMarkdown,
  impactReport,
  impactText,
  type SchemaImpact,
  type SqlDialect,
} from '@dms/pipeline';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { outputArgument, pathArgument } from '../options/arguments.ts';
import { dialectsOption } from '../options/dialect-option.ts';
import type { JsonOption } from '../options/json-option.ts';

/** How a report is printed; the text has no final line feed. */
const formats = {
  text: (impacts: readonly SchemaImpact[]) => impacts.map(impactReport).join('\n\n'),
  json: (impacts: readonly SchemaImpact[]) => impacts.map(impactText).join('').trimEnd(),
  markdown: (impacts: readonly SchemaImpact[]) => impactMarkdown(impacts).trimEnd(),
} as const;

type Format = keyof typeof formats;

/** `M`, `MW` and `M,W`. */
function classesArgument(value: string): ImpactClass[] {
  const letters = value.split(/[\s,]*/).filter((letter) => letter !== '');
  const classes = impactClasses.filter((known) => letters.includes(known));
  if (classes.length === 0 || letters.some((letter) => !classes.some((known) => known === letter)))
    throw new InvalidArgumentError(`It must be one or more of: ${impactClasses.join(', ')}.`);
  return classes;
}

interface Options extends JsonOption {
  readonly before: string;
  readonly after: string;
  readonly dialect?: SqlDialect[];
  readonly format: Format;
  readonly failOn?: ImpactClass[];
  readonly output?: string;
}

/** Adds `dms-ddl impact`. */
export function addImpact(program: Command, { printerFor }: CommandContext): void {
  const [dialectFlags, , dialects] = dialectsOption;
  program
    .command('impact')
    .summary('say what a schema change does to a database')
    .description(
      'Compares two folders of artifacts and says for every resource what changes:\n' +
        'M data must be migrated, W writers break, R readers break, A something is added. No database is needed.',
    )
    .requiredOption('--before <dir>', 'artifacts of the schemas as they were', pathArgument)
    .requiredOption('--after <dir>', 'artifacts of the schemas as they will be', pathArgument)
    .option(dialectFlags, 'pgsql or mssql (repeatable; default: the dialects of the folder --after)', dialects)
    .addOption(new Option('--format <name>', 'how the report is printed').choices(Object.keys(formats)).default('text'))
    .option('--fail-on <classes>', 'exit with 1 when the change has one of these classes, as in M,W', classesArgument)
    .option('--output <dir>', 'folder for impact.<dialect>.json', outputArgument)
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl impact --before released --after out --format markdown --fail-on M,W,R > impact.md',
    )
    .action(async ({ before, after, dialect, format, failOn = [], output, ...options }: Options) => {
      const printer = printerFor(options);
      const { impacts, artifacts } = await impact({
        before,
        after,
        dialects: dialect,
        outputDirectory: output,
        onProgress: (part) => printer.progress(`${part} …`),
      }).finally(() => printer.endProgress());
      const refused = failOn.filter((entry) => impacts.some(({ classes }) => classes.includes(entry)));
      const written = format === 'text' ? artifacts.map(({ file }) => `Written: ${file}`) : [];
      printer.answer([formats[format](impacts), ...written], {
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
