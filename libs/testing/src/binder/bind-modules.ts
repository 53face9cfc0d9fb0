import { columnList } from './bind-definitions.ts';
import type { Binding } from './binding.ts';
import { newTable } from './bound-catalog.ts';
import { readExpression, readQuery, type TokenReader } from './tsql-syntax.ts';

/* Views, triggers, functions and procedures; their bodies are bound when they are created. */
export function createView(binding: Binding, reader: TokenReader): void {
  const at = reader.now ?? reader.fail('a view');
  const name = reader.nameParts().join('.');
  const listed = reader.isOperator('(') ? columnList(reader) : null;
  if (reader.takeWords('WITH')) reader.list(() => reader.take());
  reader.expectWords('AS');
  const query = readQuery(reader);
  const binder = binding.binder();
  const columns = binder.query(query, null, 'nested');
  const named = columns?.map((column, index) => ({ ...column, name: listed?.[index] ?? column.name })) ?? null;
  binder.named(named, at, name);
  binding.catalog.tables.set(name, { ...newTable(name, 'view', binding.batch), bound: named });
}

export function createTrigger(binding: Binding, reader: TokenReader): void {
  reader.nameParts();
  reader.expectWords('ON');
  const table = binding.existing(reader);
  while (!reader.isWord('AS')) reader.take();
  reader.take();
  if (table) for (const each of ['inserted', 'deleted']) binding.local.set(each, table);
  while (!reader.isAtEnd) binding.statement(reader);
}

export function createFunction(binding: Binding, reader: TokenReader): void {
  reader.nameParts();
  reader.inParentheses(() => {
    while (!reader.isOperator(')')) {
      const name = reader.take().text;
      reader.takeWords('AS');
      const type = reader.type();
      const known = binding.catalog.tables.get(type.replaceAll(/[[\]]/g, ''));
      if (known) binding.local.set(name, known);
      reader.takeWords('READONLY');
      if (reader.takeOperator('=')) readExpression(reader);
      binding.variables.set(name, null);
      reader.takeOperator(',');
    }
  });
  reader.expectWords('RETURNS');
  reader.type();
  if (reader.takeWords('WITH')) reader.list(() => reader.take());
  reader.expectWords('AS');
  while (!reader.isAtEnd) binding.statement(reader);
}
