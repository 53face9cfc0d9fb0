import {
  buildEffectiveSchema,
  coreFirst,
  defaultMappingVersion,
  type EffectiveSchemaInfo,
  loadSchemas,
  serviceMappingVersion,
} from '@dms/api-schema';
import type { Diagnostic } from '@dms/diagnostics';
import { hexOf } from '@dms/values';
import { fileOperation } from '../declaring/operation.ts';
import { unchosenVersionText } from '../sources/mapping-set/next-steps.ts';
import type { SchemaSource } from '../sources/source.ts';

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

/**
 * Tells people the generation of a run if nobody chose one: a database has one generation for its life. `refusals` are
 * the errors of the service's generation for the set.
 */
export function noteUnchosenVersion(
  { mappingVersion }: SchemaSource,
  { onNotice }: { readonly onNotice?: ((text: string) => void) | undefined },
  refusals: readonly Diagnostic[] = [],
): void {
  if (mappingVersion !== undefined) return;
  const codes = [...new Set(refusals.map(({ code }) => code))];
  onNotice?.(unchosenVersionText(`--mapping-version ${serviceMappingVersion}`, codes));
}

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
    noteUnchosenVersion(source, context);
    return { ...info, diagnostics: [] };
  },
  resultKind: () => 'answer',
  lines: ({ effectiveSchemaHash }) => [effectiveSchemaHash],
  value: (info) => fingerprintValue(info),
});
