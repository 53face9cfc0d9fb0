import {
  type ApiSchemaDocument,
  buildEffectiveSchema,
  coreFirst,
  defaultMappingVersion,
  type EffectiveSchemaInfo,
  loadSchemas,
  serviceMappingVersion,
} from '@dms/api-schema';
import { hexOf } from '@dms/files';
import { dialects } from '@dms/sql';
import { fileOperation } from '../operation/operation.ts';
import type { SchemaSource } from '../sources/source.ts';
import { setRefusals } from '../steps/set-refusals.ts';

/** A fingerprint for machines. */
export const fingerprintValue = ({
  effectiveSchemaHash,
  resourceKeySeedHash,
  resourceKeyCount,
  schemaComponents,
}: EffectiveSchemaInfo) => ({
  effectiveSchemaHash,
  resourceKeySeedHash: hexOf(resourceKeySeedHash),
  resourceKeyCount,
  projects: schemaComponents,
});

/** Tells people which generation a run takes where nobody chose one: a database has one generation for its life. */
export async function noteUnchosenVersion(
  { mappingVersion }: SchemaSource,
  documents: readonly ApiSchemaDocument[],
  { onNotice }: { readonly onNotice?: ((text: string) => void) | undefined },
): Promise<void> {
  if (mappingVersion !== undefined || !onNotice) return;
  const [taken, other] = [defaultMappingVersion, serviceMappingVersion];
  const needed = `the Data Management Service needs ${other}`;
  const codes = new Set((await setRefusals(documents, other, dialects)).map(({ code }) => code));
  if (codes.size === 0) onNotice(`Mapping ${taken}; ${needed}: --mapping-version ${other}`);
  else
    onNotice(
      `Mapping ${taken}, the only one that suits this set; ${needed}, which refuses it: ${[...codes].join(', ')}`,
    );
}

/** The fingerprints of a set of files, under the rules of a generation. Throws `INPUT_*` and `RESOURCE_KEY_*`. */
export const hash = fileOperation({
  name: 'hash',
  group: 'compile',
  summary: 'print the fingerprint of a schema set',
  description: 'Prints the EffectiveSchemaHash of ApiSchema files on a line of its own.',
  examples: ['hash --schema core/ApiSchema.json'],
  worksOn: { source: 'schemas', config: true },
  options: {},
  async run({ source }, context) {
    const { files, mappingVersion = defaultMappingVersion } = source;
    const documents = coreFirst(await loadSchemas(files));
    const { info } = buildEffectiveSchema(documents, { mappingVersion });
    await noteUnchosenVersion(source, documents, context);
    return { ...info, diagnostics: [] };
  },
  resultKind: () => 'answer',
  lines: ({ effectiveSchemaHash }) => [effectiveSchemaHash],
  value: (info) => fingerprintValue(info),
});
