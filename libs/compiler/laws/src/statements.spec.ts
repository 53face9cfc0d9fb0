import { dialectOf, group, type SqlDialect, textOf } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import type { QueriedRule } from './law.ts';
import { statementsOf } from './statements.ts';

/* The statements of a rule with two sources: houses and boats are dwellings, which no two may have at one address. */

function dwellings(dialect: SqlDialect): QueriedRule {
  const { sql, literal } = dialectOf[dialect];
  const schema = 'town';
  const arm = (name: string) => ({
    from: sql`${{ schema, name }} AS t`,
    where: null,
    key: [sql`t."Id"`],
    values: [sql`t."Address"`, literal(name)],
  });
  return {
    rule: 'abstractIdentity',
    object: 'town.Dwelling',
    table: { schema, name: 'Dwelling' } as QueriedRule['table'],
    row: sql`i`,
    key: ['Id'],
    values: [
      { column: 'Address', isText: false },
      { column: 'Kind', isText: true },
    ],
    unique: ['Address'],
    from: [],
    expected: { in: 'query', before: group(), arms: [arm('House'), arm('Boat')] },
  };
}

const texts = (dialect: SqlDialect) => statementsOf(dwellings(dialect), dialect);

describe('on PostgreSQL, a rule', () => {
  const { unmet, superfluous, wrong, taken, contested, insertions, removal, corrections, settlement } = texts('pgsql');
  const differs = (kind: string) => `(i."Address", i."Kind") IS DISTINCT FROM (t."Address", '${kind}')`;
  const isTaken = 'EXISTS (SELECT 1 FROM "town"."Dwelling" AS o WHERE o."Id" <> i."Id" AND o."Address" = t."Address")';

  it('finds rows that are absent or have other values', () => {
    expect(textOf(unmet)).toBe(
      `SELECT t."Id" AS "Id" FROM "town"."House" AS t LEFT JOIN "town"."Dwelling" AS i ON t."Id" = i."Id" WHERE (i."Id" IS NULL OR ${differs('House')})
UNION ALL SELECT t."Id" AS "Id" FROM "town"."Boat" AS t LEFT JOIN "town"."Dwelling" AS i ON t."Id" = i."Id" WHERE (i."Id" IS NULL OR ${differs('Boat')})`,
    );
  });

  it('finds and removes rows that nothing expects', () => {
    const isUnexpected =
      'NOT EXISTS (SELECT 1 FROM "town"."House" AS t WHERE t."Id" = i."Id") AND NOT EXISTS (SELECT 1 FROM "town"."Boat" AS t WHERE t."Id" = i."Id")';
    expect(textOf(superfluous)).toBe(`SELECT i."Id" FROM "town"."Dwelling" AS i WHERE ${isUnexpected}`);
    expect(textOf(removal)).toBe(`DELETE FROM "town"."Dwelling" AS i\nWHERE ${isUnexpected};`);
  });

  it('inserts absent rows', () => {
    expect(textOf(insertions[1] ?? removal)).toBe(`INSERT INTO "town"."Dwelling" ("Id", "Address", "Kind")
SELECT t."Id", t."Address", 'Boat'
FROM "town"."Boat" AS t
WHERE NOT EXISTS (SELECT 1 FROM "town"."Dwelling" AS i WHERE i."Id" = t."Id");`);
  });

  it('corrects a row, or removes it while another has its values', () => {
    const house = corrections()
      .filter((_, index) => index % 2 === 0)
      .map(textOf);
    expect(house).toEqual([
      `UPDATE "town"."Dwelling" AS i SET ("Address", "Kind") = ROW (t."Address", 'House') FROM "town"."House" AS t WHERE t."Id" = i."Id" AND ${differs('House')} AND NOT ${isTaken};`,
      `DELETE FROM "town"."Dwelling" AS i\nWHERE EXISTS (SELECT 1 FROM "town"."House" AS t WHERE t."Id" = i."Id" AND ${differs('House')});`,
    ]);
    expect(taken && textOf(taken)).toContain(
      `SELECT i."Id" FROM "town"."House" AS t INNER JOIN "town"."Dwelling" AS i ON t."Id" = i."Id" WHERE ${differs('House')} AND ${isTaken}`,
    );
  });

  it('finds and corrects only rows that meet a condition', () => {
    const isOld = dialectOf.pgsql.sql`i."Id" < 10`;
    expect(textOf(wrong(isOld))).toContain(`WHERE ${differs('House')} AND i."Id" < 10\n`);
    for (const text of corrections(isOld).map(textOf)) expect(text).toContain('AND i."Id" < 10');
  });

  it('finds sources that expect the same values', () => {
    expect(contested && textOf(contested)).toBe(
      'SELECT "Id" FROM (SELECT a.*, COUNT(*) OVER (PARTITION BY "Address") AS n FROM (SELECT t."Id" AS "Id", t."Address" AS "Address" FROM "town"."House" AS t UNION ALL SELECT t."Id" AS "Id", t."Address" AS "Address" FROM "town"."Boat" AS t) AS a) AS c WHERE c.n > 1',
    );
  });

  it('settles rows in one text', () => {
    expect(textOf(settlement)).toBe([removal, ...insertions].map(textOf).join('\n'));
  });
});

describe('on SQL Server, a rule', () => {
  const { removal, corrections, insertions } = texts('mssql');

  it('compares texts by letter case and length, under any collation', () => {
    const differs =
      "EXISTS (SELECT i.[Address], i.[Kind] COLLATE Latin1_General_100_BIN2, DATALENGTH(i.[Kind]) EXCEPT SELECT t.[Address], N'House' COLLATE Latin1_General_100_BIN2, DATALENGTH(N'House'))";
    expect(corrections().map(textOf)[0]).toBe(
      `UPDATE i SET i.[Address] = t.[Address], i.[Kind] = N'House' FROM [town].[Dwelling] AS i INNER JOIN [town].[House] AS t ON t.[Id] = i.[Id] WHERE ${differs} AND NOT EXISTS (SELECT 1 FROM [town].[Dwelling] AS o WHERE o.[Id] <> i.[Id] AND o.[Address] = t.[Address]);`,
    );
  });

  it('removes and inserts rows', () => {
    expect(textOf(removal)).toMatch(/^DELETE i\nFROM \[town\]\.\[Dwelling\] AS i\nWHERE NOT EXISTS/);
    expect(insertions).toHaveLength(2);
  });
});

it('a rule for a part of a source has its rows alone', () => {
  const { sql } = dialectOf.pgsql;
  const rule = dwellings('pgsql');
  const arms = rule.expected.arms.slice(0, 1).map((arm) => ({ ...arm, where: sql`t."IsOpen"`, values: [] }));
  const open = { ...rule, values: [], unique: [], expected: { ...rule.expected, arms } };
  const { unmet, superfluous } = statementsOf(open, 'pgsql');
  const isKey = 't."Id" = i."Id" AND t."IsOpen"';
  expect(textOf(unmet)).toBe(
    `SELECT t."Id" AS "Id" FROM "town"."House" AS t WHERE t."IsOpen" AND NOT EXISTS (SELECT 1 FROM "town"."Dwelling" AS i WHERE ${isKey})`,
  );
  expect(textOf(superfluous)).toBe(
    `SELECT i."Id" FROM "town"."Dwelling" AS i WHERE NOT EXISTS (SELECT 1 FROM "town"."House" AS t WHERE ${isKey})`,
  );
});

it('a rule without sources expects no rows', () => {
  const rule = dwellings('pgsql');
  const { superfluous, corrections, insertions } = statementsOf(
    { ...rule, unique: [], expected: { ...rule.expected, arms: [] } },
    'pgsql',
  );
  expect(textOf(superfluous)).toBe('SELECT i."Id" FROM "town"."Dwelling" AS i WHERE 1 = 1');
  expect([corrections(), insertions]).toEqual([[], []]);
});

it('a rule with a key of two columns compares both', () => {
  const rule = dwellings('pgsql');
  const { sql } = dialectOf.pgsql;
  const arms = rule.expected.arms.slice(0, 1).map((arm) => ({ ...arm, key: [sql`t."Town"`, sql`t."Id"`] }));
  const { insertions, superfluous, unmet } = statementsOf(
    { ...rule, key: ['Town', 'Id'], unique: [], expected: { ...rule.expected, arms } },
    'pgsql',
  );
  expect(insertions.map(textOf)).toEqual([
    `INSERT INTO "town"."Dwelling" ("Town", "Id", "Address", "Kind")
SELECT t."Town", t."Id", t."Address", 'House'
FROM "town"."House" AS t
WHERE NOT EXISTS (SELECT 1 FROM "town"."Dwelling" AS i WHERE i."Town" = t."Town" AND i."Id" = t."Id");`,
  ]);
  expect(textOf(superfluous)).toContain('WHERE t."Town" = i."Town" AND t."Id" = i."Id")');
  expect(textOf(unmet)).toContain('ON t."Town" = i."Town" AND t."Id" = i."Id" WHERE');
});
