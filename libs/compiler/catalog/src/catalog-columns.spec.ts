import { dialects } from '@dms/sql';
import { diagnosticOf, transitSet, withColumns } from '@dms/testing';
import { describe, expect, it } from 'vitest';

const { catalogOf, derive, tableOf } = transitSet;

describe.each(dialects)('the desired catalog for %s', (dialect) => {
  const isPgsql = dialect === 'pgsql';

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
        generated: {
          expression: `CASE WHEN "${presence}" IS NULL THEN NULL ELSE "LineNumber_Unified" END`,
          stored: true,
        },
      });
    }
    expect(visit.columns.find(({ name }) => name === 'LineNumber_Unified')).toMatchObject({
      nullable: false,
      generated: null,
    });
  });

  it('takes an ungated alias for nullable on PostgreSQL, and for what its canonical column is on SQL Server', () => {
    const derived = derive(dialect);
    for (const isNullable of [true, false]) {
      const changed = withColumns(derived.model, 'transit.Visit', (column) => {
        if (column.name === 'LineNumber_Unified') return { ...column, isNullable };
        if (column.storage.kind !== 'UnifiedAlias') return column;
        return { ...column, storage: { ...column.storage, presenceColumn: null } };
      });
      const [alias] = tableOf(catalogOf(dialect, { ...derived, model: changed }), 'transit.Visit').columns.filter(
        (column) => column.generated,
      );
      expect(alias).toMatchObject({
        nullable: isPgsql || isNullable,
        generated: { expression: '"LineNumber_Unified"', stored: true },
      });
    }
  });

  it('gives a generated column its declared type on PostgreSQL, that of its canonical column on SQL Server', () => {
    const derived = derive(dialect);
    const changed = withColumns(derived.model, 'transit.Visit', (column) =>
      column.name === 'Trip_LineNumber'
        ? { ...column, scalarType: { kind: 'Int64', maxLength: null, decimal: null } }
        : column,
    );
    const alias = tableOf(catalogOf(dialect, { ...derived, model: changed }), 'transit.Visit').columns.find(
      ({ name }) => name === 'Trip_LineNumber',
    );
    expect(alias?.type).toBe(isPgsql ? 'bigint' : 'int');
  });

  it('DDL_COLUMN_TYPE_MISSING names table, column and kind', () => {
    const derived = derive(dialect);
    const model = withColumns(derived.model, 'transit.StopBench', (column) =>
      column.name === 'Material' ? { ...column, scalarType: null } : column,
    );
    const fault = diagnosticOf(() => catalogOf(dialect, { ...derived, model }));
    expect(fault.code).toBe('DDL_COLUMN_TYPE_MISSING');
    for (const text of ['transit.StopBench', 'Material', 'Scalar']) expect(fault.message).toContain(text);
  });

  it('gives columns without scalar type the type of their kind', () => {
    const derived = derive(dialect);
    const model = withColumns(derived.model, 'transit.StopBench', (column) =>
      column.kind === 'Scalar' ? column : { ...column, scalarType: null },
    );
    const bench = tableOf(catalogOf(dialect, { ...derived, model }), 'transit.StopBench');
    expect(bench.columns.map(({ name, type }) => [name, type])).toEqual([
      ['Stop_DocumentId', 'bigint'],
      ['Ordinal', isPgsql ? 'integer' : 'int'],
      ['Material', isPgsql ? 'varchar(30)' : 'nvarchar(30)'],
    ]);
  });
});
