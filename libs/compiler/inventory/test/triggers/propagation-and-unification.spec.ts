import { deriveModel } from '@dms/derivation';
import { qualified } from '@dms/model';
import { dialects } from '@dms/sql';
import { build, propertyRuns, schemaSet, schemaSets, tableOf } from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from '../../src/index.ts';
import { modelManifestText } from '../../src/manifest/model-manifest.ts';
import { derive } from '../derived.ts';
import { triggerOf } from '../inventory-lookup.ts';

/* Inventories of models with unified columns (design 04 §11) and fallback keys (design 11 §3.3, §4, §6). */

const { integer, object, project, reference, resource } = build;

const whole = (properties: build.JsonRecord) => object(properties, Object.keys(properties));
const equal = (sourceJsonPath: string, targetJsonPath: string) => ({ sourceJsonPath, targetJsonPath });

const mutable = (name: string, ...properties: readonly string[]) =>
  resource(name, {
    allowIdentityUpdates: true,
    identityJsonPaths: properties.map((property) => `$.${property}`),
    jsonSchemaForInsert: whole(Object.fromEntries(properties.map((property) => [property, integer()]))),
  });

describe.each(dialects)('the registration of design 04 §15.6 in %s', (dialect) => {
  const yearReference = (name: string, id: string) => {
    const at = `$.${name.toLowerCase()}Reference`;
    return reference(`Ed-Fi:${name}`, [
      [`$.${id}`, `${at}.${id}`],
      ['$.schoolYear', `${at}.schoolYear`],
    ]);
  };
  const registration = resource('Registration', {
    identityJsonPaths: [
      '$.sectionReference.sectionId',
      '$.sectionReference.schoolYear',
      '$.periodReference.periodId',
      '$.periodReference.schoolYear',
    ],
    documentPathsMapping: {
      Section: yearReference('Section', 'sectionId'),
      Period: yearReference('Period', 'periodId'),
    },
    equalityConstraints: [
      equal('$.sectionReference.schoolYear', '$.periodReference.schoolYear'),
      equal('$.firstYear', '$.lastYear'),
    ],
    jsonSchemaForInsert: object(
      {
        sectionReference: whole({ sectionId: integer(), schoolYear: integer() }),
        periodReference: whole({ periodId: integer(), schoolYear: integer() }),
        firstYear: integer(),
        lastYear: integer(),
      },
      ['sectionReference', 'periodReference'],
    ),
  });
  const { model, inventory } = derive(
    dialect,
    project('Ed-Fi', [
      mutable('Section', 'sectionId', 'schoolYear'),
      mutable('Period', 'periodId', 'schoolYear'),
      registration,
    ]),
  );

  it('its triggers compare the canonical column, once; the hash reads a path column per identity path', () => {
    for (const kind of ['DocumentStamping', 'ReferentialIdentityMaintenance'] as const)
      expect(triggerOf(inventory, 'edfi.Registration', kind).identityProjectionColumns).toEqual([
        'Section_SectionId',
        'SchoolYear_Unified',
        'Period_PeriodId',
      ]);
    const { identityElements } = triggerOf(inventory, 'edfi.Registration', 'ReferentialIdentityMaintenance');
    expect(identityElements.map(({ column }) => column)).toEqual([
      'Section_SectionId',
      'Section_SchoolYear',
      'Period_PeriodId',
      'Period_SchoolYear',
    ]);
    expect(inventory.triggers.filter(({ kind }) => kind === 'IdentityPropagationFallback')).toEqual([]);
  });

  it('its indexes are those of keys over canonical columns; there is none for an alias or a flag', () => {
    const indexes = inventory.indexes.filter(
      ({ table, kind }) => table.name === 'Registration' && kind !== 'PrimaryKey',
    );
    expect(indexes.map(({ kind, keyColumns }) => `${kind} ${keyColumns.join(', ')}`).sort()).toEqual([
      'ForeignKeySupport Period_DocumentId, Period_PeriodId, SchoolYear_Unified',
      'ForeignKeySupport Section_DocumentId, Section_SectionId, SchoolYear_Unified',
      'UniqueConstraint Section_DocumentId, Period_DocumentId',
    ]);
    expect(tableOf(model, 'edfi.Registration').columns.map(({ name }) => name)).toContain('FirstYear_Present');
  });
});

describe('a fallback key in the manifest (design 11 §4, §7)', () => {
  const pet = resource('Pet', {
    identityJsonPaths: ['$.ownerReference.ownerId', '$.petId'],
    documentPathsMapping: { Owner: reference('Ed-Fi:Owner', [['$.ownerId', '$.ownerReference.ownerId']]) },
    jsonSchemaForInsert: whole({ ownerReference: whole({ ownerId: integer() }), petId: integer() }),
  });
  const walk = resource('Walk', {
    identityJsonPaths: ['$.walkId'],
    documentPathsMapping: {
      Owner: reference('Ed-Fi:Owner', [['$.ownerId', '$.ownerReference.ownerId']]),
      Pet: reference('Ed-Fi:Pet', [
        ['$.ownerReference.ownerId', '$.petReference.ownerId'],
        ['$.petId', '$.petReference.petId'],
      ]),
    },
    jsonSchemaForInsert: whole({
      walkId: integer(),
      ownerReference: whole({ ownerId: integer() }),
      petReference: whole({ ownerId: integer(), petId: integer() }),
    }),
  });
  const document = project('Ed-Fi', [mutable('Owner', 'ownerId'), pet, walk]);
  it('has its reduced name, columns and final action, an index on the document id, and a trigger on the target', () => {
    const { model, inventory, set } = derive('mssql', document);
    const manifest = JSON.parse(modelManifestText(model, inventory, set.info));
    const walkManifest = manifest.resource_details.find(
      (entry: { resource: { resource_name: string } }) => entry.resource.resource_name === 'Walk',
    );
    const keys = walkManifest.tables[0].constraints.filter(({ name }: { name: string }) =>
      name.startsWith('FK_Walk_Pet'),
    );
    expect(keys).toEqual([
      {
        kind: 'ForeignKey',
        name: 'FK_Walk_Pet',
        columns: ['Pet_DocumentId'],
        target_table: { schema: 'edfi', name: 'Pet' },
        target_columns: ['DocumentId'],
        on_delete: 'NoAction',
        on_update: 'NoAction',
      },
    ]);
    expect(manifest.indexes).toContainEqual({
      name: 'IX_Walk_Pet_DocumentId',
      table: { schema: 'edfi', name: 'Walk' },
      kind: 'ForeignKeySupport',
      is_unique: false,
      key_columns: ['Pet_DocumentId'],
    });
    expect(manifest.triggers.filter(({ kind }: { kind: string }) => kind === 'IdentityPropagationFallback')).toEqual([
      {
        name: 'TR_Pet_PropagateIdentity',
        table: { schema: 'edfi', name: 'Pet' },
        kind: 'IdentityPropagationFallback',
        key_columns: ['DocumentId'],
        identity_projection_columns: ['Owner_OwnerId', 'PetId'],
        referrer_updates: [
          {
            referrer_table: { schema: 'edfi', name: 'Walk' },
            referrer_fk_column: 'Pet_DocumentId',
            target_column_mappings: [
              { source_column: 'Owner_OwnerId', target_column: 'Pet_OwnerId' },
              { source_column: 'PetId', target_column: 'Pet_PetId' },
            ],
          },
        ],
      },
    ]);
  });
});

describe('random reference graphs (design 11 §6, invariant 3)', () => {
  it('every fallback edge is served by exactly one trigger, that of its target, with the pairs of its key', () => {
    fc.assert(
      fc.property(schemaSets({ focus: 'references', size: 'medium' }), (documents) => {
        const { model } = deriveModel(schemaSet(...documents), 'mssql');
        const served = deriveInventory(model).triggers.flatMap((trigger) =>
          trigger.kind === 'IdentityPropagationFallback'
            ? trigger.referrerUpdates.map(({ referrerTable, referrerFkColumn, targetColumnMappings }) =>
                JSON.stringify([
                  qualified(trigger.table),
                  qualified(referrerTable),
                  referrerFkColumn,
                  targetColumnMappings,
                ]),
              )
            : [],
        );
        const edges = model.propagationFallbacks.map(
          ({ targetTable, receiverTable, receiverFkColumn, columnMappings }) =>
            JSON.stringify([qualified(targetTable), qualified(receiverTable), receiverFkColumn, columnMappings]),
        );
        expect(served.sort()).toEqual(edges.sort());
      }),
      { numRuns: propertyRuns(30) },
    );
  });
});
