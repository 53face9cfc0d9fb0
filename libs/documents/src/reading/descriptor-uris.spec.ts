import { canonicalText } from '@dms/canonical-json';
import type { Connection } from '@dms/databases';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, engines, named, ownSet } from '../../test/bench.ts';
import { campusDocuments, fillCampus, plain } from '../../test/campus-documents.ts';
import { openDocuments } from '../index.ts';
import { DescriptorUris } from './descriptor-uris.ts';

/* How often the URIs of descriptors are asked for (design 14 §2). */

const [engine] = engines;

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
  }, 120_000);

  afterAll(() => bench.close());

  const documentOf = (label: string) => plain(campusDocuments.find(([each]) => each === label)![1]);

  /** Reads a document that names a descriptor; gives the projections and round trips that it took. */
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

  it('come with every page where none are to be remembered', async () => {
    const store = openDocuments(connection, plans, { remembersUris: false });
    for (let time = 0; time < 2; time += 1)
      expect(await reading(store, 'Campus:Session')).toEqual({ projections: 1, roundTrips: 2 });
  });
});

it('no more URIs are remembered than the limit and a page', () => {
  const uris = new DescriptorUris(2);
  const answer = (...ids: number[]) => [ids.map((DescriptorId) => ({ DescriptorId, Uri: `uri#${DescriptorId}` }))];
  uris.remember(answer(1));
  uris.remember(answer(2));
  expect([uris.get('1'), uris.get('2')]).toEqual(['uri#1', 'uri#2']);
  uris.remember(answer(3, 4, 5));
  expect(['1', '2', '3', '4', '5'].filter((id) => uris.has(id))).toEqual(['3', '4', '5']);
});
