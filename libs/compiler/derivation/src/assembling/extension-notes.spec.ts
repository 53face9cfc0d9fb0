import { build, edFi, extension, fields, rows, schemaSet, schemaSetV2, school, schoolReference } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../derive-model.ts';

const { ext, extensionOf, integer, object, resource, string } = build;

const houses = rows({ houseName: string(30) });
const ofSchool = (members: build.JsonRecord, relational?: build.JsonRecord) =>
  extensionOf('School', {
    jsonSchemaForInsert: object({ _ext: ext('sample', object(members)) }),
    ...(relational && { relational }),
  });

function notesOf(...documents: readonly build.JsonRecord[]) {
  const [v1, v2] = [schemaSet, schemaSetV2].map(
    (setOf) => deriveModel(setOf(...documents), 'pgsql', { strict: false }).notes,
  );
  expect(v2).toEqual(v1);
  return v1?.map(({ code, message, where }) => ({ code, message, where })) ?? [];
}

describe('the name of a collection', () => {
  it('that is probably no word is noted once per extension, with the overrides that change it', () => {
    const lot = resource('Lot', { jsonSchemaForInsert: fields({ sizes: rows({ note: string() }), plots: houses }) });
    const [note, ...others] = notesOf(edFi([school]), extension([ofSchool({ houses }), lot]));
    expect(others).toEqual([]);
    expect(note).toEqual({
      code: 'COLLECTION_NAME_ODD',
      where: { resource: 'Sample:Lot', path: '$.sizes[*]' },
      message:
        'Sample: the rule that turns the name of a collection into the singular may have gone wrong for 2 tables: $.sizes[*] of Sample:Lot is sample.LotSiz (if that is wrong, add "nameOverrides": { "$.sizes[*]": "Size" } to its "relational"), $._ext.sample.houses[*] of Sample:School is sample.SchoolExtensionHous (if that is wrong, add "nameOverrides": { "$.houses[*]": "House" } to its "relational").',
    });
  });

  it.each([
    [
      'the core, which only its publisher changes',
      [edFi([school, resource('Lot', { jsonSchemaForInsert: fields({ houses }) })])],
    ],
    ['an override', [edFi([school]), extension([ofSchool({ houses }, { nameOverrides: { '$.houses[*]': 'House' } })])]],
    [
      'an override that repeats it',
      [edFi([school]), extension([ofSchool({ houses }, { nameOverrides: { '$.houses[*]': 'Hous' } })])],
    ],
    ['a usual ending', [edFi([school]), extension([ofSchool({ plots: houses })])]],
  ])('has no note with %s', (_, documents) => {
    expect(notesOf(...documents)).toEqual([]);
  });
});

describe('a reference of an extension', () => {
  const place = fields({ schoolId: integer() });
  const visit = (isRequired: boolean, required: readonly string[]) =>
    resource('Visit', {
      documentPathsMapping: { School: schoolReference(isRequired) },
      jsonSchemaForInsert: object({ schoolReference: place }, [...required]),
    });
  const codes = (...documents: readonly build.JsonRecord[]) =>
    [schemaSet, schemaSetV2].map((setOf) => deriveModel(setOf(...documents), 'pgsql').notes);

  it.each([
    [true, []],
    [false, ['schoolReference']],
  ])(
    'that the mapping and the JSON schema require differently is noted: isRequired %s, required %j',
    (declared, required) => {
      for (const notes of codes(edFi([school]), extension([visit(declared, required)])))
        expect(notes).toMatchObject([
          {
            code: 'REFERENCE_REQUIRED_DIFFERS',
            where: { resource: 'Sample:Visit', path: '$.schoolReference' },
            message: `Sample: isRequired in documentPathsMapping and "required" in jsonSchemaForInsert differ for 1 reference; v1 follows isRequired, later generations the JSON schema: $.schoolReference of Sample:Visit (isRequired: ${declared}).`,
          },
        ]);
    },
  );

  it.each([
    ['that both require', [edFi([school]), extension([visit(true, ['schoolReference'])])]],
    ['that neither requires', [edFi([school]), extension([visit(false, [])])]],
    ['of the core', [edFi([school, visit(true, [])])]],
  ])('%s has no note', (_, documents) => {
    expect(codes(...documents)).toEqual([[], []]);
  });
});
