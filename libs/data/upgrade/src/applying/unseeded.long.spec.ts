import type { Connection } from '@dms/databases';
import { givenScript } from '@dms/sql';
import { errorOf } from '@dms/testing';
import { expect, it } from 'vitest';
import { emptied } from '../../test/bench.ts';
import { schoolPair, withMotto } from '../../test/school-pairs.ts';
import { sessionForAll } from '../../test/sessions.ts';
import { upgradeStatus } from '../history/upgrade-status.ts';
import { applyUpgrade } from './apply-upgrade.ts';
import { surveyUpgrade } from './survey-upgrade.ts';

/* A database with the tables of the earlier set and without seed rows (design 09 §2.4). */

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

it.each(['v1', 'v2'] as const)('is provisioned before it is upgraded, in %s', async (version) => {
  const [before, after] = schoolPair(withMotto, { version });
  await emptied(connection);
  await connection.execute(givenScript(before.script));
  await connection.execute(
    givenScript(`DO $$ DECLARE names text; BEGIN
    SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') INTO names FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)';
    EXECUTE 'TRUNCATE ' || names; END $$`),
  );
  const advice =
    /tables of a schema set without their seed rows.* Run dms-ddl provision with the artifacts of that set/;
  for (const action of [surveyUpgrade, applyUpgrade]) {
    const error = await errorOf(() => action(connection, before, after));
    expect([error.code, error.message]).toEqual(['UPGRADE_WRONG_DATABASE', expect.stringMatching(advice)]);
  }
  const status = await errorOf(() => upgradeStatus(connection));
  expect([status.code, status.message]).toEqual(['PROVISION_UNSEEDED', expect.stringMatching(advice)]);
});
