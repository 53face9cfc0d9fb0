import { describe, expect, it } from 'vitest';
import { printedView } from './printed-view.ts';

/* Views as PostgreSQL prints them, and the texts of the script (design 09a §1.5). */

const typeName = (type: string) => type.replace('character varying', 'varchar');
const read = (text: string) => printedView(text, typeName);

describe('a view that the engine printed', () => {
  it('is read as a union of tables', () => {
    const printed = ` SELECT "School"."DocumentId",
    "School"."SchoolId"::bigint AS "EducationOrganizationId",
    'Ed-Fi:School''s'::character varying(256) AS "Discriminator"
   FROM edfi."School"
UNION ALL
 SELECT "DocumentId",
    ("LeaId")::bigint AS "EducationOrganizationId",
    'x'::character varying(256) AS "Discriminator"
   FROM "Ed""Fi"."Lea";`;
    expect(read(printed)).toBe(
      [
        `SELECT "DocumentId" AS "DocumentId", "SchoolId"::bigint AS "EducationOrganizationId", 'Ed-Fi:School''s'::varchar(256) AS "Discriminator"`,
        'FROM "edfi"."School"',
        'UNION ALL',
        `SELECT "DocumentId" AS "DocumentId", "LeaId"::bigint AS "EducationOrganizationId", 'x'::varchar(256) AS "Discriminator"`,
        'FROM "Ed""Fi"."Lea";',
      ].join('\n'),
    );
  });

  it('is read as a union of joins', () => {
    const printed = ` SELECT edorg."Source",
    sca."Contact_DocumentId"
   FROM ((auth."Tuples" edorg
     JOIN edfi."Ssa" ssa ON ((edorg."Target" = ssa."SchoolId")))
     JOIN edfi."Sca" sca ON (((ssa."Student" = sca."Student") AND (ssa."A" = sca."B"))))
UNION
 SELECT e."Source",
    e."Old" AS "Contact_DocumentId"
   FROM auth."V" e;`;
    expect(read(printed)).toBe(
      [
        'SELECT edorg."Source", sca."Contact_DocumentId"',
        'FROM "auth"."Tuples" edorg',
        'INNER JOIN "edfi"."Ssa" ssa ON edorg."Target" = ssa."SchoolId"',
        'INNER JOIN "edfi"."Sca" sca ON ssa."Student" = sca."Student" AND ssa."A" = sca."B"',
        'UNION',
        'SELECT e."Source", e."Old" AS "Contact_DocumentId"',
        'FROM "auth"."V" e;',
      ].join('\n'),
    );
  });

  it.each([
    ['a condition', ' SELECT "A" FROM s."T" WHERE "A" = 1;'],
    ['an outer join', ' SELECT a."A" FROM (s."T" a LEFT JOIN s."U" b ON ((a."A" = b."A")));'],
    ['another comparison', ' SELECT a."A" FROM (s."T" a JOIN s."U" b ON ((a."A" > b."A")));'],
    ['a column of another table', ' SELECT "U"."A" FROM s."T";'],
    ['DISTINCT', ' SELECT DISTINCT "A" FROM s."T";'],
    ['a call', ' SELECT lower("A") AS "A" FROM s."T";'],
    ['a limit', ' SELECT "A" FROM s."T" LIMIT 1;'],
    ['an intersection', ' SELECT "A" FROM s."T" INTERSECT SELECT "A" FROM s."U";'],
    ['nothing', ''],
    ['what is not SQL', ' SELECT "A" FROM s."T" # 1'],
  ])('with %s is none that a script writes', (_, printed) => {
    expect(read(printed)).toBeNull();
  });
});
