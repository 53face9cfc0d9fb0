import type { SqlDialect, StandaloneMappingSet } from '@dms/pipeline';
import type { Command } from 'commander';
import { pathArgument, textArgument } from './arguments.ts';

/** Where a command finds its database; the first one that is given counts (design 09 §1.1). */
export interface ConnectionOptions {
  readonly connection?: string;
  readonly connectionEnv?: string;
  readonly connectionFile?: string;
}

/** Adds `--connection`, `--connection-env` and `--connection-file`. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option(
      '--connection <text>',
      'the database: postgres://…, mssql://…, Key=Value;… or pglite:<folder>; a password in it can be seen in process lists',
      textArgument,
    )
    .option('--connection-env <NAME>', 'environment variable that holds the connection text', textArgument)
    .option('--connection-file <path>', 'file that holds the connection text', pathArgument);
}

/**
 * What the pipeline needs to find the database of a dialect: options first, then what a `dms.json` says of it. Nothing is read
 * from the environment but the variable that is named.
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
