import { defaultMappingVersion, type MappingVersion, resourceLabel } from '@dms/api-schema';
import { groupBy } from '@dms/files';
import { qualified, type ScalarType } from '@dms/model';
import { generations } from '../generations.ts';
import type { ResourceReadPlan } from '../plan.ts';
import { failPlan } from '../plan-failure.ts';
import { logicalFields } from './reference-identity-projection.ts';

const typeText = (type: ScalarType | null | undefined) =>
  type
    ? [type.kind, type.maxLength, type.decimal?.precision, type.decimal?.scale].filter((part) => part != null).join(' ')
    : '<none>';

/**
 * Compares a read plan with its model: every ordinal must point at the column that the binding names (design 08 §7.6,
 * 17 §4.6). Throws `PLAN_PROJECTION_CONTRACT`, `PLAN_SINGLE_DOCUMENT_SQL`, `PLAN_LOOKUP_CONTRACT`.
 */
export function checkProjectionContract(plan: ResourceReadPlan, version: MappingVersion = defaultMappingVersion): void {
  const { model } = plan;
  const tables = new Map(plan.tablePlansInDependencyOrder.map((table) => [qualified(table.tableModel.table), table]));
  const expectEqual = (what: string, expected: string | number | boolean, found: string | number | boolean) => {
    if (expected === found) return;
    failPlan('PLAN_PROJECTION_CONTRACT', model, 'read', `${what}: expected ${expected}, found ${found}`, {
      what,
      expected,
      found,
    });
  };
  const selectedAt = (table: string, ordinal: number) => tables.get(table)?.selectListColumnsInOrder[ordinal];
  const columnAt = (table: string, ordinal: number) => selectedAt(table, ordinal)?.name ?? '<none>';

  expectEqual('number of distinct hydration tables', plan.tablePlansInDependencyOrder.length, tables.size);
  const bindingsByTable = groupBy(model.documentReferenceBindings, ({ table }) => qualified(table));
  const owners = [...tables.keys()].filter((table) => bindingsByTable.has(table));
  const projections = plan.referenceIdentityProjectionPlansInDependencyOrder;
  expectEqual(
    'tables with reference projections',
    owners.join(', '),
    projections.map(({ table }) => qualified(table)).join(', '),
  );
  for (const [tableIndex, { table, bindingsInOrder }] of projections.entries()) {
    const name = qualified(table);
    const expected = bindingsByTable.get(name) ?? [];
    expectEqual(
      `reference projection ${tableIndex} (${name}): number of bindings`,
      expected.length,
      bindingsInOrder.length,
    );
    for (const [index, binding] of expected.entries()) {
      const projection = bindingsInOrder[index];
      const what = `reference projection ${tableIndex} (${name}), ${binding.referenceObjectPath.canonical}`;
      if (!projection) return expectEqual(what, true, false);
      expectEqual(`${what}: path`, binding.referenceObjectPath.canonical, projection.referenceObjectPath.canonical);
      expectEqual(`${what}: FK column`, binding.fkColumn, columnAt(name, projection.fkColumnOrdinal));
      expectEqual(`${what}: target`, resourceLabel(binding.targetResource), resourceLabel(projection.targetResource));
      expectEqual(`${what}: identity component`, binding.isIdentityComponent, projection.isIdentityComponent);
      const fields = logicalFields(binding);
      const fieldTexts = (list: readonly { readonly canonical: string }[]) =>
        list.map(({ canonical }) => canonical).join(', ');
      expectEqual(
        `${what}: fields`,
        fieldTexts(fields.map(({ path }) => path)),
        fieldTexts(projection.identityFieldOrdinalsInOrder.map(({ referenceJsonPath }) => referenceJsonPath)),
      );
      for (const [fieldIndex, { path, members }] of fields.entries()) {
        const field = projection.identityFieldOrdinalsInOrder[fieldIndex];
        const column = selectedAt(name, field?.columnOrdinal ?? -1);
        expectEqual(
          `${what}: column of ${path.canonical} (${column?.name ?? '<none>'}) is a member`,
          true,
          members.some((member) => member.column === column?.name),
        );
        expectEqual(`${what}: type of ${path.canonical}`, typeText(column?.scalarType), typeText(field?.scalarType));
      }
    }
  }

  const sources = plan.descriptorProjectionPlansInOrder.flatMap(({ sourcesInOrder, resultShape }, index) => {
    expectEqual(`descriptor projection ${index}: has sources`, true, sourcesInOrder.length > 0);
    expectEqual(
      `descriptor projection ${index}: result shape`,
      '0, 1',
      `${resultShape.descriptorIdOrdinal}, ${resultShape.uriOrdinal}`,
    );
    return sourcesInOrder;
  });
  expectEqual('number of descriptor sources', model.descriptorEdgeSources.length, sources.length);
  for (const [index, edge] of model.descriptorEdgeSources.entries()) {
    const source = sources[index];
    const what = `descriptor source ${index} (${qualified(edge.table)}, ${edge.descriptorValuePath.canonical})`;
    if (!source) return expectEqual(what, true, false);
    expectEqual(`${what}: table`, qualified(edge.table), qualified(source.table));
    expectEqual(`${what}: column`, edge.fkColumn, columnAt(qualified(source.table), source.descriptorIdColumnOrdinal));
    expectEqual(`${what}: path`, edge.descriptorValuePath.canonical, source.descriptorValuePath.canonical);
    expectEqual(
      `${what}: descriptor`,
      resourceLabel(edge.descriptorResource),
      resourceLabel(source.descriptorResource),
    );
  }
  generations[version].read.checkContract(plan);
}
