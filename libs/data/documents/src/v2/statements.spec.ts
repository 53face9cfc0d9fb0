import { mergeUpdateParts } from '@dms/plans';
import { dialects } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { named } from '../../test/bench.ts';
import { clubSet } from '../../test/club-set.ts';
import { sent } from '../../test/statements.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';

/* The statements of the second generation (design 17 §4.2, §7.4, §7.6). */

const club = named('Core:Club');

describe.each(dialects)('on %s', (dialect) => {
  const plans = clubSet(dialect).plans.of(club);
  const statements = documentStatements[dialect];
  const member = plans.write.tablePlansInDependencyOrder.find(
    ({ tableModel }) => tableModel.table.name === 'ClubMember',
  )!;
  const names = member.columnBindings.map(({ column }) => column.name as string);
  const row = (values: Readonly<Record<string, string | null>>) => names.map((name) => values[name] ?? null);
  const rows = [
    row({ CollectionItemId: '5', Club_DocumentId: '9', Ordinal: '1', MemberNumber: '3', Title: 'Dr' }),
    row({ CollectionItemId: '6', Club_DocumentId: '9', Ordinal: '0', MemberNumber: '4' }),
  ];

  it('elements are updated by their ids, and their ids and locators are not', () => {
    const found = statements
      .updateElements(member, rows, mergeUpdateParts(member.tableModel, member.columnBindings))
      .map(sent);
    expect(found).toEqual(
      dialect === 'pgsql'
        ? [
            [
              'UPDATE "core"."ClubMember" t SET "Ordinal" = n."Ordinal", "MemberNumber" = n."MemberNumber", "Title" = n."Title" FROM unnest(?::text::bigint[], ?::text::bigint[], ?::text::integer[], ?::text::integer[], ?::text::varchar[]) AS n ("CollectionItemId", "Club_DocumentId", "Ordinal", "MemberNumber", "Title") WHERE t."CollectionItemId" = n."CollectionItemId"',
              '{"5","6"}',
              '{"9","9"}',
              '{"1","0"}',
              '{"3","4"}',
              '{"Dr",NULL}',
            ],
          ]
        : [
            [updateText, '1', '3', 'Dr', '5'],
            [updateText, '0', '4', null, '6'],
          ],
    );
  });

  it('no statement is made of no rows', () => {
    expect(statements.updateElements(member, [], mergeUpdateParts(member.tableModel, member.columnBindings))).toEqual(
      [],
    );
  });

  it('ids are reserved by one statement, and read from its answer', () => {
    const answer = {
      pgsql: [{ CollectionItemId: '41' }, { CollectionItemId: '42' }, { CollectionItemId: '43' }],
      mssql: [{ First: '41', Count: 3 }],
    }[dialect];
    expect(statements.reservedIds(answer)).toEqual(['41', '42', '43']);
    expect(sent(statements.reserveIds(3))).toEqual(
      {
        pgsql: [
          'SELECT series."Ordinal", nextval(\'"dms"."CollectionItemIdSequence"\') AS "CollectionItemId" FROM generate_series(1, ?) AS series("Ordinal")',
          3,
        ],
        mssql: [
          "DECLARE @first sql_variant; EXEC sys.sp_sequence_get_range @sequence_name = N'[dms].[CollectionItemIdSequence]', @range_size = ?, @range_first_value = @first OUTPUT; SELECT CONVERT(nvarchar(20), CONVERT(bigint, @first)) AS [First], CONVERT(int, ?) AS [Count];",
          3,
          3,
        ],
      }[dialect],
    );
  });

  it('one document is read by the texts for one document, several by the keyset', () => {
    const hydrated = (ids: readonly string[]) =>
      statements.hydrate(plans.read, ids, { tables: true, uris: false }).map(({ pieces }) => pieces.join('?'));
    const one = hydrated(['77']);
    expect(one).toHaveLength(plans.read.tablePlansInDependencyOrder.length);
    const where = dialect === 'pgsql' ? /\nWHERE [rt]\."\w+" = 77\n/ : /\nWHERE [rt]\.\[\w+\] = 77\n/;
    for (const text of one) expect(text).toMatch(where);
    expect(hydrated(['77', '78']).filter((text) => where.test(text))).toEqual([]);
  });
});

const updateText =
  'UPDATE [core].[ClubMember]\nSET\n    [Ordinal] = ?,\n    [MemberNumber] = ?,\n    [Title] = ?\nWHERE\n    ([CollectionItemId] = ?)\n;\n';
