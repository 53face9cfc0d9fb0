import type { CatalogTable, DesiredCatalog } from '@dms/catalog';
import type { TestDatabase } from '@dms/testing';
import type { ScriptModule } from './tsql-script.spec-support.ts';
import { closing, commaSeparated, spelled, type Token } from './tsql-tokens.spec-support.ts';

/*
 * Runs the body of a SQL Server propagation trigger on PostgreSQL, statement by statement in its dialect. No other trigger runs;
 * cascades and key checks are those of PostgreSQL, over the keys of the SQL Server catalog. Whatever is not written here is an
 * error.
 */

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const qualified = ({ schema, name }: { schema: string; name: string }) => `${quoted(schema)}.${quoted(name)}`;

/** The tables of a schema with the columns that are written, the unique keys and the foreign keys, all for SQL Server. */
export async function createBareTables(database: TestDatabase, catalog: DesiredCatalog, schema: string): Promise<void> {
  const tables: readonly CatalogTable[] = catalog.tables.filter((table) => table.schema === schema);
  const names = (columns: readonly string[]) => columns.map(quoted).join(', ');
  await database.exec(`CREATE SCHEMA ${quoted(schema)};`);
  for (const table of catalog.tables.filter((candidate) => candidate.schema === schema)) {
    const stored = table.columns.filter(({ isWritable }) => isWritable);
    const isStored = (name: string) => stored.some((column) => column.name === name);
    const columns = stored.map(({ name, type }) => `${quoted(name)} ${type === 'bigint' ? 'bigint' : 'text'}`);
    const uniques = [table.primaryKey, ...table.uniques]
      .filter((unique) => unique.columns.every(isStored))
      .map((unique) => `UNIQUE (${names(unique.columns)})`);
    await database.exec(`CREATE TABLE ${qualified(table)} (${[...columns, ...uniques].join(', ')});`);
  }
  for (const table of tables) {
    for (const key of table.foreignKeys.filter(({ target }) => target.schema === schema)) {
      await database.exec(
        `ALTER TABLE ${qualified(table)} ADD FOREIGN KEY (${names(key.columns)}) ` +
          `REFERENCES ${qualified({ schema, name: key.target.table })} (${names(key.targetColumns)}) ON UPDATE ${key.onUpdate};`,
      );
    }
  }
}

/** One statement: until its semicolon, or the whole of a block. */
function statementsOf(tokens: readonly Token[]): Token[][] {
  const found: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.value === 'BEGIN' || token.value === 'CASE') depth += 1;
    if (token.value === 'END') depth -= 1;
    if (token.text === ';' && depth === 0) found.push([]);
    else found.at(-1)?.push(token);
  }
  return found.filter((statement) => statement.length > 0);
}

const placeOf = (tokens: readonly Token[], word: string) =>
  tokens.findIndex(({ kind, value }) => kind === 'word' && value === word);

/** Expressions and queries that differ in spelling only. */
function translated(tokens: readonly Token[]): string {
  return tokens
    .map(({ kind, text, value }) => {
      if (kind === 'name') return quoted(value);
      if (kind === 'variable') return text.slice(1);
      if (value === 'LATIN1_GENERAL_100_BIN2') return '"C"';
      return value === 'DATALENGTH' ? 'octet_length' : text;
    })
    .join(' ')
    .replaceAll(' . ', '.');
}

/** `UPDATE r SET … FROM t AS r INNER JOIN @documents AS c ON … INNER JOIN … WHERE …`: PostgreSQL names the updated table apart. */
function translatedUpdate(tokens: readonly Token[]): string {
  const [from, where] = [placeOf(tokens, 'FROM'), placeOf(tokens, 'WHERE')];
  const assignments = translated(tokens.slice(placeOf(tokens, 'SET') + 1, from));
  const tables: Token[][] = [[]];
  for (const token of tokens.slice(from + 1, where)) {
    if (token.value === 'INNER') tables.push([]);
    else if (token.value !== 'JOIN') tables.at(-1)?.push(token);
  }
  const [updated = [], ...joined] = tables;
  const sources = joined.map((join) => translated(join.slice(0, placeOf(join, 'ON'))));
  const conditions = joined.map((join) => translated(join.slice(placeOf(join, 'ON') + 1)));
  const condition = [...conditions, `(${translated(tokens.slice(where + 1))})`].join(' AND ');
  return `UPDATE ${translated(updated)} SET ${assignments} FROM ${sources.join(', ')} WHERE ${condition}`;
}

function translatedDeclaration(tokens: readonly Token[]): string {
  const open = tokens.findIndex(({ text }) => text === '(');
  const columns = commaSeparated(tokens.slice(open + 1, closing(tokens, open))).map((column) => {
    const type = { BIGINT: 'bigint', BIT: 'integer' }[column[1]?.value ?? ''] ?? 'text';
    return `${translated(column.slice(0, 1))} ${type}`;
  });
  return `CREATE TEMPORARY TABLE ${tokens[1]?.text.slice(1)} (${columns.join(', ')})`;
}

async function runBlock(database: TestDatabase, tokens: readonly Token[]): Promise<void> {
  const exists = async (from: number, query: readonly Token[]) => {
    const inner = query.slice(from + 1, closing(query, from));
    return (await database.query(translated(inner))).length > 0;
  };
  for (const statement of statementsOf(tokens)) {
    const text = spelled(statement);
    const [head] = statement;
    if (text === 'SET NOCOUNT ON') continue;
    if (head?.value === 'DECLARE') await database.exec(translatedDeclaration(statement));
    else if (head?.value === 'INSERT' || head?.value === 'DELETE') await database.exec(translated(statement));
    else if (head?.value === 'UPDATE') await database.exec(translatedUpdate(statement));
    else if (text.startsWith('IF NOT EXISTS (') && text.endsWith(') RETURN')) {
      if (!(await exists(3, statement))) return;
    } else if (text.startsWith('WHILE EXISTS (')) {
      const body = statement.slice(placeOf(statement, 'BEGIN') + 1, -1);
      for (let round = 1; await exists(2, statement); round += 1) {
        if (round > 20) throw new Error('the body does not come to an end');
        await runBlock(database, body);
      }
    } else throw new Error(`not known: ${text}`);
  }
}

/** Runs an UPDATE of the table of a trigger, and then the trigger alone. */
export async function updateAndFire(database: TestDatabase, module: ScriptModule, update: string): Promise<void> {
  const table = (module.table ?? '').split('.').map(quoted).join('.');
  await database.exec(`CREATE TEMPORARY TABLE deleted AS SELECT * FROM ${table};`);
  await database.exec(update);
  await database.exec(`CREATE TEMPORARY TABLE inserted AS SELECT * FROM ${table};`);
  await runBlock(
    database,
    module.body.slice(
      1,
      module.body.findLastIndex(({ value }) => value === 'END'),
    ),
  );
  await database.exec('DROP TABLE deleted, inserted, documents; DROP TABLE IF EXISTS before;');
}
