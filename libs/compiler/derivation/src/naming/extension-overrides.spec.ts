import {
  abstractResource,
  build,
  codesOf,
  columnNames,
  edFi,
  expectNamed,
  extension,
  failureOf,
  fields,
  modelOf,
  plain,
  school,
  schoolReference,
  subclassOf,
  tableNames,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { constraintLine } from '../../test/model-text.ts';

const { array, descriptor, descriptorPath, ext, extensionOf, integer, object, string, uri } = build;

/**
 * The additions of the project `sample` to `Person`: values, a reference, a collection of its own, a companion of
 * `addresses`.
 */
const added = object({
  _ext: ext(
    'sample',
    object({
      nickName: string(),
      schoolReference: fields({ schoolId: integer() }),
      services: array(object({ note: string() })),
      kinds: array(uri()),
      addresses: array(object({ _ext: ext('sample', object({ floors: array(object({ note: string() })) })) })),
    }),
  ),
});

interface GivenOverride {
  readonly base?: build.JsonRecord;
  readonly own?: build.JsonRecord;
  readonly members?: build.JsonRecord;
}

const documentsOf = ({ base, own, members }: GivenOverride) => [
  edFi([
    school,
    descriptor('KindDescriptor'),
    plain(
      'Person',
      { note: string(), addresses: array(object({ city: string() })) },
      [],
      base ? { relational: base } : {},
    ),
  ]),
  extension([
    extensionOf('Person', {
      documentPathsMapping: {
        School: schoolReference(false, '$._ext.sample.schoolReference'),
        Kind: descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.kinds[*]'),
      },
      jsonSchemaForInsert: added,
      ...(own ? { relational: own } : {}),
      ...members,
    }),
  ]),
];

const modelFor = (given: GivenOverride) => modelOf(documentsOf(given));

const diagnosticOf = (given: GivenOverride, ...codes: readonly string[]) => {
  const error = failureOf(() => modelFor(given));
  expect(codesOf(error)).toEqual(codes);
  return error.diagnostics[0];
};

const named = (nameOverrides: build.JsonRecord): build.JsonRecord => ({ nameOverrides });

describe('a collection override of an extension that repeats a superclass (design 03 §4.3)', () => {
  const tables = (name: string, members: build.JsonRecord) =>
    tableNames(modelFor({ own: named({ '$.services[*]': name }), members })).filter((table) => /Service/.test(table));

  const superclass = { superclassProjectName: 'Ed-Fi', superclassResourceName: 'StudentProgram' };

  it.each([
    ['StudentProgramOffer', superclass, 'sample.PersonExtensionOffer'],
    ['ProgramOffer', superclass, 'sample.PersonExtensionOffer'],
    ['StudentProgramOffer', {}, 'sample.PersonExtensionStudentProgramOffer'],
  ])('"%s" with %j names %s: the superclass is that of the extension itself', (name, members, expected) => {
    expect(tableNames(modelFor({ own: named({ '$.services[*]': name }), members }))).toContain(expected);
  });

  it('does not count where the override is the default name', () => {
    expect(tables('Service', { ...superclass, superclassResourceName: 'Ser' })).toEqual([
      'sample.PersonExtensionService',
    ]);
  });

  it('does not take the superclass of the base, which the base collections alone may repeat', () => {
    const base = plain('Person', { personId: integer(), awards: array(object({ note: string() })) }, ['personId'], {
      ...subclassOf('Ed-Fi:StudentProgram'),
      relational: named({ '$.awards[*]': 'StudentProgramPrize' }),
    });
    const own = extensionOf('Person', {
      relational: named({ '$.services[*]': 'StudentProgramOffer' }),
      jsonSchemaForInsert: object({ _ext: ext('sample', object({ services: array(object({ note: string() })) })) }),
    });
    const abstractResources = { StudentProgram: abstractResource(['$.personId']) };
    const names = tableNames(modelOf([edFi([base], { abstractResources }), extension([own])]));
    expect(names).toContain('edfi.PersonPrize');
    expect(names).toContain('sample.PersonExtensionStudentProgramOffer');
  });
});

describe('an override of an extension', () => {
  it('inside a reference object is OVERRIDE_REFERENCE_MEMBER with the key as written and the path it means', () => {
    const found = diagnosticOf({ own: named({ '$.schoolReference.note': 'X' }) }, 'OVERRIDE_REFERENCE_MEMBER');
    const canonical = '$._ext.sample.schoolReference.note';
    expect(found.details).toMatchObject({
      resource: 'Sample:Person',
      key: '$.schoolReference.note',
      canonical,
      reference: '$._ext.sample.schoolReference',
    });
    expectNamed(found, ['Sample:Person', `$.schoolReference.note (${canonical})`]);
  });

  it('on its reference renames key and constraints of the extension table', () => {
    const table = tableOf(modelFor({ own: named({ '$.schoolReference': 'campus' }) }), 'sample.PersonExtension');
    expect(columnNames(table)).toEqual(['DocumentId', 'Campus_DocumentId', 'Campus_SchoolId', 'NickName']);
    expect(constraintLine(table, 'FK_PersonExtension_Campus_RefKey')).toBeDefined();
    expect(constraintLine(table, 'CK_PersonExtension_Campus_AllNone')).toBeDefined();
  });

  it.each([
    ['PersonExtension', 'PersonExtension'],
    ['person', 'Person'],
    ['extension', 'Extension'],
  ])('"%s" on a collection is nothing but the prefix %s: OVERRIDE_EQUALS_PREFIX', (name, prefix) => {
    const found = diagnosticOf({ own: named({ '$.services[*]': name }) }, 'OVERRIDE_EQUALS_PREFIX');
    expectNamed(found, ['Sample:Person', '$._ext.sample.services[*]', `"${prefix}"`]);
  });

  it('on an array of descriptors names its table, never its column (§3.3)', () => {
    const table = tableOf(modelFor({ own: named({ '$.kinds[*]': 'sort' }) }), 'sample.PersonExtensionSort');
    expect(columnNames(table)).toEqual(['Person_DocumentId', 'Ordinal', 'Kind_DescriptorId']);
  });

  it('below the key of another project matches nothing', () => {
    const found = diagnosticOf({ own: named({ '$._ext.other.nickName': 'X' }) }, 'OVERRIDE_UNUSED');
    expect(found.details.overrides).toEqual([{ rawKey: '$._ext.other.nickName', canonical: '$._ext.other.nickName' }]);
  });
});

describe('an override of a base resource', () => {
  it.each(['site', 'PersonSite'])('"%s" on a collection names its companion in an extension too', (name) => {
    const names = tableNames(modelFor({ base: named({ '$.addresses[*]': name }) }));
    expect(names).toContain('edfi.PersonSite');
    expect(names).toContain('sample.PersonExtensionSite');
    expect(names).toContain('sample.PersonExtensionSiteFloor');
  });

  it('below _ext is unused without an extension that has the path', () => {
    const documents = documentsOf({ base: named({ '$._ext.sample.nickName': 'X' }) });
    expect(() => modelOf(documents)).not.toThrow();
    const error = failureOf(() => modelOf(documents.slice(0, 1)));
    expect(codesOf(error)).toEqual(['OVERRIDE_UNUSED']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:Person', '$._ext.sample.nickName']);
  });
});

describe('the root override of a resource extension (design 03 §4.1)', () => {
  const renamed = { rootTableNameOverride: 'human' };

  it('is the name of the resource with Extension also where the base has another root name, and has no effect then', () => {
    const names = tableNames(modelFor({ base: renamed, own: { rootTableNameOverride: 'PersonExtension' } }));
    expect(names).toEqual(tableNames(modelFor({ base: renamed })));
    expect(names).toContain('sample.HumanExtension');
  });

  it('is refused where it is that of the renamed base', () => {
    const found = diagnosticOf(
      { base: renamed, own: { rootTableNameOverride: 'HumanExtension' } },
      'OVERRIDE_ROOT_ON_EXTENSION',
    );
    expectNamed(found, ['Sample:Person', 'HumanExtension']);
  });

  it.each<[string, build.Json]>([
    ['null', null],
    ['blank', ' '],
    ['a number', 5],
    ['without a letter or digit', '-_-'],
  ])('that is %s is OVERRIDE_INVALID', (_, rootTableNameOverride) => {
    const found = diagnosticOf({ own: { rootTableNameOverride } }, 'OVERRIDE_INVALID');
    expectNamed(found, ['Sample:Person', 'rootTableNameOverride']);
  });
});

describe('the entries of nameOverrides are read in the order of their keys (design 03 §4.2)', () => {
  it.each<[string, build.JsonRecord, string, string]>([
    ['the path before the text', { note: '' }, 'OVERRIDE_PATH_INVALID', 'note'],
    ['the text before the reference', { '$.schoolReference.x': ' ' }, 'OVERRIDE_INVALID', '$.schoolReference.x'],
  ])('so that of two faults the first is reported: %s', (_, nameOverrides, code, key) => {
    expectNamed(diagnosticOf({ own: named(nameOverrides) }, code), ['Sample:Person', key]);
  });

  it('and the faults of all keys are reported', () => {
    const own = named({ '$.nickName': '', '$.Note[0]': 'X', '$.schoolReference.x': 'X' });
    const { diagnostics } = failureOf(() => modelFor({ own }));
    expect(diagnostics.map(({ code, where }) => [code, where.path])).toEqual([
      ['OVERRIDE_PATH_INVALID', '$.Note[0]'],
      ['OVERRIDE_INVALID', 'relational.nameOverrides["$.nickName"]'],
      ['OVERRIDE_REFERENCE_MEMBER', '$.schoolReference.x'],
    ]);
  });
});
