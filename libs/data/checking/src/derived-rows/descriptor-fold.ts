import { type Connection, type Limits, rowsOf, run } from '@dms/databases';
import { mostExamples } from '@dms/diagnostics';
import { core, qualified } from '@dms/model';
import { dialectOf, empty, type PlainSql, type QualifiedName } from '@dms/sql';
import type { CheckedSet } from '../checked-set.ts';
import type { DocumentCheck, DocumentFinding } from './data-finding.ts';
import { rowDialects, tableOf } from './row-dialects.ts';

/*
 * PostgreSQL finds a descriptor by an index over its folded URI (design 22 §2.1). After a major upgrade the server may
 * fold letters in another way, and the index, which has the old texts, no longer finds what it should.
 */

const { sql, folded } = dialectOf.pgsql;

const fold = (row: PlainSql) => folded(sql`${row}."Uri"`);

/** The index over the folded URI; undefined if the dialect has an ordinary column instead. */
function foldingIndex(input: CheckedSet): QualifiedName | undefined {
  const table = tableOf(input, core.descriptor);
  const index = table?.indexes.find(({ unique, plain }) => unique && !plain);
  return table && index && { schema: table.schema, name: index.name };
}

/**
 * Descriptors that the index does not find by their own URI. Each is looked up by itself, and numbers are compared as
 * expressions, so that no other index can find it.
 */
const unfound = sql`SELECT u."DocumentUuid"::text AS example
FROM (SELECT * FROM ${core.descriptor} ORDER BY "DocumentId" OFFSET 0) AS t INNER JOIN ${core.document} AS u ON u."DocumentId" = t."DocumentId"
WHERE (SELECT count(*) FROM ${core.descriptor} AS i WHERE ${fold(sql`i`)} = ${fold(sql`t`)} AND i."ResourceKeyId" + 0 = t."ResourceKeyId" AND i."DocumentId" + 0 = t."DocumentId") = 0`;

/** Descriptors of the same resource with equal URIs; the text keeps the server from grouping by the index. */
const collisions = sql`SELECT string_agg(u."DocumentUuid"::text, ' and ' ORDER BY u."DocumentId") || ' (' || min(t."Uri" COLLATE "C") || ')' AS example
FROM ${core.descriptor} AS t INNER JOIN ${core.document} AS u ON u."DocumentId" = t."DocumentId"
GROUP BY ${fold(sql`t`)} || '', t."ResourceKeyId" HAVING count(*) > 1`;

async function findFoldings(
  connection: Connection,
  { schema, name }: QualifiedName,
  limits: Limits,
): Promise<readonly DocumentFinding[]> {
  const table = qualified(core.descriptor);
  const findingsOf = async (query: PlainSql, isRepairable: boolean): Promise<readonly DocumentFinding[]> => {
    const first = rowDialects.pgsql.firstOf({ prepare: empty, query }, mostExamples);
    const rows = await rowsOf<{ example: string; total: number }>(connection, first, limits);
    const [row] = rows;
    if (row === undefined) return [];
    const examples = rows.map(({ example }) => example);
    const object = qualified({ schema, name });
    return [
      { kind: 'descriptorFold', object, table, count: row.total, examples, repairable: isRepairable, cause: null },
    ];
  };
  const colliding = await findingsOf(collisions, false);
  // without this setting the server reads a small table instead of the index
  const setting = (value: PlainSql) =>
    sql`SELECT pg_catalog.current_setting('enable_seqscan') AS before, pg_catalog.set_config('enable_seqscan', ${value}, true)`;
  const [was] = await rowsOf<{ before: string }>(connection, setting(sql`'off'`), limits);
  const lost = await findingsOf(unfound, colliding.length === 0);
  await run(connection, setting(was?.before === 'off' ? sql`'off'` : sql`'on'`), limits);
  return [...colliding, ...lost];
}

/** Every descriptor is found by its URI. If descriptors collide, they are named and the index is not rebuilt. */
export const descriptorFold: DocumentCheck = {
  async find(connection, input, limits) {
    const index = foldingIndex(input);
    return index === undefined ? [] : findFoldings(connection, index, limits);
  },
  async repairColumns(connection, input, limits) {
    const index = foldingIndex(input);
    if (index === undefined) return;
    const found = await findFoldings(connection, index, limits);
    if (found.some(({ repairable }) => repairable)) await run(connection, sql`REINDEX INDEX ${index}`, limits);
  },
  wrongIds: async () => [],
};
