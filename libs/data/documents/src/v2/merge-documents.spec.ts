import { DmsError } from '@dms/diagnostics';
import { givenScript, trusted } from '@dms/sql';
import { type DatabaseOfSpec, provisionedEngines } from '@dms/testing';
import { canonicalText, toJsonValue } from '@dms/values';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { named, seedDescriptors } from '../../test/bench.ts';
import { clubSet, rowsOf } from '../../test/club-set.ts';
import { type RecordedWrites, recordedWrites } from '../../test/recorded-writes.ts';
import { type DocumentStore, openDocuments } from '../index.ts';

/* Documents whose rows keep their ids (design 17 §7, §12). */

const club = named('Core:Club');
const person = named('Core:Person');
const kind = 'uri://x/KindDescriptor#';

const members = (...list: readonly (number | object)[]) => ({
  members: list.map((member) => (typeof member === 'number' ? { memberNumber: member } : member)),
});

async function codesOf(action: Promise<unknown>): Promise<string[]> {
  try {
    await action;
    return [];
  } catch (error) {
    if (error instanceof DmsError) return error.diagnostics.map(({ code }) => code);
    throw error;
  }
}

describe.each(provisionedEngines())('documents of the second generation on $name', ({ open, isServer }) => {
  let database: DatabaseOfSpec;
  let recorded: RecordedWrites;
  let store: DocumentStore;
  let clubId = 0;

  beforeAll(async () => {
    const { plans, script } = clubSet();
    database = await open(script);
    recorded = recordedWrites(database.connection);
    store = openDocuments(recorded.connection, plans);
    const uris = ['A', 'B', 'C'].map((code) => ({ resource: 'Core:KindDescriptor', uri: `${kind}${code}` }));
    await seedDescriptors(database.connection, plans, uris);
    for (const personId of [1, 2, 3]) await store.upsert(person, toJsonValue({ personId }));
  });

  afterAll(() => database.close());

  beforeEach(async () => {
    for (const { id } of await database.connection.query<{ id: string }>(
      trusted(
        `SELECT d."DocumentUuid"::text AS id FROM dms."Document" d JOIN core."Club" c ON c."DocumentId" = d."DocumentId"`,
      ),
    ))
      await store.remove(id);
    clubId += 1;
  });

  const write = async (content: object) => {
    recorded.taken();
    recorded.roundTrips();
    return store.upsert(club, toJsonValue({ clubId, ...content }));
  };
  const read = async (uuid: string) => canonicalText((await store.read([uuid]))[0]?.document ?? null);
  const text = (content: object) => canonicalText(toJsonValue({ clubId, ...content }));
  /** Ids of the rows of a table by the value of a column. */
  const ids = async (table: string, column: string) =>
    Object.fromEntries((await rowsOf(database.connection, table)).map((row) => [row[column], row.CollectionItemId]));

  describe('elements keep their rows', () => {
    it('that swap places', async () => {
      await write(members(1, 2));
      const before = await ids('ClubMember', 'MemberNumber');
      const { uuid } = await write(members(2, 1));
      expect(recorded.taken()).toEqual(['UPDATE ClubMember 2', 'UPDATE ClubMember 2']);
      expect(await ids('ClubMember', 'MemberNumber')).toEqual(before);
      expect(await read(uuid)).toBe(text(members(2, 1)));
    });

    it('behind a new one', async () => {
      await write(members(1, 2, 3));
      const before = await ids('ClubMember', 'MemberNumber');
      const { uuid } = await write(members(9, 1, 2, 3));
      expect(recorded.taken()).toEqual(['UPDATE ClubMember 3', 'UPDATE ClubMember 3', 'INSERT ClubMember 1']);
      const after = await ids('ClubMember', 'MemberNumber');
      expect(after).toEqual({ ...before, 9: expect.any(String) });
      expect(await read(uuid)).toBe(text(members(9, 1, 2, 3)));
    });

    it('behind one that is removed', async () => {
      await write(members(1, 2, 3));
      const { 1: _, ...before } = await ids('ClubMember', 'MemberNumber');
      const { uuid } = await write(members(2, 3));
      expect(recorded.taken()).toEqual(['DELETE ClubMember 1', 'UPDATE ClubMember 2', 'UPDATE ClubMember 2']);
      expect(await ids('ClubMember', 'MemberNumber')).toEqual(before);
      expect(await read(uuid)).toBe(text(members(2, 3)));
    });

    it('with another value, and the rows below are left alone', async () => {
      const stays = [{ beginsOn: '2030-01-01' }, { beginsOn: '2031-01-01' }];
      await write(members({ memberNumber: 1, stays }, 2));
      const before = await ids('ClubMember', 'MemberNumber');
      await write(members({ memberNumber: 1, title: 'Dr', stays }, 2));
      expect(recorded.taken()).toEqual(['UPDATE ClubMember 1']);
      expect(await ids('ClubMember', 'MemberNumber')).toEqual(before);
    });

    it('of several collections at once, whatever tells them apart', async () => {
      const guests = (...list: readonly number[]) => list.map((personId) => ({ guestReference: { personId } }));
      const awards = (...list: readonly string[]) => ({
        _ext: { sample: { motto: 'go', awards: list.map((awardName) => ({ awardName })) } },
      });
      await write({ guests: guests(1, 2), kindDescriptors: [`${kind}A`, `${kind}B`], ...awards('x', 'y') });
      const tables = [
        ['ClubGuest', 'Guest_PersonId'],
        ['ClubKindDescriptor', 'KindDescriptor_DescriptorId'],
        ['ClubExtensionAward', 'AwardName'],
      ] as const;
      const before = await Promise.all(tables.map(([table, column]) => ids(table, column)));
      const content = { guests: guests(2, 1, 3), kindDescriptors: [`${kind}B`, `${kind}A`], ...awards('y', 'x') };
      const { uuid } = await write(content);
      const after = await Promise.all(tables.map(([table, column]) => ids(table, column)));
      expect(after[0]).toEqual({ ...before[0], 3: expect.any(String) });
      expect(after.slice(1)).toEqual(before.slice(1));
      expect(await read(uuid)).toBe(text(content));
    });
  });

  it('an element with another identity is another row, and so are those below', async () => {
    const stays = [{ beginsOn: '2030-01-01' }];
    await write(members({ memberNumber: 1, stays }));
    const before = [await ids('ClubMember', 'Ordinal'), await ids('ClubMemberStay', 'Ordinal')];
    await write(members({ memberNumber: 2, stays }));
    expect(recorded.taken()).toEqual([
      'DELETE ClubMemberStay 1',
      'DELETE ClubMember 1',
      'INSERT ClubMember 1',
      'INSERT ClubMemberStay 1',
    ]);
    const after = [await ids('ClubMember', 'Ordinal'), await ids('ClubMemberStay', 'Ordinal')];
    for (const index of [0, 1]) expect(after[index]?.[0]).not.toBe(before[index]?.[0]);
  });

  it('the same document is only read, and its version stays', async () => {
    const content = { note: 'a', ...members(1, { memberNumber: 2, stays: [{ beginsOn: '2030-01-01' }] }) };
    const first = await write(content);
    expect(await write(content)).toEqual({ ...first, kind: 'unchanged' });
    expect(recorded.taken()).toEqual([]);
    expect((await store.read([first.uuid]))[0]?.contentVersion).toBe(first.contentVersion);
  });

  it('a new row below a new row has its id', async () => {
    const { uuid } = await write(members({ memberNumber: 1, stays: [{ beginsOn: '2030-01-01' }] }));
    const [member] = await rowsOf(database.connection, 'ClubMember');
    const [stay] = await rowsOf(database.connection, 'ClubMemberStay');
    expect(stay?.ParentCollectionItemId).toBe(member?.CollectionItemId);
    expect(await read(uuid)).toBe(text(members({ memberNumber: 1, stays: [{ beginsOn: '2030-01-01' }] })));
  });

  it('equal elements of different parents are different rows', async () => {
    const stays = [{ beginsOn: '2030-01-01' }];
    const content = members({ memberNumber: 1, stays }, { memberNumber: 2, stays });
    const { uuid } = await write(content);
    expect(await rowsOf(database.connection, 'ClubMemberStay')).toHaveLength(2);
    expect(await read(uuid)).toBe(text(content));
  });

  it('an absent and a null value of an identity are equal', async () => {
    const places = [{ name: 'hall' }, { name: 'hall', area: null }];
    expect(await codesOf(write({ places }))).toEqual(['DOCUMENT_DUPLICATE_ELEMENT']);
    expect(await codesOf(write({ places: [{ name: 'hall' }, { name: 'hall', area: 'east' }] }))).toEqual([]);
  });

  describe('the companion of an element', () => {
    const content = (extension: object | null) => ({
      ...members(1, 2),
      ...(extension && { _ext: { sample: { motto: 'go', members: [{}, { _ext: { sample: extension } }] } } }),
    });

    it('is added, changed and removed alone', async () => {
      await write(content(null));
      await write(content({ badge: 'x' }));
      expect(recorded.taken()).toEqual(['INSERT ClubExtension 1', 'INSERT ClubExtensionMember 1']);
      const { uuid } = await write(content({ badge: 'y' }));
      expect(recorded.taken()).toEqual(['UPDATE ClubExtensionMember 1']);
      expect(await read(uuid)).toBe(text(content({ badge: 'y' })));
      const { _ext: _, ...without } = content(null) as { _ext?: object };
      await write({ ...without, _ext: { sample: { motto: 'go' } } });
      expect(recorded.taken()).toEqual(['DELETE ClubExtensionMember 1']);
    });

    it('is found again when its element moves', async () => {
      await write(content({ badge: 'x' }));
      const { uuid } = await write({
        ...members(2, 1),
        _ext: { sample: { motto: 'go', members: [{ _ext: { sample: { badge: 'x' } } }] } },
      });
      expect(recorded.taken()).toEqual(['UPDATE ClubMember 2', 'UPDATE ClubMember 2']);
      expect(await read(uuid)).toContain('"members":[{"_ext":{"sample":{"badge":"x"}}}]');
    });

    it.each([
      ['is not a row if it is empty', {}, 0],
      ['is not a row if it holds an empty array', { keys: [] }, 0],
      ['is a row if it holds a null', { badge: null }, 1],
      ['is a row without values if it holds a collection alone', { keys: [{ keyNumber: 1 }] }, 1],
    ])('%s', async (_, extension, count) => {
      await write(content(extension));
      expect(await rowsOf(database.connection, 'ClubExtensionMember')).toHaveLength(count);
    });

    it('without values is not shown', async () => {
      const { uuid } = await write(content({ badge: null }));
      expect(await read(uuid)).not.toContain('badge');
      expect(await read(uuid)).toContain('"motto":"go"');
    });
  });

  it('an extension that holds a collection alone has a row of nulls', async () => {
    const content = { _ext: { sample: { awards: [{ awardName: 'x' }] } } };
    const { uuid } = await write(content);
    expect(await rowsOf(database.connection, 'ClubExtension')).toEqual([
      { DocumentId: expect.any(String), Motto: null },
    ]);
    expect(await read(uuid)).toBe(text(content));
    await write({ _ext: { sample: {} } });
    expect(await rowsOf(database.connection, 'ClubExtension')).toEqual([]);
  });

  it('a removed reference leaves nothing behind', async () => {
    await write({ leaderReference: { personId: 1 } });
    await write({});
    expect(await rowsOf(database.connection, 'Club')).toMatchObject([
      { Leader_DocumentId: null, Leader_PersonId: null },
    ]);
  });

  it('copies of a changed identity follow, and rows of collections keep their ids', async () => {
    const { uuid } = await store.upsert(person, toJsonValue({ personId: 50 }));
    const { uuid: clubUuid } = await write({
      leaderReference: { personId: 50 },
      guests: [{ guestReference: { personId: 50 } }],
    });
    const before = await ids('ClubGuest', 'Ordinal');
    await store.replace(person, uuid, toJsonValue({ personId: 51 }));
    expect(await ids('ClubGuest', 'Ordinal')).toEqual(before);
    expect(await read(clubUuid)).toBe(
      text({ leaderReference: { personId: 51 }, guests: [{ guestReference: { personId: 51 } }] }),
    );
    expect(
      await database.connection.query(
        trusted(`SELECT "OldPersonId", "NewPersonId", "Id"::text FROM "tracked_changes_core"."Person" WHERE "Id" = $1`),
        [uuid],
      ),
    ).toEqual([{ OldPersonId: 50, NewPersonId: 51, Id: uuid }]);
  });

  it('an identity that may not change is refused, and nothing is written', async () => {
    const town = named('Core:Town');
    const { uuid } = await store.upsert(town, toJsonValue({ townId: clubId }));
    recorded.taken();
    const changed = store.replace(town, uuid, toJsonValue({ townId: clubId + 1000 }));
    expect(await codesOf(changed)).toEqual(['DOCUMENT_IDENTITY_CHANGED']);
    expect(recorded.taken()).toEqual([]);
  });

  it('a removed document leaves a tombstone with its last version, and no row', async () => {
    const { uuid, contentVersion } = await write({
      ...members({ memberNumber: 1, stays: [{ beginsOn: '2030-01-01' }] }),
    });
    await store.remove(uuid);
    for (const table of ['Club', 'ClubMember', 'ClubMemberStay'])
      expect(await rowsOf(database.connection, table)).toEqual([]);
    const found = await database.connection.query<{ OldClubId: number; NewClubId: number | null; version: string }>(
      trusted(
        `SELECT "OldClubId", "NewClubId", "ChangeVersion"::text AS version FROM "tracked_changes_core"."Club" WHERE "Id" = $1`,
      ),
      [uuid],
    );
    expect(found).toMatchObject([{ OldClubId: clubId, NewClubId: null }]);
    expect(BigInt(found[0]?.version ?? 0)).toBeGreaterThan(contentVersion);
    expect(
      await database.connection.query(trusted(`SELECT 1 FROM dms."Document" WHERE "DocumentUuid" = $1`), [uuid]),
    ).toEqual([]);
  });

  it('a removed descriptor leaves a tombstone too', async () => {
    const resource = 'Core:KindDescriptor';
    await seedDescriptors(database.connection, clubSet().plans, [{ resource, uri: `${kind}gone` }]);
    const [{ id } = { id: '' }] = await database.connection.query<{ id: string }>(
      trusted(
        `SELECT d."DocumentUuid"::text AS id FROM dms."Document" d JOIN dms."Descriptor" s ON s."DocumentId" = d."DocumentId" WHERE s."CodeValue" = 'gone'`,
      ),
    );
    await store.remove(id);
    expect(
      await database.connection.query(
        trusted(`SELECT "OldCodeValue", "Discriminator" FROM "tracked_changes_core"."Descriptor" WHERE "Id" = $1`),
        [id],
      ),
    ).toEqual([{ OldCodeValue: 'gone', Discriminator: 'KindDescriptor' }]);
  });

  it('gaps between positions are read over, and closed by the next write', async () => {
    const { uuid } = await write(members(1, 2, 3));
    await database.connection.execute(
      givenScript(`UPDATE core."ClubMember" SET "Ordinal" = 5 WHERE "MemberNumber" = 3`),
    );
    expect(await read(uuid)).toBe(text(members(1, 2, 3)));
    expect((await write(members(1, 2, 3))).kind).toBe('replaced');
    expect(Object.keys(await ids('ClubMember', 'Ordinal'))).toEqual(['0', '1', '2']);
  });

  it.each<[string, readonly number[]]>([
    ['two of them', [2, -1, -2]],
    ['the first ones last', [-2, -1, 2]],
    ['one of them', [1, 2, -1]],
    ['the least of all', [-2_147_483_648, -1, -3]],
  ])('positions below zero, %s, are read over, and mended by the next write', async (_, positions) => {
    const all = positions.map((_, index) => index + 1);
    const { uuid } = await write(members(...all));
    const { execute } = database.connection;
    const place = (value: (member: number) => string) =>
      all.map((member) => `UPDATE core."ClubMember" SET "Ordinal" = ${value(member)} WHERE "MemberNumber" = ${member}`);
    await execute(
      givenScript(
        [...place((member) => `${1000 + member}`), ...place((member) => `${positions[member - 1]}`)].join('; '),
      ),
    );
    const stored = all.toSorted((left, right) => (positions[left - 1] ?? 0) - (positions[right - 1] ?? 0));
    expect(await read(uuid)).toBe(text(members(...stored)));
    for (const order of [stored, stored.toReversed()]) {
      expect((await write(members(...order))).kind).toBe('replaced');
      expect(await read(uuid)).toBe(text(members(...order)));
      expect(Object.keys(await ids('ClubMember', 'Ordinal'))).toEqual(['0', '1', '2']);
    }
  });

  it('two stored rows of one element are reported with both ids, and nothing is written', async () => {
    const { uuid } = await write({ note: 'a', places: [{ name: 'hall' }] });
    await database.connection.execute(
      givenScript(
        `INSERT INTO core."ClubPlace" ("Club_DocumentId", "Ordinal", "Name") SELECT "Club_DocumentId", 1, "Name" FROM core."ClubPlace"`,
      ),
    );
    const rowIds = (await rowsOf(database.connection, 'ClubPlace')).map((row) => row.CollectionItemId);
    const error = await write({ note: 'b', places: [{ name: 'hall' }] }).catch((each: DmsError) => each);
    expect(error).toMatchObject({
      diagnostics: [{ code: 'DOCUMENT_STORED_DUPLICATE', details: { table: 'core.ClubPlace', rowIds } }],
    });
    expect(recorded.taken()).toEqual([]);
    expect(await codesOf(store.replace(club, uuid, toJsonValue({ clubId })))).toEqual(['DOCUMENT_STORED_DUPLICATE']);
  });

  it('in a batch costs only its own document', async () => {
    const { uuid } = await write({ places: [{ name: 'hall' }] });
    await database.connection.execute(
      givenScript(
        `INSERT INTO core."ClubPlace" ("Club_DocumentId", "Ordinal", "Name") SELECT "Club_DocumentId", 1, "Name" FROM core."ClubPlace"`,
      ),
    );
    const batch = [{ clubId, note: 'b' }, { clubId: clubId + 500 }].map((document) => ({
      document: toJsonValue(document),
    }));
    const outcomes = await store.upsertBatch(club, batch);
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['rejected', 'inserted']);
    expect((await store.read([uuid]))[0]?.document.has('note')).toBe(false);
  });

  describe('an expected version', () => {
    it('that is the stored one lets a document be replaced and removed', async () => {
      const first = await write({ note: 'a' });
      const second = await store.replace(club, first.uuid, toJsonValue({ clubId, note: 'b' }), {
        ifVersion: first.contentVersion,
      });
      expect(second.kind).toBe('replaced');
      await store.remove(first.uuid, { ifVersion: second.contentVersion });
      expect(await store.read([first.uuid])).toEqual([]);
    });

    it('that is another one refuses it, with both versions', async () => {
      const { uuid, contentVersion } = await write({ note: 'a' });
      const ifVersion = contentVersion - 1n;
      const details = { uuid, expected: String(ifVersion), found: String(contentVersion) };
      const refused = { diagnostics: [{ code: 'DOCUMENT_VERSION_CHANGED', details }] };
      await expect(store.replace(club, uuid, toJsonValue({ clubId }), { ifVersion })).rejects.toMatchObject(refused);
      await expect(store.remove(uuid, { ifVersion })).rejects.toMatchObject(refused);
      expect(await read(uuid)).toBe(text({ note: 'a' }));
    });
  });

  it('a write takes at most five round trips', async () => {
    const content = (title: string) => ({
      leaderReference: { personId: 1 },
      kindDescriptors: [`${kind}A`],
      ...members({ memberNumber: 1, title, stays: [{ beginsOn: '2030-01-01' }] }),
      _ext: { sample: { motto: title, members: [{ _ext: { sample: { badge: title, keys: [{ keyNumber: 1 }] } } }] } },
    });
    await write(content('a'));
    const inserted = recorded.roundTrips();
    await write({ ...content('b'), places: [{ name: 'hall' }] });
    const replaced = recorded.roundTrips();
    expect([inserted, replaced]).toEqual([3, 4]);
  });

  if (isServer)
    it('ten writers of one document leave the result of some order, and untouched elements keep their ids', async () => {
      await write(members(1, 2, 3));
      const before = await ids('ClubMember', 'MemberNumber');
      const contents = Array.from({ length: 10 }, (_, index) =>
        members(...[1, 2, 3, 10 + index].toSorted(() => (index % 2 ? -1 : 1))),
      );
      const outcomes = await Promise.all(
        contents.map(async (content) => {
          const session = await database.open();
          return openDocuments(session, clubSet().plans).upsert(club, toJsonValue({ clubId, ...content }));
        }),
      );
      expect(new Set(outcomes.map(({ uuid }) => uuid)).size).toBe(1);
      expect(contents.map(text)).toContain(await read(outcomes[0]?.uuid ?? ''));
      expect(await ids('ClubMember', 'MemberNumber')).toMatchObject(before);
    });
});
