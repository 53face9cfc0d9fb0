import { core } from '@dms/model';
import { literal, qualified } from './body-text.ts';

const functionName = qualified(core.uuidv5);

/** The body with the schema of pgcrypto in front of `digest`; as a format text when `schema` is `%I`. */
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
    // with it on, %I writes the schema in quotes, and the function has another text
    "    PERFORM pg_catalog.set_config('quote_all_identifiers', 'off', true);",
    '    SELECT n.nspname INTO pgcrypto_schema',
    '    FROM pg_catalog.pg_extension AS e',
    '    INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace',
    `    WHERE e.extname = ${literal('pgcrypto')};`,
    '    EXECUTE pg_catalog.format($create$',
    `CREATE OR REPLACE FUNCTION ${functionName}(namespace_uuid uuid, name_text text)`,
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
