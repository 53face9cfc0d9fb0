import { DmsError, failIfAny } from '@dms/diagnostics';
import {
  type Context,
  changedArtifacts,
  dialects,
  type EmitInput,
  filesOfFolders,
  fingerprintValue,
  hash as hashOperation,
  matchingInputs,
  programMappingSet,
  readMappingSet as readConfig,
  type SchemaInput,
  type SourcePositions,
  type Sources,
  type SqlDialect,
  sourcePositions,
  type TranslateFilesOptions,
  translateFiles,
  writtenArtifacts,
  writtenValue,
} from '@dms/operations';
import * as z from 'zod/mini';
import { documentFunctions } from './document-arguments.ts';
import { checkGiven, checkOptions, checkPath } from './given-options.ts';
import type { LibraryOption } from './library-options.ts';

/** The schemas that the options of a function name. */
interface GivenSchemas extends Pick<Sources['schemas'], 'mappingVersion'> {
  readonly schemas: Sources['schemas']['files'];
}

type GivenEmit = GivenSchemas & EmitInput['options'] & Pick<EmitInput, 'dialects'> & Pick<Context, 'onProgress'>;

export const emit = (given: GivenEmit) => emitted(given, writtenArtifacts);

/** Runs a variant of `emit`, and adds lines and columns to its diagnostics. */
async function emitted<Result extends Awaited<ReturnType<typeof writtenArtifacts | typeof changedArtifacts>>>(
  given: GivenEmit,
  run: (input: EmitInput, context: Context) => Promise<Result>,
) {
  checkOptions('emit', given);
  const { schemas, mappingVersion: _, dialects, onProgress, ...options } = given;
  return located(schemas, async (locate) => {
    const result = await run({ options, source: await sourceOf(given), dialects }, { onProgress });
    return { ...result, diagnostics: result.diagnostics.map(locate) };
  });
}

/** The source of a run, with the files of patterns and folders, as on the command line. */
const sourceOf = async ({ schemas, mappingVersion }: GivenSchemas) =>
  ({ kind: 'schemas', files: await filesOfFolders(await matchingInputs(schemas)), mappingVersion }) as const;

export const check = (given: GivenEmit) => emitted(given, changedArtifacts);

export async function hash(given: GivenSchemas) {
  checkOptions('hash', given);
  return located(given.schemas, async () => {
    const input = { options: {}, source: await sourceOf(given) };
    return fingerprintValue(await hashOperation.run(input, {}));
  });
}

export async function readMappingSet(file: string) {
  checkPath(file, 'the path of a dms.json');
  return located([], async () => {
    const { schemas, dialects, mappingVersion, odsOverrides, outputDirectory } = await readConfig(file);
    const overrides = odsOverrides === null ? {} : { odsOverrides };
    return { schemas, dialects, mappingVersion, ...overrides, output: outputDirectory };
  });
}

export async function openMappingSet(artifacts: string, options: { readonly dialect?: SqlDialect | undefined } = {}) {
  checkPath(artifacts, 'the path of a folder of artifacts');
  checkGiven(openOptions, options);
  const set = await programMappingSet(artifacts, options.dialect);
  const { expectClient: _, ...shown } = set;
  return { ...shown, on: (client: Parameters<typeof set.on>[0]) => documentFunctions(set, client) };
}

/** The options of `translate`. */
interface GivenTranslation extends Omit<TranslateFilesOptions, 'dialects' | 'relativeTo'>, Pick<Context, 'onProgress'> {
  readonly paths: readonly string[];
}

export async function translate(given: GivenTranslation) {
  checkOptions('translate', given);
  const { paths, onProgress, ...options } = given;
  const written = await translateFiles(paths, options, { onProgress });
  const { diagnostics, failures, isWritten } = written;
  if (!isWritten) failIfAny(failures);
  return { ...writtenValue(written, options), diagnostics: [...diagnostics, ...failures] };
}

/** Runs an operation on schemas and adds lines and columns to its diagnostics, whether thrown or returned. */
export async function located<Result>(
  schemas: readonly SchemaInput[],
  work: (locate: SourcePositions['locate']) => Promise<Result>,
): Promise<Result> {
  const texts = schemas.filter((schema) => typeof schema !== 'string');
  const { locate } = sourcePositions({ texts: () => texts });
  try {
    return await work(locate);
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    const [first, ...rest] = error.diagnostics;
    throw new DmsError([locate(first), ...rest.map(locate)]);
  }
}

/** The options of `openMappingSet`, which no operation has. */
const openOptions: Readonly<Record<string, LibraryOption>> = {
  dialect: {
    schema: z.optional(z.enum(dialects)),
    description: 'the dialect of the database',
    isNeeded: false,
    expected: dialects.join(' or '),
  },
};
