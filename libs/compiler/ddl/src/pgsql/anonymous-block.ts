import { core } from '@dms/model';
import { dialectOf, dollarTagOf, type PlainLines } from '@dms/sql';

const { lines, literal, nameLiteral } = dialectOf.pgsql;

/** A block that runs at once. Its tag does not occur in the block. */
export const anonymousBlock = (declarations: PlainLines, statements: PlainLines): PlainLines =>
  block(lines`
    DECLARE
        ${declarations}
    BEGIN
        ${statements}`);

/**
 * An anonymous block of statements that must not be indented, because the server stores a body within them as written.
 */
export const unindentedBlock = (declarations: PlainLines, statements: PlainLines): PlainLines =>
  block(lines`
    DECLARE
        ${declarations}
    BEGIN
    ${statements}`);

/** A block with this text before its END. */
export function block(text: PlainLines): PlainLines {
  const tag = dollarTagOf(text);
  return lines`
    DO ${tag}
    ${text}
    END ${tag};`;
}

/** A PL/pgSQL block of a separate script. */
export function pgsqlBlock(declarations: PlainLines, statements: PlainLines): PlainLines {
  const declared = lines`
    DECLARE
        ${declarations}`;
  const text = lines`
    ${declarations.lines.length === 0 ? declarations : declared}
    BEGIN
        ${statements}
    END`;
  const tag = dollarTagOf(text);
  return lines`
    DO ${tag}
    ${text}
    ${tag};`;
}

/** A block that refuses a database of another schema set, or without one. */
export function pgsqlSetGuard(effectiveSchemaHash: string): PlainLines {
  const hash = literal(effectiveSchemaHash);
  return pgsqlBlock(
    lines`stored text;`,
    lines`
      IF pg_catalog.to_regclass('"dms"."EffectiveSchema"') IS NOT NULL THEN
          SELECT "EffectiveSchemaHash" INTO stored FROM "dms"."EffectiveSchema" WHERE "EffectiveSchemaSingletonId" = 1;
      END IF;
      IF stored IS DISTINCT FROM ${hash} THEN
          RAISE EXCEPTION 'EffectiveSchemaHash mismatch: database has ''%'' but expected ''%''', stored, ${hash};
      END IF;`,
  );
}

/**
 * Reads the hash of the database's schema set into `stored_hash`, and runs `statements` if the database has the table.
 */
export const readStoredHash = (statements: PlainLines) => lines`
  IF pg_catalog.to_regclass(${nameLiteral(core.effectiveSchema)}) IS NOT NULL THEN
      SELECT "EffectiveSchemaHash" INTO stored_hash
      FROM ${core.effectiveSchema}
      WHERE "EffectiveSchemaSingletonId" = 1;
      ${statements}
  END IF;`;
