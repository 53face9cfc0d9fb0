import type { Connection } from '@dms/databases';
import { givenScript } from '@dms/sql';
import { errorOf } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseText, emptied, openOnServer } from '../../test/bench.ts';
import { loaded } from '../../test/dumped.ts';
import { schoolPair, withMotto } from '../../test/school-pairs.ts';
import { codedContents, codedSets } from '../../test/translating/coded-sets.ts';
import { applyUpgrade } from './apply-upgrade.ts';
import { surveyUpgrade } from './survey-upgrade.ts';

/* Sequences that are behind the rows, as after rows were copied with their numbers (design 12 §7, 09a §2.1). */

let connection: Connection;
beforeAll(async () => {
  connection = await openOnServer();
});
afterAll(() => connection.close());

const ids = `pg_get_serial_sequence('dms."Document"', 'DocumentId')`;

describe.each(['v1', 'v2'] as const)('in %s', (version) => {
  const { before, after, translation } = codedSets(version);

  it('end an upgrade that writes documents before its first change, and a survey says so', async () => {
    await loaded(connection, before, codedContents('A', 'B', 'C'));
    await connection.execute(givenScript(`SELECT setval(${ids}, 2)`));
    const text = await databaseText(connection);
    const survey = await surveyUpgrade(connection, before, after, { translation });
    const error = await errorOf(() => applyUpgrade(connection, before, after, { translation }));
    const dry = await errorOf(() => applyUpgrade(connection, before, after, { translation, dryRun: true }));
    for (const found of [...survey.errors, ...error.diagnostics, ...dry.diagnostics]) {
      expect(found.code).toBe('DB_SEQUENCE');
      expect(found.message).toMatch(
        /the sequence of dms\.Document\.DocumentId is behind a value that a row has \(2 < \d+\)\. check --data --repair makes/,
      );
    }
    expect(survey.errors).toHaveLength(1);
    expect(await databaseText(connection)).toBe(text);
    await connection.execute(givenScript(`SELECT setval(${ids}, 1000)`));
    const { outcome } = await applyUpgrade(connection, before, after, { translation });
    expect(outcome).toBe('upgraded');
  });

  it('are a warning of an upgrade that writes none', async () => {
    const [small, large] = schoolPair(withMotto, { version });
    await emptied(connection);
    await connection.execute(givenScript(small.script));
    await connection.execute(
      givenScript(
        `INSERT INTO dms."Document" ("DocumentId", "DocumentUuid", "ResourceKeyId") OVERRIDING SYSTEM VALUE VALUES (7, gen_random_uuid(), 1)`,
      ),
    );
    const survey = await surveyUpgrade(connection, small, large);
    expect(survey.diagnostics.map(({ code }) => code)).toEqual(['UPGRADE_SEQUENCE_BEHIND']);
    const { outcome, diagnostics } = await applyUpgrade(connection, small, large);
    expect([outcome, diagnostics.map(({ code }) => code)]).toEqual(['upgraded', ['UPGRADE_SEQUENCE_BEHIND']]);
  });
});

it('are named in the error of a row whose number is taken', async () => {
  const { before } = codedSets('v1');
  await loaded(connection, before, codedContents('A'));
  await connection.execute(givenScript(`SELECT setval(${ids}, 1, false)`));
  const insert = `INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), 1)`;
  const error = await errorOf(() => connection.execute(givenScript(insert)));
  expect(error.message).toMatch(
    /PK_Document.* The sequence of dms\.Document\.DocumentId is behind a value that a row has \(1 < \d+\)\. check --data --repair/,
  );
  // any other duplicate stays as it is
  await connection.execute(givenScript(`SELECT setval(${ids}, 1000)`));
  await connection.execute(
    givenScript(
      `UPDATE dms."Document" SET "DocumentUuid" = '00000000-0000-4000-8000-000000000000' WHERE "DocumentId" = 1`,
    ),
  );
  const other = await errorOf(() =>
    connection.execute(givenScript(insert.replace('gen_random_uuid()', "'00000000-0000-4000-8000-000000000000'"))),
  );
  expect(other.message).not.toContain('sequence');
});
