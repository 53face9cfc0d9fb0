import type { Column, Table } from '@dms/model';
import { expectFault, handMade } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import type { WriteColumnBinding } from './index.ts';
import { planDialects } from './plan-dialect.ts';
import { indexTable } from './plan-table.ts';
import { hydrationPlan } from './read/hydration.ts';
import { bindColumns } from './write/column-bindings.ts';
import { keyUnificationPlans } from './write/key-unification-plan.ts';
import { deleteByParentSql, updateSql } from './write/write-sql.ts';

const { alias, flag, named, ordinal, parentKey, rootTable, scalar, table, unified } = handMade;

// Checks that the checks before them keep out of reach of a whole compilation (design 08 §6.2, §6.6, §6.7, §6.9, §7.3).

const subject = { resource: named('Ed-Fi:School'), operation: 'write' } as const;
const precomputed = (column: Column): WriteColumnBinding => ({
  column,
  source: { kind: 'precomputed' },
  parameterName: column.name,
});
const documentId: WriteColumnBinding = {
  column: parentKey('DocumentId'),
  source: { kind: 'document_id' },
  parameterName: 'documentId',
};

const unify = (model: Table, bindings: readonly WriteColumnBinding[]) => () =>
  keyUnificationPlans(subject, indexTable(subject, model), bindings);

describe('producers of precomputed bindings', () => {
  const [first, second] = [scalar('First', null), scalar('Second', null)];

  it('a table without classes has no precomputed bindings', () => {
    expectFault(
      unify(rootTable('edfi.School', [first, second]), [documentId, precomputed(second), precomputed(first)]),
      'PLAN_PRECOMPUTED_WITHOUT_CLASSES',
      'edfi.School',
      'Second, First',
    );
  });

  it('every precomputed binding has a producer', () => {
    const model = rootTable('edfi.School', [first, second, alias(scalar('A', '$.a'), 'First')], {
      classes: [unified('First', 'A')],
    });
    expectFault(
      unify(model, [documentId, precomputed(second), precomputed(first)]),
      'PLAN_PRECOMPUTED_ORPHAN',
      'edfi.School',
      'Second',
    );
    expect(unify(model, [documentId, precomputed(first)])()).toHaveLength(1);
  });

  it('a synthetic flag is precomputed', () => {
    const model = rootTable('edfi.School', [flag('A_Present'), first, alias(scalar('A', '$.a'), 'First', 'A_Present')], {
      classes: [unified('First', 'A')],
    });
    const bound: WriteColumnBinding = { column: flag('A_Present'), source: { kind: 'ordinal' }, parameterName: 'a_Present' };
    expectFault(
      unify(model, [documentId, bound, precomputed(first)]),
      'PLAN_KU_PRESENCE_NOT_PRECOMPUTED',
      'edfi.School',
      'class First',
      'member A',
      'A_Present',
    );
  });
});

describe('keys and lists of statements', () => {
  it('there must be a column to bind, and one to select', () => {
    const empty = table('edfi.School', '$', [], { key: [] });
    const sources = { bindingIndexes: new Map<string, number>(), descriptorEdges: new Map<string, never>() };
    expectFault(
      () => bindColumns(subject, indexTable(subject, empty), sources),
      'PLAN_NO_STORED_COLUMNS',
      'Ed-Fi:School',
      'edfi.School',
    );
    expectFault(() => hydrationPlan(subject, planDialects.pgsql, indexTable(subject, empty)), 'PLAN_NO_COLUMNS', 'edfi.School');
  });

  it('the key columns of an update and of a delete are bound', () => {
    const name: WriteColumnBinding = { ...precomputed(scalar('Name', '$.name')), parameterName: 'name' };
    expectFault(
      () => updateSql(subject, planDialects.pgsql, rootTable('edfi.School', [name.column]), [name]),
      'PLAN_KEY_BINDING_MISSING',
      'edfi.School',
      'DocumentId',
      'update',
    );
    const child = table('edfi.SchoolAddress', '$.addresses[*]', [parentKey('School_DocumentId'), ordinal(), name.column]);
    expectFault(
      () => deleteByParentSql(subject, planDialects.pgsql, child, [name]),
      'PLAN_KEY_BINDING_MISSING',
      'edfi.SchoolAddress',
      'School_DocumentId',
      'delete',
    );
  });

  it('a delete needs a parent key', () => {
    const orphan = table('edfi.SchoolAddress', '$.addresses[*]', [ordinal()]);
    expectFault(() => deleteByParentSql(subject, planDialects.pgsql, orphan, []), 'PLAN_KEY_EMPTY', 'edfi.SchoolAddress');
  });
});
