import { resourceLabel } from '@dms/api-schema';
import { counted } from '@dms/diagnostics';
import { qualified } from '../full-names.ts';
import { type InspectedModel, referenceKeys, sameList, uniques } from './inspected-model.ts';

/** 9: every document FK column has one binding and is the first column of one foreign key. */
export function documentForeignKeys(inspected: InspectedModel): string[] {
  return inspected.resourceTables().flatMap(({ table }) =>
    table.columns
      .filter(({ kind }) => kind === 'DocumentFk')
      .flatMap(({ name }) => {
        const bindings = inspected.bindingsOn(table).filter(({ fkColumn }) => fkColumn === name).length;
        const keys = inspected
          .foreignKeysOf(table)
          .filter(({ columns }) => columns.includes(name) && inspected.rows.referenceColumn(columns) === name).length;
        return [
          ...(bindings === 1 ? [] : [`9 ${qualified(table.table)}.${name}: ${bindings} bindings`]),
          ...(keys === 1 ? [] : [`9 ${qualified(table.table)}.${name}: leads ${keys} foreign keys`]),
        ];
      }),
  );
}

/**
 * 10: the columns of a reference are all nullable or all not; its all-or-none check has them in the target's identity
 * order.
 */
export function bindings(inspected: InspectedModel): string[] {
  return inspected.model.resources.flatMap((resource) =>
    resource.documentReferenceBindings.flatMap(({ table: tableName, fkColumn, identityBindings, targetResource }) => {
      const place = () => `10 ${qualified(tableName)}.${fkColumn}`;
      const table = inspected.tableNamed(tableName);
      const columns = [fkColumn, ...identityBindings.map(({ column }) => column)].map(
        (name) => table && inspected.columnOf(table, name),
      );
      if (!table || columns.some((column) => column === undefined))
        return [`${place()}: a column of the binding is missing`];
      const found: string[] = [];
      if (columns[0]?.kind !== 'DocumentFk') found.push(`${place()}: not a DocumentFk`);
      if (columns.some((column) => column?.isNullable !== columns[0]?.isNullable))
        found.push(`${place()}: its columns differ in nullability`);
      const checks = table.constraints.flatMap((constraint) =>
        constraint.kind === 'AllOrNoneNullability' && constraint.fkColumn === fkColumn ? [constraint] : [],
      );
      const byPath = new Map(
        identityBindings.map(({ identityJsonPath, column }) => [identityJsonPath.canonical, column]),
      );
      const expected = (inspected.identityPaths.get(resourceLabel(targetResource)) ?? []).map(
        (path) => byPath.get(path) ?? `? ${path}`,
      );
      if (expected.length !== identityBindings.length)
        found.push(`${place()}: ${counted(identityBindings.length, 'column')} for ${expected.length} identity paths`);
      const [check] = checks;
      if (checks.length !== 1 || !check || !sameList(check.dependentColumns, expected))
        found.push(`${place()}: no single all-or-none check over ${expected.join(', ')}`);
      return found;
    }),
  );
}

/** 11: the target columns of a reference key are unique. */
export function targetKeys(inspected: InspectedModel): string[] {
  return referenceKeys(inspected).flatMap(({ table, key }) => {
    const target = inspected.tableNamed(key.targetTable);
    if (!target) return [`11 ${key.name}: its target ${qualified(key.targetTable)} is not a table of the model`];
    if (inspected.isTargetUnique(table, key, target)) return [];
    return [`11 ${key.name}: ${qualified(key.targetTable)}(${key.targetColumns.join(', ')}) is not unique`];
  });
}

/** 18: a root table has exactly one reference key if a reference points at it, otherwise none. */
export function referencedKeys(inspected: InspectedModel): string[] {
  const referenced = new Set(referenceKeys(inspected).map(({ key }) => qualified(key.targetTable)));
  return inspected.model.resources.flatMap(({ tablesInDependencyOrder }) =>
    tablesInDependencyOrder.flatMap((table) => {
      const name = qualified(table.table);
      const expected = table === tablesInDependencyOrder[0] && referenced.has(name) ? 1 : 0;
      const actual = uniques(table).filter(
        ({ columns }) => inspected.rows.referenceColumn(columns) === 'DocumentId' && columns.length > 1,
      ).length;
      return actual === expected ? [] : [`18 ${name}: ${actual} reference keys instead of ${expected}`];
    }),
  );
}
