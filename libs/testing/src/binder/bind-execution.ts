import { isOperator, type SqlToken, splitBatches } from '@dms/sql';
import { type Binding, longestName } from './binding.ts';
import type { TokenReader, TsqlExpression } from './tsql-syntax.ts';

/* EXECUTE of texts and of procedures. */

export function execution(binding: Binding, reader: TokenReader): void {
  const at = reader.take();
  if (reader.isOperator('(')) {
    const value = reader.inParentheses(() => binding.expression(reader));
    late(
      binding,
      constant(value) ?? (value.kind === 'variable' ? (binding.variables.get(value.name) ?? null) : null),
      at,
    );
    return;
  }
  if (reader.now?.kind === 'variable') {
    const name = reader.take();
    if (!binding.variables.has(name.text)) binding.found(137, `${name.text} is not declared`, name);
    reader.expectOperator('=');
  }
  const procedure = (reader.nameParts().at(-1) ?? '').toLowerCase();
  const values: TsqlExpression[] = [];
  const isEnd = () =>
    reader.isAtEnd ||
    reader.isOperator(';') ||
    reader.isWord('END', 'ELSE') ||
    (reader.now?.kind === 'word' && binding.readers[reader.now.value] !== undefined);
  while (!isEnd()) {
    if (reader.now?.kind === 'variable' && isOperator(reader.after(1), '=')) reader.index += 2;
    values.push(binding.expression(reader));
    if (!reader.takeWords('OUTPUT')) reader.takeWords('OUT');
    if (!reader.takeOperator(',')) break;
  }
  const texts = values.map((value) => textOf(binding, value));
  if (procedure === 'sp_executesql') late(binding, texts[0] ?? null, at, texts[1] ?? '');
  if (procedure === 'sp_rename') rename(binding, texts, at);
}

function textOf(binding: Binding, value: TsqlExpression): string | null {
  return value.kind === 'variable' ? (binding.variables.get(value.name) ?? null) : constant(value);
}

/** Binds a text that is compiled when it runs, in a separate batch. */
function late(binding: Binding, text: string | null, at: SqlToken, declarations = ''): void {
  if (text === null) return;
  const declared = splitBatches(declarations ?? '').flatMap(({ tokens }) => tokens);
  const parameters = new Map<string, string | null>();
  for (const token of declared) if (token.kind === 'variable') parameters.set(token.text, null);
  const batches = splitBatches(text);
  if (batches.length > 1) binding.found(102, 'GO inside a text that is run', at);
  for (const batch of batches) binding.bindBatch(batch, parameters);
}

function rename(binding: Binding, [place, later, kind]: readonly (string | null)[], at: SqlToken): void {
  if (!place || !later) return;
  const names = splitBatches(place)
    .flatMap(({ tokens }) => tokens)
    .filter((token) => !isOperator(token, '.'))
    .map((token) => (token.kind === 'name' ? token.value : token.text));
  if (later.length > longestName) binding.found(103, `a name of ${later.length} characters: ${later}`, at);
  if (kind === 'COLUMN') {
    const name = names.at(-1) ?? '';
    const table = binding.tableOf(names.slice(0, -1));
    const column = table?.columns.find((each) => each.name === name);
    if (!table || !column) return binding.found(15248, `${place} is not a column`, at);
    for (const dependent of table.dependents)
      if (dependent.tokens.some((token) => token.kind === 'name' && token.value === name))
        binding.found(15336, `${place} is renamed, and ${dependent.name} names it`, at);
    column.name = later;
    for (const key of table.keys) key.columns = key.columns.map((each) => (each === name ? later : each));
    return;
  }
  const table = binding.tableOf(names);
  if (table) {
    binding.catalog.tables.delete(table.name);
    table.name = `${names[0]}.${later}`;
    binding.catalog.tables.set(table.name, table);
    return;
  }
  for (const each of binding.catalog.tables.values())
    for (const part of [...each.keys, ...each.dependents]) if (part.name === names.at(-1)) part.name = later;
}

/** The text of a value that consists of literals; null for any other value. */
export function constant(value: TsqlExpression): string | null {
  if (value.kind === 'literal' && value.isText) return value.value;
  if (value.kind === 'cast') return constant(value.operand);
  if (value.kind !== 'calculate' || value.operator !== '+') return null;
  const parts = value.operands.map(constant);
  return parts.includes(null) ? null : parts.join('');
}
