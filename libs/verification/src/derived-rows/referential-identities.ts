import { resourceLabel } from '@dms/api-schema';
import { compareOrdinal } from '@dms/canonical-json';
import type { Connection, Limits } from '@dms/databases';
import { identityBlocks } from '@dms/ddl';
import { descriptorReferentialId } from '@dms/documents';
import { core, type DbTableName, qualified } from '@dms/model';
import { qualifiedName } from '@dms/sql';
import { referentialRows } from '../behaviour/referential-id.ts';
import { generations } from '../generations.ts';
import { type DataFinding, type DataInput, shownExamples } from './data-finding.ts';
import type { IdentityRow, PageRow } from './row-dialect.ts';
import { rowDialects } from './row-dialects.ts';

/* Referential ids are computed here instead of in the database, whose function or letter case rules may be wrong (design 07 §9.2). */

/** How many documents are compared at a time and held in memory. */
const page = 1000;

/** A document whose referential ids do not match its values. */
interface WrongDocument {
  readonly documentId: string;
  readonly uuid: string;
  /** `id resourceKeyId` of each. */
  readonly expected: readonly string[];
}

/** One kind of document: where its values are stored, and which ids follow from them. */
interface Source {
  readonly object: string;
  readonly table: DbTableName;
  readonly columns: readonly string[];
  /** The columns that hold the id of a descriptor. */
  readonly descriptorColumns: readonly string[];
  expected(row: PageRow, uris: ReadonlyMap<string, string>): readonly string[];
}

function sourcesOf({ model, inventory }: DataInput): Source[] {
  const { resources: texts } = generations[model.effectiveSchema.relationalMappingVersion];
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
          referentialRows(trigger, documentId, values, uris, texts).map(
            ({ referentialId, resourceKeyId }) => `${referentialId} ${resourceKeyId}`,
          ),
      },
    ];
  });
  const keys = new Map(model.effectiveSchema.resourceKeys.map((key) => [String(key.id), key]));
  const descriptors: Source = {
    object: qualified(core.descriptor),
    table: core.descriptor,
    columns: ['Uri'],
    descriptorColumns: [],
    expected: ({ values, resourceKeyId }) => {
      const key = keys.get(resourceKeyId);
      return key === undefined ? [] : [`${descriptorReferentialId(key, values.Uri ?? '')} ${key.id}`];
    },
  };
  return [...resources, descriptors];
}

async function urisOf(connection: Connection, ids: readonly string[], limits: Limits): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const { rules, numberText, isAmong, idParameter } = rowDialects[connection.dialect];
  const id = rules.quote('DocumentId');
  const rows = await connection.query<{ id: string; uri: string }>(
    `SELECT ${numberText(id)} AS id, ${rules.quote('Uri')} AS uri FROM ${qualifiedName(rules, core.descriptor)} WHERE ${isAmong(id)}`,
    [idParameter(ids)],
    limits,
  );
  return new Map(rows.map(({ id: found, uri }) => [found, uri]));
}

const sameIds = (left: readonly string[], right: readonly string[]) =>
  left.length === right.length && [...left].sort(compareOrdinal).join() === [...right].sort(compareOrdinal).join();

/** Calls `onWrong` with the wrong documents of each page. */
async function eachPage(
  connection: Connection,
  source: Source,
  limits: Limits,
  onWrong: (wrong: readonly WrongDocument[]) => Promise<void>,
): Promise<void> {
  const dialect = rowDialects[connection.dialect];
  const query = dialect.page(source, page);
  let after = '0';
  for (;;) {
    const found = await connection.query<Record<string, unknown>>(query, [after], limits);
    const rows = found.map((row) => dialect.pageRow(row, source.columns));
    const ids = rows.flatMap(({ values }) => source.descriptorColumns.flatMap((name) => values[name] ?? []));
    const uris = await urisOf(connection, [...new Set(ids)], limits);
    const wrong = rows.flatMap((row) => {
      const expected = source.expected(row, uris);
      return sameIds(expected, row.stored) ? [] : [{ documentId: row.documentId, uuid: row.uuid, expected }];
    });
    if (wrong.length > 0) await onWrong(wrong);
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
 * Rewrites the referential ids of documents with wrong ids. All wrong rows are deleted before any row is inserted, because an id may have
 * moved from one document to another. Throws the `DB_*` codes.
 */
export async function repairReferentialIdentities(connection: Connection, input: DataInput, limits: Limits): Promise<void> {
  const { rules, isAmong, idParameter, insertIdentities, identityParameters } = rowDialects[connection.dialect];
  const removal = `DELETE FROM ${qualifiedName(rules, core.referentialIdentity)} WHERE ${isAmong(rules.quote('DocumentId'))}`;
  const sources = sourcesOf(input);
  for (const source of sources) {
    await eachPage(connection, source, limits, async (wrong) => {
      await connection.query(removal, [idParameter(wrong.map(({ documentId }) => documentId))], limits);
    });
  }
  for (const source of sources) {
    await eachPage(connection, source, limits, async (wrong) => {
      const rows = wrong.flatMap(({ documentId, expected }) =>
        expected.map((entry): IdentityRow => {
          const [referentialId = '', resourceKeyId = ''] = entry.split(' ');
          return { referentialId, documentId, resourceKeyId };
        }),
      );
      if (rows.length > 0) await connection.query(insertIdentities, identityParameters(rows), limits);
    });
  }
}
