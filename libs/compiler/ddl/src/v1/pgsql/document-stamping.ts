import type { DocumentStampingTrigger } from '@dms/inventory';
import { core } from '@dms/model';
import { dialectOf, type PlainLines, type PlainSql, separated } from '@dms/sql';
import { changedRows, nextVersion, perEvent, selectDistinct, selectFrom } from '../../pgsql/body-text.ts';
import { stampKey, type TriggerSource } from '../../trigger-source.ts';

const { sql, lines, id } = dialectOf.pgsql;

/** Stamps the content of the documents whose ids meet a condition. */
const contentStamp = (condition: PlainSql | PlainLines) => lines`
  UPDATE ${core.document}
  SET "ContentVersion" = ${nextVersion},
      "ContentLastModifiedAt" = pg_catalog.now()
  WHERE "DocumentId" = ${condition};`;

/**
 * Stamps `documents`. A single document is updated by its key. Several are first locked in the order of their keys, so
 * that writers of the same documents wait for each other and never deadlock: the plan of an UPDATE decides the order of
 * its rows, and sessions may have different plans.
 */
const stampDocuments = lines`
  IF pg_catalog.cardinality(documents) = 1 THEN
      ${contentStamp(sql`documents[1]`)}
  ELSIF pg_catalog.cardinality(documents) > 1 THEN
      ${contentStamp(lines`
        ANY (ARRAY(
            SELECT d."DocumentId"
            FROM ${core.document} AS d
            WHERE d."DocumentId" = ANY (documents)
            ORDER BY d."DocumentId"
            FOR NO KEY UPDATE
        ))`)}
  END IF;`;

/**
 * Stamps the content of every touched document once per statement, then the identity of those whose projection changed
 * (design 07 §9.1). A row that is reassigned to another document stamps both.
 */
export function documentStampingBody(source: TriggerSource<DocumentStampingTrigger>): PlainLines {
  const key = stampKey(source);
  const { identityProjectionColumns: projection } = source.trigger;
  if (projection.length > 0) return rootBody(key, projection);
  const distinct = (rows: 'new_rows' | 'old_rows') => collectDocuments(selectFrom(rows, [key], selectDistinct));
  const ofBoth = separated([selectFrom('new_rows', [key]), selectFrom('old_rows', [key])], sql`UNION`);
  return lines`
    DECLARE
        documents bigint[];
    BEGIN
        ${perEvent([
          ['INSERT', distinct('new_rows')],
          ['UPDATE', collectDocuments(ofBoth)],
          ['DELETE', distinct('old_rows')],
        ])}
        ${stampDocuments}
        RETURN NULL;
    END`;
}

/**
 * For root rows: handles updates as a set and deletions row by row, because a deleted document cascades to every root
 * table. The identity is stamped where the projection changed. That is rare, so planning it each time costs little.
 */
function rootBody(key: string, projection: readonly string[]): PlainLines {
  const columns = [...new Set([key, ...projection])];
  const updated = lines`
    ${collectDocuments(selectFrom('new_rows', [key], selectDistinct))}
    ${stampDocuments}
    changed := ARRAY(
        SELECT c.${id(key)}
        ${changedRows(columns, ['new_rows', 'old_rows'])}
    );
    IF pg_catalog.cardinality(changed) > 0 THEN
        UPDATE ${core.document}
        SET "IdentityVersion" = ${nextVersion},
            "IdentityLastModifiedAt" = pg_catalog.now()
        WHERE "DocumentId" = ANY (changed);
    END IF;`;
  return lines`
    DECLARE
        documents bigint[];
        changed bigint[];
    BEGIN
        ${perEvent([
          ['UPDATE', updated],
          ['DELETE', contentStamp(sql`OLD.${id(key)}`)],
        ])}
        RETURN NULL;
    END`;
}

const collectDocuments = (query: PlainLines) => lines`
  documents := ARRAY(
      ${query}
  );`;
