import { counted, failIfAny } from '@dms/diagnostics';
import { dumpDatabase, type SqlDialect } from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { countArgument, outputArgument, repeatedText, versionArgument } from '../options/arguments.ts';
import { addConnectionOptions, type ConnectionOptions, requiredConnectionOf } from '../options/connection-options.ts';
import { planDialectOption } from '../options/dialect-option.ts';
import type { JsonOption } from '../options/json-option.ts';
import { addPlanSourceOptions, type PlanSourceOptions, planSourceOf } from '../options/plan-source-options.ts';

type DumpCommandOptions = PlanSourceOptions &
  ConnectionOptions &
  JsonOption & {
    readonly dialect?: SqlDialect;
    readonly output: string;
    readonly resource?: readonly string[];
    readonly since?: bigint;
    readonly jobs?: number;
  };

/** Adds `dms-ddl dump`. */
export function addDump(program: Command, { printerFor, cancellation }: CommandContext): void {
  const command = program
    .command('dump')
    .summary('write the documents of a database')
    .description(
      'Writes the documents and descriptors of a database as files that load reads, <project>/<endpoint>.jsonl, one per line in ' +
        'the order in which they were first written.',
    );
  addConnectionOptions(addPlanSourceOptions(command).option(...planDialectOption))
    .requiredOption('--output <dir>', 'folder for the files; new or empty', outputArgument)
    .option('--resource <name>', 'only this resource, as in Ed-Fi:Student (repeatable)', repeatedText)
    .option('--since <version>', 'only documents that changed after this content version', versionArgument)
    .option('--jobs <n>', 'connections (default: 2, with pglite: 1)', countArgument)
    .addHelpText('after', '\nExample:\n  dms-ddl dump --artifacts out --connection-env CAMPUS_DB --output documents')
    .action(async (options: DumpCommandOptions) => {
      const printer = printerFor(options);
      const { dialect, output, resource: chosen, since, jobs } = options;
      const result = await dumpDatabase({
        source: planSourceOf(options, command),
        ...requiredConnectionOf(options, command),
        ...{ dialect, outputDirectory: output, resources: chosen, since, jobs },
        signal: cancellation.hold(),
        onWarning: (warning) => printer.diagnostic(warning),
        onProgress: (part) => printer.progress(part),
      }).finally(() => printer.endProgress());
      for (const entry of result.diagnostics) printer.diagnostic(entry);
      const { documents, resources } = result;
      printer.result(
        [
          `${counted(documents, 'document')} of ${counted(resources.length, 'resource or descriptor', 'resources and descriptors')} written to ${output}`,
        ],
        {
          ...{ command: 'dump', output, documents, resources },
        },
      );
      failIfAny(result.unreadable);
    });
}
