import { resourceLabel } from '@dms/api-schema';
import { compareOrdinal } from '@dms/canonical-json';
import type { Connection, Limits } from '@dms/databases';
import { identityBlocks } from '@dms/ddl';
import { descriptorReferentialId } from '@dms/documents';
import { core, type DbTableName } from '@dms/model';
import { dialectRules, qualifiedName } from '@dms/sql';
import { referentialRows } from '../behaviour/referential-id.ts';
import { type DataFinding, type DataInput, shownExamples } from './data-finding.ts';

/* Referential ids are computed here and not by the database, whose function or handling of letters may be wrong (design 07 §9.2). */

const rules = dialectRules.pgsql;
const q = rules.quote;
const named = (table: DbTableName) => qualifiedName(rules, table);

/** Documents that are compared at a time and held in memory. */
const page = 1000;

/** A document whose referential ids do not match its values. */
interface WrongDocument {
  readonly documentId: string;
  readonly uuid: string;
  /** `id resourceKeyId` of each. */
  readonly expected: readonly string[];
}

interface PageRow {
  readonly documentId: string;
  readonly uuid: string;
  readonly stored: readonly string[];
  readonly values: Readonly<Record<string, string | null>>;
}

/** One kind of document: where its values are, and which ids follow from them. */
interface Source {
  readonly object: string;
  readonly table: DbTableName;
  readonly columns: readonly string[];
  /** The columns that hold the id of a descriptor. */
  readonly descriptorColumns: readonly string[];
  expected(row: PageRow, uris: ReadonlyMap<string, string>): readonly string[];
}

function sourcesOf({ model, inventory }: DataInput): Source[] {
  const resources = inventory.triggers.flatMap((trigger): Source[] => {
    if (trigger.kind !== 'ReferentialIdentityMaintenance') return [];
    const elements = identityBlocks(trigger).flatMap(({ identityElements }) => identityElements);
    return [
      {
        object: resourceLabel(trigger),
        table: trigger.table,
        columns: [...new Set(elements.map(({ column }) => column))],
        descriptorColumns: elements.filter(({ isDescriptor }) => isDescriptor).map(({ column }) => column),
        expected: ({ documentId, values }, uris) =>
          referentialRows(trigger, documentId, values, uris).map(
            ({ referentialId, resourceKeyId }) => `${referentialId} ${resourceKeyId}`,
          ),
      },
    ];
  });
  const keys = new Map(model.effectiveSchema.resourceKeys.map((key) => [String(key.id), key]));
  const descriptors: Source = {
    object: 'dms.Descriptor',
    table: core.descriptor,
    columns: ['Uri'],
    descriptorColumns: [],
    expected: ({ values }) => {
      const key = keys.get(values.ResourceKeyOfDocument ?? '');
      return key === undefined ? [] : [`${descriptorReferentialId(key, values.Uri ?? '')} ${key.id}`];
    },
  };
  return [...resources, descriptors];
}

function pageQuery({ table, columns }: Source): string {
  const id = q('DocumentId');
  const values = [
    ...columns.map((name) => `${rules.stringLiteral(name)}, t.${q(name)}::text`),
    `'ResourceKeyOfDocument', d.${q('ResourceKeyId')}::text`,
  ];
  return `SELECT t.${id}::text AS "documentId", d.${q('DocumentUuid')}::text AS uuid, json_build_object(${values.join(', ')}) AS values,
  ARRAY(SELECT r.${q('ReferentialId')} || ' ' || r.${q('ResourceKeyId')} FROM ${named(core.referentialIdentity)} AS r WHERE r.${id} = t.${id}) AS stored
FROM ${named(table)} AS t INNER JOIN ${named(core.document)} AS d ON d.${id} = t.${id}
WHERE t.${id} > $1::bigint ORDER BY t.${id} LIMIT ${page}`;
}

async function urisOf(connection: Connection, ids: readonly string[], limits: Limits): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await connection.query<{ id: string; uri: string }>(
    `SELECT ${q('DocumentId')}::text AS id, ${q('Uri')} AS uri FROM ${named(core.descriptor)} WHERE ${q('DocumentId')} = ANY ($1::bigint[])`,
    [ids],
    limits,
  );
  return new Map(rows.map(({ id, uri }) => [id, uri]));
}

const sameIds = (left: readonly string[], right: readonly string[]) =>
  left.length === right.length && [...left].sort(compareOrdinal).join() === [...right].sort(compareOrdinal).join();

/** Calls `found` with the wrong documents of each page. */
async function eachPage(
  connection: Connection,
  source: Source,
  limits: Limits,
  found: (wrong: readonly WrongDocument[]) => Promise<void>,
): Promise<void> {
  const query = pageQuery(source);
  let after = '0';
  for (;;) {
    const rows = await connection.query<PageRow>(query, [after], limits);
    const ids = rows.flatMap(({ values }) => source.descriptorColumns.flatMap((name) => values[name] ?? []));
    const uris = await urisOf(connection, [...new Set(ids)], limits);
    const wrong = rows.flatMap((row) => {
      const expected = source.expected(row, uris);
      return sameIds(expected, row.stored) ? [] : [{ documentId: row.documentId, uuid: row.uuid, expected }];
    });
    if (wrong.length > 0) await found(wrong);
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
    after = last.documentId;
  }
}

/** The documents whose referential ids do not match their values. Throws the `DB_*` codes. */
export async function wrongReferentialIdentities(
  connection: Connection,
  input: DataInput,
  limits: Limits,
): Promise<DataFinding[]> {
  const findings: DataFinding[] = [];
  for (const source of sourcesOf(input)) {
    let count = 0;
    const examples: string[] = [];
    await eachPage(connection, source, limits, async (wrong) => {
      count += wrong.length;
      examples.push(...wrong.slice(0, shownExamples - examples.length).map(({ uuid }) => uuid));
    });
    if (count > 0) findings.push({ kind: 'referentialIdentity', object: source.object, count, examples });
  }
  return findings;
}

/**
 * Writes the referential ids of documents that have wrong ones. All wrong rows are deleted before any is inserted: an id may
 * have moved from one document to another. Throws the `DB_*` codes.
 */
export async function repairReferentialIdentities(connection: Connection, input: DataInput, limits: Limits): Promise<void> {
  const table = named(core.referentialIdentity);
  const sources = sourcesOf(input);
  for (const source of sources) {
    await eachPage(connection, source, limits, async (wrong) => {
      const ids = wrong.map(({ documentId }) => documentId);
      await connection.query(`DELETE FROM ${table} WHERE ${q('DocumentId')} = ANY ($1::bigint[])`, [ids], limits);
    });
  }
  const columns = ['ReferentialId', 'DocumentId', 'ResourceKeyId'].map(q).join(', ');
  for (const source of sources) {
    await eachPage(connection, source, limits, async (wrong) => {
      const rows = wrong.flatMap(({ documentId, expected }) => expected.map((entry) => [documentId, ...entry.split(' ')]));
      const column = (index: number) => rows.map((row) => row[index]);
      await connection.query(
        `INSERT INTO ${table} (${columns}) SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::smallint[])`,
        [column(1), column(0), column(2)],
        limits,
      );
    });
  }
}
