import {
  bodyHash,
  type Catalog,
  type CatalogAction,
  type CatalogColumn,
  type CatalogKey,
  type CatalogTable,
  type Fingerprint,
  type ForeignKey,
  type Index,
  normalExpression,
  plainRoutine,
  type Routine,
  type Trigger,
  type View,
  type WithOptions,
} from '@dms/catalog';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { dialectRules, moduleBody, qualifiedName } from '@dms/sql';
import { grouped, named, orderedCatalog, withOptions } from './catalog-lists.ts';
import type { MssqlRows } from './mssql-queries.ts';

type MssqlRow<Name extends keyof MssqlRows> = MssqlRows[Name][number];
type TypeOfColumn = Pick<MssqlRow<'columns'>, 'type_name' | 'max_length' | 'precision' | 'scale'>;

/** Assembles the catalog of a SQL Server database from the rows of its queries (design 09a §1.4). */
export function mssqlCatalog(
  rows: MssqlRows,
  fingerprint: Fingerprint | null,
): { readonly catalog: Catalog; readonly diagnostics: readonly Diagnostic[] } {
  const reader = new MssqlCatalog(rows);
  return { catalog: reader.catalog(fingerprint), diagnostics: reader.settings() };
}

/**
 * The tables with a check, a default or a computed column whose definition the server does not show to the login, as
 * `[schema].[name]`, sorted. A catalog without them would differ where the database does not (design 09a §1.4).
 */
export function hiddenDefinitions(rows: MssqlRows): readonly string[] {
  const schemas = new Map(rows.schemas.map(({ schema_id, name }) => [schema_id, name]));
  const names = new Map(
    rows.objects.map(({ object_id, schema_id, name }) => [
      object_id,
      qualifiedName(dialectRules.mssql, { schema: schemas.get(schema_id) ?? `#${schema_id}`, name }),
    ]),
  );
  const owners = [
    ...rows.checks.flatMap((row) => (row.definition === null ? [row.parent_object_id] : [])),
    ...rows.columns.flatMap((row) => {
      const isHidden =
        (row.default_name !== null && row.default_definition === null) ||
        (row.is_persisted !== null && row.computed_definition === null);
      return isHidden ? [row.object_id] : [];
    }),
  ];
  return [...new Set(owners.map((id) => names.get(id) ?? `#${id}`))].sort();
}

const events: Readonly<Record<number, Trigger['events'][number]>> = { 1: 'INSERT', 2: 'UPDATE', 3: 'DELETE' };

const rowstore = new Set([1, 2]);

type RowsOfTables = ReturnType<typeof rowsOfTables>;

class MssqlCatalog {
  private readonly rows: MssqlRows;
  private readonly schemas: ReadonlyMap<number, string>;
  private readonly objects: ReadonlyMap<number, MssqlRow<'objects'>>;
  private readonly columns: ReadonlyMap<string | number, readonly MssqlRow<'columns'>[]>;
  private readonly names: ReadonlyMap<string | number, ReadonlyMap<number, string>>;
  private readonly modules: ReadonlyMap<number, MssqlRow<'modules'>>;
  private readonly options: ReadonlyMap<string | number, readonly MssqlRow<'options'>[]>;
  private readonly ofTables: RowsOfTables;

  constructor(rows: MssqlRows) {
    this.rows = rows;
    this.schemas = new Map(rows.schemas.map(({ schema_id, name }) => [schema_id, name]));
    this.objects = new Map(rows.objects.map((row) => [row.object_id, row]));
    const sorted = [...rows.columns].sort((left, right) => left.column_id - right.column_id);
    this.columns = grouped(sorted, ({ object_id }) => object_id);
    this.names = new Map(
      [...this.columns].map(([owner, columns]) => [
        owner,
        new Map(columns.map(({ column_id, name }) => [column_id, name])),
      ]),
    );
    this.modules = new Map(rows.modules.map((row) => [row.object_id, row]));
    this.options = grouped(rows.options, ({ owner_id }) => owner_id);
    this.ofTables = rowsOfTables(rows);
  }

  catalog(fingerprint: Fingerprint | null): Catalog {
    const { rows } = this;
    const ofType = (...types: readonly string[]) => rows.objects.filter(({ type }) => types.includes(type));
    return orderedCatalog(
      {
        dialect: 'mssql',
        collation: rows.options.find(({ owner_id }) => owner_id === 0)?.text,
        roles: [],
        grants: [],
        schemas: rows.schemas.map(({ name }) => name),
        extensions: [],
        sequences: rows.sequences.map((row) => ({
          schema: this.schema(row.schema_id),
          name: row.name,
          type: row.type_name,
          start: row.start_value,
          increment: row.increment,
          min: row.minimum_value,
          max: row.maximum_value,
          cycle: row.is_cycling,
        })),
        tables: ofType('U').map((row) => this.table(row)),
        views: [...ofType('V').map((row) => this.view(row)), ...this.synonyms()],
        functions: this.functions(ofType('FN', 'IF', 'TF', 'P')),
        tableTypes: rows.tableTypes.map(({ object_id, schema_id, name }) => ({
          schema: this.schema(schema_id),
          name,
          columns: (this.columns.get(object_id) ?? []).map((entry) => ({
            name: entry.name,
            type: mssqlType(entry),
            nullable: entry.is_nullable,
          })),
        })),
        fingerprint,
      },
      'dbo',
    );
  }

  /**
   * Warnings about modules that behave differently from what the script intends: modules keep the settings under which
   * they were created.
   */
  settings(): Diagnostic[] {
    const found = this.rows.modules.flatMap(({ object_id, uses_quoted_identifier, uses_ansi_nulls }) => {
      if (uses_quoted_identifier && uses_ansi_nulls) return [];
      const object = this.objects.get(object_id);
      return object === undefined ? [] : [`${this.schema(object.schema_id)}.${object.name}`];
    });
    return found.sort().map((name) => {
      const text = `${name} was created with QUOTED_IDENTIFIER or ANSI_NULLS off. Create it again with both on.`;
      return diagnostic('VERIFY_MODULE_SETTINGS', text, {}, { module: name });
    });
  }

  private schema(id: number): string {
    return this.schemas.get(id) ?? `#${id}`;
  }

  private columnName(owner: number, id: number): string {
    return this.names.get(owner)?.get(id) ?? `#${id}`;
  }

  /** The options of a table, or of its part with this name. */
  private optionsOf(table: number, part: string | null): WithOptions {
    const own = (this.options.get(table) ?? []).filter((row) => row.part === part);
    return withOptions(...own.map(({ text }) => text));
  }

  private hasOptions({ object_id, name }: MssqlRow<'indexes'>): boolean {
    return this.optionsOf(object_id, name).options !== undefined;
  }

  private body(object: number): string {
    return bodyHash(moduleBody(this.modules.get(object)?.definition ?? ''));
  }

  private view({ object_id, schema_id, name }: MssqlRow<'objects'>): View {
    const columns = (this.columns.get(object_id) ?? []).map((entry) => ({ name: entry.name, type: mssqlType(entry) }));
    return { schema: this.schema(schema_id), name, columns, body: this.body(object_id) };
  }

  /** Synonyms as views: statements name them like tables, but they are something else. */
  private synonyms(): View[] {
    return this.rows.synonyms.map(({ schema_id, name, base_object_name }) => ({
      schema: this.schema(schema_id),
      name,
      columns: [],
      body: bodyHash(base_object_name),
      ...withOptions(`SYNONYM FOR ${base_object_name}`),
    }));
  }

  private functions(objects: readonly MssqlRow<'objects'>[]): Routine[] {
    const sorted = [...this.rows.parameters].sort((left, right) => left.parameter_id - right.parameter_id);
    const parameters = grouped(sorted, ({ object_id }) => object_id);
    return objects.map(({ object_id, schema_id, name, type }) => {
      const own = parameters.get(object_id) ?? [];
      const result = own.find(({ parameter_id }) => parameter_id === 0);
      const scalar = result === undefined ? '' : mssqlType(result);
      return {
        ...plainRoutine,
        schema: this.schema(schema_id),
        name,
        arguments: own
          .filter(({ parameter_id }) => parameter_id > 0)
          .map((parameter) => `${parameter.name} ${mssqlType(parameter)}`)
          .join(', '),
        result: type === 'FN' ? scalar : type === 'P' ? '' : 'table',
        language: 'tsql',
        volatility: null,
        strict: null,
        body: this.body(object_id),
      };
    });
  }

  private keyColumns(table: number, index: number): readonly MssqlRow<'indexColumns'>[] {
    return (this.ofTables.indexColumns.get(indexKey(table, index)) ?? [])
      .filter(({ key_ordinal }) => key_ordinal > 0)
      .sort((left, right) => left.key_ordinal - right.key_ordinal);
  }

  private key(row: MssqlRow<'keys'>): CatalogKey {
    const { parent_object_id: table, unique_index_id: index } = row;
    const own = this.ofTables.byIndex.get(indexKey(table, index));
    return {
      name: row.name,
      columns: this.keyColumns(table, index).map(({ column_id }) => this.columnName(table, column_id)),
      clustered: own?.index_type === 1,
      ...this.optionsOf(table, row.name),
    };
  }

  private foreignKey(row: MssqlRow<'foreignKeys'>): ForeignKey {
    const target = this.objects.get(row.referenced_object_id);
    const pairs = this.ofTables.foreignKeyColumns.get(row.object_id) ?? [];
    return {
      name: row.name,
      columns: pairs.map(({ parent_column_id }) => this.columnName(row.parent_object_id, parent_column_id)),
      target: { schema: target === undefined ? '' : this.schema(target.schema_id), table: target?.name ?? '' },
      targetColumns: pairs.map(({ referenced_column_id }) =>
        this.columnName(row.referenced_object_id, referenced_column_id),
      ),
      onDelete: action(row.delete_referential_action),
      onUpdate: action(row.update_referential_action),
      deferrable: false,
      validated: !row.is_disabled && !row.is_not_trusted,
      ...this.optionsOf(row.parent_object_id, row.name),
    };
  }

  private index(row: MssqlRow<'indexes'>): Index {
    const columns = this.keyColumns(row.object_id, row.index_id);
    const include = (this.ofTables.indexColumns.get(indexKey(row.object_id, row.index_id)) ?? [])
      .filter(({ is_included_column }) => is_included_column)
      .sort((left, right) => left.index_column_id - right.index_column_id);
    return {
      name: row.name,
      unique: row.is_unique,
      columns: columns.map(({ column_id }) => this.columnName(row.object_id, column_id)),
      include: include.map(({ column_id }) => this.columnName(row.object_id, column_id)),
      predicate: row.filter_definition === null ? null : normalExpression(row.filter_definition),
      plain:
        rowstore.has(row.index_type) &&
        !this.hasOptions(row) &&
        columns.every(({ is_descending_key }) => !is_descending_key),
      valid: !row.is_disabled,
    };
  }

  private trigger(row: MssqlRow<'triggers'>): Trigger {
    const own = new Set((this.ofTables.eventsOf.get(row.object_id) ?? []).map(({ type }) => events[type]));
    return {
      name: row.name,
      timing: row.is_instead_of_trigger ? 'INSTEAD OF' : 'AFTER',
      level: 'STATEMENT',
      events: (['INSERT', 'UPDATE', 'DELETE'] as const).filter((event) => own.has(event)),
      updateOf: [],
      oldTable: null,
      newTable: null,
      when: null,
      enabled: !row.is_disabled,
      function: null,
      body: this.body(row.object_id),
      ...this.optionsOf(row.parent_id, row.name),
    };
  }

  private table({ object_id, schema_id, name }: MssqlRow<'objects'>): CatalogTable {
    const { keys, foreignKeys, checks, indexes, triggers } = this.ofTables;
    const columns = this.columns.get(object_id) ?? [];
    const bits = new Set(columns.filter(({ type_name }) => type_name === 'bit').map((entry) => entry.name));
    const own = keys.get(object_id) ?? [];
    const primaryKey = own.find(({ type }) => type.trim() === 'PK');
    return {
      schema: this.schema(schema_id),
      name,
      storage: 'ordinary',
      columns: columns.map((row) => withOwnNullability(column(row, bits), columns)),
      primaryKey: primaryKey === undefined ? null : this.key(primaryKey),
      uniques: named(own.filter(({ type }) => type.trim() === 'UQ').map((row) => this.key(row))),
      foreignKeys: named((foreignKeys.get(object_id) ?? []).map((row) => this.foreignKey(row))),
      checks: named(
        (checks.get(object_id) ?? []).map((row) => ({
          name: row.name,
          expression: normalExpression(row.definition ?? '', bits),
          validated: !row.is_disabled && !row.is_not_trusted,
          ...this.optionsOf(object_id, row.name),
        })),
      ),
      indexes: named(
        (indexes.get(object_id) ?? [])
          .filter((row) => !row.is_primary_key && !row.is_unique_constraint)
          .map((row) => this.index(row)),
      ),
      triggers: named((triggers.get(object_id) ?? []).map((row) => this.trigger(row))),
      ...this.optionsOf(object_id, null),
    };
  }
}

const actions: readonly CatalogAction[] = ['NO ACTION', 'CASCADE', 'SET NULL', 'SET DEFAULT'];
const action = (code: number): CatalogAction => actions[code] ?? 'NO ACTION';

function column(row: MssqlRow<'columns'>, bits: ReadonlySet<string>): CatalogColumn {
  return {
    name: row.name,
    type: mssqlType(row),
    nullable: row.is_nullable,
    identity: readIdentity(row),
    default: row.default_definition === null ? null : normalExpression(row.default_definition),
    generated:
      row.computed_definition === null
        ? null
        : { expression: normalExpression(row.computed_definition, bits), stored: row.is_persisted === true },
    collation: row.collation_name,
  };
}

/**
 * A computed column that repeats another one can be NULL only if that one can. The documentation leaves open whether the
 * server calls it nullable all the same, so either answer is read as what holds.
 */
function withOwnNullability(read: CatalogColumn, columns: readonly MssqlRow<'columns'>[]): CatalogColumn {
  if (read.generated === null) return read;
  const { expression } = read.generated;
  const repeated = columns.find(({ name }) => normalExpression(dialectRules.mssql.quote(name)) === expression);
  return repeated === undefined ? read : { ...read, nullable: repeated.is_nullable };
}

function readIdentity({
  is_identity,
  seed_value: seed,
  increment_value: increment,
}: MssqlRow<'columns'>): CatalogColumn['identity'] {
  if (!is_identity) return null;
  return seed === '1' && increment === '1' ? 'always' : `always(${seed},${increment})`;
}

/** A type as the script writes it. */
export function mssqlType({ type_name: name, max_length: bytes, precision, scale }: TypeOfColumn): string {
  const length = (unit: number) => (bytes === -1 ? 'max' : String(bytes / unit));
  switch (name) {
    case 'nvarchar':
    case 'nchar':
      return `${name}(${length(2)})`;
    case 'varchar':
    case 'char':
    case 'binary':
    case 'varbinary':
      return `${name}(${length(1)})`;
    case 'decimal':
    case 'numeric':
      return `decimal(${precision},${scale})`;
    case 'datetime2':
    case 'time':
    case 'datetimeoffset':
      return `${name}(${scale})`;
    default:
      return name;
  }
}

const indexKey = (object: number, index: number) => `${object}.${index}`;

/** The rows that describe parts of tables, by their owner. */
function rowsOfTables(rows: MssqlRows) {
  return {
    keys: grouped(rows.keys, ({ parent_object_id }) => parent_object_id),
    foreignKeys: grouped(rows.foreignKeys, ({ parent_object_id }) => parent_object_id),
    checks: grouped(rows.checks, ({ parent_object_id }) => parent_object_id),
    triggers: grouped(rows.triggers, ({ parent_id }) => parent_id),
    eventsOf: grouped(rows.triggerEvents, ({ object_id }) => object_id),
    indexes: grouped(rows.indexes, ({ object_id }) => object_id),
    byIndex: new Map(rows.indexes.map((row) => [indexKey(row.object_id, row.index_id), row])),
    indexColumns: grouped(rows.indexColumns, (row) => indexKey(row.object_id, row.index_id)),
    foreignKeyColumns: grouped(
      [...rows.foreignKeyColumns].sort((left, right) => left.constraint_column_id - right.constraint_column_id),
      ({ constraint_object_id }) => constraint_object_id,
    ),
  };
}
