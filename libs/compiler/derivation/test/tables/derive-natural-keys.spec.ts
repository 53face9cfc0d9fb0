import { build, expectDiagnostics, expectRejected, modelOf, resourceOf, tableOf, withSchool } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import type { DraftResource } from '../../src/draft/model-draft.ts';
import { deriveNaturalKeys } from '../../src/passes/derive-constraints.ts';
import { draftBefore } from '../drafts.ts';
import { constraintsOf } from '../model-text.ts';

const schoolReference = build.object({ schoolId: build.integer() }, ['schoolId']);
const toSchool = build.reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]);

const naturalKey = (resource: build.BuiltResource, name: string) => {
  const model = modelOf([withSchool(resource)]);
  const [unique] = constraintsOf(tableOf(model, `edfi.${name}`), 'Unique');
  return { unique, columns: resourceOf(model, `Ed-Fi:${name}`).naturalKey.columns };
};

describe('the natural key of a root table', () => {
  it('has the key column of a reference instead of its values, in the order of the identity', () => {
    const academicWeek = (identityJsonPaths: readonly string[]) =>
      build.resource('AcademicWeek', {
        identityJsonPaths,
        documentPathsMapping: { School: toSchool },
        jsonSchemaForInsert: build.object({ schoolReference, weekIdentifier: build.string(80) }, [
          'schoolReference',
          'weekIdentifier',
        ]),
      });
    expect(naturalKey(academicWeek(['$.schoolReference.schoolId', '$.weekIdentifier']), 'AcademicWeek')).toEqual({
      unique: 'Unique UX_AcademicWeek_NK (School_DocumentId, WeekIdentifier)',
      columns: ['School_DocumentId', 'WeekIdentifier'],
    });
    expect(naturalKey(academicWeek(['$.weekIdentifier', '$.schoolReference.schoolId']), 'AcademicWeek')).toEqual({
      unique: 'Unique UX_AcademicWeek_NK (WeekIdentifier, School_DocumentId)',
      columns: ['WeekIdentifier', 'School_DocumentId'],
    });
  });

  it('names a reference once, where its first value stands', () => {
    const two = build.resource('Two', {
      identityJsonPaths: ['$.a', '$.b'],
      jsonSchemaForInsert: build.object({ a: build.string(), b: build.string() }, ['a', 'b']),
    });
    const thing = build.resource('Thing', {
      identityJsonPaths: ['$.twoReference.b', '$.code', '$.twoReference.a'],
      documentPathsMapping: {
        Two: build.reference('Ed-Fi:Two', [
          ['$.a', '$.twoReference.a'],
          ['$.b', '$.twoReference.b'],
        ]),
      },
      jsonSchemaForInsert: build.object(
        { code: build.string(), twoReference: build.object({ a: build.string(), b: build.string() }, ['a', 'b']) },
        ['code', 'twoReference'],
      ),
    });
    const model = modelOf([withSchool(two, thing)]);
    expect(constraintsOf(tableOf(model, 'edfi.Thing'), 'Unique')).toEqual([
      'Unique UX_Thing_NK (Two_DocumentId, Code)',
    ]);
  });

  it('has the key column of a descriptor and the values of inlined objects', () => {
    const thing = build.resource('Thing', {
      identityJsonPaths: ['$.place.code', '$.kindDescriptor'],
      documentPathsMapping: { Kind: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') },
      jsonSchemaForInsert: build.object(
        { place: build.object({ code: build.string() }, ['code']), kindDescriptor: build.uri() },
        ['place', 'kindDescriptor'],
      ),
    });
    expect(naturalKey(thing, 'Thing').columns).toEqual(['PlaceCode', 'KindDescriptor_DescriptorId']);
  });

  it('is named after the table, which an override may have renamed', () => {
    const thing = build.resource('Thing', {
      identityJsonPaths: ['$.code'],
      relational: { rootTableNameOverride: 'Gadget' },
      jsonSchemaForInsert: build.object({ code: build.string() }, ['code']),
    });
    const model = modelOf([withSchool(thing)]);
    expect(constraintsOf(tableOf(model, 'edfi.Gadget'), 'Unique')).toEqual(['Unique UX_Gadget_NK (Code)']);
  });

  it('does not exist without identity paths', () => {
    const thing = build.resource('Thing', { jsonSchemaForInsert: build.object({ code: build.string() }, ['code']) });
    expect(naturalKey(thing, 'Thing')).toEqual({ unique: undefined, columns: [] });
  });
});

describe('an identity path', () => {
  it('must not be in an array', () => {
    const thing = build.resource('Thing', {
      identityJsonPaths: ['$.rows[*].code'],
      jsonSchemaForInsert: build.object({ rows: build.array(build.object({ code: build.string() }, ['code'])) }, [
        'rows',
      ]),
    });
    expectRejected([withSchool(thing)], {
      code: 'IDENTITY_PATH_IN_ARRAY',
      resource: 'Ed-Fi:Thing',
      names: ['$.rows[*].code'],
    });
  });

  it('must not be part of a reference in an array', () => {
    const thing = build.resource('Thing', {
      identityJsonPaths: ['$.rows[*].schoolReference.schoolId'],
      documentPathsMapping: {
        School: build.reference('Ed-Fi:School', [['$.schoolId', '$.rows[*].schoolReference.schoolId']]),
      },
      jsonSchemaForInsert: build.object({ rows: build.array(build.object({ schoolReference })) }),
    });
    expectRejected([withSchool(thing)], {
      code: 'IDENTITY_PATH_IN_ARRAY',
      resource: 'Ed-Fi:Thing',
      names: ['$.rows[*].schoolReference.schoolId'],
    });
  });

  it('must have a column in the root table', () => {
    const path = '$._ext.sample.code';
    const thing = build.resource('Thing', {
      identityJsonPaths: [path],
      jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({ code: build.string() })) }),
    });
    expectRejected([withSchool(thing), build.project('Sample', [], { isExtension: true })], {
      code: 'IDENTITY_NOT_ON_ROOT',
      resource: 'Ed-Fi:Thing',
      names: [path],
    });
  });

  it('must not belong to a reference outside the root table', () => {
    const path = '$._ext.sample.schoolReference.schoolId';
    const toExtension = build.reference('Ed-Fi:School', [['$.schoolId', path]]);
    const base = build.resource('Thing', {
      identityJsonPaths: [path],
      documentPathsMapping: { Path: build.scalarPath(path) },
      jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({ schoolReference })) }),
    });
    const extension = build.extensionOf('Thing', {
      documentPathsMapping: { School: toExtension },
      jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({ schoolReference })) }),
    });
    expectRejected([withSchool(base), build.project('Sample', [extension], { isExtension: true })], {
      code: 'IDENTITY_NOT_ON_ROOT',
      resource: 'Ed-Fi:Thing',
      names: [path],
    });
  });

  const thing = build.resource('Thing', {
    identityJsonPaths: ['$.schoolReference.schoolId', '$.code'],
    documentPathsMapping: {
      School: toSchool,
      Other: build.reference('Ed-Fi:School', [['$.schoolId', '$.otherReference.schoolId']], false),
    },
    jsonSchemaForInsert: build.object({ schoolReference, otherReference: schoolReference, code: build.string() }, [
      'schoolReference',
      'code',
    ]),
  });

  const draft = () => {
    const found = draftBefore(deriveNaturalKeys, [withSchool(thing)]);
    return { found, resource: found.resources.get('Ed-Fi:Thing') as DraftResource };
  };

  it('must not be bound by two references', () => {
    // no input can bind one path twice without repeating the object, so the binding is added by hand
    const { found, resource } = draft();
    const path = '$.schoolReference.schoolId';
    const [other] = resource.bindingsByReferencePath.get('$.otherReference.schoolId') ?? [];
    resource.bindingsByReferencePath.get(path)?.push(other!);
    expectDiagnostics(() => deriveNaturalKeys(found), {
      code: 'IDENTITY_PATH_AMBIGUOUS',
      resource: 'Ed-Fi:Thing',
      names: [path],
    });
  });

  it('must not feed root columns of different kinds', () => {
    const { found, resource } = draft();
    const code = resource.root.columns.get('Code')!;
    resource.root.addColumn({ ...code, name: 'Code_DescriptorId', kind: 'DescriptorFk' });
    expectDiagnostics(() => deriveNaturalKeys(found), {
      code: 'SOURCE_PATH_KINDS',
      resource: 'Ed-Fi:Thing',
      names: ['$.code', 'Code', 'Scalar', 'Code_DescriptorId', 'DescriptorFk'],
    });
  });

  it('that feeds several root columns of one kind means the first by name', () => {
    const { found, resource } = draft();
    resource.root.addColumn({ ...resource.root.columns.get('Code')!, name: 'Backup' });
    deriveNaturalKeys(found);
    expect(resource.naturalKey.map(({ name }) => name)).toEqual(['School_DocumentId', 'Backup']);
    for (const column of resource.naturalKey) expect(resource.root.columns.get(column.name)).toBe(column);
  });
});
