import { build, edFi, fields, modelOf, numbered, subclassOf, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from '../../src/index.ts';
import { derive } from '../derived.ts';
import { elementsOf, triggerOf } from '../inventory-lookup.ts';
import { registry } from '../registry.ts';

const { date, descriptor, descriptorPath, integer, reference, resource, string, uri } = build;

describe('a subclass', () => {
  const association = (name: string, order: readonly string[], members: build.JsonRecord = {}) =>
    resource(name, {
      ...subclassOf('Ed-Fi:ProgramAssociation'),
      identityJsonPaths: order,
      documentPathsMapping: {
        Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor'),
        Program: reference('Ed-Fi:Program', [
          ['$.programName', '$.programReference.programName'],
          ['$.kindDescriptor', '$.programReference.kindDescriptor'],
        ]),
        Student: reference('Ed-Fi:Student', [['$.studentId', '$.studentReference.studentId']]),
      },
      jsonSchemaForInsert: fields({
        beginDate: date(),
        kindDescriptor: uri(),
        sequence: integer(),
        programReference: fields({ programName: string(), kindDescriptor: uri() }),
        studentReference: fields({ studentId: integer() }),
      }),
      ...members,
    });
  const paths = [
    '$.beginDate',
    '$.kindDescriptor',
    '$.programReference.programName',
    '$.programReference.kindDescriptor',
    '$.sequence',
    '$.studentReference.studentId',
  ];
  const document = (order: readonly string[], members: build.JsonRecord = {}) =>
    edFi(
      [
        descriptor('KindDescriptor'),
        numbered('Student', 'studentId'),
        resource('Program', {
          identityJsonPaths: ['$.programName', '$.kindDescriptor'],
          documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') },
          jsonSchemaForInsert: fields({ programName: string(), kindDescriptor: uri() }),
        }),
        association('StudentProgramAssociation', order, members),
      ],
      { abstractResources: { ProgramAssociation: { identityJsonPaths: paths } } },
    );

  it('without a renamed path has its own elements as alias, and one mapping per abstract column, in their order (case 22)', () => {
    const order = [...paths].reverse();
    const { inventory } = derive('pgsql', document(order));
    const own = triggerOf(inventory, 'edfi.StudentProgramAssociation', 'ReferentialIdentityMaintenance');
    expect(own.identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical)).toEqual(order);
    expect(own.superclassAlias?.identityElements).toEqual(own.identityElements);
    expect(own.superclassAlias?.resourceName).toBe('ProgramAssociation');
    const { targetColumnMappings } = triggerOf(
      inventory,
      'edfi.StudentProgramAssociation',
      'AbstractIdentityMaintenance',
    );
    expect(targetColumnMappings.map(({ sourceColumn, targetColumn }) => [sourceColumn, targetColumn])).toEqual([
      ['BeginDate', 'BeginDate'],
      ['KindDescriptor_DescriptorId', 'KindDescriptor'],
      ['Program_ProgramName', 'ProgramReferenceProgramName'],
      ['Program_KindDescriptor_DescriptorId', 'ProgramReferenceKindDescriptor'],
      ['Sequence', 'Sequence'],
      ['Student_StudentId', 'StudentReferenceStudentId'],
    ]);
  });

  it('copies an alias as it is where it is the only column of its path', () => {
    const { model, inventory } = derive(
      'pgsql',
      document(paths, {
        equalityConstraints: [
          { sourceJsonPath: '$.kindDescriptor', targetJsonPath: '$.programReference.kindDescriptor' },
        ],
      }),
    );
    const { targetColumnMappings } = triggerOf(
      inventory,
      'edfi.StudentProgramAssociation',
      'AbstractIdentityMaintenance',
    );
    const sources = targetColumnMappings.map(({ sourceColumn }) => sourceColumn);
    expect(sources).toContain('KindDescriptor_DescriptorId');
    expect(sources).toContain('Program_KindDescriptor_DescriptorId');
    const column = tableOf(model, 'edfi.StudentProgramAssociation').columns.find(
      ({ name }) => name === 'Program_KindDescriptor_DescriptorId',
    );
    expect(column?.storage.kind).toBe('UnifiedAlias');
  });

  it('copies the canonical column where its path has several', () => {
    const place = resource('Place', {
      identityJsonPaths: ['$.areaReference.code', '$.zoneReference.code'],
      equalityConstraints: [{ sourceJsonPath: '$.areaReference.code', targetJsonPath: '$.zoneReference.code' }],
      documentPathsMapping: {
        Area: reference('Ed-Fi:Area', [['$.code', '$.areaReference.code']]),
        Zone: reference('Ed-Fi:Zone', [['$.code', '$.zoneReference.code']]),
      },
      jsonSchemaForInsert: fields({
        areaReference: fields({ code: string() }),
        zoneReference: fields({ code: string() }),
      }),
    });
    const code = (name: string) =>
      resource(name, { identityJsonPaths: ['$.code'], jsonSchemaForInsert: fields({ code: string() }) });
    const shop = resource('Shop', {
      ...subclassOf('Ed-Fi:Business'),
      identityJsonPaths: ['$.placeReference.code'],
      documentPathsMapping: {
        Place: reference('Ed-Fi:Place', [
          ['$.areaReference.code', '$.placeReference.code'],
          ['$.zoneReference.code', '$.placeReference.code'],
        ]),
      },
      jsonSchemaForInsert: fields({ placeReference: fields({ code: string() }) }),
    });
    const { inventory } = derive(
      'pgsql',
      edFi([code('Area'), code('Zone'), place, shop], {
        abstractResources: { Business: { identityJsonPaths: ['$.placeReference.code'] } },
      }),
    );
    expect(elementsOf(inventory, 'edfi.Shop')).toEqual([['Place_AreaReferenceCode', '$.placeReference.code']]);
    expect(triggerOf(inventory, 'edfi.Shop', 'AbstractIdentityMaintenance').targetColumnMappings).toEqual([
      { sourceColumn: 'Code_Unified', targetColumn: 'PlaceReferenceCode' },
    ]);
  });

  it('has no abstract identity trigger when its superclass has no identity table, but an alias', () => {
    const model = { ...modelOf(registry), abstractIdentityTables: [] };
    const inventory = deriveInventory(model);
    expect(inventory.triggers.filter(({ kind }) => kind === 'AbstractIdentityMaintenance')).toEqual([]);
    expect(triggerOf(inventory, 'edfi.Person', 'ReferentialIdentityMaintenance').superclassAlias).not.toBeNull();
  });
});
