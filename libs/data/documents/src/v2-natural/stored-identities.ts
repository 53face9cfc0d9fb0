import { type Connection, type Row, rowsOf } from '@dms/databases';
import {
  core,
  Identities,
  type IdentityBlock,
  type IdentityElement,
  modelIndex,
  mustExist,
  namePartsOf,
} from '@dms/model';
import { firstRowsOf, planDialects } from '@dms/plans';
import { join, type PlainSql, type QualifiedName, type SqlDialect, trusted } from '@dms/sql';
import { referentialIdOfText, valueTexts } from '../identity/referential-id.ts';
import type { DocumentPlans } from '../resource-plans.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { finiteText } from '../values/dates-and-times.ts';
import { valueFromDatabase } from '../values/stored-value.ts';

/** How many rows to read at once. */
const pageLength = 10_000;

/** The rows of a table `t` in the order of their documents, some at a time. */
async function* pagesOf(
  connection: Connection,
  table: QualifiedName,
  columns: readonly PlainSql[],
): AsyncGenerator<readonly Row[]> {
  const dialect = planDialects[connection.dialect];
  const { sql, text, literal, aliased } = dialect;
  const { countParameter } = documentStatements[connection.dialect];
  const selected = join([sql`${text(sql`t."DocumentId"`, 'bigint')} AS "DocumentId"`, ...columns]);
  for (let after = '0'; ; ) {
    const condition = sql`WHERE t."DocumentId" > ${countParameter(after)} ORDER BY t."DocumentId"`;
    const from = sql`FROM ${aliased(table, sql`t`)} ${condition}`;
    const rows = await rowsOf<Row>(connection, firstRowsOf(dialect, selected, from, literal(pageLength)));
    yield rows;
    if (rows.length < pageLength) return;
    after = String(rows.at(-1)?.DocumentId);
  }
}

/** A row of the identities of a database: the referential id in memory, and the document. */
type InMemory = readonly [referentialId: string, documentId: number];

/** The values of an identity in the rows of a root table, and its referential id. */
function keyOf(
  dialect: SqlDialect,
  block: IdentityBlock,
  uris: ReadonlyMap<string, string>,
): { readonly columns: readonly PlainSql[]; idOf(row: Row): string | null } {
  const { sql, id } = planDialects[dialect];
  const { readable } = documentStatements[dialect];
  const parts = namePartsOf(block);
  const names = new Map(block.identityElements.map(({ column }, index) => [column, `c${index}`]));
  const textOf = ({ column, scalarType, isDescriptor }: IdentityElement, row: Row): string | null => {
    const raw = row[mustExist(names.get(column), column)];
    if (isDescriptor) {
      const uri = uris.get(String(raw));
      return uri === undefined ? null : valueTexts.uri(uri);
    }
    const stored = valueFromDatabase(raw, scalarType);
    if (stored === null) return null;
    return valueTexts.scalar(typeof stored === 'string' ? finiteText(stored, scalarType.kind) : stored, scalarType);
  };
  return {
    columns: block.identityElements.map(({ column, scalarType, isDescriptor }) => {
      const name = trusted(mustExist(names.get(column), column));
      return sql`${readable(sql`t.${id(column)}`, isDescriptor ? null : scalarType)} AS ${name}`;
    }),
    idOf(row) {
      let text = '';
      for (const part of parts) {
        const own = part.kind === 'text' ? part.text : textOf(part.element, row);
        if (own === null) return null;
        text += part.kind === 'text' ? own : valueTexts.part(own);
      }
      return referentialIdOfText(text);
    },
  };
}

/**
 * The identities of all documents of a database, as memory has them, some at a time: of descriptors, and of each document
 * its own and the one of its superclass (design 22 §4.3).
 */
export async function* storedIdentities(
  connection: Connection,
  { mappingSet, referentialIds }: DocumentPlans,
): AsyncGenerator<readonly InMemory[]> {
  const { dialect } = connection;
  const { sql } = planDialects[dialect];
  const uris = new Map<string, string>();
  for await (const rows of pagesOf(connection, core.descriptor, [sql`t."ResourceKeyId"`, sql`t."Uri"`]))
    yield rows.flatMap(({ DocumentId, ResourceKeyId, Uri }): InMemory[] => {
      uris.set(String(DocumentId), String(Uri));
      const resource = mappingSet.resourceKeyById.get(Number(ResourceKeyId));
      return resource ? [[referentialIds.ofDescriptor(resource, String(Uri)), Number(DocumentId)]] : [];
    });
  const identities = new Identities(mappingSet.model);
  for (const { resource, table } of modelIndex(mappingSet.model).roots) {
    const superclass = identities.ofSuperclass(resource);
    const keys = [identities.own(resource), ...(superclass ? [superclass] : [])].map((block) =>
      keyOf(dialect, block, uris),
    );
    for (const { columns, idOf } of keys)
      for await (const rows of pagesOf(connection, table.table, columns))
        yield rows.flatMap((row): InMemory[] => {
          const referentialId = idOf(row);
          return referentialId === null ? [] : [[referentialId, Number(row.DocumentId)]];
        });
  }
}
