import { mappingVersions } from '@dms/api-schema';
import { pgsqlTokens } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { ownInput } from '../test/inputs.ts';
import { pgsqlNames, pgsqlUnits } from './pgsql-names.ts';

const found = (script: string) => pgsqlNames(pgsqlUnits(pgsqlTokens(script)));
const told = (script: string) => found(script).map(({ text }) => text.replace(/^line \d+: /, ''));

const tables = `CREATE SEQUENCE IF NOT EXISTS "dms"."Numbers" START WITH 1;
CREATE TABLE IF NOT EXISTS "s"."A"
(
    "Id" bigint NOT NULL DEFAULT nextval('"dms"."Numbers"'),
    "Name" varchar(5),
    CONSTRAINT "PK_A" PRIMARY KEY ("Id")
);
CREATE TABLE IF NOT EXISTS "s"."B" ("Id" bigint, "A_Id" bigint);
CREATE OR REPLACE FUNCTION "s"."F"(a bigint) RETURNS bigint LANGUAGE sql AS $f$ SELECT 1 $f$;
CREATE OR REPLACE VIEW "s"."V" AS SELECT b."Id", b."A_Id" AS "Other" FROM "s"."B" AS b;
`;

/** The script of a trigger on a table, with its function. */
const trigger = (
  body: string,
  table = 'A',
) => `${tables}CREATE OR REPLACE FUNCTION "s"."TF"() RETURNS trigger LANGUAGE plpgsql AS $func$
BEGIN
    ${body}
    RETURN NULL;
END
$func$;
CREATE OR REPLACE TRIGGER "TR" AFTER UPDATE ON "s"."${table}" REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "s"."TF"();
`;

describe('names in a PostgreSQL script (design 09b §2.4)', () => {
  it.each(mappingVersions)('are all made by the scripts of this repository, %s', async (version) => {
    const { script } = ownInput('pgsql', version);
    expect(told(script)).toEqual([]);
  });

  it.each([
    ['a table', tables.replace('FROM "s"."B" AS b', 'FROM "s"."C" AS b'), ['nothing is named s.C']],
    [
      'a sequence',
      tables.replace('START WITH 1', '').replace('"Numbers" ;', '"Others";'),
      [`no sequence '"dms"."Numbers"'`],
    ],
    ['a column of a view', tables.replace('b."A_Id"', 'b."C_Id"'), ['s.B has no column C_Id']],
    [
      'a column of a view without aliases',
      `${tables}CREATE OR REPLACE VIEW "s"."W" AS SELECT "Id" AS "Id" FROM "s"."A" UNION ALL SELECT "No" AS "Id" FROM "s"."B";`,
      ['s.B has no column No'],
    ],
    [
      'a column of a view that another reads',
      `${tables}CREATE OR REPLACE VIEW "s"."W" AS SELECT v."A_Id" FROM "s"."V" AS v;`,
      ['s.V has no column A_Id'],
    ],
    [
      'a column of an index',
      `${tables}CREATE INDEX IF NOT EXISTS "I" ON "s"."A" ("Id") INCLUDE ("No");`,
      ['s.A has no column No'],
    ],
    [
      'columns of a foreign key',
      `${tables}DO $$ BEGIN ALTER TABLE "s"."B" ADD CONSTRAINT "FK" FOREIGN KEY ("X") REFERENCES "s"."A" ("Y"); END $$;`,
      ['s.B has no column X', 's.A has no column Y'],
    ],
    ['a function that a body calls', trigger('PERFORM "s"."G"(1);'), ['no function s.G']],
    [
      'the function of a trigger',
      `${tables}CREATE OR REPLACE TRIGGER "T" AFTER INSERT ON "s"."A" FOR EACH ROW EXECUTE FUNCTION "s"."G"();`,
      ['no function s.G'],
    ],
    ['a column of the row', trigger('NEW."Nme" := OLD."Name";'), ['s.A has no column Nme']],
    ['a column of the rows', trigger('PERFORM n."A_Id" FROM new_rows AS n;'), ['s.A has no column A_Id']],
    [
      'a column of a joined table',
      trigger('PERFORM b."Name" FROM new_rows AS n JOIN "s"."B" AS b ON b."A_Id" = n."Id";'),
      ['s.B has no column Name'],
    ],
    [
      'a column to insert',
      trigger('INSERT INTO "s"."B" ("Id", "B_Id") SELECT n."Id", 1 FROM new_rows AS n;'),
      ['s.B has no column B_Id'],
    ],
    [
      'columns to update',
      trigger('UPDATE "s"."B" AS b SET "No" = 1, ("Id", "No2") = (SELECT 1, 2) WHERE b."Id" = 1;'),
      ['s.B has no column No', 's.B has no column No2'],
    ],
    [
      'a constraint to defer',
      trigger('SET CONSTRAINTS "s"."PK_A" DEFERRED; SET CONSTRAINTS "s"."PK_B" DEFERRED;'),
      ['nothing is named s.PK_B'],
    ],
    ['a table in a body', trigger('DELETE FROM "s"."Gone";'), ['nothing is named s.Gone']],
  ])('that lead nowhere are found: %s', (_, script, expected) => {
    expect(told(tables)).toEqual([]);
    expect(told(script)).toEqual(expected);
  });

  it('of derived rows are not looked at', () => {
    const body = `PERFORM c.total, r."x" FROM (SELECT n."Id" AS total FROM new_rows AS n) AS c CROSS JOIN unnest(ARRAY[1]) AS r ("x");`;
    expect(told(trigger(body))).toEqual([]);
  });

  it('have the line of the script', () => {
    expect(found(trigger('PERFORM NEW."No";')).map(({ text }) => text)).toEqual(['line 13: s.A has no column No']);
  });
});
