import { readDatabaseChanges, type SqlDialect } from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { repeatedText, versionArgument } from '../options/arguments.ts';
import { addConnectionOptions, type ConnectionOptions, requiredConnectionOf } from '../options/connection-options.ts';
import { artifactsDialectOption } from '../options/dialect-option.ts';
import type { JsonOption } from '../options/json-option.ts';
import { addSourceOptions, type SourceOptions, sourceOf } from '../options/source-options.ts';

type ChangesCommandOptions = SourceOptions &
  ConnectionOptions &
  JsonOption & {
    readonly dialect?: SqlDialect;
    readonly resource?: readonly string[];
    readonly since?: bigint;
  };

/** Adds `dms-ddl changes`. */
export function addChanges(program: Command, { printerFor, cancellation }: CommandContext): void {
  const command = program
    .command('changes')
    .summary('print deletes and changed identities')
    .description(
      'Prints the removed documents and changed identities that a database of the second generation has recorded, one per line as ' +
        'JSON, by version.',
    );
  addConnectionOptions(addSourceOptions(command).option(...artifactsDialectOption))
    .option('--since <version>', 'only changes after this version', versionArgument)
    .option('--resource <name>', 'only this resource, as in Ed-Fi:Student (repeatable)', repeatedText)
    .addHelpText('after', '\nExample:\n  dms-ddl changes --since 4711 --artifacts out --connection-env CAMPUS_DB')
    .action(async (options: ChangesCommandOptions) => {
      const printer = printerFor(options);
      const { dialect, resource: resources, since } = options;
      const { changes, lastVersion, diagnostics } = await readDatabaseChanges({
        source: sourceOf(options, command),
        ...requiredConnectionOf(options, command),
        ...{ dialect, resources, since },
        signal: cancellation.hold(),
        onWarning: (warning) => printer.diagnostic(warning),
        onProgress: (part) => printer.progress(`${part} …`),
        onChanges: (lines) => printer.documents(lines, () => lines.join('\n')),
      }).finally(() => printer.endProgress());
      for (const entry of diagnostics) printer.diagnostic(entry);
      const result = {
        type: 'result',
        command: 'changes',
        changes,
        lastVersion: lastVersion === null ? null : String(lastVersion),
      };
      printer.documents([], () => JSON.stringify(result));
    });
}
