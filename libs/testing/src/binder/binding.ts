import { type Batch, isWord, type SqlToken, UnreadableScript } from '@dms/sql';
import type { SystemViews } from '../sent/sent-text.ts';
import { type BindingScope, type BoundColumns, QueryBinder } from './bind-query.ts';
import { BoundCatalog, type BoundTable, newTable } from './bound-catalog.ts';
import { databaseOrigin } from './collation-label.ts';
import { readExpression, readQuery, TokenReader, type TsqlExpression, type TsqlQuery } from './tsql-syntax.ts';

/*
 * The context in which a statement is bound: the tables that earlier statements have created, and the variables of its
 * batch.
 */

export interface BinderOptions {
  readonly systemViews: SystemViews;
  /** Whether the edition supports online index operations. Guards of scripts query it. */
  readonly hasOnline?: boolean;
  /** The catalogs of other databases on the server, by their names in scripts. */
  readonly databases?: Readonly<Record<string, BoundCatalog>>;
}

/** Functions that read and bind statements, by the first word of the statement. */
export type StatementReaders = Readonly<Record<string, (binding: Binding, reader: TokenReader, at: SqlToken) => void>>;

export const longestName = 128;

export class Binding {
  readonly catalog: BoundCatalog;
  readonly hasOnline: boolean;
  readonly readers: StatementReaders;
  findings: string[] = [];
  batch = 0;
  variables = new Map<string, string | null>();
  /** The numbers of columns of the cursors in a batch; null if unknown. */
  cursors = new Map<string, number | null>();
  /** The tables of a trigger, and table variables, which only one batch sees. */
  local = new Map<string, BoundTable>();
  /** The number of conditions around the current statement. */
  guarded = 0;
  private batches = 0;

  constructor({ systemViews, hasOnline = true, databases = {} }: BinderOptions, readers: StatementReaders) {
    this.catalog = new BoundCatalog(systemViews, databases);
    this.hasOnline = hasOnline;
    this.readers = readers;
  }

  found(number: number, text: string, at?: SqlToken): void {
    this.findings.push(`${number}: ${at ? `line ${at.line}: ` : ''}${text}`);
  }

  bindBatch({ tokens, unreadable }: Batch, parameters: ReadonlyMap<string, string | null>): void {
    for (const text of unreadable) this.found(105, text);
    if (unreadable.length > 0) return;
    const outer = [this.variables, this.local, this.cursors, this.batch] as const;
    this.batches += 1;
    this.batch = this.batches;
    this.variables = new Map(parameters);
    this.local = new Map();
    this.cursors = new Map();
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
    [this.variables, this.local, this.cursors, this.batch] = outer;
  }

  /** Binds the queries of a statement. */
  binder(): QueryBinder {
    const scope: BindingScope = {
      tableOf: (names) => this.columnsOf(names),
      hasVariable: (name) => name.startsWith('@@') || this.variables.has(name),
      report: (number, text, token) => {
        this.found(number, text, token);
      },
    };
    return new QueryBinder(scope);
  }

  tableOf(names: readonly string[]): BoundTable | undefined {
    const [first = ''] = names;
    if (names.length === 1) return this.local.get(first) ?? this.catalog.tables.get(first);
    return this.catalog.table(names);
  }

  columnsOf(names: readonly string[]): BoundColumns | undefined {
    const [first = ''] = names;
    const local = names.length === 1 ? this.local.get(first) : undefined;
    if (local) return this.localColumns(local);
    const columns = this.catalog.columnsOf(names, this.batch);
    // table names are resolved when a statement runs, and a guard decides whether it does
    return columns === undefined && this.guarded > 0 ? null : columns;
  }

  localColumns({ columns }: BoundTable): BoundColumns {
    const binder = this.binder();
    return columns.map(({ name, type, collation }) =>
      binder.column(name, type, { kind: 'implicit', origin: collation ?? databaseOrigin }),
    );
  }

  expression(reader: TokenReader): TsqlExpression {
    const at = reader.now ?? reader.fail('a value');
    const value = readExpression(reader);
    const binder = this.binder();
    binder.root(value, binder.frame(), at);
    return value;
  }

  query(reader: TokenReader): void {
    const query = readQuery(reader);
    this.boundQuery(query);
  }

  boundQuery(query: TsqlQuery): BoundColumns {
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

  statement(reader: TokenReader): void {
    if (reader.takeOperator(';')) return;
    const token = reader.now ?? reader.fail('a statement');
    const read = token.kind === 'word' ? this.readers[token.value] : undefined;
    if (read) read(this, reader, token);
    else if (reader.isOperator('(')) this.query(reader);
    else reader.fail('a statement');
  }

  /** Reads `[schema].[table]`, which must exist. */
  existing(reader: TokenReader): BoundTable | undefined {
    const at = reader.now;
    const names = reader.nameParts();
    const table = this.tableOf(names);
    if (!table && this.guarded === 0) this.found(208, `${names.join('.')} does not exist`, at);
    return table;
  }
}
