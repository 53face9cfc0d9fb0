import { type Column, modelIndex, qualified, type Table } from '@dms/model';
import { join } from '@dms/sql';
import type { CheckedSet } from '../checked-set.ts';
import type { RowCheck } from './data-finding.ts';
import type { RowDialect } from './row-dialect.ts';
import { namesOf, rowCheck } from './row-dialects.ts';

/* The positions of the items of an array (design 09c §4): 0, 1, 2 and so on within each parent. */

/** The items of each array whose position is negative, used twice or, if gaps are not allowed, after a gap. */
export function positionChecks({ model }: CheckedSet, dialect: RowDialect): RowCheck[] {
  const { sql, literal, q, named, uuidOf, joined } = namesOf(dialect);
  return modelIndex(model).tables.flatMap(({ table }): RowCheck[] => {
    const ordinal = positionColumn(table);
    if (ordinal === undefined) return [];
    const { rootLocator, parentLocator, rowIdentity } = table.identity;
    const position = sql`t.${q(ordinal.name)}`;
    const parents = join(
      parentLocator.map((name) => sql`t.${q(name)}`),
      ', ',
    );
    const previous = sql`LAG(${position}) OVER (PARTITION BY ${parents} ORDER BY ${position})`;
    const shown = [...new Set([...rowIdentity, ordinal.name])]
      .filter((name) => !rootLocator.includes(name as never))
      .flatMap((name, index) => [
        literal(`${index === 0 ? '' : ', '}${name} `),
        dialect.rules.text(sql`t.${q(name)}`, 'bigint'),
      ]);
    const document = uuidOf(sql`t.${q(rootLocator[0] ?? 'DocumentId')}`);
    const example = joined([document, literal(' ('), ...shown, literal(')')]);
    const following = sql`p.previous + CAST(1 AS bigint)`;
    const expected = sql`CASE WHEN p.previous IS NULL OR p.previous < 0 THEN 0 ELSE ${following} END`;
    // if a row has an id of its own, gaps between positions are allowed (17 §8)
    const isWrong = rowIdentity.includes(ordinal.name) ? sql`p.place <> ${expected}` : sql`p.place = p.previous`;
    return [
      rowCheck(
        'itemPosition',
        qualified(table.table),
        sql`SELECT p.example FROM (SELECT ${example} AS example, ${position} AS place, ${previous} AS previous FROM ${named(table.table)} AS t) AS p WHERE p.place < 0 OR ${isWrong}`,
      ),
    ];
  });
}

/** The column with the position of an item; undefined in a table without items. */
const positionColumn = ({ jsonScope, columns }: Table): Column | undefined =>
  jsonScope.segments.at(-1)?.kind === 'anyElement' ? columns.find(({ kind }) => kind === 'Ordinal') : undefined;
