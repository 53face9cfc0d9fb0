import { readFileSync } from 'node:fs';
import path from 'node:path';
import { effectiveSchemaManifestText, readEffectiveSchemaManifest } from '@dms/api-schema';
import {
  type DbIndex,
  type DbTrigger,
  deriveModel,
  type Inventory,
  inventoryText,
  modelManifestText,
  modelText,
  readInventory,
  readModel,
} from '@dms/relational-model';
import { dialects, type SqlDialect } from '@dms/sql';
import { build, schemaSets, shuffled } from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from './index.ts';
import { type Derived, derive, expectFault, once, schemaSet } from './inventory.spec-support.ts';

const {
  array,
  descriptor,
  descriptorPath,
  ext,
  extensionOf,
  integer,
  number,
  object,
  project,
  reference,
  resource,
  string,
  uri,
} = build;

type JsonRecord = build.JsonRecord;
type Documents = readonly JsonRecord[];

const fixture = (name: string): JsonRecord =>
  JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../../fixtures/schemas', name, 'ApiSchema.json'), 'utf8'));

const organization = (name: string, id: string, members: JsonRecord = {}, properties: JsonRecord = {}) =>
  resource(name, {
    isSubclass: true,
    superclassProjectName: 'Ed-Fi',
    superclassResourceName: 'EducationOrganization',
    superclassIdentityJsonPath: '$.educationOrganizationId',
    identityJsonPaths: [`$.${id}`],
    jsonSchemaForInsert: object({ [id]: integer(), ...properties }, [id]),
    ...members,
  });

/** Every kind of index and, in mssql, of trigger; names that pgsql shortens; types with a length and with digits. */
const everything: Documents = [
  project(
    'Ed-Fi',
    [
      descriptor('TermDescriptor'),
      organization('LocalEducationAgency', 'localEducationAgencyId'),
      organization(
        'School',
        'schoolId',
        {
          allowIdentityUpdates: true,
          documentPathsMapping: {
            Agency: reference(
              'Ed-Fi:LocalEducationAgency',
              [['$.localEducationAgencyId', '$.agencyReference.localEducationAgencyId']],
              false,
            ),
            Parent: reference('Ed-Fi:School', [['$.schoolId', '$.parentReference.schoolId']], false),
          },
        },
        {
          agencyReference: object({ localEducationAgencyId: integer() }, ['localEducationAgencyId']),
          parentReference: object({ schoolId: integer() }, ['schoolId']),
          grades: array(object({ grade: string() }, ['grade'])),
        },
      ),
      resource('AssessmentAdministrationParticipationOfTheStudentInTheSchool', {
        identityJsonPaths: ['$.code', '$.share', '$.termDescriptor', '$.schoolReference.schoolId'],
        decimalPropertyValidationInfos: [{ path: '$.share', totalDigits: 9, decimalPlaces: 4 }],
        documentPathsMapping: {
          Term: descriptorPath('Ed-Fi:TermDescriptor', '$.termDescriptor'),
          School: reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]),
        },
        jsonSchemaForInsert: object(
          {
            code: string(20),
            share: number(),
            termDescriptor: uri(),
            schoolReference: object({ schoolId: integer() }, ['schoolId']),
          },
          ['code', 'share', 'termDescriptor', 'schoolReference'],
        ),
      }),
    ],
    { abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } } },
  ),
  project(
    'Sample',
    [extensionOf('School', { jsonSchemaForInsert: object({ _ext: ext('sample', object({ motto: string() })) }) })],
    { isExtension: true },
  ),
];

/** What `read-model` and `derive-inventory` see: the model from its file, with the fingerprint from its own. */
function throughFiles({ set, model }: Derived): { readonly manifest: string; readonly inventory: Inventory } {
  const fingerprint = readEffectiveSchemaManifest(
    Buffer.from(effectiveSchemaManifestText(set.info)),
    'effective-schema.manifest.json',
  );
  const read = readModel(modelText(model), `relational-model.${model.dialect}.json`, model.dialect, fingerprint);
  const derived = deriveInventory(read);
  const inventory = readInventory(inventoryText(derived), `inventory.${model.dialect}.json`, model.dialect);
  return { manifest: modelManifestText(read, inventory, fingerprint), inventory };
}

const schemas: readonly (readonly [string, Documents])[] = [
  ['the campus schema', [fixture('campus')]],
  ['the campus and athletics schemas', [fixture('campus'), fixture('athletics')]],
  ['a schema with every kind of entry', everything],
];

const cases = schemas.flatMap(([name, documents]) => dialects.map((dialect) => [name, dialect, documents] as const));

describe('the inventory file', () => {
  it.each(cases)('is read back as it was written, for %s in %s', (_, dialect, documents) => {
    const { inventory } = derive(dialect, ...documents);
    expect(readInventory(inventoryText(inventory), 'inventory.json', dialect)).toEqual(inventory);
  });

  it.each(dialects)('holds a null for no hierarchy and empty lists for a descriptor alone, in %s', (dialect) => {
    const { inventory } = derive(dialect, project('Ed-Fi', [descriptor('TermDescriptor')]));
    expect(inventoryText(inventory)).toBe(
      `{\n"inventoryFormat": 1,\n"dialect": "${dialect}",\n"indexes": [],\n"triggers": [],\n"authEdOrgHierarchy": null\n}\n`,
    );
    expect(readInventory(inventoryText(inventory), 'inventory.json', dialect)).toEqual(inventory);
  });

  it('begins with its format, holds one entry per line and ends with one line feed', () => {
    const { inventory } = derive('mssql', ...everything);
    const text = inventoryText(inventory);
    const lines = text.split('\n');
    expect(lines.slice(0, 4)).toEqual(['{', '"inventoryFormat": 1,', '"dialect": "mssql",', '"indexes": [']);
    expect(text.endsWith('\n}\n')).toBe(true);
    expect(text).not.toContain('\r');
    const entries = lines.filter((line) => line.startsWith('{"name":'));
    expect(entries).toHaveLength(inventory.indexes.length + inventory.triggers.length);
    const value = JSON.parse(text);
    expect(Object.keys(value)).toEqual(['inventoryFormat', 'dialect', 'indexes', 'triggers', 'authEdOrgHierarchy']);
    expect(entries.map((line) => JSON.parse(line.replace(/,$/, '')))).toEqual([...value.indexes, ...value.triggers]);
  });

  it('holds all members of all kinds of entries under their names in memory, paths as text', () => {
    const { inventory } = derive('mssql', ...everything);
    const value = JSON.parse(inventoryText(inventory));
    const membersOf = (kind: string) => {
      const found = value.triggers.filter((trigger: DbTrigger) => trigger.kind === kind);
      expect(found, kind).not.toEqual([]);
      return new Set(found.flatMap((trigger: DbTrigger) => Object.keys(trigger)));
    };
    const common = ['name', 'table', 'kind', 'keyColumns', 'identityProjectionColumns'];
    expect(membersOf('DocumentStamping')).toEqual(new Set(common));
    expect(membersOf('ReferentialIdentityMaintenance')).toEqual(
      new Set([...common, 'resourceKeyId', 'projectName', 'resourceName', 'identityElements', 'superclassAlias']),
    );
    expect(membersOf('AbstractIdentityMaintenance')).toEqual(
      new Set([...common, 'targetTable', 'targetColumnMappings', 'discriminatorValue']),
    );
    expect(membersOf('IdentityPropagationFallback')).toEqual(new Set([...common, 'referrerUpdates']));
    expect(membersOf('AuthHierarchyMaintenance')).toEqual(new Set([...common, 'entity', 'triggerEvent']));
    for (const index of value.indexes)
      expect(new Set(Object.keys(index))).toEqual(
        new Set(['name', 'table', 'kind', 'isUnique', 'keyColumns', 'includeColumns']),
      );
  });

  it('holds the members in the order of 02 §15, so that reading and writing again gives the same bytes (02 §15.1)', () => {
    const text = inventoryText(derive('mssql', ...everything).inventory);
    const value = JSON.parse(text);
    const ordersOf = (entries: readonly object[]) => [...new Set(entries.map((entry) => Object.keys(entry).join(' ')))].sort();
    expect(ordersOf(value.indexes)).toEqual(['name table kind isUnique keyColumns includeColumns']);
    const common = 'name table keyColumns identityProjectionColumns kind';
    expect(ordersOf(value.triggers)).toEqual([
      common,
      `${common} entity triggerEvent`,
      `${common} referrerUpdates`,
      `${common} resourceKeyId projectName resourceName identityElements superclassAlias`,
      `${common} targetTable targetColumnMappings discriminatorValue`,
    ]);
    expect(inventoryText(readInventory(text, 'inventory.json', 'mssql'))).toBe(text);
  });

  it('holds type and descriptor mark of identity elements, which the manifest leaves out', () => {
    const { inventory } = derive('mssql', ...everything);
    const value = JSON.parse(inventoryText(inventory));
    const participation = value.triggers.find(
      ({ name }: DbTrigger) => name === 'TR_AssessmentAdministrationParticipationOfTheStudentInTheSchool_ReferentialIdentity',
    );
    expect(participation.identityElements).toEqual([
      {
        column: 'Code',
        identityJsonPath: '$.code',
        scalarType: { kind: 'String', maxLength: 20, decimal: null },
        isDescriptor: false,
      },
      {
        column: 'Share',
        identityJsonPath: '$.share',
        scalarType: { kind: 'Decimal', maxLength: null, decimal: { precision: 9, scale: 4 } },
        isDescriptor: false,
      },
      {
        column: 'TermDescriptor_DescriptorId',
        identityJsonPath: '$.termDescriptor',
        scalarType: { kind: 'Int64', maxLength: null, decimal: null },
        isDescriptor: true,
      },
      {
        column: 'School_SchoolId',
        identityJsonPath: '$.schoolReference.schoolId',
        scalarType: { kind: 'Int32', maxLength: null, decimal: null },
        isDescriptor: false,
      },
    ]);
    expect(participation.superclassAlias).toBeNull();
    expect(
      modelManifestText(derive('mssql', ...everything).model, inventory, {
        effectiveSchemaHash: '',
        relationalMappingVersion: '',
      }),
    ).not.toMatch(/is_descriptor|isDescriptor/);
  });
});

describe('a file that is no inventory file', () => {
  const sound = once(() => derive('pgsql', ...everything));
  const read = (content: unknown, dialect: SqlDialect = 'pgsql') => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    return () => readInventory(text, 'folder/inventory.pgsql.json', dialect);
  };

  type File = { readonly indexes: readonly DbIndex[]; readonly triggers: readonly DbTrigger[] };

  const soundFile = (): File => JSON.parse(inventoryText(sound().inventory));

  /** Changes the entries of one kind; `undefined` leaves a member out. */
  const withKind =
    (list: keyof File, kind: string, change: object) =>
    (file: File): object => ({
      ...file,
      [list]: file[list].map((entry) => (entry.kind === kind ? { ...entry, ...change } : entry)),
    });

  it('is not the one that the others are made of', () => {
    expect(read(soundFile())()).toEqual(sound().inventory);
  });

  it.each<[string, (file: File) => unknown]>([
    ['another format', (file) => ({ ...file, inventoryFormat: 2 })],
    ['a format as text', (file) => ({ ...file, inventoryFormat: '1' })],
    ['no format', (file) => ({ ...file, inventoryFormat: undefined })],
    ['no JSON', () => '{ "inventoryFormat": 1,'],
    ['an empty file', () => ''],
    ['a list', () => []],
    ['null', () => null],
    ['a model file', () => modelText(sound().model)],
    ['an unknown dialect', (file) => ({ ...file, dialect: 'oracle' })],
    ['no indexes', (file) => ({ ...file, indexes: undefined })],
    ['no triggers', (file) => ({ ...file, triggers: undefined })],
    ['no hierarchy member', (file) => ({ ...file, authEdOrgHierarchy: undefined })],
    ['an index of another kind', withKind('indexes', 'PrimaryKey', { kind: 'Primary' })],
    ['an index without include columns', withKind('indexes', 'PrimaryKey', { includeColumns: undefined })],
    ['a trigger of another kind', withKind('triggers', 'DocumentStamping', { kind: 'Stamping' })],
    ['an event of another name', withKind('triggers', 'AuthHierarchyMaintenance', { triggerEvent: 'Merge' })],
    ['no alias member', withKind('triggers', 'ReferentialIdentityMaintenance', { superclassAlias: undefined })],
    [
      'an identity path that is no JSONPath',
      withKind('triggers', 'ReferentialIdentityMaintenance', {
        identityElements: [
          {
            column: 'SchoolId',
            identityJsonPath: 'schoolId',
            scalarType: { kind: 'Int32', maxLength: null, decimal: null },
            isDescriptor: false,
          },
        ],
      }),
    ],
  ])('is MODEL_FILE_INVALID, with the file named: %s', (_, change) => {
    expectFault(read(change(soundFile())), 'MODEL_FILE_INVALID', 'folder/inventory.pgsql.json');
  });

  it('is MODEL_FILE_INVALID where it is one of the other dialect, with both named', () => {
    expectFault(read(soundFile(), 'mssql'), 'MODEL_FILE_INVALID', 'folder/inventory.pgsql.json', 'mssql', 'pgsql');
  });

  it('is no model file either', () => {
    const { set, inventory } = sound();
    const fingerprint = readEffectiveSchemaManifest(Buffer.from(effectiveSchemaManifestText(set.info)), 'manifest');
    expectFault(
      () => readModel(inventoryText(inventory), 'relational-model.pgsql.json', 'pgsql', fingerprint),
      'MODEL_FILE_INVALID',
    );
  });
});

describe('an inventory derived from a model read from its file', () => {
  it.each(cases)('is the same as one derived in the same process, for %s in %s', (_, dialect, documents) => {
    const derived = derive(dialect, ...documents);
    expect(throughFiles(derived).inventory).toEqual(derived.inventory);
  });

  it.each(cases)('gives the same manifest, for %s in %s', (_, dialect, documents) => {
    const derived = derive(dialect, ...documents);
    expect(throughFiles(derived).manifest).toBe(modelManifestText(derived.model, derived.inventory, derived.set.info));
  });

  it('is the same for random schema sets', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(schemaSets(), fc.constantFrom(...dialects), (documents, dialect) => {
        const set = schemaSet(...documents);
        const { model } = deriveModel(set, dialect);
        const inventory = deriveInventory(model);
        const read = throughFiles({ set, model, inventory });
        expect(read.inventory).toEqual(inventory);
        expect(read.manifest).toBe(modelManifestText(model, inventory, set.info));
      }),
      { numRuns: 60 },
    );
  });

  it('does not change the model', () => {
    const { model } = derive('mssql', ...everything);
    const before = modelText(model);
    deriveInventory(model);
    deriveInventory(model);
    expect(modelText(model)).toBe(before);
  });
});

describe('the lists in the manifest', () => {
  // resource keys by name: 1 EducationOrganization, 2 LocalEducationAgency, 3 School
  const documents = [
    project(
      'Ed-Fi',
      [
        organization('LocalEducationAgency', 'localEducationAgencyId'),
        organization(
          'School',
          'schoolId',
          {
            documentPathsMapping: {
              LocalEducationAgency: reference(
                'Ed-Fi:LocalEducationAgency',
                [['$.localEducationAgencyId', '$.localEducationAgencyReference.localEducationAgencyId']],
                false,
              ),
            },
          },
          { localEducationAgencyReference: object({ localEducationAgencyId: integer() }, ['localEducationAgencyId']) },
        ),
      ],
      { abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } } },
    ),
  ];

  function manifestOf(dialect: SqlDialect, source: Documents) {
    const { model, inventory, set } = derive(dialect, ...source);
    return JSON.parse(modelManifestText(model, inventory, set.info));
  }

  /** The entry of that name as JSON, so that the order of its members counts. */
  function entry(dialect: SqlDialect, list: 'indexes' | 'triggers', name: string, source: Documents = documents): string {
    const found = manifestOf(dialect, source)[list].filter((candidate: { name: string }) => candidate.name === name);
    expect(found, name).toHaveLength(1);
    return JSON.stringify(found[0]);
  }

  const school = { schema: 'edfi', name: 'School' };

  it.each(dialects)('stand after the union views, indexes first, in %s', (dialect) => {
    const members = Object.keys(manifestOf(dialect, documents));
    expect(members.slice(members.indexOf('abstract_union_views'))).toEqual([
      'abstract_union_views',
      'indexes',
      'triggers',
      'resource_details',
    ]);
  });

  it.each(dialects)('are empty lists for a descriptor alone, in %s (case 12)', (dialect) => {
    const { model, inventory, set } = derive(dialect, project('Ed-Fi', [descriptor('TermDescriptor')]));
    const text = modelManifestText(model, inventory, set.info);
    expect(text).toContain('  "indexes": [],\n  "triggers": [],\n');
  });

  it.each(dialects)('hold all entries in the order of the inventory, in %s', (dialect) => {
    const { inventory } = derive(dialect, ...everything);
    const manifest = manifestOf(dialect, everything);
    const facts = ({ table, name, kind }: { table: object; name: string; kind: string }) => JSON.stringify([table, name, kind]);
    expect(manifest.indexes.map(facts)).toEqual(inventory.indexes.map(facts));
    expect(manifest.triggers.map(facts)).toEqual(inventory.triggers.map(facts));
  });

  it.each(dialects)('show an index without include columns as six members less one, in %s', (dialect) => {
    expect(entry(dialect, 'indexes', 'UX_School_NK')).toBe(
      JSON.stringify({
        name: 'UX_School_NK',
        table: school,
        kind: 'UniqueConstraint',
        is_unique: true,
        key_columns: ['SchoolId'],
      }),
    );
  });

  it.each(dialects)('show the index of the hierarchy with its include column, in %s', (dialect) => {
    const name = 'IX_EducationOrganizationIdToEducationOrganizationId_Target';
    expect(entry(dialect, 'indexes', name)).toBe(
      JSON.stringify({
        name,
        table: { schema: 'auth', name: 'EducationOrganizationIdToEducationOrganizationId' },
        kind: 'Explicit',
        is_unique: false,
        key_columns: ['TargetEducationOrganizationId'],
        include_columns: ['SourceEducationOrganizationId'],
      }),
    );
  });

  it.each(dialects)('show a referential identity with its alias as in the example of §8, in %s', (dialect) => {
    expect(entry(dialect, 'triggers', 'TR_School_ReferentialIdentity')).toBe(
      JSON.stringify({
        name: 'TR_School_ReferentialIdentity',
        table: school,
        kind: 'ReferentialIdentityMaintenance',
        key_columns: ['DocumentId'],
        identity_projection_columns: ['SchoolId'],
        resource_key_id: 3,
        project_name: 'Ed-Fi',
        resource_name: 'School',
        identity_elements: [{ column: 'SchoolId', identity_json_path: '$.schoolId' }],
        superclass_alias: {
          resource_key_id: 1,
          project_name: 'Ed-Fi',
          resource_name: 'EducationOrganization',
          identity_elements: [{ column: 'SchoolId', identity_json_path: '$.educationOrganizationId' }],
        },
      }),
    );
  });

  it.each(dialects)('leave out the alias of a resource without superclass, in %s', (dialect) => {
    const plain = [
      project('Ed-Fi', [
        resource('Term', { identityJsonPaths: ['$.code'], jsonSchemaForInsert: object({ code: string() }, ['code']) }),
      ]),
    ];
    expect(entry(dialect, 'triggers', 'TR_Term_ReferentialIdentity', plain)).toBe(
      JSON.stringify({
        name: 'TR_Term_ReferentialIdentity',
        table: { schema: 'edfi', name: 'Term' },
        kind: 'ReferentialIdentityMaintenance',
        key_columns: ['DocumentId'],
        identity_projection_columns: ['Code'],
        resource_key_id: 1,
        project_name: 'Ed-Fi',
        resource_name: 'Term',
        identity_elements: [{ column: 'Code', identity_json_path: '$.code' }],
      }),
    );
  });

  it.each(dialects)('show a stamp with the common members alone, an abstract identity with its mappings, in %s', (dialect) => {
    expect(entry(dialect, 'triggers', 'TR_School_Stamp')).toBe(
      JSON.stringify({
        name: 'TR_School_Stamp',
        table: school,
        kind: 'DocumentStamping',
        key_columns: ['DocumentId'],
        identity_projection_columns: ['SchoolId'],
      }),
    );
    expect(entry(dialect, 'triggers', 'TR_School_AbstractIdentity')).toBe(
      JSON.stringify({
        name: 'TR_School_AbstractIdentity',
        table: school,
        kind: 'AbstractIdentityMaintenance',
        key_columns: ['DocumentId'],
        identity_projection_columns: ['SchoolId'],
        target_table: { schema: 'edfi', name: 'EducationOrganizationIdentity' },
        target_column_mappings: [{ source_column: 'SchoolId', target_column: 'EducationOrganizationId' }],
        discriminator_value: 'Ed-Fi:School',
      }),
    );
  });

  it.each(dialects)('show a hierarchy trigger with its entity, event and parents, in %s', (dialect) => {
    const wanted = (entityName: string, event: string, parents: readonly string[]) =>
      JSON.stringify({
        name: `TR_${entityName}_AuthHierarchy_${event}`,
        table: { schema: 'edfi', name: entityName },
        kind: 'AuthHierarchyMaintenance',
        key_columns: [],
        identity_projection_columns: [],
        entity_name: entityName,
        trigger_event: event,
        identity_column: `${entityName}Id`,
        parent_fks: parents.map((column) => ({ denormalized_parent_id_column: column })),
      });
    expect(entry(dialect, 'triggers', 'TR_School_AuthHierarchy_Update')).toBe(
      wanted('School', 'Update', ['LocalEducationAgency_LocalEducationAgencyId']),
    );
    expect(entry(dialect, 'triggers', 'TR_LocalEducationAgency_AuthHierarchy_Insert')).toBe(
      wanted('LocalEducationAgency', 'Insert', []),
    );
  });

  it('show a fallback trigger with its updates, in mssql', () => {
    expect(entry('mssql', 'triggers', 'TR_School_PropagateIdentity', everything)).toBe(
      JSON.stringify({
        name: 'TR_School_PropagateIdentity',
        table: school,
        kind: 'IdentityPropagationFallback',
        key_columns: ['DocumentId'],
        identity_projection_columns: ['SchoolId'],
        referrer_updates: [
          {
            referrer_table: school,
            referrer_fk_column: 'Parent_DocumentId',
            target_column_mappings: [{ source_column: 'SchoolId', target_column: 'Parent_SchoolId' }],
          },
        ],
      }),
    );
  });

  it.each(dialects)('are the same bytes whatever the order of files, resources and members, in %s (case 37)', (dialect) => {
    const textOf = (source: Documents) => {
      const { model, inventory, set } = derive(dialect, ...source);
      return modelManifestText(model, inventory, set.info);
    };
    for (const seed of [1, 2, 3]) {
      const shuffledFiles = everything.map((document) => shuffled(document, seed)).reverse();
      expect(JSON.stringify(shuffledFiles)).not.toBe(JSON.stringify([...everything].reverse()));
      expect(textOf(shuffledFiles)).toBe(textOf(everything));
    }
  });
});
