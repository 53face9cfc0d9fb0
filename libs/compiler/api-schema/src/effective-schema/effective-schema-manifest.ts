import { counted, fail } from '@dms/diagnostics';
import { compareOrdinal, decodeUtf8, hexOf, manifestText, parseJson, repeated } from '@dms/values';
import * as z from 'zod/mini';
import { flag, integer, members } from '../format.ts';
import { fingerprintVersions, type MappingVersion, readFingerprintVersion } from '../mapping-version.ts';
import type { EffectiveSchemaInfo } from './effective-schema.ts';
import { effectiveSchemaHash } from './effective-schema-set.ts';
import { resourceKeyLimit } from './resource-keys.ts';

/** Lists how a finished info breaks its contract (design 01 §8); empty when it is valid. */
export function effectiveSchemaFindings(info: EffectiveSchemaInfo): string[] {
  const findings: string[] = [];
  const check = (holds: boolean, text: string) => {
    if (!holds) findings.push(text);
  };
  check(info.apiSchemaFormatVersion.trim() !== '', 'apiSchemaFormatVersion is blank');
  check(/^[0-9a-f]{64}$/.test(info.effectiveSchemaHash), 'effectiveSchemaHash is not 64 lower-case hex digits');
  check(
    info.resourceKeySeedHash.length === 32,
    `resourceKeySeedHash has ${counted(info.resourceKeySeedHash.length, 'byte')} instead of 32`,
  );
  check(
    info.resourceKeyCount >= 0 && info.resourceKeyCount <= resourceKeyLimit,
    `resourceKeyCount ${info.resourceKeyCount} is out of range`,
  );
  check(
    info.resourceKeyCount === info.resourceKeys.length,
    `resourceKeyCount ${info.resourceKeyCount} is not the number of keys (${info.resourceKeys.length})`,
  );
  check(info.schemaComponents.length > 0, 'there is no schema component');
  const endpoints = info.schemaComponents.map((component) => component.projectEndpointName);
  check(
    endpoints.every((name, index) => {
      const before = endpoints[index - 1];
      return before === undefined || compareOrdinal(before, name) < 0;
    }),
    'schema components are not strictly ascending by endpoint name',
  );
  for (const component of info.schemaComponents)
    check(component.projectHash !== '', `projectHash of ${component.projectEndpointName} is empty`);
  for (const id of repeated(info.resourceKeys.map((key) => key.id)))
    findings.push(`resource key id ${id} occurs twice`);
  // no name contains a line feed, so it separates the two parts
  const names = info.resourceKeys.map(({ projectName, resourceName }) => `${projectName}\n${resourceName}`);
  for (const name of repeated(names)) findings.push(`resource key ${name.replace('\n', ':')} occurs twice`);
  return findings;
}

/** Throws `EFFECTIVE_SCHEMA_INVALID` with all findings together. Call it before anything is written from an info. */
export function assertEffectiveSchema(info: EffectiveSchemaInfo): void {
  const findings = effectiveSchemaFindings(info);
  if (findings.length > 0)
    fail(
      'EFFECTIVE_SCHEMA_INVALID',
      `The effective schema breaks its contract: ${findings.join('; ')}.`,
      {},
      { issues: findings },
    );
}

/**
 * The text of `effective-schema.manifest.json` (design 01 §9), which is fixed to the byte. Throws
 * `EFFECTIVE_SCHEMA_INVALID`.
 */
export function effectiveSchemaManifestText(
  info: EffectiveSchemaInfo,
  options: { includeResourceKeys: boolean } = { includeResourceKeys: true },
): string {
  assertEffectiveSchema(info);
  return manifestText({
    api_schema_format_version: info.apiSchemaFormatVersion,
    relational_mapping_version: fingerprintVersions[info.relationalMappingVersion],
    effective_schema_hash: info.effectiveSchemaHash,
    resource_key_count: info.resourceKeyCount,
    resource_key_seed_hash: hexOf(info.resourceKeySeedHash),
    schema_components: info.schemaComponents.map((component) => ({
      project_endpoint_name: component.projectEndpointName,
      project_name: component.projectName,
      project_version: component.projectVersion,
      is_extension_project: component.isExtensionProject,
      project_hash: component.projectHash,
    })),
    ...(options.includeResourceKeys
      ? {
          resource_keys: info.resourceKeys.map((key) => ({
            resource_key_id: key.id,
            project_name: key.projectName,
            resource_name: key.resourceName,
            resource_version: key.resourceVersion,
          })),
        }
      : {}),
  });
}

/** The facts of an effective schema without those about resource keys that only the schemas tell. */
export type EffectiveSchemaManifest = Omit<EffectiveSchemaInfo, 'resourceKeys'> & {
  readonly resourceKeys: readonly Omit<EffectiveSchemaInfo['resourceKeys'][number], 'isAbstract'>[];
};

/** The facts in a manifest. Its version does not tell the generation: others may have the same. */
export type StoredEffectiveSchema = Omit<EffectiveSchemaManifest, 'relationalMappingVersion'> & {
  readonly fingerprintVersion: string;
};

/** The facts of a schema set that its manifest stores. */
export function storedEffectiveSchema({
  relationalMappingVersion,
  ...facts
}: EffectiveSchemaInfo): StoredEffectiveSchema {
  return { ...facts, fingerprintVersion: fingerprintVersions[relationalMappingVersion] };
}

/**
 * The facts in a manifest together with the generation, which a file beside it names. Null if no generation is named,
 * or if it has another fingerprint version.
 */
export const withGeneration = (
  { fingerprintVersion, ...facts }: StoredEffectiveSchema,
  version: MappingVersion | null,
): EffectiveSchemaManifest | null =>
  version !== null && fingerprintVersions[version] === fingerprintVersion
    ? { ...facts, relationalMappingVersion: version }
    : null;

const text = z.string({ error: 'a string' });
const hash = z
  .string({ error: '64 lower-case hex digits' })
  .check(z.regex(/^[0-9a-f]{64}$/, { error: '64 lower-case hex digits' }));
const count = integer.check(z.refine((value) => value >= 0, { error: 'an integer from 0' }));
const list = <Shape extends z.core.$ZodShape>(shape: Shape) => z.array(members(shape), { error: 'a list of objects' });

const manifestFormat = members({
  api_schema_format_version: text,
  relational_mapping_version: text,
  effective_schema_hash: hash,
  resource_key_count: count,
  resource_key_seed_hash: hash,
  schema_components: list({
    project_endpoint_name: text,
    project_name: text,
    project_version: text,
    is_extension_project: flag,
    project_hash: hash,
  }),
  resource_keys: list({ resource_key_id: count, project_name: text, resource_name: text, resource_version: text }),
}).check(
  z.refine(({ resource_key_count, resource_keys }) => resource_key_count === resource_keys.length, {
    path: ['resource_key_count'],
    error: 'the number of resource_keys',
  }),
);

/**
 * Reads `effective-schema.manifest.json`. Throws `MODEL_FILE_INVALID`, also if the fingerprint is not the hash of the
 * file's contents, `MAPPING_VERSION_UNKNOWN` or the `INPUT_JSON_*` codes.
 */
export function readEffectiveSchemaManifest(bytes: Uint8Array, file: string): StoredEffectiveSchema {
  const { data: manifest, error } = manifestFormat.safeParse(parseJson(decodeUtf8(bytes, file), file));
  if (!manifest) {
    const [issue] = error.issues;
    return invalid(file, `${issue?.path.join('.') || 'the document'} must be ${issue?.message}`);
  }
  const hashed = {
    apiSchemaFormatVersion: manifest.api_schema_format_version,
    fingerprintVersion: readFingerprintVersion(manifest.relational_mapping_version, file, { file }),
    schemaComponents: manifest.schema_components.map((component) => ({
      projectEndpointName: component.project_endpoint_name,
      projectName: component.project_name,
      projectVersion: component.project_version,
      isExtensionProject: component.is_extension_project,
      projectHash: component.project_hash,
    })),
  };
  if (effectiveSchemaHash(hashed) !== manifest.effective_schema_hash)
    return invalid(file, 'effective_schema_hash must be the hash of the versions and components beside it');
  return {
    ...hashed,
    effectiveSchemaHash: manifest.effective_schema_hash,
    resourceKeyCount: manifest.resource_key_count,
    resourceKeySeedHash: Buffer.from(manifest.resource_key_seed_hash, 'hex'),
    resourceKeys: manifest.resource_keys.map((key) => ({
      id: key.resource_key_id,
      projectName: key.project_name,
      resourceName: key.resource_name,
      resourceVersion: key.resource_version,
    })),
  };
}

function invalid(file: string, reason: string): never {
  const message = `${file} is not an effective-schema manifest: ${reason}; emit the artifacts again.`;
  return fail('MODEL_FILE_INVALID', message, { file }, { reason });
}
