import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mappingVersions } from '@dms/api-schema';
import { openDocuments } from '@dms/documents';
import { build } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, compiled, server } from '../../test/bench.ts';
import { BulkTarget, RecordFiles } from '../../test/bulk-target.ts';

/* A reference of plain letters to a stored key that only looks the same (design 14 §2). */

const { descriptor, descriptorPath, integer, object, project, reference, resource, string, uri } = build;

const identity = { title: string(), year: integer(), kindDescriptor: uri() };
const identityPaths = ['$.title', '$.year', '$.kindDescriptor'] as const;
const required = ['title', 'year', 'kindDescriptor'];

const course = resource('Course', {
  isSubclass: true,
  superclassProjectName: 'Core',
  superclassResourceName: 'Offer',
  identityJsonPaths: [...identityPaths],
  documentPathsMapping: { Kind: descriptorPath('Core:KindDescriptor', '$.kindDescriptor') },
  jsonSchemaForInsert: object(identity, required),
});

const member = (name: string) =>
  identityPaths.map((each) => [each, each.replace('$.', `${name}.`)] as [string, string]);

const visit = resource('Visit', {
  identityJsonPaths: ['$.visitId'],
  documentPathsMapping: {
    Course: reference('Core:Course', member('$.courseReference'), false),
    Offer: reference('Core:Offer', member('$.offerReference'), false),
    Kind: descriptorPath('Core:KindDescriptor', '$.ownKindDescriptor'),
    Before: reference('Core:Visit', [['$.visitId', '$.beforeReference.visitId']], false),
    // a circle with names
    Name: reference('Core:Name', [['$.text', '$.nameReference.text']], false),
  },
  jsonSchemaForInsert: object(
    {
      visitId: integer(),
      courseReference: object(identity, required),
      offerReference: object(identity, required),
      ownKindDescriptor: uri(),
      beforeReference: object({ visitId: integer() }, ['visitId']),
      nameReference: object({ text: string() }, ['text']),
    },
    ['visitId'],
  ),
});

const name = resource('Name', {
  identityJsonPaths: ['$.text'],
  documentPathsMapping: { Visit: reference('Core:Visit', [['$.visitId', '$.visitReference.visitId']], false) },
  jsonSchemaForInsert: object({ text: string(), visitReference: object({ visitId: integer() }, ['visitId']) }, [
    'text',
  ]),
});

const schemas = [
  project('Core', [course, visit, name, descriptor('KindDescriptor')], {
    abstractResources: { Offer: { identityJsonPaths: [...identityPaths] } },
  }),
];

const kindDescriptor = 'uri://x/Kind#Big';
const kind = (codeValue: string) => ({
  resource: 'Core:KindDescriptor',
  document: { namespace: 'uri://x/Kind', codeValue, shortDescription: 'x' },
});
const courseOf = (title: string, year = 2024) => ({
  resource: 'Core:Course',
  document: { title, year, kindDescriptor },
});
const visitOf = (visitId: number, more: object) => ({ resource: 'Core:Visit', document: { visitId, ...more } });
const to = (title: string, year = 2024) => ({ title, year, kindDescriptor });

const named = (resourceName: string) => ({ projectName: 'Core', resourceName });

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-lookalikes-spec-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Titles in references, the stored titles, and the note on each stored title. */
const titles: readonly (readonly [plain: string, stored: string, note: string])[] = [
  ['Art class', 'Art\u00a0class', 'has U+00A0'],
  ['Bee class', 'Bee  class', 'has several blanks in a row'],
  ['Cat class', 'Cat class ', 'begins or ends with white space'],
  ['Dog', 'Do\u200bg', 'has U+200B'],
  ['Eel', '\u0415el', 'has letters of the script Latin and Cyrillic'],
  ['F\u00e9e', 'Fe\u0301e', 'is not in the normal form NFC'],
];

describe.each(mappingVersions)('references in %s', (version) => {
  const set = compiled(schemas, version);
  let bench: Bench;
  let target: BulkTarget;
  const files = new RecordFiles(scratch);

  beforeAll(async () => {
    bench = await server.open(set.script);
    target = new BulkTarget(bench, set);
    const stored = titles.map(([, title]) => courseOf(title));
    const kinds = [kind('Big'), kind('Very\u00a0big')];
    const { told } = await target.load([files.records('stored.jsonl', ...kinds, ...stored, courseOf('Plain'))], false);
    expect(told).toEqual([]);
  });
  afterAll(() => bench.close());

  const hints = (messages: readonly string[]) =>
    messages.map((text) => /A stored one looks the same and differs: there (.*)\.$/.exec(text)?.[1] ?? null);

  it.each([false, true])('say why the stored key is another one (in bulk: %s)', async (isBulk) => {
    const visits = titles.map(([plain], index) =>
      visitOf(index, index % 2 === 0 ? { courseReference: to(plain) } : { offerReference: to(plain) }),
    );
    const { messages } = await target.load([files.records('visits.jsonl', ...visits)], isBulk);
    expect(hints(messages)).toEqual(titles.map(([, , note]) => expect.stringContaining(`$.title ${note}`)));
  });

  it.each([false, true])('say nothing of keys that differ otherwise (in bulk: %s)', async (isBulk) => {
    const others = [to('Art class', 2025), to('Artclass'), to('art class'), to('Nothing')];
    const visits = others.map((courseReference, index) => visitOf(index, { courseReference }));
    const { messages } = await target.load([files.records('others.jsonl', ...visits)], isBulk);
    expect(hints(messages)).toEqual([null, null, null, null]);
  });

  it.each([false, true])('name descriptors whose URIs look the same (in bulk: %s)', async (isBulk) => {
    const visits = [visitOf(1, { ownKindDescriptor: 'uri://x/Kind#Very big' })];
    const { messages } = await target.load([files.records('kinds.jsonl', ...visits)], isBulk);
    expect(hints(messages)).toEqual(['$.descriptor has U+00A0']);
  });

  it.each([false, true])('to a document of the same load, and of a circle (in bulk: %s)', async (isBulk) => {
    const records = [
      { resource: 'Core:Name', document: { text: `A\u00a0b ${isBulk}` } },
      visitOf(100, { nameReference: { text: `A b ${isBulk}` } }),
    ];
    const { messages } = await target.load([files.records('circle.jsonl', ...records)], isBulk);
    expect(hints(messages)).toEqual(['$.text has U+00A0']);
  });

  it('are looked for twenty times, and once for each target', async () => {
    const same = Array.from({ length: 30 }, (_, index) => visitOf(index, { courseReference: to('Art class') }));
    const once = await target.load([files.records('same.jsonl', ...same)], false);
    expect(new Set(hints(once.messages))).toEqual(new Set(['$.title has U+00A0']));
    const many = Array.from({ length: 20 }, (_, index) => visitOf(index, { courseReference: to(`Nothing ${index}`) }));
    const visits = [...many, visitOf(20, { courseReference: to('Art class') })];
    const { messages } = await target.load([files.records('many.jsonl', ...visits)], false);
    expect(hints(messages)).toEqual(visits.map(() => null));
  });

  it('of a document that is replaced are explained, with the stored text as a detail', async () => {
    const store = openDocuments(bench.connection, set.plans);
    const written = await store.upsert(named('Visit'), toJsonValue({ visitId: 500 }));
    const content = toJsonValue({ visitId: 500, courseReference: to('Dog') });
    await expect(store.replace(named('Visit'), written.uuid, content)).rejects.toMatchObject({
      diagnostics: [{ details: { stored: [{ path: '$.title', value: 'Do\u200bg' }] } }],
    });
  });
});
