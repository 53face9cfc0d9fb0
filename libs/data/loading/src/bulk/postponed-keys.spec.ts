import { randomUUID } from 'node:crypto';
import type { Connection } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, server } from '../../test/bench.ts';
import { PostponedKeys } from './postponed-keys.ts';

const set = `CREATE TABLE public.target (id int PRIMARY KEY);
CREATE TABLE public.source (a int, b int, c int, d int);
ALTER TABLE public.source
    ADD CONSTRAINT "Plain" FOREIGN KEY (a) REFERENCES public.target (id) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT "Commented" FOREIGN KEY (b) REFERENCES public.target (id),
    ADD CONSTRAINT "Invalid" FOREIGN KEY (c) REFERENCES public.target (id) NOT VALID,
    ADD CONSTRAINT "Off" FOREIGN KEY (d) REFERENCES public.target (id);
COMMENT ON CONSTRAINT "Commented" ON public.source IS 'x';`;

/** Only a superuser may switch the triggers of a key off. */
const offTriggers = `DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT tgname FROM pg_trigger t JOIN pg_constraint k ON k.oid = t.tgconstraint
        WHERE k.conname = 'Off' AND t.tgrelid = 'public.source'::regclass
    LOOP
        EXECUTE format('ALTER TABLE public.source DISABLE TRIGGER %I', name);
    END LOOP;
END $$`;

const table = { schema: 'public', name: 'source' };
const target = { schema: 'public', name: 'target' };

describe('postponed keys', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await server.open(set);
    await bench.connection.execute(givenScript(offTriggers));
  });
  afterAll(() => bench.close());

  const definitions = () =>
    bench.connection.query<{ conname: string; definition: string }>(
      trusted(
        `SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = 'public.source'::regclass AND contype = 'f' ORDER BY 1`,
      ),
    );
  const names = async () => (await definitions()).map(({ conname }) => conname);

  it('are those that lose nothing when they are dropped and added again', async () => {
    const before = await definitions();
    const keys = await PostponedKeys.find(bench.connection, [[table, 1]]);
    expect(keys.tables).toEqual([table, target]);
    await keys.drop(bench.connection);
    expect(await names()).toEqual(['Commented', 'Invalid', 'Off']);
    expect(keys.left).toEqual([expect.objectContaining(table)]);
    await keys.add(bench.connection, table);
    expect(await definitions()).toEqual(before);
    expect(keys.left).toEqual([]);
  });

  it('are not those of a table that has more bytes than the input has for it', async () => {
    await bench.connection.execute(
      givenScript('INSERT INTO public.source (a) SELECT NULL FROM generate_series(1, 1000)'),
    );
    const [row] = await bench.connection.query<{ bytes: number }>(
      trusted(`SELECT pg_table_size('public.source')::int AS bytes`),
    );
    const bytes = row?.bytes ?? expect.unreachable();
    const tablesFor = async (input: number) =>
      (await PostponedKeys.find(bench.connection, [[table, input]])).tables.length;
    expect([await tablesFor(bytes - 1), await tablesFor(bytes)]).toEqual([0, 2]);
  });

  it('are only those that the user may drop, add, and lock the target of', async () => {
    const role = `keys_of_source_${randomUUID().slice(0, 8)}`;
    const other = await bench.open();
    await other.execute(
      givenScript(`CREATE ROLE ${role}; GRANT ${role} TO CURRENT_USER; GRANT CREATE ON SCHEMA public TO ${role}`),
    );
    const found = async () => {
      await other.execute(givenScript(`SET ROLE ${role}`));
      const keys = await PostponedKeys.find(other, [[table, 1e9]]);
      await other.execute(givenScript('RESET ROLE'));
      return keys.left.length;
    };
    try {
      const counts = [await found()];
      await other.execute(givenScript(`ALTER TABLE public.source OWNER TO ${role}`));
      counts.push(await found());
      await other.execute(givenScript(`GRANT REFERENCES ON public.target TO ${role}`));
      counts.push(await found());
      await other.execute(givenScript(`GRANT UPDATE ON public.target TO ${role}`));
      counts.push(await found());
      expect(counts).toEqual([0, 0, 0, 1]);
    } finally {
      await other.execute(
        givenScript(`REASSIGN OWNED BY ${role} TO CURRENT_USER; DROP OWNED BY ${role}; DROP ROLE ${role}`),
      );
    }
  });

  it('are not added early where checks of the table may wait for the end', async () => {
    await bench.connection.execute(
      givenScript('CREATE TABLE public.plain (a int CONSTRAINT "Only" REFERENCES public.target (id))'),
    );
    const plain = { schema: 'public', name: 'plain' };
    const keys = await PostponedKeys.find(
      bench.connection,
      [table, plain].map((each) => [each, 1e9] as const),
    );
    expect([keys.hasDeferred(table), keys.hasDeferred(plain), keys.hasDeferred(target)]).toEqual([true, false, false]);
  });

  describe('to a table', () => {
    let other: Connection;
    beforeAll(async () => {
      await bench.connection.execute(
        givenScript(`CREATE TABLE public.indexed (id int PRIMARY KEY REFERENCES public.target ON DELETE CASCADE);
CREATE TABLE public.heap (id int REFERENCES public.target ON DELETE CASCADE);
CREATE TABLE public.others (id int REFERENCES public.target ON DELETE SET NULL, b int REFERENCES public.target ON DELETE CASCADE);`),
      );
      other = await bench.open();
    });
    /** The tables of the keys that are dropped for a number of deleted rows. */
    const tablesFor = async (deleted: number) =>
      (await PostponedKeys.to(other, target, { column: 'id', deleted })).left.map(({ name }) => name);

    it('delete rows by one column, and lie between tables that the transaction has closed', async () => {
      await other.begin();
      const found = [await tablesFor(100)];
      for (const closed of ['heap, public.others, public.source', 'target', 'indexed']) {
        await other.execute(givenScript(`LOCK TABLE public.${closed} IN ACCESS EXCLUSIVE MODE`));
        found.push(await tablesFor(100));
      }
      await other.rollback();
      expect(found).toEqual([[], [], ['heap'], ['heap', 'indexed']]);
    });

    it('are those that take longer to follow than to check, with and without statistics', async () => {
      await other.begin();
      await other.execute(
        givenScript(`LOCK TABLE public.target, public.heap, public.indexed IN ACCESS EXCLUSIVE MODE;
INSERT INTO public.target SELECT generate_series(1, 10000);
INSERT INTO public.heap SELECT id FROM public.target;
INSERT INTO public.indexed SELECT id FROM public.target;`),
      );
      const found = async () => [await tablesFor(1), await tablesFor(100), await tablesFor(2_000)];
      const expected = [[], ['heap'], ['heap', 'indexed']];
      expect(await found()).toEqual(expected);
      await other.execute(givenScript('ANALYZE public.heap, public.indexed'));
      expect(await found()).toEqual(expected);
      await other.rollback();
    });
  });

  it('are none where there is no table', async () => {
    const keys = await PostponedKeys.find(bench.connection, []);
    expect(keys.tables).toEqual([]);
    await keys.drop(bench.connection);
    expect(await names()).toEqual(['Commented', 'Invalid', 'Off', 'Plain']);
  });
});
