import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Connection } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { documentPlans, openDocuments, sampleDocuments } from '@dms/documents';
import { deriveInventory } from '@dms/inventory';
import { compileMappingSet } from '@dms/plans';
import { givenScript, trusted } from '@dms/sql';
import { build, dumpedTexts, hasSharedData, isThorough, ownSchema, ownSchemasV2, sharedSet } from '@dms/testing';
import { JsonNumber } from '@dms/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, compiled, embedded, server } from '../test/bench.ts';
import { dumpDocuments } from './dumping/dump-documents.ts';
import { DocumentFolder } from './files/document-folder.ts';
import { loadDocuments } from './loading/load-documents.ts';
import { readDescriptorSet, seedDescriptors } from './seeding/seed-descriptors.ts';

/* Loading, dumping and seeding in the second generation (design 17 §7.7, §7.12, §8). */

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'dms-second-generation-spec-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));
const place = (name: string) => path.join(scratch, name);

type CompiledSet = Pick<ReturnType<typeof compiled>, 'plans' | 'script'>;

async function withDatabase(engine: typeof embedded, { script }: CompiledSet, work: (bench: Bench) => Promise<void>) {
  const bench = await engine.open(script);
  try {
    await work(bench);
  } finally {
    await bench.close();
  }
}

const load = ({ connection }: Bench, { plans }: CompiledSet, folder: string, onExisting: 'fail' | 'replace' = 'fail') =>
  loadDocuments([connection], plans, [place(folder)], {
    onExisting,
    onReject: (reject) => Promise.reject(new Error(reject.diagnostics[0].message)),
  });

async function publishedSet(): Promise<CompiledSet> {
  const { model } = deriveModel(await sharedSet('v2', 'fixtures-v2', 'ds-5.2'), 'pgsql');
  const inventory = deriveInventory(model);
  return { plans: documentPlans(compileMappingSet(model), inventory), script: emitDdl(model, inventory).script };
}

const ownSet = async () => compiled(ownSchemasV2.map(ownSchema), 'v2');

describe.each([
  { name: 'district and transport on a server', isThere: true, engine: server, set: ownSet },
  ...(isThorough
    ? [
        { name: 'district and transport on PGlite', isThere: true, engine: embedded, set: ownSet },
        {
          name: 'the data standard 5.2 (needs the shared conformance data)',
          isThere: hasSharedData,
          engine: server,
          set: publishedSet,
        },
      ]
    : []),
])('a sample of $name', ({ isThere, engine, set }) => {
  it.skipIf(!isThere)('is dumped, loaded and dumped again, with the same bytes', async () => {
    const compiledSet = await set();
    const { plans } = compiledSet;
    const { model } = plans.mappingSet;
    await DocumentFolder.write(place('sample'), model, async (output) => {
      for (const { resource, document } of sampleDocuments(model, { documents: 400, seed: 3 }))
        await output.add(resource, document);
    });
    let written = 0;
    await withDatabase(engine, compiledSet, async (bench) => {
      const { total } = await load(bench, compiledSet, 'sample');
      written = total.inserted;
      expect(total).toMatchObject({ replaced: 0, unchanged: 0, skipped: 0, rejected: 0 });
      const dumped = await dumpDocuments(bench.connection, plans, place('first'));
      expect(dumped.resources.reduce((sum, { documents }) => sum + documents, 0)).toBe(written);
    });
    expect(written).toBeGreaterThan(400);
    await withDatabase(engine, compiledSet, async (bench) => {
      await load(bench, compiledSet, 'first');
      await dumpDocuments(bench.connection, plans, place('second'));
      expect(dumpedTexts(place('second'))).toEqual(dumpedTexts(place('first')));
      const { total } = await load(bench, compiledSet, 'first', 'replace');
      expect(total).toMatchObject({ inserted: 0, replaced: 0, unchanged: written });
    });
  });
});

const number = (value: number) => new JsonNumber(String(value));

const people = compiled(
  [
    build.project('Core', [
      build.descriptor('TermDescriptor'),
      build.resource('Person', {
        identityJsonPaths: ['$.personId'],
        documentPathsMapping: {},
        jsonSchemaForInsert: build.object({ personId: build.integer() }, ['personId']),
      }),
    ]),
  ],
  'v2',
);

/** Counts the requests to a connection. */
function counted(inner: Connection): { readonly connection: Connection; readonly asked: () => number } {
  let asked = 0;
  const connection = new Proxy(inner, {
    get(target, name) {
      if (name === 'queryAll') asked += 1;
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { connection, asked: () => asked };
}

describe('a dump', () => {
  it('on several connections has the files of a dump on one', () =>
    withDatabase(server, people, async (bench) => {
      const { connection } = bench;
      const lines = Array.from({ length: 5100 }, (_, index) =>
        JSON.stringify({ resource: 'Core:Person', document: { personId: index } }),
      );
      writeFileSync(place('people.jsonl'), lines.join('\n'));
      await load(bench, people, 'people.jsonl');
      // ids with gaps
      await connection.execute(givenScript(`DELETE FROM core."Person" WHERE "PersonId" % 7 = 0`));
      await connection.execute(
        givenScript(
          `DELETE FROM dms."Document" d WHERE NOT EXISTS (SELECT 1 FROM core."Person" p WHERE p."DocumentId" = d."DocumentId")`,
        ),
      );
      await dumpDocuments(connection, people.plans, place('one'));
      const others = [counted(await bench.open()), counted(await bench.open())];
      await dumpDocuments(connection, people.plans, place('three'), {
        more: async () => others.map((each) => each.connection),
      });
      expect(dumpedTexts(place('three'))).toEqual(dumpedTexts(place('one')));
      expect(
        Object.values(dumpedTexts(place('one')))[0]
          ?.trimEnd()
          .split('\n'),
      ).toHaveLength(5100 - 729);
      for (const { asked } of others) expect(asked()).toBeGreaterThan(0);
    }));

  it('since a version has the documents and descriptors that changed after it', () =>
    withDatabase(embedded, people, async (bench) => {
      const { connection } = bench;
      const store = openDocuments(connection, people.plans);
      const person = { projectName: 'Core', resourceName: 'Person' };
      for (const personId of [1, 2])
        await store.upsertBatch(person, [{ document: new Map([['personId', number(personId)]]) }]);
      const [row] = await connection.query<{ v: string }>(
        trusted('SELECT max("ContentVersion")::text AS v FROM dms."Document"'),
      );
      await store.upsertBatch(person, [{ document: new Map([['personId', number(3)]]) }]);
      writeFileSync(
        place('d.json'),
        JSON.stringify([{ resource: 'TermDescriptor', namespace: 'uri://x', codeValue: 'Fall' }]),
      );
      const { descriptors } = await readDescriptorSet(people.plans.mappingSet.model, [place('d.json')]);
      await seedDescriptors(connection, descriptors, 'v2');
      await dumpDocuments(connection, people.plans, place('since'), { since: BigInt(row?.v ?? 0) });
      expect(dumpedTexts(place('since'))).toEqual({
        'core/people.jsonl': '{"personId":3}\n',
        'core/termDescriptors.jsonl': expect.stringContaining('"codeValue":"Fall"'),
      });
    }));
});

describe('descriptors', () => {
  const seed = async ({ connection }: Bench, descriptor: object, onConflict?: 'fail' | 'keep' | 'update') => {
    writeFileSync(
      place('d.json'),
      JSON.stringify([{ resource: 'TermDescriptor', namespace: 'uri://x', shortDescription: 'S', ...descriptor }]),
    );
    const { descriptors } = await readDescriptorSet(people.plans.mappingSet.model, [place('d.json')]);
    return seedDescriptors(connection, descriptors, 'v2', { onConflict });
  };
  const stored = async ({ connection }: Bench) =>
    (
      await connection.query<Record<string, unknown>>(
        trusted(
          `SELECT s."CodeValue", s."Uri", s."Description", s."ResourceKeyId" = d."ResourceKeyId" AS "IsOfResource", s."ContentVersion" = d."ContentVersion" AS "IsMirrored", d."ContentVersion"::int AS "Version", (SELECT count(*)::int FROM dms."ReferentialIdentity" i WHERE i."DocumentId" = d."DocumentId") AS "Identities" FROM dms."Descriptor" s JOIN dms."Document" d ON d."DocumentId" = s."DocumentId"`,
        ),
      )
    )[0];

  it('are inserted with their resource key, updated whole, and left alone where they are equal', () =>
    withDatabase(embedded, people, async (bench) => {
      expect(await seed(bench, { codeValue: 'Fall' })).toMatchObject({ inserted: 1 });
      const first = await stored(bench);
      expect(first).toMatchObject({
        CodeValue: 'Fall',
        Uri: 'uri://x#Fall',
        IsOfResource: true,
        IsMirrored: true,
        Identities: 1,
      });
      expect(await seed(bench, { codeValue: 'Fall' }, 'update')).toMatchObject({ unchanged: 1 });
      expect(await stored(bench)).toEqual(first);
      expect(await seed(bench, { codeValue: 'FALL' }, 'update')).toMatchObject({ updated: 1, diagnostics: [] });
      const cased = await stored(bench);
      expect(cased).toMatchObject({ CodeValue: 'FALL', Uri: 'uri://x#FALL', IsMirrored: true, Identities: 1 });
      expect(Number(cased?.Version)).toBeGreaterThan(Number(first?.Version));
      expect(await seed(bench, { codeValue: 'fall', description: 'autumn' }, 'update')).toMatchObject({ updated: 1 });
      expect(await stored(bench)).toMatchObject({ CodeValue: 'fall', Description: 'autumn', Uri: 'uri://x#fall' });
    }));

  it('in another letter case stay as they are, with a warning, unless they are to be updated', () =>
    withDatabase(embedded, people, async (bench) => {
      await seed(bench, { codeValue: 'Fall' });
      const first = await stored(bench);
      for (const onConflict of ['fail', 'keep'] as const)
        expect(await seed(bench, { codeValue: 'FALL' }, onConflict)).toMatchObject({
          diagnostics: [{ code: 'SEED_CASE_DIFFERS' }],
        });
      expect(await stored(bench)).toEqual(first);
    }));
});
