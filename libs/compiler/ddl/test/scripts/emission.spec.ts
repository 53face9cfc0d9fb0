import { dialects } from '@dms/sql';
import { diagnosticOf } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { emitDdl } from '../../src/index.ts';
import { type Emitted, type EmittedSet, emitCampusAndAthletics } from '../emitted.ts';
import { widgets } from '../widgets.ts';

/* The texts that the emitter writes for single facts of a model (design 07 §14; 06 §6.0). */

describe.each(dialects)('emission for %s', (dialect) => {
  let set: Emitted;
  let campus: EmittedSet;

  beforeAll(async () => {
    set = widgets().in(dialect);
    campus = await emitCampusAndAthletics();
  });

  it('case 20: model and inventory of two dialects', () => {
    const theirs = widgets().in(dialect === 'pgsql' ? 'mssql' : 'pgsql');
    const fault = diagnosticOf(() => emitDdl(set.model, theirs.inventory));
    expect(fault.code).toBe('DDL_DIALECT_MISMATCH');
    for (const part of ['pgsql', 'mssql']) expect(fault.message).toContain(part);
  });

  it('invariants 5 to 7 of design 07 §14', () => {
    const { model, inventory, catalog, script } = campus.in(dialect);
    const resources = model.resources.filter(({ storageKind }) => storageKind === 'RelationalTables');
    const own = resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder);
    const derived = catalog.tables.filter(({ schema }) => schema !== 'dms');
    expect(derived).toHaveLength(own.length + model.abstractIdentityTables.length + 1);
    expect(script.match(/CREATE TABLE/g)).toHaveLength(derived.length + 8);
    const roots = new Set(
      inventory.triggers.flatMap(({ kind, name, table, identityProjectionColumns }) =>
        kind === 'DocumentStamping' && identityProjectionColumns.length > 0 ? [`${table.schema}.TF_${name}`] : [],
      ),
    );
    const abstracts = new Set(model.abstractIdentityTables.map(({ table }) => table.table.name));
    for (const table of derived) {
      const isAuth = table.schema === 'auth';
      const cascades = table.foreignKeys.filter(({ onDelete }) => onDelete === 'CASCADE');
      expect(cascades, table.name).toHaveLength(isAuth ? 0 : 1);
      const stamps = inventory.triggers.filter(
        ({ kind, table: owner }) =>
          kind === 'DocumentStamping' && owner.schema === table.schema && owner.name === table.name,
      );
      expect(stamps, table.name).toHaveLength(isAuth || abstracts.has(table.name) ? 0 : 1);
      for (const trigger of table.triggers) {
        const isRow = dialect === 'pgsql' && /_AbstractIdentity$/.test(trigger.name);
        const isRootDelete =
          dialect === 'pgsql' && trigger.events.includes('DELETE') && roots.has(trigger.function ?? '');
        expect([trigger.timing, trigger.level], trigger.name).toEqual([
          'AFTER',
          isRow || isRootDelete ? 'ROW' : 'STATEMENT',
        ]);
        if (dialect === 'pgsql') expect(trigger.function?.startsWith(`${table.schema}.TF_TR_`)).toBe(true);
      }
    }
    const superclasses = new Map(
      resources.map(({ tablesInDependencyOrder: [root], superclass }) => [root?.table.name, superclass]),
    );
    for (const [name, superclass] of superclasses) {
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
