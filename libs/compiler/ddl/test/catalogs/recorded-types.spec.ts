import type { RelationalModelSet } from '@dms/model';
import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { emitDdl } from '../../src/index.ts';
import { emitDocuments } from '../emitted.ts';

/** A model whose decimals have no precision and scale; the derivation always sets both. */
const withoutDigits = (model: RelationalModelSet): RelationalModelSet => ({
  ...model,
  resources: model.resources.map((resource) => ({
    ...resource,
    tablesInDependencyOrder: resource.tablesInDependencyOrder.map((table) => ({
      ...table,
      columns: table.columns.map((column) =>
        column.scalarType?.kind === 'Decimal'
          ? { ...column, scalarType: { ...column.scalarType, decimal: null } }
          : column,
      ),
    })),
  })),
});

describe('a decimal without digits (design 07 §4.1, 09a §1.5)', () => {
  const { object, project, resource, string } = build;
  const emitted = emitDocuments(
    project('Ed-Fi', [
      resource('Reading', {
        identityJsonPaths: ['$.code'],
        jsonSchemaForInsert: object({ code: string(), amount: build.number() }, ['code']),
      }),
    ]),
  );

  it.each([
    ['pgsql', '"Amount" numeric NULL', 'numeric'],
    ['mssql', '[Amount] decimal NULL', 'decimal(18,0)'],
  ] as const)('%s: the catalog has the type that the engine records', (dialect, declared, recorded) => {
    const { model, inventory } = emitted.in(dialect);
    const { script, catalog } = emitDdl(withoutDigits(model), inventory);
    expect(script.split('\n').map((line) => line.trim().replace(/,$/, ''))).toContain(declared);
    const column = catalog.tables.find(({ name }) => name === 'Reading')?.columns.find(({ name }) => name === 'Amount');
    expect(column?.type).toBe(recorded);
  });
});
