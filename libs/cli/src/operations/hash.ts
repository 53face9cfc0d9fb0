import { hash as fingerprint, fingerprintValue, type MappingVersion, type SchemaInput } from '@dms/operations';
import { checkOptions } from './check-options.ts';
import { located } from './located.ts';

export interface HashRun {
  readonly schemas: readonly SchemaInput[];
  /** The generation of the mapping; `v1` by default. */
  readonly mappingVersion?: MappingVersion | undefined;
}

export async function hash(run: HashRun) {
  checkOptions('hash', run);
  const { schemas, mappingVersion } = run;
  const input = { options: {}, source: { kind: 'schemas', files: schemas, mappingVersion } } as const;
  return located(schemas, async () => fingerprintValue(await fingerprint.run(input, {})));
}
