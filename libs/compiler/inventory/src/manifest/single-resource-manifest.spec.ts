import { buildEffectiveSchema, loadApiSchemaFiles } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import type { ResourceModel } from '@dms/model';
import { dialects } from '@dms/sql';
import {
  build,
  edFi,
  extension,
  fields,
  hasSharedData,
  languageDescriptor,
  modelOf,
  nothing,
  plain,
  readSharedJson,
  resourceOf,
  school,
  schoolReference,
  sharedFile,
  shortName,
} from '@dms/testing';
import { manifestText } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { resourceDetail } from './model-manifest.ts';

const { array, ext, extensionOf, integer, object, resource, string } = build;

function singleResourceText(model: ResourceModel): string {
  const { document_reference_bindings: _, ...rest } = resourceDetail(model);
  return manifestText(rest);
}

const textOf = (documents: readonly build.JsonRecord[], label: string, dialect: 'pgsql' | 'mssql' = 'pgsql') =>
  singleResourceText(resourceOf(modelOf(documents, dialect), label));

const documentForeignKey = (table: string) => ({
  kind: 'ForeignKey',
  name: `FK_${table}_Document`,
  columns: ['DocumentId'],
  target_table: { schema: 'dms', name: 'Document' },
  target_columns: ['DocumentId'],
  on_delete: 'Cascade',
  on_update: 'NoAction',
});

const documentId = {
  name: 'DocumentId',
  kind: 'ParentKeyPart',
  type: { kind: 'Int64' },
  is_nullable: false,
  source_path: null,
  storage: { kind: 'Stored' },
};

/** The `JSON.stringify` text of a manifest without characters to escape, as design 03 §11.1 allows. */
const written = (value: object) => `${JSON.stringify(value, null, 2)}\n`;

const visit = resource('Visit', {
  documentPathsMapping: { School: schoolReference(false) },
  jsonSchemaForInsert: object({ schoolReference: fields({ schoolId: integer() }) }),
});

describe('the text of a single-resource manifest (design 03 §11.5)', () => {
  it('of a resource with a reference has its columns and keys, but no bindings', () => {
    expect(textOf([edFi([school, visit])], 'Ed-Fi:Visit')).toBe(
      written({
        resource: { project_name: 'Ed-Fi', resource_name: 'Visit' },
        physical_schema: 'edfi',
        storage_kind: 'RelationalTables',
        tables: [
          {
            schema: 'edfi',
            name: 'Visit',
            scope: '$',
            key_columns: [{ name: 'DocumentId', kind: 'ParentKeyPart' }],
            columns: [
              documentId,
              {
                ...documentId,
                name: 'School_DocumentId',
                kind: 'DocumentFk',
                is_nullable: true,
                source_path: '$.schoolReference',
              },
              {
                ...documentId,
                name: 'School_SchoolId',
                kind: 'Scalar',
                type: { kind: 'Int32' },
                is_nullable: true,
                source_path: '$.schoolReference.schoolId',
              },
            ],
            key_unification_classes: [],
            descriptor_fk_deduplications: [],
            constraints: [
              documentForeignKey('Visit'),
              {
                kind: 'ForeignKey',
                name: 'FK_Visit_School_RefKey',
                columns: ['School_DocumentId', 'School_SchoolId'],
                target_table: { schema: 'edfi', name: 'School' },
                target_columns: ['DocumentId', 'SchoolId'],
                on_delete: 'NoAction',
                on_update: 'NoAction',
              },
              {
                kind: 'AllOrNoneNullability',
                name: 'CK_Visit_School_AllNone',
                fk_column: 'School_DocumentId',
                dependent_columns: ['School_SchoolId'],
              },
            ],
          },
        ],
        key_unification_equality_constraints: nothing,
        descriptor_edge_sources: [],
        extension_sites: [],
      }),
    );
  });

  it.each(dialects)('of a descriptor has no tables, in %s', (dialect) => {
    expect(textOf([edFi([languageDescriptor])], 'Ed-Fi:LanguageDescriptor', dialect)).toBe(
      written({
        resource: { project_name: 'Ed-Fi', resource_name: 'LanguageDescriptor' },
        physical_schema: 'edfi',
        storage_kind: 'SharedDescriptorTable',
        tables: [],
        key_unification_equality_constraints: nothing,
        descriptor_edge_sources: [],
        extension_sites: [],
      }),
    );
  });

  it('escapes like every manifest', () => {
    const text = textOf([edFi([plain("Pâté+'s", { note: string() })])], "Ed-Fi:Pâté+'s");
    expect(text).toContain('"resource_name": "P\\u00E2t\\u00E9\\u002B\\u0027s"');
    expect(text).toContain('"name": "P\\u00E2t\\u00E9S"');
  });

  it('has the shortened names of its dialect, paths in full length', () => {
    const long = `n${'ameOfManyWords'.repeat(6)}`;
    const column = `N${long.slice(1)}`;
    const documents = [edFi([plain('Thing', { [long]: string(5) })])];
    expect(textOf(documents, 'Ed-Fi:Thing', 'pgsql')).toContain(`"name": "${shortName(column)}"`);
    expect(textOf(documents, 'Ed-Fi:Thing', 'mssql')).toContain(`"name": "${column}"`);
    for (const dialect of dialects)
      expect(textOf(documents, 'Ed-Fi:Thing', dialect)).toContain(`"source_path": "$.${long}"`);
  });

  it('holds the tables of extensions of the resource', () => {
    const documents = [
      edFi([plain('School', { addresses: array(object({ city: string() })) })]),
      extension([
        extensionOf('School', { jsonSchemaForInsert: object({ _ext: ext('sample', object({ note: string() })) }) }),
      ]),
    ];
    const { physical_schema: schema, tables } = JSON.parse(textOf(documents, 'Ed-Fi:School'));
    expect(schema).toBe('edfi');
    expect(tables.map((table: { schema: string; name: string }) => `${table.schema}.${table.name}`)).toEqual([
      'edfi.School',
      'sample.SchoolExtension',
      'edfi.SchoolAddress',
    ]);
  });
});

describe.runIf(hasSharedData)('single-resource manifests of the fixtures (need the shared conformance data)', () => {
  const cases = ['minimal', 'nested', 'polymorphic', 'ext'].flatMap((name) =>
    dialects.map((dialect) => [name, dialect] as const),
  );

  it.each(cases)('are the expected details of %s in %s without their bindings', async (name, dialect) => {
    const files: string[] = readSharedJson('fixtures', name, 'fixture.json').apiSchemaFiles;
    const set = buildEffectiveSchema(
      await loadApiSchemaFiles(
        files.map((file) => ({ file: sharedFile('fixtures', name, 'inputs', file.replace(/^inputs\//, '')) })),
      ),
    );
    const { resources } = deriveModel(set, dialect).model;
    const details = readSharedJson(
      'fixtures',
      name,
      'expected',
      `relational-model.${dialect}.manifest.json`,
    ).resource_details;
    expect(details.length).toBeGreaterThan(0);
    expect(resources.map((found) => singleResourceText(found))).toEqual(
      details.map(({ document_reference_bindings: _, ...rest }: Record<string, never>) => manifestText(rest)),
    );
  });
});
