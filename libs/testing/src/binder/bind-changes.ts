import { isOperator, isWord, type SqlToken } from '@dms/sql';
import { execution } from './bind-execution.ts';
import type { BoundColumns, BoundFrame, QueryBinder } from './bind-query.ts';
import type { Binding } from './binding.ts';
import {
  type FromItem,
  readExpression,
  readNamedQueries,
  readQuery,
  readSources,
  type TokenReader,
  type TsqlExpression,
  type TsqlQuery,
} from './tsql-syntax.ts';

/* INSERT, UPDATE and DELETE: the written columns, and their values. */

export function withNames(binding: Binding, reader: TokenReader): void {
  const start = reader.index;
  const named = readNamedQueries(reader);
  if (reader.isWord('INSERT')) return insert(binding, reader, named);
  if (reader.isWord('UPDATE')) return update(binding, reader, named);
  if (reader.isWord('DELETE')) return deletion(binding, reader, named);
  reader.index = start;
  binding.query(reader);
}

function namedFrame(binder: QueryBinder, named: TsqlQuery['named']): BoundFrame {
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

function target(binding: Binding, names: readonly string[], at: SqlToken, listed: readonly string[]): void {
  const columns = binding.columnsOf(names);
  if (columns === undefined) binding.found(208, `${names.join('.')} does not exist`, at);
  const seen = new Set<string>();
  for (const name of listed) {
    if (columns && !columns.some((column) => column.name === name))
      binding.found(207, `${names.join('.')} has no column ${name}`, at);
    if (seen.has(name)) binding.found(264, `${name} is named twice`, at);
    seen.add(name);
  }
}

export function insert(binding: Binding, reader: TokenReader, named: TsqlQuery['named']): void {
  const at = reader.take();
  reader.takeWords('INTO');
  const names = reader.nameParts();
  if (reader.isWord('WITH') && isOperator(reader.after(1), '(')) {
    reader.take();
    reader.skipParentheses();
  }
  const isList = reader.isOperator('(') && !isWord(reader.after(1), 'SELECT', 'WITH');
  const listed = isList ? reader.inParentheses(() => reader.list(() => reader.identifier())) : null;
  target(binding, names, at, listed ?? []);
  const binder = binding.binder();
  const frame = namedFrame(binder, named);
  if (reader.isWord('OUTPUT')) output(binding, reader, binder, names, frame);
  if (reader.takeWords('DEFAULT', 'VALUES')) return;
  if (reader.isWord('EXEC', 'EXECUTE')) return execution(binding, reader);
  const query = readQuery(reader);
  const columns = binder.query(query, frame);
  const wanted = listed ?? binding.columnsOf(names)?.map(({ name }) => name);
  if (columns && wanted && columns.length !== wanted.length)
    binding.found(
      query.body.kind === 'values' ? 110 : 120,
      `${wanted.length} columns and ${columns.length} values`,
      at,
    );
}

function output(
  binding: Binding,
  reader: TokenReader,
  binder: QueryBinder,
  names: readonly string[],
  outer: BoundFrame,
): void {
  reader.expectWords('OUTPUT');
  const at = reader.now ?? reader.fail('a value');
  const frame = binder.frame(outer);
  const columns = binding.columnsOf(names) ?? null;
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
  target(binding, into, at, listed ?? []);
  const wanted = listed?.length ?? binding.columnsOf(into)?.length;
  const hasStar = values.some(({ kind }) => kind === 'star');
  if (!hasStar && wanted !== undefined && wanted !== values.length)
    binding.found(120, `${wanted} columns and ${values.length} values in OUTPUT`, at);
}

export function update(binding: Binding, reader: TokenReader, named: TsqlQuery['named']): void {
  const at = reader.take();
  if (reader.takeWords('STATISTICS')) return reader.skipStatement();
  const limits = reader.takeWords('TOP') ? [reader.inParentheses(() => readExpression(reader))] : [];
  const names = reader.nameParts();
  if (reader.takeWords('WITH')) reader.skipParentheses();
  reader.expectWords('SET');
  const columns: string[] = [];
  const values: TsqlExpression[] = [];
  reader.list(() => {
    const place = reader.nameParts();
    if (!place[0]?.startsWith('@')) columns.push(place.at(-1) ?? '');
    reader.takeOperator('+=') || reader.expectOperator('=');
    values.push(readExpression(reader));
  });
  const binder = binding.binder();
  const frame = namedFrame(binder, named);
  for (const limit of limits) binder.root(limit, frame, at);
  const after = rest(binding, reader, binder, frame, names);
  target(binding, after.target, at, columns);
  for (const value of values) binder.root(value, frame, at);
  after.bind(at);
}

export function deletion(binding: Binding, reader: TokenReader, named: TsqlQuery['named']): void {
  const at = reader.take();
  if (reader.takeWords('TOP')) reader.inParentheses(() => binding.expression(reader));
  reader.takeWords('FROM');
  const names = reader.nameParts();
  const alias = reader.isIdentifier ? reader.identifier() : null;
  if (reader.takeWords('WITH')) reader.skipParentheses();
  const binder = binding.binder();
  const frame = namedFrame(binder, named);
  const after = rest(binding, reader, binder, frame, names, alias);
  target(binding, after.target, at, []);
  after.bind(at);
}

/** `OUTPUT … FROM … WHERE …` of UPDATE and DELETE, where the target may be an alias of FROM. */
function rest(
  binding: Binding,
  reader: TokenReader,
  binder: QueryBinder,
  frame: BoundFrame,
  names: readonly string[],
  alias: string | null = null,
): { readonly target: readonly string[]; readonly bind: (at: SqlToken) => void } {
  const outputAt = reader.index;
  const sources: FromItem[] = [];
  const joins: TsqlExpression[] = [];
  if (reader.isWord('OUTPUT')) skipOutput(reader);
  const hasFrom = reader.takeWords('FROM');
  if (hasFrom) readSources(reader, sources, joins);
  const where = reader.takeWords('WHERE') ? readExpression(reader) : null;
  if (reader.takeWords('OPTION')) reader.skipParentheses();
  const end = reader.index;
  const aliased = sources.find((source) => source.kind === 'table' && names.length === 1 && source.alias === names[0]);
  const target = aliased?.kind === 'table' ? aliased.names : names;
  const isListed =
    aliased !== undefined ||
    sources.some((source) => source.kind === 'table' && source.names.join('.') === names.join('.'));
  if (hasFrom) binder.sources(sources, frame);
  if (!isListed) frame.visible.push({ alias: alias ?? names.at(-1) ?? '', columns: binding.columnsOf(target) ?? null });
  const bind = (at: SqlToken) => {
    for (const join of joins) binder.root(join, frame, at);
    if (where) binder.root(where, frame, at);
    if (!isWord(reader.tokens[outputAt], 'OUTPUT')) return;
    reader.index = outputAt;
    output(binding, reader, binder, target, frame);
    reader.index = end;
  };
  return { target, bind };
}

function skipOutput(reader: TokenReader): void {
  let depth = 0;
  while (!reader.isAtEnd) {
    if (depth === 0 && (reader.isWord('FROM', 'WHERE', 'OPTION', 'END') || reader.isOperator(';'))) return;
    const token = reader.take();
    if (isOperator(token, '(')) depth += 1;
    if (isOperator(token, ')')) depth -= 1;
  }
}
