import { buildEffectiveSchema } from '@dms/api-schema';
import { toJsonValue } from '@dms/canonical-json';
import { DmsError } from '@dms/diagnostics';
import { deriveInventory } from '@dms/inventory';
import { type Column, deriveModel, type RelationalModelSet } from '@dms/relational-model';
import { dialects, type SqlDialect } from '@dms/sql';
import { build, hasSharedData, readSharedJson } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { buildDesiredCatalog, catalogText, type DesiredCatalog, normalForm } from './index.ts';

/* The desired catalog of a model and its inventory (design 09 §3.1, §3.5; 06 §4; 07 §4). */

const { array, integer, object, project, reference, resource, string } = build;

const part = (label: string, pairs: readonly (readonly [string, string])[]) => ({
  ...reference(label, pairs),
  isPartOfIdentity: true,
});

/** Stop ← Visit → Line over a unified line number; Stop is a Place; a collection. */
const document = project(
  'Transit',
  [
    resource('Line', {
      allowIdentityUpdates: true,
      identityJsonPaths: ['$.lineNumber'],
      jsonSchemaForInsert: object({ lineNumber: integer() }, ['lineNumber']),
    }),
    resource('Stop', {
      isSubclass: true,
      superclassProjectName: 'Transit',
      superclassResourceName: 'EducationOrganization',
      superclassIdentityJsonPath: '$.educationOrganizationId',
      identityJsonPaths: ['$.stopId'],
      jsonSchemaForInsert: object({ stopId: integer('int64'), benches: array(object({ material: string(30) })) }, ['stopId']),
    }),
    resource('Trip', {
      identityJsonPaths: ['$.lineReference.lineNumber', '$.tripCode'],
      documentPathsMapping: { Line: part('Transit:Line', [['$.lineNumber', '$.lineReference.lineNumber']]) },
      jsonSchemaForInsert: object({ tripCode: string(20), lineReference: object({ lineNumber: integer() }, ['lineNumber']) }, [
        'tripCode',
        'lineReference',
      ]),
    }),
    resource('Visit', {
      identityJsonPaths: ['$.visitNumber', '$.lineReference.lineNumber'],
      documentPathsMapping: {
        Line: part('Transit:Line', [['$.lineNumber', '$.lineReference.lineNumber']]),
        Trip: reference(
          'Transit:Trip',
          [
            ['$.lineReference.lineNumber', '$.tripReference.lineNumber'],
            ['$.tripCode', '$.tripReference.tripCode'],
          ],
          false,
        ),
      },
      equalityConstraints: [{ sourceJsonPath: '$.lineReference.lineNumber', targetJsonPath: '$.tripReference.lineNumber' }],
      jsonSchemaForInsert: object(
        {
          visitNumber: integer(),
          lineReference: object({ lineNumber: integer() }, ['lineNumber']),
          tripReference: object({ lineNumber: integer(), tripCode: string(20) }, ['lineNumber', 'tripCode']),
        },
        ['visitNumber', 'lineReference'],
      ),
    }),
  ],
  { endpoint: 'transit', abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } } },
);

function derive(dialect: SqlDialect) {
  const set = buildEffectiveSchema([{ file: 'transit.json', root: toJsonValue(document) }]);
  const { model } = deriveModel(set, dialect);
  return { set, model, inventory: deriveInventory(model) };
}

function catalogOf(dialect: SqlDialect): DesiredCatalog {
  const { model, inventory } = derive(dialect);
  return buildDesiredCatalog(model, inventory);
}

const tableOf = (catalog: DesiredCatalog, name: string) => {
  const found = catalog.tables.find((table) => `${table.schema}.${table.name}` === name);
  if (!found) throw new Error(`no table ${name}`);
  return found;
};

function faultOf(action: () => unknown) {
  try {
    action();
  } catch (error) {
    if (error instanceof DmsError) return error.diagnostics[0];
    throw error;
  }
  throw new Error('nothing was reported');
}

/** The model with the columns of one table changed. */
const withColumns = (model: RelationalModelSet, name: string, change: (column: Column) => Column): RelationalModelSet => ({
  ...model,
  resources: model.resources.map((entry) => ({
    ...entry,
    tablesInDependencyOrder: entry.tablesInDependencyOrder.map((table) =>
      table.table.name === name ? { ...table, columns: table.columns.map(change) } : table,
    ),
  })),
});

describe.each(dialects)('the desired catalog for %s', (dialect) => {
  const isPgsql = dialect === 'pgsql';

  it('lists schemas, extensions and the sequence', () => {
    const catalog = catalogOf(dialect);
    expect(catalog.dialect).toBe(dialect);
    expect(catalog.schemas).toEqual(['auth', 'dms', 'transit']);
    expect(catalog.projectSchemas).toEqual(['transit', 'auth']);
    expect(catalog.extensions).toEqual(isPgsql ? [{ name: 'pgcrypto', schema: 'public' }] : []);
    expect(catalog.sequences).toEqual([
      {
        schema: 'dms',
        name: 'ChangeVersionSequence',
        type: 'bigint',
        start: '1',
        increment: '1',
        min: isPgsql ? '1' : '-9223372036854775808',
        max: '9223372036854775807',
        cycle: false,
      },
    ]);
    expect(catalog.tableTypes).toEqual([]);
  });

  it('lists the tables of core, model, hierarchy and abstract identities, in creation order', () => {
    const catalog = catalogOf(dialect);
    expect(catalog.tables.map(({ schema, name, group }) => `${group} ${schema}.${name}`)).toEqual([
      ...[
        'Descriptor',
        'Document',
        'DocumentCache',
        'DocumentChangeEvent',
        'EffectiveSchema',
        'ReferentialIdentity',
        'ResourceKey',
        'SchemaComponent',
      ].map((name) => `core dms.${name}`),
      ...['Line', 'Stop', 'StopBench', 'Trip', 'Visit'].map((name) => `resources transit.${name}`),
      'auth auth.EducationOrganizationIdToEducationOrganizationId',
      'abstractIdentities transit.EducationOrganizationIdentity',
    ]);
    for (const table of catalog.tables) {
      expect(table.storage).toBe('ordinary');
      for (const list of [table.uniques, table.foreignKeys, table.checks, table.indexes, table.triggers]) {
        const names = list.map(({ name }) => name);
        expect(names).toEqual([...names].sort());
      }
    }
  });

  it('knows what an engine records of a generated column', () => {
    const visit = tableOf(catalogOf(dialect), 'transit.Visit');
    const generated = visit.columns.filter((column) => column.generated);
    expect(generated.map(({ name }) => name)).toEqual(['Line_LineNumber', 'Trip_LineNumber']);
    for (const column of generated) {
      const presence = column.name.replace('LineNumber', 'DocumentId');
      expect(column).toMatchObject({
        type: isPgsql ? 'integer' : 'int',
        nullable: true,
        identity: null,
        default: null,
        generated: { expression: `CASE WHEN "${presence}" IS NULL THEN NULL ELSE "LineNumber_Unified" END`, stored: true },
        isWritable: false,
      });
    }
    expect(visit.columns.find(({ name }) => name === 'LineNumber_Unified')).toMatchObject({
      nullable: false,
      generated: null,
      isWritable: true,
    });
  });

  it('takes an ungated alias for nullable on PostgreSQL, and for what its canonical column is on SQL Server', () => {
    const { model, inventory } = derive(dialect);
    for (const isNullable of [true, false]) {
      const changed = withColumns(model, 'Visit', (column) => {
        if (column.name === 'LineNumber_Unified') return { ...column, isNullable };
        if (column.storage.kind !== 'UnifiedAlias') return column;
        return { ...column, storage: { ...column.storage, presenceColumn: null } };
      });
      const [alias] = tableOf(buildDesiredCatalog(changed, inventory), 'transit.Visit').columns.filter(
        (column) => column.generated,
      );
      expect(alias).toMatchObject({
        nullable: isPgsql || isNullable,
        generated: { expression: '"LineNumber_Unified"', stored: true },
      });
    }
  });

  it('gives a generated column its declared type on PostgreSQL, that of its canonical column on SQL Server', () => {
    const { model, inventory } = derive(dialect);
    const changed = withColumns(model, 'Visit', (column) =>
      column.name === 'Trip_LineNumber' ? { ...column, scalarType: { kind: 'Int64', maxLength: null, decimal: null } } : column,
    );
    const alias = tableOf(buildDesiredCatalog(changed, inventory), 'transit.Visit').columns.find(
      ({ name }) => name === 'Trip_LineNumber',
    );
    expect(alias?.type).toBe(isPgsql ? 'bigint' : 'int');
  });

  it('has the triggers of the inventory with their functions or bodies', () => {
    const { inventory } = derive(dialect);
    const catalog = catalogOf(dialect);
    const triggers = catalog.tables
      .filter(({ schema }) => schema !== 'dms')
      .flatMap((table) => table.triggers.map((trigger) => ({ table, trigger })));
    expect(triggers.map(({ trigger }) => trigger.name).sort()).toEqual(inventory.triggers.map(({ name }) => name).sort());
    const events = {
      DocumentStamping: ['INSERT', 'UPDATE', 'DELETE'],
      ReferentialIdentityMaintenance: ['INSERT', 'UPDATE'],
      AbstractIdentityMaintenance: ['INSERT', 'UPDATE'],
      IdentityPropagationFallback: ['UPDATE'],
    } as const;
    for (const { table, trigger } of triggers) {
      const { intent } = trigger;
      if (intent.kind === 'DocumentJournal') throw new Error('no journal here');
      expect(trigger.events).toEqual(
        intent.kind === 'AuthHierarchyMaintenance' ? [intent.triggerEvent.toUpperCase()] : events[intent.kind],
      );
      expect(trigger).toMatchObject({
        timing: 'AFTER',
        level: isPgsql ? 'ROW' : 'STATEMENT',
        updateOf: [],
        enabled: true,
        body: null,
      });
      expect(trigger.function).toBe(isPgsql ? `${table.schema}.TF_${trigger.name}` : null);
    }
    expect(triggers.map(({ trigger }) => trigger.name)).toEqual(
      expect.arrayContaining(['TR_Stop_AuthHierarchy_Insert', 'TR_Stop_AbstractIdentity', 'TR_StopBench_Stamp']),
    );
    expect(tableOf(catalog, 'dms.Document').triggers).toEqual([
      expect.objectContaining({
        name: 'TR_Document_Journal',
        events: ['INSERT', 'UPDATE'],
        updateOf: isPgsql ? ['ContentVersion'] : [],
        function: isPgsql ? 'dms.TF_Document_Journal' : null,
      }),
    ]);
  });

  it('has a function per trigger on PostgreSQL besides uuidv5, none on SQL Server', () => {
    const catalog = catalogOf(dialect);
    const uuid = catalog.functions.find(({ name }) => name === 'uuidv5');
    expect(uuid).toMatchObject(
      isPgsql
        ? {
            schema: 'dms',
            arguments: 'namespace_uuid uuid, name_text text',
            result: 'uuid',
            language: 'plpgsql',
            volatility: 'immutable',
            strict: true,
          }
        : {
            schema: 'dms',
            arguments: '@namespace_uuid uniqueidentifier, @name_text nvarchar(max)',
            result: 'uniqueidentifier',
            language: 'tsql',
            volatility: null,
            strict: null,
          },
    );
    const names = catalog.functions.filter((routine) => routine !== uuid).map(({ schema, name }) => `${schema}.${name}`);
    const wanted = catalog.tables.flatMap((table) =>
      table.triggers.flatMap((trigger) => (trigger.function === null ? [] : [trigger.function])),
    );
    expect(names).toEqual([...wanted].sort());
    for (const routine of catalog.functions.filter((entry) => entry !== uuid))
      expect(routine).toMatchObject({
        arguments: '',
        result: 'trigger',
        language: 'plpgsql',
        volatility: 'volatile',
        strict: false,
      });
  });

  it('has the union view with the types of its columns', () => {
    const [view, ...others] = catalogOf(dialect).views;
    expect(others).toEqual([]);
    expect(view).toMatchObject({
      schema: 'transit',
      name: 'EducationOrganization_View',
      columns: [
        { name: 'DocumentId', type: 'bigint' },
        { name: 'EducationOrganizationId', type: 'bigint' },
        { name: 'Discriminator', type: isPgsql ? 'varchar(256)' : 'nvarchar(256)' },
      ],
    });
  });

  it('has keys, foreign keys and indexes as the model and the inventory say', () => {
    const catalog = catalogOf(dialect);
    const visit = tableOf(catalog, 'transit.Visit');
    expect(visit.primaryKey).toMatchObject({ name: 'PK_Visit', columns: ['DocumentId'], clustered: isPgsql ? null : true });
    expect(visit.uniques.map(({ name, clustered }) => [name, clustered])).toEqual([['UX_Visit_NK', isPgsql ? null : false]]);
    expect(visit.foreignKeys.find(({ name }) => name === 'FK_Visit_Line_RefKey')).toEqual({
      name: 'FK_Visit_Line_RefKey',
      columns: ['Line_DocumentId', 'LineNumber_Unified'],
      target: { schema: 'transit', table: 'Line' },
      targetColumns: ['DocumentId', 'LineNumber'],
      onDelete: 'NO ACTION',
      onUpdate: 'CASCADE',
      deferrable: isPgsql,
      validated: true,
    });
    expect(
      visit.indexes.every(
        ({ unique, plain, valid, predicate, include }) =>
          !unique && plain && valid && predicate === null && include.length === 0,
      ),
    ).toBe(true);
    const auth = tableOf(catalog, 'auth.EducationOrganizationIdToEducationOrganizationId');
    expect(auth.indexes).toEqual([
      expect.objectContaining({
        name: 'IX_EducationOrganizationIdToEducationOrganizationId_Target',
        columns: ['TargetEducationOrganizationId'],
        include: ['SourceEducationOrganizationId'],
        unique: false,
      }),
    ]);
    expect(auth.primaryKey).toMatchObject({
      columns: ['SourceEducationOrganizationId', 'TargetEducationOrganizationId'],
      clustered: isPgsql ? null : true,
      declaresClustering: !isPgsql,
    });
    expect([auth.foreignKeys, auth.uniques, auth.checks, auth.triggers]).toEqual([[], [], [], []]);
  });

  it('states the all-or-none check in normal form', () => {
    const [check] = tableOf(catalogOf(dialect), 'transit.Visit').checks.filter(({ name }) => name === 'CK_Visit_Trip_AllNone');
    expect(check?.expression).toBe(
      '("Trip_DocumentId" IS NULL AND "Trip_LineNumber" IS NULL AND "Trip_TripCode" IS NULL) OR ("Trip_DocumentId" IS NOT NULL AND "Trip_LineNumber" IS NOT NULL AND "Trip_TripCode" IS NOT NULL)',
    );
    expect(normalForm(check!.condition)).toBe(check?.expression);
  });

  it('carries the fingerprint of the schema set', () => {
    const { set } = derive(dialect);
    expect(catalogOf(dialect).fingerprint).toEqual({
      formatVersion: '1.0.0',
      effectiveSchemaHash: set.info.effectiveSchemaHash,
      resourceKeyCount: 5,
      resourceKeySeedHash: Buffer.from(set.info.resourceKeySeedHash).toString('hex'),
      components: [
        { projectEndpointName: 'transit', projectName: 'Transit', projectVersion: '1.0.0', isExtensionProject: false },
      ],
      resourceKeys: ['EducationOrganization', 'Line', 'Stop', 'Trip', 'Visit'].map((resourceName, index) => ({
        id: index + 1,
        projectName: 'Transit',
        resourceName,
        resourceVersion: '1.0.0',
      })),
    });
  });

  it('does not depend on the order of resources, projects, indexes and triggers', () => {
    const { model, inventory } = derive(dialect);
    const reversed = buildDesiredCatalog(
      { ...model, resources: [...model.resources].reverse() },
      { ...inventory, indexes: [...inventory.indexes].reverse(), triggers: [...inventory.triggers].reverse() },
    );
    expect(catalogText(reversed)).toBe(catalogText(buildDesiredCatalog(model, inventory)));
    expect(reversed.tables.map(({ name }) => name)).toEqual(catalogOf(dialect).tables.map(({ name }) => name));
  });

  it('DDL_COLUMN_TYPE_MISSING names table, column and kind', () => {
    const { model, inventory } = derive(dialect);
    const fault = faultOf(() =>
      buildDesiredCatalog(
        withColumns(model, 'StopBench', (column) => (column.name === 'Material' ? { ...column, scalarType: null } : column)),
        inventory,
      ),
    );
    expect(fault.code).toBe('DDL_COLUMN_TYPE_MISSING');
    for (const text of ['transit.StopBench', 'Material', 'Scalar']) expect(fault.message).toContain(text);
  });

  it('gives columns without scalar type the type of their kind', () => {
    const { model, inventory } = derive(dialect);
    const bench = tableOf(
      buildDesiredCatalog(
        withColumns(model, 'StopBench', (column) => (column.kind === 'Scalar' ? column : { ...column, scalarType: null })),
        inventory,
      ),
      'transit.StopBench',
    );
    expect(bench.columns.map(({ name, type }) => [name, type])).toEqual([
      ['Stop_DocumentId', 'bigint'],
      ['Ordinal', isPgsql ? 'integer' : 'int'],
      ['Material', isPgsql ? 'varchar(30)' : 'nvarchar(30)'],
    ]);
  });

  it('DDL_DIALECT_MISMATCH names both dialects', () => {
    const other = dialects.find((candidate) => candidate !== dialect)!;
    const fault = faultOf(() => buildDesiredCatalog(derive(dialect).model, derive(other).inventory));
    expect(fault.code).toBe('DDL_DIALECT_MISMATCH');
    for (const text of dialects) expect(fault.message).toContain(text);
  });

  it('an inventory of another model is a bug, not a catalog', () => {
    const { model, inventory } = derive(dialect);
    const triggers = inventory.triggers.map((trigger) =>
      trigger.name === 'TR_Line_Stamp' ? { ...trigger, table: { schema: 'transit', name: 'Gone' } } : trigger,
    );
    expect(() => buildDesiredCatalog(model, { ...inventory, triggers })).toThrow('transit.Gone');
  });
});

interface VectorTable {
  readonly name: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly sqlType?: string;
    readonly nullable: boolean;
    readonly identity: string | null;
    readonly default: string | null;
  }[];
  readonly constraints: readonly {
    readonly name: string;
    readonly kind: string;
    readonly clustered?: boolean;
    readonly columns?: readonly string[];
    readonly expression?: string;
    readonly refTable?: string;
    readonly refColumns?: readonly string[];
    readonly onDelete?: string;
    readonly onUpdate?: string;
  }[];
  readonly indexes: readonly {
    readonly name: string;
    readonly unique: boolean;
    readonly columns: readonly string[];
    readonly include: readonly string[];
    readonly fromConstraint: boolean;
  }[];
}

/** Defaults as the vectors spell them, in normal form. */
const defaults: Readonly<Record<string, string>> = {
  'nextval(\'dms."ChangeVersionSequence"\'::regclass)': 'nextval(dms.ChangeVersionSequence)',
  '(NEXT VALUE FOR [dms].[ChangeVersionSequence])': 'nextval(dms.ChangeVersionSequence)',
  'now()': 'now()',
  '(sysutcdatetime())': 'sysutcdatetime()',
};

/** Identifiers quoted alike and functions in lower case: all that the spelling of a core check differs by. */
const normalCheck = (expression: string) =>
  expression.replaceAll(/\[(\w+)\]/g, '"$1"').replaceAll(/\b([A-Z]+)\(/g, (_, name: string) => `${name.toLowerCase()}(`);

describe.runIf(hasSharedData)('core tables (needs the shared conformance data)', () => {
  it.each(dialects)('for %s are those of design 06', (dialect) => {
    const vectors = readSharedJson('design', 'vectors', `core-catalog.${dialect}.json`);
    const catalog = catalogOf(dialect);
    const byName = <Item extends { readonly name: string }>(items: readonly Item[]) =>
      [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const [part, schema] of [
      ['core', 'dms'],
      ['auth', 'auth'],
    ] as const) {
      const expected: readonly VectorTable[] = vectors[part].tables;
      const own = catalog.tables.filter((table) => table.schema === schema);
      expect(own.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
      for (const [position, wanted] of expected.entries()) {
        const table = own[position]!;
        expect(
          table.columns.map(({ name, type, nullable, identity, default: value }) => ({
            name,
            type,
            nullable,
            identity,
            value,
          })),
          table.name,
        ).toEqual(
          wanted.columns.map(({ name, type, sqlType, nullable, identity, default: value }) => ({
            name,
            type: sqlType ?? type,
            nullable,
            identity: identity === null ? null : 'always',
            value: value === null ? null : defaults[value],
          })),
        );
        const clustered = (entry: { clustered?: boolean }) => (dialect === 'pgsql' ? null : entry.clustered);
        const constraints = (kind: string) => byName(wanted.constraints.filter((entry) => entry.kind === kind));
        expect([table.primaryKey].map(({ name, columns, clustered: own_ }) => ({ name, columns, clustered: own_ }))).toEqual(
          constraints('PRIMARY KEY').map((entry) => ({
            name: entry.name,
            columns: entry.columns,
            clustered: clustered(entry),
          })),
        );
        expect(table.uniques.map(({ name, columns, clustered: own_ }) => ({ name, columns, clustered: own_ }))).toEqual(
          constraints('UNIQUE').map((entry) => ({ name: entry.name, columns: entry.columns, clustered: clustered(entry) })),
        );
        expect(table.checks.map(({ name, expression }) => ({ name, expression }))).toEqual(
          constraints('CHECK').map(({ name, expression }) => ({ name, expression: normalCheck(expression ?? '') })),
        );
        expect(
          table.foreignKeys.map(({ name, columns, target, targetColumns, onDelete, onUpdate, deferrable }) => [
            name,
            columns,
            `${target.schema}.${target.table}`,
            targetColumns,
            onDelete,
            onUpdate,
            deferrable,
          ]),
        ).toEqual(
          constraints('FOREIGN KEY').map(({ name, columns, refTable, refColumns, onDelete, onUpdate }) => [
            name,
            columns,
            refTable,
            refColumns,
            onDelete,
            onUpdate,
            false,
          ]),
        );
        expect(table.indexes.map(({ name, unique, columns, include }) => ({ name, unique, columns, include }))).toEqual(
          byName(wanted.indexes.filter(({ fromConstraint }) => !fromConstraint)).map(({ name, unique, columns, include }) => ({
            name,
            unique,
            columns,
            include,
          })),
        );
      }
    }
  });

  it('are in creation order, with the constraints that are added afterwards in the order of design 06 §4.2', () => {
    const added = (dialect: SqlDialect) =>
      Object.fromEntries(
        catalogOf(dialect)
          .tables.filter(({ addedConstraints }) => addedConstraints.length > 0)
          .map(({ name, addedConstraints }) => [name, addedConstraints]),
      );
    const common = {
      Descriptor: ['UX_Descriptor_Uri_Discriminator'],
      Document: ['UX_Document_DocumentUuid'],
      ResourceKey: ['UX_ResourceKey_ProjectName_ResourceName'],
    };
    expect(added('pgsql')).toEqual({
      ...common,
      DocumentCache: ['UX_DocumentCache_DocumentUuid', 'CK_DocumentCache_JsonObject'],
      EffectiveSchema: [
        'CK_EffectiveSchema_Singleton',
        'CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank',
        'CK_EffectiveSchema_ResourceKeySeedHash_Length',
        'UX_EffectiveSchema_EffectiveSchemaHash',
      ],
    });
    expect(added('mssql')).toEqual({
      ...common,
      DocumentCache: ['UX_DocumentCache_DocumentUuid', 'CK_DocumentCache_IsJsonObject'],
      EffectiveSchema: [
        'CK_EffectiveSchema_Singleton',
        'CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank',
        'UX_EffectiveSchema_EffectiveSchemaHash',
      ],
    });
    const inline = catalogOf('mssql').tables.find(({ name }) => name === 'ReferentialIdentity');
    expect(inline?.inlineConstraints).toEqual(['UX_ReferentialIdentity_DocumentId_ResourceKeyId']);
  });
});
