import { build, edFi } from '@dms/testing';
import { expect, it } from 'vitest';
import { completeTranslation, earlierSet } from '../../test/earlier-views.ts';
import { deriveEarlier } from './derive-earlier.ts';

/* What views of the earlier version cannot give back (design 21 §4), one small translation for each reason. */

const { array, date, dateTime, descriptor, descriptorPath, integer, object, reference, resource, scalarPath, string } =
  build;

type Mapping = Readonly<Record<string, build.JsonRecord>>;

/** A resource whose values are scalars, unless `mapping` says otherwise. */
function thing(
  name: string,
  properties: build.JsonRecord,
  identity: readonly string[],
  mapping: Mapping = {},
  required: readonly string[] = identity,
) {
  const scalars = Object.keys(properties).filter((member) => !(member in mapping));
  return resource(name, {
    identityJsonPaths: identity.map((member) => `$.${member}`),
    documentPathsMapping: {
      ...Object.fromEntries(scalars.map((member) => [member, scalarPath(`$.${member}`)])),
      ...mapping,
    },
    jsonSchemaForInsert: object(properties, required),
  });
}

const yearType = resource('SchoolYearType', {
  identityJsonPaths: ['$.schoolYear'],
  documentPathsMapping: { SchoolYear: scalarPath('$.schoolYear') },
  jsonSchemaForInsert: object({ schoolYear: integer() }, ['schoolYear']),
});

const yearReference = {
  yearTypeReference: reference('Ed-Fi:SchoolYearType', [['$.schoolYear', '$.yearTypeReference.schoolYear']], true),
};

const kind = { kindDescriptor: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') };
const numbers = { numbers: scalarPath('$.numbers[*].n') };
const note = { info: scalarPath('$.info.note') };
const items = (name: string) => array(object({ [name]: integer() }, [name]));

interface LossCase {
  readonly before: readonly build.BuiltResource[];
  readonly after: readonly build.BuiltResource[];
  readonly rules: Readonly<Record<string, unknown>>;
  /** `reason place`, with the tables and whatever else the entry says. */
  readonly losses: readonly string[];
}

const key = { k: string(9) };
const plain = thing('Thing', key, ['k']);

const cases: Readonly<Record<string, LossCase>> = {
  'a set that only renames a value': {
    before: [thing('Thing', { ...key, note: string(5) }, ['k'])],
    after: [thing('Thing', { ...key, remark: string(5) }, ['k'])],
    rules: { moves: [{ before: 'Ed-Fi:Thing.$.note', after: 'Ed-Fi:Thing.$.remark' }] },
    losses: [],
  },
  'a resource, a descriptor and a value that are dropped': {
    before: [
      thing('Thing', { ...key, note: string(5) }, ['k']),
      thing('Other', key, ['k']),
      descriptor('KindDescriptor'),
    ],
    after: [plain],
    rules: {
      drops: [{ before: 'Ed-Fi:Other' }, { before: 'Ed-Fi:KindDescriptor' }, { before: 'Ed-Fi:Thing.$.note' }],
    },
    losses: [
      'gone Ed-Fi:KindDescriptor by drops[1] in edfi.Descriptor, edfi.KindDescriptor',
      'gone Ed-Fi:Other by drops[0] in edfi.Other',
      'dropped Ed-Fi:Thing.$.note by drops[2] in edfi.Thing',
    ],
  },
  'a part that leaves the identity': {
    before: [thing('Thing', { ...key, part: string(9) }, ['k', 'part'])],
    after: [plain],
    rules: { drops: [{ before: 'Ed-Fi:Thing.$.part' }] },
    losses: ['united Ed-Fi:Thing by drops[0] in edfi.Thing', 'dropped Ed-Fi:Thing.$.part by drops[0] in edfi.Thing'],
  },
  'items of which only the first is kept': {
    before: [thing('Thing', { ...key, numbers: items('n') }, ['k'], numbers)],
    after: [thing('Thing', { ...key, n: integer() }, ['k'])],
    rules: { moves: [{ before: 'Ed-Fi:Thing.$.numbers[*].n', after: 'Ed-Fi:Thing.$.n', take: 'first' }] },
    losses: ['first Ed-Fi:Thing.$.numbers[*].n by moves[0] in edfi.Thingnumbers'],
  },
  'two values that become one, and two that stay two': {
    before: [thing('Thing', { ...key, a: string(1), b: string(1) }, ['k'])],
    after: [thing('Thing', { ...key, a: string(1), b: string(1) }, ['k'])],
    rules: {
      moves: [
        { before: 'Ed-Fi:Thing.$.a', after: 'Ed-Fi:Thing.$.a', values: { x: 'z', y: 'z' } },
        { before: 'Ed-Fi:Thing.$.b', after: 'Ed-Fi:Thing.$.b', values: { x: 'y', y: 'x' } },
      ],
    },
    losses: ['values Ed-Fi:Thing.$.a by moves[0] in edfi.Thing'],
  },
  'a moment that becomes its day': {
    before: [thing('Thing', { ...key, at: dateTime() }, ['k'])],
    after: [thing('Thing', { ...key, at: date() }, ['k'])],
    rules: { moves: [{ before: 'Ed-Fi:Thing.$.at', after: 'Ed-Fi:Thing.$.at', as: 'date' }] },
    losses: ['date Ed-Fi:Thing.$.at by moves[0] in edfi.Thing'],
  },
  'a descriptor that becomes its code value, of a type that stays': {
    before: [thing('Thing', { ...key, kindDescriptor: string(306) }, ['k'], kind), descriptor('KindDescriptor')],
    after: [thing('Thing', { ...key, kind: string(50) }, ['k']), descriptor('KindDescriptor')],
    rules: {
      moves: [{ before: 'Ed-Fi:Thing.$.kindDescriptor', after: 'Ed-Fi:Thing.$.kind', as: 'codeValue' }],
    },
    losses: ['codeValue Ed-Fi:Thing.$.kindDescriptor by moves[0] in edfi.Thing'],
  },
  'a descriptor that becomes its code value, of a type that goes': {
    before: [thing('Thing', { ...key, kindDescriptor: string(306) }, ['k'], kind), descriptor('KindDescriptor')],
    after: [thing('Thing', { ...key, kind: string(50) }, ['k'])],
    rules: {
      moves: [{ before: 'Ed-Fi:Thing.$.kindDescriptor', after: 'Ed-Fi:Thing.$.kind', as: 'codeValue' }],
      drops: [{ before: 'Ed-Fi:KindDescriptor' }],
    },
    losses: [
      'gone Ed-Fi:KindDescriptor by drops[0] in edfi.Descriptor, edfi.KindDescriptor',
      'codeValue Ed-Fi:Thing.$.kindDescriptor by moves[0] in edfi.Thing without Ed-Fi:KindDescriptor',
    ],
  },
  'a value that becomes required': {
    before: [thing('Thing', { ...key, note: string(5) }, ['k'])],
    after: [thing('Thing', { ...key, note: string(5) }, ['k', 'note'])],
    rules: { fills: [{ after: 'Ed-Fi:Thing.$.note', value: 'none' }] },
    losses: ['filled Ed-Fi:Thing.$.note by fills[0] in edfi.Thing'],
  },
  'a required value that is filled': {
    before: [plain],
    after: [
      thing('Thing', { ...key, kindDescriptor: string(306) }, ['k', 'kindDescriptor'], kind),
      descriptor('KindDescriptor'),
    ],
    rules: { fills: [{ after: 'Ed-Fi:Thing.$.kindDescriptor', value: 'uri://ed-fi.org/KindDescriptor#A' }] },
    losses: [],
  },
  'a descriptor type whose values a rule gives': {
    before: [plain, descriptor('KindDescriptor')],
    after: [
      thing('Thing', { ...key, kindDescriptor: string(306) }, ['k', 'kindDescriptor'], kind),
      descriptor('KindDescriptor'),
    ],
    rules: { fills: [{ after: 'Ed-Fi:Thing.$.kindDescriptor', value: 'uri://ed-fi.org/KindDescriptor#A' }] },
    losses: [
      'made Ed-Fi:KindDescriptor by fills[0] in edfi.Descriptor, edfi.KindDescriptor uri://ed-fi.org/KindDescriptor#A',
    ],
  },
  'a school year that a rule gives': {
    before: [thing('Thing', { ...key, day: date() }, ['k', 'day']), yearType],
    after: [
      thing(
        'Thing',
        { ...key, day: date(), yearTypeReference: object({ schoolYear: integer() }, ['schoolYear']) },
        ['k', 'day'],
        yearReference,
        ['k', 'day', 'yearTypeReference'],
      ),
      yearType,
    ],
    rules: {
      fills: [{ after: 'Ed-Fi:Thing.$.yearTypeReference.schoolYear', schoolYearOf: '$.day', begins: '07-01' }],
    },
    losses: ['made Ed-Fi:SchoolYearType by fills[0] in edfi.SchoolYearType'],
  },
  'values of two resources that go to documents of a third': {
    before: ['Thing', 'Other'].map((name) => thing(name, { ...key, note: string(5) }, ['k'])),
    after: [plain, thing('Other', key, ['k']), thing('Remark', { ...key, note: string(5) }, ['k'])],
    rules: {
      documents: ['Thing', 'Other'].map((name) => ({
        before: `Ed-Fi:${name}`,
        after: 'Ed-Fi:Remark',
        members: ['$.note'],
        identity: { '$.k': '$.k' },
      })),
    },
    losses: [
      'union Ed-Fi:Other.$.note by documents[1] in edfi.Other Ed-Fi:Thing.$.note',
      'union Ed-Fi:Thing.$.note by documents[0] in edfi.Thing Ed-Fi:Other.$.note',
    ],
  },
  'values of resources of which one has no later documents': {
    before: ['Thing', 'Other'].map((name) => thing(name, { ...key, note: string(5) }, ['k'])),
    after: [plain, thing('Remark', { ...key, note: string(5) }, ['k'])],
    rules: {
      documents: ['Thing', 'Other'].map((name) => ({
        before: `Ed-Fi:${name}`,
        after: 'Ed-Fi:Remark',
        members: ['$.note'],
        identity: { '$.k': '$.k' },
      })),
    },
    losses: [
      'gone Ed-Fi:Other by documents[1] in edfi.Other',
      'union Ed-Fi:Thing.$.note by documents[0] in edfi.Thing Ed-Fi:Other.$.note',
    ],
  },
  'items of two resources that become documents of a third': {
    before: ['Thing', 'Other'].map((name) => thing(name, { ...key, numbers: items('n') }, ['k'], numbers)),
    after: [plain, thing('Other', key, ['k']), thing('Entry', { ...key, n: integer() }, ['k', 'n'])],
    rules: {
      documents: ['Thing', 'Other'].map((name) => ({
        before: `Ed-Fi:${name}.$.numbers[*]`,
        after: 'Ed-Fi:Entry',
        identity: { '$.k': '$.k' },
      })),
    },
    losses: [
      'union Ed-Fi:Other.$.numbers[*] by documents[1] in edfi.Othernumbers Ed-Fi:Thing.$.numbers[*]',
      'union Ed-Fi:Thing.$.numbers[*] by documents[0] in edfi.Thingnumbers Ed-Fi:Other.$.numbers[*]',
    ],
  },
  'items whose members are named and that become documents of a third resource': {
    before: ['Thing', 'Other'].map((name) => thing(name, { ...key, numbers: items('n') }, ['k'], numbers)),
    after: [plain, thing('Other', key, ['k']), thing('Entry', { ...key, n: integer() }, ['k', 'n'])],
    rules: {
      documents: ['Thing', 'Other'].map((name) => ({
        before: `Ed-Fi:${name}.$.numbers[*]`,
        after: 'Ed-Fi:Entry',
        members: ['$.n'],
        identity: { '$.k': '$.k' },
      })),
    },
    losses: [
      'union Ed-Fi:Other.$.numbers[*] by documents[1] in edfi.Othernumbers Ed-Fi:Thing.$.numbers[*]',
      'union Ed-Fi:Thing.$.numbers[*] by documents[0] in edfi.Thingnumbers Ed-Fi:Other.$.numbers[*]',
    ],
  },
  'a required value of an object that may be absent': {
    before: [thing('Thing', { ...key, info: object({ note: string(5) }, ['note']) }, ['k'], note)],
    after: [thing('Thing', { ...key, note: string(5) }, ['k', 'note'])],
    rules: {
      moves: [{ before: 'Ed-Fi:Thing.$.info.note', after: 'Ed-Fi:Thing.$.note' }],
      fills: [{ after: 'Ed-Fi:Thing.$.note', value: 'none' }],
    },
    losses: ['filled Ed-Fi:Thing.$.info.note by fills[0] in edfi.ThingInfo'],
  },
  'items that become documents of a resource that exists': {
    before: [
      thing('Thing', { ...key, numbers: items('n') }, ['k'], numbers),
      thing('Entry', { ...key, n: integer() }, ['k', 'n']),
    ],
    after: [plain, thing('Entry', { ...key, n: integer() }, ['k', 'n'])],
    rules: {
      documents: [
        { before: 'Ed-Fi:Thing.$.numbers[*]', after: 'Ed-Fi:Entry', members: ['$.n'], identity: { '$.k': '$.k' } },
      ],
    },
    losses: ['made Ed-Fi:Entry by documents[0] in edfi.Entry'],
  },
  'a namespace that is replaced': {
    before: [plain],
    after: [plain],
    rules: { descriptorNamespaces: [{ before: 'uri://ed-fi.org', after: 'uri://core.ed-fi.org' }] },
    losses: ['namespace uri://ed-fi.org by descriptorNamespaces[0] in edfi.Descriptor'],
  },
};

it.each(Object.entries(cases))('%s', (_, { before: earlierResources, after: laterResources, rules, losses }) => {
  const before = earlierSet([edFi([...earlierResources])], 'v2');
  const after = earlierSet([edFi([...laterResources], { version: '2.0.0' })], 'v2');
  const translation = completeTranslation(
    { before: { 'Ed-Fi': '1.0' }, after: { 'Ed-Fi': '2.0' }, ...rules },
    before,
    after,
  );
  const { notGivenBack } = deriveEarlier(before.mapping, after.mapping, translation, '');
  const texts = notGivenBack.map(({ place, reason, rule, tables, also, values, descriptor: type }) =>
    [
      reason,
      place,
      `by ${rule}`,
      `in ${tables.join(', ')}`,
      ...(also ?? []),
      ...(values ?? []),
      ...(type === undefined ? [] : [`without ${type}`]),
    ].join(' '),
  );
  expect(texts).toEqual(losses);
});
