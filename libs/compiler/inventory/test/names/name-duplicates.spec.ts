import { deriveModel } from '@dms/derivation';
import type { RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { build, expectDiagnostic, numbered, schemaSet, subclassOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from '../../src/index.ts';
import { type HandMadeTable, handMadeModel } from '../hand-made.ts';

const { project } = build;

describe('two entries of equal name and equal origin', () => {
  const doubled = (...names: string[]): HandMadeTable[] =>
    names.map((name) => {
      const table = name.split('.').at(-1);
      return { name, columns: ['b', 'c'], uniques: [['b'], ['c']], uniqueNames: [`UX_${table}_NK`, `UX_${table}_NK`] };
    });

  it('are a NAME_INVENTORY_DUPLICATE, named by schema for indexes in pgsql', () => {
    const message = expectDiagnostic(
      () => deriveInventory(handMadeModel('pgsql', ...doubled('Term', 'Course'))),
      'NAME_INVENTORY_DUPLICATE',
    );
    expect(message).toContain('edfi:UX_Course_NK, edfi:UX_Term_NK');
  });

  it('are a NAME_INVENTORY_DUPLICATE, named by table for indexes in mssql', () => {
    const message = expectDiagnostic(
      () => deriveInventory(handMadeModel('mssql', ...doubled('Term', 'Course'))),
      'NAME_INVENTORY_DUPLICATE',
    );
    expect(message).toContain('edfi.Course:UX_Course_NK, edfi.Term:UX_Term_NK');
  });

  it('are listed once, however often they occur', () => {
    const model = handMadeModel('mssql', {
      name: 'T',
      columns: ['b', 'c', 'd'],
      uniques: [['b'], ['c'], ['d']],
      uniqueNames: ['UX_T_NK', 'UX_T_NK', 'UX_T_NK'],
    });
    const message = expectDiagnostic(() => deriveInventory(model), 'NAME_INVENTORY_DUPLICATE');
    expect(message.match(/edfi\.T:UX_T_NK/g)).toHaveLength(1);
  });

  it('are sorted by table, then name: the table Term comes before Term2', () => {
    const message = expectDiagnostic(
      () => deriveInventory(handMadeModel('mssql', ...doubled('Term2', 'Term'))),
      'NAME_INVENTORY_DUPLICATE',
    );
    expect(message).toContain('edfi.Term:UX_Term_NK, edfi.Term2:UX_Term2_NK');
  });

  it('are sorted by schema first: the schema edfi comes before edfi2', () => {
    const message = expectDiagnostic(
      () => deriveInventory(handMadeModel('pgsql', ...doubled('edfi2.A', 'B'))),
      'NAME_INVENTORY_DUPLICATE',
    );
    expect(message).toContain('edfi:UX_B_NK, edfi2:UX_A_NK');
  });

  it('are not a collision, although two foreign keys give their indexes one full name', () => {
    const model = handMadeModel('pgsql', {
      name: 'T',
      columns: ['a', 'b_c', 'a_b', 'c'],
      foreignKeys: [
        ['a', 'b_c'],
        ['a_b', 'c'],
      ],
    });
    expectDiagnostic(() => deriveInventory(model), 'NAME_INVENTORY_DUPLICATE', 'edfi:IX_T_a_b_c');
    const mssql = { ...model, dialect: 'mssql' as const };
    expectDiagnostic(() => deriveInventory(mssql), 'NAME_INVENTORY_DUPLICATE', 'edfi.T:IX_T_a_b_c');
  });

  describe('among triggers', () => {
    const organization = project(
      'Ed-Fi',
      [numbered('School', 'educationOrganizationId', subclassOf('Ed-Fi:EducationOrganization'))],
      {
        abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } },
      },
    );
    /** The union view with each arm twice. */
    const withDoubledArms = (dialect: SqlDialect): RelationalModelSet => {
      const { model } = deriveModel(schemaSet(organization), dialect);
      return {
        ...model,
        abstractUnionViews: model.abstractUnionViews.map((view) => ({
          ...view,
          unionArms: [...view.unionArms, ...view.unionArms],
        })),
      };
    };

    it('are named by table in pgsql and by schema in mssql', () => {
      expect(expectDiagnostic(() => deriveInventory(withDoubledArms('pgsql')), 'NAME_INVENTORY_DUPLICATE')).toContain(
        'edfi.School:TR_School_AuthHierarchy_Delete, edfi.School:TR_School_AuthHierarchy_Insert',
      );
      expect(expectDiagnostic(() => deriveInventory(withDoubledArms('mssql')), 'NAME_INVENTORY_DUPLICATE')).toContain(
        'edfi:TR_School_AuthHierarchy_Delete, edfi:TR_School_AuthHierarchy_Insert',
      );
    });
  });
});
