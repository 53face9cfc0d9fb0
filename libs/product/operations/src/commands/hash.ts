import {
  buildEffectiveSchema,
  coreFirst,
  defaultMappingVersion,
  type EffectiveSchemaInfo,
  loadSchemas,
  serviceMappingVersion,
} from '@dms/api-schema';
import { hexOf } from '@dms/values';
import { fileOperation } from '../declaring/operation.ts';
import { unchosenVersionText } from '../sources/mapping-set/next-steps.ts';

/** The fingerprint of a schema set, for machines. */
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

/** How to choose the generation of the service on a command line. */
export const versionOption = `--mapping-version ${serviceMappingVersion}`;

/** The fingerprints of a set of files, by the rules of a generation. Throws `INPUT_*` and `RESOURCE_KEY_*`. */
export const hash = fileOperation({
  name: 'hash',
  group: 'compile',
  summary: 'print the fingerprint of a schema set',
  description: 'Prints the EffectiveSchemaHash of ApiSchema files on a line of its own.',
  examples: ['hash --schema core/ApiSchema.json'],
  worksOn: { source: 'schemas', config: 'usual' },
  options: {},
  async run({ source }, context) {
    const { files, mappingVersion = defaultMappingVersion } = source;
    const { info } = buildEffectiveSchema(coreFirst(await loadSchemas(files)), { mappingVersion });
    if (source.mappingVersion === undefined) context.onNotice?.(unchosenVersionText(versionOption));
    return { ...info, diagnostics: [] };
  },
  resultKind: () => 'answer',
  lines: ({ effectiveSchemaHash }) => [effectiveSchemaHash],
  value: (info) => fingerprintValue(info),
});
