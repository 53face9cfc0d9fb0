import { manifestText } from '@dms/files';
import { manifestResources } from '@dms/plans';
import { generations } from './generations.ts';
import type { Pack } from './read-pack.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** The text of `pack.manifest.json` (design 08 §12.6), without facts about the file, producer or compression. */
export function packManifestText({ mappingSet, payloadSha256 }: Pick<Pack, 'mappingSet' | 'payloadSha256'>): string {
  const { key, model } = mappingSet;
  return manifestText({
    effective_schema_hash: key.effectiveSchemaHash,
    dialect: key.dialect,
    relational_mapping_version: key.relationalMappingVersion,
    pack_format_version: generations[key.relationalMappingVersion].formatVersion,
    payload_sha256: hex(payloadSha256),
    resource_key_count: model.effectiveSchema.resourceKeyCount,
    resource_key_seed_hash: hex(model.effectiveSchema.resourceKeySeedHash),
    resources: manifestResources(mappingSet),
  });
}
