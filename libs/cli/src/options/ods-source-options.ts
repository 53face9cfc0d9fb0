import type { OdsSourceOptions } from '@dms/operations';
import type { Command } from 'commander';
import { dialectArgument, pathArgument, textArgument, versionArgument } from './arguments.ts';
import { connectionOf, namesConnection } from './connection-options.ts';
import { fleetFlags } from './fleet-options.ts';

/** What a reader of an ODS may do, and how documents come out. */
export type OdsReadingOptions = Pick<
  OdsSourceOptions,
  'odsOverrides' | 'odsDialect' | 'schemaSuffix' | 'keepIds' | 'allowMissing' | 'allowUnread'
>;

/** Adds the options of each command that reads an ODS. */
export const addOdsReadingOptions = (command: Command, keepIds: string): Command =>
  command
    .option('--keep-ids', keepIds)
    .option('--allow-missing', 'read tables, and columns that may be NULL, as empty where the ODS lacks them')
    .option('--allow-unread', 'leave rows and values behind for which the schema set has no table or column')
    .option(
      '--ods-dialect <name>',
      'pgsql or mssql: the engine that holds the ODS (default: what its connection text shows, otherwise pgsql)',
      dialectArgument,
    )
    .option('--ods-overrides <file>', 'facts about properties that an ODS needs and ApiSchema lacks', pathArgument)
    .option('--schema-suffix <text>', 'the schemas of the ODS are the usual names with this suffix', textArgument);

/** The options that say where the ODS is, beside those of the database that gets its documents. */
export interface FromOdsOptions extends OdsReadingOptions {
  readonly fromOds?: string;
  readonly fromOdsEnv?: string;
  readonly fromOdsFile?: string;
  readonly verify?: boolean;
  readonly since?: bigint;
}

const textFlags = '--from-ods <text>';
const variableFlags = '--from-ods-env <NAME>';
const fileFlags = '--from-ods-file <path>';

/** Adds `--from-ods` and what belongs to it. */
export function addFromOdsOptions(command: Command): Command {
  command
    .option(
      textFlags,
      'read the documents of an ODS instead of files: its connection, in the forms of --connection',
      textArgument,
    )
    .option(variableFlags, 'the same: environment variable that holds the connection text', textArgument)
    .option(fileFlags, 'the same: file that holds the connection text', pathArgument)
    .option('--verify', 'of an ODS: compare the reporting views of the database with it afterwards, table by table')
    .option(
      '--since <version>',
      'of an ODS with change queries: only what has changed after this ChangeVersion, with changed keys and deletes',
      versionArgument,
    );
  return addOdsReadingOptions(command, 'of an ODS: keep the ids that clients know, as uuids of the documents');
}

/** The flags that are meaningful only for an ODS, by their options. */
const furtherFlags = {
  keepIds: '--keep-ids',
  allowMissing: '--allow-missing',
  allowUnread: '--allow-unread',
  odsDialect: '--ods-dialect <name>',
  odsOverrides: '--ods-overrides <file>',
  schemaSuffix: '--schema-suffix <text>',
  verify: '--verify',
  since: '--since <version>',
} as const;

/** The options that one load and a fleet share. */
export const odsReadingOf = (options: FromOdsOptions): OdsReadingOptions & Pick<OdsSourceOptions, 'since'> => {
  const { odsDialect, odsOverrides, schemaSuffix, keepIds, allowMissing, allowUnread, since } = options;
  return { odsDialect, odsOverrides, schemaSuffix, keepIds, allowMissing, allowUnread, since };
};

/**
 * The ODS that the options name; undefined where they name none. Ends the command as wrong use where only what belongs to one is given, or
 * files too.
 */
export function fromOdsOf(options: FromOdsOptions, paths: readonly string[], command: Command): OdsSourceOptions | undefined {
  const { fromOds, fromOdsEnv, fromOdsFile } = options;
  const place = {
    ...(fromOds === undefined ? {} : { connection: fromOds }),
    ...(fromOdsEnv === undefined ? {} : { connectionEnv: fromOdsEnv }),
    ...(fromOdsFile === undefined ? {} : { connectionFile: fromOdsFile }),
  };
  if (namesConnection(place)) {
    if (paths.length > 0) command.error(`error: name files or an ODS, not both: '${paths[0]}' and '${textFlags}'`);
    return { ...connectionOf(place), ...odsReadingOf(options) };
  }
  const names = Object.keys(furtherFlags) as (keyof typeof furtherFlags)[];
  const alone = names.find((name) => options[name] !== undefined);
  if (alone !== undefined) command.error(`error: option '${furtherFlags[alone]}' needs '${textFlags}' or '${fleetFlags}'`);
  return undefined;
}
