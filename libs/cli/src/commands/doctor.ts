import { failIfAny, severityOf } from '@dms/diagnostics';
import { diagnose, dialects, findingsLines, type SqlDialect } from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { configArgument, configOf } from '../options/config-argument.ts';
import { addConnectionOptions, type ConnectionOptions, connectionOf, namesConnection } from '../options/connection-options.ts';
import { fleetDialectOption, requiredDialectOf } from '../options/dialect-option.ts';
import { type JsonOption, jsonOption } from '../options/json-option.ts';
import { addRightsOptions, type RightsOptions } from '../options/rights-options.ts';
import { addSourceOptions, type SourceOptions, sourceOf } from '../options/source-options.ts';

type DoctorCommandOptions = SourceOptions & ConnectionOptions & JsonOption & RightsOptions & { readonly dialect?: SqlDialect };

/** Adds `dms-ddl doctor`. */
export function addDoctor(program: Command, { printerFor, cancellation }: CommandContext): void {
  const command = program
    .command('doctor')
    .summary('say what this machine and a database allow')
    .description(
      'Says which versions and optional packages are installed and which engines can be used. With a connection, or beside a dms.json that ' +
        'names databases, it also says whether the database can be reached, which rights and settings the role has, and what provision or ' +
        'upgrade would do there. Changes nothing. Fails when a database cannot be used, or when the role lacks rights for the named purpose or for ' +
        'what the database needs next.',
    )
    .argument(...configArgument)
    .option(
      fleetDialectOption[0],
      'pgsql or mssql (default: the dialect of the artifacts or the dms.json)',
      fleetDialectOption[2],
    );
  addRightsOptions(addConnectionOptions(addSourceOptions(command)))
    .option(...jsonOption)
    .addHelpText('after', '\nExample:\n  dms-ddl doctor\n  dms-ddl doctor --artifacts out --connection-env CAMPUS_DB')
    .action(async (config: string | undefined, options: DoctorCommandOptions) => {
      const printer = printerFor(options);
      const set = await configOf(config, options, command);
      const isSourceNamed = (options.schema ?? options.artifacts ?? set) !== undefined;
      const source = isSourceNamed ? sourceOf(options, command, set) : undefined;
      const named = namesConnection(options)
        ? [await requiredDialectOf(options, command, source, set)]
        : dialects.filter((dialect) => set?.databases[dialect] !== undefined);
      const { environment, folder, projectFile } = connectionOf(options, undefined, set);
      const findings = await diagnose({
        ...{ environment, folder, projectFile, source, version: program.version() ?? '' },
        ...{ purpose: options.purpose, role: options.role },
        connections: named.map((dialect) => ({ dialect, sources: connectionOf(options, dialect, set).sources })),
        signal: cancellation.hold(),
        onProgress: (part) => printer.progress(`${part} …`),
      }).finally(() => printer.endProgress());
      printer.answer(findingsLines(findings), { command: 'doctor', ...findings });
      const found = findings.databases.flatMap(({ diagnostics }) => diagnostics);
      for (const entry of found) if (severityOf(entry) !== 'error') printer.diagnostic(entry);
      failIfAny(found.filter((entry) => severityOf(entry) === 'error'));
    });
}
