import { connectionForms, type SqlDialect, type StandaloneMappingSet } from '@dms/operations';
import type { Command } from 'commander';
import { pathArgument, textArgument } from './arguments.ts';
import { takesConfig } from './config-argument.ts';

/** The options that say where the database is; the first one given counts (design 09 §1.1). */
export interface ConnectionOptions {
  readonly connection?: string;
  readonly connectionEnv?: string;
  readonly connectionFile?: string;
}

const textFlags = '--connection <text>';
const variableFlags = '--connection-env <NAME>';
const fileFlags = '--connection-file <path>';

/**
 * Adds `--connection`, `--connection-env` and `--connection-file`.
 *
 * @param lasting whether the database of the command exists before and after it
 */
export function addConnectionOptions(command: Command, { lasting = true } = {}): Command {
  const database = `the database: ${connectionForms({ lasting })}; a password in it can be seen in process lists`;
  return command
    .option(textFlags, database, textArgument)
    .option(variableFlags, 'environment variable that holds the connection text', textArgument)
    .option(fileFlags, 'file that holds the connection text', pathArgument);
}

/**
 * The facts with which the pipeline finds the database of a dialect: the options first, then the `dms.json`. Only the named
 * variable is read from the environment.
 */
export function connectionOf(
  { connection, connectionEnv, connectionFile }: ConnectionOptions,
  dialect?: SqlDialect,
  config?: StandaloneMappingSet | undefined,
) {
  const project = dialect === undefined ? undefined : config?.databases[dialect];
  return {
    sources: { connection, connectionEnv, connectionFile, ...(project === undefined ? {} : { project }) },
    environment: process.env,
    folder: config?.workspace ?? process.cwd(),
    ...(config === undefined ? {} : { projectFile: config.file }),
  };
}

/** Whether an option names a database. */
export const namesConnection = ({ connection, connectionEnv, connectionFile }: ConnectionOptions): boolean =>
  [connection, connectionEnv, connectionFile].some((option) => option !== undefined);

/** The same for a command that needs a database. Ends the command as wrong use where none is named. */
export function requiredConnectionOf(
  options: ConnectionOptions,
  command: Command,
  dialect?: SqlDialect,
  config?: StandaloneMappingSet | undefined,
) {
  const found = connectionOf(options, dialect, config);
  if (Object.values(found.sources).some((source) => source !== undefined)) return found;
  const member = takesConfig(command) ? `, or databases.${dialect ?? '<dialect>'} of a dms.json` : '';
  return command.error(
    `error: name a database with one of the options '${textFlags}', '${variableFlags}' and '${fileFlags}'${member}`,
  );
}
