import { build } from '@dms/testing';
import { type Editable, type EditableSet, schools } from './schools.ts';

/*
 * Changes of rules that no table enforces, at every kind of place, with documents; the expected results are worked out
 * by hand (design 12 §3.8).
 */

const { array, boolean, ext, integer, object, reference, string } = build;

type Place = readonly [document: build.JsonRecord, path: string];

/** A rule that becomes stricter. */
export interface RuleEvolution {
  /** Edits both sets. */
  readonly both?: (set: EditableSet) => void;
  readonly tighten: (set: EditableSet) => void;
  /** The items of the plan. */
  readonly items: readonly string[];
  /** The items of the plan back; null if it loses values. */
  readonly back: readonly string[] | null;
  /** `Core:School` by default. */
  readonly resource?: string;
  /** Members of documents that obey the rule, besides those that every document has. */
  readonly obeys: readonly build.JsonRecord[];
  /** The documents that break it, with the first place in each. */
  readonly breaks: readonly Place[];
}

const school = (set: EditableSet): Editable => set.properties('schools');
const section = (set: EditableSet): Editable => set.properties('sections');
const extra = (set: EditableSet): Editable =>
  set.extra.resourceSchemas.sections.jsonSchemaForInsert.properties._ext.properties.extra;
const insert = (set: EditableSet, endpoint: string): Editable => set.resource(endpoint).jsonSchemaForInsert;

/**
 * Schools and sections with objects and collections, in them and in an extension, in which something distinguishes all
 * items.
 */
export function ruleSet(): EditableSet {
  const set = schools();
  delete section(set).meetings;
  Object.assign(school(set), {
    address: object({ city: string(20), zip: string(10) }),
    phones: array(
      object(
        {
          number: string(20),
          kind: string(10),
          owner: string(30),
          place: object({ street: string(20) }),
          hours: array(object({ day: string(10), opens: integer() }, ['day'])),
        },
        ['number'],
      ),
    ),
    partners: array(
      object({ role: string(10), districtReference: object({ districtId: integer() }, ['districtId']) }, [
        'districtReference',
      ]),
    ),
  });
  set.mapping('schools').Partner = reference(
    'Core:District',
    [['$.districtId', '$.partners[*].districtReference.districtId']],
    false,
  );
  set.resource('schools').arrayUniquenessConstraints = [
    { paths: ['$.phones[*].number'], nestedConstraints: [{ basePath: '$.phones[*]', paths: ['$.hours[*].day'] }] },
  ];
  section(set).isFull = boolean();
  const ofSection = set.extra.resourceSchemas.sections;
  ofSection.jsonSchemaForInsert.properties._ext = ext(
    'extra',
    object({
      motto: string(20),
      office: object({ floor: integer(), town: string(20) }),
      awards: array(object({ award: string(20), year: integer() }, ['award'])),
    }),
  );
  ofSection.arrayUniquenessConstraints = [{ paths: ['$._ext.extra.awards[*].award'] }];
  return set;
}

/** The members that every document of a resource has. */
export const ownMembers: Readonly<Record<string, (number: number) => build.JsonRecord>> = {
  'Core:School': (number) => ({ schoolId: number, label: `school ${number}` }),
  'Core:District': (number) => ({ districtId: number, label: `district ${number}` }),
  'Core:Room': (number) => ({ roomCode: `room${number}`, schoolReference: { schoolId: 900 } }),
  'Core:Section': (number) => ({ sectionCode: `section${number}`, schoolReference: { schoolId: 900 } }),
  'Extra:Volunteer': (number) => ({ code: `volunteer${number}` }),
  'Core:KindDescriptor': (number) => ({
    namespace: 'uri://a',
    codeValue: `Code${number}`,
    shortDescription: `code ${number}`,
  }),
};

/** Documents that documents of another resource name. */
export const targets: Readonly<Record<string, readonly (readonly [resource: string, document: build.JsonRecord])[]>> = {
  'Core:School': [
    ['Core:District', { districtId: 901 }],
    ['Core:District', { districtId: 902 }],
  ],
  'Core:Room': [['Core:School', { schoolId: 900, label: 'a' }]],
  'Core:Section': [
    ['Core:School', { schoolId: 900, label: 'a' }],
    ['Core:School', { schoolId: 910, label: 'b' }],
    ['Core:School', { schoolId: 990, label: 'c' }],
  ],
};

/** A keyword that a schema gets, and loses on the way back. */
const added = (
  schemaOf: (set: EditableSet) => Editable,
  rule: build.JsonRecord,
  change: readonly [tightened: string, relaxed: string],
  path: string,
): Pick<RuleEvolution, 'tighten' | 'items' | 'back'> => ({
  tighten: (set) => void Object.assign(schemaOf(set), rule),
  items: [`checked ${change[0]} ${path}`],
  back: [`free ${change[1]} ${path}`],
});

/** A keyword that both sets have. */
const replaced = (
  schemaOf: (set: EditableSet) => Editable,
  [then, now]: readonly [build.JsonRecord, build.JsonRecord],
  change: readonly [tightened: string, relaxed: string],
  path: string,
): Pick<RuleEvolution, 'both' | 'tighten' | 'items' | 'back'> => ({
  ...added(schemaOf, now, change, path),
  both: (set) => void Object.assign(schemaOf(set), then),
});

/** A member that becomes required. */
const required = (
  schemaOf: (set: EditableSet) => Editable,
  name: string,
  path: string,
): Pick<RuleEvolution, 'tighten' | 'items' | 'back'> => ({
  tighten: (set) => {
    const schema = schemaOf(set);
    schema.required = [...(schema.required ?? []), name];
  },
  items: [`checked member required ${path}`],
  back: [`free member optional ${path}`],
});

const pattern = ['pattern changed', 'pattern removed'] as const;
const range = ['range narrower', 'range wider'] as const;
const length = ['length narrower', 'length wider'] as const;
const values = ['values fewer', 'values more'] as const;
const items = ['items narrower', 'items wider'] as const;
const format = ['format changed', 'format removed'] as const;
const other = ['schema rule changed', 'schema rule relaxed'] as const;

const inExtra = (members: build.JsonRecord): build.JsonRecord => ({ _ext: { extra: members } });
const phones = (...list: readonly build.JsonRecord[]) => ({ phones: list });
const hours = (...list: readonly build.JsonRecord[]) => phones({ number: '1', hours: list });
const nickname = (set: EditableSet) => school(set).nickname;
const seats = (set: EditableSet) => school(set).seats;
const address = (set: EditableSet) => school(set).address;
const phone = (set: EditableSet) => school(set).phones.items;
const hour = (set: EditableSet) => phone(set).properties.hours.items;
const kind = (set: EditableSet): Editable => set.properties('kindDescriptors');

export const ruleEvolutions: Readonly<Record<string, RuleEvolution>> = {
  // members of the document
  'a shortest length of a text': {
    ...added(nickname, { minLength: 3 }, length, '$.nickname'),
    obeys: [{}, { nickname: 'abc' }],
    breaks: [
      [{ nickname: 'ab' }, '$.nickname'],
      [{ nickname: 'a' }, '$.nickname'],
    ],
  },
  'a longer shortest length': {
    ...replaced(nickname, [{ minLength: 2 }, { minLength: 4 }], length, '$.nickname'),
    obeys: [{ nickname: 'abcd' }],
    breaks: [[{ nickname: 'abc' }, '$.nickname']],
  },
  'a lower maximum': {
    ...replaced(seats, [{ maximum: 100 }, { maximum: 50 }], range, '$.seats'),
    obeys: [{ seats: 50 }, {}],
    breaks: [
      [{ seats: 51 }, '$.seats'],
      [{ seats: 100 }, '$.seats'],
    ],
  },
  'a range that moves': {
    ...replaced(
      seats,
      [
        { minimum: 1, maximum: 5 },
        { minimum: 2, maximum: 6 },
      ],
      range,
      '$.seats',
    ),
    back: ['checked range narrower $.seats'],
    obeys: [{ seats: 2 }, { seats: 5 }],
    breaks: [[{ seats: 1 }, '$.seats']],
  },
  'an exclusive maximum': {
    ...added(seats, { exclusiveMaximum: 100 }, range, '$.seats'),
    obeys: [{ seats: 99 }],
    breaks: [[{ seats: 100 }, '$.seats']],
  },
  'a multiple': {
    ...added(seats, { multipleOf: 5 }, range, '$.seats'),
    obeys: [{ seats: 10 }, { seats: 0 }],
    breaks: [[{ seats: 12 }, '$.seats']],
  },
  'a multiple of the multiple': {
    ...replaced(seats, [{ multipleOf: 5 }, { multipleOf: 10 }], range, '$.seats'),
    obeys: [{ seats: 20 }],
    breaks: [[{ seats: 15 }, '$.seats']],
  },
  'a maximum of a decimal': {
    ...added((set) => school(set).fee, { maximum: 99.5 }, range, '$.fee'),
    obeys: [{ fee: 99.5 }, { fee: 1 }],
    breaks: [[{ fee: 99.51 }, '$.fee']],
  },
  'a value that is excluded': {
    ...added(nickname, { not: { const: 'Ash' } }, other, '$.nickname'),
    obeys: [{ nickname: 'Oak' }, { nickname: 'ash' }, {}],
    breaks: [[{ nickname: 'Ash' }, '$.nickname']],
  },
  'a list of values': {
    ...added(nickname, { enum: ['Oak', 'Elm'] }, values, '$.nickname'),
    obeys: [{ nickname: 'Oak' }, {}],
    breaks: [[{ nickname: 'Ash' }, '$.nickname']],
  },
  'a list that becomes shorter': {
    ...replaced(nickname, [{ enum: ['Oak', 'Elm', 'Ash'] }, { enum: ['Ash', 'Oak'] }], values, '$.nickname'),
    obeys: [{ nickname: 'Oak' }, { nickname: 'Ash' }, {}],
    breaks: [[{ nickname: 'Elm' }, '$.nickname']],
  },
  'another single value': {
    ...replaced(nickname, [{ const: 'Oak' }, { const: 'Elm' }], values, '$.nickname'),
    back: ['checked values fewer $.nickname'],
    obeys: [{}],
    breaks: [
      [{ nickname: 'Oak' }, '$.nickname'],
      [{ nickname: 'Oak', seats: 1 }, '$.nickname'],
    ],
  },
  'a minimum above an exclusive one': {
    tighten: (set) => {
      delete seats(set).exclusiveMinimum;
      seats(set).minimum = 2;
    },
    both: (set) => {
      seats(set).exclusiveMinimum = 0;
    },
    items: ['checked range narrower $.seats'],
    back: ['free range wider $.seats'],
    obeys: [{ seats: 2 }],
    breaks: [[{ seats: 1 }, '$.seats']],
  },
  'another pattern': {
    ...replaced(nickname, [{ pattern: '^[A-Z]' }, { pattern: '^[A-Z][a-z]+$' }], pattern, '$.nickname'),
    back: ['checked pattern changed $.nickname'],
    obeys: [{ nickname: 'Oak' }],
    breaks: [[{ nickname: 'OAK' }, '$.nickname']],
  },
  'a format of a link': {
    ...added(nickname, { format: 'uri' }, format, '$.nickname'),
    obeys: [{ nickname: 'https://example.org' }],
    breaks: [[{ nickname: 'example' }, '$.nickname']],
  },
  'a single boolean value': {
    ...added((set) => section(set).isOpen, { const: true }, values, '$.isOpen'),
    resource: 'Core:Section',
    obeys: [{ isOpen: true }, {}],
    breaks: [[{ isOpen: false }, '$.isOpen']],
  },
  'a member that needs another': {
    ...added((set) => insert(set, 'schools'), { dependentRequired: { address: ['nickname'] } }, other, '$'),
    obeys: [{}, { nickname: 'a' }, { nickname: 'a', address: { city: 'Ulm' } }],
    breaks: [[{ address: { city: 'Ulm' } }, '$']],
  },
  'a largest number of members': {
    ...added((set) => insert(set, 'schools'), { maxProperties: 4 }, other, '$'),
    obeys: [{ seats: 1, nickname: 'a' }],
    breaks: [[{ seats: 1, nickname: 'a', fee: 1 }, '$']],
  },
  'a member that may not be there': {
    ...added((set) => insert(set, 'schools'), { not: { required: ['seats'] } }, other, '$'),
    obeys: [{ nickname: 'a' }],
    breaks: [[{ seats: 1 }, '$']],
  },
  'a new required object': {
    tighten: (set) => {
      school(set).office = object({ floor: integer() });
      set.required('schools').push('office');
    },
    items: ['checked member required $.office'],
    back: null,
    obeys: [],
    breaks: [
      [{}, '$.office'],
      [{ seats: 1 }, '$.office'],
    ],
  },
  'a new required collection': {
    tighten: (set) => {
      school(set).prizes = array(object({ prize: string(20) }, ['prize']));
      set.resource('schools').arrayUniquenessConstraints.push({ paths: ['$.prizes[*].prize'] });
      set.required('schools').push('prizes');
    },
    items: ['checked member required $.prizes'],
    back: null,
    obeys: [],
    breaks: [[{ nickname: 'a' }, '$.prizes']],
  },
  // members of an object
  'a pattern in an object': {
    ...added((set) => address(set).properties.zip, { pattern: '^[0-9]{5}$' }, pattern, '$.address.zip'),
    obeys: [{ address: { zip: '89073' } }, { address: { city: 'Ulm' } }, {}],
    breaks: [[{ address: { zip: '8907' } }, '$.address.zip']],
  },
  'a single value in an object': {
    ...added((set) => address(set).properties.city, { const: 'Ulm' }, values, '$.address.city'),
    obeys: [{ address: { city: 'Ulm' } }],
    breaks: [[{ address: { city: 'Rom', zip: '1' } }, '$.address.city']],
  },
  'a number of members of an object': {
    ...added(address, { minProperties: 2 }, other, '$.address'),
    obeys: [{}, { address: { city: 'Ulm', zip: '1' } }],
    breaks: [[{ address: { city: 'Ulm' } }, '$.address']],
  },
  'a new required member of an object': {
    tighten: (set) => {
      address(set).properties.state = string(10);
      address(set).required = ['state'];
    },
    items: ['checked member required $.address.state'],
    back: null,
    obeys: [{}],
    breaks: [[{ address: { city: 'Ulm' } }, '$.address.state']],
  },
  // items of a collection
  'a largest number of items': {
    ...added((set) => school(set).phones, { maxItems: 1 }, items, '$.phones'),
    obeys: [{}, phones({ number: '1' })],
    breaks: [[phones({ number: '1' }, { number: '2' }), '$.phones']],
  },
  'a pattern in a collection': {
    ...added((set) => phone(set).properties.number, { pattern: '^[0-9]+$' }, pattern, '$.phones[*].number'),
    obeys: [phones({ number: '1' }, { number: '22' })],
    breaks: [[phones({ number: '1' }, { number: '2' }, { number: '3a' }), '$.phones[2].number']],
  },
  'a single value in a collection': {
    ...added((set) => phone(set).properties.kind, { const: 'Work' }, values, '$.phones[*].kind'),
    obeys: [phones({ number: '1' }, { number: '2', kind: 'Work' })],
    breaks: [[phones({ number: '1', kind: 'Other' }), '$.phones[0].kind']],
  },
  'a number of members of an item': {
    ...added(phone, { minProperties: 2 }, other, '$.phones[*]'),
    obeys: [phones({ number: '1', kind: 'Home' })],
    breaks: [[phones({ number: '1', kind: 'Home' }, { number: '2' }), '$.phones[1]']],
  },
  'a required object of an item': {
    ...required(phone, 'place', '$.phones[*].place'),
    obeys: [{}, phones({ number: '1', place: { street: 'A' } })],
    breaks: [[phones({ number: '1', place: { street: 'A' } }, { number: '2' }), '$.phones[1].place']],
  },
  'a required collection of an item': {
    ...required(phone, 'hours', '$.phones[*].hours'),
    obeys: [{}, hours({ day: 'Mo' })],
    breaks: [[phones({ number: '1' }), '$.phones[0].hours']],
  },
  // items of a collection in a collection
  'a shortest length in a nested collection': {
    ...added((set) => hour(set).properties.day, { minLength: 2 }, length, '$.phones[*].hours[*].day'),
    obeys: [hours({ day: 'Mo' })],
    breaks: [[hours({ day: 'Mo' }, { day: 'T' }), '$.phones[0].hours[1].day']],
  },
  'a maximum in a nested collection': {
    ...added((set) => hour(set).properties.opens, { maximum: 12 }, range, '$.phones[*].hours[*].opens'),
    obeys: [hours({ day: 'Mo', opens: 12 }, { day: 'Tu' })],
    breaks: [[hours({ day: 'Mo', opens: 8 }, { day: 'Tu', opens: 13 }), '$.phones[0].hours[1].opens']],
  },
  'a smallest number of items of a nested collection': {
    ...added((set) => phone(set).properties.hours, { minItems: 2 }, items, '$.phones[*].hours'),
    obeys: [phones({ number: '1' }), hours({ day: 'Mo' }, { day: 'Tu' })],
    breaks: [[phones({ number: '1' }, { number: '2', hours: [{ day: 'Mo' }] }), '$.phones[1].hours']],
  },
  'a lower largest number of items of a nested collection': {
    ...replaced((set) => phone(set).properties.hours, [{ maxItems: 2 }, { maxItems: 1 }], items, '$.phones[*].hours'),
    obeys: [hours({ day: 'Mo' })],
    breaks: [[hours({ day: 'Mo' }, { day: 'Tu' }), '$.phones[0].hours']],
  },
  // references and identities
  'a maximum in a reference': {
    ...added(
      (set) => section(set).schoolReference.properties.schoolId,
      { maximum: 950 },
      range,
      '$.schoolReference.schoolId',
    ),
    resource: 'Core:Section',
    obeys: [{}, { schoolReference: { schoolId: 910 } }],
    breaks: [[{ schoolReference: { schoolId: 990 } }, '$.schoolReference.schoolId']],
  },
  'a maximum in a reference of an item': {
    ...added(
      (set) => school(set).partners.items.properties.districtReference.properties.districtId,
      { maximum: 901 },
      range,
      '$.partners[*].districtReference.districtId',
    ),
    obeys: [{ partners: [{ districtReference: { districtId: 901 } }] }],
    breaks: [
      [
        { partners: [{ districtReference: { districtId: 901 } }, { districtReference: { districtId: 902 } }] },
        '$.partners[1].districtReference.districtId',
      ],
    ],
  },
  'a pattern of an identity': {
    ...added((set) => section(set).sectionCode, { pattern: '^s' }, pattern, '$.sectionCode'),
    resource: 'Core:Section',
    obeys: [{}, {}],
    breaks: [[{ sectionCode: 'x' }, '$.sectionCode']],
  },
  'a shortest length of an identity': {
    ...added((set) => set.properties('rooms').roomCode, { minLength: 5 }, length, '$.roomCode'),
    resource: 'Core:Room',
    obeys: [{}],
    breaks: [[{ roomCode: 'r' }, '$.roomCode']],
  },
  'a maximum of an identity behind an abstract resource': {
    ...added((set) => school(set).schoolId, { maximum: 500 }, range, '$.schoolId'),
    obeys: [{}],
    breaks: [[{ schoolId: 501 }, '$.schoolId']],
  },
  'a pattern of another member of an abstract resource': {
    ...added((set) => set.properties('districts').label, { pattern: '^district' }, pattern, '$.label'),
    resource: 'Core:District',
    obeys: [{}],
    breaks: [[{ label: 'none' }, '$.label']],
  },
  'a pattern of a resource of an extension': {
    ...added(
      (set) => set.extra.resourceSchemas.volunteers.jsonSchemaForInsert.properties.code,
      { pattern: '^v' },
      pattern,
      '$.code',
    ),
    resource: 'Extra:Volunteer',
    obeys: [{}],
    breaks: [[{ code: 'w1' }, '$.code']],
  },
  // extensions
  'a shortest length in an extension': {
    ...added((set) => extra(set).properties.motto, { minLength: 3 }, length, '$._ext.extra.motto'),
    resource: 'Core:Section',
    obeys: [{}, inExtra({ motto: 'abc' })],
    breaks: [[inExtra({ motto: 'ab' }), '$._ext.extra.motto']],
  },
  'a required object of an extension': {
    ...required(extra, 'office', '$._ext.extra.office'),
    resource: 'Core:Section',
    obeys: [{}, inExtra({ office: { floor: 1 } })],
    breaks: [[inExtra({ motto: 'ab' }), '$._ext.extra.office']],
  },
  'a single value in an object of an extension': {
    ...added(
      (set) => extra(set).properties.office.properties.town,
      { const: 'Ulm' },
      values,
      '$._ext.extra.office.town',
    ),
    resource: 'Core:Section',
    obeys: [inExtra({ office: { town: 'Ulm' } })],
    breaks: [[inExtra({ office: { town: 'Rom' } }), '$._ext.extra.office.town']],
  },
  'a minimum in a collection of an extension': {
    ...added(
      (set) => extra(set).properties.awards.items.properties.year,
      { minimum: 1900 },
      range,
      '$._ext.extra.awards[*].year',
    ),
    resource: 'Core:Section',
    obeys: [inExtra({ awards: [{ award: 'a', year: 1900 }] })],
    breaks: [
      [
        inExtra({
          awards: [
            { award: 'a', year: 1900 },
            { award: 'b', year: 1899 },
          ],
        }),
        '$._ext.extra.awards[1].year',
      ],
    ],
  },
  'a largest number of items of an extension': {
    ...added((set) => extra(set).properties.awards, { maxItems: 1 }, items, '$._ext.extra.awards'),
    resource: 'Core:Section',
    obeys: [inExtra({ awards: [{ award: 'a' }] })],
    breaks: [[inExtra({ awards: [{ award: 'a' }, { award: 'b' }] }), '$._ext.extra.awards']],
  },
  // descriptors
  'a shortest code of a descriptor': {
    ...added((set) => kind(set).codeValue, { minLength: 5 }, length, '$.codeValue'),
    resource: 'Core:KindDescriptor',
    obeys: [{}],
    breaks: [[{ codeValue: 'Big' }, '$.codeValue']],
  },
  'a single code of a descriptor': {
    ...added((set) => kind(set).codeValue, { const: 'Big' }, values, '$.codeValue'),
    resource: 'Core:KindDescriptor',
    obeys: [{ codeValue: 'Big' }],
    breaks: [[{ codeValue: 'big one' }, '$.codeValue']],
  },
  'a namespace of a descriptor': {
    ...added((set) => kind(set).namespace, { pattern: '^uri://[a-m]' }, pattern, '$.namespace'),
    resource: 'Core:KindDescriptor',
    obeys: [{}],
    breaks: [[{ namespace: 'uri://z' }, '$.namespace']],
  },
  'a shortest description of a descriptor': {
    ...added((set) => kind(set).description, { minLength: 3 }, length, '$.description'),
    resource: 'Core:KindDescriptor',
    obeys: [{}, { description: 'abc' }],
    breaks: [[{ description: 'ab' }, '$.description']],
  },
  // values that must be equal
  'an equality in one item': {
    tighten: (set) => {
      set.resource('schools').equalityConstraints = [
        { sourceJsonPath: '$.phones[*].hours[*].day', targetJsonPath: '$.phones[*].kind' },
      ];
    },
    items: ['checked equality added $.phones[*].hours[*].day = $.phones[*].kind'],
    back: ['free equality removed $.phones[*].hours[*].day = $.phones[*].kind'],
    obeys: [phones({ number: '1', kind: 'Mo', hours: [{ day: 'Mo' }] }), phones({ number: '1', kind: 'Mo' })],
    breaks: [[phones({ number: '1', kind: 'Mo', hours: [{ day: 'Tu' }] }), '$.phones[0].hours[0].day']],
  },
  'an equality with an extension': {
    tighten: (set) => {
      set.extra.resourceSchemas.sections.equalityConstraints = [
        { sourceJsonPath: '$._ext.extra.motto', targetJsonPath: '$.title' },
      ];
    },
    items: ['checked equality added $._ext.extra.motto = $.title'],
    back: ['free equality removed $._ext.extra.motto = $.title'],
    resource: 'Core:Section',
    obeys: [{ title: 'a', ...inExtra({ motto: 'a' }) }, { title: 'b' }],
    // the message names both places, and the later one in ordinal order is the place of the problem
    breaks: [[{ title: 'a', ...inExtra({ motto: 'b' }) }, '$.title']],
  },
};
