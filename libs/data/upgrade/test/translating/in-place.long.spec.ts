import type { Connection } from '@dms/databases';
import { type GeneratedDocuments, generateDocuments } from '@dms/documents';
import type { MappingVersion } from '@dms/model';
import { givenScript, trusted } from '@dms/sql';
import { isThorough, usualGenerations } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { applyUpgrade, prepareUpgrade, type TranslationRejects, undoPreparation } from '../../src/index.ts';
import { databaseText, documentRows, emptied, events } from '../bench.ts';
import { loaded, loadedUnchecked } from '../dumped.ts';
import { sessionForAll } from '../sessions.ts';
import { wrongMirrors } from '../upgraded-v2.ts';
import { trackedRows } from '../written-rows.ts';
import { expectAsLoaded, storedIn, translatedFrom } from './translated-documents.ts';
import { breakingSets, type TranslatedSets } from './translated-sets.ts';

/* A breaking release in place: the database is a fresh one with the translated documents (design 12a §6). */

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

/** Generated documents, without those that the translation rejects. */
async function carried(sets: TranslatedSets): Promise<Pick<GeneratedDocuments, 'descriptors' | 'documents'>> {
  let { descriptors, documents } = generateDocuments(sets.before.model, 1, { random: 5 });
  for (let isWhole = false; !isWhole; ) {
    const all = [...descriptors, ...documents];
    const numbered = all.map(({ resource, document }, index) => ({ resource, document, uuid: String(index) }));
    const { rejected } = await translatedFrom(sets, numbered);
    const gone = new Set(rejected.map(({ uuid }) => all[Number(uuid)]?.document));
    descriptors = descriptors.filter(({ document }) => !gone.has(document));
    documents = documents.filter(({ document }) => !gone.has(document));
    isWhole = rejected.length === 0;
  }
  return { descriptors, documents };
}

const tried: readonly MappingVersion[] = [...usualGenerations(), 'v2-natural'];

describe.each(tried)('the breaking release in miniature, in %s', (version) => {
  /** For tests that do not differ between the generations; other tests cover the differences. */
  const inOne = (title: string, work: () => Promise<void>): void => {
    if (isThorough || version === 'v2') it(title, work);
  };

  it('becomes what a fresh database with the translated documents is', async () => {
    const sets = breakingSets(version);
    const { before, after, translation } = sets;
    await loaded(connection, before, await carried(sets));
    const stored = await storedIn(connection, before);
    const { rejected, documents } = await translatedFrom(sets, stored);
    expect(rejected).toEqual([]);
    const rows = await documentRows(connection);

    const upgraded = await applyUpgrade(connection, before, after, { translation });
    expect(upgraded).toMatchObject({ outcome: 'upgraded', documents: documents.length });

    // own documents keep their uuids
    const uuids = new Set((await documentRows(connection)).map((row) => (row as { uuid: string }).uuid));
    expect(documents.filter(({ uuid }) => !uuids.has(uuid ?? ''))).toEqual([]);
    expect(rows.length).toBeGreaterThan(60);
    await expectAsLoaded(connection, after, documents);
  });

  inOne('finds done what was prepared, and becomes the same', async () => {
    const sets = breakingSets(version);
    const { before, after, translation } = sets;
    await loaded(connection, before, await carried(sets));
    const { documents } = await translatedFrom(sets, await storedIn(connection, before));
    const { made } = await prepareUpgrade(connection, before, after, { translation });
    const kinds = (kind: string) => made.filter((step) => step.kind === kind).map(({ subject }) => subject);
    // new resources, and a resource that moves into another schema
    for (const table of ['edfi.StudentDemographic', 'edfi.StudentDirectoryAddress', 'edfi.Candidate'])
      expect(kinds('create table')).toContain(table);
    // rows are written before their tables have keys
    const written = new Set(kinds('create table'));
    for (const kind of ['add key of new table', 'add foreign key of new table', 'create index of new table'])
      expect(kinds(kind).filter((table) => written.has(table) && !/^(?:tracked_changes_|dms\.)/.test(table))).toEqual(
        [],
      );
    // the service works on
    expect((await storedIn(connection, before)).length).toBeGreaterThan(60);
    const { outcome, prepared } = await applyUpgrade(connection, before, after, { translation });
    expect([outcome, prepared]).toEqual(['upgraded', made.length]);
    await expectAsLoaded(connection, after, documents);
  });

  inOne('is undone as any preparation', async () => {
    const { before, after, translation } = breakingSets(version);
    await emptied(connection);
    await connection.execute(givenScript(before.script));
    const text = await databaseText(connection);
    await prepareUpgrade(connection, before, after, { translation });
    expect(await databaseText(connection)).not.toBe(text);
    await undoPreparation(connection);
    expect(await databaseText(connection)).toBe(text);
  });

  inOne('gives new versions where values changed, and keeps the others', async () => {
    const sets = breakingSets(version);
    const { before, after, translation } = sets;
    await loaded(connection, before, await carried(sets));
    const versions = async () =>
      new Map(
        (
          await connection.query<{ uuid: string; label: string; version: string }>(
            trusted(`SELECT d."DocumentUuid"::text AS uuid, k."ProjectName" || ':' || k."ResourceName" AS label, d."ContentVersion"::text AS version
             FROM dms."Document" AS d JOIN dms."ResourceKey" AS k ON k."ResourceKeyId" = d."ResourceKeyId"`),
          )
        ).map((row) => [row.uuid, row]),
      );
    const earlier = await versions();
    const journal = version === 'v1' ? (await events(connection)).length : 0;
    await applyUpgrade(connection, before, after, { translation });
    const later = await versions();
    const changed = new Set<string>();
    for (const [uuid, { version: then }] of earlier) {
      const now = later.get(uuid);
      if (now && now.version !== then) changed.add(now.label);
    }
    // others have the values that they had, at most at other places
    expect([...changed].sort()).toEqual([
      'Ed-Fi:Assessment',
      'Ed-Fi:Candidate',
      'Ed-Fi:School',
      'Ed-Fi:StudentAssessment',
      'Ed-Fi:StudentEducationOrganizationAssociation',
    ]);
    const restamped = [...later].filter(([uuid, { version: now }]) => earlier.get(uuid)?.version !== now).length;
    if (version === 'v1') expect((await events(connection)).length - journal).toBe(restamped);
    else expect(await wrongMirrors(connection, after)).toEqual([]);
  });

  inOne('leaves the database as it is if a document cannot be carried', async () => {
    const sets = breakingSets(version);
    const { before, after, translation } = sets;
    const { descriptors, documents } = generateDocuments(before.model, 1, { random: 1 });
    await loadedUnchecked(connection, before, { descriptors, documents });
    const text = await databaseText(connection);
    const { rejected } = await translatedFrom(sets, await storedIn(connection, before));
    expect(rejected.length).toBeGreaterThan(0);
    const refused = applyUpgrade(connection, before, after, { translation });
    await expect(refused).rejects.toMatchObject({ code: 'UPGRADE_ROWS_OBJECT' });
    expect(await databaseText(connection)).toBe(text);
  });

  it('removes what cannot be carried, once it is kept', async () => {
    const sets = breakingSets(version);
    const { before, after, translation } = sets;
    await loadedUnchecked(connection, before, generateDocuments(before.model, 1, { random: 1 }));
    const stored = await storedIn(connection, before);
    const { rejected, documents } = await translatedFrom(sets, stored);
    const kept: string[] = [];
    const rejects: TranslationRejects = {
      add: async (_, { uuid }) => void kept.push(uuid ?? ''),
      finish: async () => void kept.push('all'),
    };
    const { diagnostics } = await applyUpgrade(connection, before, after, { translation, rejects });
    expect(diagnostics).toEqual([]);
    if (version !== 'v1') {
      // the change feed reports each document that is gone, once
      const later = new Set(documents.map(({ uuid }) => uuid));
      const gone = stored.filter(
        ({ resource, uuid }) => !later.has(uuid) && resource !== 'Ed-Fi:ContactTypeDescriptor',
      );
      const recorded = [...(await trackedRows(connection, after)).values()].flat();
      expect(recorded.map(({ Id }) => Id).sort()).toEqual(gone.map(({ uuid }) => uuid).sort());
      expect(recorded.flatMap((row) => Object.entries(row).filter(([name]) => name.startsWith('New')))).not.toEqual([]);
      for (const row of recorded)
        for (const [name, value] of Object.entries(row))
          expect([name, value === null]).toEqual([name, name.startsWith('New')]);
    }
    expect(kept).toEqual([...new Set(rejected.map(({ uuid }) => uuid)), 'all']);
    expect(kept.length).toBeGreaterThan(1);
    await expectAsLoaded(connection, after, documents, loadedUnchecked);
  });
});
