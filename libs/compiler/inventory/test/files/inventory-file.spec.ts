import { effectiveSchemaManifestText, readEffectiveSchemaManifest } from '@dms/api-schema';
import { modelText, readModel } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { build, expectDiagnostic, once } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { type DbIndex, inventoryText, readInventory } from '../../src/inventory.ts';
import { modelManifestText } from '../../src/manifest/model-manifest.ts';
import type { DbTrigger } from '../../src/trigger-kinds.ts';
import { derive } from '../derived.ts';
import { cases, everything } from '../every-entry.ts';

const { descriptor, project } = build;

const modelHash = 'a'.repeat(64);

describe('the inventory file', () => {
  it.each(cases)('is read back as it was written, for %s in %s', (_, dialect, documents) => {
    const { inventory } = derive(dialect, ...documents);
    expect(readInventory(inventoryText(inventory, modelHash), 'inventory.json', dialect, modelHash)).toEqual(inventory);
  });

  it.each(dialects)('holds a null for no hierarchy and empty lists for a descriptor alone, in %s', (dialect) => {
    const { inventory } = derive(dialect, project('Ed-Fi', [descriptor('TermDescriptor')]));
    expect(inventoryText(inventory, modelHash)).toBe(
      `{\n"inventoryFormat": 3,\n"modelHash": "${modelHash}",\n"dialect": "${dialect}",\n"indexes": [],\n"triggers": [],\n"trackedChangeTables": [],\n"authEdOrgHierarchy": null,\n"authViews": []\n}\n`,
    );
    expect(readInventory(inventoryText(inventory, modelHash), 'inventory.json', dialect, modelHash)).toEqual(inventory);
  });

  it('begins with its format, holds one entry per line and ends with one line feed', () => {
    const { inventory } = derive('mssql', ...everything);
    const text = inventoryText(inventory, modelHash);
    const lines = text.split('\n');
    expect(lines.slice(0, 5)).toEqual([
      ...['{', '"inventoryFormat": 3,', `"modelHash": "${modelHash}",`, '"dialect": "mssql",', '"indexes": ['],
    ]);
    expect(text.endsWith('\n}\n')).toBe(true);
    expect(text).not.toContain('\r');
    const entries = lines.filter((line) => line.startsWith('{"name":'));
    expect(entries).toHaveLength(inventory.indexes.length + inventory.triggers.length);
    const value = JSON.parse(text);
    expect(Object.keys(value)).toEqual([
      ...['inventoryFormat', 'modelHash', 'dialect', 'indexes', 'triggers', 'trackedChangeTables'],
      ...['authEdOrgHierarchy', 'authViews'],
    ]);
    expect(entries.map((line) => JSON.parse(line.replace(/,$/, '')))).toEqual([...value.indexes, ...value.triggers]);
  });

  it('holds all members of all kinds of entries under their names in memory, paths as text', () => {
    const { inventory } = derive('mssql', ...everything);
    const value = JSON.parse(inventoryText(inventory, modelHash));
    const membersOf = (kind: string) => {
      const found = value.triggers.filter((trigger: DbTrigger) => trigger.kind === kind);
      expect(found, kind).not.toEqual([]);
      return new Set(found.flatMap((trigger: DbTrigger) => Object.keys(trigger)));
    };
    const common = ['name', 'table', 'kind', 'keyColumns', 'identityProjectionColumns'];
    expect(membersOf('DocumentStamping')).toEqual(new Set([...common, 'mirrorStampTargetTable', 'changeTracking']));
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
    const text = inventoryText(derive('mssql', ...everything).inventory, modelHash);
    const value = JSON.parse(text);
    const ordersOf = (entries: readonly object[]) =>
      [...new Set(entries.map((entry) => Object.keys(entry).join(' ')))].sort();
    expect(ordersOf(value.indexes)).toEqual(['name table kind isUnique keyColumns includeColumns']);
    const common = 'name table keyColumns identityProjectionColumns kind';
    expect(ordersOf(value.triggers)).toEqual([
      `${common} entity triggerEvent`,
      `${common} mirrorStampTargetTable changeTracking`,
      `${common} referrerUpdates`,
      `${common} resourceKeyId projectName resourceName identityElements superclassAlias`,
      `${common} targetTable targetColumnMappings discriminatorValue`,
    ]);
    expect(inventoryText(readInventory(text, 'inventory.json', 'mssql', modelHash), modelHash)).toBe(text);
  });

  it('holds type and descriptor mark of identity elements, which the manifest leaves out', () => {
    const { inventory } = derive('mssql', ...everything);
    const value = JSON.parse(inventoryText(inventory, modelHash));
    const participation = value.triggers.find(
      ({ name }: DbTrigger) =>
        name === 'TR_AssessmentAdministrationParticipationOfTheStudentInTheSchool_ReferentialIdentity',
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
        relationalMappingVersion: 'v1',
      }),
    ).not.toMatch(/is_descriptor|isDescriptor/);
  });
});

describe('a file that is not an inventory file', () => {
  const sound = once(() => derive('pgsql', ...everything));
  const read = (content: unknown, dialect: SqlDialect = 'pgsql') => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    return () => readInventory(text, 'folder/inventory.pgsql.json', dialect, modelHash);
  };

  type File = { readonly indexes: readonly DbIndex[]; readonly triggers: readonly DbTrigger[] };

  const soundFile = (): File => JSON.parse(inventoryText(sound().inventory, modelHash));

  /** Changes the entries of one kind; `undefined` removes a member. */
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
    ['the inventory of another model', (file) => ({ ...file, modelHash: 'b'.repeat(64) })],
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
      'an identity path that is not a JSONPath',
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
    expectDiagnostic(read(change(soundFile())), 'MODEL_FILE_INVALID', 'folder/inventory.pgsql.json');
  });

  it('is MODEL_FILE_INVALID where it is one of the other dialect, with both named', () => {
    expectDiagnostic(read(soundFile(), 'mssql'), 'MODEL_FILE_INVALID', 'folder/inventory.pgsql.json', 'mssql', 'pgsql');
  });

  it('is not a model file either', () => {
    const { set, inventory } = sound();
    const fingerprint = readEffectiveSchemaManifest(Buffer.from(effectiveSchemaManifestText(set.info)), 'manifest');
    expectDiagnostic(
      () => readModel(inventoryText(inventory, modelHash), 'relational-model.pgsql.json', 'pgsql', fingerprint),
      'MODEL_FILE_INVALID',
    );
  });
});
