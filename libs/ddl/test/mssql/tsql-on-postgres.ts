import type { Catalog } from '@dms/catalog';
import type { TestDatabase } from '@dms/testing';
import type { ScriptModule } from './tsql-script.ts';
import { closing, commaSeparated, spelled, type Token } from './tsql-tokens.ts';

/*
 * Runs the bodies of SQL Server propagation triggers on PostgreSQL, statement by statement in its dialect; cascades and key checks
 * are those of PostgreSQL, over the keys of the SQL Server catalog. Whatever is not written here is an error.
 */

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const qualified = ({ schema, name }: { schema: string; name: string }) => `${quoted(schema)}.${quoted(name)}`;

/**
 * The tables of the projects with their columns, the keys that others refer to and the foreign keys between them,
 * all for SQL Server. Keys are checked at the end of a statement: `SET CONSTRAINTS ALL IMMEDIATE`. Every table has a `RowId`.
 */
export async function createBareTables(database: TestDatabase, catalog: Catalog): Promise<void> {
  const tables = catalog.tables.filter(({ schema }) => schema !== 'dms' && schema !== 'auth');
  const schemas = new Set(tables.map(({ schema }) => schema));
  const names = (columns: readonly string[]) => columns.map(quoted).join(', ');
  for (const schema of schemas) await database.exec(`CREATE SCHEMA ${quoted(schema)};`);
  for (const table of tables) {
    const columns = table.columns.map(({ name, type, generated }) => {
      const value = generated ? ` GENERATED ALWAYS AS (${generated.expression}) STORED` : '';
      return `${quoted(name)} ${type === 'bigint' ? 'bigint' : 'text'}${value}`;
    });
    const uniques = [...(table.primaryKey ? [table.primaryKey] : []), ...table.uniques]
      .filter(({ columns: [first] }) => first === 'DocumentId')
      .map(({ columns }) => `UNIQUE (${names(columns)})`);
    await database.exec(`CREATE TABLE ${qualified(table)} (${['"RowId" bigint', ...columns, ...uniques].join(', ')});`);
  }
  for (const table of tables) {
    for (const key of table.foreignKeys.filter(({ target }) => schemas.has(target.schema))) {
      const target = { schema: key.target.schema, name: key.target.table };
      await database.exec(
        `ALTER TABLE ${qualified(table)} ADD FOREIGN KEY (${names(key.columns)}) REFERENCES ${qualified(target)} ` +
          `(${names(key.targetColumns)}) ON UPDATE ${key.onUpdate} DEFERRABLE INITIALLY DEFERRED;`,
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

/** The rows of the statement and the table variables of one run of a body: temporary tables, nested runs have their own. */
class BodyRun {
  private readonly database: TestDatabase;
  private readonly depth: number;
  private readonly write: (sql: string) => Promise<void>;
  private readonly variables = new Set<string>();

  constructor(database: TestDatabase, depth: number, write: (sql: string) => Promise<void>) {
    this.database = database;
    this.depth = depth;
    this.write = write;
  }

  rowSet(name: string): string {
    return `${name}_${this.depth}`;
  }

  async run({ body }: ScriptModule): Promise<void> {
    const end = body.findLastIndex(({ value }) => value === 'END');
    await this.block(body.slice(1, end));
    for (const name of this.variables) await this.database.exec(`DROP TABLE ${name};`);
  }

  private async block(tokens: readonly Token[]): Promise<void> {
    let isElse = false;
    for (const statement of statementsOf(tokens)) {
      const text = spelled(statement);
      const [head] = statement;
      if (text === 'SET NOCOUNT ON') continue;
      if (head?.value === 'DECLARE') await this.database.exec(this.declaration(statement));
      else if (head?.value === 'INSERT' || head?.value === 'DELETE') await this.database.exec(this.translated(statement));
      else if (head?.value === 'UPDATE') await this.write(this.update(statement));
      else if (text.startsWith('IF NOT EXISTS (') && text.endsWith(') RETURN')) {
        if (!(await this.exists(3, statement))) return;
      } else if (text.startsWith('IF NOT EXISTS (')) {
        isElse = await this.exists(3, statement);
        if (!isElse) await this.block(statement.slice(closing(statement, 3) + 1));
      } else if (head?.value === 'ELSE') {
        if (isElse) await this.block(statement.slice(1));
      } else if (text.startsWith('IF EXISTS (')) {
        if (await this.exists(2, statement)) throw new Error(spelled(statement.slice(closing(statement, 2) + 1)));
      } else if (text.startsWith('WHILE EXISTS (')) {
        const body = statement.slice(placeOf(statement, 'BEGIN') + 1, -1);
        for (let round = 1; await this.exists(2, statement); round += 1) {
          if (round > 20) throw new Error('the body does not come to an end');
          await this.block(body);
        }
      } else throw new Error(`not known: ${text}`);
    }
  }

  private async exists(open: number, tokens: readonly Token[]): Promise<boolean> {
    const query = tokens.slice(open + 1, closing(tokens, open));
    return (await this.database.query(this.translated(query))).length > 0;
  }

  /** Expressions and queries that differ in spelling only. */
  private translated(tokens: readonly Token[]): string {
    return tokens
      .map(({ kind, text, value }) => {
        if (kind === 'name') return quoted(value);
        if (kind === 'variable') return this.rowSet(text.slice(1));
        if (value === 'INSERTED' || value === 'DELETED') return this.rowSet(text);
        if (value === 'LATIN1_GENERAL_100_BIN2') return '"C"';
        return value === 'DATALENGTH' ? 'octet_length' : text;
      })
      .join(' ')
      .replaceAll(' . ', '.');
  }

  /** `UPDATE r SET … FROM t AS r INNER JOIN @documents AS c ON … INNER JOIN … [WHERE …]`: PostgreSQL names the updated table apart. */
  private update(tokens: readonly Token[]): string {
    const from = placeOf(tokens, 'FROM');
    const where = placeOf(tokens, 'WHERE') < 0 ? tokens.length : placeOf(tokens, 'WHERE');
    const assignments = this.translated(tokens.slice(placeOf(tokens, 'SET') + 1, from));
    const tables: Token[][] = [[]];
    for (const token of tokens.slice(from + 1, where)) {
      if (token.value === 'INNER') tables.push([]);
      else if (token.value !== 'JOIN') tables.at(-1)?.push(token);
    }
    const [updated = [], ...joined] = tables;
    const sources = joined.map((join) => this.translated(join.slice(0, placeOf(join, 'ON'))));
    const conditions = joined.map((join) => this.translated(join.slice(placeOf(join, 'ON') + 1)));
    const rest = tokens.slice(where + 1);
    const condition = [...conditions, ...(rest.length === 0 ? [] : [`(${this.translated(rest)})`])].join(' AND ');
    return `UPDATE ${this.translated(updated)} SET ${assignments} FROM ${sources.join(', ')} WHERE ${condition}`;
  }

  private declaration(tokens: readonly Token[]): string {
    const open = tokens.findIndex(({ text }) => text === '(');
    const columns = commaSeparated(tokens.slice(open + 1, closing(tokens, open))).map((column) => {
      const type = { BIGINT: 'bigint', BIT: 'integer' }[column[1]?.value ?? ''] ?? 'text';
      return `${this.translated(column.slice(0, 1))} ${type}`;
    });
    const name = this.rowSet(tokens[1]?.text.slice(1) ?? '');
    this.variables.add(name);
    return `CREATE TEMPORARY TABLE ${name} (${columns.join(', ')})`;
  }
}

/** Runs statements as SQL Server does: with all cascades, then the checks of keys, then the triggers of the tables that changed. */
export class PropagationRun {
  private readonly database: TestDatabase;
  private readonly triggers: readonly ScriptModule[];
  private readonly inOrder: <Item>(items: readonly Item[]) => readonly Item[];
  private depth = 0;

  constructor(
    database: TestDatabase,
    triggers: readonly ScriptModule[],
    inOrder: <Item>(items: readonly Item[]) => readonly Item[] = (items) => items,
  ) {
    this.database = database;
    this.triggers = triggers;
    this.inOrder = inOrder;
  }

  /** Runs a statement; a trigger is not started again by a statement of its own. */
  async statement(sql: string, by?: ScriptModule): Promise<void> {
    this.depth += 1;
    if (this.depth > 32) throw new Error('nested deeper than 32 levels');
    const { depth } = this;
    const watched = this.triggers.filter((trigger) => trigger !== by);
    const tables = new Map(watched.map(({ table }, index) => [table ?? '', `${depth}_${index}`]));
    for (const [table, at] of tables) await this.keep(`before_${at}`, table);
    await this.database.exec(sql);
    await this.database.exec('SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;');
    for (const [table, at] of tables) await this.keep(`after_${at}`, table);
    for (const trigger of this.inOrder(watched)) await this.fire(trigger, tables.get(trigger.table ?? '') ?? '');
    for (const at of tables.values()) await this.database.exec(`DROP TABLE before_${at}, after_${at};`);
    this.depth -= 1;
  }

  private async keep(name: string, table: string): Promise<void> {
    await this.database.exec(`CREATE TEMPORARY TABLE ${name} AS SELECT * FROM ${table.split('.').map(quoted).join('.')};`);
  }

  private async fire(trigger: ScriptModule, at: string): Promise<void> {
    const changed = await this.database.query(`SELECT * FROM before_${at} EXCEPT SELECT * FROM after_${at}`);
    if (changed.length === 0) return;
    const run = new BodyRun(this.database, this.depth, (sql) => this.statement(sql, trigger));
    const rowSets = [run.rowSet('deleted'), run.rowSet('inserted')];
    await this.database.exec(`CREATE TEMPORARY VIEW ${rowSets[0]} AS SELECT * FROM before_${at};`);
    await this.database.exec(`CREATE TEMPORARY VIEW ${rowSets[1]} AS SELECT * FROM after_${at};`);
    await run.run(trigger);
    await this.database.exec(`DROP VIEW ${rowSets.join(', ')};`);
  }
}
