import {
  buildEffectiveSchema,
  coreFirst,
  defaultMappingVersion,
  type EffectiveSchemaInfo,
  loadSchemas,
  type MappingVersion,
  serviceMappingVersion,
} from '@dms/api-schema';
import { hexOf } from '@dms/files';
import { fileOperation } from '../operation/operation.ts';

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
export function noteUnchosenVersion(
  { mappingVersion }: { readonly mappingVersion?: MappingVersion | undefined },
  { onNotice }: { readonly onNotice?: ((text: string) => void) | undefined },
): void {
  if (mappingVersion !== undefined) return;
  const [taken, other] = [defaultMappingVersion, serviceMappingVersion];
  onNotice?.(`Mapping ${taken}; the Data Management Service needs ${other}: --mapping-version ${other}`);
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
    const { info } = buildEffectiveSchema(coreFirst(await loadSchemas(files)), { mappingVersion });
    noteUnchosenVersion(source, context);
    return { ...info, diagnostics: [] };
  },
  resultKind: () => 'answer',
  lines: ({ effectiveSchemaHash }) => [effectiveSchemaHash],
  value: (info) => fingerprintValue(info),
});
