import { build, columnNames, edFi, expectDiagnostics, expectRejected, modelOf, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { constraintsOf } from '../model-text.ts';

const { array, integer, object, reference, string } = build;

/** A target with the identity `$.first.code`, `$.second.code`, `$.name`. */
const target = build.resource('Target', {
  identityJsonPaths: ['$.first.code', '$.second.code', '$.name'],
  jsonSchemaForInsert: object(
    { first: object({ code: string(5) }, ['code']), second: object({ code: string(5) }, ['code']), name: string(5) },
    ['first', 'second', 'name'],
  ),
});

const referrer = (fields: readonly [string, string, string], relational: build.Json = null) =>
  build.resource('Referrer', {
    documentPathsMapping: {
      Target: reference('Ed-Fi:Target', [
        ['$.first.code', `$.targetReference.${fields[0]}`],
        ['$.second.code', `$.targetReference.${fields[1]}`],
        ['$.name', `$.targetReference.${fields[2]}`],
      ]),
    },
    relational,
    jsonSchemaForInsert: object({
      targetReference: object(Object.fromEntries(fields.map((field) => [field, string(5)]))),
    }),
  });

const parts = (...given: Parameters<typeof referrer>) =>
  columnNames(tableOf(modelOf([edFi([target, referrer(...given)])]), 'edfi.Referrer')).slice(2);

// design 02 §8.3, steps 1 to 3
describe('the parts of a reference are named by', () => {
  it('its own fields where their names differ', () => {
    expect(parts(['codeA', 'codeB', 'label'])).toEqual(['Target_CodeA', 'Target_CodeB', 'Target_Label']);
  });

  it('the identity paths where two different fields have one name in PascalCase', () => {
    expect(parts(['some_code', 'someCode', 'label'])).toEqual([
      'Target_FirstCode',
      'Target_SecondCode',
      'Target_Label',
    ]);
  });

  it('an override first: it renames only its own field, the other keeps the name of its identity path', () => {
    const relational = { nameOverrides: { '$.targetReference.someCode': 'Main' } };
    expect(parts(['some_code', 'someCode', 'label'], relational)).toEqual([
      'Target_FirstCode',
      'Target_Main',
      'Target_Label',
    ]);
  });

  it('no identity path that lies in an array: that cannot name a part', () => {
    const listed = build.resource('Listed', {
      identityJsonPaths: ['$.rows[*].a', '$.rows[*].b'],
      jsonSchemaForInsert: object({ rows: array(object({ a: string(5), b: string(5) }, ['a', 'b'])) }),
    });
    const referring = build.resource('Referrer', {
      documentPathsMapping: {
        Listed: reference('Ed-Fi:Listed', [
          ['$.rows[*].a', '$.listedReference.value'],
          ['$.rows[*].b', '$.listedReference.value'],
        ]),
      },
      jsonSchemaForInsert: object({ listedReference: object({ value: string(5) }) }),
    });
    // the error of the reference follows from its target
    expectDiagnostics(
      () => modelOf([edFi([listed, referring])]),
      { code: 'IDENTITY_PATH_IN_ARRAY', resource: 'Ed-Fi:Listed', names: ['$.rows[*].a'] },
      { code: 'IDENTITY_PATH_IN_ARRAY', resource: 'Ed-Fi:Listed', names: ['$.rows[*].b'] },
    );
  });
});

describe('a part that takes the name of another column', () => {
  it('is reported with both paths', () => {
    const referring = build.resource('Referrer', {
      documentPathsMapping: {
        A: reference('Ed-Fi:One', [['$.code', '$.aReference.code']]),
        B: reference('Ed-Fi:One', [['$.code', '$.bReference.code']]),
      },
      relational: { nameOverrides: { '$.bReference': 'A' } },
      jsonSchemaForInsert: object({
        aReference: object({ code: string(5) }),
        bReference: object({ code: string(5) }),
      }),
    });
    const one = build.resource('One', {
      identityJsonPaths: ['$.code'],
      jsonSchemaForInsert: object({ code: string(5) }, ['code']),
    });
    expectRejected([edFi([one, referring])], {
      code: 'COLUMN_NAME_COLLISION',
      resource: 'Ed-Fi:Referrer',
      names: ['edfi.Referrer', 'A_DocumentId', '$.aReference', '$.bReference'],
    });
  });
});

// design 02 §9.2 and §9.3
describe('a reference to an abstract resource', () => {
  const member = build.resource('Member', {
    isSubclass: true,
    superclassProjectName: 'Ed-Fi',
    superclassResourceName: 'Base',
    identityJsonPaths: ['$.a', '$.b'],
    jsonSchemaForInsert: object({ a: string(5), b: integer() }, ['a', 'b']),
  });
  const referring = build.resource('Referrer', {
    documentPathsMapping: {
      Base: reference('Ed-Fi:Base', [
        ['$.a', '$.baseReference.a'],
        ['$.b', '$.baseReference.b'],
      ]),
    },
    jsonSchemaForInsert: object({ baseReference: object({ a: string(5), b: integer() }) }),
  });
  // the identity of the abstract resource has another order than the identity of its member and the pairs
  const model = modelOf([
    build.project('Ed-Fi', [member, referring], { abstractResources: { Base: { identityJsonPaths: ['$.b', '$.a'] } } }),
  ]);

  it('orders check and key by the identity of the abstract resource, and points at its identity table', () => {
    const found = tableOf(model, 'edfi.Referrer');
    expect(constraintsOf(found, 'AllOrNone')).toEqual([
      'AllOrNone CK_Referrer_Base_AllNone Base_DocumentId: Base_B, Base_A',
    ]);
    expect(constraintsOf(found, 'ForeignKey').filter((key) => key.includes('Base_'))).toEqual([
      expect.stringMatching(
        /^ForeignKey FK_Referrer_Base_RefKey \(Base_DocumentId, Base_B, Base_A\) -> edfi\.BaseIdentity \(DocumentId, B, A\) NoAction\//,
      ),
    ]);
  });

  it('adds no reference key to the members: nothing refers to them', () => {
    expect(constraintsOf(tableOf(model, 'edfi.Member'), 'Unique')).toEqual(['Unique UX_Member_NK (A, B)']);
  });

  it('must bind every identity path of the abstract resource', () => {
    const { documentPathsMapping: _, ...others } = referring.schema;
    const incomplete = {
      ...others,
      documentPathsMapping: { TheKey: reference('Ed-Fi:Base', [['$.a', '$.baseReference.a']]) },
    };
    expectRejected(
      [
        build.project('Ed-Fi', [member, { endpoint: 'referrers', schema: incomplete }], {
          abstractResources: { Base: { identityJsonPaths: ['$.b', '$.a'] } },
        }),
      ],
      { code: 'REFERENCE_IDENTITY_NOT_COVERED', resource: 'Ed-Fi:Referrer', names: ['TheKey', '$.b', 'Ed-Fi:Base'] },
    );
  });
});
