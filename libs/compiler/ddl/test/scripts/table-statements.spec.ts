import type { Table } from '@dms/model';
import { dialects } from '@dms/sql';
import { build, diagnosticOf, withTable } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { emitDdl } from '../../src/index.ts';
import { type Emitted, type EmittedSet, emitCampusAndAthletics, emitDocuments } from '../emitted.ts';
import { createTable, modelSegment, quote, scriptOf, widgets, withConstraints } from '../widgets.ts';

const { descriptor, project } = build;

const stringType = (maxLength: number | null) => ({ kind: 'String' as const, maxLength, decimal: null });
const valueType = (kind: 'Int32' | 'Int64' | 'Boolean' | 'Date' | 'DateTime' | 'Time') => ({
  kind,
  maxLength: null,
  decimal: null,
});
const decimalType = (precision?: number, scale = 0) => ({
  kind: 'Decimal' as const,
  maxLength: null,
  decimal: precision === undefined ? null : { precision, scale },
});

describe.each(dialects)('emission for %s', (dialect) => {
  let set: Emitted;
  let campus: EmittedSet;

  beforeAll(async () => {
    set = widgets().in(dialect);
    campus = await emitCampusAndAthletics();
  });

  it('case 1: a project without resources is one schema statement', () => {
    const { script } = emitDocuments(project('Ed-Fi', [], { endpoint: 'ed-fi' })).in(dialect);
    const rule = `-- ${'='.repeat(58)}`;
    const header = `${rule}\n-- Phase 10: Model Schemas\n${rule}\n\n`;
    expect(modelSegment(dialect, script)).toBe(
      dialect === 'pgsql'
        ? `${header}CREATE SCHEMA IF NOT EXISTS "edfi";\n\n`
        : `${header}IF NOT EXISTS (SELECT 1 FROM sys.schemas WHERE name = N'edfi') EXEC('CREATE SCHEMA [edfi]');\n\n`,
    );
  });

  it('case 2: no projects, no text', () => {
    const { model, inventory } = emitDocuments(project('Ed-Fi', [], { endpoint: 'ed-fi' })).in(dialect);
    expect(modelSegment(dialect, scriptOf({ ...model, projects: [] }, inventory))).toBe('');
  });

  it.each([
    [stringType(60), 'varchar(60)', 'nvarchar(60)'],
    [stringType(null), 'varchar', 'nvarchar(max)'],
    [valueType('Int32'), 'integer', 'int'],
    [valueType('Int64'), 'bigint', 'bigint'],
    [decimalType(9, 3), 'numeric(9,3)', 'decimal(9,3)'],
    [decimalType(), 'numeric', 'decimal'],
    [valueType('Boolean'), 'boolean', 'bit'],
    [valueType('Date'), 'date', 'date'],
    [valueType('DateTime'), 'timestamp with time zone', 'datetime2(7)'],
    [valueType('Time'), 'time', 'time(7)'],
  ] as const)('case 3: column type of %o', (scalarType, pgsql, mssql) => {
    const type = dialect === 'pgsql' ? pgsql : mssql;
    for (const isNullable of [true, false]) {
      const model = withTable(set.model, 'edfi.Widget', (table) => ({
        ...table,
        columns: table.columns.map((column) =>
          column.name === 'Note' ? { ...column, scalarType, isNullable } : column,
        ),
      }));
      const table = createTable(dialect, scriptOf(model, set.inventory), 'edfi', 'Widget');
      expect(table).toContain(`    ${quote(dialect, 'Note')} ${type} ${isNullable ? 'NULL' : 'NOT NULL'},\n`);
    }
  });

  it('case 4: an ordinal has a type of its own, keys of documents and descriptors too', () => {
    const table = createTable(dialect, set.script, 'edfi', 'WidgetPart');
    expect(table).toContain(`    ${quote(dialect, 'Widget_DocumentId')} bigint NOT NULL,\n`);
    expect(table).toContain(`    ${quote(dialect, 'Ordinal')} ${dialect === 'pgsql' ? 'integer' : 'int'} NOT NULL,\n`);
    const { model, inventory, script } = campus.in(dialect);
    const kinds = new Set<string>();
    const typeless = (owner: Table): Table => ({
      ...owner,
      columns: owner.columns.map((column) => {
        // a key part that repeats a parent's ordinal keeps its type; by its kind alone it would be a bigint
        if (column.kind === 'Scalar' || (column.kind === 'ParentKeyPart' && column.scalarType?.kind === 'Int32'))
          return column;
        kinds.add(column.kind);
        return { ...column, scalarType: null };
      }),
    });
    const changed = {
      ...model,
      resources: model.resources.map((entry) => ({
        ...entry,
        tablesInDependencyOrder: entry.tablesInDependencyOrder.map(typeless),
      })),
    };
    expect(scriptOf(changed, inventory)).toBe(script);
    expect(kinds).toEqual(new Set(['DocumentFk', 'DescriptorFk', 'ParentKeyPart', 'Ordinal']));
    expect(createTable(dialect, script, 'campus', 'SchoolAddressOccupancyPeriod')).toContain(
      `    ${quote(dialect, 'AddressOrdinal')} ${dialect === 'pgsql' ? 'integer' : 'int'} NOT NULL,\n`,
    );
  });

  it('case 5: a scalar column without type', () => {
    const model = withTable(set.model, 'edfi.Widget', (table) => ({
      ...table,
      columns: table.columns.map((column) => (column.name === 'Note' ? { ...column, scalarType: null } : column)),
    }));
    const fault = diagnosticOf(() => emitDdl(model, set.inventory));
    expect(fault.code).toBe('DDL_COLUMN_TYPE_MISSING');
    for (const part of ['edfi.Widget', 'Note', 'Scalar']) expect(fault.message).toContain(part);
  });

  it('case 6: aliases with and without presence column', () => {
    const base = set.model.resources[0]?.tablesInDependencyOrder[0]?.columns.find(({ name }) => name === 'Note');
    const alias = (name: string, presenceColumn: string | null) => ({
      ...base!,
      name,
      isWritable: false,
      storage: { kind: 'UnifiedAlias' as const, canonicalColumn: 'Note', presenceColumn },
    });
    const model = withTable(set.model, 'edfi.Widget', (table) => ({
      ...table,
      columns: [...table.columns, alias('Gated', 'A_DocumentId'), alias('Plain', null)],
    }));
    const table = createTable(dialect, scriptOf(model, set.inventory), 'edfi', 'Widget');
    expect(table).toContain(
      dialect === 'pgsql'
        ? '    "Gated" varchar(60) GENERATED ALWAYS AS (CASE WHEN "A_DocumentId" IS NULL THEN NULL ELSE "Note" END) STORED,\n    "Plain" varchar(60) GENERATED ALWAYS AS ("Note") STORED,\n'
        : '    [Gated] AS (CASE WHEN [A_DocumentId] IS NULL THEN NULL ELSE [Note] END) PERSISTED,\n    [Plain] AS ([Note]) PERSISTED,\n',
    );
  });

  it('case 9: primary key, then UNIQUE, all-or-none and null-or-true constraints by name', () => {
    const model = withTable(
      set.model,
      'edfi.Widget',
      withConstraints(
        { kind: 'NullOrTrue', name: 'A_Flag', column: 'Note' },
        { kind: 'Unique', name: 'B', columns: ['Note'] },
        { kind: 'AllOrNoneNullability', name: 'A', fkColumn: 'DocumentId', dependentColumns: ['WidgetId', 'Note'] },
        { kind: 'Unique', name: 'A_Unique', columns: ['Note', 'WidgetId'] },
      ),
    );
    const table = createTable(dialect, scriptOf(model, set.inventory), 'edfi', 'Widget');
    const names = [...table.matchAll(/CONSTRAINT ["[](\w+)["\]] (PRIMARY KEY|UNIQUE|CHECK)/g)].map(
      ([, name, kind]) => `${kind} ${name}`,
    );
    expect(names).toEqual([
      'PRIMARY KEY PK_Widget',
      'UNIQUE A_Unique',
      'UNIQUE B',
      'UNIQUE UX_Widget_NK',
      'CHECK A',
      'CHECK A_Flag',
    ]);
    const q = (name: string) => quote(dialect, name);
    expect(table).toContain(
      `CONSTRAINT ${q('A')} CHECK ((${q('DocumentId')} IS NULL AND ${q('WidgetId')} IS NULL AND ${q('Note')} IS NULL) OR (${q('DocumentId')} IS NOT NULL AND ${q('WidgetId')} IS NOT NULL AND ${q('Note')} IS NOT NULL))`,
    );
    expect(table).toContain(
      `CONSTRAINT ${q('A_Flag')} CHECK (${q('Note')} IS NULL OR ${q('Note')} = ${dialect === 'pgsql' ? 'true' : '1'})`,
    );
  });

  it('cases 11 and 12: only foreign-key support and explicit indexes are statements; include columns are written', () => {
    const index = {
      name: 'IX_X',
      table: { schema: 'edfi', name: 'Widget' },
      kind: 'Explicit' as const,
      isUnique: false,
      keyColumns: ['Note'],
      includeColumns: ['WidgetId', 'DocumentId'],
    };
    const script = scriptOf(set.model, {
      ...set.inventory,
      indexes: [...set.inventory.indexes, index, { ...index, name: 'IX_U', isUnique: true, includeColumns: [] }],
    });
    const statements = modelSegment(dialect, script).match(/CREATE (UNIQUE )?INDEX.*/g);
    const q = (name: string) => quote(dialect, name);
    const guard = dialect === 'pgsql' ? 'IF NOT EXISTS ' : '';
    expect(set.inventory.indexes.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['PrimaryKey', 'UniqueConstraint']),
    );
    expect(statements).toEqual([
      `CREATE UNIQUE INDEX ${guard}${q('IX_U')} ON ${q('edfi')}.${q('Widget')} (${q('Note')});`,
      `CREATE INDEX ${guard}${q('IX_X')} ON ${q('edfi')}.${q('Widget')} (${q('Note')}) INCLUDE (${q('WidgetId')}, ${q('DocumentId')});`,
    ]);
  });

  it('case 13: a descriptor has no table, key, index or trigger', () => {
    const { script } = emitDocuments(project('Ed-Fi', [descriptor('KindDescriptor')], { endpoint: 'ed-fi' })).in(
      dialect,
    );
    expect(modelSegment(dialect, script)).toBe(
      modelSegment(dialect, emitDocuments(project('Ed-Fi', [], { endpoint: 'ed-fi' })).in(dialect).script),
    );
    expect(script).toContain('KindDescriptor');
  });

  it('case 19b: the clause of a deferrable key', () => {
    const model = withTable(set.model, 'edfi.Widget', (table) => ({
      ...table,
      constraints: table.constraints.map((constraint) =>
        constraint.kind === 'ForeignKey' ? { ...constraint, deferrable: true } : constraint,
      ),
    }));
    const script = scriptOf(model, set.inventory);
    const key = /ADD CONSTRAINT .FK_Widget_Document.[^;]*;/.exec(script)?.[0];
    expect(
      key?.endsWith(
        `ON DELETE CASCADE ON UPDATE NO ACTION${dialect === 'pgsql' ? ' DEFERRABLE INITIALLY DEFERRED' : ''};`,
      ),
    ).toBe(true);
    expect(script.match(/DEFERRABLE/g) ?? []).toHaveLength(dialect === 'pgsql' ? 1 : 0);
  });

  it('case 23: keys without columns, and foreign keys of unequal length', () => {
    const target = { schema: 'edfi', name: 'Widget' };
    const key = {
      kind: 'ForeignKey' as const,
      name: 'FK_X',
      targetTable: target,
      onDelete: 'NoAction' as const,
      onUpdate: 'NoAction' as const,
      deferrable: false,
    };
    const index = {
      name: 'IX_X',
      table: target,
      kind: 'ForeignKeySupport' as const,
      isUnique: false,
      keyColumns: [],
      includeColumns: [],
    };
    const cases: [string, () => unknown][] = [
      [
        'FK_X',
        () =>
          emitDdl(
            withTable(
              set.model,
              'edfi.Widget',
              withConstraints({ ...key, columns: ['DocumentId', 'WidgetId'], targetColumns: ['DocumentId'] }),
            ),
            set.inventory,
          ),
      ],
      [
        'FK_X',
        () =>
          emitDdl(
            withTable(set.model, 'edfi.Widget', withConstraints({ ...key, columns: [], targetColumns: [] })),
            set.inventory,
          ),
      ],
      [
        'UX_X',
        () =>
          emitDdl(
            withTable(set.model, 'edfi.Widget', withConstraints({ kind: 'Unique', name: 'UX_X', columns: [] })),
            set.inventory,
          ),
      ],
      ['IX_X', () => emitDdl(set.model, { ...set.inventory, indexes: [...set.inventory.indexes, index] })],
    ];
    for (const [name, action] of cases) {
      const fault = diagnosticOf(action);
      expect(fault.code).toBe('DDL_INVALID_KEY');
      for (const part of ['edfi.Widget', name]) expect(fault.message).toContain(part);
    }
  });
});
