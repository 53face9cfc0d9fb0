import type { Connection } from '@dms/databases';
import { canonicalText } from '@dms/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, named, ownSet, provisionedEngines, seedDescriptors } from '../../test/bench.ts';
import { campusDocuments, course, fillCampus, plain } from '../../test/campus-documents.ts';
import { openDocuments } from '../index.ts';
import { DescriptorUris } from './descriptor-uris.ts';

/* How often the URIs of descriptors are queried (design 14 §2). */

const [engine] = provisionedEngines();

describe(`URIs of descriptors on ${engine?.name}`, () => {
  const { plans, script } = ownSet();
  const uuids = new Map<string, string>();
  let bench: Bench;
  let projections = 0;
  let roundTrips = 0;
  let connection: Connection;

  beforeAll(async () => {
    bench = await engine!.open(script);
    connection = {
      ...bench.connection,
      queryAll: (statements, limits) => {
        roundTrips += 1;
        projections += statements.filter(({ pieces }) => pieces.at(-1)?.includes('"dms"."Descriptor"')).length;
        return bench.connection.queryAll(statements, limits);
      },
    };
    const store = openDocuments(connection, plans);
    await fillCampus(bench.connection, store);
    for (const [label, document] of campusDocuments) {
      uuids.set(label, (await store.upsert(named(label), plain(document))).uuid);
    }
  });

  afterAll(() => bench.close());

  const documentOf = (label: string) => plain(campusDocuments.find(([each]) => each === label)![1]);

  /** Reads a document that refers to a descriptor; returns the numbers of projections and round trips. */
  async function reading(store: ReturnType<typeof openDocuments>, label: string) {
    [projections, roundTrips] = [0, 0];
    const [found] = await store.read([uuids.get(label) ?? '']);
    expect(canonicalText(found!.document)).toBe(canonicalText(documentOf(label)));
    return { projections, roundTrips };
  }

  it('come with the first page, and later with those that name one that is not known', async () => {
    const store = openDocuments(connection, plans);
    expect(await reading(store, 'Campus:Session')).toEqual({ projections: 1, roundTrips: 2 });
    expect(await reading(store, 'Campus:Session')).toEqual({ projections: 0, roundTrips: 2 });
    expect(await reading(store, 'Campus:Course')).toEqual({ projections: 1, roundTrips: 3 });
    expect(await reading(store, 'Campus:Course')).toEqual({ projections: 0, roundTrips: 2 });
  });

  it('come all with the first page of a walk, and again when one has come since', async () => {
    const store = openDocuments(connection, plans);
    const walked = async (label: string) => {
      [projections, roundTrips] = [0, 0];
      const [found] = await store.scan(named(label), { limit: 10 });
      return { text: canonicalText(found!.document), projections, roundTrips };
    };
    const expected = (label: string) => canonicalText(documentOf(label));
    expect(await walked('Campus:Session')).toEqual({ text: expected('Campus:Session'), projections: 0, roundTrips: 2 });
    expect(await walked('Campus:Course')).toEqual({ text: expected('Campus:Course'), projections: 0, roundTrips: 2 });
    const subjectDescriptor = 'uri://sample.org/SubjectDescriptor#Art';
    await seedDescriptors(bench.connection, plans, [{ resource: 'Campus:SubjectDescriptor', uri: subjectDescriptor }]);
    const others = openDocuments(bench.connection, plans);
    const changed = plain({ ...course, subjectDescriptor });
    await others.upsert(named('Campus:Course'), changed);
    // the whole page is read again, because its URIs must be of the same moment
    expect(await walked('Campus:Course')).toEqual({ text: canonicalText(changed), projections: 0, roundTrips: 4 });
    expect(await walked('Campus:Course')).toMatchObject({ projections: 0, roundTrips: 2 });
    await others.upsert(named('Campus:Course'), documentOf('Campus:Course'));
  });

  it('come with every page where none are to be remembered', async () => {
    const store = openDocuments(connection, plans, { remembersUris: false });
    for (let time = 0; time < 2; time += 1) {
      expect(await reading(store, 'Campus:Session')).toEqual({ projections: 1, roundTrips: 2 });
      [projections, roundTrips] = [0, 0];
      expect(await store.scan(named('Campus:Session'), { limit: 10 })).toHaveLength(1);
      expect({ projections, roundTrips }).toEqual({ projections: 1, roundTrips: 2 });
    }
  });
});

it('no more URIs are remembered than the limit and a page', () => {
  const uris = new DescriptorUris(2);
  const answer = (...ids: number[]) => [ids.map((DescriptorId) => ({ DescriptorId, Uri: `uri#${DescriptorId}` }))];
  uris.remember(answer(1));
  uris.remember(answer(2));
  expect([uris.get('1'), uris.get('2')]).toEqual(['uri#1', 'uri#2']);
  uris.remember(answer(3, 4, 5));
  expect(['1', '2', '3', '4', '5'].filter((id) => uris.get(id) !== undefined)).toEqual(['3', '4', '5']);
});

it('all are known only where there were fewer than the limit, and until they are forgotten', () => {
  const row = (DescriptorId: number) => ({ DescriptorId, Uri: `uri#${DescriptorId}` });
  const uris = new DescriptorUris(2);
  uris.rememberAll([row(1)]);
  expect([uris.isComplete, uris.get('1')]).toEqual([true, 'uri#1']);
  uris.remember([[row(2)]]);
  expect(uris.isComplete).toBe(true);
  uris.remember([[row(3)]]);
  expect([uris.isComplete, uris.get('1'), uris.get('3')]).toEqual([false, undefined, 'uri#3']);
  uris.forget();
  expect(uris.isEmpty).toBe(true);
  uris.rememberAll([row(1), row(2)]);
  expect([uris.isComplete, uris.isEmpty]).toEqual([false, false]);
});
