import path from 'node:path';
import { append } from '@dms/diagnostics';
import { statsAt } from '@dms/files';
import { matchingFiles, type SchemaInput, type SchemaText, schemaFileIn, standardStream } from '@dms/operations';
import type { Command } from 'commander';
import { usage } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

/** The name of the standard input in messages. */
const inputName = '<stdin>';

/** The paths of the standard input, on systems where it has one. */
const inputPaths: readonly string[] = [standardStream, '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'];
const isStandardInput = (place: string) => inputPaths.includes(place);

/**
 * The files that match a pattern, except those already named. A path that is not a pattern is returned as it is, so
 * that later checks can refuse it.
 */
async function newFiles(pattern: string, inputs: readonly SchemaInput[]): Promise<readonly string[]> {
  const found = await matchingFiles(pattern);
  if (found.length === 1 && found[0] === pattern) return found;
  const named = new Set(inputs.flatMap((input) => (typeof input === 'string' ? [path.resolve(input)] : [])));
  return found.filter((file) => !named.has(path.resolve(file)));
}

/**
 * Replaces patterns and `-` in `--schema` by the files they match and the text of the standard input. This happens
 * before the command runs, so no command has to know about it. Returns the texts that were read.
 */
export async function expandSchemas(command: Command, terminal: Terminal): Promise<readonly SchemaText[]> {
  const written = command.getOptionValue('schema');
  if (!Array.isArray(written)) return [];
  if (written.filter(isStandardInput).length > 1) {
    command.error(
      "error: option '--schema -' can be given only once: there is one standard input",
      usage('OPTION_CONFLICT'),
    );
  }
  const inputs: SchemaInput[] = [];
  for (const each of written as readonly string[]) {
    if (isStandardInput(each))
      inputs.push({ name: inputName, content: (await terminal.input?.(inputName)) ?? new Uint8Array() });
    else append(inputs, await newFiles(each, inputs));
  }
  command.setOptionValue('schema', inputs);
  return inputs.filter((input): input is SchemaText => typeof input !== 'string');
}

/** The same with the one ApiSchema file of each folder in its place. Throws the codes of `schemaFileIn`. */
export const filesOfFolders = (inputs: readonly SchemaInput[]): Promise<readonly SchemaInput[]> =>
  Promise.all(
    inputs.map((input) =>
      typeof input === 'string' && statsAt(input)?.isDirectory() ? schemaFileIn(input) : Promise.resolve(input),
    ),
  );
