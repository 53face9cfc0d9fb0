import {
  type Context,
  changedArtifacts,
  type EmitInput,
  fingerprintValue,
  hash as hashOperation,
  readMappingSet as readConfig,
  type Sources,
  writtenArtifacts,
} from '@dms/operations';
import { checkOptions, checkPath } from './check-options.ts';
import { located } from './located.ts';

/** What functions on schemas are given. */
interface GivenSchemas extends Pick<Sources['schemas'], 'mappingVersion'> {
  readonly schemas: Sources['schemas']['files'];
}

type GivenEmit = GivenSchemas & EmitInput['options'] & Pick<EmitInput, 'dialects'> & Pick<Context, 'onProgress'>;

const sourceOf = ({ schemas: files, mappingVersion }: GivenSchemas) =>
  ({ kind: 'schemas', files, mappingVersion }) as const;

/** Runs a way of `emit`, and adds lines and columns to what it reports. */
async function emitted<Result extends Awaited<ReturnType<typeof writtenArtifacts | typeof changedArtifacts>>>(
  given: GivenEmit,
  run: (input: EmitInput, context: Context) => Promise<Result>,
) {
  checkOptions('emit', given);
  const { schemas, mappingVersion: _, dialects, onProgress, ...options } = given;
  return located(schemas, async (locate) => {
    const result = await run({ options, source: sourceOf(given), dialects }, { onProgress });
    return { ...result, diagnostics: result.diagnostics.map(locate) };
  });
}

export const emit = (given: GivenEmit) => emitted(given, writtenArtifacts);

export const check = (given: GivenEmit) => emitted(given, changedArtifacts);

export async function hash(given: GivenSchemas) {
  checkOptions('hash', given);
  const input = { options: {}, source: sourceOf(given) };
  return located(given.schemas, async () => fingerprintValue(await hashOperation.run(input, {})));
}

export async function readMappingSet(file: string) {
  checkPath(file, 'the path of a dms.json');
  return located([], async () => {
    const { schemas, dialects, mappingVersion, odsOverrides, outputDirectory } = await readConfig(file);
    const overrides = odsOverrides === null ? {} : { odsOverrides };
    return { schemas, dialects, mappingVersion, ...overrides, output: outputDirectory };
  });
}
