import type { Connection } from '@dms/databases';
import { type DatabaseOfSpec, random, serverEngine } from '@dms/testing';
import { canonicalText } from '@dms/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { named, ownSet } from '../test/bench.ts';
import { fillCampus, period, plain, school, staff } from '../test/campus-documents.ts';
import { type DocumentStore, openDocuments, referentialIdOf, type WriteOutcome } from './index.ts';

const people = named('Campus:Staff');

/** The embedded engine has one session. */
describe.each([serverEngine])('writers at once on $name', ({ open }) => {
  let bench: DatabaseOfSpec;
  const { plans, script } = ownSet();

  beforeAll(async () => {
    bench = await open(script);
    await fillCampus(bench.connection, openDocuments(bench.connection, plans));
  });

  afterAll(() => bench.close());

  /** Content that identifies its writer: parts of two writers must not be in one document. */
  const content = (identity: number, writer: number, turn: number) =>
    plain({
      ...staff,
      staffUniqueId: `w${identity}`,
      familyName: `writer ${writer}`,
      givenName: `turn ${turn}`,
      contactNumbers: Array.from({ length: 1 + (turn % 3) }, (_, index) => ({
        phoneNumber: `${writer}-${turn}-${index}`,
      })),
    });

  it('10 of them on 50 identities leave what one of them wrote last', async () => {
    const written = new Map<string, Set<string>>();
    const outcomes: WriteOutcome[] = [];
    const write = async (writer: number) => {
      const store = openDocuments(await bench.open(), plans);
      const next = random(writer);
      for (let turn = 0; turn < 12; turn += 1) {
        const identities = Array.from({ length: 8 }, () => Math.floor(next() * 50));
        const documents = identities.map((identity) => ({ document: content(identity, writer, turn) }));
        documents.forEach(({ document }, index) => {
          const key = `w${identities[index]}`;
          written.set(key, (written.get(key) ?? new Set()).add(canonicalText(document)));
        });
        outcomes.push(...(await store.upsertBatch(people, documents)));
      }
    };
    await Promise.all(Array.from({ length: 10 }, (_, writer) => write(writer)));
    // every write has an outcome
    expect(outcomes.filter(({ kind }) => kind === 'rejected')).toEqual([]);
    expect(outcomes).toHaveLength(960);
    const inserted = outcomes.filter(({ kind }) => kind === 'inserted');
    expect(inserted).toHaveLength(written.size);

    const store: DocumentStore = openDocuments(bench.connection, plans);
    const stored = await store.scan(people, { limit: 1000 });
    expect(stored).toHaveLength(written.size);
    const found = await store.read(stored.map(({ uuid }) => uuid));
    expect(found.map(({ document }) => document)).toEqual(stored.map(({ document }) => document));
    for (const { document, referentialId } of found) {
      const key = String(document.get('staffUniqueId'));
      expect(written.get(key)).toContain(canonicalText(document));
      expect(referentialId).toBe(referentialIdOf(plans, people, document));
    }
  });

  it('two that write one new identity: one inserts, the other replaces', async () => {
    const [first, second] = [await bench.open(), await bench.open()] as [Connection, Connection];
    const stores = [first, second].map((connection) => openDocuments(connection, plans));
    for (let round = 0; round < 15; round += 1) {
      const outcomes = await Promise.all(
        stores.map((store, writer) =>
          store.upsert(people, plain({ ...staff, staffUniqueId: `race ${round}`, givenName: `${writer}` })),
        ),
      );
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['inserted', 'replaced']);
      expect(new Set(outcomes.map(({ uuid }) => uuid)).size).toBe(1);
    }
  });

  it('one that removes what another refers to: either of them is refused', async () => {
    const stores = [await bench.open(), await bench.open()].map((connection) => openDocuments(connection, plans));
    const [writer, remover] = stores as [DocumentStore, DocumentStore];
    for (let round = 0; round < 10; round += 1) {
      const { uuid } = await writer.upsert(named('Campus:School'), plain({ ...school, schoolId: 5000 + round }));
      const referring = { ...period('p'), schoolReference: { schoolId: 5000 + round } };
      const results = await Promise.allSettled([
        writer.upsert(named('Campus:ClassPeriod'), plain(referring)),
        remover.remove(uuid),
      ]);
      const codes = results.flatMap((result) =>
        result.status === 'rejected' ? [(result.reason as { code: string }).code] : [],
      );
      expect(codes).toHaveLength(1);
      expect(['DOCUMENT_IN_USE', 'DOCUMENT_REFERENCE_UNRESOLVED']).toContain(codes[0]);
      expect(await writer.read([uuid])).toHaveLength(codes[0] === 'DOCUMENT_IN_USE' ? 1 : 0);
    }
  });

  it('an identity that changes while it is written is found again', async () => {
    const periods = named('Campus:ClassPeriod');
    const stores = [await bench.open(), await bench.open()].map((connection) => openDocuments(connection, plans));
    const [one, other] = stores as [DocumentStore, DocumentStore];
    for (let round = 0; round < 15; round += 1) {
      const { uuid } = await one.upsert(periods, plain({ ...period(`a${round}`), attendanceIsTaken: true }));
      const [renamed, upserted] = await Promise.all([
        one.replace(periods, uuid, plain({ ...period(`b${round}`), attendanceIsTaken: true })),
        other.upsert(periods, plain({ ...period(`a${round}`), attendanceIsTaken: false })),
      ]);
      // either renamed first, then a new document; or replaced first, then renamed with its own content
      expect(renamed.uuid).toBe(uuid);
      const found = await one.read([...new Set([uuid, upserted.uuid])]);
      expect(found.map(({ document }) => [document.get('classPeriodName'), document.get('attendanceIsTaken')])).toEqual(
        upserted.uuid === uuid
          ? [[`b${round}`, true]]
          : [
              [`b${round}`, true],
              [`a${round}`, false],
            ],
      );
    }
  });
});
