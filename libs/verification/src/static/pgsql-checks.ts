import type { Catalog } from '@dms/catalog';
import { counted } from '@dms/diagnostics';
import { dialectRules, type PgsqlToken, type PgsqlTokens, pgsqlEncodingLine, splitStatements } from '@dms/sql';
import type { Finding } from './finding.ts';
import { controlCharacter, linesWith } from './lines-with.ts';
import { textForm } from './text-form.ts';

/** Beginnings of statements that a script must not have (S4); the engine that runs it owns transaction and session. */
const forbidden = [
  'BEGIN',
  'START TRANSACTION',
  'COMMIT',
  'END',
  'ABORT',
  'PREPARE TRANSACTION',
  'ROLLBACK',
  'SAVEPOINT',
  'ALTER DATABASE',
  'CREATE DATABASE',
  'DROP TABLE',
  'DROP SCHEMA',
  'DROP VIEW',
  'DROP FUNCTION',
  'TRUNCATE',
  'GRANT',
  'REVOKE',
  'SET',
  'RESET',
  'VACUUM',
  'COPY',
  'CREATE INDEX CONCURRENTLY',
  'CREATE UNIQUE INDEX CONCURRENTLY',
];

function beginsWith(statement: readonly PgsqlToken[], words: string): boolean {
  return words.split(' ').every((word, index) => statement[index]?.kind === 'word' && statement[index]?.text === word);
}

/**
 * Whether a statement grants rights to a role that the catalog has, or revokes rights, also from PUBLIC (design 16
 * §2.6). In a generation without roles no statement does.
 */
function isOfKnownRole(statement: readonly PgsqlToken[], { roles }: Catalog): boolean {
  const grantee = statement.at(-1);
  const preposition = statement.at(-2);
  const isGrant = beginsWith(statement, 'GRANT') && preposition?.text === 'TO';
  const isRevoke = beginsWith(statement, 'REVOKE') && preposition?.text === 'FROM';
  if (roles.length === 0 || !(isGrant || isRevoke)) return false;
  if (isRevoke && grantee?.kind === 'word' && grantee.text === 'PUBLIC') return true;
  return grantee?.kind === 'name' && roles.some(({ name }) => dialectRules.pgsql.quote(name) === grantee.text);
}

/** S4: commands that only the person who runs the script may use. */
function forbiddenStatements(script: string, catalog: Catalog, { tokens, unclosed }: PgsqlTokens): Finding[] {
  const findings: Finding[] = unclosed.map((line) => ({
    id: 'S2',
    text: `line ${line}: a quote that is never closed`,
  }));
  // the line that says the encoding of a script
  const statements = splitStatements(tokens).slice(script.startsWith(pgsqlEncodingLine) ? 1 : 0);
  for (const statement of statements) {
    const [{ line } = { line: 0 }] = statement;
    const found = isOfKnownRole(statement, catalog)
      ? undefined
      : forbidden.find((words) => beginsWith(statement, words));
    const drops = statement.some(
      (token, index) => token.text === 'DROP' && token.kind === 'word' && statement[index + 1]?.text === 'COLUMN',
    );
    if (found !== undefined) findings.push({ id: 'S4', text: `line ${line}: the statement ${found} is not allowed` });
    if (drops) findings.push({ id: 'S4', text: `line ${line}: the statement drops a column` });
  }
  for (const { line } of linesWith(script, /(?<![^\n])\\/))
    findings.push({ id: 'S4', text: `line ${line}: a command of psql` });
  return findings;
}

/** S8: names that the server would treat as equal, or would cut. */
function names({ tables, views, sequences, functions }: Catalog): Finding[] {
  const findings: Finding[] = [];
  const { pgsql } = dialectRules;
  const seen = new Map<string, string>();
  const take = (scope: string, name: string, what: string) => {
    const key = `${scope}\0${pgsql.comparedName(name)}`;
    const before = seen.get(key);
    if (before === undefined) seen.set(key, what);
    else findings.push({ id: 'S8', text: `${what} has the name of ${before}` });
    if (pgsql.identifierLength(name) > pgsql.identifierLimit) {
      findings.push({ id: 'S8', text: `the name of ${what} is longer than ${counted(pgsql.identifierLimit, 'byte')}` });
    }
  };
  for (const { schema, name } of [...views, ...sequences]) take(`relation ${schema}`, name, `${schema}.${name}`);
  for (const entry of functions)
    take(`function ${entry.schema} ${entry.arguments}`, entry.name, `${entry.schema}.${entry.name}`);
  for (const { schema, name, ...table } of tables) {
    const own = `${schema}.${name}`;
    take(`relation ${schema}`, name, own);
    for (const column of table.columns) take(`column ${own}`, column.name, `${own}.${column.name}`);
    for (const trigger of table.triggers) take(`trigger ${own}`, trigger.name, `trigger ${trigger.name} of ${own}`);
    const keys = [...(table.primaryKey ? [table.primaryKey] : []), ...table.uniques];
    for (const constraint of [...keys, ...table.foreignKeys, ...table.checks]) {
      take(`constraint ${own}`, constraint.name, `constraint ${constraint.name} of ${own}`);
    }
    // the index of a key has its name
    for (const index of [...keys, ...table.indexes])
      take(`relation ${schema}`, index.name, `index ${index.name} of ${own}`);
  }
  return findings;
}

const beyondAscii = /\P{ASCII}/u;

/** S14: no control characters; non-ASCII letters only in names and texts. */
function characters(script: string, { tokens, comments }: PgsqlTokens): Finding[] {
  const controls = linesWith(script, controlCharacter).map(({ line }) => ({
    id: 'S14',
    text: `line ${line} has a control character`,
  }));
  const beyond = (entries: readonly { readonly line: number; readonly text: string }[], what: string): Finding[] =>
    entries
      .filter(({ text }) => beyondAscii.test(text))
      .map(({ line }) => ({ id: 'S14', text: `line ${line}: a character beyond ASCII in ${what}` }));
  const bare = tokens.filter(({ kind }) => kind === 'word' || kind === 'operator');
  return [...controls, ...beyond(bare, 'an unquoted word'), ...beyond(comments, 'a comment')];
}

/**
 * The checks of PostgreSQL scripts that need no database; the engine that runs the script does the rest (design 09
 * §7.4).
 */
export function pgsqlFindings(script: string, tokens: PgsqlTokens, catalog: Catalog): Finding[] {
  const form = textForm(script).map((text) => ({ id: 'S13', text }));
  return [...form, ...forbiddenStatements(script, catalog, tokens), ...names(catalog), ...characters(script, tokens)];
}
