import { givenScript, trusted } from '@dms/sql';
import { expect, it } from 'vitest';
import { failureOf, targetOf } from '../../test/engines.ts';
import type { Connection } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { atOneMoment } from '../drivers/transactions.ts';

it('the embedded engine reads in one transaction', async () => {
  const connection = await openDatabase(targetOf('pglite:'));
  const state = async (session: Connection) =>
    session.query(trusted(`SELECT current_setting('transaction_read_only') AS reading`));
  expect(await atOneMoment(connection, state)).toEqual([{ reading: 'on' }]);
  expect(await state(connection)).toEqual([{ reading: 'off' }]);
  await connection.close();
});

it('on the embedded engine, which has one session, the function alone is named', async () => {
  const connection = await openDatabase(targetOf('pglite:'));
  await connection.execute(
    givenScript(`CREATE SCHEMA guard; CREATE TABLE public.t (a int);
CREATE FUNCTION guard.no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
CREATE TRIGGER watch BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION guard.no()`),
  );
  const error = await failureOf(() => connection.query(trusted('INSERT INTO public.t VALUES (1)')));
  await connection.close();
  expect((error as Error).message).toContain('This is the function guard.no(); it does not belong to the schema set.');
});
