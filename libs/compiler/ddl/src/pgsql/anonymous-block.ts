import { core } from '@dms/model';
import { dialectRules, dollarTag, type SqlWriter } from '@dms/sql';
import { indented } from '../statement-lines.ts';
import { literal, q, qualified } from './body-text.ts';

/** An anonymous block. Its tag does not occur in the block. */
export function anonymousBlock(
  writer: SqlWriter,
  declarations: readonly string[],
  statements: readonly string[],
): void {
  block(writer, declarations, indented(statements));
}

/**
 * An anonymous block of statements that must not be indented, because the server stores a body within them as written.
 */
export function unindentedBlock(
  writer: SqlWriter,
  declarations: readonly string[],
  statements: readonly string[],
): void {
  block(writer, declarations, statements);
}

function block(writer: SqlWriter, declarations: readonly string[], statements: readonly string[]): void {
  const body = ['DECLARE', ...indented(declarations), 'BEGIN', ...statements];
  const tag = dollarTag(body.join('\n'));
  writer.line(`DO ${tag}`).linesOf(body).line(`END ${tag};`).blank();
}

const { stringLiteral } = dialectRules.pgsql;

/** The text of a PL/pgSQL block. */
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

/** A block that refuses a database of another schema set, or without one. */
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

const table = qualified(core.effectiveSchema);

/**
 * Reads the hash of the database's schema set into `stored_hash`, and runs `statements` if the database has the table.
 */
export const readStoredHash = (statements: readonly string[]): string[] => [
  `IF pg_catalog.to_regclass(${literal(table)}) IS NOT NULL THEN`,
  ...indented([
    `SELECT ${q('EffectiveSchemaHash')} INTO stored_hash`,
    `FROM ${table}`,
    `WHERE ${q('EffectiveSchemaSingletonId')} = 1;`,
    ...statements,
  ]),
  'END IF;',
];
