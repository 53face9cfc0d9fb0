import { isWord } from '@dms/sql';
import { definitions } from './bind-definitions.ts';
import { constant } from './bind-execution.ts';
import type { Binding } from './binding.ts';
import { type BoundTable, newTable } from './bound-catalog.ts';
import { readQuery, type TokenReader } from './tsql-syntax.ts';

/* The control flow of a batch: blocks, conditions, variables, cursors. */

export function transactionEnd(reader: TokenReader): void {
  reader.take();
  if (!reader.takeWords('TRANSACTION')) reader.takeWords('TRAN');
}

export function loop(binding: Binding, reader: TokenReader): void {
  reader.take();
  binding.expression(reader);
  binding.statement(reader);
}

export function returned(binding: Binding, reader: TokenReader): void {
  reader.take();
  const isValue =
    reader.now && !reader.isOperator(';') && !(reader.now.kind === 'word' && binding.readers[reader.now.value]);
  if (isValue && !reader.isWord('END', 'ELSE')) binding.expression(reader);
}

export function operands(binding: Binding, reader: TokenReader): void {
  reader.take();
  if (!reader.isOperator(';')) reader.list(() => binding.expression(reader));
}

export function block(binding: Binding, reader: TokenReader): void {
  reader.expectWords('BEGIN');
  if (reader.takeWords('TRANSACTION') || reader.takeWords('TRAN')) return;
  reader.takeWords('TRY') || reader.takeWords('CATCH');
  while (!reader.takeWords('END')) binding.statement(reader);
  reader.takeWords('TRY') || reader.takeWords('CATCH');
}

export function conditional(binding: Binding, reader: TokenReader): void {
  reader.take();
  const start = reader.index;
  binding.guarded += 1;
  binding.expression(reader);
  const words = reader.tokens.slice(start, reader.index);
  const asksEdition = words.some(({ value }) => value === 'EngineEdition');
  if (asksEdition && !binding.hasOnline) unbound(binding, reader);
  else binding.statement(reader);
  if (reader.takeOperator(';') && !reader.isWord('ELSE')) {
    binding.guarded -= 1;
    return;
  }
  if (reader.takeWords('ELSE')) binding.statement(reader);
  binding.guarded -= 1;
}

/** Reads a statement that does not run, and discards its findings and its changes of tables. */
function unbound(binding: Binding, reader: TokenReader): void {
  const before = binding.findings.length;
  const saved = new Map([...binding.catalog.tables].map(([name, table]) => [name, copyOf(table)]));
  binding.statement(reader);
  binding.findings.length = before;
  binding.catalog.tables.clear();
  for (const [name, table] of saved) binding.catalog.tables.set(name, table);
}

export function declaration(binding: Binding, reader: TokenReader): void {
  reader.take();
  if (isWord(reader.after(1), 'CURSOR')) return cursor(binding, reader);
  reader.list(() => {
    const name = reader.take().text;
    if (reader.takeWords('TABLE')) {
      binding.local.set(name, tableVariable(binding, reader, name));
      binding.variables.set(name, null);
      return;
    }
    reader.takeWords('AS');
    const type = reader.type();
    const known = binding.catalog.tables.get(type.replaceAll(/[[\]]/g, ''));
    if (known) binding.local.set(name, known);
    const value = reader.takeOperator('=') ? binding.expression(reader) : null;
    binding.variables.set(name, value === null ? null : constant(value));
  });
}

function tableVariable(binding: Binding, reader: TokenReader, name: string): BoundTable {
  const table = newTable(name, 'variable', binding.batch);
  definitions(binding, reader, table);
  return table;
}

/** `DECLARE name CURSOR LOCAL FAST_FORWARD FOR query`. */
function cursor(binding: Binding, reader: TokenReader): void {
  const name = reader.identifier();
  reader.expectWords('CURSOR');
  while (!reader.takeWords('FOR')) reader.take();
  binding.cursors.set(name, binding.boundQuery(readQuery(reader))?.length ?? null);
}

/** A cursor of the batch, which must have been declared. */
function declared(binding: Binding, reader: TokenReader): number | null {
  const at = reader.now;
  const name = reader.identifier();
  if (!binding.cursors.has(name)) binding.found(16916, `the cursor ${name} is not declared`, at);
  return binding.cursors.get(name) ?? null;
}

export function opening(binding: Binding, reader: TokenReader): void {
  reader.take();
  declared(binding, reader);
}

export const closing = opening;

/** `FETCH NEXT FROM name INTO @a, @b`. */
export function fetching(binding: Binding, reader: TokenReader): void {
  const at = reader.take();
  reader.expectWords('NEXT', 'FROM');
  const columns = declared(binding, reader);
  reader.expectWords('INTO');
  const variables = reader.list(() => reader.take());
  for (const { text } of variables) if (!binding.variables.has(text)) binding.found(137, `${text} is not declared`, at);
  if (columns !== null && columns !== variables.length)
    binding.found(16924, `${variables.length} variables for ${columns} columns of a cursor`, at);
}

export function setting(binding: Binding, reader: TokenReader): void {
  reader.take();
  if (reader.now?.kind === 'variable') {
    const name = reader.take();
    if (!binding.variables.has(name.text)) binding.found(137, `${name.text} is not declared`, name);
    reader.takeOperator('+=') || reader.expectOperator('=');
    binding.expression(reader);
    return;
  }
  if (reader.takeWords('IDENTITY_INSERT')) binding.existing(reader);
  while (
    !reader.isAtEnd &&
    !reader.isOperator(';') &&
    !reader.isWord('SET', 'SELECT', 'DECLARE', 'IF', 'BEGIN', 'END', 'INSERT')
  )
    reader.take();
}

const copyOf = (table: BoundTable): BoundTable => ({
  ...table,
  columns: table.columns.map((column) => ({ ...column })),
  keys: table.keys.map((key) => ({ name: key.name, columns: [...key.columns] })),
  dependents: table.dependents.map((each) => ({ ...each })),
});
