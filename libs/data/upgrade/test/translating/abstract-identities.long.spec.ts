import type { Connection } from '@dms/databases';
import { trusted } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { applyUpgrade } from '../../src/index.ts';
import { loaded } from '../dumped.ts';
import { sessionForAll } from '../sessions.ts';
import { venueContents, venueSets } from './coded-sets.ts';
import { expectAsLoaded, storedIn, translatedFrom } from './translated-documents.ts';

/* Identities of abstract resources whose members get other identities (design 12a §6). */

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

describe.each(['v1', 'v2'] as const)('members of an abstract resource with other identities, in %s', (version) => {
  it('are found by them, also through references to the abstract resource', async () => {
    const sets = venueSets(version);
    const { before, after, translation } = sets;
    await loaded(connection, before, venueContents('A', 'B', 'C', 'D'));
    const { documents } = await translatedFrom(sets, await storedIn(connection, before));
    await applyUpgrade(connection, before, after, { translation });
    const found = await connection.query<{ code: string; key: string }>(
      trusted(
        'SELECT i."VenueCode" AS code, h."HallKey" AS key FROM edfi."VenueIdentity" AS i JOIN edfi."Hall" AS h ON h."DocumentId" = i."DocumentId" ORDER BY 1',
      ),
    );
    expect(found).toEqual(['A', 'B', 'D', 'two'].map((each) => ({ code: each, key: each })));
    await expectAsLoaded(connection, after, documents);
  });
});
