import { buildPack, readPack } from '@dms/packs';
import { compileMappingSet, type MappingSet } from '@dms/plans';
import { canonicalText } from '@dms/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, named, ownSet, usualProvisionedEngines } from '../test/bench.ts';
import { campusDocuments, fillCampus, plain } from '../test/campus-documents.ts';
import { documentPlans, openDocuments } from './index.ts';

/* Documents through the plans of a mapping pack (design 08 §12) are the same as through compiled plans. */

const [engine] = usualProvisionedEngines();

describe(`documents through a pack on ${engine?.name}`, () => {
  const { plans, script } = ownSet();
  let packed: MappingSet;
  let bench: Bench;

  beforeAll(async () => {
    const pack = await buildPack(compileMappingSet(plans.mappingSet.model), { name: 'dms', version: '1' });
    packed = (await readPack(pack, 'own.mpack')).mappingSet;
    bench = await engine!.open(script);
  });

  afterAll(() => bench.close());

  it('are written by its plans, with the identities that the schema says, and read by its plans alone', async () => {
    // a pack has no identities: a writer takes them from the schema set
    const writer = openDocuments(
      bench.connection,
      documentPlans({ ...packed, model: plans.mappingSet.model }, plans.inventory),
    );
    await fillCampus(bench.connection, writer);
    const readers = {
      packed: openDocuments(bench.connection, documentPlans(packed)),
      compiled: openDocuments(bench.connection, plans),
    };
    for (const [label, document] of campusDocuments) {
      const { uuid, kind } = await writer.upsert(named(label), plain(document));
      expect(kind).toBe('unchanged');
      const [found] = await readers.packed.read([uuid]);
      expect(canonicalText(found!.document)).toBe(canonicalText(plain(document)));
      expect(found).toEqual((await readers.compiled.read([uuid]))[0]);
    }
  });

  it('are replaced and removed by its plans', async () => {
    const store = openDocuments(
      bench.connection,
      documentPlans({ ...packed, model: plans.mappingSet.model }, plans.inventory),
    );
    const [label, document] = campusDocuments.find(([each]) => each === 'Campus:Session')!;
    const changed = { ...document, endsOn: '2030-02-02' };
    const { uuid, kind } = await store.upsert(named(label), plain(changed));
    expect(kind).toBe('replaced');
    const reader = openDocuments(bench.connection, documentPlans(packed));
    expect(canonicalText((await reader.read([uuid]))[0]!.document)).toBe(canonicalText(plain(changed)));
    const [last, section] = campusDocuments.at(-1)!;
    const written = await store.upsert(named(last), plain(section));
    await store.remove(written.uuid);
    expect(await reader.read([written.uuid])).toEqual([]);
  });
});
