import type { Catalog } from '@dms/catalog';
import { counted } from '@dms/diagnostics';
import { authTable, type Inventory } from '@dms/inventory';
import { qualified } from '@dms/model';
import {
  dialectRules,
  isWord,
  pgsqlEncodingLine,
  pgsqlTokens,
  qualifiedName,
  type SqlToken,
  type SqlTokens,
  splitStatements,
  type TextOfLine,
  wordsAt,
} from '@dms/sql';
import type { CheckedScript } from './checked-script.ts';
import { unlikeComparisons } from './compared-rows.ts';
import { unorderedLocks } from './ordered-locks.ts';
import { type PgsqlUnits, pgsqlNames, pgsqlUnits } from './pgsql-names.ts';
import { controlCharacter, linesWith, type ScriptFinding, textForm } from './text-form.ts';

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

function beginsWith(statement: readonly SqlToken[], words: string): boolean {
  return wordsAt(statement, 0, ...words.split(' '));
}

/**
 * Whether a statement grants rights to a role of the catalog, or revokes rights, also from PUBLIC (design 16 §2.6). In
 * a generation without roles no statement does.
 */
function isOfKnownRole(statement: readonly SqlToken[], { roles }: Catalog): boolean {
  const grantee = statement.at(-1);
  const preposition = statement.at(-2);
  const isGrant = beginsWith(statement, 'GRANT') && isWord(preposition, 'TO');
  const isRevoke = beginsWith(statement, 'REVOKE') && isWord(preposition, 'FROM');
  if (roles.length === 0 || !(isGrant || isRevoke)) return false;
  if (isRevoke && isWord(grantee, 'PUBLIC')) return true;
  return grantee?.kind === 'name' && roles.some(({ name }) => name === grantee.value);
}

/** S4: commands that only the person who runs the script may use. */
function forbiddenStatements(script: string, catalog: Catalog, { tokens, unreadable }: SqlTokens): ScriptFinding[] {
  const findings: ScriptFinding[] = unreadable.map(({ line }) => ({
    id: 'S2',
    text: `line ${line}: a quote that is never closed`,
  }));
  // skips the statement that states the encoding of a script
  const statements = splitStatements(tokens).slice(script.startsWith(pgsqlEncodingLine) ? 1 : 0);
  for (const statement of statements) {
    const [{ line } = { line: 0 }] = statement;
    const found = isOfKnownRole(statement, catalog)
      ? undefined
      : forbidden.find((words) => beginsWith(statement, words));
    const drops = statement.some((_, index) => wordsAt(statement, index, 'DROP', 'COLUMN'));
    if (found !== undefined) findings.push({ id: 'S4', text: `line ${line}: the statement ${found} is not allowed` });
    if (drops) findings.push({ id: 'S4', text: `line ${line}: the statement drops a column` });
  }
  for (const { line } of linesWith(script, /(?<![^\n])\\/))
    findings.push({ id: 'S4', text: `line ${line}: a command of psql` });
  return findings;
}

/** S8: names that the server would treat as equal, or would cut off. */
function names({ tables, views, sequences, functions }: Catalog): ScriptFinding[] {
  const findings: ScriptFinding[] = [];
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
    // the index of a key has the name of the key
    for (const index of [...keys, ...table.indexes])
      take(`relation ${schema}`, index.name, `index ${index.name} of ${own}`);
  }
  return findings;
}

const beyondAscii = /\P{ASCII}/u;

/** S14: no control characters; non-ASCII letters only in names and texts. */
function characters(script: string, { tokens, comments }: SqlTokens): ScriptFinding[] {
  const controls = linesWith(script, controlCharacter).map(({ line }) => ({
    id: 'S14',
    text: `line ${line} has a control character`,
  }));
  const beyond = (entries: readonly TextOfLine[], what: string): ScriptFinding[] =>
    entries
      .filter(({ text }) => beyondAscii.test(text))
      .map(({ line }) => ({ id: 'S14', text: `line ${line}: a character beyond ASCII in ${what}` }));
  const bare = tokens.filter(({ kind }) => kind === 'word' || kind === 'operator');
  return [...controls, ...beyond(bare, 'an unquoted word'), ...beyond(comments, 'a comment')];
}

/** A function of a PostgreSQL script. */
interface ScriptFunction {
  /** The role that creates it; undefined without such a role. */
  readonly owner: string | undefined;
  /** The quoted name with its schema. */
  readonly name: string;
  /** The lines between its arguments and its body. */
  readonly head: readonly string[];
  readonly body: string;
}

/** Matches any dollar tag: a script uses another tag if a name contains the usual one (design 06 §3.1). */
const pattern =
  /(?:pg_catalog\.set_config\('role', '((?:[^']|'')+)', true\);\n)?CREATE OR REPLACE FUNCTION ((?:"(?:[^"]|"")*"\.)?"(?:[^"]|"")*")\([^\n]*\)\n((?:[^\n]+\n)*?)AS (\$\w*\$)\n([\s\S]*?)\4;/g;

/** The functions of a script as the product writes it, in its order. */
function scriptFunctions(script: string): ScriptFunction[] {
  return [...script.matchAll(pattern)].map(([, owner, name = '', head = '', , body = '']) => {
    return { owner, name, head: head.split('\n'), body };
  });
}

/** The grants by which a script lets a role write a table. */
const writingRights = /^GRANT [^\n]*\b(?:INSERT|UPDATE|DELETE)\b[^\n]* ON TABLE ([^\n]+) TO [^\n]+;$/gm;

/**
 * S17: a function that a role owns runs with the rights of this role and resolves no name in a schema of its caller; no
 * other function writes a table that only a role may write. Behaviour checks cannot see this: the role that runs them
 * has all rights (design 16 §2.6).
 */
function functionRights(script: string, functions: readonly ScriptFunction[]): ScriptFinding[] {
  const guarded = [...script.matchAll(writingRights)].map(([, table = '']) => table);
  return functions.flatMap(({ owner, name, head, body }): ScriptFinding[] => {
    if (owner !== undefined)
      return ['SECURITY DEFINER', 'SET search_path = pg_catalog']
        .filter((line) => !head.includes(line))
        .map((line) => ({ id: 'S17', text: `the function ${name} of the role ${owner} is not ${line}` }));
    return guarded
      .filter((table) => ['INSERT INTO', 'UPDATE', 'DELETE FROM'].some((words) => body.includes(`${words} ${table} `)))
      .map((table) => ({ id: 'S17', text: `the function ${name} writes ${table}, and no role owns it` }));
  });
}

/** The checks S2, S4, S8, S13 and S14. */
export function pgsqlTextFindings(script: string, tokens: SqlTokens, catalog: Catalog): ScriptFinding[] {
  const form = textForm(script).map((text) => ({ id: 'S13', text }));
  return [...form, ...forbiddenStatements(script, catalog, tokens), ...names(catalog), ...characters(script, tokens)];
}

/**
 * S15: every writer of the hierarchy locks it first (design 07 §9.6). Behaviour checks cannot see this: without the
 * lock, two concurrent sessions lose a row, but an embedded engine has only one session.
 */
function unlockedHierarchy(
  functions: readonly ScriptFunction[],
  { triggers }: Inventory,
  { tables }: Catalog,
): ScriptFinding[] {
  const bodies = new Map(functions.map(({ name, body }) => [name, body]));
  const functionNames = new Map(
    tables.flatMap((each) =>
      each.triggers.map((trigger) => [`${qualified(each)} ${trigger.name}`, trigger.function] as const),
    ),
  );
  const table = qualifiedName(dialectRules.pgsql, authTable);
  return triggers.flatMap(({ kind, name, table: owner }): ScriptFinding[] => {
    if (kind !== 'AuthHierarchyMaintenance') return [];
    const schema = owner.schema;
    const called = functionNames.get(`${qualified(owner)} ${name}`)?.slice(`${schema}.`.length);
    const body =
      called === undefined ? called : bodies.get(qualifiedName(dialectRules.pgsql, { schema, name: called }));
    if (body === undefined) return [{ id: 'S15', text: `the trigger ${name} has no function` }];
    const lock = body.indexOf(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE;`);
    const writes = ['INSERT INTO', 'DELETE FROM']
      .map((words) => body.indexOf(`${words} ${table}`))
      .filter((at) => at >= 0);
    const isFirst = lock >= 0 && writes.every((at) => lock < at);
    return isFirst ? [] : [{ id: 'S15', text: `the trigger ${name} writes ${table} without its lock` }];
  });
}

/** S16 for the bodies of functions. */
const unlikeRows = ({ units }: PgsqlUnits): ScriptFinding[] =>
  units.flatMap(({ of, line, tokens }) =>
    of === null
      ? []
      : unlikeComparisons(tokens, ['n', 'o']).map((at) => ({
          id: 'S16',
          text: `line ${line + at}: ${of} compares unlike columns`,
        })),
  );

/** The checks of PostgreSQL scripts that need no database (design 09b §2.4). */
export function pgsqlFindings({ script, catalog, inventory }: CheckedScript): ScriptFinding[] {
  const tokens = pgsqlTokens(script);
  const units = pgsqlUnits(tokens);
  const functions = scriptFunctions(script);
  return [
    ...pgsqlTextFindings(script, tokens, catalog),
    ...pgsqlNames(units),
    ...unlockedHierarchy(functions, inventory, catalog),
    ...unlikeRows(units),
    ...functionRights(script, functions),
    ...unorderedLocks(functions),
  ];
}
