import { core, type IdentityBlock, namePartsOf, referentialIdentityColumns, referentialIdNamespace } from '@dms/model';
import type { IdentityTexts } from '../ddl-generation.ts';
import { identityText, identityTextsOf } from '../identity-name.ts';
import { enclosed, indented } from '../statement-lines.ts';
import { descriptorTable, literal, q, qualified } from './body-text.ts';

/** The texts of all kinds. */
export const valueTexts: IdentityTexts = {
  ...identityTextsOf('pgsql'),
  Descriptor: (id) =>
    `(SELECT pg_catalog.lower(d.${q('Uri')}) FROM ${descriptorTable} AS d WHERE d.${q('DocumentId')} = ${id})`,
};

export const referentialIdentityTable = qualified(core.referentialIdentity);
const uuidv5 = qualified(core.uuidv5);
const id = q('DocumentId');

/**
 * Inserts the rows of one resource key; `where` is the WHERE clause and any clauses after it. Values come from the
 * table, where a nested statement may have changed them.
 */
export function insertRows(
  block: IdentityBlock,
  table: string,
  where: readonly string[],
  texts: IdentityTexts,
): string[] {
  return enclosed(
    '',
    [
      `INSERT INTO ${referentialIdentityTable} (${referentialIdentityColumns.map(q).join(', ')})`,
      'SELECT',
      ...indented([
        `${uuidv5}(`,
        ...indented([`${literal(referentialIdNamespace)}::pg_catalog.uuid,`, ...nameLines(block, texts)]),
        '),',
        `t.${id},`,
        String(block.resourceKeyId),
      ]),
      `FROM ${table} AS t`,
      ...where,
    ],
    ';',
  );
}

/** The name string, one element per line. */
function nameLines(block: IdentityBlock, texts: IdentityTexts): string[] {
  const lines: string[] = [];
  for (const part of namePartsOf(block)) {
    if (part.kind === 'text') lines.push((lines.length > 0 ? '|| ' : '') + literal(part.text));
    else lines.push(`${lines.pop()} || ${identityText(part.element, `t.${q(part.element.column)}`, texts)}`);
  }
  return lines;
}

/** The body with the schema of pgcrypto before `digest`; a format text if `schema` is `%I`. */
export function uuidv5Body(schema: string): string[] {
  return [
    'DECLARE',
    '    hash pg_catalog.bytea;',
    'BEGIN',
    `    hash := ${schema}.digest(pg_catalog.decode(pg_catalog.replace(namespace_uuid::pg_catalog.text, '-', ''), 'hex') || pg_catalog.convert_to(name_text, 'UTF8'), 'sha1');`,
    '    hash := substring(hash FROM 1 FOR 16);',
    '    hash := pg_catalog.set_byte(hash, 6, (pg_catalog.get_byte(hash, 6) & 15) | 80);',
    '    hash := pg_catalog.set_byte(hash, 8, (pg_catalog.get_byte(hash, 8) & 63) | 128);',
    "    RETURN pg_catalog.encode(hash, 'hex')::pg_catalog.uuid;",
    'END',
  ];
}

/**
 * Creates `dms.uuidv5`. The extension may be in any schema, and the function must not depend on the caller's search
 * path. So the script looks up the schema when it runs and writes it into the body (design 06 §5.1).
 */
export function uuidv5Statement(): string[] {
  return [
    'DO $install$',
    'DECLARE',
    '    pgcrypto_schema name;',
    'BEGIN',
    // if the setting is on, %I quotes the schema, and the function has another text
    "    PERFORM pg_catalog.set_config('quote_all_identifiers', 'off', true);",
    '    SELECT n.nspname INTO pgcrypto_schema',
    '    FROM pg_catalog.pg_extension AS e',
    '    INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace',
    `    WHERE e.extname = ${literal('pgcrypto')};`,
    '    EXECUTE pg_catalog.format($create$',
    `CREATE OR REPLACE FUNCTION ${uuidv5}(namespace_uuid uuid, name_text text)`,
    'RETURNS uuid',
    'LANGUAGE plpgsql',
    'IMMUTABLE STRICT PARALLEL SAFE',
    'AS $uuidv5$',
    ...uuidv5Body('%I'),
    '$uuidv5$',
    '$create$, pgcrypto_schema);',
    'END',
    '$install$;',
  ];
}
