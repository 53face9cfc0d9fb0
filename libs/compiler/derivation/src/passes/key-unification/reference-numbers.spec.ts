import { buildEffectiveSchema, loadApiSchemaFiles } from '@dms/api-schema';
import {
  type DocumentReferenceBinding,
  qualified,
  type RelationalModelSet,
  type ResourceModel,
  type Table,
} from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { columnOf, hasSharedData, sharedFile } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';

import { deriveModel } from '../../derive-model.ts';

/** Reference keys begin with the document id of their reference. */
function keysOfReferences({ constraints }: Table, bindings: readonly DocumentReferenceBinding[]) {
  const fkColumns = new Set<string>(bindings.map(({ fkColumn }) => fkColumn));
  return constraints.flatMap((constraint) =>
    constraint.kind === 'ForeignKey' && fkColumns.has(constraint.columns[0] ?? '') ? [constraint] : [],
  );
}

describe.runIf(hasSharedData)('reference numbers of the data standard 5.2 (needs the shared conformance data)', () => {
  const models = new Map<SqlDialect, RelationalModelSet>();

  beforeAll(async () => {
    const set = buildEffectiveSchema(await loadApiSchemaFiles([{ file: sharedFile('inputs', 'ds-5.2-core.json') }]));
    for (const dialect of dialects) models.set(dialect, deriveModel(set, dialect).model);
  });

  const modelIn = (dialect: SqlDialect): RelationalModelSet => models.get(dialect)!;
  const model = (): RelationalModelSet => modelIn('pgsql');

  const resourceTables = (of = model()) =>
    of.resources.flatMap((resource) => resource.tablesInDependencyOrder.map((table) => ({ resource, table })));
  const classes = () =>
    resourceTables().flatMap(({ table }) => table.keyUnificationClasses.map((entry) => ({ table, entry })));
  const aliases = (of = model()) =>
    resourceTables(of).flatMap(({ resource, table }) =>
      table.columns.flatMap((column) =>
        column.storage.kind === 'UnifiedAlias' ? [{ resource, table, column, storage: column.storage }] : [],
      ),
    );
  const bindingsOn = (resource: ResourceModel, table: Table) =>
    resource.documentReferenceBindings.filter((binding) => qualified(binding.table) === qualified(table.table));
  const storageOf = (table: Table, name: string) => {
    const { storage } = columnOf(table, name);
    return storage.kind === 'UnifiedAlias' ? storage.canonicalColumn : name;
  };

  it('465 tables of resources, 24 of them with classes', () => {
    expect(resourceTables()).toHaveLength(465);
    expect(resourceTables().filter(({ table }) => table.keyUnificationClasses.length > 0)).toHaveLength(24);
  });

  it('43 classes: 42 on root tables, one on the child table ReportCardGrade', () => {
    const children = classes().filter(({ table }) => table.jsonScope.canonical !== '$');
    expect(classes()).toHaveLength(43);
    expect(children.map(({ table }) => [table.table.name, table.jsonScope.canonical])).toEqual([
      ['ReportCardGrade', '$.grades[*]'],
    ]);
  });

  it('42 classes of two members and one of nine, ChartOfAccount.FiscalYear_Unified', () => {
    const larger = classes().filter(({ entry }) => entry.memberPathColumns.length !== 2);
    expect(
      larger.map(({ table, entry }) => [table.table.name, entry.canonicalColumn, entry.memberPathColumns.length]),
    ).toEqual([['ChartOfAccount', 'FiscalYear_Unified', 9]]);
  });

  it('40 scalar and 3 descriptor classes, the latter all on ProgramEvaluationElement', () => {
    const kinds = classes().map(({ table, entry }) => ({ table, kind: columnOf(table, entry.canonicalColumn).kind }));
    expect(kinds.filter(({ kind }) => kind === 'Scalar')).toHaveLength(40);
    const descriptors = kinds.filter(({ kind }) => kind === 'DescriptorFk');
    expect(descriptors.map(({ table }) => table.table.name)).toEqual(Array(3).fill('ProgramEvaluationElement'));
  });

  it('37 canonical columns not null, 6 nullable', () => {
    const nullable = classes().map(({ table, entry }) => columnOf(table, entry.canonicalColumn).isNullable);
    expect(nullable.filter((isNullable) => !isNullable)).toHaveLength(37);
    expect(nullable.filter((isNullable) => isNullable)).toHaveLength(6);
  });

  it.each(dialects)('93 alias columns in %s, which are the generated columns of its script', (dialect) => {
    expect(aliases(modelIn(dialect))).toHaveLength(93);
  });

  it('91 aliases gated by a reference, 2 ungated ones, none gated by a flag, no NullOrTrue check', () => {
    const ungated = aliases().filter(({ storage }) => storage.presenceColumn === null);
    expect(ungated.map(({ table, column }) => `${table.table.name}.${column.name}`)).toEqual([
      'ChartOfAccount.FiscalYear',
      'LocalAccount.FiscalYear',
    ]);
    const gates = aliases().flatMap(({ table, storage }) =>
      storage.presenceColumn === null ? [] : [columnOf(table, storage.presenceColumn).kind],
    );
    expect(gates).toEqual(Array(91).fill('DocumentFk'));
    const checks = resourceTables().flatMap(({ table }) =>
      table.constraints.filter(({ kind }) => kind === 'NullOrTrue'),
    );
    expect(checks).toEqual([]);
  });

  it('6 implicit edges: one each for ReportCardGrade and Section, two each for two survey associations', () => {
    const edges = resourceTables().flatMap(({ resource, table }) =>
      bindingsOn(resource, table).flatMap((binding) => {
        const paths = new Set(binding.identityBindings.map(({ referenceJsonPath }) => referenceJsonPath.canonical));
        return Array(binding.identityBindings.length - paths.size).fill(table.table.name);
      }),
    );
    expect(edges.sort()).toEqual([
      'ReportCardGrade',
      'Section',
      'SurveySectionResponseEducationOrganizationTargetAssociation',
      'SurveySectionResponseEducationOrganizationTargetAssociation',
      'SurveySectionResponseStaffTargetAssociation',
      'SurveySectionResponseStaffTargetAssociation',
    ]);
  });

  it('44 applied, 0 redundant, 45 ignored (all cross_table, in 14 resources), 0 skipped', () => {
    const reports = model().resources.map(({ keyUnificationDiagnostics }) => keyUnificationDiagnostics);
    expect(reports.flatMap(({ applied }) => applied)).toHaveLength(44);
    expect(reports.flatMap(({ redundant }) => redundant)).toHaveLength(0);
    expect(reports.flatMap(({ ignored }) => ignored.map(({ reason }) => reason))).toEqual(
      Array(45).fill('cross_table'),
    );
    expect(reports.filter(({ ignored }) => ignored.length > 0)).toHaveLength(14);
    expect(reports.flatMap(({ skipped }) => skipped)).toHaveLength(0);
  });

  it('one canonical name with a hash: Section.SchoolId_U35501e03_Unified', () => {
    const hashed = classes().filter(({ entry }) => /_U[0-9a-f]{8}_/.test(entry.canonicalColumn));
    expect(hashed.map(({ table, entry }) => `${table.table.name}.${entry.canonicalColumn}`)).toEqual([
      'Section.SchoolId_U35501e03_Unified',
    ]);
  });

  it('3 descriptor de-duplications', () => {
    expect(model().resources.flatMap(({ descriptorFkDeduplications }) => descriptorFkDeduplications)).toHaveLength(3);
  });

  it('2 uniques with an alias, 11 referenced keys with a canonical column', () => {
    const uniques = resourceTables().flatMap(({ table }) =>
      table.constraints.flatMap((constraint) =>
        constraint.kind === 'Unique' ? [{ table, columns: constraint.columns }] : [],
      ),
    );
    const withAlias = uniques.filter(({ table, columns }) =>
      columns.some((name) => columnOf(table, name).storage.kind === 'UnifiedAlias'),
    );
    const withCanonical = uniques.filter(({ table, columns }) =>
      columns.some((name) => table.keyUnificationClasses.some(({ canonicalColumn }) => canonicalColumn === name)),
    );
    expect(withAlias).toHaveLength(2);
    expect(withCanonical).toHaveLength(11);
    expect(withCanonical.every(({ columns }) => columns[0] === 'DocumentId')).toBe(true);
  });

  it('318 reference foreign keys, one of them without a local column: ReportCardGrade.Grade_SchoolYear', () => {
    const keys = resourceTables().flatMap(({ resource, table }) =>
      keysOfReferences(table, bindingsOn(resource, table)),
    );
    expect(keys).toHaveLength(318);
    const dropped = resourceTables().flatMap(({ resource, table }) =>
      bindingsOn(resource, table).flatMap((binding) => {
        const [key] = keysOfReferences(table, [binding]);
        const stored = new Set(binding.identityBindings.map(({ column }) => storageOf(table, column)));
        return [...stored].filter((name) => !key?.columns.includes(name)).map((name) => `${table.table.name}.${name}`);
      }),
    );
    expect(dropped).toEqual(['ReportCardGrade.Grade_SchoolYear']);
    const grade = resourceTables().find(({ table }) => table.table.name === 'ReportCardGrade')!;
    const [key] = keysOfReferences(
      grade.table,
      bindingsOn(grade.resource, grade.table).filter(({ fkColumn }) => fkColumn === 'Grade_DocumentId'),
    );
    const position = key!.columns.indexOf('Grade_GradingPeriodSchoolYear');
    expect(key!.targetColumns[position]).toBe('SchoolYear_Unified');
  });

  it('21 tables whose identity includes an alias', () => {
    const withAlias = model().resources.filter((resource) => {
      const [root] = resource.tablesInDependencyOrder;
      if (!root) return false;
      const columns = new Map(root.columns.map((column) => [column.name, column]));
      return resource.identityElements.some(({ column }) => columns.get(column)?.storage.kind === 'UnifiedAlias');
    });
    expect(withAlias).toHaveLength(21);
  });
});
