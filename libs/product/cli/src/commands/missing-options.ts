import { isThere } from '@dms/files';
import {
  type ArtifactSource,
  allOptions,
  commandsOfLine,
  expectArtifacts,
  factsOf,
  type Input,
  type MappingSetSource,
  type Operation,
  type OptionsOf,
  type Shape,
  type Sources,
  writtenOption,
} from '@dms/operations';
import type { Command } from 'commander';
import { usage } from '../exit-codes.ts';
import {
  foundDialect,
  missingPlace,
  missingSource,
  namedPlace,
  type SubjectValues,
  takesDatabaseOfConfig,
} from './run-input.ts';

interface CheckedOptions {
  readonly values: Readonly<Record<string, unknown>> & SubjectValues;
  readonly input: Input<OptionsOf<Shape>, Sources[keyof Sources]>;
}

/**
 * Ends a command as wrong use if options or arguments are missing, and names all of them. Throws `INPUT_FILE_NOT_FOUND`
 * if an option names a folder of artifacts that does not exist.
 */
export async function expectComplete(operation: Operation, asked: CheckedOptions, command: Command): Promise<void> {
  const source = missingSource(operation, asked.values, asked.input.set);
  const missing = [
    ...missingValues(operation, asked.values),
    ...(source === undefined ? [] : [source]),
    ...(operation.missing?.(asked.input) ?? []),
    ...(await missingDatabase(operation, asked)),
  ];
  const [first, ...others] = missing;
  if (first !== undefined) {
    const text = others.length === 0 ? first : `several options are missing:\n  ${missing.join('\n  ')}`;
    command.error(`error: ${text}`, usage('OPTION_MISSING'));
  }
  const { source: found, set, program } = asked.input;
  if (!isFolderMissing(found)) return;
  const isOfConfig = set !== undefined && asked.values.artifacts === undefined;
  expectArtifacts(found.folder, isOfConfig ? commandsOfLine(asked.values.config, program).emit : undefined);
}

/** The arguments and options without which no run of the operation is possible. */
function missingValues(operation: Operation, values: CheckedOptions['values']): string[] {
  const required = (shape: Shape) =>
    Object.entries(shape).filter(([name, schema]) => factsOf(schema).isRequired === true && isAbsent(values[name]));
  return [
    ...required(operation.arguments).map(([name, schema]) => {
      const written = factsOf(schema).metavariable ?? name;
      return `missing required argument '${written.replace(/[<>.]/g, '')}'`;
    }),
    ...required(allOptions(operation)).map(
      ([name, schema]) => `required option '${writtenOption(name, schema)}' not specified`,
    ),
  ];
}

const isAbsent = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0);

/** The other options that a run on one database lacks, as far as they follow from its source. */
async function missingDatabase(operation: Operation, { values, input }: CheckedOptions): Promise<string[]> {
  const { worksOn } = operation;
  if (input.isFleet || isFolderMissing(input.source)) return [];
  const mayLackSource =
    worksOn.source === 'none' || (worksOn.source === 'possibleSet' && worksOn.connection === 'needed');
  const isSourceKnown = mayLackSource || input.source !== undefined;
  let { dialect } = input;
  const missing: string[] = [];
  if (worksOn.dialect?.use === 'one' && isSourceKnown) {
    const found = await foundDialect({ ...input, named: dialect, place: namedPlace(values, input.set) });
    dialect = found.dialect;
    if (found.missing !== undefined) missing.push(found.missing);
  }
  const mayDoWithout = operation.kind === 'database' && operation.withoutDatabase !== undefined;
  const mayBeOfConfig = dialect === undefined && input.set !== undefined && takesDatabaseOfConfig(worksOn);
  if (worksOn.connection !== 'needed' || mayDoWithout || mayBeOfConfig) return missing;
  const place = missingPlace(operation, values, input.set, dialect);
  return place === undefined ? missing : [...missing, place];
}

const isFolderMissing = (source: MappingSetSource | undefined): source is ArtifactSource =>
  source?.kind === 'artifacts' && !isThere(source.folder);
