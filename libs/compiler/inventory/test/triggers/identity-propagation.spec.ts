import { dialects, type SqlDialect } from '@dms/sql';
import { build, edFi, fields, foreignKeyOf, numbered, subclassOf, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { derive } from '../derived.ts';
import { triggerNames, triggerOf } from '../inventory-lookup.ts';

const { array, ext, extensionOf, integer, object, project, reference, resource } = build;

describe('propagation of identities', () => {
  const update = (table: string, column: string, ...mappings: (readonly [string, string])[]) => {
    const [schema, name] = table.split('.');
    return {
      referrerTable: { schema, name },
      referrerFkColumn: column,
      targetColumnMappings: mappings.map(([sourceColumn, targetColumn]) => ({ sourceColumn, targetColumn })),
    };
  };
  const fallbacks = (documents: readonly build.JsonRecord[], dialect: SqlDialect = 'mssql') =>
    derive(dialect, ...documents).inventory.triggers.filter(({ kind }) => kind === 'IdentityPropagationFallback');

  const owner = (flag: boolean) => numbered('Owner', 'ownerId', { allowIdentityUpdates: flag });
  const ownerReference = (property = 'ownerReference', isRequired = true) =>
    reference('Ed-Fi:Owner', [['$.ownerId', `$.${property}.ownerId`]], isRequired);
  const ownerObject = fields({ ownerId: integer() });
  const pet = resource('Pet', {
    identityJsonPaths: ['$.ownerReference.ownerId', '$.petId'],
    documentPathsMapping: { Owner: ownerReference() },
    jsonSchemaForInsert: fields({ ownerReference: ownerObject, petId: integer() }),
  });
  const petObject = fields({ ownerId: integer(), petId: integer() });
  const petReference = (property = 'petReference') =>
    reference('Ed-Fi:Pet', [
      ['$.ownerReference.ownerId', `$.${property}.ownerId`],
      ['$.petId', `$.${property}.petId`],
    ]);

  it.each(dialects)(
    'needs no trigger where one key cascades: one referrer of a mutable target, in %s (case 25)',
    (dialect) => {
      const { model, inventory } = derive(dialect, edFi([owner(true), pet]));
      expect(foreignKeyOf(model, 'edfi.Pet', 'FK_Pet_Owner_RefKey').onUpdate).toBe('Cascade');
      expect(triggerNames(inventory).filter((line) => line.includes('Propagate'))).toEqual([]);
    },
  );

  it.each(dialects)('does not happen for a target that is not mutable, in %s (case 26)', (dialect) => {
    const { model, inventory } = derive(dialect, edFi([owner(false), pet]));
    expect(foreignKeyOf(model, 'edfi.Pet', 'FK_Pet_Owner_RefKey').onUpdate).toBe('NoAction');
    expect(triggerNames(inventory).filter((line) => line.includes('Propagate'))).toEqual([]);
  });

  /*
   * 11 §5 row 5 with a child table: owners may be renamed, pets follow; an item of a visit refers to an owner and to a
   * pet, whose owner need not be the same. The key to the owner cascades; the key to the pet would be a second path and
   * becomes a fallback.
   */
  const visit = resource('Visit', {
    identityJsonPaths: ['$.visitId'],
    documentPathsMapping: {
      Owner: reference('Ed-Fi:Owner', [['$.ownerId', '$.items[*].ownerReference.ownerId']]),
      Pet: reference('Ed-Fi:Pet', [
        ['$.ownerReference.ownerId', '$.items[*].petReference.ownerId'],
        ['$.petId', '$.items[*].petReference.petId'],
      ]),
    },
    jsonSchemaForInsert: object(
      { visitId: integer(), items: array(fields({ ownerReference: ownerObject, petReference: petObject })) },
      ['visitId'],
    ),
  });

  it('has a trigger on the target whose key in a child table is a fallback edge, in mssql only (case 27)', () => {
    const documents = [edFi([owner(true), pet, visit])];
    expect(fallbacks(documents)).toEqual([
      {
        name: 'TR_Pet_PropagateIdentity',
        table: { schema: 'edfi', name: 'Pet' },
        kind: 'IdentityPropagationFallback',
        keyColumns: ['DocumentId'],
        identityProjectionColumns: ['Owner_OwnerId', 'PetId'],
        referrerUpdates: [
          update('edfi.VisitItem', 'Pet_DocumentId', ['Owner_OwnerId', 'Pet_OwnerId'], ['PetId', 'Pet_PetId']),
        ],
      },
    ]);
    expect(fallbacks(documents, 'pgsql')).toEqual([]);
  });

  it('of a self reference is one trigger with one update of the owner itself (case 28)', () => {
    const documents = [
      edFi([
        numbered(
          'Node',
          'nodeId',
          {
            allowIdentityUpdates: true,
            documentPathsMapping: {
              Parent: reference('Ed-Fi:Node', [['$.nodeId', '$.parentReference.nodeId']], false),
            },
          },
          { parentReference: fields({ nodeId: integer() }) },
        ),
      ]),
    ];
    const { model, inventory } = derive('mssql', ...documents);
    expect(inventory.triggers.filter(({ kind }) => kind === 'IdentityPropagationFallback')).toEqual([
      {
        name: 'TR_Node_PropagateIdentity',
        table: { schema: 'edfi', name: 'Node' },
        kind: 'IdentityPropagationFallback',
        keyColumns: ['DocumentId'],
        identityProjectionColumns: ['NodeId'],
        referrerUpdates: [update('edfi.Node', 'Parent_DocumentId', ['NodeId', 'Parent_NodeId'])],
      },
    ]);
    expect(foreignKeyOf(model, 'edfi.Node', 'FK_Node_Parent').columns).toEqual(['Parent_DocumentId']);
    expect(inventory.indexes.map(({ name }) => name)).toContain('IX_Node_Parent_DocumentId');
    expect(fallbacks(documents, 'pgsql')).toEqual([]);
  });

  it('reads and writes canonical columns on both sides of a fallback edge (case 29)', () => {
    const unifiedPet = resource('Pet', {
      ...pet.schema,
      equalityConstraints: [{ sourceJsonPath: '$.ownerReference.ownerId', targetJsonPath: '$.keeperId' }],
      jsonSchemaForInsert: fields({ ownerReference: ownerObject, petId: integer(), keeperId: integer() }),
    });
    const walk = resource('Walk', {
      identityJsonPaths: ['$.walkId'],
      equalityConstraints: [{ sourceJsonPath: '$.petReference.ownerId', targetJsonPath: '$.walkerId' }],
      documentPathsMapping: { Owner: ownerReference(), Pet: petReference() },
      jsonSchemaForInsert: fields({
        walkId: integer(),
        walkerId: integer(),
        ownerReference: ownerObject,
        petReference: petObject,
      }),
    });
    const { model, inventory } = derive('mssql', edFi([owner(true), unifiedPet, walk]));
    const trigger = triggerOf(inventory, 'edfi.Pet', 'IdentityPropagationFallback');
    // the canonical columns are named after the member with the smallest path: $.keeperId and $.petReference.ownerId
    expect(trigger.referrerUpdates).toEqual([
      update('edfi.Walk', 'Pet_DocumentId', ['KeeperId_Unified', 'OwnerId_Unified'], ['PetId', 'Pet_PetId']),
    ]);
    expect(trigger.identityProjectionColumns).toEqual(['KeeperId_Unified', 'PetId']);
    const aliasesOf = (table: string) =>
      tableOf(model, table).columns.flatMap(({ name, storage }) => (storage.kind === 'UnifiedAlias' ? [name] : []));
    expect(aliasesOf('edfi.Pet')).toContain('Owner_OwnerId');
    expect(aliasesOf('edfi.Walk')).toContain('Pet_OwnerId');
  });

  it('has one trigger for several fallback edges into one target, in edge order (case 30)', () => {
    const alpha = project(
      'Alpha',
      [
        resource('Zoo', {
          identityJsonPaths: ['$.zooId'],
          documentPathsMapping: { Owner: ownerReference(), Pet: petReference() },
          jsonSchemaForInsert: fields({ zooId: integer(), ownerReference: ownerObject, petReference: petObject }),
        }),
      ],
      { isExtension: true },
    );
    const race = resource('Race', {
      identityJsonPaths: ['$.raceId'],
      documentPathsMapping: {
        Owner: ownerReference(),
        Winner: petReference('winnerReference'),
        RunnerUp: petReference('runnerUpReference'),
      },
      jsonSchemaForInsert: fields({
        raceId: integer(),
        ownerReference: ownerObject,
        winnerReference: petObject,
        runnerUpReference: petObject,
      }),
    });
    const triggers = fallbacks([edFi([owner(true), pet, visit, race]), alpha]);
    const mappings = (reference: string) =>
      [
        ['Owner_OwnerId', `${reference}_OwnerId`],
        ['PetId', `${reference}_PetId`],
      ] as const;
    expect(triggers.map(({ name }) => name)).toEqual(['TR_Pet_PropagateIdentity']);
    expect(triggers[0]).toMatchObject({
      // sorted by receiver schema, receiver table and name of the key
      referrerUpdates: [
        update('alpha.Zoo', 'Pet_DocumentId', ...mappings('Pet')),
        update('edfi.Race', 'RunnerUp_DocumentId', ...mappings('RunnerUp')),
        update('edfi.Race', 'Winner_DocumentId', ...mappings('Winner')),
        update('edfi.VisitItem', 'Pet_DocumentId', ...mappings('Pet')),
      ],
    });
  });

  it('has its trigger on the identity table of an abstract target (case 31)', () => {
    // 11 §5 row 8: a report refers to a member and its family by one value; the column that the family's row updates is
    // late
    const documents = [
      edFi(
        [
          numbered('Person', 'personId', { ...subclassOf('Ed-Fi:Party', '$.partyId'), allowIdentityUpdates: true }),
          resource('Report', {
            identityJsonPaths: ['$.reportId'],
            equalityConstraints: [
              { sourceJsonPath: '$.personReference.personId', targetJsonPath: '$.partyReference.partyId' },
            ],
            documentPathsMapping: {
              Person: reference('Ed-Fi:Person', [['$.personId', '$.personReference.personId']]),
              Party: reference('Ed-Fi:Party', [['$.partyId', '$.partyReference.partyId']]),
            },
            jsonSchemaForInsert: fields({
              reportId: integer(),
              personReference: fields({ personId: integer() }),
              partyReference: fields({ partyId: integer() }),
            }),
          }),
        ],
        { abstractResources: { Party: { identityJsonPaths: ['$.partyId'] } } },
      ),
    ];
    expect(
      triggerOf(derive('mssql', ...documents).inventory, 'edfi.PartyIdentity', 'IdentityPropagationFallback'),
    ).toEqual({
      name: 'TR_PartyIdentity_PropagateIdentity',
      table: { schema: 'edfi', name: 'PartyIdentity' },
      kind: 'IdentityPropagationFallback',
      keyColumns: ['DocumentId'],
      identityProjectionColumns: ['PartyId'],
      referrerUpdates: [update('edfi.Report', 'Party_DocumentId', ['PartyId', 'PartyId_Unified'])],
    });
    expect(fallbacks(documents, 'pgsql')).toEqual([]);
  });

  it('updates extension tables too', () => {
    const documents = [
      edFi([owner(true), pet, numbered('Shelter', 'shelterId')]),
      project(
        'Sample',
        [
          extensionOf('Shelter', {
            documentPathsMapping: {
              Owner: reference('Ed-Fi:Owner', [['$.ownerId', '$._ext.sample.ownerReference.ownerId']]),
              Pet: reference('Ed-Fi:Pet', [
                ['$.ownerReference.ownerId', '$._ext.sample.petReference.ownerId'],
                ['$.petId', '$._ext.sample.petReference.petId'],
              ]),
            },
            jsonSchemaForInsert: object({
              _ext: ext('sample', object({ ownerReference: ownerObject, petReference: petObject })),
            }),
          }),
        ],
        { isExtension: true },
      ),
    ];
    expect(fallbacks(documents)).toMatchObject([
      {
        name: 'TR_Pet_PropagateIdentity',
        referrerUpdates: [
          update('sample.ShelterExtension', 'Pet_DocumentId', ['Owner_OwnerId', 'Pet_OwnerId'], ['PetId', 'Pet_PetId']),
        ],
      },
    ]);
  });
});
