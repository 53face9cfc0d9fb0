import { givenScript, textOf, trusted } from '@dms/sql';
import { build } from '@dms/testing';
import { expect, it } from 'vitest';
import { surveyUpgrade } from '../../src/applying/survey-upgrade.ts';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { compiled, openOnServer } from '../bench.ts';

/* The bytes that a plan estimates are those that the upgrade writes on a server (design 12a §2). */

const { integer, number, object, project, resource, string } = build;

const room = (seats: build.JsonRecord, precise: object) =>
  resource('Room', {
    identityJsonPaths: ['$.code'],
    jsonSchemaForInsert: object({ code: integer(), seats, note: string(60) }, ['code']),
    ...precise,
  });
const desk = resource('Desk', {
  identityJsonPaths: ['$.code'],
  jsonSchemaForInsert: object({ code: integer() }, ['code']),
});

/** The later set has another resource, which moves the number of the first, and another type of a column. */
const before = compiled([project('Ed-Fi', [room(integer(), {})])]);
const after = compiled([
  project('Ed-Fi', [
    desk,
    room(number(), { decimalPropertyValidationInfos: [{ path: '$.seats', totalDigits: 18, decimalPlaces: 2 }] }),
  ]),
]);

const rooms = 20_000;

it('on a server, until the commit, by a half', async () => {
  const connection = await openOnServer();
  try {
    await connection.execute(givenScript(before.script));
    await connection.execute(
      givenScript(`WITH made AS (
  INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId")
  SELECT gen_random_uuid(), "ResourceKeyId" FROM dms."ResourceKey", generate_series(1, ${rooms}) WHERE "ResourceName" = 'Room'
  RETURNING "DocumentId")
INSERT INTO edfi."Room" ("DocumentId", "Code", "Seats", "Note")
SELECT "DocumentId", row_number() OVER (), 30, repeat('x', 50) FROM made;`),
    );
    const plan = planUpgrade(before, after);
    const { estimate } = await surveyUpgrade(connection, before, after, { plan });
    const size = async () => {
      const [row] = await connection.query<{ n: string }>(
        trusted('SELECT pg_database_size(current_database())::text AS n'),
      );
      return Number(row?.n);
    };
    const earlier = await size();
    await connection.begin();
    for (const { sql } of plan.statements) await connection.execute(givenScript(textOf(sql)));
    const written = (await size()) - earlier;
    await connection.rollback();
    const said = estimate?.bytes ?? 0;
    expect(written).toBeGreaterThan(2_000_000);
    expect(said, `${said} said, ${written} written`).toBeGreaterThan(written / 1.5);
    expect(said, `${said} said, ${written} written`).toBeLessThan(written * 1.5);
  } finally {
    await connection.close();
  }
});
