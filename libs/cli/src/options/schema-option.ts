import { matchingFiles, type SchemaInput, type SchemaText } from '@dms/pipeline';
import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { pathArgument } from './arguments.ts';

/** `--schema a b --schema c` and `--schema a --schema b --schema c` mean the same. */
export function collectFile(value: string, previous: readonly string[] = []): string[] {
  return [...previous, pathArgument(value)];
}

/** `--schema <file...>`: the ApiSchema files of a set. */
export const schemaOption = [
  '--schema <file...>',
  'ApiSchema files, core and extensions, in any order; patterns (*, **), and - for the standard input (repeatable)',
  collectFile,
] as const;

/** How messages call the standard input. */
const inputName = '<stdin>';

/**
 * Puts the files of patterns and the text of the standard input where `--schema` of a command names them; done before the command
 * runs, so that none has to know of it. Returns the texts that were read. Throws `INPUT_FILE_NOT_FOUND`.
 */
export async function expandSchemas(command: Command, terminal: Terminal): Promise<readonly SchemaText[]> {
  const written = command.getOptionValue('schema');
  if (!Array.isArray(written)) return [];
  if (written.filter((each) => each === '-').length > 1) {
    command.error("error: option '--schema -' can be given once: there is one standard input");
  }
  const inputs: SchemaInput[] = [];
  for (const each of written as readonly string[]) {
    if (each === '-') inputs.push({ name: inputName, content: (await terminal.input?.(inputName)) ?? new Uint8Array() });
    else inputs.push(...(await matchingFiles(each)));
  }
  command.setOptionValue('schema', inputs);
  return inputs.filter((input): input is SchemaText => typeof input !== 'string');
}
