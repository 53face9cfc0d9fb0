import type { SqlToken } from '@dms/sql';
import { columnsExist, createIndex, createTable, createType, definition } from './bind-definitions.ts';
import { createFunction, createTrigger, createView } from './bind-modules.ts';
import type { Binding } from './binding.ts';
import { type BoundTable, newTable, type TableColumn } from './bound-catalog.ts';
import type { TokenReader } from './tsql-syntax.ts';

/* CREATE, ALTER and DROP. */

export function creation(binding: Binding, reader: TokenReader): void {
  const at = reader.take();
  reader.takeWords('OR', 'ALTER');
  if (reader.takeWords('TABLE')) return createTable(binding, reader, at);
  if (reader.takeWords('VIEW')) return createView(binding, reader);
  if (reader.takeWords('TRIGGER')) return createTrigger(binding, reader);
  if (reader.takeWords('FUNCTION') || reader.takeWords('PROCEDURE')) return createFunction(binding, reader);
  if (reader.takeWords('TYPE')) return createType(binding, reader);
  const isUnique = reader.takeWords('UNIQUE');
  reader.takeWords('CLUSTERED') || reader.takeWords('NONCLUSTERED');
  if (reader.takeWords('INDEX')) return createIndex(binding, reader, isUnique);
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
  reader.skipStatement();
}

export function alteration(binding: Binding, reader: TokenReader): void {
  const at = reader.take();
  if (reader.isWord('VIEW', 'TRIGGER', 'FUNCTION', 'PROCEDURE')) {
    reader.index -= 1;
    return creation(binding, reader);
  }
  if (reader.takeWords('SCHEMA')) return transfer(binding, reader, at);
  if (!reader.takeWords('TABLE')) {
    while (!reader.isAtEnd && !reader.isOperator(';')) reader.take();
    return;
  }
  const table = binding.existing(reader) ?? newTable('', 'table', binding.batch);
  if (reader.takeWords('DISABLE') || reader.takeWords('ENABLE')) {
    reader.expectWords('TRIGGER');
    reader.list(() => reader.identifier());
    return;
  }
  if (reader.takeWords('DROP')) return dropParts(binding, reader, table, at);
  if (reader.takeWords('ALTER', 'COLUMN')) return alterColumn(binding, reader, table, at);
  reader.takeWords('WITH', 'CHECK') || reader.takeWords('WITH', 'NOCHECK');
  if (reader.takeWords('CHECK') || reader.takeWords('NOCHECK')) {
    reader.expectWords('CONSTRAINT');
    reader.list(() => reader.identifier());
    return;
  }
  reader.expectWords('ADD');
  const later: (() => void)[] = [];
  reader.list(() => {
    const after = definition(binding, reader, table);
    if (after) later.push(after);
  });
  for (const each of later) each();
}

/** `ALTER SCHEMA [later] TRANSFER [schema].[table]`. */
function transfer(binding: Binding, reader: TokenReader, at: SqlToken): void {
  const schema = reader.identifier();
  reader.expectWords('TRANSFER');
  const names = reader.nameParts();
  const table = binding.tableOf(names);
  if (!table) return;
  const name = `${schema}.${names.at(-1)}`;
  if (binding.catalog.tables.has(name)) binding.found(15530, `${name} exists`, at);
  binding.catalog.tables.delete(table.name);
  table.name = name;
  binding.catalog.tables.set(name, table);
}

function alterColumn(binding: Binding, reader: TokenReader, table: BoundTable, at: SqlToken): void {
  const name = reader.identifier();
  columnsExist(binding, table, [name], at, 4924);
  const type = reader.type();
  const collation = reader.takeWords('COLLATE') ? reader.identifier().toUpperCase() : null;
  while (reader.isWord('NOT', 'NULL')) reader.take();
  if (reader.takeWords('WITH')) reader.skipParentheses();
  table.columns = table.columns.map(
    (column): TableColumn =>
      column.name === name ? { ...column, type, collation: collation ?? column.collation } : column,
  );
}

function dropParts(binding: Binding, reader: TokenReader, table: BoundTable, at: SqlToken): void {
  // COLUMN and CONSTRAINT apply to all names that follow
  let isColumn = false;
  reader.list(() => {
    if (reader.takeWords('COLUMN')) isColumn = true;
    else if (reader.takeWords('CONSTRAINT')) isColumn = false;
    if (isColumn) {
      reader.takeWords('IF', 'EXISTS');
      const name = reader.identifier();
      columnsExist(binding, table, [name], at, 4924);
      const users = [...table.dependents].filter(
        (each) => each.name !== name && each.tokens.some((token) => token.kind === 'name' && token.value === name),
      );
      for (const user of users) binding.found(5074, `${table.name}.${name} is dropped, and ${user.name} names it`, at);
      for (const key of table.keys)
        if (key.columns.includes(name))
          binding.found(5074, `${table.name}.${name} is dropped, and ${key.name} has it`, at);
      table.columns = table.columns.filter((column) => column.name !== name);
      forget(table, name);
      return;
    }
    reader.takeWords('IF', 'EXISTS');
    forget(
      table,
      reader.now?.kind === 'name' || reader.isIdentifier ? reader.identifier() : reader.fail('a constraint'),
    );
  });
}

function forget(table: BoundTable, name: string): void {
  for (const list of [table.keys, table.dependents] as { name: string }[][])
    for (let index = list.length - 1; index >= 0; index -= 1) if (list[index]?.name === name) list.splice(index, 1);
}

export function drop(binding: Binding, reader: TokenReader): void {
  reader.take();
  const kind = reader.take().value;
  reader.takeWords('IF', 'EXISTS');
  reader.list(() => {
    const names = reader.nameParts();
    if (kind === 'TABLE' || kind === 'VIEW') {
      const name = binding.tableOf(names)?.name;
      if (name === undefined) return;
      binding.catalog.tables.delete(name);
    }
    if (kind === 'TYPE') binding.catalog.tables.delete(names.join('.').toLowerCase());
    if (kind === 'INDEX' && reader.takeWords('ON')) {
      const table = binding.existing(reader);
      if (table) forget(table, names.at(-1) ?? '');
    }
    if (kind === 'TRIGGER' && reader.takeWords('ON')) reader.take();
  });
  if (kind === 'DATABASE') reader.skipStatement();
}
