import { dialectOf, join, pgsqlName, type Sql, textOf, trusted, value } from '../libs/base/sql/src/index.ts';
import { identityText } from '../libs/compiler/ddl/src/identity-name.ts';
import { pgsqlBodiesV1 } from '../libs/compiler/ddl/src/v1/pgsql/generation-bodies.ts';
import {
  core,
  Identities,
  type IdentityBlock,
  type IdentityElement,
  namePartsOf,
} from '../libs/compiler/model/src/index.ts';
import { type Connection, query } from '../libs/data/databases/src/index.ts';
import type { DocumentGeneration } from '../libs/data/documents/src/document-generation.ts';
import {
  descriptorReferentialId,
  referentialIdOfText,
  type SoughtIdentity,
} from '../libs/data/documents/src/identity/referential-id.ts';
import type { DocumentPlans } from '../libs/data/documents/src/resource-plans.ts';
import { existingColumns, existingDescriptors } from '../libs/data/documents/src/statements/descriptor-statements.ts';
import type {
  DescriptorIdentityStatements,
  DocumentRow,
  IdentityStatements,
} from '../libs/data/documents/src/statements/identity-statements.ts';
import { arrayOf, documentColumns } from '../libs/data/documents/src/statements/pgsql-statements.ts';
import type { IdentityRow } from '../libs/data/loading/src/bulk/bulk-dialect.ts';
import type { BulkRules } from '../libs/data/loading/src/bulk/bulk-rules.ts';

/*
 * Rules of the generation `bare` of stub-generation.long.spec.ts, which finds documents by the natural keys of their
 * tables, on PostgreSQL.
 */

const { identityTexts } = pgsqlBodiesV1;
const { sql, id, literal } = dialectOf.pgsql;

const elementText = ({ identity }: SoughtIdentity, path: string): string => {
  const found = identity().find((each) => each.path === path);
  if (!found) throw new Error(path);
  return found.value;
};

/** Selects the ids of documents of a descriptor with a URI. */
const ofDescriptor = ({ resourceName }: { readonly resourceName: string }, uri: string): Sql =>
  sql`SELECT "DocumentId" FROM "dms"."Descriptor" WHERE "Discriminator" = ${value(resourceName)} AND lower("Uri") = ${value(uri)}`;

/** Selects the ids of documents with an identity. */
function holders({ mappingSet: { model } }: Pick<DocumentPlans, 'mappingSet'>, sought: SoughtIdentity): Sql {
  const isSought = ({ resourceKey }: { readonly resourceKey: SoughtIdentity['resource'] }) =>
    resourceKey.projectName === sought.resource.projectName &&
    resourceKey.resourceName === sought.resource.resourceName;
  const resource = model.resources.find(isSought);
  if (resource?.storageKind === 'SharedDescriptorTable')
    return ofDescriptor(sought.resource, elementText(sought, '$.descriptor'));
  const abstract = model.abstractIdentityTables.find(isSought);
  const table = abstract?.table ?? resource?.tablesInDependencyOrder[0];
  if (!table) throw new Error(sought.resource.resourceName);
  const elements: readonly IdentityElement[] =
    resource?.identityElements ??
    table.columns.flatMap(({ name: column, kind, scalarType, sourcePath }) =>
      sourcePath && scalarType
        ? [{ column, identityJsonPath: sourcePath, scalarType, isDescriptor: kind === 'DescriptorFk' }]
        : [],
    );
  const conditions = elements.map((element) => {
    const text = identityText(element, sql`t.${id(element.column)}`, identityTexts);
    return sql`${text} = ${value(elementText(sought, element.identityJsonPath.canonical))}`;
  });
  return sql`SELECT "DocumentId" FROM ${table.table} AS t WHERE ${join(conditions, ' AND ')}`;
}

const named = ({ referentialId }: SoughtIdentity): Sql => sql`${value(referentialId)}::text AS "ReferentialId"`;
const document = (uuids: readonly string[]): Sql =>
  sql`SELECT ${documentColumns}, NULL AS "ReferentialId" FROM "dms"."Document" d WHERE d."DocumentUuid" = ANY (${arrayOf(uuids, 'uuid')})`;

const naturalKeys = (all: DocumentPlans): IdentityStatements => {
  const findTargets: IdentityStatements['findTargets'] = (identities) => ({
    statements: identities.map((sought) =>
      query(sql`SELECT ${named(sought)}, h."DocumentId" FROM (${holders(all, sought)}) AS h`),
    ),
    read: (answers) =>
      answers.flat().map(({ ReferentialId, DocumentId }) => {
        return { referentialId: String(ReferentialId), documentId: String(DocumentId) };
      }),
  });
  return {
    findTargets,
    findOwn: findTargets,
    lockOwn: (documents) => ({
      statements: documents.map((sought) =>
        query(
          sql`SELECT ${documentColumns}, ${named(sought)} FROM "dms"."Document" d WHERE d."DocumentId" IN (${holders(all, sought)}) FOR NO KEY UPDATE OF d`,
        ),
      ),
      read: (answers) =>
        new Map(answers.flat().map((row) => [String(row.ReferentialId), row as unknown as DocumentRow])),
    }),
    lockByUuid: (uuids) => [query(sql`${document(uuids)} ORDER BY d."DocumentId" FOR NO KEY UPDATE OF d`)],
    documentsByUuid: (uuids) => [query(document(uuids))],
  };
};

const selected = sql`s."DocumentId"::text AS "DocumentId", d."ResourceKeyId", ${join(existingColumns.map((name) => sql`s.${id(name)}::text AS ${id(name)}`))} FROM "dms"."Descriptor" s JOIN "dms"."Document" d ON d."DocumentId" = s."DocumentId"`;

const uris: DescriptorIdentityStatements = {
  insert: () => [],
  classes: null,
  find: (descriptors) => ({
    statements: descriptors.map(({ referentialId, resourceKeyId, uri }) =>
      query(
        sql`SELECT ${value(referentialId)}::text AS "ReferentialId", ${selected} WHERE d."ResourceKeyId" = ${value(resourceKeyId)} AND lower(s."Uri") = lower(${value(uri)})`,
      ),
    ),
    read: (answers) => new Map(existingDescriptors(answers.flat()).map((row) => [String(row.ReferentialId), row])),
  }),
  scan: ({ resourceKeyId, after, since, limit }) =>
    query(
      sql`SELECT ${selected} WHERE d."ResourceKeyId" = ${value(resourceKeyId)} AND d."DocumentId" > ${value(after)} AND d."ContentVersion" > ${value(since)} ORDER BY d."DocumentId" LIMIT ${value(limit)}`,
    ),
};

/** The generation `first`, with documents found by their natural keys. */
export const withNaturalKeys = (first: DocumentGeneration): DocumentGeneration => ({
  ...first,
  identities: naturalKeys,
  descriptors: { ...first.descriptors, identities: { pgsql: uris, mssql: uris } },
  writing: {
    ...first.writing,
    // a document found by its identity has this identity; for one found by its uuid, `ids` has the document of the new
    // identity
    changesIdentity: (_, { found, document: { referentialId }, ids }) =>
      found.ReferentialId === null && ids.get(referentialId) !== String(found.DocumentId),
  },
});

/** The SQL text of an identity, whose hash is the referential id, from a row `t`. */
const identityName = (block: IdentityBlock): string => {
  const parts = namePartsOf(block).map((part) =>
    part.kind === 'text'
      ? literal(part.text)
      : identityText(part.element, sql`t.${id(part.element.column)}`, identityTexts),
  );
  return textOf(join(parts, ' || '));
};

/** The identities of all documents, from the tables of their resources. */
async function* existingIdentities(
  connection: Connection,
  { mappingSet: { model } }: DocumentPlans,
): AsyncGenerator<readonly IdentityRow[]> {
  const identities = new Identities(model);
  for (const resource of model.resources) {
    const { resourceKey, tablesInDependencyOrder, storageKind } = resource;
    if (storageKind === 'SharedDescriptorTable') {
      const rows = await connection.query<{ uri: string; document: string }>(
        trusted(
          `SELECT "Uri" AS uri, "DocumentId"::text AS document FROM ${pgsqlName(core.descriptor)} WHERE "Discriminator" = $1`,
        ),
        [resourceKey.resourceName],
      );
      yield rows.map(({ uri, document }) => [descriptorReferentialId(resourceKey, uri), Number(document)] as const);
      continue;
    }
    const [root] = tablesInDependencyOrder;
    for (const block of [identities.own(resource), identities.ofSuperclass(resource)]) {
      if (!root || !block) continue;
      const rows = await connection.query<{ name: string; document: string }>(
        trusted(
          `SELECT ${identityName(block)} AS name, t."DocumentId"::text AS document FROM ${pgsqlName(root.table)} AS t`,
        ),
      );
      yield rows.map(({ name, document }) => [referentialIdOfText(name), Number(document)] as const);
    }
  }
}

/** The rules of `load --bulk` with identities from the tables of resources. */
export const withExistingIdentities = (first: BulkRules): BulkRules => ({
  ...first,
  identities: { stored: existingIdentities, tables: [], rows: () => [] },
});
