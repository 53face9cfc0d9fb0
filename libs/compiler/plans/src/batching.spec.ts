import { type SqlDialect, textOf, trusted, withoutParameters } from '@dms/sql';
import { expectDiagnostic, handMade } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { bulkInsertBatching, compileWritePlan, insertSql, planDialects, type TableWritePlan } from './index.ts';

const { parentKey, resource, scalar, table } = handMade;

describe('batching (design 08 §6.8)', () => {
  it.each<[SqlDialect, number, number]>([
    ['mssql', 1, 1000],
    ['mssql', 2, 1000],
    ['mssql', 3, 699],
    ['mssql', 5, 419],
    ['mssql', 34, 61],
    ['mssql', 2098, 1],
    ['pgsql', 65, 1000],
    ['pgsql', 66, 992],
    ['pgsql', 100, 655],
    ['pgsql', 65535, 1],
  ])('%s takes rows of %d parameters %d at a time', (dialect, parametersPerRow, maxRowsPerBatch) => {
    const maxParametersPerCommand = dialect === 'pgsql' ? 65535 : 2098;
    expect(bulkInsertBatching(dialect, parametersPerRow)).toEqual({
      maxRowsPerBatch,
      parametersPerRow,
      maxParametersPerCommand,
    });
  });

  it.each<[SqlDialect, number, number]>([
    ['mssql', 2099, 2098],
    ['pgsql', 65536, 65535],
  ])('%s takes no row of %d parameters', (dialect, width, limit) => {
    expectDiagnostic(() => bulkInsertBatching(dialect, width), 'PLAN_BATCH_TOO_WIDE', dialect, `${width}`, `${limit}`);
  });

  it.each([0, -1])('a row of %d parameters is none', (width) => {
    expectDiagnostic(() => bulkInsertBatching('pgsql', width), 'PLAN_BATCH_WIDTH', 'pgsql');
  });
});

describe('multi-row inserts (design 08 §6.11)', () => {
  const model = resource('Ed-Fi:School', [
    table('edfi.School', '$', [parentKey('DocumentId'), scalar('Name', '$.name'), scalar('Code', '$.code')]),
  ]);
  const [plan] = compileWritePlan('pgsql', model).tablePlansInDependencyOrder as [TableWritePlan];
  const positional = (_: unknown, index: number) => trusted(`$${index + 1}`);
  const textOfInsert = (...given: Parameters<typeof insertSql>) => textOf(withoutParameters(insertSql(...given)));

  it('one row is the text of the plan', () => {
    expect(textOfInsert(planDialects.pgsql, plan.tableModel, plan.columnBindings)).toBe(plan.insertSql);
  });

  it('placeholders are numbered row by row, in binding order', () => {
    expect(textOfInsert(planDialects.pgsql, plan.tableModel, plan.columnBindings, positional, 2)).toBe(
      [
        'INSERT INTO "edfi"."School"',
        '(',
        '    "DocumentId",',
        '    "Name",',
        '    "Code"',
        ')',
        'VALUES',
        '(',
        '    $1,',
        '    $2,',
        '    $3',
        '),',
        '(',
        '    $4,',
        '    $5,',
        '    $6',
        ')',
        ';',
        '',
      ].join('\n'),
    );
  });

  it('a full batch has no more placeholders than a command takes', () => {
    const width = 66;
    const wide = resource('Ed-Fi:Wide', [
      table('edfi.Wide', '$', [
        parentKey('DocumentId'),
        ...Array.from({ length: width - 1 }, (_, index) => scalar(`C${index}`, `$.c${index}`)),
      ]),
    ]);
    const [widePlan] = compileWritePlan('pgsql', wide).tablePlansInDependencyOrder as [TableWritePlan];
    const { maxRowsPerBatch } = widePlan.bulkInsertBatching;
    const text = textOfInsert(
      planDialects.pgsql,
      widePlan.tableModel,
      widePlan.columnBindings,
      positional,
      maxRowsPerBatch,
    );
    const placeholders = text.match(/\$\d+/g) ?? [];
    expect(placeholders).toHaveLength(maxRowsPerBatch * width);
    expect(placeholders.at(-1)).toBe(`$${maxRowsPerBatch * width}`);
    expect(placeholders.length).toBeLessThanOrEqual(65535);
  });
});
