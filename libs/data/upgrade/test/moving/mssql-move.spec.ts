import { expect, it } from 'vitest';
import { planUpgrade, preparationScripts } from '../../src/index.ts';
import { compiled } from '../bench.ts';
import { schools } from '../schools.ts';

/* The script that moves a SQL Server database between shapes (design 22 §7). */

const { documents } = schools();
const hashed = compiled(documents, 'mssql', 'v2');
const natural = compiled(documents, 'mssql', 'v2-natural');

it.each([
  ['there', hashed, natural],
  ['back', natural, hashed],
])('the script %s is refused in a database with another collation', (_, before, after) => {
  expect(planUpgrade(before, after).script).toContain(`
ELSE IF CONVERT(nvarchar(128), DATABASEPROPERTYEX(DB_NAME(), N'Collation')) <> N'SQL_Latin1_General_CP1_CI_AS'
BEGIN
    DECLARE @refused nvarchar(500) = N'UPGRADE_IMPOSSIBLE: columns of keys need the collation SQL_Latin1_General_CP1_CI_AS, and a move changes no collation. Load the documents into a new database instead. The collation of the database is ' + CONVERT(nvarchar(128), DATABASEPROPERTYEX(DB_NAME(), N'Collation'));
`);
});

it.each([
  ['there', hashed, natural, ' v2-natural'],
  ['back', natural, hashed, ''],
])(
  'the script that prepares a move %s records the generation that the hash does not show',
  (_, before, after, generation) => {
    const later = `N'${after.info.effectiveSchemaHash}${generation}'`;
    const script = preparationScripts(planUpgrade(before, after))?.prepare ?? '';
    expect(script).toContain(`[Later] <> ${later}`);
    expect(script.match(/\(@step, 0, N'[^']+'/g)).toEqual(
      script.match(/INSERT INTO \[dms_upgrade\]/g)?.map(() => `(@step, 0, ${later}`),
    );
  },
);
