import { describe, expect, it } from 'vitest';
import { checked, plansOf, schoolPlans } from '../../test/school-set.ts';
import { refusal, ScriptedConnection } from '../../test/scripted-connection.ts';
import { referentialIdOfText } from '../identity/referential-id.ts';
import type { OnExisting, WriteOutcome } from './outcome.ts';
import { StoredLookalikes } from './stored-lookalikes.ts';
import { KnownDescriptors } from './targets.ts';
import { RejectRate, type UpsertContext } from './upsert-attempt.ts';
import { upsertDocuments } from './upsert-documents.ts';

/* The requests that an upsert of documents sends (design 14 §3). */

const uuid = (number: number) => `aaaaaaaa-0000-4000-8000-00000000000${number}`;

interface Stored {
  readonly documentId: number;
  readonly referentialId: string;
  /** The rows of its tables, in the order of the columns. */
  readonly rows: readonly (readonly (readonly unknown[])[])[];
}

/** The values of an array parameter. */
const listed = (parameter: unknown) => [...String(parameter).matchAll(/"([^"]*)"/g)].map(([, value]) => value ?? '');

/** A PostgreSQL with some documents and descriptors, which can refuse statements. */
class World {
  readonly stored = new Map<string, Stored>();
  readonly targets = new Map<string, number>();
  /** Called with each write; throws to refuse it. */
  onWrite: (text: string, parameters: readonly unknown[]) => void = () => undefined;
  onLock: () => void = () => undefined;
  /** The referential ids of each lookup of targets. */
  readonly targetsAsked: string[][] = [];
  /** The ids of each insert of documents that had ids in an earlier attempt. */
  readonly idsAgain: string[][] = [];
  /** The random number that follows the mark of the last row. */
  seen = '';
  private hydrated = 0;
  private lastId = 100;
  readonly connection = new ScriptedConnection('pgsql', (text, parameters) => this.answer(text, parameters));

  private answer(text: string, parameters: readonly unknown[]): readonly object[] {
    const list = () => listed(parameters[0]);
    if (text.startsWith('SELECT "ReferentialId"::text')) {
      this.hydrated = 0;
      // the lookup of the identities of locked documents has the same text
      if (!list().some((id) => this.stored.has(id))) this.targetsAsked.push(list());
      return list().flatMap((id) => {
        const documentId = this.targets.get(id) ?? this.stored.get(id)?.documentId;
        return documentId === undefined ? [] : [{ ReferentialId: id, DocumentId: documentId }];
      });
    }
    if (text.includes('FOR NO KEY UPDATE')) {
      const found = list().flatMap((id) => this.row(this.stored.get(id)));
      this.onLock();
      return found;
    }
    if (text.includes('WHERE d."DocumentId" IN')) {
      return list().flatMap((id) =>
        this.row([...this.stored.values()].find(({ documentId }) => String(documentId) === id)),
      );
    }
    if (text.startsWith('WITH "page"')) {
      const table = this.hydrated;
      this.hydrated += 1;
      const ids = /'\{([^}]*)\}'/.exec(text)?.[1]?.split(',') ?? [];
      return ids.flatMap(
        (id) => [...this.stored.values()].find(({ documentId }) => String(documentId) === id)?.rows[table] ?? [],
      );
    }
    if (text.startsWith('INSERT INTO "dms"."Document" ("DocumentId"')) {
      const uuids = listed(parameters[1]);
      this.idsAgain.push(list());
      return list().map((DocumentId, index) => ({ DocumentId, DocumentUuid: uuids[index] }));
    }
    if (text.startsWith('INSERT INTO "dms"."Document"')) {
      return list().map((DocumentUuid) => {
        this.lastId += 1;
        return { DocumentId: this.lastId, DocumentUuid };
      });
    }
    if (text.startsWith('SELECT "DocumentId", "ContentVersion"'))
      return list().map((DocumentId) => ({ DocumentId, ContentVersion: 50 }));
    if (text.startsWith('SELECT pg_catalog.random()')) return [{ Seen: this.seen }];
    if (text.startsWith('SELECT id::text'))
      return list().map((DocumentId) => ({ DocumentId, Seen: `after ${DocumentId}` }));
    if (/^(?:INSERT|UPDATE|DELETE)/.test(text)) this.onWrite(text, parameters);
    return [];
  }

  private row(found: Stored | undefined): readonly object[] {
    if (!found) return [];
    const { documentId, referentialId } = found;
    return [
      {
        DocumentId: documentId,
        DocumentUuid: uuid(documentId),
        ResourceKeyId: 1,
        ContentVersion: 40,
        ReferentialId: referentialId,
      },
    ];
  }
}

function contextOf(world: World, label: string, options: Partial<UpsertContext> = {}): UpsertContext {
  return {
    connection: world.connection,
    all: schoolPlans('pgsql'),
    plans: plansOf('pgsql', label),
    descriptors: new KnownDescriptors(),
    lookalikes: new StoredLookalikes(),
    onExisting: 'replace',
    retry: { delay: () => 0 },
    rate: new RejectRate(),
    ...options,
  };
}

const item = (label: string, document: object, given: string | null = null, line = 1) => ({
  document: checked('pgsql', label, document),
  uuid: given,
  where: { file: 'a.jsonl', line },
  newId: { id: null },
});

const guest = (guestId: number, given: string | null = null) => item('Core:Guest', { guestId }, given, guestId);
const guestReferentialId = (guestId: number) => referentialIdOfText(`CoreGuest$.guestId=${guestId}`);

/** An existing guest. */
function withGuest(world: World, guestId: number, documentId: number): World {
  const referentialId = guestReferentialId(guestId);
  world.stored.set(referentialId, { documentId, referentialId, rows: [[[documentId, guestId]]] });
  return world;
}

const codesOf = (outcome: WriteOutcome | undefined) =>
  outcome?.kind === 'rejected' ? outcome.diagnostics.map(({ code }) => code) : outcome?.kind;

/** The start of each statement, by request. */
const asked = ({ connection }: World) =>
  connection.requests.map((texts) =>
    texts.map((text) => {
      if (text.includes('FOR NO KEY UPDATE')) return 'lock';
      if (text.startsWith('WITH "page"')) return 'rows';
      if (text.includes('::text AS "0"')) return 'lookalikes';
      if (text.startsWith('SELECT "ReferentialId"')) return 'targets';
      if (text.startsWith('SELECT "DocumentId", "ContentVersion"')) return 'versions';
      if (text.includes('WHERE d."DocumentId" IN')) return 'documents';
      return /^(?:INSERT INTO|UPDATE|DELETE FROM) "\w+"\."\w+"/.exec(text)?.[0] ?? text;
    }),
  );

describe('new documents', () => {
  it('are written in three requests, no matter how many they are', async () => {
    const world = new World();
    const outcomes = await upsertDocuments(contextOf(world, 'Core:Guest'), [guest(1, uuid(1).toUpperCase()), guest(2)]);
    expect(asked(world)).toEqual([
      ['BEGIN', 'lock'],
      ['INSERT INTO "dms"."Document"'],
      ['INSERT INTO "core"."Guest"', 'versions', 'COMMIT'],
    ]);
    expect(outcomes).toEqual([
      { kind: 'inserted', uuid: uuid(1), documentId: '101', contentVersion: 50n },
      { kind: 'inserted', uuid: expect.stringMatching(/^[0-9a-f-]{36}$/), documentId: '102', contentVersion: 50n },
    ]);
  });

  it('cause no request if there are no items', async () => {
    const world = new World();
    expect(await upsertDocuments(contextOf(world, 'Core:Guest'), [])).toEqual([]);
    expect(world.connection.requests).toEqual([]);
  });

  it('with the same identity are written one after the other, so the last one wins', async () => {
    const world = new World();
    const context = contextOf(world, 'Core:Guest');
    world.onWrite = (text) => {
      if (text.startsWith('INSERT INTO "core"."Guest"')) withGuest(world, 1, 101);
    };
    const outcomes = await upsertDocuments(context, [guest(1), guest(2), guest(1)]);
    expect(outcomes.map(codesOf)).toEqual(['inserted', 'inserted', 'unchanged']);
    expect(world.connection.requests.filter((texts) => texts.includes('BEGIN'))).toHaveLength(2);
  });
});

describe('existing documents', () => {
  const school = { schoolId: 1, name: 'North' };
  const schoolId = referentialIdOfText('CoreSchool$.schoolId=1');
  const columns = plansOf('pgsql', 'Core:School').write.tablePlansInDependencyOrder[0]!.tableModel.columns.map(
    ({ name }) => name,
  );
  const rowOf = (values: Readonly<Record<string, unknown>>) => columns.map((name) => values[name] ?? null);
  const withSchool = (world: World) => {
    const rows = [[rowOf({ DocumentId: 7, SchoolId: 1, Name: 'North' })]];
    world.stored.set(schoolId, { documentId: 7, referentialId: schoolId, rows });
    return world;
  };
  const write = (world: World, document: object, onExisting: OnExisting = 'replace') =>
    upsertDocuments(contextOf(world, 'Core:School', { onExisting }), [item('Core:School', document)]);
  const at7 = { uuid: uuid(7), documentId: '7' };

  it('are read, and written if something has changed', async () => {
    const world = withSchool(new World());
    expect(await write(world, { ...school, name: 'South' })).toEqual([
      { ...at7, kind: 'replaced', contentVersion: 50n },
    ]);
    expect(asked(world)).toEqual([
      ['BEGIN', 'lock'],
      ['targets', ...Array(6).fill('rows')],
      [
        'UPDATE "core"."School"',
        'DELETE FROM "sample"."SchoolExtension"',
        'DELETE FROM "core"."SchoolAddress"',
        'versions',
        'COMMIT',
      ],
    ]);
  });

  it('are not written if nothing has changed', async () => {
    const world = withSchool(new World());
    expect(await write(world, school)).toEqual([{ ...at7, kind: 'unchanged', contentVersion: 40n }]);
    expect(asked(world).at(-1)).toEqual(['COMMIT']);
  });

  it('can be skipped without being read', async () => {
    const world = withSchool(new World());
    expect(await write(world, { ...school, kindDescriptor: 'uri://x#Unknown' }, 'skip')).toEqual([
      { ...at7, kind: 'skipped', contentVersion: 40n },
    ]);
    expect(asked(world)).toEqual([['BEGIN', 'targets', 'lock'], ['COMMIT']]);
  });

  it('can be reported as conflicts while new ones are written', async () => {
    expect((await write(new World(), school, 'fail')).map(codesOf)).toEqual(['inserted']);
    expect((await write(new World(), school, 'skip')).map(codesOf)).toEqual(['inserted']);
    const world = withSchool(new World());
    expect(await write(world, school, 'fail')).toMatchObject([
      {
        kind: 'rejected',
        diagnostics: [
          {
            code: 'DOCUMENT_EXISTS',
            message: `Core:School with $.schoolId = "1" is there already (${uuid(7)}).`,
            where: { file: 'a.jsonl', line: 1, resource: 'Core:School' },
            details: { resource: 'Core:School', identity: ['$.schoolId = "1"'], uuid: uuid(7) },
          },
        ],
      },
    ]);
    expect(asked(world).at(-1)).toEqual(['COMMIT']);
  });

  it('are looked up again if their identity changes before their lock is taken', async () => {
    const world = withSchool(new World());
    let locks = 0;
    world.onLock = () => {
      locks += 1;
      const stored = world.stored.get(schoolId)!;
      // another writer changes the identity of the document
      if (locks === 1) world.stored.set(schoolId, { ...stored, documentId: 8 });
    };
    expect(await write(world, school)).toMatchObject([{ documentId: '8' }]);
    expect(locks).toBe(2);
    expect(asked(world).filter(([first]) => first === 'rollback')).toHaveLength(1);
  });
});

describe('targets of documents', () => {
  const school = (schoolId: number, kind: string) =>
    item('Core:School', { schoolId, kindDescriptor: `uri://x#${kind}`, placeReference: { placeId: 9 } });
  const idsOf = (document: ReturnType<typeof school>) =>
    Object.fromEntries(document.document.targets.map(({ place, referentialId }) => [place, referentialId]));
  const big = idsOf(school(1, 'Big'));
  const world = () => {
    const made = new World();
    made.targets.set(big['$.kindDescriptor']!, 5);
    made.targets.set(big['$.placeReference']!, 6);
    return made;
  };

  it('are looked up once, and a missing target fails only its own document', async () => {
    const places = world();
    const outcomes = await upsertDocuments(contextOf(places, 'Core:School'), [
      school(1, 'Big'),
      school(2, 'Small'),
      school(3, 'Big'),
    ]);
    expect(outcomes.map(codesOf)).toEqual(['inserted', ['DOCUMENT_REFERENCE_UNRESOLVED'], 'inserted']);
    expect(asked(places)[0]).toEqual(['BEGIN', 'targets', 'lock']);
    expect(asked(places)[1]).toEqual(['lookalikes']);
    expect(asked(places)).toHaveLength(4);
  });

  it('are remembered if they are descriptors, and looked up again if they are documents', async () => {
    const places = world();
    const descriptors = new KnownDescriptors();
    await upsertDocuments(contextOf(places, 'Core:School', { descriptors }), [school(1, 'Big')]);
    expect(descriptors.get(big['$.kindDescriptor']!)).toBe('5');
    places.targets.delete(big['$.kindDescriptor']!);
    // a document may have been removed and written again, so ids of documents are never cached
    descriptors.remember(big['$.placeReference']!, '66');
    places.targetsAsked.length = 0;
    const [second] = await upsertDocuments(contextOf(places, 'Core:School', { descriptors }), [school(2, 'Big')]);
    expect(codesOf(second)).toBe('inserted');
    expect(places.targetsAsked).toEqual([[big['$.placeReference']]]);
    places.targets.delete(big['$.placeReference']!);
    const [third] = await upsertDocuments(contextOf(places, 'Core:School', { descriptors }), [school(3, 'Big')]);
    expect(codesOf(third)).toEqual(['DOCUMENT_REFERENCE_UNRESOLVED']);
  });
});

describe('a write that the database refuses', () => {
  const write = (world: World, items: readonly ReturnType<typeof guest>[], options: Partial<UpsertContext> = {}) =>
    upsertDocuments(contextOf(world, 'Core:Guest', options), items);
  const begun = ({ connection }: World) => connection.requests.filter((texts) => texts.includes('BEGIN')).length;
  const savepoints = ({ connection }: World) =>
    connection.requests.flat().filter((text) => text.startsWith('SAVEPOINT')).length;
  /** Refuses each insert that contains one of the given guests, at the first of them. */
  const refusing = (world: World, code: string, ...guests: readonly number[]) => {
    world.onWrite = (text, parameters) => {
      if (!text.startsWith('INSERT INTO "core"."Guest"')) return;
      const at = listed(parameters[1]).findIndex((id) => guests.includes(Number(id)));
      if (at < 0) return;
      if (text.includes('setseed')) world.seen = `after ${listed(parameters[0])[at]}`;
      throw refusal(code, 'UX_Guest_NK');
    };
    return world;
  };

  it('because of a unique key is retried, since another writer may have been faster', async () => {
    const world = new World();
    world.onWrite = (text) => {
      if (!text.startsWith('INSERT INTO "core"."Guest"') || world.stored.size > 0) return;
      withGuest(world, 1, 7);
      throw refusal('23505', 'UX_Guest_NK');
    };
    expect(await write(world, [guest(1)])).toEqual([
      { kind: 'unchanged', uuid: uuid(7), documentId: '7', contentVersion: 40n },
    ]);
    expect(begun(world)).toBe(2);
  });

  it('because of a unique key means a duplicate identity if no document is found', async () => {
    const world = refusing(new World(), '23505', 1);
    const [outcome] = await write(world, [guest(1)]);
    expect(codesOf(outcome)).toEqual(['DOCUMENT_EXISTS']);
    expect(outcome).toMatchObject({ diagnostics: [{ where: { file: 'a.jsonl', line: 1, path: '$.guestId' } }] });
    expect(begun(world)).toBe(2);
    expect(world.connection.requests.filter(([text]) => text === 'rollback')).toHaveLength(2);
  });

  it.each(['23514', '22003'])(
    'because of a value in a row (%s) is narrowed down to the document by its mark',
    async (code) => {
      const world = refusing(new World(), code, 8);
      const outcomes = await write(
        world,
        [1, 2, 3, 4, 5, 6, 7, 8].map((each) => guest(each)),
      );
      expect(outcomes.map(codesOf)).toEqual([...Array(7).fill('inserted'), ['DOCUMENT_REFUSED']]);
      // first all; then, in one transaction, all again, the unmarked ones, and the marked one
      expect(begun(world)).toBe(2);
      expect(savepoints(world)).toBe(3);
    },
  );

  it('because of a value in a row makes the next documents be written in parts, until it is long ago', async () => {
    const rate = new RejectRate();
    const guests = (first: number, count: number) => Array.from({ length: count }, (_, index) => guest(first + index));
    const parts = async (items: readonly ReturnType<typeof guest>[]) => {
      const world = refusing(new World(), '23514', 8);
      await write(world, items, { rate });
      return [begun(world), savepoints(world)];
    };
    expect(await parts(guests(10, 50))).toEqual([1, 0]);
    await parts(guests(1, 8));
    expect(rate.partLength).toBe(39);
    expect(await parts(guests(10, 50))).toEqual([1, 2]);
    rate.add(10_000, 0);
    expect(await parts(guests(10, 50))).toEqual([1, 0]);
  });

  it('of one document in a hundred takes few requests, whatever is refused', async () => {
    const guests = Array.from({ length: 500 }, (_, index) => guest(index + 1));
    const bad = [7, 107, 207, 307, 407];
    const world = refusing(new World(), '23514', ...bad);
    const outcomes = await write(world, guests);
    expect(outcomes.flatMap((outcome, index) => (outcome.kind === 'rejected' ? [index + 1] : []))).toEqual(bad);
    expect(outcomes.filter(({ kind }) => kind === 'inserted')).toHaveLength(495);
    expect(begun(world)).toBe(2);
    expect(savepoints(world)).toBe(5 + 2 * bad.length);
    expect(world.connection.requests.length).toBeLessThan(60);
  });

  it('by what runs after the rows is narrowed down by halving', async () => {
    const world = refusing(new World(), 'P0001', 3);
    const refuse = world.onWrite;
    world.onWrite = (text, parameters) => {
      try {
        refuse(text, parameters);
      } finally {
        // all rows were read before the failure
        world.seen = `after ${listed(parameters[0]).at(-1)}`;
      }
    };
    const items = Array.from({ length: 8 }, (_, index) => guest(index + 1));
    const outcomes = await write(world, items);
    expect(outcomes.map(codesOf)).toEqual(items.map((_, index) => (index === 2 ? ['DOCUMENT_REFUSED'] : 'inserted')));
    expect(savepoints(world)).toBeLessThan(12);
  });

  it('at the end of a transaction in parts is found by halving, each half in a transaction of its own', async () => {
    const world = new World();
    let isBad = false;
    world.onWrite = (text, parameters) => {
      isBad ||= text.startsWith('INSERT INTO "core"."Guest"') && String(parameters[1]).includes('"2"');
    };
    const send = world.connection.queryAll.bind(world.connection);
    world.connection.queryAll = async (statements) => {
      const answers = await send(statements);
      const texts = statements.map(({ pieces }) => pieces.join(''));
      if (texts.includes('BEGIN')) isBad = false;
      if (isBad && texts.includes('COMMIT')) throw refusal('P0001');
      return answers;
    };
    const outcomes = await write(world, [guest(1), guest(2), guest(3)]);
    expect(outcomes.map(codesOf)).toEqual(['inserted', ['DOCUMENT_REFUSED'], 'inserted']);
  });

  it('because of another session repeats all parts, and refuses nothing', async () => {
    const world = new World();
    const rate = new RejectRate();
    rate.add(10, 250);
    let conflicts = 0;
    world.onWrite = (text) => {
      if (!text.startsWith('INSERT INTO "core"."Guest"') || conflicts === 2) return;
      conflicts += 1;
      throw refusal('40P01', undefined, 'DB_DEADLOCK');
    };
    const outcomes = await write(world, [guest(1), guest(2), guest(3), guest(4)], { rate });
    expect(outcomes.map(codesOf)).toEqual(Array(4).fill('inserted'));
    expect(begun(world)).toBe(3);
  });

  it('because of a foreign key is retried, with descriptors looked up again', async () => {
    const delays: number[] = [];
    const descriptors = new KnownDescriptors();
    descriptors.remember('a', '1');
    const world = new World();
    let refusals = 0;
    world.onWrite = (text) => {
      if (!text.startsWith('INSERT INTO "core"."Guest"') || refusals === 2) return;
      refusals += 1;
      throw refusal('23503', 'FK_Guest_Document');
    };
    const retry = {
      delay: (attempt: number) => {
        delays.push(attempt);
        return 0;
      },
    };
    expect((await write(world, [guest(1)], { descriptors, retry })).map(codesOf)).toEqual(['inserted']);
    expect(delays).toEqual([1, 2]);
    expect(descriptors.get('a')).toBeUndefined();
  });

  it('because of a foreign key at every attempt fails its document', async () => {
    const world = refusing(new World(), '23503', 2);
    const outcomes = await write(world, [guest(1), guest(2)]);
    expect(outcomes.map(codesOf)).toEqual(['inserted', ['DOCUMENT_REFUSED']]);
    // four times both, then once in parts, and four times the second by itself
    expect(begun(world)).toBe(9);
  });

  it('because of conflicts at every attempt throws in the end', async () => {
    const world = refusing(new World(), '40001', 1);
    await expect(write(world, [guest(1), guest(2)])).rejects.toMatchObject({ code: 'DB_SQL' });
    expect(begun(world)).toBe(4);
    expect(world.connection.requests.filter(([text]) => text === 'rollback')).toHaveLength(4);
  });

  it('for any other reason throws at once', async () => {
    const world = refusing(new World(), '42601', 1);
    await expect(write(world, [guest(1), guest(2)])).rejects.toMatchObject({ code: 'DB_SQL' });
    expect(begun(world)).toBe(1);
    world.onWrite = () => {
      throw new Error('a bug');
    };
    await expect(write(world, [guest(1)])).rejects.toThrow('a bug');
  });
});

describe('ids of new documents', () => {
  /** A turn that starts when `give` is called, with a record of when it was passed on. */
  const turnOf = (world: World) => {
    let give = () => {};
    const given = new Promise<void>((resolve) => {
      give = resolve;
    });
    const passedAfter: (readonly string[] | undefined)[] = [];
    return {
      give,
      passedAfter,
      turn: { waitForTurn: () => given, release: () => void passedAfter.push(asked(world).at(-1)) },
    };
  };

  it('stay when the database refuses one of the documents, so their order does not change', async () => {
    const world = new World();
    world.onWrite = (text, parameters) => {
      if (text.startsWith('INSERT INTO "core"."Guest"') && String(parameters[1]).includes('"2"'))
        throw refusal('23514', 'CK');
    };
    const outcomes = await upsertDocuments(contextOf(world, 'Core:Guest'), [guest(1), guest(2), guest(3)]);
    expect(outcomes.map(codesOf)).toEqual(['inserted', ['DOCUMENT_REFUSED'], 'inserted']);
    expect(outcomes).toMatchObject([{ documentId: '101' }, {}, { documentId: '103' }]);
    expect(world.idsAgain).toEqual([['101', '102', '103'], ['101', '102'], ['101'], ['102'], ['103']]);
  });

  it('are given in turn, and the turn is passed before rows are written', async () => {
    const world = new World();
    const { give, passedAfter, turn } = turnOf(world);
    const work = upsertDocuments(contextOf(world, 'Core:Guest', { turn }), [guest(1), guest(2)]);
    // as many turns of the event loop as all requests would take
    for (let number = 0; number < 50; number += 1) await Promise.resolve();
    expect(asked(world)).toEqual([['BEGIN', 'lock']]);
    expect(passedAfter).toEqual([]);
    give();
    await work;
    expect(passedAfter).toEqual([['INSERT INTO "dms"."Document"']]);
  });

  it('are not waited for by a batch without new documents', async () => {
    const world = withGuest(new World(), 1, 7);
    const { turn } = turnOf(world);
    const outcomes = await upsertDocuments(contextOf(world, 'Core:Guest', { turn }), [guest(1)]);
    expect(outcomes.map(codesOf)).toEqual(['unchanged']);
  });

  it('keep the turn until all documents of the batch have theirs', async () => {
    const repeated = new World();
    const first = turnOf(repeated);
    first.give();
    await upsertDocuments(contextOf(repeated, 'Core:Guest', { turn: first.turn }), [guest(1), guest(1)]);
    expect(first.passedAfter).toEqual([]);
    // a uuid that another document already has
    const refused = new World();
    const second = turnOf(refused);
    second.give();
    const begin = refused.connection.queryAll.bind(refused.connection);
    refused.connection.queryAll = async (statements) => {
      const answers = await begin(statements);
      if (statements.some(({ parameters }) => String(parameters[0]).includes(uuid(1))))
        throw refusal('23505', 'UX_Document');
      return answers;
    };
    const outcomes = await upsertDocuments(contextOf(refused, 'Core:Guest', { turn: second.turn }), [
      guest(1, uuid(1)),
      guest(2),
    ]);
    expect(outcomes.map(codesOf)).toEqual([['DOCUMENT_REFUSED'], 'inserted']);
    expect(second.passedAfter).toEqual([]);
  });
});
