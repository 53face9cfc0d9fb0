import { readScript } from '@dms/script-checks';
import {
  anyText,
  build,
  databaseEngines,
  hasSharedData,
  propertyRuns,
  readSharedJson,
  type TestDatabase,
} from '@dms/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitDocuments } from '../emitted.ts';
import { evaluateFunction } from '../mssql/tsql-evaluate.ts';
import { catalogLines, dropEverything, rolledBack, singleValue } from '../sql-session.ts';
import { referentialNamespace, uuidOf } from '../uuid.ts';

/* `dms.uuidv5` returns the UUID that the application computes, on every engine (design 06 §5.1). */

interface UuidVector {
  readonly namespace: string;
  /** Null if `nameRepeat` describes the name. */
  readonly name: string | null;
  readonly nameRepeat?: { readonly text: string; readonly count: number };
  readonly nameUtf8Hex: string | null;
  readonly uuid: string;
}

/** The vectors that the design chapter prints. */
const printed: readonly (readonly [string, string, string])[] = [
  ['6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com', '2ed6657d-e927-568b-95e1-2665a8aea6a2'],
  ['6ba7b811-9dad-11d1-80b4-00c04fd430c8', 'http://example.org/', '715d503b-5f95-5532-9100-00663eb45ade'],
  ['00000000-0000-0000-0000-000000000000', '', 'e129f27c-5103-5c5c-844b-cdf0a15e160d'],
  ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'x', '1e938e31-9550-5528-9694-65ca0360066b'],
  [referentialNamespace, 'hello world', '63831129-afb9-5491-aa6b-fbc6b985f3ed'],
  [referentialNamespace, '', 'fc4dc9ed-5507-5210-8096-085db8175693'],
  [referentialNamespace, 'Ed-FiPerson$.personId=1', 'f41ac3bf-f0de-5b6e-9674-7947cf25c4db'],
  [referentialNamespace, 'Ed-FiSchool$.schoolId=255901', '0420a54c-16df-5fff-8f48-d87d35e71fe7'],
  [referentialNamespace, 'ß', 'a198a89c-3abf-57b2-9cc7-99de79769f54'],
  [referentialNamespace, 'café üñîçödé 学校 🏫', '173e996e-324a-505e-928d-27bc3cbaffea'],
  [referentialNamespace, 'a'.repeat(10_000), '5ec6fcd1-09a7-54a1-810a-f9aaba542a7f'],
];

const sharedVectors: readonly UuidVector[] = hasSharedData
  ? readSharedJson('design', 'vectors', 'uuidv5.json').vectors
  : [];

const shared = sharedVectors.map(
  ({ namespace, name, nameRepeat, uuid }) =>
    [namespace, name ?? nameRepeat?.text.repeat(nameRepeat.count) ?? '', uuid] as const,
);

const vectors = [...printed, ...shared];

const widget = emitDocuments(
  build.project('Ed-Fi', [
    build.resource('Widget', {
      identityJsonPaths: ['$.widgetId'],
      jsonSchemaForInsert: build.object({ widgetId: build.integer() }, ['widgetId']),
    }),
  ]),
);

const uuidText = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
);

/** Any text that PostgreSQL can hold: no NUL, no lone surrogates. */
const name = anyText({ maxLength: 60 }).filter((text) => !text.includes('\0'));

const numRuns = propertyRuns(100);

describe('the application', () => {
  it.each(vectors.map((vector) => [vector[1].slice(0, 30), ...vector] as const))(
    'UUID of %j',
    (_title, namespace, text, uuid) => {
      expect(uuidOf(namespace, text)).toBe(uuid);
    },
  );

  it.runIf(hasSharedData)(
    'has all 20 shared vectors, whose names have the listed bytes (needs the shared conformance data)',
    () => {
      expect(shared).toHaveLength(20);
      for (const { name: text, nameUtf8Hex } of sharedVectors)
        if (text !== null) expect(Buffer.from(text, 'utf8').toString('hex')).toBe(nameUtf8Hex);
    },
  );
});

describe.each(databaseEngines())('the function on $name', ({ open, openProvisioned, hasEncodings }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openProvisioned(widget.pgsql.script);
  });

  afterAll(() => database.close());

  const computed = (namespace: string, text: string) =>
    singleValue(database, 'SELECT dms.uuidv5($1::uuid, $2::text)::text', [namespace, text]);

  it.each(['', "SET LOCAL search_path = ''", 'SET LOCAL search_path = dms', 'SET LOCAL search_path = pg_temp, dms'])(
    'gives all vectors; %j',
    async (setting) => {
      await rolledBack(database, async () => {
        if (setting !== '') await database.exec(setting);
        for (const [namespace, text, uuid] of vectors) expect(await computed(namespace, text)).toBe(uuid);
      });
    },
  );

  it('gives NULL for a NULL argument', async () => {
    expect(await singleValue(database, `SELECT dms.uuidv5(NULL, 'x')`)).toBeNull();
    expect(await singleValue(database, `SELECT dms.uuidv5('${referentialNamespace}', NULL)`)).toBeNull();
  });

  it('agrees with the application for random namespaces and names', async () => {
    await fc.assert(
      fc.asyncProperty(uuidText, name, async (namespace, text) => {
        const uuid = await computed(namespace, text);
        expect(uuid).toBe(uuidOf(namespace, text));
        expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }),
      { numRuns },
    );
  });

  it('finds pgcrypto in whatever schema it was installed, and again after it was moved and the script ran', async () => {
    await dropEverything(database);
    await database.exec('CREATE SCHEMA "Crypto ""Ext"; CREATE EXTENSION pgcrypto SCHEMA "Crypto ""Ext"');
    await database.exec(widget.pgsql.script);
    expect(await computed(referentialNamespace, 'ß')).toBe('a198a89c-3abf-57b2-9cc7-99de79769f54');
    await database.exec('CREATE SCHEMA elsewhere; ALTER EXTENSION pgcrypto SET SCHEMA elsewhere');
    await expect(computed(referentialNamespace, 'ß')).rejects.toThrow('digest');
    await database.exec(widget.pgsql.script);
    expect(await computed(referentialNamespace, 'ß')).toBe('a198a89c-3abf-57b2-9cc7-99de79769f54');
    expect((await catalogLines(database)).filter((line) => line.startsWith('extension pgcrypto'))).toEqual([
      'extension pgcrypto in elsewhere',
    ]);
  });

  it('is there after the script ran with an empty search path', async () => {
    await dropEverything(database);
    await rolledBack(database, async () => {
      await database.exec(`CREATE EXTENSION pgcrypto; SET LOCAL search_path = ''`);
      await database.exec(widget.pgsql.script);
      expect(await computed(referentialNamespace, 'hello world')).toBe('63831129-afb9-5491-aa6b-fbc6b985f3ed');
    });
  });

  if (hasEncodings)
    it('does not depend on the encoding of the database', async () => {
      const latin = await open({ encoding: 'LATIN1' });
      try {
        await latin.exec(widget.pgsql.script);
        expect(await singleValue(latin, 'SHOW server_encoding')).toBe('LATIN1');
        expect(await singleValue(latin, `SELECT dms.uuidv5('${referentialNamespace}', 'ß')::text`)).toBe(
          'a198a89c-3abf-57b2-9cc7-99de79769f54',
        );
      } finally {
        await latin.close();
      }
    });
});

describe('the function of the SQL Server script, computed from its text', () => {
  const routine = readScript(widget.mssql.script).modules.find(({ name: found }) => found === 'dms.uuidv5')!;
  const computed = (namespace: string | null, text: string | null) => {
    const value = evaluateFunction(routine, {
      '@namespace_uuid': namespace === null ? null : { kind: 'guid', value: namespace },
      '@name_text': text === null ? null : { kind: 'text', value: text },
    });
    return value === null ? null : value.kind === 'guid' ? value.value : value;
  };

  it('gives all vectors', () => {
    for (const [namespace, text, uuid] of vectors) expect(computed(namespace, text)).toBe(uuid);
  });

  it('gives NULL for a NULL argument', () => {
    expect(computed(null, 'x')).toBeNull();
    expect(computed(referentialNamespace, null)).toBeNull();
  });

  it('agrees with the application for random namespaces and names', () => {
    fc.assert(
      fc.property(uuidText, name, (namespace, text) => {
        expect(computed(namespace, text)).toBe(uuidOf(namespace, text));
      }),
      { numRuns },
    );
  });
});
