import { dialectRules, dollarTag } from '@dms/sql';

const { stringLiteral } = dialectRules.pgsql;

/** A block of PL/pgSQL, as a text. */
export function pgsqlBlock(declarations: readonly string[], body: readonly string[]): string {
  const lines = [
    ...(declarations.length === 0 ? [] : ['DECLARE', ...declarations.map((line) => `    ${line}`)]),
    'BEGIN',
    ...body.map((line) => (line === '' ? '' : `    ${line}`)),
    'END',
  ].join('\n');
  const tag = dollarTag(lines);
  return `DO ${tag}\n${lines}\n${tag};`;
}

/** Refuses a database of another schema set, or without one. */
export function pgsqlSetGuard(effectiveSchemaHash: string): string {
  return pgsqlBlock(
    ['stored text;'],
    [
      `IF pg_catalog.to_regclass('"dms"."EffectiveSchema"') IS NOT NULL THEN`,
      `    SELECT "EffectiveSchemaHash" INTO stored FROM "dms"."EffectiveSchema" WHERE "EffectiveSchemaSingletonId" = 1;`,
      'END IF;',
      `IF stored IS DISTINCT FROM ${stringLiteral(effectiveSchemaHash)} THEN`,
      `    RAISE EXCEPTION 'EffectiveSchemaHash mismatch: database has ''%'' but expected ''%''', stored, ${stringLiteral(effectiveSchemaHash)};`,
      'END IF;',
    ],
  );
}
