import { isWord, type SqlToken } from '@dms/sql';
import type { Binding } from './binding.ts';
import { type BoundTable, newTable } from './bound-catalog.ts';
import { databaseOrigin } from './collation-label.ts';
import { readExpression, TokenReader } from './tsql-syntax.ts';

/* Tables, types and indexes: columns, keys, checks, computed columns. */

export function createTable(binding: Binding, reader: TokenReader, at: SqlToken): void {
  const name = reader.nameParts().join('.');
  const table = newTable(name, 'table', binding.batch);
  const isThere = binding.catalog.tables.has(name);
  if (isThere && binding.guarded === 0) binding.found(2714, `${name} exists`, at);
  if (!isThere) binding.catalog.tables.set(name, table);
  definitions(binding, reader, table);
  while (reader.takeWords('WITH')) reader.skipParentheses();
}

export function createType(binding: Binding, reader: TokenReader): void {
  const name = reader.nameParts().join('.');
  reader.expectWords('AS', 'TABLE');
  const table = newTable(name, 'type', binding.batch);
  definitions(binding, reader, table);
  binding.catalog.tables.set(name.toLowerCase(), table);
}

export function definitions(binding: Binding, reader: TokenReader, table: BoundTable): void {
  const keys: (() => void)[] = [];
  reader.inParentheses(() =>
    reader.list(() => {
      const after = definition(binding, reader, table);
      if (after) keys.push(after);
    }),
  );
  for (const key of keys) key();
}

/** Reads a column or a constraint; returns the check that must wait until all columns are known. */
export function definition(binding: Binding, reader: TokenReader, table: BoundTable): (() => void) | null {
  const at = reader.now ?? reader.fail('a column');
  if (reader.isWord('CONSTRAINT', 'PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK', 'INDEX'))
    return constraint(binding, reader, table);
  const name = reader.identifier();
  const isThere = table.columns.some((column) => column.name.toLowerCase() === name.toLowerCase());
  if (isThere && binding.guarded === 0) binding.found(2705, `${table.name} has the column ${name} twice`, at);
  if (reader.takeWords('AS')) {
    const start = reader.index;
    const open = reader.now;
    // an expression in parentheses, or the call of a function
    if (!reader.isOperator('(')) reader.take();
    reader.skipParentheses();
    const tokens = reader.tokens.slice(start, reader.index);
    while (reader.isWord('PERSISTED', 'NOT', 'NULL')) reader.take();
    const place = table.columns.length;
    if (!isThere) table.columns.push({ name, type: 'computed', collation: null, batch: binding.batch });
    table.dependents.push({ name, tokens });
    return () => {
      const type = condition(binding, tokens, table, open ?? at, name);
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
    } else if (reader.takeWords('NOT', 'NULL') || reader.takeWords('NULL') || reader.takeWords('ROWGUIDCOL')) continue;
    else if (reader.takeWords('DEFAULT')) binding.expression(reader);
    else if (reader.isWord('CONSTRAINT') && isWord(reader.after(2), 'DEFAULT')) reader.index += 2;
    else if (reader.isWord('CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'REFERENCES')) {
      const check = constraint(binding, reader, table, name);
      if (check) checks.push(check);
    } else if (reader.takeWords('CLUSTERED') || reader.takeWords('NONCLUSTERED')) continue;
    else break;
  }
  if (!isThere) table.columns.push({ name, type, collation, batch: binding.batch });
  return () => {
    for (const check of checks) check();
  };
}

/** `[A], [B] DESC` in parentheses. */
export function columnList(reader: TokenReader): string[] {
  return reader.inParentheses(() =>
    reader.list(() => {
      const name = reader.identifier();
      if (!reader.takeWords('ASC')) reader.takeWords('DESC');
      return name;
    }),
  );
}

function constraint(binding: Binding, reader: TokenReader, table: BoundTable, column?: string): (() => void) | null {
  const at = reader.now ?? reader.fail('a constraint');
  const name = reader.takeWords('CONSTRAINT') ? reader.identifier() : '';
  if (reader.takeWords('DEFAULT')) {
    binding.expression(reader);
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
      condition(binding, tokens, table, at, name);
    };
  }
  const isKey = reader.takeWords('PRIMARY', 'KEY') || reader.takeWords('UNIQUE') || reader.takeWords('INDEX');
  if (isKey) {
    const own = isWord(reader.after(-1), 'INDEX') ? reader.identifier() : name;
    reader.takeWords('CLUSTERED') || reader.takeWords('NONCLUSTERED');
    const columns = reader.isOperator('(') ? columnList(reader) : [column ?? ''];
    if (reader.takeWords('WITH')) reader.skipParentheses();
    table.keys.push({ name: own, columns });
    return () => columnsExist(binding, table, columns, at, 1911);
  }
  const columns = reader.takeWords('FOREIGN', 'KEY') ? columnList(reader) : [column ?? ''];
  reader.expectWords('REFERENCES');
  const target = reader.nameParts();
  const referred = reader.isOperator('(') ? columnList(reader) : null;
  while (reader.takeWords('ON')) {
    reader.take();
    if (reader.takeWords('NO') || reader.takeWords('SET')) reader.take();
    else reader.take();
  }
  return () => {
    columnsExist(binding, table, columns, at, 1769);
    foreignKey(binding, name, target, referred, columns, at);
  };
}

function foreignKey(
  binding: Binding,
  name: string,
  target: readonly string[],
  referred: readonly string[] | null,
  columns: readonly string[],
  at: SqlToken,
): void {
  const table = binding.tableOf(target);
  if (!table) return binding.found(1767, `${name} refers to ${target.join('.')}, which does not exist`, at);
  if (referred === null) return;
  if (referred.length !== columns.length)
    binding.found(8139, `${name} has ${columns.length} columns and refers to ${referred.length}`, at);
  columnsExist(binding, table, referred, at, 1770);
  const wanted = [...referred].sort().join('\n');
  if (!table.keys.some((key) => [...key.columns].sort().join('\n') === wanted))
    binding.found(1776, `${name} refers to ${target.join('.')} (${referred.join(', ')}), which are not a key`, at);
}

export function columnsExist(
  binding: Binding,
  table: BoundTable,
  columns: readonly string[],
  at: SqlToken,
  number: number,
): void {
  for (const name of columns)
    if (table.bound === null && !table.columns.some((column) => column.name === name))
      binding.found(number, `${table.name} has no column ${name}`, at);
}

/** Binds a check or a computed column; returns the collation of its text. */
function condition(
  binding: Binding,
  tokens: readonly SqlToken[],
  table: BoundTable,
  at: SqlToken,
  name: string,
): string | null {
  const binder = binding.binder();
  const frame = binder.frame();
  frame.visible.push({ alias: '', columns: binding.localColumns(table) });
  const reader = new TokenReader(tokens);
  const value = readExpression(reader);
  const before = binding.findings.length;
  const bound = binder.root(value, frame, at);
  binding.findings = binding.findings.map((text, index) => (index < before ? text : `${text} (in ${name})`));
  if (!bound.isText) return null;
  return bound.label.kind === 'implicit' || bound.label.kind === 'explicit' ? bound.label.origin : databaseOrigin;
}

export function createIndex(binding: Binding, reader: TokenReader, isUnique: boolean): void {
  const at = reader.now ?? reader.fail('an index');
  const name = reader.identifier();
  reader.expectWords('ON');
  const table = binding.existing(reader);
  const columns = columnList(reader);
  if (table) columnsExist(binding, table, columns, at, 1911);
  if (reader.takeWords('INCLUDE')) {
    const included = columnList(reader);
    if (table) columnsExist(binding, table, included, at, 1911);
  }
  if (reader.takeWords('WHERE')) {
    const start = reader.index;
    readExpression(reader);
    const tokens = reader.tokens.slice(start, reader.index);
    if (table) {
      condition(binding, tokens, table, at, name);
      table.dependents.push({ name, tokens });
    }
  } else if (isUnique) table?.keys.push({ name, columns });
  if (reader.takeWords('WITH')) reader.skipParentheses();
}
