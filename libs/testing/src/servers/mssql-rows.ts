import type { Catalog, CatalogTable } from '@dms/catalog';
import { type MssqlRows, scriptBatches } from '@dms/databases';

/*
 * The rows with which SQL Server describes the objects of a script, computed from the catalog and the modules of the
 * script.
 */

type Mutable<Rows> = { [Name in keyof Rows]: Rows[Name] extends readonly (infer Row)[] ? Row[] : never };

/** An expression in the spelling of SQL Server: brackets, numbers in parentheses, Booleans as bits. */
function spelled(expression: string): string {
  const text = expression
    .replace(/nextval\((\w+)\.(\w+)\)/, 'NEXT VALUE FOR [$1].[$2]')
    .replace(/"((?:[^"]|"")*)"/g, (_all, name: string) => `[${name.replaceAll('""', '"').replaceAll(']', ']]')}]`)
    .replace(/ = TRUE/g, '=(1)')
    .replace(/'(?=[^'])/g, (quote, at: number, all: string) =>
      all.slice(0, at).split("'").length % 2 === 1 ? `N${quote}` : quote,
    )
    .replace(/\b(\d+)\b(?!\))/g, '($1)')
    .replace(/CASE|WHEN|THEN|ELSE|END/g, (word) => word.toLowerCase());
  return `(${text})`;
}

const actionCodes: Readonly<Record<string, number>> = { 'NO ACTION': 0, CASCADE: 1, 'SET NULL': 2, 'SET DEFAULT': 3 };
const eventCodes: Readonly<Record<string, number>> = { INSERT: 1, UPDATE: 2, DELETE: 3 };

function typeColumns(type: string) {
  const [, name = type, first, second] = /^(\w+)(?:\((\w+)(?:,(\d+))?\))?$/.exec(type) ?? [];
  const unit = name.startsWith('n') && name.endsWith('char') ? 2 : 1;
  const isLength = /char$|binary$/.test(name);
  return {
    type_name: name,
    max_length: isLength ? (first === 'max' ? -1 : Number(first) * unit) : 8,
    precision: name === 'decimal' ? Number(first) : 0,
    scale: name === 'decimal' ? Number(second) : isLength || first === undefined ? 0 : Number(first),
  };
}

/** The modules of a script by `schema.name`: the complete batch, as the server stores it. */
function modulesOf(script: string): ReadonlyMap<string, string> {
  return new Map(
    scriptBatches(script).flatMap(({ text }) => {
      const match = /^CREATE OR ALTER (?:TRIGGER|VIEW|FUNCTION) \[([^\]]+)\]\.\[([^\]]+)\]/m.exec(text);
      return match ? [[`${match[1]}.${match[2]}`, text] as const] : [];
    }),
  );
}

class RowWriter {
  readonly rows: Mutable<MssqlRows> = {
    schemas: [{ schema_id: 1, name: 'dbo' }],
    objects: [],
    tableTypes: [],
    columns: [],
    indexes: [],
    indexColumns: [],
    keys: [],
    foreignKeys: [],
    foreignKeyColumns: [],
    checks: [],
    triggers: [],
    triggerEvents: [],
    modules: [],
    parameters: [],
    sequences: [],
    options: [],
    synonyms: [],
  };
  private readonly ids = new Map<string, number>();
  private readonly modules: ReadonlyMap<string, string>;

  constructor(script: string) {
    this.modules = modulesOf(script);
  }

  id(name: string): number {
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    this.ids.set(name, this.ids.size + 100);
    return this.id(name);
  }

  private object(schema: string, name: string, type: string, parent = 0): number {
    const object_id = this.id(`${schema}.${name}`);
    this.rows.objects.push({ object_id, schema_id: this.id(schema), name, type, parent_object_id: parent });
    return object_id;
  }

  private module(object_id: number, name: string): void {
    const definition = this.modules.get(name);
    if (definition === undefined) throw new Error(`the script has no module ${name}`);
    this.rows.modules.push({
      object_id,
      definition,
      uses_quoted_identifier: true,
      uses_ansi_nulls: true,
      is_schema_bound: false,
    });
  }

  write(catalog: Catalog): void {
    for (const name of catalog.schemas) this.rows.schemas.push({ schema_id: this.id(name), name });
    for (const { schema, name, type, start, increment, min, max, cycle } of catalog.sequences) {
      this.rows.sequences.push({
        schema_id: this.id(schema),
        name,
        type_name: type,
        start_value: start,
        increment,
        minimum_value: min,
        maximum_value: max,
        is_cycling: cycle,
      });
    }
    for (const { schema, name, columns } of catalog.tableTypes) {
      // the columns of a table type belong to a hidden table
      const object_id = this.id(`${schema}.${name} type`);
      this.rows.tableTypes.push({ object_id, schema_id: this.id(schema), name });
      for (const [index, column] of columns.entries()) this.column(object_id, index, { ...column, collation: null });
    }
    for (const table of catalog.tables) this.table(table);
    for (const { schema, name, columns } of catalog.views) {
      const object_id = this.object(schema, name, 'V');
      for (const [index, column] of columns.entries())
        this.column(object_id, index, { ...column, nullable: true, collation: null });
      this.module(object_id, `${schema}.${name}`);
    }
    for (const { schema, name, arguments: list, result } of catalog.functions) {
      const object_id = this.object(schema, name, 'FN');
      this.rows.parameters.push({ object_id, parameter_id: 0, name: '', ...typeColumns(result) });
      const parameters = list === '' ? [] : list.split(', ');
      parameters.forEach((parameter, index) => {
        const [own = '', type = ''] = parameter.split(' ');
        this.rows.parameters.push({ object_id, parameter_id: index + 1, name: own, ...typeColumns(type) });
      });
      this.module(object_id, `${schema}.${name}`);
    }
  }

  private column(
    object_id: number,
    index: number,
    {
      name,
      type,
      nullable,
      collation,
    }: Pick<CatalogTable['columns'][number], 'name' | 'type' | 'nullable' | 'collation'>,
  ) {
    const row = {
      object_id,
      // the numbers have gaps, as after dropped columns
      column_id: index * 2 + 1,
      name,
      ...typeColumns(type),
      is_nullable: nullable,
      is_identity: false,
      seed_value: null as string | null,
      increment_value: null as string | null,
      computed_definition: null as string | null,
      is_persisted: null as boolean | null,
      default_name: null as string | null,
      default_definition: null as string | null,
      collation_name: collation,
    };
    this.rows.columns.push(row);
    return row;
  }

  private table(table: CatalogTable): void {
    const { rows } = this;
    const key = `${table.schema}.${table.name}`;
    const object_id = this.object(table.schema, table.name, 'U');
    table.columns.forEach((column, index) => {
      const row = this.column(object_id, index, column);
      if (column.identity) Object.assign(row, { is_identity: true, seed_value: '1', increment_value: '1' });
      if (column.default)
        Object.assign(row, { default_name: `DF_${column.name}`, default_definition: spelled(column.default) });
      if (column.generated) {
        Object.assign(row, {
          computed_definition: spelled(column.generated.expression),
          is_persisted: column.generated.stored,
        });
      }
    });
    const columnId = (owner: string, name: string, columns = table.columns) => {
      const index = columns.findIndex((column) => column.name === name);
      if (index < 0) throw new Error(`${owner} has no column ${name}`);
      return index * 2 + 1;
    };
    let index_id = 1;
    const index = (name: string, columns: readonly string[], include: readonly string[], facts: object) => {
      index_id += 1;
      rows.indexes.push({
        object_id,
        index_id,
        name,
        index_type: 2,
        is_unique: false,
        is_primary_key: false,
        is_unique_constraint: false,
        is_disabled: false,
        filter_definition: null,
        ...facts,
      });
      [...columns, ...include].forEach((column, place) => {
        const isIncluded = place >= columns.length;
        rows.indexColumns.push({
          object_id,
          index_id,
          index_column_id: place + 1,
          column_id: columnId(key, column),
          key_ordinal: isIncluded ? 0 : place + 1,
          is_descending_key: false,
          is_included_column: isIncluded,
        });
      });
      return index_id;
    };
    const keys = [
      ...(table.primaryKey ? [{ ...table.primaryKey, type: 'PK' }] : []),
      ...table.uniques.map((unique) => ({ ...unique, type: 'UQ' })),
    ];
    for (const { name, columns, clustered, type } of keys) {
      const facts = {
        index_type: clustered ? 1 : 2,
        is_unique: true,
        is_primary_key: type === 'PK',
        is_unique_constraint: type === 'UQ',
      };
      rows.keys.push({ name, parent_object_id: object_id, unique_index_id: index(name, columns, [], facts), type });
    }
    for (const { name, columns, include, unique } of table.indexes)
      index(name, columns, include, { is_unique: unique });
    for (const { name, expression } of table.checks) {
      rows.checks.push({
        name,
        parent_object_id: object_id,
        definition: spelled(expression),
        is_disabled: false,
        is_not_trusted: false,
      });
    }
    for (const trigger of table.triggers) {
      const trigger_id = this.object(table.schema, trigger.name, 'TR', object_id);
      rows.triggers.push({
        object_id: trigger_id,
        name: trigger.name,
        parent_id: object_id,
        is_disabled: !trigger.enabled,
        is_instead_of_trigger: trigger.timing === 'INSTEAD OF',
      });
      for (const event of trigger.events)
        rows.triggerEvents.push({ object_id: trigger_id, type: eventCodes[event] ?? 0 });
      this.module(trigger_id, `${table.schema}.${trigger.name}`);
    }
  }

  foreignKeys(tables: readonly CatalogTable[]): void {
    const columns = new Map(
      tables.map((table) => [`${table.schema}.${table.name}`, table.columns.map(({ name }) => name)]),
    );
    const columnId = (table: string, name: string) => (columns.get(table)?.indexOf(name) ?? -1) * 2 + 1;
    for (const table of tables) {
      const own = `${table.schema}.${table.name}`;
      for (const key of table.foreignKeys) {
        const target = `${key.target.schema}.${key.target.table}`;
        const object_id = this.id(`${table.schema} key ${key.name}`);
        this.rows.foreignKeys.push({
          object_id,
          name: key.name,
          parent_object_id: this.id(own),
          referenced_object_id: this.id(target),
          delete_referential_action: actionCodes[key.onDelete] ?? 0,
          update_referential_action: actionCodes[key.onUpdate] ?? 0,
          is_disabled: false,
          is_not_trusted: false,
        });
        key.columns.forEach((name, place) => {
          this.rows.foreignKeyColumns.push({
            constraint_object_id: object_id,
            constraint_column_id: place + 1,
            parent_column_id: columnId(own, name),
            referenced_column_id: columnId(target, key.targetColumns[place] ?? ''),
          });
        });
      }
    }
  }
}

/** The rows for the objects in `catalog`, with the modules of `script`; unordered, as from a server. */
export function mssqlRows(catalog: Catalog, script: string): Mutable<MssqlRows> {
  const writer = new RowWriter(script);
  writer.write(catalog);
  writer.foreignKeys(catalog.tables);
  const { collation } = catalog;
  if (collation !== undefined) writer.rows.options.push({ owner_id: 0, part: null, text: collation });
  return Object.fromEntries(
    Object.entries(writer.rows).map(([name, rows]) => [name, [...rows].reverse()]),
  ) as Mutable<MssqlRows>;
}
