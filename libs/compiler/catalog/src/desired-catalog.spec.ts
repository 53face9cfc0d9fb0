import { dialects } from '@dms/sql';
import { diagnosticOf, transitSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { bodyHash, catalogText, defineDatabase, desiredCatalog } from './index.ts';

const { bodiesOf, catalogOf, definitionOf, derive, tableOf } = transitSet;

/* The desired catalog of a model and its inventory (design 09a §1.1, §1.5; 06 §4; 07 §4). */

describe.each(dialects)('the desired catalog for %s', (dialect) => {
  const isPgsql = dialect === 'pgsql';

  it('lists schemas, extensions and the sequence', () => {
    const catalog = catalogOf(dialect);
    expect(catalog.dialect).toBe(dialect);
    expect(catalog.schemas).toEqual(['auth', 'dms', 'transit']);
    expect(definitionOf(dialect).schemas).toEqual(['transit', 'auth']);
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

  it('lists the tables of core, model, hierarchy and abstract identities, in creation order; the catalog sorts them by name', () => {
    const { tables } = definitionOf(dialect);
    expect(tables.map(({ schema, name, group }) => `${group} ${schema}.${name}`)).toEqual([
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
    const catalog = catalogOf(dialect);
    const nameOf = ({ schema, name }: { schema: string; name: string }) => `${schema}.${name}`;
    expect(catalog.tables.map(nameOf)).toEqual(tables.map(nameOf).sort());
    for (const table of catalog.tables) {
      expect(table.storage).toBe('ordinary');
      for (const list of [table.uniques, table.foreignKeys, table.checks, table.indexes, table.triggers]) {
        const names = list.map(({ name }) => name);
        expect(names).toEqual([...names].sort());
      }
    }
  });

  it('has the triggers of the inventory with their functions or bodies', () => {
    const { inventory } = derive(dialect);
    const definition = definitionOf(dialect);
    const catalog = catalogOf(dialect);
    const logical = definition.tables.flatMap((table) => table.triggers.map((trigger) => ({ table, trigger })));
    expect(
      logical
        .filter(({ table }) => table.schema !== 'dms')
        .map(({ trigger }) => trigger.intent)
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    ).toEqual([...inventory.triggers].sort((a, b) => (a.name < b.name ? -1 : 1)));
    for (const { table, trigger } of logical) {
      const { kind } = trigger.intent;
      const functionName = kind === 'DocumentJournal' ? 'TF_Document_Journal' : `TF_${trigger.name}`;
      expect(trigger.function).toEqual(isPgsql ? { schema: table.schema, name: functionName, owner: null } : null);
      const own = tableOf(catalog, `${table.schema}.${table.name}`).triggers;
      for (const physical of trigger.triggers)
        expect(own).toContainEqual({
          ...physical,
          when: null,
          enabled: true,
          function: isPgsql ? `${table.schema}.${functionName}` : null,
          body: isPgsql ? null : bodyHash(`body of ${trigger.name}`),
        });
      expect(tableOf(catalog, `${table.schema}.${table.name}`).triggers).toHaveLength(
        table.triggers.flatMap(({ triggers }) => triggers).length,
      );
    }
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
    const names = catalog.functions
      .filter((routine) => routine !== uuid)
      .map(({ schema, name }) => `${schema}.${name}`);
    const called = catalog.tables.flatMap((table) =>
      table.triggers.flatMap((trigger) => (trigger.function === null ? [] : [trigger.function])),
    );
    expect(names).toEqual([...new Set(called)].sort());
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
    expect(visit.primaryKey).toMatchObject({
      name: 'PK_Visit',
      columns: ['DocumentId'],
      clustered: isPgsql ? null : true,
    });
    expect(visit.uniques.map(({ name, clustered }) => [name, clustered])).toEqual([
      ['UX_Visit_NK', isPgsql ? null : false],
    ]);
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
    });
    expect([auth.foreignKeys, auth.uniques, auth.checks, auth.triggers]).toEqual([[], [], [], []]);
  });

  it('states the all-or-none check in normal form', () => {
    const [check] = tableOf(catalogOf(dialect), 'transit.Visit').checks.filter(
      ({ name }) => name === 'CK_Visit_Trip_AllNone',
    );
    expect(check?.expression).toBe(
      '("Trip_DocumentId" IS NULL AND "Trip_LineNumber" IS NULL AND "Trip_TripCode" IS NULL) OR ("Trip_DocumentId" IS NOT NULL AND "Trip_LineNumber" IS NOT NULL AND "Trip_TripCode" IS NOT NULL)',
    );
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
    const reversed = defineDatabase(
      { ...model, resources: [...model.resources].reverse() },
      { ...inventory, indexes: [...inventory.indexes].reverse(), triggers: [...inventory.triggers].reverse() },
    );
    expect(reversed).toEqual(defineDatabase(model, inventory));
    expect(catalogText(desiredCatalog(reversed, bodiesOf(reversed)))).toBe(catalogText(catalogOf(dialect)));
  });

  it('DDL_DIALECT_MISMATCH names both dialects', () => {
    const other = dialects.find((candidate) => candidate !== dialect)!;
    const fault = diagnosticOf(() => defineDatabase(derive(dialect).model, derive(other).inventory));
    expect(fault.code).toBe('DDL_DIALECT_MISMATCH');
    for (const text of dialects) expect(fault.message).toContain(text);
  });

  it('a definition without one of its bodies is a bug, not a catalog', () => {
    const definition = definitionOf(dialect);
    const bodies = bodiesOf(definition);
    expect(() => desiredCatalog(definition, { ...bodies, views: new Map() })).toThrow('EducationOrganization_View');
    expect(() => desiredCatalog(definition, { ...bodies, triggers: new Map() })).toThrow('TR_Document_Journal');
  });

  it('an inventory of another model is a bug, not a catalog', () => {
    const { model, inventory } = derive(dialect);
    const triggers = inventory.triggers.map((trigger) =>
      trigger.name === 'TR_Line_Stamp' ? { ...trigger, table: { schema: 'transit', name: 'Gone' } } : trigger,
    );
    expect(() => defineDatabase(model, { ...inventory, triggers })).toThrow('transit.Gone');
  });
});
