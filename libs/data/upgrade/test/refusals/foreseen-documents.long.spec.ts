import { labelledResource } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { openDocuments } from '@dms/documents';
import { givenScript } from '@dms/sql';
import { build, errorOf, type MainGeneration, usualGenerations } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { applyUpgrade, prepareUpgrade, surveyUpgrade } from '../../src/index.ts';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { type Compiled, compiled } from '../bench.ts';
import { documentOf } from '../school-pairs.ts';
import { type Editable, type EditableSet, schools } from '../schools.ts';
import { sessionForEach } from '../sessions.ts';

/*
 * Documents in the form that an upgrade will give them: without values that it loses, with values that it fills and
 * converts, and with their earlier faults (design 12 §3.8).
 */

const { array, integer, object, string, uri } = build;

const school = (set: EditableSet): Editable => set.properties('schools');

function given(): EditableSet {
  const set = schools();
  delete set.properties('sections').meetings;
  delete set.extra.resourceSchemas.sections.jsonSchemaForInsert.properties._ext.properties.extra.properties.awards;
  school(set).address = object({ city: string(20), zip: string(10) });
  school(set).phones = array(object({ number: string(20), kind: string(10) }, ['number']));
  set.resource('schools').arrayUniquenessConstraints = [{ paths: ['$.phones[*].number'] }];
  return set;
}

interface RefusedDocumentCase {
  readonly before?: (set: EditableSet) => void;
  readonly after: (set: EditableSet) => void;
  readonly allowLoss?: readonly string[];
  /** The members of the only school. */
  readonly document: build.JsonRecord;
  /** The place that the refusal names; null if the upgrade is made. */
  readonly path: string | null;
  readonly items: readonly string[];
}

const cases: Readonly<Record<string, RefusedDocumentCase>> = {
  'items that differ, although the value that all must equal is new': {
    after: (set) => {
      school(set).main = string(10);
      set.resource('schools').equalityConstraints = [{ sourceJsonPath: '$.main', targetJsonPath: '$.phones[*].kind' }];
    },
    document: {
      phones: [
        { number: '1', kind: 'a' },
        { number: '2', kind: 'b' },
      ],
    },
    path: '$.phones[1].kind',
    items: ['checked equality added $.main = $.phones[*].kind'],
  },
  'the only member of a required object is lost': {
    before: (set) => void set.required('schools').push('address'),
    after: (set) => {
      delete school(set).address.properties.zip;
    },
    allowLoss: ['all'],
    document: { address: { zip: '1' } },
    path: '$.address',
    items: ['checked values change under a rule $.address'],
  },
  'a required object has nothing left but an array, which may be empty': {
    before: (set) => {
      school(set).address.properties.kinds = array(uri());
      set.mapping('schools').Kinds = build.descriptorPath('Core:KindDescriptor', '$.address.kinds[*]');
      set.resource('schools').arrayUniquenessConstraints.push({ paths: ['$.address.kinds[*]'] });
      set.required('schools').push('address');
    },
    after: (set) => {
      delete school(set).address.properties.zip;
    },
    allowLoss: ['all'],
    document: { address: { zip: '1' } },
    path: '$.address',
    items: ['checked values change under a rule $.address'],
  },
  'items are equal without a value that is lost': {
    before: (set) => {
      set.resource('schools').arrayUniquenessConstraints = [];
      school(set).phones = { ...array(object({ kind: string(10), note: string(10) })), uniqueItems: true };
      set.resource('schools').arrayUniquenessConstraints = [{ paths: ['$.phones[*].kind', '$.phones[*].note'] }];
    },
    after: (set) => {
      delete school(set).phones.items.properties.note;
      set.resource('schools').arrayUniquenessConstraints = [];
    },
    allowLoss: ['all'],
    document: {
      phones: [
        { kind: 'a', note: '1' },
        { kind: 'a', note: '2' },
      ],
    },
    path: '$.phones',
    items: ['checked values change under a rule $.phones'],
  },
  'what a lost value broke is right without it': {
    before: (set) => {
      school(set).address.maxProperties = 2;
    },
    after: (set) => {
      school(set).address.maxProperties = 1;
      delete school(set).address.properties.zip;
    },
    allowLoss: ['all'],
    document: { address: { city: 'Ulm', zip: '1' } },
    path: null,
    items: ['checked schema rule changed $.address'],
  },
  'a document breaks a rule of both sets, and obeys the new one': {
    before: (set) => {
      school(set).nickname.pattern = '^[A-Z]';
    },
    after: (set) => {
      set.resource('schools').jsonSchemaForInsert.minProperties = 1;
    },
    document: { nickname: 'oak' },
    path: null,
    items: ['checked schema rule changed $'],
  },
  'a rule is broken as it was, in other words': {
    before: (set) => {
      school(set).seats.maximum = 5;
    },
    after: (set) => {
      delete school(set).seats.maximum;
      school(set).seats.exclusiveMaximum = 3;
    },
    document: { seats: 9 },
    path: null,
    items: ['checked range narrower $.seats'],
  },
  'the problem that counts comes after a hundred others': {
    before: (set) => {
      school(set).phones.items.properties.number.pattern = '^[A-Z]';
    },
    after: (set) => {
      school(set).nickname.pattern = '^[A-Z]';
    },
    document: { nickname: 'oak', phones: Array.from({ length: 120 }, (_, index) => ({ number: String(index) })) },
    path: '$.nickname',
    items: ['checked pattern changed $.nickname'],
  },
  'values of two types are equal in both': {
    before: (set) => {
      school(set).phones.items.properties.size = integer();
      set.resource('schools').equalityConstraints = [{ sourceJsonPath: '$.seats', targetJsonPath: '$.phones[*].size' }];
    },
    after: (set) => {
      school(set).seats = string(20);
      school(set).phones.items.properties.size = string(20);
    },
    document: { seats: 5, phones: [{ number: '1', size: 5 }] },
    path: null,
    items: ['checked values change under a rule $.phones[*].size = $.seats'],
  },
};

/** In the second generation, something must distinguish the items of every array. */
const isOfGeneration = (name: string, version: MainGeneration) =>
  version === 'v1' || name !== 'items are equal without a value that is lost';

const uuid = '00000000-0000-4000-8000-000000000001';

function pairOf(
  { before: prepare, after: change }: Pick<RefusedDocumentCase, 'before' | 'after'>,
  version: MainGeneration,
) {
  const before = given();
  const after = given();
  prepare?.(before);
  prepare?.(after);
  change(after);
  return [compiled(before.documents, 'pgsql', version), compiled(after.documents, 'pgsql', version)] as const;
}

describe.each(usualGenerations('v1'))('in %s', (version) => {
  let connection: Connection;
  sessionForEach((opened) => {
    connection = opened;
  });

  const write = async (set: Compiled, members: build.JsonRecord) => {
    await connection.execute(givenScript(set.script));
    const document = documentOf({ schoolId: 1, label: 'school 1', ...members });
    await openDocuments(connection, set.plans).upsert(labelledResource('Core:School'), document, { uuid });
  };

  it.each(Object.entries(cases).filter(([name]) => isOfGeneration(name, version)))(
    '%s',
    async (_, { document, path, items, allowLoss, ...edits }) => {
      const [before, after] = pairOf(edits, version);
      const options = { allowLoss };
      const plan = planUpgrade(before, after, options);
      const ofRules = plan.items.filter((item) => item.path[1]?.startsWith('$'));
      expect(ofRules.map((item) => `${item.class} ${item.change} ${item.path[1]}`)).toEqual(items);
      await write(before, document);
      const { errors } = await surveyUpgrade(connection, before, after, options);
      expect(errors.map(({ code, details }) => [code, details.count, details.documents, details.paths])).toEqual(
        path === null ? [] : [['UPGRADE_ROWS_OBJECT', 1, [uuid], [path]]],
      );
      if (path === null) {
        expect(await applyUpgrade(connection, before, after, options)).toMatchObject({
          outcome: 'upgraded',
          invalid: [],
        });
        return;
      }
      const { diagnostics } = await errorOf(() => applyUpgrade(connection, before, after, options));
      expect(diagnostics).toEqual(errors);
      // rows and documents can still be changed, so a preparation warns
      const { diagnostics: warnings } = await prepareUpgrade(connection, before, after, { ...options, dryRun: true });
      expect(warnings).toEqual(errors.map((objection) => ({ ...objection, class: 'W' })));
    },
  );

  it('values that do not fit are counted, with the longest and the places that load would name', async () => {
    const [before, after] = pairOf(
      {
        after: (set) => {
          school(set).phones.items.properties.kind = string(3);
        },
      },
      version,
    );
    await write(before, {
      phones: [
        { number: '1', kind: 'abc' },
        { number: '2', kind: 'abcde' },
        { number: '3', kind: 'abcdefg' },
      ],
    });
    const { errors } = await surveyUpgrade(connection, before, after);
    expect(errors.map(({ details }) => [details.count, details.paths])).toEqual([[2, ['$.phones[1].kind']]]);
    const text = `2 values are longer than 3 characters, the longest 7 (document of Core:School: ${uuid} $.phones[1].kind). Change them`;
    expect(errors[0]?.message).toContain(text);
  });
});
