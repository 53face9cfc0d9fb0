import type { SqlDialect } from '@dms/pipeline';
import { dialectArgument } from './arguments.ts';

function collectDialect(value: string, previous: readonly SqlDialect[] = []): SqlDialect[] {
  return [...new Set([...previous, dialectArgument(value)])];
}

/** `--dialect <name>` of commands that work for several dialects. */
export const dialectsOption = ['--dialect <name>', 'pgsql or mssql (repeatable; default: both)', collectDialect] as const;

/** `--dialect <name>` of commands that work on one database. */
export const dialectOption = ['--dialect <name>', 'pgsql or mssql', dialectArgument] as const;
