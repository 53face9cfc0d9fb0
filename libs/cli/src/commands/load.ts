import { counted, failIfAny } from '@dms/diagnostics';
import { fleetTasks, type LoadDatabaseOptions, loadDatabase, loadedLines, loadedValue, type SqlDialect } from '@dms/operations';
import { type Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { runFleetCommand } from '../fleet-command.ts';
import { countArgument, outputArgument } from '../options/arguments.ts';
import { addConnectionOptions, type ConnectionOptions, requiredConnectionOf } from '../options/connection-options.ts';
import { artifactsDialectOption } from '../options/dialect-option.ts';
import { addFleetOptions, type FleetCommandOptions, fleetFlags, fleetOf } from '../options/fleet-options.ts';
import type { JsonOption } from '../options/json-option.ts';
import { addFromOdsOptions, type FromOdsOptions, fromOdsOf, odsReadingOf } from '../options/ods-source-options.ts';
import { collectFile } from '../options/schema-option.ts';
import { addSourceOptions, type SourceOptions, sourceOf } from '../options/source-options.ts';
import { keepHeapSmall } from '../small-heap.ts';

type LoadCommandOptions = SourceOptions &
  ConnectionOptions &
  FromOdsOptions &
  FleetCommandOptions &
  JsonOption &
  Pick<LoadDatabaseOptions, 'onExisting' | 'rejects' | 'jobs' | 'ignoreUnknown'> & {
    readonly dialect?: SqlDialect;
    readonly continue?: boolean;
    readonly schemaChecks: boolean;
    readonly bulk?: boolean;
    readonly verify?: boolean;
  };

/** `1 h 02 min`, `3 min 20 s`, `12 s`. */
function duration(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.round(seconds) % 60];
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} min`;
  return minutes > 0 ? `${minutes} min ${String(rest).padStart(2, '0')} s` : `${rest} s`;
}

/** Describes the progress of a load, and how long the rest will take at that speed. */
function progressLines(): NonNullable<LoadDatabaseOptions['onDocuments']> extends (progress: infer Progress) => void
  ? (progress: Progress) => string
  : never {
  let start: number | undefined;
  return ({ phase, resource, documents, rejected, share }) => {
    if (phase === 'read') return 'read …';
    if (phase === 'wait') return 'wait until nobody else writes …';
    if (phase === 'check') return `${counted(documents, 'document')}, ${rejected} rejected; check all keys …`;
    start ??= performance.now();
    const seconds = (performance.now() - start) / 1000;
    const rate = seconds > 1 ? `, ${Math.round(documents / seconds)} per second` : '';
    const left = seconds > 1 && share > 0.01 ? `, ${duration((seconds * (1 - share)) / share)} left` : '';
    return `${resource}: ${counted(documents, 'document')}, ${rejected} rejected${rate}${left}`;
  };
}

/** Adds `dms-ddl load`. */
export function addLoad(program: Command, { printerFor, cancellation }: CommandContext): void {
  const command = program
    .command('load')
    .summary('load documents into a database')
    .description(
      'Loads documents and descriptors from files and folders into a database that was provisioned for the schema set: each resource ' +
        'after the resources that it refers to, in any order of the input. Files are .jsonl or .json with {"resource", "document"}, ' +
        'or interchange XML of the standard (.xml). Folders have <project>/<endpoint>.jsonl or .json with plain documents. Each ' +
        'file can be compressed (.gz). With --from-ods the documents come from a database of the older Ed-Fi server (PostgreSQL; SQL Server is experimental), ' +
        'which is read in one transaction, as it is at one moment, and not changed. With --since, or from a folder of read-ods --since, the ' +
        'database gets what has changed in the ODS: changed keys first, then the documents, then the deletes. With --fleet each database gets ' +
        'the documents of the ODS that its entry names.',
    )
    .argument('[path...]', 'files or folders; none with --from-ods and --fleet', collectFile, []);
  const database = addConnectionOptions(addSourceOptions(command).option(...artifactsDialectOption));
  addFromOdsOptions(addFleetOptions(database, { conflicting: ['fromOds', 'fromOdsEnv', 'fromOdsFile'] }))
    .addOption(
      new Option(
        '--on-existing <action>',
        'what to do with a document that exists already (default: fail, from an ODS: skip, for what has changed since a version: replace)',
      ).choices(['fail', 'skip', 'replace']),
    )
    .option('--continue', 'continue after a document that cannot be loaded')
    .option(
      '--rejects <file>',
      'file for the documents that are not loaded, with the reasons; correct it, and load reads it. With --fleet a folder, with <name>.jsonl of each database',
      outputArgument,
    )
    .option('--ignore-unknown', 'leave out members and elements that the schema set does not have')
    .option('--no-schema-checks', 'check documents against the model only, not against the JSON schemas of the resources')
    .option(
      '--bulk',
      'write all documents in one transaction, after their descriptors: faster, for the owner of the tables, on servers that nobody else uses',
    )
    .option(
      '--jobs <n>',
      'connections; they share independent resources and the batches of a large one (default: 2, with pglite: 1)',
      countArgument,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  dms-ddl load sample --artifacts out --connection-env CAMPUS_DB --continue --rejects rejects.jsonl' +
        '\n  dms-ddl load Descriptors/*.xml Samples/*.xml --artifacts out --connection-env CAMPUS_DB' +
        '\n  dms-ddl load --from-ods-env ODS --artifacts out --connection-env CAMPUS_DB --continue --rejects rejects.jsonl' +
        '\n  dms-ddl load --from-ods-env ODS --since 4711 --artifacts out --connection-env CAMPUS_DB --continue --rejects rejects.jsonl' +
        '\n  dms-ddl load --fleet fleet.json --artifacts out --continue --rejects rejects --verify',
    )
    .action(async (paths: readonly string[], options: LoadCommandOptions) => {
      const printer = printerFor(options);
      const { dialect, onExisting, rejects, jobs, ignoreUnknown, schemaChecks, bulk: isBulk } = options;
      const text = progressLines();
      const fromOds = options.fleet === undefined ? fromOdsOf(options, paths, command) : undefined;
      const fleet = fleetOf(options, command);
      if (options.since !== undefined && isBulk)
        command.error("error: options '--since <version>' and '--bulk' cannot be used together");
      if (options.since !== undefined && onExisting !== undefined && onExisting !== 'replace')
        command.error(
          `error: option '--since <version>' replaces documents that have changed, and not '--on-existing ${onExisting}'`,
        );
      if (fleet !== undefined) {
        if (paths.length > 0) command.error(`error: name files or a fleet, not both: '${paths[0]}' and '${fleetFlags}'`);
        keepHeapSmall();
        const load = { onExisting, rejects, jobs, ignoreUnknown, schemaChecks, isBulk, isContinued: options.continue ?? false };
        const task = { source: sourceOf(options, command), ...load, verify: options.verify, ...odsReadingOf(options) };
        return runFleetCommand(fleetTasks.load, task, { fleet, printer, cancellation });
      }
      if (fromOds === undefined && paths.length === 0) command.error("error: missing required argument 'path'");
      keepHeapSmall();
      const result = await loadDatabase({
        source: sourceOf(options, command),
        ...requiredConnectionOf(options, command),
        ...{
          paths,
          fromOds,
          verify: options.verify,
          dialect,
          onExisting,
          rejects,
          jobs,
          ignoreUnknown,
          schemaChecks,
          isBulk,
          isContinued: options.continue ?? false,
        },
        signal: cancellation.hold(),
        onProgress: (part) => printer.progress(`${part} …`),
        onDocuments: (progress) => printer.progress(text(progress)),
      }).finally(() => printer.endProgress());
      for (const entry of result.diagnostics) printer.diagnostic(entry);
      const { total, seconds, problems } = result;
      const lines = loadedLines(result);
      if (total.rejected > 0 && rejects !== undefined) lines.push(`Rejected documents written to ${rejects}`);
      const { reading, comparison, ...value } = { command: 'load', seconds, ...loadedValue(result) };
      printer.result(lines, fromOds === undefined ? value : { ...value, reading, comparison });
      failIfAny(problems);
    });
}
