import type { Column, ResourceModel } from '@dms/model';
import { expectDiagnostic, handMade } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compileReadPlan, compileWritePlan } from './index.ts';
import { indexTable } from './plan-table.ts';
import { writeRulesV1 } from './v1/generation.ts';
import { bindColumns, indexSources } from './write/compile-write-plan.ts';

const { descriptorResource, ordinal, parentKey, resource, rootTable, scalar, table } = handMade;

/** A school with these columns in its root table. */
function school(columns: readonly Column[]): ResourceModel {
  return resource('Ed-Fi:School', [rootTable('edfi.School', columns)]);
}

describe('scope-relative paths of write plans (design 08 §6.4)', () => {
  const inScope = (scope: string, source: string) =>
    resource('Ed-Fi:School', [
      rootTable('edfi.School'),
      table('edfi.SchoolPart', scope, [parentKey('School_DocumentId'), ordinal(), scalar('Value', source)]),
    ]);

  it.each([
    ['$._ext.sample', '$._ext.sample.campusCode', '$.campusCode'],
    ['$.addresses[*]', '$.addresses[*].city', '$.city'],
    ['$.addresses[*]', '$.addresses[*].street.name', '$.street.name'],
    ['$.codes[*]', '$.codes[*]', '$'],
  ])('from %s the path %s is %s', (scope, source, expected) => {
    const [, plan] = compileWritePlan('pgsql', inScope(scope, source)).tablePlansInDependencyOrder;
    expect(plan?.columnBindings.at(-1)?.source).toMatchObject({
      kind: 'scalar',
      relativePath: { canonical: expected },
    });
  });

  it('the paths of the root are relative already', () => {
    const [plan] = compileWritePlan(
      'pgsql',
      school([scalar('Id', '$.schoolReference.schoolId')]),
    ).tablePlansInDependencyOrder;
    expect(plan?.columnBindings.at(-1)?.source).toMatchObject({
      relativePath: { canonical: '$.schoolReference.schoolId' },
    });
  });
});

describe('a resource without tables of its own', () => {
  it.each([
    ['write', compileWritePlan],
    ['read', compileReadPlan],
  ])('has no %s plan', (operation, compile) => {
    expectDiagnostic(
      () => compile('pgsql', descriptorResource('Ed-Fi:TermDescriptor')),
      'PLAN_STORAGE_UNSUPPORTED',
      'Ed-Fi:TermDescriptor',
      'SharedDescriptorTable',
      operation,
    );
  });
});

describe('a model that breaks its invariants', () => {
  it('is a defect of the program, not a diagnostic: an exception names the column', () => {
    const model = school([scalar('Total', null, 'Int32')]);
    const [root] = model.tablesInDependencyOrder.map(indexTable);
    expect(() => bindColumns(root!, indexSources(model, writeRulesV1))).toThrow(
      /edfi\.School\.Total has neither a path nor a producer/,
    );
  });
});

describe('case 26: rows with 2099 parameters', () => {
  const wide = school(Array.from({ length: 2098 }, (_, index) => scalar(`C${index}`, `$.c${index}`)));

  it('are too wide for SQL Server', () => {
    expectDiagnostic(
      () => compileWritePlan('mssql', wide),
      'PLAN_BATCH_TOO_WIDE',
      'Ed-Fi:School',
      'edfi.School',
      'mssql',
      '2099',
      '2098',
    );
  });

  it('come 31 at a time in PostgreSQL', () => {
    const [plan] = compileWritePlan('pgsql', wide).tablePlansInDependencyOrder;
    expect(plan?.bulkInsertBatching).toEqual({
      maxRowsPerBatch: 31,
      parametersPerRow: 2099,
      maxParametersPerCommand: 65535,
    });
  });
});
