import {
  decodeUtf8,
  isJsonArray,
  isJsonObject,
  JsonNumber,
  type JsonObject,
  type JsonValue,
  manifestText,
  parseJson,
} from '@dms/canonical-json';
import { fail } from '@dms/diagnostics';
import { assertEffectiveSchema } from './build-effective-schema.ts';
import type { EffectiveSchemaInfo } from './effective-schema.ts';

/** The text of `effective-schema.manifest.json` (design 01 §9), byte for byte prescribed. Throws `EFFECTIVE_SCHEMA_INVALID`. */
export function effectiveSchemaManifestText(
  info: EffectiveSchemaInfo,
  options: { includeResourceKeys: boolean } = { includeResourceKeys: true },
): string {
  assertEffectiveSchema(info);
  return manifestText({
    api_schema_format_version: info.apiSchemaFormatVersion,
    relational_mapping_version: info.relationalMappingVersion,
    effective_schema_hash: info.effectiveSchemaHash,
    resource_key_count: info.resourceKeyCount,
    resource_key_seed_hash: Buffer.from(info.resourceKeySeedHash).toString('hex'),
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

/** The facts of an effective schema that its manifest holds; which keys are abstract is not among them. */
export type EffectiveSchemaManifest = Omit<EffectiveSchemaInfo, 'resourceKeys'> & {
  readonly resourceKeys: readonly Omit<EffectiveSchemaInfo['resourceKeys'][number], 'isAbstract'>[];
};

class ManifestReader {
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  text(object: JsonObject, name: string): string {
    const value = object.get(name);
    return typeof value === 'string' ? value : this.invalid(`${name} is no string`);
  }

  /** A hash of 32 bytes: 64 lower-case hex digits. */
  hash(object: JsonObject, name: string): string {
    const value = this.text(object, name);
    return /^[0-9a-f]{64}$/.test(value) ? value : this.invalid(`${name} is not 64 lower-case hex digits`);
  }

  integer(object: JsonObject, name: string): number {
    const value = object.get(name);
    return value instanceof JsonNumber && /^[0-9]{1,9}$/.test(value.lexeme)
      ? Number(value.lexeme)
      : this.invalid(`${name} is no integer`);
  }

  count(object: JsonObject, name: string, counted: readonly unknown[]): number {
    const value = this.integer(object, name);
    return value === counted.length ? value : this.invalid(`${name} is ${value}, but there are ${counted.length}`);
  }

  flag(object: JsonObject, name: string): boolean {
    const value = object.get(name);
    return typeof value === 'boolean' ? value : this.invalid(`${name} is neither true nor false`);
  }

  objects(object: JsonObject, name: string): JsonObject[] {
    const value = object.get(name);
    return isJsonArray(value) && value.every((entry) => isJsonObject(entry))
      ? [...(value as readonly JsonObject[])]
      : this.invalid(`${name} is no list of objects`);
  }

  root(value: JsonValue): JsonObject {
    return isJsonObject(value) ? value : this.invalid('it is no object');
  }

  private invalid(reason: string): never {
    fail(
      'MODEL_FILE_INVALID',
      `${this.file} is no effective-schema manifest: ${reason}; run derive-model again.`,
      { file: this.file },
      { reason },
    );
  }
}

/** Reads `effective-schema.manifest.json` back. Throws `MODEL_FILE_INVALID` or the `INPUT_JSON_*` codes. */
export function readEffectiveSchemaManifest(bytes: Uint8Array, file: string): EffectiveSchemaManifest {
  const read = new ManifestReader(file);
  const root = read.root(parseJson(decodeUtf8(bytes, file), file));
  const resourceKeys = read.objects(root, 'resource_keys').map((key) => ({
    id: read.integer(key, 'resource_key_id'),
    projectName: read.text(key, 'project_name'),
    resourceName: read.text(key, 'resource_name'),
    resourceVersion: read.text(key, 'resource_version'),
  }));
  return {
    apiSchemaFormatVersion: read.text(root, 'api_schema_format_version'),
    relationalMappingVersion: read.text(root, 'relational_mapping_version'),
    effectiveSchemaHash: read.hash(root, 'effective_schema_hash'),
    resourceKeyCount: read.count(root, 'resource_key_count', resourceKeys),
    resourceKeySeedHash: Buffer.from(read.hash(root, 'resource_key_seed_hash'), 'hex'),
    schemaComponents: read.objects(root, 'schema_components').map((component) => ({
      projectEndpointName: read.text(component, 'project_endpoint_name'),
      projectName: read.text(component, 'project_name'),
      projectVersion: read.text(component, 'project_version'),
      isExtensionProject: read.flag(component, 'is_extension_project'),
      projectHash: read.hash(component, 'project_hash'),
    })),
    resourceKeys,
  };
}
