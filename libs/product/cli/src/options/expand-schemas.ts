import { append } from '@dms/diagnostics';
import { matchingInputs, type SchemaInput, type SchemaText, standardStream } from '@dms/operations';
import type { Command } from 'commander';
import { usage } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

/** The name of the standard input in messages. */
const inputName = '<stdin>';

/**
 * Replaces patterns and `-` in `--schema` by the files they match and the text of the standard input. This happens
 * before the command runs, so no command has to know about it. Returns the texts that were read.
 */
export async function expandSchemas(command: Command, terminal: Terminal): Promise<readonly SchemaText[]> {
  const written = command.getOptionValue('schema');
  if (!Array.isArray(written)) return [];
  // not a relation of options: a process has one standard input, under several names
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
    else append(inputs, await matchingInputs([each], inputs));
  }
  command.setOptionValueWithSource('schema', inputs, command.getOptionValueSource('schema'));
  return inputs.filter((input): input is SchemaText => typeof input !== 'string');
}

/** The paths of the standard input, on systems that have such paths. */
const inputPaths: readonly string[] = [standardStream, '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'];
const isStandardInput = (place: string) => inputPaths.includes(place);
