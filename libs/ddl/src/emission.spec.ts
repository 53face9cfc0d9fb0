import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import type { Inventory, RelationalModelSet, Table, TableConstraint } from '@dms/relational-model';
import { dialects, type SqlDialect } from '@dms/sql';
import { build, openDatabase, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Emitted,
  type EmittedSet,
  emitCampusAndAthletics,
  emitDocuments,
  reported,
  scriptWith,
  segmentsOf,
} from './emitted.spec-support.ts';
import { emitDdl } from './index.ts';
import { staticFindings } from './mssql/static-checks.spec-support.ts';
import { readScript } from './mssql/tsql-script.spec-support.ts';
import { readScenarioFile } from './scenarios.spec-support.ts';
import { catalogLines, dropEverything, failureOf, rolledBack, singleValue } from './sql-session.spec-support.ts';
import { referentialNamespace, uuidOf } from './uuid.spec-support.ts';

/* What the emitter writes for single facts of a model (design 07 §14; 06 §6.0). */

const { array, descriptor, descriptorPath, integer, object, project, reference, resource, string, uri } = build;

const widgets = () =>
  emitDocuments(
    project(
      'Ed-Fi',
      [
        resource('Widget', {
          identityJsonPaths: ['$.widgetId'],
          jsonSchemaForInsert: object({ widgetId: integer(), note: string(60), parts: array(object({ label: string(20) })) }, [
            'widgetId',
          ]),
        }),
      ],
      { endpoint: 'ed-fi' },
    ),
  );

type Change = (table: Table) => Table;

/** The model with one table changed. */
function withTable({ model }: Emitted, name: string, change: Change): RelationalModelSet {
  return {
    ...model,
    resources: model.resources.map((entry) => ({
      ...entry,
      tablesInDependencyOrder: entry.tablesInDependencyOrder.map((table) =>
        table.table.name === name ? change(table) : table,
      ),
    })),
  };
}

const withConstraints =
  (...constraints: readonly TableConstraint[]): Change =>
  (table) => ({ ...table, constraints: [...table.constraints, ...constraints] });

const scriptOf = (model: RelationalModelSet, inventory: Inventory) => emitDdl(model, inventory).script;

const quote = (dialect: SqlDialect, name: string) => (dialect === 'pgsql' ? `"${name}"` : `[${name}]`);

/** The statement that creates a table. */
function createTable(dialect: SqlDialect, script: string, schema: string, name: string): string {
  const start = script.indexOf(
    `CREATE TABLE ${dialect === 'pgsql' ? 'IF NOT EXISTS ' : ''}${quote(dialect, schema)}.${quote(dialect, name)}\n`,
  );
  if (start < 0) throw new Error(`no table ${schema}.${name}`);
  return script.slice(start, script.indexOf('\n);\n', start) + 4);
}

const segmentC = (dialect: SqlDialect, script: string) => segmentsOf(dialect, script).model;

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
    expect(segmentC(dialect, script)).toBe(
      dialect === 'pgsql'
        ? 'CREATE SCHEMA IF NOT EXISTS "edfi";\n\n'
        : "IF NOT EXISTS (SELECT 1 FROM sys.schemas WHERE name = N'edfi') EXEC('CREATE SCHEMA [edfi]');\n\n",
    );
  });

  it('case 2: no projects, no text', () => {
    const { model, inventory } = emitDocuments(project('Ed-Fi', [], { endpoint: 'ed-fi' })).in(dialect);
    expect(segmentC(dialect, scriptOf({ ...model, projects: [] }, inventory))).toBe('');
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
      const model = withTable(set, 'Widget', (table) => ({
        ...table,
        columns: table.columns.map((column) => (column.name === 'Note' ? { ...column, scalarType, isNullable } : column)),
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
    const typeless: Change = (owner) => ({
      ...owner,
      columns: owner.columns.map((column) => {
        // a key part that repeats a parent's ordinal keeps its type: its kind alone would make it a bigint
        if (column.kind === 'Scalar' || (column.kind === 'ParentKeyPart' && column.scalarType?.kind === 'Int32')) return column;
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
    const model = withTable(set, 'Widget', (table) => ({
      ...table,
      columns: table.columns.map((column) => (column.name === 'Note' ? { ...column, scalarType: null } : column)),
    }));
    const fault = reported(() => emitDdl(model, set.inventory));
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
    const model = withTable(set, 'Widget', (table) => ({
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
      set,
      'Widget',
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
    const statements = segmentC(dialect, script).match(/CREATE (UNIQUE )?INDEX.*/g);
    const q = (name: string) => quote(dialect, name);
    const guard = dialect === 'pgsql' ? 'IF NOT EXISTS ' : '';
    expect(set.inventory.indexes.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['PrimaryKey', 'UniqueConstraint']));
    expect(statements).toEqual([
      `CREATE UNIQUE INDEX ${guard}${q('IX_U')} ON ${q('edfi')}.${q('Widget')} (${q('Note')});`,
      `CREATE INDEX ${guard}${q('IX_X')} ON ${q('edfi')}.${q('Widget')} (${q('Note')}) INCLUDE (${q('WidgetId')}, ${q('DocumentId')});`,
    ]);
  });

  it('case 13: a descriptor has no table, key, index or trigger', () => {
    const { script } = emitDocuments(project('Ed-Fi', [descriptor('KindDescriptor')], { endpoint: 'ed-fi' })).in(dialect);
    expect(segmentC(dialect, script)).toBe(
      segmentC(dialect, emitDocuments(project('Ed-Fi', [], { endpoint: 'ed-fi' })).in(dialect).script),
    );
    expect(script).toContain('KindDescriptor');
  });

  const members = (agencyType = integer()) =>
    emitDocuments(
      project(
        'Ed-Fi',
        ['School', 'Agency'].map((name) =>
          resource(name, {
            isSubclass: true,
            superclassProjectName: 'Ed-Fi',
            superclassResourceName: 'Organization',
            superclassIdentityJsonPath: '$.organizationId',
            identityJsonPaths: [`$.${name.toLowerCase()}Id`],
            jsonSchemaForInsert: object({ [`${name.toLowerCase()}Id`]: name === 'Agency' ? agencyType : integer() }, [
              `${name.toLowerCase()}Id`,
            ]),
          }),
        ),
        { endpoint: 'ed-fi', abstractResources: { Organization: { identityJsonPaths: ['$.organizationId'] } } },
      ),
    ).in(dialect);

  const viewBody = (script: string) => /CREATE OR (?:REPLACE|ALTER) VIEW [^\n]+ AS\n([\s\S]*?);\n/.exec(script)?.[1];

  it('cases 14 and 15: arms in the order of the model, casts only where the type differs', () => {
    const narrow = members();
    const [view] = narrow.model.abstractUnionViews;
    const reversed = { ...narrow.model, abstractUnionViews: [{ ...view!, unionArms: [...view!.unionArms].reverse() }] };
    const order = (body: string | undefined) => [...(body ?? '').matchAll(/'Ed-Fi:(\w+)'/g)].map(([, name]) => name);
    expect(order(viewBody(narrow.script))).toEqual(view?.unionArms.map(({ concreteMember }) => concreteMember.resourceName));
    expect(order(viewBody(scriptOf(reversed, narrow.inventory)))).toEqual(order(viewBody(narrow.script)).reverse());
    expect(viewBody(narrow.script)).toBe(
      dialect === 'pgsql'
        ? `SELECT "DocumentId" AS "DocumentId", "AgencyId" AS "OrganizationId", 'Ed-Fi:Agency'::varchar(256) AS "Discriminator"
FROM "edfi"."Agency"
UNION ALL
SELECT "DocumentId" AS "DocumentId", "SchoolId" AS "OrganizationId", 'Ed-Fi:School'::varchar(256) AS "Discriminator"
FROM "edfi"."School"`
        : `SELECT [DocumentId] AS [DocumentId], [AgencyId] AS [OrganizationId], CAST(N'Ed-Fi:Agency' AS nvarchar(256)) AS [Discriminator]
FROM [edfi].[Agency]
UNION ALL
SELECT [DocumentId] AS [DocumentId], [SchoolId] AS [OrganizationId], CAST(N'Ed-Fi:School' AS nvarchar(256)) AS [Discriminator]
FROM [edfi].[School]`,
    );
    const wide = viewBody(members(integer('int64')).script);
    expect(wide).toContain(
      dialect === 'pgsql' ? '"SchoolId"::bigint AS "OrganizationId"' : 'CAST([SchoolId] AS bigint) AS [OrganizationId]',
    );
    expect(wide).toContain(`, ${quote(dialect, 'AgencyId')} AS ${quote(dialect, 'OrganizationId')}`);
  });

  it('case 16: a view without arms; an arm with one expression too few', () => {
    const { model, inventory } = members();
    const [view] = model.abstractUnionViews;
    const empty = reported(() => emitDdl({ ...model, abstractUnionViews: [{ ...view!, unionArms: [] }] }, inventory));
    expect(empty.code).toBe('DDL_VIEW_EMPTY');
    expect(empty.message).toContain('edfi.Organization_View');
    const [first, ...others] = view!.unionArms;
    const short = reported(() =>
      emitDdl(
        {
          ...model,
          abstractUnionViews: [{ ...view!, unionArms: [{ ...first!, projections: first!.projections.slice(1) }, ...others] }],
        },
        inventory,
      ),
    );
    expect(short.code).toBe('DDL_VIEW_ARM_MISMATCH');
    for (const part of ['edfi.Organization_View', 'edfi.Agency', '2', '3']) expect(short.message).toContain(part);
  });

  it('case 17: a stamping trigger needs exactly one key column', () => {
    for (const keyColumns of [[], ['DocumentId', 'WidgetId']]) {
      const triggers = set.inventory.triggers.map((trigger) =>
        trigger.name === 'TR_Widget_Stamp' ? { ...trigger, keyColumns } : trigger,
      );
      const fault = reported(() => emitDdl(set.model, { ...set.inventory, triggers }));
      expect(fault.code).toBe('DDL_STAMP_KEY');
      expect(fault.message).toContain('TR_Widget_Stamp');
      expect(fault.message).toContain(String(keyColumns.length));
    }
  });

  it('case 18: a referential identity needs elements, its alias too', () => {
    const { model, inventory } = members();
    const without = (change: 'own' | 'alias') =>
      inventory.triggers.map((trigger) => {
        if (trigger.kind !== 'ReferentialIdentityMaintenance' || trigger.resourceName !== 'School') return trigger;
        return change === 'own'
          ? { ...trigger, identityElements: [] }
          : { ...trigger, superclassAlias: { ...trigger.superclassAlias!, identityElements: [] } };
      });
    const own = reported(() => emitDdl(model, { ...inventory, triggers: without('own') }));
    expect([own.code, own.message.includes('Ed-Fi:School')]).toEqual(['DDL_IDENTITY_EMPTY', true]);
    expect(reported(() => emitDdl(model, { ...inventory, triggers: without('alias') })).code).toBe('DDL_IDENTITY_EMPTY');
  });

  it('case 19: a propagation trigger belongs to SQL Server, and needs referrers', () => {
    const trigger = {
      kind: 'IdentityPropagationFallback' as const,
      name: 'TR_Widget_PropagateIdentity',
      table: { schema: 'edfi', name: 'Widget' },
      keyColumns: ['DocumentId'],
      identityProjectionColumns: ['WidgetId'],
      referrerUpdates: [],
    };
    const fault = reported(() => emitDdl(set.model, { ...set.inventory, triggers: [...set.inventory.triggers, trigger] }));
    expect(fault.code).toBe(dialect === 'pgsql' ? 'DDL_PROPAGATION_DIALECT' : 'DDL_PROPAGATION_EMPTY');
    expect(fault.message).toContain('TR_Widget_PropagateIdentity');
  });

  it('case 19a: a resource that references itself', () => {
    const self = emitDocuments(
      project(
        'Ed-Fi',
        [
          resource('Node', {
            allowIdentityUpdates: true,
            identityJsonPaths: ['$.nodeName'],
            documentPathsMapping: { Parent: reference('Ed-Fi:Node', [['$.nodeName', '$.parentReference.nodeName']], false) },
            jsonSchemaForInsert: object({ nodeName: string(), parentReference: object({ nodeName: string() }, ['nodeName']) }, [
              'nodeName',
            ]),
          }),
        ],
        { endpoint: 'ed-fi' },
      ),
    ).in(dialect);
    const propagation = self.inventory.triggers.filter(({ kind }) => kind === 'IdentityPropagationFallback');
    const q = (name: string) => quote(dialect, name);
    if (dialect === 'pgsql') {
      expect(propagation).toEqual([]);
      expect(self.script).toContain(
        `ADD CONSTRAINT "FK_Node_Parent_RefKey" FOREIGN KEY ("Parent_DocumentId", "Parent_NodeName")\n        REFERENCES "edfi"."Node" ("DocumentId", "NodeName")\n        ON DELETE NO ACTION ON UPDATE CASCADE;`,
      );
    } else {
      expect(propagation).toEqual([
        expect.objectContaining({
          name: 'TR_Node_PropagateIdentity',
          referrerUpdates: [expect.objectContaining({ referrerTable: { schema: 'edfi', name: 'Node' } })],
        }),
      ]);
      expect(self.script).toContain(
        `ADD CONSTRAINT ${q('FK_Node_Parent')} FOREIGN KEY (${q('Parent_DocumentId')})\nREFERENCES ${q('edfi')}.${q('Node')} (${q('DocumentId')})\nON DELETE NO ACTION ON UPDATE NO ACTION;`,
      );
      expect(self.script).not.toContain('FK_Node_Parent_RefKey');
    }
  });

  it('case 19b: the clause of a deferrable key', () => {
    const model = withTable(set, 'Widget', (table) => ({
      ...table,
      constraints: table.constraints.map((constraint) =>
        constraint.kind === 'ForeignKey' ? { ...constraint, deferrable: true } : constraint,
      ),
    }));
    const script = scriptOf(model, set.inventory);
    const key = /ADD CONSTRAINT .FK_Widget_Document.[^;]*;/.exec(script)?.[0];
    expect(
      key?.endsWith(`ON DELETE CASCADE ON UPDATE NO ACTION${dialect === 'pgsql' ? ' DEFERRABLE INITIALLY DEFERRED' : ''};`),
    ).toBe(true);
    expect(script.match(/DEFERRABLE/g) ?? []).toHaveLength(dialect === 'pgsql' ? 1 : 0);
  });

  it('case 20: model and inventory of two dialects', () => {
    const theirs = widgets().in(dialect === 'pgsql' ? 'mssql' : 'pgsql');
    const fault = reported(() => emitDdl(set.model, theirs.inventory));
    expect(fault.code).toBe('DDL_DIALECT_MISMATCH');
    for (const part of ['pgsql', 'mssql']) expect(fault.message).toContain(part);
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
              set,
              'Widget',
              withConstraints({ ...key, columns: ['DocumentId', 'WidgetId'], targetColumns: ['DocumentId'] }),
            ),
            set.inventory,
          ),
      ],
      [
        'FK_X',
        () => emitDdl(withTable(set, 'Widget', withConstraints({ ...key, columns: [], targetColumns: [] })), set.inventory),
      ],
      [
        'UX_X',
        () => emitDdl(withTable(set, 'Widget', withConstraints({ kind: 'Unique', name: 'UX_X', columns: [] })), set.inventory),
      ],
      ['IX_X', () => emitDdl(set.model, { ...set.inventory, indexes: [...set.inventory.indexes, index] })],
    ];
    for (const [name, action] of cases) {
      const fault = reported(action);
      expect(fault.code).toBe('DDL_INVALID_KEY');
      for (const part of ['edfi.Widget', name]) expect(fault.message).toContain(part);
    }
  });

  it('case 24: two views and no trigger, each view in its own batch', () => {
    const { model, inventory } = members();
    const [view] = model.abstractUnionViews;
    const second = { ...view!, view: { schema: 'edfi', name: 'Another_View' } };
    const script = scriptOf({ ...model, abstractUnionViews: [view!, second] }, { ...inventory, triggers: [] });
    if (dialect === 'mssql') {
      const read = readScript(script);
      expect(staticFindings(read)).toEqual([]);
      expect(read.modules.filter(({ kind }) => kind === 'VIEW').map(({ name }) => name)).toEqual([
        'edfi.Another_View',
        'edfi.Organization_View',
      ]);
      expect(read.modules.filter(({ kind }) => kind === 'TRIGGER').map(({ name }) => name)).toEqual([
        'dms.TR_Document_Journal',
      ]);
      expect(script).toMatch(/FROM \[edfi\]\.\[School\];\n\nGO\n\n-- =+\n-- Phase 7: Seed Data/);
    } else expect(script.match(/CREATE OR REPLACE VIEW/g)).toHaveLength(2);
  });

  it('emits nothing when anything is wrong', () => {
    const { model, inventory } = members();
    const [view] = model.abstractUnionViews;
    expect(() => emitDdl({ ...model, abstractUnionViews: [view!, { ...view!, unionArms: [] }] }, inventory)).toThrow(DmsError);
  });

  it('invariants 5 to 7 of design 07 §14', () => {
    const { model, inventory, catalog, script } = campus.in(dialect);
    const resources = model.resources.filter(({ storageKind }) => storageKind === 'RelationalTables');
    const own = resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder);
    const derived = catalog.tables.filter(({ schema }) => schema !== 'dms');
    expect(derived).toHaveLength(own.length + model.abstractIdentityTables.length + 1);
    expect(script.match(/CREATE TABLE/g)).toHaveLength(derived.length + 8);
    const abstracts = new Set(model.abstractIdentityTables.map(({ table }) => table.table.name));
    for (const table of derived) {
      const isAuth = table.schema === 'auth';
      const cascades = table.foreignKeys.filter(({ onDelete }) => onDelete === 'CASCADE');
      expect(cascades, table.name).toHaveLength(isAuth ? 0 : 1);
      const stamps = table.triggers.filter(({ intent }) => intent.kind === 'DocumentStamping');
      expect(stamps, table.name).toHaveLength(isAuth || abstracts.has(table.name) ? 0 : 1);
      for (const trigger of table.triggers) {
        expect([trigger.timing, trigger.level]).toEqual(['AFTER', dialect === 'pgsql' ? 'ROW' : 'STATEMENT']);
        if (dialect === 'pgsql') expect(trigger.function?.startsWith(`${table.schema}.TF_TR_`)).toBe(true);
      }
    }
    const roots = new Map(resources.map(({ tablesInDependencyOrder: [root], superclass }) => [root?.table.name, superclass]));
    for (const [name, superclass] of roots) {
      const kinds = inventory.triggers.filter(({ table }) => table.name === name).map(({ kind }) => kind);
      expect(
        kinds.filter((kind) => kind === 'ReferentialIdentityMaintenance'),
        name,
      ).toHaveLength(1);
      expect(
        kinds.filter((kind) => kind === 'AbstractIdentityMaintenance'),
        name,
      ).toHaveLength(superclass ? 1 : 0);
    }
    const functions = catalog.functions.filter(({ schema }) => schema !== 'dms');
    expect(functions).toHaveLength(dialect === 'pgsql' ? inventory.triggers.length : 0);
    const limit = dialect === 'pgsql' ? 63 : 128;
    for (const match of script.matchAll(dialect === 'pgsql' ? /"((?:[^"]|"")+)"/g : /\[((?:[^\]]|\]\])+)\]/g))
      expect(Buffer.byteLength(match[1] ?? ''), match[1]).toBeLessThanOrEqual(limit);
  });
});

describe('the dialects', () => {
  it('have the same triggers, keys, checks and indexes but for fallback keys and update actions (invariant 6)', async () => {
    const { pgsql, mssql } = await emitCampusAndAthletics();
    const facts = ({ model, inventory }: Emitted) => {
      const tables = [
        ...model.resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder),
        ...model.abstractIdentityTables.map(({ table }) => table),
      ];
      return {
        tables: tables.length,
        constraints: tables.reduce((sum, { constraints }) => sum + constraints.length, 0),
        indexes: inventory.indexes.length,
        triggers: inventory.triggers.filter(({ kind }) => kind !== 'IdentityPropagationFallback').length,
      };
    };
    expect(facts(mssql)).toEqual(facts(pgsql));
    expect(pgsql.inventory.triggers.some(({ kind }) => kind === 'IdentityPropagationFallback')).toBe(false);
    // Section references Location twice: one of the two keys cannot cascade on SQL Server
    const propagation = mssql.inventory.triggers.filter(({ kind }) => kind === 'IdentityPropagationFallback');
    expect(propagation.map(({ name }) => name)).toEqual(['TR_Location_PropagateIdentity']);
    expect(mssql.script).not.toContain('DEFERRABLE');
  });
});

describe('a trigger function of PostgreSQL', () => {
  it('has a name that is shortened once more (design 07 §8.1)', async () => {
    // 'TF_' and the full 63 bytes of the trigger name: shortened again with the hash of the 66 bytes
    const { pgsql } = await emitCampusAndAthletics();
    const long = pgsql.catalog.tables.flatMap(({ triggers }) => triggers).filter(({ name }) => name.length > 60);
    expect(long.length).toBeGreaterThan(0);
    const { createHash } = await import('node:crypto');
    for (const { name, function: routine } of long) {
      const full = `TF_${name}`;
      const hash = createHash('sha256').update(full).digest('hex').slice(0, 10);
      expect(routine?.slice(routine.indexOf('.') + 1)).toBe(`${full.slice(0, 52)}_${hash}`);
    }
  });

  it('is the example of the chapter for a name of the data standard', async () => {
    const { limitIdentifier, dialectRules } = await import('@dms/sql');
    const trigger = 'TR_SurveySectionResponseEducationOrganizationTargetA_f6512e6500';
    expect(limitIdentifier(dialectRules.pgsql, `TF_${trigger}`)).toBe(
      'TF_TR_SurveySectionResponseEducationOrganizationTarg_7609793e43',
    );
  });
});

describe('seed values (design 06 §6.0)', () => {
  const set = widgets().pgsql;
  const { info } = widgets().set;
  const text = {
    version: 'dms.EffectiveSchema.ApiSchemaFormatVersion must not be empty.',
    hash: 'dms.EffectiveSchema.EffectiveSchemaHash must be 64 lowercase hex characters.',
    negative: (count: number) => `dms.EffectiveSchema.ResourceKeyCount must be non-negative, but found ${count}.`,
    tooMany: (count: number) => `dms.EffectiveSchema.ResourceKeyCount must be less than or equal to 32767, but found ${count}.`,
    seed: (length: number) => `dms.EffectiveSchema.ResourceKeySeedHash must be exactly 32 bytes, but found ${length}.`,
  };
  const fault = (change: Parameters<typeof scriptWith>[1]) => reported(() => scriptWith(set, change));

  it.each([
    [{ effectiveSchemaHash: 'a'.repeat(63) }, text.hash],
    [{ effectiveSchemaHash: `A${'a'.repeat(63)}` }, text.hash],
    [{ effectiveSchemaHash: `${'a'.repeat(64)}\n` }, text.hash],
    [{ resourceKeyCount: -1 }, text.negative(-1)],
    [{ resourceKeyCount: 32768 }, text.tooMany(32768)],
    [{ resourceKeySeedHash: new Uint8Array(31) }, text.seed(31)],
    [{ resourceKeySeedHash: new Uint8Array(33) }, text.seed(33)],
    [{ apiSchemaFormatVersion: '' }, text.version],
    [{ apiSchemaFormatVersion: '  ' }, text.version],
  ])('%j', (change, issue) => {
    const { code, message } = fault(change);
    expect(code).toBe('DDL_SEED_METADATA_INVALID');
    expect(message).toContain('dms.EffectiveSchema');
    expect(message).toContain(issue);
  });

  it('lists several issues in order, joined by semicolons', () => {
    const { message } = fault({
      apiSchemaFormatVersion: '\t',
      effectiveSchemaHash: 'x',
      resourceKeyCount: -5,
      resourceKeySeedHash: new Uint8Array(1),
    });
    const positions = [text.version, text.hash, text.negative(-5), text.seed(1)].map((issue) => message.indexOf(issue));
    expect(positions.every((position) => position > 0)).toBe(true);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(message.split('; ')).toHaveLength(4);
  });

  it('counts the keys of the list as well', () => {
    const [key] = info.resourceKeys;
    const { message } = fault({ resourceKeys: Array.from({ length: 32768 }, (_, index) => ({ ...key!, id: index + 1 })) });
    expect(message).toContain(text.tooMany(32768));
  });

  it.each(['', '  ', '\n'])('a missing hash %j is an error of its own', (effectiveSchemaHash) => {
    expect(fault({ effectiveSchemaHash }).code).toBe('DDL_EMPTY_SCHEMA_HASH');
  });
});

describe('on a database', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openDatabase();
  });

  afterAll(() => database.close());

  const twoWays = () => {
    const link = (name: string, other: string) =>
      resource(name, {
        identityJsonPaths: [`$.${name.toLowerCase()}Id`],
        documentPathsMapping: {
          Other: reference(
            `Ed-Fi:${other}`,
            [[`$.${other.toLowerCase()}Id`, `$.otherReference.${other.toLowerCase()}Id`]],
            false,
          ),
        },
        jsonSchemaForInsert: object(
          {
            [`${name.toLowerCase()}Id`]: integer(),
            otherReference: object({ [`${other.toLowerCase()}Id`]: integer() }, [`${other.toLowerCase()}Id`]),
          },
          [`${name.toLowerCase()}Id`],
        ),
      });
    return emitDocuments(project('Ed-Fi', [link('Hen', 'Egg'), link('Egg', 'Hen')], { endpoint: 'ed-fi' }));
  };

  it('case 7: two tables that reference each other', () =>
    rolledBack(database, async () => {
      const { pgsql, mssql } = twoWays();
      expect(staticFindings(readScript(mssql.script))).toEqual([]);
      for (const { script } of [pgsql, mssql])
        expect(Math.max(...[...script.matchAll(/CREATE TABLE/g)].map(({ index }) => index))).toBeLessThan(
          script.indexOf('FOREIGN KEY', script.indexOf('edfi')),
        );
      await database.exec(pgsql.script);
      expect(
        await singleValue(
          database,
          `SELECT count(*) FROM pg_constraint WHERE conname IN ('FK_Hen_Egg_RefKey', 'FK_Egg_Hen_RefKey', 'FK_Hen_Other_RefKey', 'FK_Egg_Other_RefKey')`,
        ),
      ).toBe(2);
    }));

  /** Replaces whole strings anywhere in a plain value. */
  function renamed<Value>(value: Value, names: ReadonlyMap<string, string>): Value {
    if (typeof value === 'string') return (names.get(value) ?? value) as Value;
    if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
    if (Array.isArray(value)) return value.map((item) => renamed(item, names)) as Value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, renamed(member, names)])) as Value;
  }

  it('case 8: identifiers with quotes and brackets', () =>
    rolledBack(database, async () => {
      const odd = (name: string) => `${name}"]'x[`;
      const names = [
        'edfi',
        'Widget',
        'WidgetId',
        'Note',
        'PK_Widget',
        'UX_Widget_NK',
        'FK_Widget_Document',
        'WidgetPart',
        'Label',
        'TR_Widget_Stamp',
        'TR_Widget_ReferentialIdentity',
      ];
      // the resource name stays: it is a value, not an identifier
      const map = new Map(names.map((name) => [name, odd(name)]));
      const { pgsql, mssql } = widgets();
      const emit = ({ model, inventory }: Emitted) => {
        const { resources, ...rest } = model;
        const changed = resources.map(({ resourceKey, ...entry }) => ({ ...renamed(entry, map), resourceKey }));
        const triggers = inventory.triggers.map((trigger) =>
          trigger.kind === 'ReferentialIdentityMaintenance'
            ? { ...renamed(trigger, map), resourceName: trigger.resourceName }
            : renamed(trigger, map),
        );
        return emitDdl(
          { ...rest, projects: renamed(rest.projects, map), resources: changed },
          { ...inventory, indexes: renamed(inventory.indexes, map), triggers },
        ).script;
      };
      const text = emit(pgsql);
      expect(text).toContain(`"edfi""]'x["."Widget""]'x["`);
      expect(text).toContain(`to_regclass('"edfi""]''x["."Widget""]''x["')`);
      await database.exec(text);
      await database.exec(text);
      const lines = await catalogLines(database);
      for (const name of names.slice(1))
        expect(
          lines.some((line) => line.includes(odd(name)) || line.includes(odd(name).replaceAll('"', '""'))),
          name,
        ).toBe(true);
      expect(await database.queryRows("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'edfi%'")).toEqual([[odd('edfi')]]);
      const q = (name: string) => `"${odd(name).replaceAll('"', '""')}"`;
      await database.exec(
        `INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), 1);
         INSERT INTO ${q('edfi')}.${q('Widget')} ("DocumentId", ${q('WidgetId')}) SELECT "DocumentId", 7 FROM dms."Document"`,
      );
      expect(await singleValue(database, 'SELECT count(*) FROM dms."ReferentialIdentity"')).toBe(1);
      const theirs = emit(mssql);
      expect(theirs).toContain(`CREATE TABLE [edfi"]]'x[].[Widget"]]'x[]`);
      expect(theirs).toContain(`OBJECT_ID(N'edfi"]''x[.Widget"]''x[', N'U')`);
      expect(theirs).toContain(`EXEC('CREATE SCHEMA [edfi"]]''x[]')`);
      expect(staticFindings(readScript(theirs))).toEqual([]);
    }));

  it('cases 25 and 26: a dropped key and index come back, a dropped check of an existing table does not', async () => {
    const { pgsql } = emitDocuments(
      project(
        'Ed-Fi',
        [
          descriptor('KindDescriptor'),
          resource('Widget', {
            identityJsonPaths: ['$.widgetId'],
            documentPathsMapping: {
              Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor'),
              Other: reference('Ed-Fi:Widget', [['$.widgetId', '$.otherReference.widgetId']], false),
            },
            jsonSchemaForInsert: object(
              { widgetId: integer(), kindDescriptor: uri(), otherReference: object({ widgetId: integer() }, ['widgetId']) },
              ['widgetId'],
            ),
          }),
        ],
        { endpoint: 'ed-fi' },
      ),
    );
    await rolledBack(database, async () => {
      await database.exec(pgsql.script);
      const before = await catalogLines(database);
      await database.exec(
        'ALTER TABLE edfi."Widget" DROP CONSTRAINT "FK_Widget_KindDescriptor"; DROP INDEX edfi."IX_Widget_KindDescriptor_DescriptorId"',
      );
      const damaged = await catalogLines(database);
      expect(before.filter((line) => !damaged.includes(line))).toHaveLength(3);
      await database.exec(pgsql.script);
      expect(await catalogLines(database)).toEqual(before);
      await database.exec('ALTER TABLE edfi."Widget" DROP CONSTRAINT "CK_Widget_Other_AllNone"');
      await database.exec(pgsql.script);
      const after = await catalogLines(database);
      expect(before.filter((line) => !after.includes(line)).map((line) => /CK_\w+/.exec(line)?.[0])).toEqual([
        'CK_Widget_Other_AllNone',
      ]);
      expect(after.filter((line) => !before.includes(line))).toEqual([]);
    });
  });

  it('two resources that reference each other: a rename comes back to the renamed row (design 11 §5 row 6)', async () => {
    // rows of an earlier transaction: within the one that wrote them PostgreSQL checks even the unchanged key of the row again
    const { inputs } = readScenarioFile(path.resolve(import.meta.dirname, '../scenarios/propagation.json'));
    const name = (resourceName: string, elements: string) => uuidOf(referentialNamespace, `Ed-Fi${resourceName}${elements}`);
    try {
      await database.exec(emitDocuments(inputs.circle ?? {}).pgsql.script);
      await database.exec(
        `INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), 1), (gen_random_uuid(), 2);
         INSERT INTO edfi."A" ("DocumentId", "ACode") VALUES (1, 'a');
         INSERT INTO edfi."B" ("DocumentId", "BCode", "A_DocumentId", "A_ACode") VALUES (2, 'b', 1, 'a');
         UPDATE edfi."A" SET "Back_DocumentId" = 2, "Back_BCode" = 'b', "Back_ACode" = 'a'`,
      );
      await database.exec(`UPDATE edfi."A" SET "ACode" = 'z'`);
      expect(await database.queryRows('SELECT "ACode", "Back_BCode", "Back_ACode" FROM edfi."A"')).toEqual([['z', 'b', 'z']]);
      expect(await database.queryRows('SELECT "BCode", "A_ACode" FROM edfi."B"')).toEqual([['b', 'z']]);
      expect(
        await database.queryRows('SELECT "ReferentialId"::text FROM dms."ReferentialIdentity" ORDER BY "DocumentId"'),
      ).toEqual([[name('A', '$.aCode=z')], [name('B', '$.bCode=b#$.aReference.aCode=z')]]);
    } finally {
      await dropEverything(database);
    }
  });

  it('a foreign key of the model is validated and matched simply', () =>
    rolledBack(database, async () => {
      const { pgsql } = await emitCampusAndAthletics();
      await database.exec(pgsql.script);
      expect(
        await singleValue(
          database,
          "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND (NOT convalidated OR confmatchtype <> 's')",
        ),
      ).toBe(0);
      expect((await failureOf(database, 'INSERT INTO campus."Section" ("DocumentId") VALUES (1)')).code).toBe('23502');
      // trigger functions: no arguments, plpgsql, volatile, invoker, no settings; triggers: no condition, no columns
      expect(
        await database.queryRows(
          `SELECT DISTINCT pg_get_function_result(p.oid), p.pronargs, l.lanname, p.provolatile::text, p.prosecdef, p.proconfig IS NULL
           FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang WHERE n.nspname IN ('campus', 'athletics')`,
        ),
      ).toEqual([['trigger', 0, 'plpgsql', 'v', false, true]]);
      expect(
        await database.queryRows(
          `SELECT DISTINCT t.tgenabled::text, t.tgqual IS NULL, t.tgnargs, t.tgattr::text, t.tgdeferrable, t.tgoldtable IS NULL, t.tgnewtable IS NULL
           FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE NOT t.tgisinternal AND n.nspname IN ('campus', 'athletics')`,
        ),
      ).toEqual([['O', true, 0, '', false, true, true]]);
      expect(
        await database.queryRows(
          `SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
           WHERE NOT t.tgisinternal AND p.pronamespace <> c.relnamespace`,
        ),
      ).toEqual([]);
    }));
});
