import { failIfAny } from '@dms/diagnostics';
import type { EffectiveSchemaOptions, EffectiveSchemaSet } from './effective-schema.ts';
import { numberedSet, projectOf, withFile } from './effective-schema-set.ts';
import { examineSchemaSet } from './examine-schema-set.ts';
import type { ApiSchemaDocument } from './load.ts';
import { checkSchemaSet } from './validate.ts';

/**
 * The effective schema set of one core and any number of extension documents (design 01): checked, fingerprinted, its
 * resources numbered. The documents are not changed, and their order does not affect the result. Throws the `INPUT_*`
 * and `RESOURCE_KEY_*` codes, everything that is found together.
 */
export function buildEffectiveSchema(
  documents: readonly ApiSchemaDocument[],
  options: EffectiveSchemaOptions = {},
): EffectiveSchemaSet {
  const { schemas, found } = checkSchemaSet(documents, options);
  // with a mistake, whatever can still be read is looked at for others
  if (found.length > 0) failIfAny(examineSchemaSet(documents, options).found);
  const { set, repeated } = numberedSet(
    schemas[0]?.apiSchemaVersion ?? '',
    schemas.map(projectOf),
    options.mappingVersion,
  );
  failIfAny(withFile(repeated, schemas));
  return set;
}
