import { core, type IdentityBlock, namePartsOf, referentialIdentityColumns, referentialIdNamespace } from '@dms/model';
import { dialectOf, empty, group, type PlainLines, type PlainSql, type QualifiedName } from '@dms/sql';
import type { IdentityTexts } from '../ddl-generation.ts';
import { identityText, identityTextsOf } from '../identity-name.ts';

const { sql, lines, id, ids, literal } = dialectOf.pgsql;

/** The texts of all kinds. */
export const valueTexts: IdentityTexts = {
  ...identityTextsOf('pgsql'),
  Descriptor: (document) =>
    sql`(SELECT pg_catalog.lower(d."Uri") FROM ${core.descriptor} AS d WHERE d."DocumentId" = ${document})`,
};

const namespace = sql`${literal(referentialIdNamespace)}::pg_catalog.uuid`;

/**
 * Inserts the rows of one resource key; `where` is the WHERE clause and any clauses after it. Values come from the
 * table, where a nested statement may have changed them.
 */
export const insertRows = (
  block: IdentityBlock,
  table: QualifiedName,
  where: PlainLines,
  texts: IdentityTexts,
) => lines`
  INSERT INTO ${core.referentialIdentity} (${ids(referentialIdentityColumns)})
  SELECT
      ${core.uuidv5}(
          ${namespace},
          ${nameParts(block, texts)}
      ),
      t."DocumentId",
      ${literal(block.resourceKeyId)}
  ${group(sql`FROM ${table} AS t`, where)};`;

/** The name string, one element per line. */
function nameParts(block: IdentityBlock, texts: IdentityTexts): PlainLines {
  const parts: PlainSql[] = [];
  for (const part of namePartsOf(block)) {
    if (part.kind === 'text') parts.push(parts.length > 0 ? sql`|| ${literal(part.text)}` : literal(part.text));
    else {
      const value = identityText(part.element, sql`t.${id(part.element.column)}`, texts);
      parts.push(sql`${parts.pop() ?? empty} || ${value}`);
    }
  }
  return group(...parts);
}

/** The body with the schema of pgcrypto before `digest`; a format text if `schema` is `%I`. */
const uuidv5Body = (schema: PlainSql) => lines`
  DECLARE
      hash pg_catalog.bytea;
  BEGIN
      hash := ${schema}.digest(pg_catalog.decode(pg_catalog.replace(namespace_uuid::pg_catalog.text, '-', ''), 'hex') || pg_catalog.convert_to(name_text, 'UTF8'), 'sha1');
      hash := substring(hash FROM 1 FOR 16);
      hash := pg_catalog.set_byte(hash, 6, (pg_catalog.get_byte(hash, 6) & 15) | 80);
      hash := pg_catalog.set_byte(hash, 8, (pg_catalog.get_byte(hash, 8) & 63) | 128);
      RETURN pg_catalog.encode(hash, 'hex')::pg_catalog.uuid;
  END`;

/** The body in a database whose pgcrypto is in its usual schema, which the catalog expects. */
export const usualUuidv5Body = uuidv5Body(sql`public`);

/**
 * Creates `dms.uuidv5`. The extension may be in any schema, and the function must not depend on the caller's search
 * path. So the script looks up the schema when it runs and writes it into the body (design 06 §5.1). The setting must
 * be off: otherwise %I quotes the schema, and the function has another text.
 */
export const uuidv5Statement = lines`
  DO $install$
  DECLARE
      pgcrypto_schema name;
  BEGIN
      PERFORM pg_catalog.set_config('quote_all_identifiers', 'off', true);
      SELECT n.nspname INTO pgcrypto_schema
      FROM pg_catalog.pg_extension AS e
      INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
      WHERE e.extname = 'pgcrypto';
      EXECUTE pg_catalog.format($create$
  CREATE OR REPLACE FUNCTION ${core.uuidv5}(namespace_uuid uuid, name_text text)
  RETURNS uuid
  LANGUAGE plpgsql
  IMMUTABLE STRICT PARALLEL SAFE
  AS $uuidv5$
  ${uuidv5Body(sql`%I`)}
  $uuidv5$
  $create$, pgcrypto_schema);
  END
  $install$;`;
