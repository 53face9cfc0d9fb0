import { expect, it } from 'vitest';
import { mssqlHiddenTexts, pgsqlHiddenTexts, type SoughtTexts } from './hidden-text-statements.ts';

const sought: SoughtTexts = {
  table: { schema: 'edfi', name: 'Program' } as SoughtTexts['table'],
  texts: ['Name', 'Code'],
  equal: [
    { column: 'Year', value: '2024', type: { kind: 'Int32', maxLength: null, decimal: null } },
    { column: 'Kind_DescriptorId', value: '7', type: null },
  ],
  resourceKeyId: 3,
  limit: 10,
};

it('hidden texts of PostgreSQL are found by a pattern', () => {
  const { pieces, parameters } = pgsqlHiddenTexts(sought);
  expect(pieces.join('?')).toBe(
    'SELECT t."Name"::text AS "0", t."Code"::text AS "1" FROM "edfi"."Program" t WHERE (t."Name" ~ ? OR t."Code" ~ ?) AND t."Year" = ?::text::integer AND t."Kind_DescriptorId" = ?::text::bigint AND EXISTS (SELECT FROM "dms"."Document" d WHERE d."DocumentId" = t."DocumentId" AND d."ResourceKeyId" = ?) ORDER BY t."DocumentId" LIMIT ?',
  );
  expect(parameters.slice(2)).toEqual(['2024', '7', 3, 10]);
  const pattern = new RegExp(String(parameters[0]));
  for (const hidden of [' a', 'a ', 'a  b', 'a\u00a0b', 'Mu\u0308ller', 'a\tb'])
    expect(pattern.test(hidden)).toBe(true);
  for (const plain of ['', 'Alpha', 'two words', '100-5/b~!']) expect(pattern.test(plain)).toBe(false);
});

it('hidden texts of SQL Server are found by code unit, whatever the collation', () => {
  const { pieces, parameters, types } = mssqlHiddenTexts({ ...sought, texts: ['Name'] });
  const like = 't.[Name] COLLATE Latin1_General_100_BIN2 LIKE ?';
  expect(pieces.join('?')).toBe(
    `SELECT t.[Name] AS [0] FROM [edfi].[Program] t WHERE (${[like, like, like, like].join(' OR ')}) AND t.[Year] = ? AND t.[Kind_DescriptorId] = ? AND EXISTS (SELECT 1 FROM [dms].[Document] d WHERE d.[DocumentId] = t.[DocumentId] AND d.[ResourceKeyId] = ?) ORDER BY t.[DocumentId] OFFSET 0 ROWS FETCH NEXT ? ROWS ONLY;`,
  );
  expect(parameters).toEqual(['%[^ -~]%', ' %', '% ', '%  %', '2024', '7', 3, 10]);
  expect(types).toEqual([...Array(4).fill('nvarchar(10)'), 'int', 'bigint', 'smallint', 'bigint']);
});
