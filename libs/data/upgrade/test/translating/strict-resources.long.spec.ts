import type { Connection } from '@dms/databases';
import { givenScript } from '@dms/sql';
import { usualGenerations } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { applyUpgrade, surveyUpgrade, type TranslationRejects } from '../../src/index.ts';
import { databaseText } from '../bench.ts';
import { loadedUnchecked } from '../dumped.ts';
import { sessionForAll } from '../sessions.ts';
import { clubContents, strictSets } from './coded-sets.ts';
import { expectAsLoaded, storedIn, translatedFrom } from './translated-documents.ts';

/* Documents that no rule is about, which the later set refuses (design 12a §6). */

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

/** Keeps the uuids of rejects. */
function keptRejects(): { readonly kept: string[]; readonly rejects: TranslationRejects } {
  const kept: string[] = [];
  const rejects: TranslationRejects = {
    add: async (_, { uuid }) => void kept.push(uuid ?? ''),
    finish: async () => undefined,
  };
  return { kept, rejects };
}

// the first two are too long for the later column, the third begins with a small letter
const mottos = ['Bread and roses', 'Be prepared', 'always', 'Go'];

describe.each(usualGenerations())('rules of the later set for resources that stay, in %s', (version) => {
  it('reject documents and those that name them', async () => {
    const sets = strictSets(version);
    const { before, after, translation } = sets;
    await loadedUnchecked(connection, before, clubContents(...mottos));
    const { rejected, documents } = await translatedFrom(sets, await storedIn(connection, before));
    expect(rejected.map(({ resource }) => resource).sort()).toEqual([
      ...['Ed-Fi:Club', 'Ed-Fi:Club', 'Ed-Fi:Club'],
      ...['Ed-Fi:Visit', 'Ed-Fi:Visit', 'Ed-Fi:Visit'],
    ]);
    const text = await databaseText(connection);
    const refused = await surveyUpgrade(connection, before, after, { translation });
    expect(refused.errors.map(({ code }) => code)).toContain('UPGRADE_ROWS_OBJECT');
    await expect(applyUpgrade(connection, before, after, { translation })).rejects.toMatchObject({
      code: 'UPGRADE_ROWS_OBJECT',
    });
    const planned = keptRejects();
    const found = await surveyUpgrade(connection, before, after, { translation, rejects: planned.rejects });
    expect([found.errors, found.counts]).toEqual([[], []]);
    expect(await databaseText(connection)).toBe(text);

    const { kept, rejects } = keptRejects();
    await applyUpgrade(connection, before, after, { translation, rejects });
    expect(kept).toEqual(rejected.map(({ uuid }) => uuid));
    expect(planned.kept).toEqual(kept);
    await expectAsLoaded(connection, after, documents, loadedUnchecked);
  });

  it('keep documents that are permitted to break them', async () => {
    const { before, after, translation } = strictSets(version);
    await loadedUnchecked(connection, before, clubContents(...mottos));
    const { kept, rejects } = keptRejects();
    const options = { translation, rejects, allowInvalid: ['Ed-Fi:Club'] };
    const { invalid } = await applyUpgrade(connection, before, after, options);
    expect(invalid.map(({ count, item: { change } }) => [change, count])).toEqual([['pattern changed', 1]]);
    // no column holds the two that are too long
    expect(kept).toHaveLength(4);
    const left = await storedIn(connection, after);
    const names = left.flatMap(({ document }) => document.get('motto') ?? []);
    expect(names.sort()).toEqual(['Go', 'always']);
    expect(left.filter(({ resource }) => resource === 'Ed-Fi:Visit')).toHaveLength(2);
  });

  it('keep documents that broke them before', async () => {
    const { before, after, translation } = strictSets(version);
    await loadedUnchecked(connection, before, clubContents('Go'));
    // as a program with weaker checks writes it: both sets require two characters at least
    await connection.execute(givenScript(`UPDATE edfi."Club" SET "Motto" = 'G'`));
    const { kept, rejects } = keptRejects();
    await applyUpgrade(connection, before, after, { translation, rejects });
    expect(kept).toEqual([]);
  });
});
