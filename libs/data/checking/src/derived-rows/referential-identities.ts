import { type Connection, type Limits, rowsOf } from '@dms/databases';
import { descriptorUri } from '@dms/documents';
import {
  abstractIdentityRules,
  armTexts,
  type ComputedRule,
  type HashedTexts,
  referentialIdRules,
  serviceTexts,
} from '@dms/laws';
import { core, type DbTableName, qualified } from '@dms/model';
import { empty, join, type PlainSql, type SqlDialect } from '@dms/sql';
import type { CheckedSet } from '../checked-set.ts';
import type { DocumentCheck, DocumentFinding, ServiceCause } from './data-finding.ts';
import { type DescriptorWitness, doubtfulDescriptors } from './descriptor-rows.ts';
import { eachPage, FoundDocuments, sameIds, storedIds } from './document-pages.ts';
import { type IdentityWitnesses, identityWitnesses } from './foreign-key-checks.ts';
import type { PageRow } from './row-dialect.ts';
import { namesOf, rowDialects } from './row-dialects.ts';
import { bothValues, combinedTestimony, idsConfirm, isDecided, type Testimony } from './witnesses.ts';

/*
 * Referential ids are computed here instead of in the database, whose function or letter case rules may be wrong
 * (design 07 §9.2). If an id and values contradict each other, either may be wrong. The id is recomputed only if
 * another row confirms the values, or if the stored id cannot be the hash of an identity, and if no other row
 * contradicts the values.
 */

/** A document whose referential ids do not match its values. */
interface WrongDocument {
  readonly documentId: string;
  readonly uuid: string;
  /** `id resourceKeyId` of each id. */
  readonly expected: readonly string[];
  readonly stored: readonly string[];
  readonly repairable: boolean;
  readonly cause: ServiceCause | null;
}

/** The documents whose referential ids do not match their values. */
export const referentialIdentities: DocumentCheck = {
  async find(connection, input, limits) {
    const findings: DocumentFinding[] = [];
    const reading = readingOf(connection, input, limits);
    for (const source of buildSources(input)) {
      const found = new FoundDocuments();
      await eachWrong(reading, source, async (wrong) => {
        for (const { repairable, uuid, cause, expected, stored } of wrong) {
          const example = repairable ? uuid : bothValues(uuid, stored.join(', '), expected.join(', '));
          found.add('referentialIdentity', repairable, example, cause);
        }
      });
      for (const finding of found.findings(source.object))
        findings.push({ ...finding, table: qualified(source.table) });
    }
    return findings;
  },
  async wrongIds(connection, input, limits) {
    const reading = readingOf(connection, input, limits);
    return buildSources(input).map(
      (source) => (onWrong) =>
        eachWrong(reading, source, (wrong) => onWrong(wrong.filter(({ repairable }) => repairable))),
    );
  },
};

/** A database that is being read; its doubtful descriptors are read when they are first needed. */
interface IdentityReading {
  readonly connection: Connection;
  readonly limits: Limits;
  readonly doubtful: () => Promise<ReadonlySet<string>>;
}

function readingOf(connection: Connection, input: CheckedSet, limits: Limits): IdentityReading {
  let found: Promise<ReadonlySet<string>> | null = null;
  const doubtful = () => {
    found ??= doubtfulDescriptors(connection, input, storedIds, limits);
    return found;
  };
  return { connection, limits, doubtful };
}

/** One kind of document: the table and columns of its values, and the ids that follow from them. */
interface RehashedTable {
  readonly object: string;
  readonly table: DbTableName;
  readonly columns: readonly string[];
  readonly stored: PlainSql;
  /** The columns with the id of a descriptor. */
  readonly descriptorColumns: readonly string[];
  readonly witnesses: IdentityWitnesses;
  expected(row: PageRow, uris: ReadonlyMap<string, string>, texts?: HashedTexts): readonly string[];
}

const buildSources = (input: CheckedSet): RehashedTable[] =>
  referentialIdRules(input).map((rule): RehashedTable => {
    const { reads, columns, descriptorColumns, rows } = rule.expected;
    return {
      object: rule.object,
      table: reads,
      columns,
      stored: storedIds.of(input.model.dialect),
      descriptorColumns,
      witnesses: buildWitnesses(input, rule),
      expected: (row, uris, texts) =>
        rows(row, uris, texts).map(({ referentialId, resourceKeyId }) => `${referentialId} ${resourceKeyId}`),
    };
  });

/** The evidence of other rows about the identity of the rows of a root table. */
function buildWitnesses(input: CheckedSet, { expected }: ComputedRule): IdentityWitnesses {
  const dialect = rowDialects[input.model.dialect];
  const { sql, literal, q, named, id, joined } = namesOf(dialect);
  const { reads, projection, descriptorColumns } = expected;
  const { contradicted, confirmed } = identityWitnesses(input, dialect, reads, projection);
  const abstractRow = (negation: PlainSql) =>
    abstractIdentityRules(input).flatMap((rule) =>
      rule.expected.arms.flatMap((arm, index) => {
        if (qualified(rule.from[index] ?? reads) !== qualified(reads)) return [];
        const { isKey, differs } = armTexts(rule, arm, input.model.dialect);
        return sql`EXISTS (SELECT 1 FROM ${named(rule.table)} AS ${rule.row} WHERE ${isKey} AND ${negation}(${differs}))`;
      }),
    );
  const made = joined([sql`x."Namespace"`, literal('#'), sql`x."CodeValue"`]);
  const differs = dialect.rules.differsExactly([{ left: sql`x."Uri"`, right: made, isText: true }]);
  return {
    contradicted: [
      ...contradicted,
      ...abstractRow(empty),
      ...descriptorColumns.map(
        (name) =>
          sql`EXISTS (SELECT 1 FROM ${named(core.descriptor)} AS x WHERE x.${id} = t.${q(name)} AND ${differs})`,
      ),
    ],
    confirmed: [...confirmed, ...abstractRow(sql`NOT `)],
  };
}

/** The reason why an id that the service's triggers made differs from ours. */
const causes: Readonly<Record<SqlDialect, ServiceCause>> = { pgsql: 'infiniteDate', mssql: 'cutTime' };

/** Calls `onWrong` with the wrong documents of each page. */
async function eachWrong(
  { connection, limits, doubtful }: IdentityReading,
  source: RehashedTable,
  onWrong: (wrong: readonly WrongDocument[]) => Promise<void>,
): Promise<void> {
  await eachPage(connection, source, limits, async (rows) => {
    const descriptors = rows.flatMap(({ values }) => source.descriptorColumns.flatMap((name) => values[name] ?? []));
    const uris = await readUris(connection, [...new Set(descriptors)], limits);
    const wrong = rows.flatMap((row) => {
      const expected = source.expected(row, uris.stored);
      // a wrong Uri of a descriptor is reported for the descriptor itself
      const isRight = [expected, source.expected(row, uris.made)].some((ids) => sameIds(ids, row.stored));
      if (isRight) return [];
      const isOfService = sameIds(source.expected(row, uris.stored, serviceTexts), row.stored);
      return [{ ...row, expected, cause: isOfService ? causes[connection.dialect] : null }];
    });
    if (wrong.length === 0) return;
    const ids = wrong.map(({ documentId }) => documentId);
    const others = await witnessed(connection, source, ids, limits);
    const doubted = source.descriptorColumns.length === 0 ? new Set<string>() : await doubtful();
    await onWrong(
      wrong.map(({ documentId, uuid, expected, stored, cause, values }) => {
        const { contradicted = true, confirmed = false } = others.get(documentId) ?? {};
        const namesDoubtful = source.descriptorColumns.some((name) => doubted.has(values[name] ?? ''));
        const testimony: Testimony = {
          // an id that the service made from these values confirms them
          confirmed: confirmed || cause !== null || idsConfirm(expected, stored),
          contradicted: contradicted || namesDoubtful,
        };
        return { documentId, uuid, expected, stored, cause, repairable: isDecided(testimony) };
      }),
    );
  });
}

const values = (row: PageRow, name: string): readonly string[] => {
  const value = row.values[name];
  return value === null || value === undefined ? [] : [value];
};

/** The URIs of descriptors by id: the stored ones, and those made from namespace and code value. */
interface UriTexts {
  readonly stored: ReadonlyMap<string, string>;
  readonly made: ReadonlyMap<string, string>;
}

async function readUris(connection: Connection, ids: readonly string[], limits: Limits): Promise<UriTexts> {
  if (ids.length === 0) return { stored: new Map(), made: new Map() };
  const { rules } = rowDialects[connection.dialect];
  const { sql } = rules;
  const id = rules.id('DocumentId');
  const columns = rules.ids(['Uri', 'Namespace', 'CodeValue']);
  const rows = await rowsOf<{ id: string; Uri: string; Namespace: string; CodeValue: string }>(
    connection,
    sql`SELECT ${rules.text(id, 'bigint')} AS id, ${columns} FROM ${core.descriptor} WHERE ${rules.among(id, ids, 'bigint')}`,
    limits,
  );
  return {
    stored: new Map(rows.map((row) => [row.id, row.Uri])),
    made: new Map(
      rows.map((row) => [row.id, descriptorUri({ namespace: row.Namespace, codeValue: row.CodeValue })] as const),
    ),
  };
}

/** The evidence of other rows about these documents, by id. */
async function witnessed(
  connection: Connection,
  { table, witnesses }: RehashedTable,
  ids: readonly string[],
  limits: Limits,
): Promise<ReadonlyMap<string, Testimony>> {
  const dialect = rowDialects[connection.dialect];
  const { sql, named, id } = namesOf(dialect);
  const flag = (conditions: readonly PlainSql[]) =>
    conditions.length === 0 ? sql`0` : sql`CASE WHEN ${join(conditions, ' OR ')} THEN 1 ELSE 0 END`;
  const rows = await rowsOf<{ id: string; contradicted: number; confirmed: number }>(
    connection,
    sql`SELECT ${dialect.rules.text(sql`t.${id}`, 'bigint')} AS id, ${flag(witnesses.contradicted)} AS contradicted, ${flag(witnesses.confirmed)} AS confirmed FROM ${named(table)} AS t WHERE ${dialect.rules.among(sql`t.${id}`, ids, 'bigint')}`,
    limits,
  );
  return new Map(rows.map((row) => [row.id, { contradicted: row.contradicted === 1, confirmed: row.confirmed === 1 }]));
}

/** The evidence of documents whose identity contains a descriptor: their referential ids are hashes of its text. */
export const namingDocuments: DescriptorWitness = async (connection, input, suspects, limits) => {
  const said = new Map<string, Testimony>();
  const noteTestimony = (ids: readonly string[], testimony: Testimony) => {
    for (const id of ids) {
      const before = said.get(id);
      said.set(id, combinedTestimony([...(before ? [before] : []), testimony]));
    }
  };
  for (const source of buildSources(input)) {
    if (source.descriptorColumns.length === 0) continue;
    await eachPage(connection, source, limits, async (rows) => {
      const naming = rows.flatMap((row) => {
        const named = source.descriptorColumns.flatMap((name) => values(row, name)).filter((id) => suspects.has(id));
        return named.length === 0 ? [] : [{ row, named }];
      });
      const all = naming.flatMap(({ row }) => source.descriptorColumns.flatMap((name) => values(row, name)));
      const { stored } = await readUris(connection, [...new Set(all)], limits);
      for (const { row, named } of naming) {
        const isSame = sameIds(source.expected(row, stored), row.stored);
        noteTestimony(named, { confirmed: isSame, contradicted: !isSame });
      }
    });
  }
  return said;
};
