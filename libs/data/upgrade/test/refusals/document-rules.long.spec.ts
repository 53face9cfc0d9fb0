import { labelledResource } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { insertDescriptors, openDocuments } from '@dms/documents';
import { givenScript, trusted } from '@dms/sql';
import { build, errorOf, failureOf, type MainGeneration, shareOf, usualGenerations } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { applyUpgrade, surveyUpgrade, upgradeStatus } from '../../src/index.ts';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { parseRename } from '../../src/renaming/renaming.ts';
import { type Compiled, compiled, readAll } from '../bench.ts';
import { invalidDocuments } from '../invalid-documents.ts';
import { documentOf } from '../school-pairs.ts';
import { type Editable, type EditableSet, schools } from '../schools.ts';
import { sessionForEach } from '../sessions.ts';

const { array, integer, object, reference, string } = build;

/** A rule that only the later set has, with documents of a resource that obey it and documents that break it. */
interface RuleCase {
  readonly tighten: (set: EditableSet) => void;
  /** The item of the plan, and of the plan back. */
  readonly items: readonly [tightened: string, relaxed: string];
  readonly obeys: build.JsonRecord;
  readonly breaks: build.JsonRecord;
  /** The place that the refusal names. */
  readonly path: string;
  /** The resource of the documents; `Core:School` by default. */
  readonly resource?: string;
  readonly renames?: readonly string[];
}

const school = (set: EditableSet): Editable => set.properties('schools');

/** Schools with an object and collections that no table requires. */
function given(): EditableSet {
  const set = schools();
  // in the second generation nothing distinguishes their items
  delete set.properties('sections').meetings;
  delete set.extra.resourceSchemas.sections.jsonSchemaForInsert.properties._ext.properties.extra.properties.awards;
  school(set).address = object({ city: string(20), zip: string(10) });
  school(set).phones = array(object({ number: string(20), kind: string(10), owner: string(30) }, ['number']));
  school(set).partners = array(
    object({ role: string(10), districtReference: object({ districtId: integer() }, ['districtId']) }, [
      'districtReference',
    ]),
  );
  set.mapping('schools').Partner = reference(
    'Core:District',
    [['$.districtId', '$.partners[*].districtReference.districtId']],
    false,
  );
  set.resource('schools').arrayUniquenessConstraints = [{ paths: ['$.phones[*].number'] }];
  return set;
}

const rules: Readonly<Record<string, RuleCase>> = {
  'an object that is required': {
    tighten: (set) => void set.required('schools').push('address'),
    items: ['checked member required $.address', 'free member optional $.address'],
    obeys: { address: { city: 'Ulm' } },
    breaks: {},
    path: '$.address',
  },
  'a collection that is required': {
    tighten: (set) => void set.required('schools').push('phones'),
    items: ['checked member required $.phones', 'free member optional $.phones'],
    obeys: { phones: [{ number: '1' }] },
    breaks: {},
    path: '$.phones',
  },
  'a member of an optional object': {
    tighten: (set) => {
      school(set).address.required = ['city'];
    },
    items: ['checked member required $.address.city', 'free member optional $.address.city'],
    obeys: { address: { city: 'Ulm' } },
    breaks: { address: { zip: '89073' } },
    path: '$.address.city',
  },
  'a pattern': {
    tighten: (set) => {
      school(set).nickname.pattern = '^[A-Z]';
    },
    items: ['checked pattern changed $.nickname', 'free pattern removed $.nickname'],
    obeys: { nickname: 'Oak' },
    breaks: { nickname: 'oak' },
    path: '$.nickname',
  },
  'a maximum': {
    tighten: (set) => {
      school(set).seats.maximum = 100;
    },
    items: ['checked range narrower $.seats', 'free range wider $.seats'],
    obeys: { seats: 100 },
    breaks: { seats: 101 },
    path: '$.seats',
  },
  'an exclusive minimum': {
    tighten: (set) => {
      school(set).seats.exclusiveMinimum = 0;
    },
    items: ['checked range narrower $.seats', 'free range wider $.seats'],
    obeys: { seats: 1 },
    breaks: { seats: 0 },
    path: '$.seats',
  },
  'a shortest length': {
    tighten: (set) => {
      school(set).phones.items.properties.number.minLength = 3;
    },
    items: ['checked length narrower $.phones[*].number', 'free length wider $.phones[*].number'],
    obeys: { phones: [{ number: '123' }] },
    breaks: { phones: [{ number: '456' }, { number: '12' }] },
    path: '$.phones[1].number',
  },
  'a single value': {
    tighten: (set) => {
      school(set).nickname.const = 'Elm';
    },
    items: ['checked values fewer $.nickname', 'free values more $.nickname'],
    obeys: { nickname: 'Elm' },
    breaks: { nickname: 'Ash' },
    path: '$.nickname',
  },
  'a smallest number of items': {
    tighten: (set) => {
      school(set).phones.minItems = 2;
    },
    items: ['checked items narrower $.phones', 'free items wider $.phones'],
    obeys: { phones: [{ number: '1' }, { number: '2' }] },
    breaks: { phones: [{ number: '1' }] },
    path: '$.phones',
  },
  'a format': {
    tighten: (set) => {
      school(set).nickname.format = 'email';
    },
    items: ['checked format changed $.nickname', 'free format removed $.nickname'],
    obeys: { nickname: 'oak@example.org' },
    breaks: { nickname: 'oak' },
    path: '$.nickname',
  },
  'any other keyword': {
    tighten: (set) => {
      set.resource('schools').jsonSchemaForInsert.minProperties = 3;
    },
    items: ['checked schema rule changed $', 'free schema rule relaxed $'],
    obeys: { seats: 1 },
    breaks: {},
    path: '$',
  },
  'an equality between tables': {
    tighten: (set) => {
      set.resource('schools').equalityConstraints = [
        { sourceJsonPath: '$.phones[*].owner', targetJsonPath: '$.nickname' },
      ];
    },
    items: [
      'checked equality added $.nickname = $.phones[*].owner',
      'free equality removed $.nickname = $.phones[*].owner',
    ],
    obeys: { nickname: 'Oak', phones: [{ number: '1', owner: 'Oak' }] },
    breaks: { nickname: 'Oak', phones: [{ number: '1', owner: 'Elm' }] },
    path: '$.phones[0].owner',
  },
  'a pattern of a descriptor': {
    tighten: (set) => {
      set.properties('kindDescriptors').codeValue.pattern = '^[A-Z]';
    },
    items: ['checked pattern changed $.codeValue', 'free pattern removed $.codeValue'],
    resource: 'Core:KindDescriptor',
    obeys: { codeValue: 'Big' },
    breaks: { codeValue: 'small' },
    path: '$.codeValue',
  },
  'a pattern of an extension': {
    tighten: (set) => {
      const own = set.extra.resourceSchemas.sections.jsonSchemaForInsert.properties._ext.properties.extra.properties;
      own.motto.pattern = '^[A-Z]';
    },
    items: ['checked pattern changed $._ext.extra.motto', 'free pattern removed $._ext.extra.motto'],
    resource: 'Core:Section',
    obeys: { _ext: { extra: { motto: 'Always' } } },
    breaks: { _ext: { extra: { motto: 'never' } } },
    path: '$._ext.extra.motto',
  },
  'a pattern of a renamed member': {
    tighten: (set) => {
      const { nickname, ...others } = school(set);
      set.resource('schools').jsonSchemaForInsert.properties = {
        ...others,
        shortName: { ...nickname, pattern: '^[A-Z]' },
      };
    },
    renames: ['Core:School.$.nickname=Core:School.$.shortName'],
    items: ['checked pattern changed $.shortName', ''],
    obeys: { nickname: 'Oak' },
    breaks: { nickname: 'oak' },
    path: '$.shortName',
  },
  'a pattern of a value that becomes a text': {
    tighten: (set) => {
      school(set).seats = { ...string(20), pattern: '^[0-9]{1,2}$' };
    },
    items: ['checked pattern changed $.seats', ''],
    obeys: { seats: 10 },
    breaks: { seats: 100 },
    path: '$.seats',
  },
};

/** The sets before and after the rule becomes stricter. */
function pairOf({ tighten }: RuleCase, version: MainGeneration): readonly [Compiled, Compiled] {
  const before = given();
  const after = given();
  tighten(after);
  return [compiled(before.documents, 'pgsql', version), compiled(after.documents, 'pgsql', version)];
}

const isOfRule = (path: readonly string[]) => path[1]?.startsWith('$') ?? false;
const ruleItems = (before: Compiled, after: Compiled, renames: readonly string[] = []) =>
  planUpgrade(before, after, { renames: renames.map(parseRename) })
    .items.filter(({ path }) => isOfRule(path))
    .map(({ class: itemClass, change, path }) => `${itemClass} ${change} ${path[1]}`);

const uuidOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const obeyingUuid = uuidOf(1);
const breakingUuid = uuidOf(2);

/** Writes both documents; returns the uuid of the document that breaks the rule. */
async function write(
  connection: Connection,
  set: Compiled,
  { resource = 'Core:School', obeys, breaks }: RuleCase,
): Promise<string> {
  const store = openDocuments(connection, set.plans);
  const name = labelledResource(resource);
  if (resource.endsWith('Descriptor')) {
    const texts = { resource: name, namespace: 'uri://a', shortDescription: 'b' };
    await insertDescriptors(
      connection,
      set.plans,
      [obeys, breaks].map(({ codeValue }) => ({ ...texts, codeValue: String(codeValue) })),
    );
    const [row] = await connection.query<{ uuid: string }>(
      trusted(`SELECT d."DocumentUuid"::text AS uuid FROM dms."Document" AS d INNER JOIN dms."Descriptor" AS e ON e."DocumentId" = d."DocumentId"
       WHERE e."CodeValue" = '${breaks.codeValue}'`),
    );
    return row?.uuid ?? '';
  }
  if (resource === 'Core:Section')
    await store.upsert(labelledResource('Core:School'), documentOf({ schoolId: 9, label: 'a' }), { uuid: uuidOf(9) });
  const own = (number: number) =>
    resource === 'Core:Section'
      ? { sectionCode: `s${number}`, schoolReference: { schoolId: 9 } }
      : { schoolId: number, label: `school ${number}` };
  await store.upsert(name, documentOf({ ...own(1), ...obeys }), { uuid: obeyingUuid });
  await store.upsert(name, documentOf({ ...own(2), ...breaks }), { uuid: breakingUuid });
  return breakingUuid;
}

describe.each(usualGenerations('v1'))('a rule that only the schemas have, in %s', (version) => {
  it.each(Object.entries(rules))('is a change: %s', (_, rule) => {
    const [before, after] = pairOf(rule, version);
    const [tightened, relaxed] = rule.items;
    expect(ruleItems(before, after, rule.renames)).toEqual([tightened]);
    if (relaxed !== '') expect(ruleItems(after, before)).toEqual([relaxed]);
    expect(ruleItems(before, before)).toEqual([]);
  });
});

describe.each(usualGenerations())('documents that break it, in %s', (version) => {
  let connection: Connection;
  sessionForEach((opened) => {
    connection = opened;
  });

  it.each(shareOf(Object.entries(rules), 5))('prevent the upgrade, and no others: %s', async (_, rule) => {
    const [before, after] = pairOf(rule, version);
    const options = { renames: (rule.renames ?? []).map(parseRename) };
    const resource = rule.resource ?? 'Core:School';
    await connection.execute(givenScript(before.script));
    const breaking = await write(connection, before, rule);
    const applied = await errorOf(() => applyUpgrade(connection, before, after, options));
    const { errors } = await surveyUpgrade(connection, before, after, options);
    expect(errors).toEqual(applied.diagnostics);
    for (const { code, message, details } of errors) {
      expect(code).toBe('UPGRADE_ROWS_OBJECT');
      expect(details).toMatchObject({ check: 'D1', count: 1, documents: [breaking], paths: [rule.path] });
      expect(message).toContain(`1 document does not allow it (${breaking} ${rule.path})`);
      expect(message).toContain(`--allow-invalid ${resource}`);
    }
    // without the document that breaks it nothing is refused, and everything can be loaded again
    await connection.execute(givenScript(`DELETE FROM dms."Document" WHERE "DocumentUuid" = '${breaking}'`));
    const { outcome, invalid } = await applyUpgrade(connection, before, after, options);
    expect([outcome, invalid]).toEqual(['upgraded', []]);
    expect([...invalidDocuments(after, await readAll(connection, after))]).toEqual([]);
  });

  it('stay where that is permitted, which the history tells', async () => {
    const rule = rules['a pattern'] as RuleCase;
    const [before, after] = pairOf(rule, version);
    await connection.execute(givenScript(before.script));
    const breaking = await write(connection, before, rule);
    const done = await applyUpgrade(connection, before, after, { allowInvalid: ['Core:School'] });
    expect(done.outcome).toBe('upgraded');
    expect(done.invalid.map(({ item, count, examples }) => [item.change, count, examples])).toEqual([
      ['pattern changed', 1, [{ uuid: breaking, path: '$.nickname' }]],
    ]);
    const { history } = await upgradeStatus(connection);
    expect(history[0]).toMatchObject({ kind: 'upgraded', verdict: 'checked', invalid: 'Core:School' });
    expect([...invalidDocuments(after, await readAll(connection, after)).keys()]).toEqual([breaking]);
  });
});

describe('a rule that follows from another', () => {
  const changed = (then: Editable, now: Editable) => {
    const before = given();
    const after = given();
    Object.assign(school(before).seats, then);
    Object.assign(school(after).seats, now);
    return ruleItems(compiled(before.documents), compiled(after.documents));
  };

  it.each([
    [{ maximum: 5 }, { maximum: 6 }, ['free range wider $.seats']],
    [{ maximum: 5 }, { exclusiveMaximum: 6 }, ['free range wider $.seats']],
    [{ maximum: 5 }, { exclusiveMaximum: 5 }, ['checked range narrower $.seats']],
    [{ exclusiveMinimum: 0 }, { minimum: 0 }, ['free range wider $.seats']],
    [{ minimum: 0 }, { exclusiveMinimum: 0 }, ['checked range narrower $.seats']],
    [{ multipleOf: 6 }, { multipleOf: 3 }, ['free range wider $.seats']],
    [{ multipleOf: 3 }, { multipleOf: 6 }, ['checked range narrower $.seats']],
    [{ const: 3 }, { const: 4 }, ['checked values fewer $.seats']],
    [{ enum: [3] }, { enum: [4, 3] }, ['free values more $.seats']],
    [{ enum: [3, 4] }, { enum: [3] }, ['checked values fewer $.seats']],
    [{ const: 3 }, { enum: [4, 3] }, ['free values more $.seats']],
    [{ enum: [3] }, { const: 3 }, []],
    [{ enum: [3, 4] }, {}, ['free values more $.seats']],
    [{ minimum: 1, maximum: 5 }, { minimum: 0, maximum: 4 }, ['checked range narrower $.seats']],
    [{ description: 'a' }, { description: 'b' }, []],
  ])('is free: %j, then %j', (then, now, items) => {
    expect(changed(then, now)).toEqual(items);
  });
});

describe('a rule of values that no document of the earlier set has', () => {
  it('does not count as a change', () => {
    const before = given();
    const after = given();
    school(after).motto = { ...string(20), pattern: '^[A-Z]' };
    school(after).prizes = { ...array(object({ prize: { ...string(20), minLength: 2 } }, ['prize'])), minItems: 1 };
    expect(ruleItems(compiled(before.documents), compiled(after.documents))).toEqual([]);
  });
});

describe('items that only a reference distinguishes', () => {
  it('must differ in it once a value no longer distinguishes them', () => {
    const before = given();
    const after = given();
    before.resource('schools').arrayUniquenessConstraints = [{ paths: ['$.partners[*].role'] }];
    after.resource('schools').arrayUniquenessConstraints = [];
    const path = '$.partners[*].districtReference';
    expect(ruleItems(compiled(before.documents), compiled(after.documents))).toEqual([
      `checked array uniqueness added ${path}`,
    ]);
    expect(ruleItems(compiled(after.documents), compiled(before.documents))).toEqual([
      `free array uniqueness removed ${path}`,
    ]);
  });
});

describe('a permission for documents', () => {
  it('is refused where no document is checked', () => {
    const set = compiled(given().documents);
    const error = failureOf(() => planUpgrade(set, set, { allowInvalid: ['Core:School'] }));
    expect(error.diagnostics[0]).toMatchObject({
      code: 'UPGRADE_PERMISSION_UNUSED',
      details: { permission: 'Core:School' },
    });
  });
});

describe('the script', () => {
  it('says which documents it does not check', () => {
    const [before, after] = pairOf(rules['a pattern'] as RuleCase, 'v1');
    expect(planUpgrade(before, after).script).toContain(
      '-- Not checked here: documents of Core:School. dms-ddl upgrade apply checks them.',
    );
  });
});
