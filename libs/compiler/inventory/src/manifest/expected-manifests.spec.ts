import { buildEffectiveSchema, loadApiSchemaFiles } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import type { IdentityBlock } from '@dms/model';
import { dialects } from '@dms/sql';
import { hasSharedData, path, readSharedJson, readSharedText, sharedFile } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { int32 } from '../../test/manifest-inputs.ts';
import type { Inventory } from '../inventory.ts';
import { modelManifestText } from './model-manifest.ts';

describe.runIf(hasSharedData)('expected manifests (needs the shared conformance data)', () => {
  // biome-ignore lint/suspicious/noExplicitAny: expected files are read as they are
  type ExpectedManifest = any;

  const elements = (list: ExpectedManifest) =>
    list.map((entry: ExpectedManifest) => ({
      column: entry.column,
      identityJsonPath: path(entry.identity_json_path),
      scalarType: int32,
      isDescriptor: false,
    }));
  const mappings = (list: ExpectedManifest) =>
    list.map((entry: ExpectedManifest) => ({ sourceColumn: entry.source_column, targetColumn: entry.target_column }));
  const identity = (entry: ExpectedManifest): IdentityBlock => ({
    resourceKeyId: entry.resource_key_id,
    projectName: entry.project_name,
    resourceName: entry.resource_name,
    identityElements: elements(entry.identity_elements),
  });

  /** An inventory read from an expected file, with the parts that another library derives. */
  const inventoryOf = (expected: ExpectedManifest): Inventory => ({
    dialect: expected.dialect,
    indexes: expected.indexes.map((entry: ExpectedManifest) => ({
      name: entry.name,
      table: entry.table,
      kind: entry.kind,
      isUnique: entry.is_unique,
      keyColumns: entry.key_columns,
      includeColumns: entry.include_columns ?? [],
    })),
    triggers: expected.triggers.map((entry: ExpectedManifest) => ({
      name: entry.name,
      table: entry.table,
      kind: entry.kind,
      keyColumns: entry.key_columns,
      identityProjectionColumns: entry.identity_projection_columns,
      ...(entry.identity_elements ? identity(entry) : {}),
      superclassAlias: entry.superclass_alias ? identity(entry.superclass_alias) : null,
      targetTable: entry.target_table,
      targetColumnMappings: entry.target_column_mappings && mappings(entry.target_column_mappings),
      discriminatorValue: entry.discriminator_value,
      triggerEvent: entry.trigger_event,
      mirrorStampTargetTable: null,
      changeTracking: null,
      entity: entry.parent_fks && {
        entityName: entry.entity_name,
        table: entry.table,
        identityColumn: entry.identity_column,
        parentFks: entry.parent_fks.map((parent: ExpectedManifest) => ({
          denormalizedParentIdColumn: parent.denormalized_parent_id_column,
        })),
      },
    })),
    trackedChangeTables: [],
    authEdOrgHierarchy: null,
    authViews: [],
  });

  const cases = ['minimal', 'nested', 'polymorphic', 'ext'].flatMap((name) =>
    dialects.map((dialect) => [name, dialect] as const),
  );

  it.each(cases)(
    '%s in %s: the model part has the expected bytes for the expected inventory',
    async (name, dialect) => {
      const { apiSchemaFiles } = readSharedJson('fixtures', name, 'fixture.json');
      const files: string[] = apiSchemaFiles;
      expect(files.length).toBeGreaterThan(0);
      const set = buildEffectiveSchema(
        await loadApiSchemaFiles(
          files.map((file) => ({ file: sharedFile('fixtures', name, 'inputs', file.replace(/^inputs\//, '')) })),
        ),
      );
      const text = readSharedText('fixtures', name, 'expected', `relational-model.${dialect}.manifest.json`);
      const { model } = deriveModel(set, dialect);
      expect(modelManifestText(model, inventoryOf(JSON.parse(text)), set.info)).toBe(text);
    },
  );
});
