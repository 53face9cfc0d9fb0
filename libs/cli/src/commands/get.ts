import { failIfAny } from '@dms/diagnostics';
import { JsonNumber, type JsonValue, jsonText } from '@dms/files';
import { getDocuments, type SqlDialect } from '@dms/operations';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { countArgument, textArgument } from '../options/arguments.ts';
import { addConnectionOptions, type ConnectionOptions, requiredConnectionOf } from '../options/connection-options.ts';
import { planDialectOption } from '../options/dialect-option.ts';
import type { JsonOption } from '../options/json-option.ts';
import { addPlanSourceOptions, type PlanSourceOptions, planSourceOf } from '../options/plan-source-options.ts';

interface Condition {
  readonly path: string;
  readonly value: string;
}

type GetCommandOptions = PlanSourceOptions &
  ConnectionOptions &
  JsonOption & {
    readonly dialect?: SqlDialect;
    readonly id?: string;
    readonly where?: readonly Condition[];
    readonly cursor?: string;
    readonly limit: number;
  };

function collectCondition(value: string, previous: readonly Condition[] = []): Condition[] {
  const equals = value.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('It must be a path and a value, as in schoolReference.schoolId=1.');
  const path = value.slice(0, equals);
  if (previous.some((condition) => condition.path === path)) throw new InvalidArgumentError(`There are two values of ${path}.`);
  return [...previous, { path, value: value.slice(equals + 1) }];
}

function cursorArgument(value: string): string {
  if (!/^[0-9]{1,18}$/.test(value)) throw new InvalidArgumentError('It must be a document id: a whole number.');
  return value;
}

function idArgument(value: string): string {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) throw new InvalidArgumentError('It must be a uuid.');
  return value.toLowerCase();
}

/** Adds `dms-ddl get`. */
export function addGet(program: Command, { printerFor, cancellation }: CommandContext): void {
  const command = program
    .command('get')
    .summary('print documents of a database')
    .description('Prints documents of a resource, one per line, by document id.')
    .argument('<resource>', 'as in Ed-Fi:Student', textArgument);
  addConnectionOptions(addPlanSourceOptions(command).option(...planDialectOption))
    .addOption(new Option('--id <uuid>', 'the document with this id').argParser(idArgument).conflicts('where'))
    .option(
      '--where <path=value>',
      'documents with this value, as in schoolReference.schoolId=1 (repeatable)',
      collectCondition,
    )
    .addOption(
      new Option('--cursor <id>', 'documents from this document id on; with --json a page says where the next one begins')
        .argParser(cursorArgument)
        .conflicts('id'),
    )
    .option('--limit <n>', 'at most this many documents', countArgument, 25)
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl get Campus:School --where schoolId=255901 --artifacts out --connection-env CAMPUS_DB',
    )
    .action(async (resource: string, options: GetCommandOptions) => {
      const printer = printerFor(options);
      const { dialect, id, where, cursor, limit } = options;
      const { documents, unreadable, next, diagnostics } = await getDocuments({
        source: planSourceOf(options, command),
        ...requiredConnectionOf(options, command),
        ...{ dialect, resource, id, where, cursor, limit },
        signal: cancellation.hold(),
        onWarning: (warning) => printer.diagnostic(warning),
        onProgress: (part) => printer.progress(`${part} …`),
      }).finally(() => printer.endProgress());
      for (const entry of diagnostics) printer.diagnostic(entry);
      const found = documents.map(
        ({ uuid, contentVersion, document }) =>
          new Map<string, JsonValue>([
            ['uuid', uuid],
            ['contentVersion', new JsonNumber(String(contentVersion))],
            ['document', document],
          ]),
      );
      const value = new Map<string, JsonValue>([
        ['type', 'result'],
        ['command', 'get'],
        ['resource', resource],
        ['documents', found],
        ['next', next],
      ]);
      printer.documents(
        documents.map(({ document }) => jsonText(document)),
        () => jsonText(value),
      );
      failIfAny(unreadable);
    });
}
