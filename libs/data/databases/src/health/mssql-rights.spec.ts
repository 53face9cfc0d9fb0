import { trusted } from '@dms/sql';
import { type Answer, RecordedMssql, serverError } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../test/engines.ts';
import { emitted, smallSet } from '../../test/schema-sets.ts';
import { parseTarget } from '../addressing/parse-target.ts';
import type { Connection } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { type NeededRights, neededRights, type RightPurpose, rightPurposes } from './needed-rights.ts';
import { expectWriter, missingText, roleRights } from './role-rights.ts';

/*
 * What a user of SQL Server may do (design 09c §1.1). The server of these tests answers as its documentation says: it
 * shows a user only the objects that the user has a right to, and HAS_PERMS_BY_NAME is NULL for all others.
 */

const { catalog } = emitted(smallSet(), 'mssql');

type Right = Pick<NeededRights, 'kind' | 'place' | 'name'> & { readonly right: string };

const keyOf = ({ kind, place, name, right }: Right) => [kind, place, name, right].join('/');

/** All rights of purposes, one by one. */
const rightsTo = (...purposes: readonly RightPurpose[]): readonly Right[] =>
  purposes.flatMap((purpose) =>
    neededRights(catalog, purpose).flatMap(({ kind, place, name, rights }) =>
      rights.map((right) => ({ kind, place, name, right })),
    ),
  );

interface Server {
  /** The rights of the user of the session. */
  readonly own: readonly Right[];
  /** The rights of users that the session may act as. */
  readonly users?: Readonly<Record<string, readonly Right[]>>;
  /** Objects of the set that the database does not have, as `schema.name`. */
  readonly gone?: readonly string[];
  readonly schemas?: readonly string[];
  /** The sent lines that fail. */
  readonly fails?: RegExp;
}

/** A recorded server, and who acts on its session after each line. */
function server({ own, users = {}, gone = [], schemas = catalog.schemas, fails }: Server) {
  let user: string | null = null;
  const actors: (readonly [text: string, actor: string])[] = [];
  const answer: Answer = (text, { p1 }) => {
    if (fails?.test(text)) throw serverError(8134, 'Divide by zero error encountered.');
    const acts = /^EXECUTE AS USER = N'(.*)';$/.exec(text);
    if (acts?.[1] !== undefined) {
      if (user !== null) throw serverError(15517, 'Cannot execute as the database principal.');
      user = acts[1].replaceAll("''", "'");
    }
    if (text === 'REVERT;') user = null;
    actors.push([text, user ?? 'self']);
    const held = new Set((user === null ? own : (users[user] ?? [])).map(keyOf));
    const has = (right: Right) => {
      const isOfSchema =
        right.kind === 'OBJECT' && held.has(keyOf({ kind: 'SCHEMA', place: right.place, name: '', right: 'CONTROL' }));
      return (
        isOfSchema ||
        held.has(keyOf(right)) ||
        (right.kind === 'SCHEMA' && held.has(keyOf({ ...right, right: 'CONTROL' })))
      );
    };
    const database = { kind: 'DATABASE', place: '', name: '' } as const;
    const seesAll = ['VIEW DEFINITION', 'ALTER'].some((right) => has({ ...database, right }));
    if (text.includes('AS allowed, USER_NAME()')) return [[{ allowed: seesAll ? 1 : 0, role: user ?? 'app]' }]];
    if (typeof p1 !== 'string' || !text.includes('OPENJSON(@p1) WITH ([purpose]')) return undefined;
    const needed = JSON.parse(p1) as readonly (NeededRights & { readonly purpose: RightPurpose })[];
    const isThere = ({ kind, place, name }: Pick<NeededRights, 'kind' | 'place' | 'name'>) =>
      kind === 'DATABASE' || (schemas.includes(place) && !gone.includes(`${place}.${name}`));
    const isSeen = (each: NeededRights) =>
      isThere(each) && (seesAll || [...held].some((key) => key.startsWith(`${each.kind}/${each.place}/${each.name}/`)));
    if (!text.includes('HAS_PERMS_BY_NAME'))
      return [needed.filter(isSeen).map(({ kind, place, name }) => ({ kind, place, name }))];
    const rows = needed.flatMap(({ purpose, rights, ...object }) =>
      rights.map((right) => ({
        purpose,
        ...object,
        signature: '',
        right,
        has: isSeen({ ...object, rights }) ? Number(has({ ...object, right })) : null,
        role: user ?? 'app]',
      })),
    );
    return [rows];
  };
  return { recorded: new RecordedMssql(answer), actors };
}

async function connected<Result>(
  { recorded }: { readonly recorded: RecordedMssql },
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const { target } = parseTarget('mssql://sa@h/EdFi.Dms', 'mssql');
  if (target.kind === 'static') throw new Error('static');
  const connection = await openDatabase(target, { load: recorded.load });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

const textsOf = async (given: Server, question: Parameters<typeof roleRights>[2] = {}) =>
  connected(server(given), async (connection) => {
    const rights = await roleRights(connection, catalog, { isProvisioned: true, ...question });
    return Object.fromEntries(rightPurposes.map((each) => [each, missingText(rights, each, 'mssql')]));
  });

describe('the rights of a user of SQL Server', () => {
  it.each([
    ['read', ['read']],
    ['write', ['read', 'write']],
    ['provision', ['provision']],
    ['upgrade', ['upgrade']],
  ] as const)('to %s are enough where all are there, and not without any one of them', async (purpose, granted) => {
    const own = rightsTo(...granted);
    const schemas = [...catalog.schemas, 'dms_upgrade'];
    expect((await textsOf({ own, schemas }))[purpose]).toBeNull();
    for (const [index, { right, place, name }] of own.entries()) {
      // ALTER shows definitions too
      if (right === 'VIEW DEFINITION') continue;
      const text = (await textsOf({ own: own.toSpliced(index, 1), schemas }))[purpose];
      expect(text, `${right} on ${place}.${name}`).toContain(right);
      expect(text).toContain(`TO [app]]]`);
    }
  });

  it('that has none lacks all of them, though the server shows it nothing', async () => {
    const texts = await textsOf({ own: [] });
    for (const purpose of rightPurposes)
      expect(texts[purpose]).toContain(purpose === 'read' ? 'SELECT' : purpose === 'write' ? 'INSERT' : 'ALTER');
    expect(texts.write).toContain('GRANT SELECT ON SCHEMA::[dms] TO [app]]]');
    expect(texts.provision).toContain('GRANT ALTER, VIEW DEFINITION TO [app]]]');
  });

  it('that is named lacks all of them too, and no existing object is reported as missing', async () => {
    const texts = await textsOf({ own: rightsTo('read', 'provision'), users: { reader: [] } }, { role: 'reader' });
    expect(texts.read).toContain('the role [reader] lacks rights to read documents: SELECT on');
    expect(texts.read).not.toContain('is not there');
  });

  it('ALTER on the database is not enough to provision a second time, or to upgrade', async () => {
    const own = [{ kind: 'DATABASE', place: '', name: '', right: 'ALTER' }] as const;
    const first = await textsOf({ own, schemas: ['dbo'] });
    expect([first.provision, first.upgrade]).toEqual([null, null]);
    const second = await textsOf({ own });
    expect(second.provision).toContain(
      'GRANT SELECT, INSERT, UPDATE, REFERENCES, EXECUTE ON SCHEMA::[edfi] TO [app]]]',
    );
    expect(second.upgrade).toContain('GRANT CONTROL ON SCHEMA::[edfi] TO [app]]]');
    // the owner of the schemas has CONTROL on them
    const owning = [
      ...own,
      ...catalog.schemas.map((place) => ({ kind: 'SCHEMA', place, name: '', right: 'CONTROL' }) as const),
    ];
    const third = await textsOf({ own: owning });
    expect([third.provision, third.upgrade]).toEqual([null, null]);
  });

  it('an object that is not there is named as that, and nothing is granted on it', async () => {
    const texts = await textsOf({ own: rightsTo('read', 'write', 'provision'), gone: ['edfi.Person'] });
    expect(texts.write).toBe(
      'what is needed to write documents is not there: object [edfi].[Person]. Run check, which names everything that lacks',
    );
    expect(texts.provision).toBeNull();
  });

  it('a load is refused without a right on the core, and warns of a table of a resource', async () => {
    const own = rightsTo('read', 'write');
    const without = (name: string) =>
      server({ own: own.filter((each) => each.name !== name || each.right === 'SELECT') });
    await connected(without('Document'), async (connection) => {
      expect(await failureOf(() => expectWriter(connection, catalog))).toMatchObject({ code: 'DB_PERMISSION' });
    });
    await connected(without('Person'), async (connection) => {
      expect((await expectWriter(connection, catalog)).map(({ code }) => code)).toEqual(['DB_ROLE_RIGHTS']);
    });
  });
});

describe('a session that acts as another user', () => {
  const writer = { own: rightsTo('provision'), users: { app: rightsTo('read', 'write') } };

  it('is itself again afterwards, and may act as the user again', async () => {
    const { recorded, actors } = server(writer);
    await connected({ recorded }, async (connection) => {
      for (let time = 0; time < 2; time++) {
        const rights = await roleRights(connection, catalog, { role: 'app' });
        expect(missingText(rights, 'write', 'mssql')).toBeNull();
      }
      await connection.query(trusted('SELECT 1 AS one'));
    });
    const asUser = actors.filter(([, actor]) => actor === 'app').map(([text]) => text.slice(0, 10));
    expect(asUser).toEqual(['EXECUTE AS', 'SELECT n.[', 'EXECUTE AS', 'SELECT n.[']);
    expect(actors.at(-1)).toEqual(['SELECT 1 AS one', 'self']);
  });

  it('is itself again after a query that fails, or is cancelled', async () => {
    const { recorded, actors } = server({ ...writer, fails: /HAS_PERMS_BY_NAME.*OPENJSON\(@p1\)/s });
    await connected({ recorded }, async (connection) => {
      expect(await failureOf(() => roleRights(connection, catalog, { role: 'app' }))).toMatchObject({
        code: 'DB_SQL',
      });
      await connection.query(trusted('SELECT 1 AS one'));
    });
    expect(actors.slice(-2)).toEqual([
      ['REVERT;', 'self'],
      ['SELECT 1 AS one', 'self'],
    ]);
  });

  it('is closed if it cannot become itself again', async () => {
    const { recorded } = server({ ...writer, fails: /^REVERT;$/ });
    await connected({ recorded }, async (connection) => {
      expect(await failureOf(() => roleRights(connection, catalog, { role: 'app' }))).toMatchObject({
        code: 'DB_SQL',
      });
      const from = recorded.sent.findLastIndex((line) => line.startsWith('batch EXECUTE AS'));
      expect(recorded.sent.slice(from).map((line) => line.slice(0, 16))).toEqual([
        'batch EXECUTE AS',
        'query SELECT n.[',
        'batch REVERT;',
        'close',
      ]);
    });
  });

  it('who is not there is named by the server, and the session stays itself', async () => {
    const { recorded, actors } = server({ ...writer, fails: /^EXECUTE AS/ });
    await connected({ recorded }, async (connection) => {
      await failureOf(() => roleRights(connection, catalog, { role: "no' body" }));
    });
    expect(recorded.batches).toContain("EXECUTE AS USER = N'no'' body';");
    expect(actors.at(-1)?.[0]).toBe('REVERT;');
  });
});

it('every name that a function of the server parses is quoted', async () => {
  const { recorded } = server({ own: [] });
  await connected({ recorded }, (connection) => roleRights(connection, catalog));
  const asked = recorded.sent.filter((line) => line.includes('HAS_PERMS_BY_NAME'));
  expect(asked.length).toBeGreaterThan(1);
  for (const line of asked)
    for (const [, argument] of line.matchAll(/HAS_PERMS_BY_NAME\((.*?), N'/g)) expect(argument).toMatch(/^QUOTENAME\(/);
});
