import {
  build,
  codesOf,
  edFi,
  equal,
  expectNamed,
  failureOf,
  modelOf,
  path,
  room,
  roomFields,
  roomReference,
  school,
  sha256Of,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { handMadeColumn, handMadeTable } from '../../../test/hand-made.ts';
import type { DraftBinding } from '../../draft/model-draft.ts';
import { canonicalBaseToken, canonicalColumnName, presenceFlagName } from './unify-keys.ts';

const { integer, object, resource } = build;

const label = 'Ed-Fi:HandMade';

const site = (referenceObjectPath: string) => ({ referenceObjectPath: path(referenceObjectPath) }) as DraftBinding;

const tokenOf = (scope: string, memberPath: string, sites: Record<string, string> = {}) =>
  canonicalBaseToken(
    label,
    handMadeTable('edfi.HandMade', scope),
    handMadeColumn('NameFromAnOverride', memberPath),
    new Map(Object.entries(sites).map(([text, object]) => [text, site(object)])),
  );

describe('the base token of a class', () => {
  it.each([
    ['$', '$.schoolId', {}, 'SchoolId'],
    ['$', '$.address.cityName', {}, 'AddressCityName'],
    ['$', '$.school_year', {}, 'SchoolYear'],
    ['$.items[*]', '$.items[*].place.roomCode', {}, 'PlaceRoomCode'],
    ['$._ext.sample', '$._ext.sample.year', {}, 'Year'],
    ['$', '$.roomReference.schoolId', { '$.roomReference.schoolId': '$.roomReference' }, 'SchoolId'],
    ['$', '$.roomReference.schoolId', {}, 'RoomReferenceSchoolId'],
    [
      '$.items[*]',
      '$.items[*].place.roomReference.schoolId',
      { '$.items[*].place.roomReference.schoolId': '$.items[*].place.roomReference' },
      'SchoolId',
    ],
    ['$.programDescriptors[*]', '$.programDescriptors[*]', {}, 'ProgramDescriptor'],
    ['$.slots[*].gradeCategories[*]', '$.slots[*].gradeCategories[*]', {}, 'GradeCategory'],
  ])('in scope %s is made of what %s says below its reference or scope', (scope, memberPath, sites, expected) => {
    expect(tokenOf(scope, memberPath, sites as Record<string, string>)).toBe(expected);
  });

  it.each([
    ['KU_PREFIX_MISMATCH', '$.items[*]', '$.year', {}],
    ['KU_PREFIX_MISMATCH', '$', '$.aReference.id', { '$.aReference.id': '$.bReference' }],
    ['KU_PREFIX_MISMATCH', '$.item', '$.items.year', {}],
    ['KU_WILDCARD_IN_MEMBER', '$', '$.items[*].year', {}],
    ['KU_WILDCARD_IN_MEMBER', '$', '$.items[*]', {}],
    ['KU_NO_BASE_TOKEN', '$', '$', {}],
  ])('%s: scope %s, path %s', (code, scope, memberPath, sites) => {
    const error = failureOf(() => tokenOf(scope, memberPath, sites as Record<string, string>));
    expect(codesOf(error)).toEqual([code]);
    expectNamed(error.diagnostics[0], [label, memberPath]);
  });

  it('never depends on column names, so overrides that rename columns change no canonical name', () => {
    const standbyWith = (relational: build.JsonRecord) =>
      resource('Standby', {
        documentPathsMapping: {
          Room: roomReference('$.roomReference', false),
          Backup: roomReference('$.backupReference', false),
        },
        equalityConstraints: [
          equal('$.roomReference.schoolId', '$.backupReference.schoolId'),
          equal('$.place.year', '$.year'),
        ],
        relational,
        jsonSchemaForInsert: object({
          roomReference: roomFields,
          backupReference: roomFields,
          year: integer(),
          place: object({ year: integer() }),
        }),
      });
    const canonicals = (relational: build.JsonRecord) =>
      tableOf(modelOf([edFi([school, room, standbyWith(relational)])]), 'edfi.Standby').keyUnificationClasses.map(
        ({ canonicalColumn }) => canonicalColumn,
      );
    const renamed = {
      nameOverrides: {
        '$.backupReference': 'Reserve',
        '$.backupReference.schoolId': 'Organization',
        '$.place.year': 'Zeit',
        '$.year': 'Jahr',
      },
    };
    expect(canonicals({})).toEqual(['PlaceYear_Unified', 'SchoolId_Unified']);
    expect(canonicals(renamed)).toEqual(['PlaceYear_Unified', 'SchoolId_Unified']);
  });

  it('is made from the first member by path only', () => {
    const thing = resource('Thing', {
      equalityConstraints: [equal('$.zebra', '$.apple')],
      jsonSchemaForInsert: object({ apple: integer(), zebra: integer() }, ['zebra']),
    });
    expect(tableOf(modelOf([edFi([thing])]), 'edfi.Thing').keyUnificationClasses).toEqual([
      { canonicalColumn: 'Apple_Unified', memberPathColumns: ['Apple', 'Zebra'] },
    ]);
  });
});

/** A set that contains every name. */
class EveryName extends Set<string> {
  override has(): boolean {
    return true;
  }
}

describe('the name of a canonical column', () => {
  const members = [handMadeColumn('A', '$.schoolId'), handMadeColumn('B', '$.visitedSchoolId')];
  const hash = sha256Of('key-unification-canonical-name:v1\n$.schoolId\n$.visitedSchoolId').slice(0, 8);

  it('is base token and suffix, then with a hash of the sorted paths, then counted from 2', () => {
    const name = (existing: readonly string[], order = members) =>
      canonicalColumnName(label, 'SchoolId', order, new Set(existing));
    const taken = ['SchoolId_Unified', `SchoolId_U${hash}_Unified`, `SchoolId_U${hash}_2_Unified`];
    expect(hash).toBe('14de39ba');
    expect(name([])).toBe('SchoolId_Unified');
    expect(name(taken.slice(0, 1))).toBe(`SchoolId_U${hash}_Unified`);
    expect(name(taken.slice(0, 1), [...members].reverse())).toBe(`SchoolId_U${hash}_Unified`);
    expect(name(taken.slice(0, 2))).toBe(`SchoolId_U${hash}_2_Unified`);
    expect(name(taken)).toBe(`SchoolId_U${hash}_3_Unified`);
    expect(name(taken.slice(1))).toBe('SchoolId_Unified');
  });

  it('ends in _Unified_DescriptorId for descriptors, after the hash too', () => {
    const descriptors = members.map((member) => ({ ...member, kind: 'DescriptorFk' as const }));
    const name = (existing: readonly string[]) => canonicalColumnName(label, 'Kind', descriptors, new Set(existing));
    expect(name([])).toBe('Kind_Unified_DescriptorId');
    expect(name(['Kind_Unified_DescriptorId'])).toBe(`Kind_U${hash}_Unified_DescriptorId`);
    expect(name(['Kind_Unified_DescriptorId', `Kind_U${hash}_Unified_DescriptorId`])).toBe(
      `Kind_U${hash}_2_Unified_DescriptorId`,
    );
  });

  it('hashes a path that several members share once per member', () => {
    const twice = [handMadeColumn('A', '$.id'), handMadeColumn('B', '$.id')];
    const expected = sha256Of('key-unification-canonical-name:v1\n$.id\n$.id').slice(0, 8);
    expect(canonicalColumnName(label, 'Id', twice, new Set(['Id_Unified']))).toBe(`Id_U${expected}_Unified`);
  });

  it('is KU_NAME_EXHAUSTED with the base name when nothing is free', () => {
    const error = failureOf(() => canonicalColumnName(label, 'SchoolId', members, new EveryName()));
    expect(codesOf(error)).toEqual(['KU_NAME_EXHAUSTED']);
    expectNamed(error.diagnostics[0], [label, 'SchoolId_Unified']);
  });

  it('is not shortened before all other identifiers are', () => {
    const base = 'A'.repeat(80);
    expect(canonicalColumnName(label, base, members, new Set())).toBe(`${base}_Unified`);
  });
});

describe('the name of a presence flag', () => {
  const member = handMadeColumn('A', '$.schoolId');
  const hash = sha256Of('key-unification-presence-name:v1\n$.schoolId').slice(0, 8);

  it('is that of its member with _Present, then with a hash of its path, then counted from 2', () => {
    const name = (existing: readonly string[]) => presenceFlagName(label, member, new Set(existing));
    expect(hash).toBe('f70d839d');
    expect(name([])).toBe('A_Present');
    expect(name(['A_Present'])).toBe(`A_U${hash}_Present`);
    expect(name(['A_Present', `A_U${hash}_Present`])).toBe(`A_U${hash}_2_Present`);
    expect(name(['A_Present', `A_U${hash}_Present`, `A_U${hash}_2_Present`])).toBe(`A_U${hash}_3_Present`);
  });

  it('keeps the _DescriptorId of its member', () => {
    expect(presenceFlagName(label, { ...member, name: 'Kind_DescriptorId', kind: 'DescriptorFk' }, new Set())).toBe(
      'Kind_DescriptorId_Present',
    );
  });

  it('is KU_NAME_EXHAUSTED when nothing is free', () => {
    expect(failureOf(() => presenceFlagName(label, member, new EveryName())).code).toBe('KU_NAME_EXHAUSTED');
  });
});

describe('names handed out within one table', () => {
  it('go first to the class whose smallest column name is smaller', () => {
    const two = resource('Two', {
      equalityConstraints: [equal('$.a.bYear', '$.x'), equal('$.aB.year', '$.y')],
      relational: { nameOverrides: { '$.a.bYear': 'Second', '$.aB.year': 'First' } },
      jsonSchemaForInsert: object({
        a: object({ bYear: integer() }),
        aB: object({ year: integer() }),
        x: integer(),
        y: integer(),
      }),
    });
    const hash = sha256Of('key-unification-canonical-name:v1\n$.a.bYear\n$.x').slice(0, 8);
    expect(tableOf(modelOf([edFi([two])]), 'edfi.Two').keyUnificationClasses).toEqual([
      { canonicalColumn: `ABYear_U${hash}_Unified`, memberPathColumns: ['Second', 'X'] },
      { canonicalColumn: 'ABYear_Unified', memberPathColumns: ['First', 'Y'] },
    ]);
  });

  it('are not given twice: three classes of one token take the plain name and two hashes', () => {
    const sites = ['a', 'b', 'c', 'd', 'e', 'f'];
    const many = resource('Many', {
      documentPathsMapping: Object.fromEntries(
        sites.map((name) => [name.toUpperCase(), roomReference(`$.${name}Reference`, false)]),
      ),
      equalityConstraints: [
        equal('$.eReference.schoolId', '$.fReference.schoolId'),
        equal('$.cReference.schoolId', '$.dReference.schoolId'),
        equal('$.aReference.schoolId', '$.bReference.schoolId'),
      ],
      jsonSchemaForInsert: object(Object.fromEntries(sites.map((name) => [`${name}Reference`, roomFields]))),
    });
    const hashOf = (a: string, b: string) =>
      sha256Of(`key-unification-canonical-name:v1\n$.${a}Reference.schoolId\n$.${b}Reference.schoolId`).slice(0, 8);
    const expected = [
      { canonicalColumn: 'SchoolId_Unified', memberPathColumns: ['A_SchoolId', 'B_SchoolId'] },
      { canonicalColumn: `SchoolId_U${hashOf('c', 'd')}_Unified`, memberPathColumns: ['C_SchoolId', 'D_SchoolId'] },
      { canonicalColumn: `SchoolId_U${hashOf('e', 'f')}_Unified`, memberPathColumns: ['E_SchoolId', 'F_SchoolId'] },
    ].sort((a, b) => (a.canonicalColumn < b.canonicalColumn ? -1 : 1));
    expect(tableOf(modelOf([edFi([school, room, many])]), 'edfi.Many').keyUnificationClasses).toEqual(expected);
  });
});
