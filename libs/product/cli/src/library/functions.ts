import { alternatives, type Diagnostic, DmsError, diagnostic, failIfAny } from '@dms/diagnostics';
import {
  type Context,
  changedArtifacts,
  dialects,
  type EmitInput,
  filesOfFolders,
  fingerprintValue,
  hash as hashOperation,
  holdsConnection,
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
import { type LibraryFunction, type LibraryOption, libraryOptions } from './library-options.ts';

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
  return programMappingSet(artifacts, options.dialect);
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

/* The options of the library are checked at run time for programs without a compiler. */

const pointer = (path: readonly PropertyKey[]) => path.map((part) => `/${String(part)}`).join('');

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) => (inner as Readonly<Record<PropertyKey, unknown>> | undefined)?.[part],
    value,
  );
}

const wrong = (path: readonly PropertyKey[], text: string): Diagnostic =>
  diagnostic('OPTION_INVALID', text, { path: pointer(path) });

function problems(
  issue: z.core.$ZodIssue,
  given: unknown,
  options: Readonly<Record<string, LibraryOption>>,
): Diagnostic[] {
  const { path } = issue;
  const [name, ...rest] = path;
  if (name === undefined && issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      wrong([key], `There is no option ${JSON.stringify(key)}${alternatives(key, Object.keys(options))}`),
    );
  const option = options[String(name)];
  if (option === undefined) return [wrong(path, 'The options must be an object.')];
  const value = valueAt(given, path);
  const text = `The option ${pointer(path)}`;
  const expected = (rest.length === 0 ? undefined : option.expectedEntry) ?? option.expected;
  if (value === undefined) return [wrong(path, `${text} must be given: ${expected}.`)];
  const said = typeof value === 'string' ? ` ${JSON.stringify(value)}` : '';
  return [wrong(path, `${text}${said} must be ${expected}.`)];
}

/** Refuses connections and passwords in options: no function accepts one, and messages show the texts of options. */
function misplacedConnections(given: unknown, path: readonly PropertyKey[]): Diagnostic[] {
  if (typeof given === 'string') {
    if (!holdsConnection(given)) return [];
    const place = path.length === 0 ? 'The argument' : `The option ${pointer(path)}`;
    return [wrong(path, `${place} has a connection or a password, which does not belong there.`)];
  }
  if (Array.isArray(given)) return given.flatMap((each, index) => misplacedConnections(each, [...path, index]));
  // the names and contents of schemas are not paths
  if (path.length > 0 || typeof given !== 'object' || given === null) return [];
  return Object.entries(given).flatMap(([name, each]) => misplacedConnections(each, [name]));
}

/** Refuses options that the command line would refuse too. Throws `OPTION_INVALID` with all errors of the options. */
export function checkOptions(name: LibraryFunction, given: unknown): void {
  checkGiven(libraryOptions(name), given);
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

function checkGiven(options: Readonly<Record<string, LibraryOption>>, given: unknown): void {
  const shape = Object.fromEntries(Object.entries(options).map(([option, { schema }]) => [option, schema]));
  failIfAny(misplacedConnections(given, []));
  const issues = z.strictObject(shape).safeParse(given).error?.issues ?? [];
  failIfAny(issues.flatMap((issue) => problems(issue, given, options)));
}

/** Checks the only argument of a function that takes a path, in the same way. */
export function checkPath(given: unknown, what: string): void {
  failIfAny(misplacedConnections(given, []));
  if (typeof given !== 'string' || given === '' || given.includes('\0'))
    failIfAny([wrong([], `The argument must be ${what}.`)]);
}
