import { type Batch, isOperator, isWord, splitBatches, type Token, UnreadableScript } from '@dms/sql';
import type { SystemViews } from '../sent/sent-text.ts';
import { type BindingScope, type BoundColumns, type Frame, QueryBinder } from './bind-query.ts';
import { BoundCatalog, type BoundTable, newTable, type TableColumn } from './bound-catalog.ts';
import { databaseOrigin } from './collation-label.ts';
import {
  type Expression,
  type Query,
  readExpression,
  readNamedQueries,
  readQuery,
  readSources,
  type Source,
  TokenReader,
} from './tsql-syntax.ts';

/*
 * Binds texts as SQL Server does: statement after statement, against the tables that the statements before have made. It finds
 * what a parser accepts and a server refuses. The number before a finding is that of the server's message.
 */

export interface BinderOptions {
  readonly systemViews: SystemViews;
  /** Whether the edition makes indexes online. Guards of scripts ask for it. */
  readonly hasOnline?: boolean;
  /** What other databases of the server have, by their names in scripts. */
  readonly databases?: Readonly<Record<string, BoundCatalog>>;
}

const longestName = 128;
const mostParameters = 2100;

export class Binder {
  readonly catalog: BoundCatalog;
  private readonly hasOnline: boolean;
  private findings: string[] = [];
  private batch = 0;
  private variables = new Map<string, string | null>();
  /** The tables of a trigger and of variables, which one batch sees. */
  private local = new Map<string, BoundTable>();
  private guarded = 0;

  constructor({ systemViews, hasOnline = true, databases = {} }: BinderOptions) {
    this.catalog = new BoundCatalog(systemViews, databases);
    this.hasOnline = hasOnline;
  }

  /** Every finding in a script, whose batches `GO` separates. */
  script(text: string): string[] {
    return this.collected(() => {
      for (const batch of splitBatches(text)) this.bindBatch(batch, new Map());
    });
  }

  /** Every finding in a text with parameters: `@p1 bigint, @p2 nvarchar(75)`. */
  text(text: string, declarations = ''): string[] {
    return this.collected(() => {
      const declared = new TokenReader(splitBatches(declarations).flatMap(({ tokens }) => tokens));
      const parameters = new Map<string, string | null>();
      while (!declared.isAtEnd) {
        parameters.set(declared.take().text, null);
        declared.type();
        declared.takeOperator(',');
      }
      if (parameters.size > mostParameters) this.found(8003, `${parameters.size} parameters`);
      for (const batch of splitBatches(text)) this.bindBatch(batch, parameters);
    });
  }

  private collected(work: () => void): string[] {
    this.findings = [];
    work();
    return this.findings;
  }

  private found(number: number, text: string, at?: Token): void {
    this.findings.push(`${number}: ${at ? `line ${at.line}: ` : ''}${text}`);
  }

  private bindBatch({ tokens, unreadable }: Batch, parameters: ReadonlyMap<string, string | null>): void {
    for (const text of unreadable) this.found(105, text);
    if (unreadable.length > 0) return;
    const outer = [this.variables, this.local, this.batch] as const;
    this.batches += 1;
    this.batch = this.batches;
    this.variables = new Map(parameters);
    this.local = new Map();
    for (const token of tokens) {
      if (token.kind === 'name' && token.value.length > longestName)
        this.found(103, `a name of ${token.value.length} characters: ${token.value}`, token);
      if (isWord(token, 'GO')) this.found(102, 'GO inside a batch', token);
    }
    const reader = new TokenReader(tokens.filter((token) => !isWord(token, 'GO')));
    try {
      while (!reader.isAtEnd) this.statement(reader);
    } catch (error) {
      if (!(error instanceof UnreadableScript)) throw error;
      this.found(102, error.message);
    }
    [this.variables, this.local] = outer;
    this.batch = outer[2];
  }
  private batches = 0;

  /* Queries of a statement. */

  private binder(): QueryBinder {
    const scope: BindingScope = {
      tableOf: (names) => this.columnsOf(names),
      hasVariable: (name) => name.startsWith('@@') || this.variables.has(name),
      report: (number, text, token) => {
        this.found(number, text, token);
      },
    };
    return new QueryBinder(scope);
  }

  private tableOf(names: readonly string[]): BoundTable | undefined {
    const [first = ''] = names;
    if (names.length === 1) return this.local.get(first) ?? this.catalog.tables.get(first);
    return this.catalog.table(names);
  }

  private columnsOf(names: readonly string[]): BoundColumns | undefined {
    const [first = ''] = names;
    const local = names.length === 1 ? this.local.get(first) : undefined;
    if (local) return this.localColumns(local);
    const columns = this.catalog.columnsOf(names, this.batch);
    // names of tables are resolved when a statement runs, which a guard decides
    return columns === undefined && this.guarded > 0 ? null : columns;
  }

  private localColumns({ columns }: BoundTable): BoundColumns {
    const binder = this.binder();
    return columns.map(({ name, type, collation }) =>
      binder.column(name, type, { kind: 'implicit', origin: collation ?? databaseOrigin }),
    );
  }

  private expression(reader: TokenReader): Expression {
    const at = reader.now ?? reader.fail('a value');
    const value = readExpression(reader);
    const binder = this.binder();
    binder.root(value, binder.frame(), at);
    return value;
  }

  private query(reader: TokenReader): void {
    const query = readQuery(reader);
    this.boundQuery(query);
  }

  private boundQuery(query: Query): BoundColumns {
    const columns = this.binder().query(query);
    if (query.body.kind === 'select' && query.body.into !== null) {
      const { into } = query.body;
      const table = newTable(into, 'table', this.batch);
      this.catalog.tables.set(into, {
        ...table,
        bound: (columns ?? []).map((column) =>
          column.isText && column.label.kind === 'default'
            ? { ...column, label: { kind: 'implicit', origin: databaseOrigin } }
            : column,
        ),
      });
    }
    return columns;
  }

  /* Statements. */

  private statement(reader: TokenReader): void {
    if (reader.takeOperator(';')) return;
    const token = reader.now ?? reader.fail('a statement');
    const read = token.kind === 'word' ? this.readers[token.value] : undefined;
    if (read) read(reader, token);
    else if (reader.isOperator('(')) this.query(reader);
    else reader.fail('a statement');
  }

  private readonly readers: Readonly<Record<string, (reader: TokenReader, at: Token) => void>> = {
    BEGIN: (reader) => this.block(reader),
    IF: (reader) => this.conditional(reader),
    WHILE: (reader) => {
      reader.take();
      this.expression(reader);
      this.statement(reader);
    },
    DECLARE: (reader) => this.declaration(reader),
    SET: (reader) => this.setting(reader),
    SELECT: (reader) => this.query(reader),
    WITH: (reader) => this.withNames(reader),
    INSERT: (reader) => this.insert(reader, []),
    UPDATE: (reader) => this.update(reader, []),
    DELETE: (reader) => this.deletion(reader, []),
    EXEC: (reader) => this.execution(reader),
    EXECUTE: (reader) => this.execution(reader),
    CREATE: (reader) => this.creation(reader),
    ALTER: (reader) => this.alteration(reader),
    DROP: (reader) => this.drop(reader),
    RETURN: (reader) => {
      reader.take();
      const isValue =
        reader.now && !reader.isOperator(';') && !(reader.now.kind === 'word' && this.readers[reader.now.value]);
      if (isValue && !reader.isWord('END', 'ELSE')) this.expression(reader);
    },
    THROW: (reader) => this.operands(reader),
    PRINT: (reader) => this.operands(reader),
    RAISERROR: (reader) => {
      reader.take();
      reader.inParentheses(() => reader.list(() => this.expression(reader)));
    },
    COMMIT: (reader) => this.transactionEnd(reader),
    ROLLBACK: (reader) => this.transactionEnd(reader),
    TRUNCATE: (reader) => {
      reader.take();
      reader.expectWords('TABLE');
      this.existing(reader);
    },
    GRANT: (reader) => this.skipStatement(reader),
    DENY: (reader) => this.skipStatement(reader),
    REVOKE: (reader) => this.skipStatement(reader),
    DBCC: (reader) => {
      reader.take();
      reader.take();
      reader.skipParentheses();
      if (reader.takeWords('WITH')) reader.take();
    },
    WAITFOR: (reader) => this.skipStatement(reader),
  };

  private transactionEnd(reader: TokenReader): void {
    reader.take();
    if (!reader.takeWords('TRANSACTION')) reader.takeWords('TRAN');
  }

  private operands(reader: TokenReader): void {
    reader.take();
    if (!reader.isOperator(';')) reader.list(() => this.expression(reader));
  }

  private skipStatement(reader: TokenReader): void {
    while (!reader.isAtEnd && !reader.isOperator(';')) reader.take();
  }

  private block(reader: TokenReader): void {
    reader.expectWords('BEGIN');
    if (reader.takeWords('TRANSACTION') || reader.takeWords('TRAN')) return;
    reader.takeWords('TRY') || reader.takeWords('CATCH');
    while (!reader.takeWords('END')) this.statement(reader);
    reader.takeWords('TRY') || reader.takeWords('CATCH');
  }

  private conditional(reader: TokenReader): void {
    reader.take();
    const start = reader.index;
    this.guarded += 1;
    this.expression(reader);
    const words = reader.tokens.slice(start, reader.index);
    const asksEdition = words.some(({ value }) => value === 'EngineEdition');
    if (asksEdition && !this.hasOnline) this.unbound(reader);
    else this.statement(reader);
    if (reader.takeOperator(';') && !reader.isWord('ELSE')) {
      this.guarded -= 1;
      return;
    }
    if (reader.takeWords('ELSE')) this.statement(reader);
    this.guarded -= 1;
  }

  /** Reads a statement that does not run. */
  private unbound(reader: TokenReader): void {
    const before = this.findings.length;
    const saved = new Map([...this.catalog.tables].map(([name, table]) => [name, copyOf(table)]));
    this.statement(reader);
    this.findings.length = before;
    this.catalog.tables.clear();
    for (const [name, table] of saved) this.catalog.tables.set(name, table);
  }

  private declaration(reader: TokenReader): void {
    reader.take();
    reader.list(() => {
      const name = reader.take().text;
      if (reader.takeWords('TABLE')) {
        this.local.set(name, this.tableVariable(reader, name));
        this.variables.set(name, null);
        return;
      }
      reader.takeWords('AS');
      const type = reader.type();
      const known = this.catalog.tables.get(type.replaceAll(/[[\]]/g, ''));
      if (known) this.local.set(name, known);
      const value = reader.takeOperator('=') ? this.expression(reader) : null;
      this.variables.set(name, value === null ? null : constant(value));
    });
  }

  private tableVariable(reader: TokenReader, name: string): BoundTable {
    const table = newTable(name, 'variable', this.batch);
    this.definitions(reader, table);
    return table;
  }

  private setting(reader: TokenReader): void {
    reader.take();
    if (reader.now?.kind === 'variable') {
      const name = reader.take();
      if (!this.variables.has(name.text)) this.found(137, `${name.text} is not declared`, name);
      reader.takeOperator('+=') || reader.expectOperator('=');
      this.expression(reader);
      return;
    }
    if (reader.takeWords('IDENTITY_INSERT')) this.existing(reader);
    while (
      !reader.isAtEnd &&
      !reader.isOperator(';') &&
      !reader.isWord('SET', 'SELECT', 'DECLARE', 'IF', 'BEGIN', 'END', 'INSERT')
    )
      reader.take();
  }

  /** `[schema].[table]`, which must exist. */
  private existing(reader: TokenReader): BoundTable | undefined {
    const at = reader.now;
    const names = reader.nameParts();
    const table = this.tableOf(names);
    if (!table && this.guarded === 0) this.found(208, `${names.join('.')} does not exist`, at);
    return table;
  }

  private withNames(reader: TokenReader): void {
    const start = reader.index;
    const named = readNamedQueries(reader);
    if (reader.isWord('INSERT')) return this.insert(reader, named);
    if (reader.isWord('UPDATE')) return this.update(reader, named);
    if (reader.isWord('DELETE')) return this.deletion(reader, named);
    reader.index = start;
    this.query(reader);
  }

  private namedFrame(binder: QueryBinder, named: Query['named']): Frame {
    const known = new Map<string, BoundColumns>();
    const frame = binder.frame(null, known);
    for (const { name, query, columns } of named)
      known.set(
        name,
        binder
          .query(query, frame, 'nested')
          ?.map((column, index) => ({ ...column, name: columns?.[index] ?? column.name })) ?? null,
      );
    return binder.frame(frame, known);
  }

  private target(names: readonly string[], at: Token, listed: readonly string[]): void {
    const columns = this.columnsOf(names);
    if (columns === undefined) this.found(208, `${names.join('.')} does not exist`, at);
    const seen = new Set<string>();
    for (const name of listed) {
      if (columns && !columns.some((column) => column.name === name))
        this.found(207, `${names.join('.')} has no column ${name}`, at);
      if (seen.has(name)) this.found(264, `${name} is named twice`, at);
      seen.add(name);
    }
  }

  private insert(reader: TokenReader, named: Query['named']): void {
    const at = reader.take();
    reader.takeWords('INTO');
    const names = reader.nameParts();
    if (reader.isWord('WITH') && isOperator(reader.after(1), '(')) {
      reader.take();
      reader.skipParentheses();
    }
    const isList = reader.isOperator('(') && !isWord(reader.after(1), 'SELECT', 'WITH');
    const listed = isList ? reader.inParentheses(() => reader.list(() => reader.identifier())) : null;
    this.target(names, at, listed ?? []);
    const binder = this.binder();
    const frame = this.namedFrame(binder, named);
    if (reader.isWord('OUTPUT')) this.output(reader, binder, names, frame);
    if (reader.takeWords('DEFAULT', 'VALUES')) return;
    if (reader.isWord('EXEC', 'EXECUTE')) return this.execution(reader);
    const query = readQuery(reader);
    const columns = binder.query(query, frame);
    const wanted = listed ?? this.columnsOf(names)?.map(({ name }) => name);
    if (columns && wanted && columns.length !== wanted.length)
      this.found(query.body.kind === 'values' ? 110 : 120, `${wanted.length} columns and ${columns.length} values`, at);
  }

  private output(reader: TokenReader, binder: QueryBinder, names: readonly string[], outer: Frame): void {
    reader.expectWords('OUTPUT');
    const at = reader.now ?? reader.fail('a value');
    const frame = binder.frame(outer);
    const columns = this.columnsOf(names) ?? null;
    frame.visible.push({ alias: 'inserted', columns }, { alias: 'deleted', columns });
    const values = reader.list(() => {
      const value = readExpression(reader);
      if (reader.takeWords('AS') || reader.isIdentifier) reader.take();
      return value;
    });
    for (const value of values) binder.root(value, frame, at);
    if (!reader.takeWords('INTO')) return;
    const into = reader.nameParts();
    const listed = reader.isOperator('(') ? reader.inParentheses(() => reader.list(() => reader.identifier())) : null;
    this.target(into, at, listed ?? []);
    const wanted = listed?.length ?? this.columnsOf(into)?.length;
    const hasStar = values.some(({ kind }) => kind === 'star');
    if (!hasStar && wanted !== undefined && wanted !== values.length)
      this.found(120, `${wanted} columns and ${values.length} values in OUTPUT`, at);
  }

  private update(reader: TokenReader, named: Query['named']): void {
    const at = reader.take();
    if (reader.takeWords('STATISTICS')) return this.skipStatement(reader);
    const limits = reader.takeWords('TOP') ? [reader.inParentheses(() => readExpression(reader))] : [];
    const names = reader.nameParts();
    if (reader.takeWords('WITH')) reader.skipParentheses();
    reader.expectWords('SET');
    const columns: string[] = [];
    const values: Expression[] = [];
    reader.list(() => {
      const place = reader.nameParts();
      if (!place[0]?.startsWith('@')) columns.push(place.at(-1) ?? '');
      reader.takeOperator('+=') || reader.expectOperator('=');
      values.push(readExpression(reader));
    });
    const binder = this.binder();
    const frame = this.namedFrame(binder, named);
    for (const limit of limits) binder.root(limit, frame, at);
    const rest = this.rest(reader, binder, frame, names);
    this.target(rest.target, at, columns);
    for (const value of values) binder.root(value, frame, at);
    rest.bind(at);
  }

  private deletion(reader: TokenReader, named: Query['named']): void {
    const at = reader.take();
    if (reader.takeWords('TOP')) reader.inParentheses(() => this.expression(reader));
    reader.takeWords('FROM');
    const names = reader.nameParts();
    const alias = reader.isIdentifier ? reader.identifier() : null;
    if (reader.takeWords('WITH')) reader.skipParentheses();
    const binder = this.binder();
    const frame = this.namedFrame(binder, named);
    const rest = this.rest(reader, binder, frame, names, alias);
    this.target(rest.target, at, []);
    rest.bind(at);
  }

  /** `OUTPUT … FROM … WHERE …` of UPDATE and DELETE; the target may be an alias of FROM. */
  private rest(
    reader: TokenReader,
    binder: QueryBinder,
    frame: Frame,
    names: readonly string[],
    alias: string | null = null,
  ): { readonly target: readonly string[]; readonly bind: (at: Token) => void } {
    const outputAt = reader.index;
    const sources: Source[] = [];
    const joins: Expression[] = [];
    if (reader.isWord('OUTPUT')) skipOutput(reader);
    const hasFrom = reader.takeWords('FROM');
    if (hasFrom) readSources(reader, sources, joins);
    const where = reader.takeWords('WHERE') ? readExpression(reader) : null;
    if (reader.takeWords('OPTION')) reader.skipParentheses();
    const end = reader.index;
    const aliased = sources.find(
      (source) => source.kind === 'table' && names.length === 1 && source.alias === names[0],
    );
    const target = aliased?.kind === 'table' ? aliased.names : names;
    const isListed =
      aliased !== undefined ||
      sources.some((source) => source.kind === 'table' && source.names.join('.') === names.join('.'));
    if (hasFrom) binder.sources(sources, frame);
    if (!isListed) frame.visible.push({ alias: alias ?? names.at(-1) ?? '', columns: this.columnsOf(target) ?? null });
    const bind = (at: Token) => {
      for (const join of joins) binder.root(join, frame, at);
      if (where) binder.root(where, frame, at);
      if (!isWord(reader.tokens[outputAt], 'OUTPUT')) return;
      reader.index = outputAt;
      this.output(reader, binder, target, frame);
      reader.index = end;
    };
    return { target, bind };
  }

  /* Texts that are run, and procedures. */

  private execution(reader: TokenReader): void {
    const at = reader.take();
    if (reader.isOperator('(')) {
      const value = reader.inParentheses(() => this.expression(reader));
      this.late(constant(value) ?? (value.kind === 'variable' ? (this.variables.get(value.name) ?? null) : null), at);
      return;
    }
    if (reader.now?.kind === 'variable') {
      const name = reader.take();
      if (!this.variables.has(name.text)) this.found(137, `${name.text} is not declared`, name);
      reader.expectOperator('=');
    }
    const procedure = (reader.nameParts().at(-1) ?? '').toLowerCase();
    const values: Expression[] = [];
    const isEnd = () =>
      reader.isAtEnd ||
      reader.isOperator(';') ||
      reader.isWord('END', 'ELSE') ||
      (reader.now?.kind === 'word' && this.readers[reader.now.value] !== undefined);
    while (!isEnd()) {
      if (reader.now?.kind === 'variable' && isOperator(reader.after(1), '=')) reader.index += 2;
      values.push(this.expression(reader));
      if (!reader.takeWords('OUTPUT')) reader.takeWords('OUT');
      if (!reader.takeOperator(',')) break;
    }
    const texts = values.map((value) => this.valueOf(value));
    if (procedure === 'sp_executesql') this.late(texts[0] ?? null, at, texts[1] ?? '');
    if (procedure === 'sp_rename') this.rename(texts, at);
  }

  private valueOf(value: Expression): string | null {
    return value.kind === 'variable' ? (this.variables.get(value.name) ?? null) : constant(value);
  }

  /** A text that is compiled when it runs, in a batch of its own. */
  private late(text: string | null, at: Token, declarations = ''): void {
    if (text === null) return;
    const declared = splitBatches(declarations ?? '').flatMap(({ tokens }) => tokens);
    const parameters = new Map<string, string | null>();
    for (const token of declared) if (token.kind === 'variable') parameters.set(token.text, null);
    const batches = splitBatches(text);
    if (batches.length > 1) this.found(102, 'GO inside a text that is run', at);
    for (const batch of batches) this.bindBatch(batch, parameters);
  }

  private rename([place, later, kind]: readonly (string | null)[], at: Token): void {
    if (!place || !later) return;
    const names = splitBatches(place)
      .flatMap(({ tokens }) => tokens)
      .filter((token) => !isOperator(token, '.'))
      .map((token) => (token.kind === 'name' ? token.value : token.text));
    if (later.length > longestName) this.found(103, `a name of ${later.length} characters: ${later}`, at);
    if (kind === 'COLUMN') {
      const name = names.at(-1) ?? '';
      const table = this.tableOf(names.slice(0, -1));
      const column = table?.columns.find((each) => each.name === name);
      if (!table || !column) return this.found(15248, `${place} is not a column`, at);
      for (const dependent of table.dependents)
        if (dependent.tokens.some((token) => token.kind === 'name' && token.value === name))
          this.found(15336, `${place} is renamed, and ${dependent.name} names it`, at);
      column.name = later;
      for (const key of table.keys) key.columns = key.columns.map((each) => (each === name ? later : each));
      return;
    }
    const table = this.tableOf(names);
    if (table) {
      this.catalog.tables.delete(table.name);
      table.name = `${names[0]}.${later}`;
      this.catalog.tables.set(table.name, table);
      return;
    }
    for (const each of this.catalog.tables.values())
      for (const part of [...each.keys, ...each.dependents]) if (part.name === names.at(-1)) part.name = later;
  }

  /* Definitions. */

  private creation(reader: TokenReader): void {
    const at = reader.take();
    reader.takeWords('OR', 'ALTER');
    if (reader.takeWords('TABLE')) return this.createTable(reader, at);
    if (reader.takeWords('VIEW')) return this.createView(reader);
    if (reader.takeWords('TRIGGER')) return this.createTrigger(reader);
    if (reader.takeWords('FUNCTION') || reader.takeWords('PROCEDURE')) return this.createFunction(reader);
    if (reader.takeWords('TYPE')) return this.createType(reader);
    const isUnique = reader.takeWords('UNIQUE');
    reader.takeWords('CLUSTERED') || reader.takeWords('NONCLUSTERED');
    if (reader.takeWords('INDEX')) return this.createIndex(reader, isUnique);
    if (reader.takeWords('SEQUENCE')) {
      reader.nameParts();
      while (
        reader.isWord(
          'AS',
          'START',
          'WITH',
          'INCREMENT',
          'BY',
          'MINVALUE',
          'MAXVALUE',
          'NO',
          'CACHE',
          'CYCLE',
          'BIGINT',
          'INT',
        ) ||
        reader.now?.kind === 'number' ||
        reader.isOperator('-')
      )
        reader.take();
      return;
    }
    this.skipStatement(reader);
  }

  private createTable(reader: TokenReader, at: Token): void {
    const name = reader.nameParts().join('.');
    const table = newTable(name, 'table', this.batch);
    const isThere = this.catalog.tables.has(name);
    if (isThere && this.guarded === 0) this.found(2714, `${name} exists`, at);
    if (!isThere) this.catalog.tables.set(name, table);
    this.definitions(reader, table);
    while (reader.takeWords('WITH')) reader.skipParentheses();
  }

  private createType(reader: TokenReader): void {
    const name = reader.nameParts().join('.');
    reader.expectWords('AS', 'TABLE');
    const table = newTable(name, 'type', this.batch);
    this.definitions(reader, table);
    this.catalog.tables.set(name.toLowerCase(), table);
  }

  private definitions(reader: TokenReader, table: BoundTable): void {
    const keys: (() => void)[] = [];
    reader.inParentheses(() =>
      reader.list(() => {
        const after = this.definition(reader, table);
        if (after) keys.push(after);
      }),
    );
    for (const key of keys) key();
  }

  /** A column or a constraint; returns what can be checked when all columns are known. */
  private definition(reader: TokenReader, table: BoundTable): (() => void) | null {
    const at = reader.now ?? reader.fail('a column');
    if (reader.isWord('CONSTRAINT', 'PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK', 'INDEX'))
      return this.constraint(reader, table);
    const name = reader.identifier();
    const isThere = table.columns.some((column) => column.name.toLowerCase() === name.toLowerCase());
    if (isThere && this.guarded === 0) this.found(2705, `${table.name} has the column ${name} twice`, at);
    if (reader.takeWords('AS')) {
      const start = reader.index;
      const open = reader.now;
      reader.skipParentheses();
      const tokens = reader.tokens.slice(start, reader.index);
      while (reader.isWord('PERSISTED', 'NOT', 'NULL')) reader.take();
      const place = table.columns.length;
      if (!isThere) table.columns.push({ name, type: 'computed', collation: null, batch: this.batch });
      table.dependents.push({ name, tokens });
      return () => {
        const type = this.condition(tokens, table, open ?? at, name);
        const column = table.columns[place];
        if (column && type) table.columns[place] = { ...column, type: 'nvarchar', collation: type };
      };
    }
    const type = reader.type();
    let collation: string | null = null;
    const checks: (() => void)[] = [];
    for (;;) {
      if (reader.takeWords('COLLATE')) {
        const given = reader.identifier().toUpperCase();
        collation = given === 'DATABASE_DEFAULT' ? databaseOrigin : given;
      } else if (reader.takeWords('IDENTITY')) {
        if (reader.isOperator('(')) reader.skipParentheses();
      } else if (reader.takeWords('NOT', 'NULL') || reader.takeWords('NULL') || reader.takeWords('ROWGUIDCOL'))
        continue;
      else if (reader.takeWords('DEFAULT')) this.expression(reader);
      else if (reader.isWord('CONSTRAINT') && isWord(reader.after(2), 'DEFAULT')) reader.index += 2;
      else if (reader.isWord('CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'REFERENCES')) {
        const check = this.constraint(reader, table, name);
        if (check) checks.push(check);
      } else if (reader.takeWords('CLUSTERED') || reader.takeWords('NONCLUSTERED')) continue;
      else break;
    }
    if (!isThere) table.columns.push({ name, type, collation, batch: this.batch });
    return () => {
      for (const check of checks) check();
    };
  }

  /** `[A], [B] DESC` in parentheses. */
  private columnList(reader: TokenReader): string[] {
    return reader.inParentheses(() =>
      reader.list(() => {
        const name = reader.identifier();
        if (!reader.takeWords('ASC')) reader.takeWords('DESC');
        return name;
      }),
    );
  }

  private constraint(reader: TokenReader, table: BoundTable, column?: string): (() => void) | null {
    const at = reader.now ?? reader.fail('a constraint');
    const name = reader.takeWords('CONSTRAINT') ? reader.identifier() : '';
    if (reader.takeWords('DEFAULT')) {
      this.expression(reader);
      if (reader.takeWords('FOR')) reader.identifier();
      return null;
    }
    if (reader.takeWords('CHECK')) {
      reader.takeWords('NOT', 'FOR', 'REPLICATION');
      const start = reader.index;
      reader.skipParentheses();
      const tokens = reader.tokens.slice(start, reader.index);
      table.dependents.push({ name, tokens });
      return () => {
        this.condition(tokens, table, at, name);
      };
    }
    const isKey = reader.takeWords('PRIMARY', 'KEY') || reader.takeWords('UNIQUE') || reader.takeWords('INDEX');
    if (isKey) {
      const own = isWord(reader.after(-1), 'INDEX') ? reader.identifier() : name;
      reader.takeWords('CLUSTERED') || reader.takeWords('NONCLUSTERED');
      const columns = reader.isOperator('(') ? this.columnList(reader) : [column ?? ''];
      if (reader.takeWords('WITH')) reader.skipParentheses();
      table.keys.push({ name: own, columns });
      return () => this.columnsExist(table, columns, at, 1911);
    }
    const columns = reader.takeWords('FOREIGN', 'KEY') ? this.columnList(reader) : [column ?? ''];
    reader.expectWords('REFERENCES');
    const target = reader.nameParts();
    const referred = reader.isOperator('(') ? this.columnList(reader) : null;
    while (reader.takeWords('ON')) {
      reader.take();
      if (reader.takeWords('NO') || reader.takeWords('SET')) reader.take();
      else reader.take();
    }
    return () => {
      this.columnsExist(table, columns, at, 1769);
      this.foreignKey(name, target, referred, columns, at);
    };
  }

  private foreignKey(
    name: string,
    target: readonly string[],
    referred: readonly string[] | null,
    columns: readonly string[],
    at: Token,
  ): void {
    const table = this.tableOf(target);
    if (!table) return this.found(1767, `${name} refers to ${target.join('.')}, which does not exist`, at);
    if (referred === null) return;
    if (referred.length !== columns.length)
      this.found(8139, `${name} has ${columns.length} columns and refers to ${referred.length}`, at);
    this.columnsExist(table, referred, at, 1770);
    const wanted = [...referred].sort().join('\n');
    if (!table.keys.some((key) => [...key.columns].sort().join('\n') === wanted))
      this.found(1776, `${name} refers to ${target.join('.')} (${referred.join(', ')}), which are not a key`, at);
  }

  private columnsExist(table: BoundTable, columns: readonly string[], at: Token, number: number): void {
    for (const name of columns)
      if (table.bound === null && !table.columns.some((column) => column.name === name))
        this.found(number, `${table.name} has no column ${name}`, at);
  }

  /** Binds a check or a computed column; returns the collation of its text. */
  private condition(tokens: readonly Token[], table: BoundTable, at: Token, name: string): string | null {
    const binder = this.binder();
    const frame = binder.frame();
    frame.visible.push({ alias: '', columns: this.localColumns(table) });
    const reader = new TokenReader(tokens);
    const value = readExpression(reader);
    const before = this.findings.length;
    const bound = binder.root(value, frame, at);
    this.findings = this.findings.map((text, index) => (index < before ? text : `${text} (in ${name})`));
    if (!bound.isText) return null;
    return bound.label.kind === 'implicit' || bound.label.kind === 'explicit' ? bound.label.origin : databaseOrigin;
  }

  private createIndex(reader: TokenReader, isUnique: boolean): void {
    const at = reader.now ?? reader.fail('an index');
    const name = reader.identifier();
    reader.expectWords('ON');
    const table = this.existing(reader);
    const columns = this.columnList(reader);
    if (table) this.columnsExist(table, columns, at, 1911);
    if (reader.takeWords('INCLUDE')) {
      const included = this.columnList(reader);
      if (table) this.columnsExist(table, included, at, 1911);
    }
    if (reader.takeWords('WHERE')) {
      const start = reader.index;
      readExpression(reader);
      const tokens = reader.tokens.slice(start, reader.index);
      if (table) {
        this.condition(tokens, table, at, name);
        table.dependents.push({ name, tokens });
      }
    } else if (isUnique) table?.keys.push({ name, columns });
    if (reader.takeWords('WITH')) reader.skipParentheses();
  }

  private createView(reader: TokenReader): void {
    const at = reader.now ?? reader.fail('a view');
    const name = reader.nameParts().join('.');
    const listed = reader.isOperator('(') ? this.columnList(reader) : null;
    if (reader.takeWords('WITH')) reader.list(() => reader.take());
    reader.expectWords('AS');
    const query = readQuery(reader);
    const binder = this.binder();
    const columns = binder.query(query, null, 'nested');
    const named = columns?.map((column, index) => ({ ...column, name: listed?.[index] ?? column.name })) ?? null;
    binder.named(named, at, name);
    this.catalog.tables.set(name, { ...newTable(name, 'view', this.batch), bound: named });
  }

  private createTrigger(reader: TokenReader): void {
    reader.nameParts();
    reader.expectWords('ON');
    const table = this.existing(reader);
    while (!reader.isWord('AS')) reader.take();
    reader.take();
    if (table) for (const each of ['inserted', 'deleted']) this.local.set(each, table);
    while (!reader.isAtEnd) this.statement(reader);
  }

  private createFunction(reader: TokenReader): void {
    reader.nameParts();
    reader.inParentheses(() => {
      while (!reader.isOperator(')')) {
        const name = reader.take().text;
        reader.takeWords('AS');
        const type = reader.type();
        const known = this.catalog.tables.get(type.replaceAll(/[[\]]/g, ''));
        if (known) this.local.set(name, known);
        reader.takeWords('READONLY');
        if (reader.takeOperator('=')) readExpression(reader);
        this.variables.set(name, null);
        reader.takeOperator(',');
      }
    });
    reader.expectWords('RETURNS');
    reader.type();
    if (reader.takeWords('WITH')) reader.list(() => reader.take());
    reader.expectWords('AS');
    while (!reader.isAtEnd) this.statement(reader);
  }

  private alteration(reader: TokenReader): void {
    const at = reader.take();
    if (reader.isWord('VIEW', 'TRIGGER', 'FUNCTION', 'PROCEDURE')) {
      reader.index -= 1;
      return this.creation(reader);
    }
    if (reader.takeWords('SCHEMA')) return this.transfer(reader, at);
    if (!reader.takeWords('TABLE')) {
      while (!reader.isAtEnd && !reader.isOperator(';')) reader.take();
      return;
    }
    const table = this.existing(reader) ?? newTable('', 'table', this.batch);
    if (reader.takeWords('DISABLE') || reader.takeWords('ENABLE')) {
      reader.expectWords('TRIGGER');
      reader.list(() => reader.identifier());
      return;
    }
    if (reader.takeWords('DROP')) return this.dropParts(reader, table, at);
    if (reader.takeWords('ALTER', 'COLUMN')) return this.alterColumn(reader, table, at);
    reader.takeWords('WITH', 'CHECK') || reader.takeWords('WITH', 'NOCHECK');
    if (reader.takeWords('CHECK') || reader.takeWords('NOCHECK')) {
      reader.expectWords('CONSTRAINT');
      reader.list(() => reader.identifier());
      return;
    }
    reader.expectWords('ADD');
    const later: (() => void)[] = [];
    reader.list(() => {
      const after = this.definition(reader, table);
      if (after) later.push(after);
    });
    for (const each of later) each();
  }

  /** `ALTER SCHEMA [later] TRANSFER [schema].[table]`. */
  private transfer(reader: TokenReader, at: Token): void {
    const schema = reader.identifier();
    reader.expectWords('TRANSFER');
    const names = reader.nameParts();
    const table = this.tableOf(names);
    if (!table) return;
    const name = `${schema}.${names.at(-1)}`;
    if (this.catalog.tables.has(name)) this.found(15530, `${name} exists`, at);
    this.catalog.tables.delete(table.name);
    table.name = name;
    this.catalog.tables.set(name, table);
  }

  private alterColumn(reader: TokenReader, table: BoundTable, at: Token): void {
    const name = reader.identifier();
    this.columnsExist(table, [name], at, 4924);
    const type = reader.type();
    const collation = reader.takeWords('COLLATE') ? reader.identifier().toUpperCase() : null;
    while (reader.isWord('NOT', 'NULL')) reader.take();
    if (reader.takeWords('WITH')) reader.skipParentheses();
    table.columns = table.columns.map(
      (column): TableColumn =>
        column.name === name ? { ...column, type, collation: collation ?? column.collation } : column,
    );
  }

  private dropParts(reader: TokenReader, table: BoundTable, at: Token): void {
    // COLUMN and CONSTRAINT hold for the names after them
    let isColumn = false;
    reader.list(() => {
      if (reader.takeWords('COLUMN')) isColumn = true;
      else if (reader.takeWords('CONSTRAINT')) isColumn = false;
      if (isColumn) {
        reader.takeWords('IF', 'EXISTS');
        const name = reader.identifier();
        this.columnsExist(table, [name], at, 4924);
        const users = [...table.dependents].filter(
          (each) => each.name !== name && each.tokens.some((token) => token.kind === 'name' && token.value === name),
        );
        for (const user of users) this.found(5074, `${table.name}.${name} is dropped, and ${user.name} names it`, at);
        for (const key of table.keys)
          if (key.columns.includes(name))
            this.found(5074, `${table.name}.${name} is dropped, and ${key.name} has it`, at);
        table.columns = table.columns.filter((column) => column.name !== name);
        this.forget(table, name);
        return;
      }
      reader.takeWords('IF', 'EXISTS');
      this.forget(
        table,
        reader.now?.kind === 'name' || reader.isIdentifier ? reader.identifier() : reader.fail('a constraint'),
      );
    });
  }

  private forget(table: BoundTable, name: string): void {
    for (const list of [table.keys, table.dependents] as { name: string }[][])
      for (let index = list.length - 1; index >= 0; index -= 1) if (list[index]?.name === name) list.splice(index, 1);
  }

  private drop(reader: TokenReader): void {
    reader.take();
    const kind = reader.take().value;
    reader.takeWords('IF', 'EXISTS');
    reader.list(() => {
      const names = reader.nameParts();
      if (kind === 'TABLE' || kind === 'VIEW') {
        const name = this.tableOf(names)?.name;
        if (name === undefined) return;
        this.catalog.tables.delete(name);
      }
      if (kind === 'TYPE') this.catalog.tables.delete(names.join('.').toLowerCase());
      if (kind === 'INDEX' && reader.takeWords('ON')) {
        const table = this.existing(reader);
        if (table) this.forget(table, names.at(-1) ?? '');
      }
      if (kind === 'TRIGGER' && reader.takeWords('ON')) reader.take();
    });
    if (kind === 'DATABASE') this.skipStatement(reader);
  }
}

const copyOf = (table: BoundTable): BoundTable => ({
  ...table,
  columns: table.columns.map((column) => ({ ...column })),
  keys: table.keys.map((key) => ({ name: key.name, columns: [...key.columns] })),
  dependents: table.dependents.map((each) => ({ ...each })),
});

function skipOutput(reader: TokenReader): void {
  let depth = 0;
  while (!reader.isAtEnd) {
    if (depth === 0 && (reader.isWord('FROM', 'WHERE', 'OPTION', 'END') || reader.isOperator(';'))) return;
    const token = reader.take();
    if (isOperator(token, '(')) depth += 1;
    if (isOperator(token, ')')) depth -= 1;
  }
}

/** The text of a value that is made of literals; null for any other. */
function constant(value: Expression): string | null {
  if (value.kind === 'literal' && value.isText) return value.value;
  if (value.kind === 'cast') return constant(value.operand);
  if (value.kind !== 'calculate' || value.operator !== '+') return null;
  const parts = value.operands.map(constant);
  return parts.includes(null) ? null : parts.join('');
}
