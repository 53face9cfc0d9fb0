import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createFileRegistry, type DescMessage, fromBinary, toBinary, toJson } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { fingerprintVersions, mappingVersions, resourceLabel } from '@dms/api-schema';
import { compileMappingSet, getReadPlan, getWritePlan, mappingSetDescription } from '@dms/plans';
import { dialects } from '@dms/sql';
import { hasSharedData, modelOf, ownSchema, readSharedJson } from '@dms/testing';
import { decompress } from 'fzstd';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import { describe, expect, it } from 'vitest';
import { packOf } from '../test/pack-parts.ts';
import { everythingAsked, secondModelOf } from '../test/second-generation.ts';

/*
 * A reader that shares nothing with this library except the bytes of a pack and the published schema: it uses
 * @bufbuild/protobuf and fzstd instead of the implementations that wrote the pack.
 */

const packageName = 'edfi.dms.mappingpacks.v1';

/** The published schema in the form that protoc would give @bufbuild/protobuf. */
const schema = (() => {
  const text = readFileSync(new URL('../mapping-pack.proto', import.meta.url), 'utf8');
  const { root } = protobuf.parse(text, { keepCase: true });
  const compiled = descriptor.FileDescriptorSet.encode(root.resolveAll().root.toDescriptor('proto3')).finish();
  const set = fromBinary(FileDescriptorSetSchema, compiled);
  for (const field of set.file.flatMap(({ messageType }) => messageType.flatMap((message) => message.field))) {
    if (field.typeName !== '' && !field.typeName.startsWith('.')) field.typeName = `.${packageName}.${field.typeName}`;
  }
  return createFileRegistry(set);
})();

function messageType(name: string): DescMessage {
  const found = schema.getMessage(`${packageName}.${name}`);
  if (!found) throw new Error(`the schema has no message ${name}`);
  return found;
}

// biome-ignore lint/suspicious/noExplicitAny: what a foreign reader sees
const asJson = (type: DescMessage, bytes: Uint8Array): any =>
  toJson(type, fromBinary(type, bytes), { useProtoFieldName: true });

const envelopeType = messageType('MappingPackEnvelope');
const payloadType = messageType('MappingPackPayload');

/** The steps of a server that reads a pack: the envelope, its payload, and the length and hash of the payload. */
function readForeign(pack: Uint8Array) {
  const envelope = asJson(envelopeType, pack);
  const payload = decompress(Buffer.from(envelope.payload_zstd, 'base64'));
  expect(String(payload.length)).toBe(envelope.zstd_uncompressed_payload_length);
  expect(createHash('sha256').update(payload).digest('base64')).toBe(envelope.payload_sha256);
  return { envelope, payload };
}

const sets = [
  ['every kind of entry', everythingAsked],
  ['the campus and athletics schemas', [ownSchema('campus'), ownSchema('athletics')]],
] as const;

const generations = {
  v1: { formatVersion: 1, modelOf },
  v2: { formatVersion: 2, modelOf: secondModelOf },
  'v2-natural': {
    formatVersion: 3,
    modelOf: (...set: Parameters<typeof modelOf>) => secondModelOf(set[0], set[1] ?? 'pgsql', 'v2-natural'),
  },
} as const;

const packs = mappingVersions.flatMap((version) =>
  sets.flatMap(([name, documents]) => dialects.map((dialect) => ({ version, name, documents, dialect }))),
);

const shown = (sql: string | null | undefined, member: string) => (sql ? { [member]: sql } : {});

describe.each(packs)(
  'another implementation reads the pack of $name in $dialect, of mapping version $version',
  ({ version, documents, dialect }) => {
    const generation = generations[version];
    const model = generation.modelOf(documents, dialect);
    const compiled = compileMappingSet(model);

    it('and finds the header', async () => {
      const { envelope } = readForeign(await packOf(model));
      expect(envelope).toMatchObject({
        effective_schema_hash: model.effectiveSchema.effectiveSchemaHash,
        dialect: `SQL_DIALECT_${dialect.toUpperCase()}`,
        relational_mapping_version: fingerprintVersions[version],
        pack_format_version: generation.formatVersion,
        compression_algorithm: 'COMPRESSION_ALGORITHM_ZSTD',
        producer: 'dms',
        producer_version: '1.2.3',
      });
    });

    it('writes the payload again as the same bytes', async () => {
      const { payload } = readForeign(await packOf(model));
      expect(Buffer.from(toBinary(payloadType, fromBinary(payloadType, payload))).equals(Buffer.from(payload))).toBe(
        true,
      );
    });

    it('and finds every resource with its tables and statements', async () => {
      const { resources, resource_keys } = asJson(payloadType, readForeign(await packOf(model)).payload);
      expect(resource_keys.map((key: { resource_key_id: number }) => key.resource_key_id)).toEqual(
        model.effectiveSchema.resourceKeys.map(({ id }) => id),
      );
      for (const { resourceKey, storageKind, tablesInDependencyOrder } of model.resources) {
        const found = resources.find(
          (each: { project_name: string; resource_name: string }) =>
            each.project_name === resourceKey.projectName && each.resource_name === resourceKey.resourceName,
        );
        if (storageKind !== 'RelationalTables') {
          const { query_capability, descriptor_query_capability, ...rest } = found;
          expect(rest).toEqual({
            project_name: resourceKey.projectName,
            resource_name: resourceKey.resourceName,
            storage_kind: 'RESOURCE_STORAGE_KIND_SHARED_DESCRIPTOR_TABLE',
          });
          expect([query_capability !== undefined, descriptor_query_capability !== undefined]).toEqual(
            version === 'v1' ? [false, false] : [true, true],
          );
          continue;
        }
        const { tables_in_dependency_order: tables, root } = found.relational_model;
        expect(root).toEqual(tables[0]);
        expect(
          tables.map((table: { columns: { column_name: { value: string } }[] }) =>
            table.columns.map(({ column_name }) => column_name.value),
          ),
        ).toEqual(tablesInDependencyOrder.map(({ columns }) => columns.map(({ name }) => name)));
        expect(found.write_plan.table_plans).toMatchObject(
          getWritePlan(compiled, resourceKey).tablePlansInDependencyOrder.map((plan) => ({
            insert_sql: plan.insertSql,
            ...shown(plan.updateSql, 'update_sql'),
            ...shown(plan.deleteByParentSql, 'delete_by_parent_sql'),
            ...(plan.collectionMergePlan
              ? {
                  collection_merge_plan: {
                    update_by_stable_row_identity_sql: plan.collectionMergePlan.updateByStableRowIdentitySql,
                    delete_by_stable_row_identity_sql: plan.collectionMergePlan.deleteByStableRowIdentitySql,
                    compare_binding_indexes_in_order: plan.collectionMergePlan.compareBindingIndexesInOrder,
                  },
                  collection_key_preallocation_plan: {
                    column_name: { value: plan.collectionKeyPreallocationPlan?.column },
                  },
                }
              : {}),
            column_bindings: plan.columnBindings.map(({ column, parameterName }) => ({
              column: { value: column.name },
              parameter_name: parameterName,
            })),
          })),
        );
        expect(found.read_plan.table_plans).toMatchObject(
          getReadPlan(compiled, resourceKey).tablePlansInDependencyOrder.map((plan) => ({
            select_by_keyset_sql: plan.selectByKeysetSql,
            ...shown(plan.selectBySingleDocumentSql, 'select_by_single_document_sql'),
          })),
        );
        const probes = mappingSetDescription(compiled)?.naturalKeys?.byResource.get(resourceLabel(resourceKey));
        const columnsOf = (probe: { key_columns: { column: { value: string } }[] } | undefined) =>
          probe?.key_columns.map(({ column }) => column.value);
        expect(columnsOf(found.natural_key_probe_target)).toEqual(
          probes?.target?.probe.keyColumns.map(({ column }) => column),
        );
        expect(columnsOf(found.own_natural_key_probe)).toEqual(
          probes?.own?.probe.keyColumns.map(({ column }) => column),
        );
        const { documentReferenceLookup } = getReadPlan(compiled, resourceKey);
        expect(found.read_plan.document_reference_lookup?.select_by_keyset_sql).toBe(
          documentReferenceLookup?.selectByKeysetSql,
        );
        const capability = compiled.queryCapabilities.get(`${resourceKey.projectName}:${resourceKey.resourceName}`);
        expect((found.query_capability?.supported_fields ?? []).map(({ field }: { field: string }) => field)).toEqual(
          (capability?.supportedFields ?? []).map(({ field }) => field),
        );
      }
    });
  },
);

interface PackVector {
  readonly id: string;
  readonly payload_protojson: unknown;
  readonly payload_hex: string;
}

const vectors: readonly PackVector[] = hasSharedData ? readSharedJson('design', 'vectors', 'plans.json').packs : [];

it.runIf(hasSharedData).each(vectors)(
  'and the vector $id as its JSON (needs the shared conformance data)',
  (vector) => {
    expect(asJson(payloadType, Buffer.from(vector.payload_hex, 'hex'))).toEqual(vector.payload_protojson);
  },
);
