import { defaultMappingVersion, type MappingVersion, resourceLabel } from '@dms/api-schema';
import { type DocumentReferenceBinding, qualified, type ScalarType } from '@dms/model';
import { groupBy } from '@dms/values';
import { generations } from '../generations.ts';
import type { ReferenceIdentityProjectionBinding, ResourceReadPlan } from '../plan.ts';
import { failPlan } from '../plan-table.ts';
import { logicalFields } from './projections.ts';

/**
 * Compares a read plan with its model: every ordinal must point at the column that the binding names (design 08 §7.6,
 * 17 §4.6). Throws `PLAN_PROJECTION_CONTRACT`, `PLAN_SINGLE_DOCUMENT_SQL`, `PLAN_LOOKUP_CONTRACT`.
 */
export function checkProjectionContract(plan: ResourceReadPlan, version: MappingVersion = defaultMappingVersion): void {
  const compared = comparison(plan);
  const { tables, expectEqual } = compared;
  expectEqual('number of distinct hydration tables', plan.tablePlansInDependencyOrder.length, tables.size);
  checkReferences(compared);
  checkDescriptors(compared);
  generations[version].read.checkContract(plan);
}

/** A plan that is compared with its model. */
interface ContractInput {
  readonly plan: ResourceReadPlan;
  readonly tables: ReadonlyMap<string, ResourceReadPlan['tablePlansInDependencyOrder'][number]>;
  readonly expectEqual: (what: string, expected: string | number | boolean, found: string | number | boolean) => void;
}

function comparison(plan: ResourceReadPlan): ContractInput {
  return {
    plan,
    tables: new Map(plan.tablePlansInDependencyOrder.map((table) => [qualified(table.tableModel.table), table])),
    expectEqual: (what, expected, found) => {
      if (expected === found) return;
      const text = `${what}: expected ${expected}, found ${found}`;
      failPlan('PLAN_PROJECTION_CONTRACT', plan.model, 'read', text, { what, expected, found });
    },
  };
}

function checkReferences(compared: ContractInput): void {
  const { plan, tables, expectEqual } = compared;
  const bindingsByTable = groupBy(plan.model.documentReferenceBindings, ({ table }) => qualified(table));
  const owners = [...tables.keys()].filter((table) => bindingsByTable.has(table));
  const projections = plan.referenceIdentityProjectionPlansInDependencyOrder;
  expectEqual(
    'tables with reference projections',
    owners.join(', '),
    projections.map(({ table }) => qualified(table)).join(', '),
  );
  for (const [tableIndex, { table, bindingsInOrder }] of projections.entries()) {
    const name = qualified(table);
    const place = `reference projection ${tableIndex} (${name})`;
    const expected = bindingsByTable.get(name) ?? [];
    expectEqual(`${place}: number of bindings`, expected.length, bindingsInOrder.length);
    for (const [index, binding] of expected.entries()) {
      const projection = bindingsInOrder[index];
      const what = `${place}, ${binding.referenceObjectPath.canonical}`;
      if (projection) checkReference(compared, { table: name, what }, binding, projection);
      else expectEqual(what, true, false);
    }
  }
}

/** Compares the projection of a reference with the reference of the model. */
function checkReference(
  compared: ContractInput,
  { table, what }: { readonly table: string; readonly what: string },
  binding: DocumentReferenceBinding,
  projection: ReferenceIdentityProjectionBinding,
): void {
  const { expectEqual } = compared;
  expectEqual(`${what}: path`, binding.referenceObjectPath.canonical, projection.referenceObjectPath.canonical);
  expectEqual(`${what}: FK column`, binding.fkColumn, columnAt(compared, table, projection.fkColumnOrdinal));
  expectEqual(`${what}: target`, resourceLabel(binding.targetResource), resourceLabel(projection.targetResource));
  expectEqual(`${what}: identity component`, binding.isIdentityComponent, projection.isIdentityComponent);
  const fields = logicalFields(binding);
  const found = projection.identityFieldOrdinalsInOrder;
  expectEqual(
    `${what}: fields`,
    pathsText(fields.map(({ path }) => path)),
    pathsText(found.map(({ referenceJsonPath }) => referenceJsonPath)),
  );
  for (const [index, { path, members }] of fields.entries()) {
    const field = found[index];
    const column = selectedAt(compared, table, field?.columnOrdinal ?? -1);
    const isMember = members.some((member) => member.column === column?.name);
    expectEqual(`${what}: column of ${path.canonical} (${column?.name ?? '<none>'}) is a member`, true, isMember);
    expectEqual(`${what}: type of ${path.canonical}`, typeText(column?.scalarType), typeText(field?.scalarType));
  }
}

const columnAt = (compared: ContractInput, table: string, ordinal: number) =>
  selectedAt(compared, table, ordinal)?.name ?? '<none>';

const selectedAt = ({ tables }: ContractInput, table: string, ordinal: number) =>
  tables.get(table)?.selectListColumnsInOrder[ordinal];

const pathsText = (paths: readonly { readonly canonical: string }[]) =>
  paths.map(({ canonical }) => canonical).join(', ');

const typeText = (type: ScalarType | null | undefined) =>
  type
    ? [type.kind, type.maxLength, type.decimal?.precision, type.decimal?.scale].filter((part) => part != null).join(' ')
    : '<none>';

function checkDescriptors(compared: ContractInput): void {
  const { plan, expectEqual } = compared;
  const sources = plan.descriptorProjectionPlansInOrder.flatMap(({ sourcesInOrder, resultShape }, index) => {
    const place = `descriptor projection ${index}`;
    expectEqual(`${place}: has sources`, true, sourcesInOrder.length > 0);
    const { descriptorIdOrdinal, uriOrdinal } = resultShape;
    expectEqual(`${place}: result shape`, '0, 1', `${descriptorIdOrdinal}, ${uriOrdinal}`);
    return sourcesInOrder;
  });
  const edges = plan.model.descriptorEdgeSources;
  expectEqual('number of descriptor sources', edges.length, sources.length);
  for (const [index, edge] of edges.entries()) {
    const source = sources[index];
    const what = `descriptor source ${index} (${qualified(edge.table)}, ${edge.descriptorValuePath.canonical})`;
    if (!source) return expectEqual(what, true, false);
    const table = qualified(source.table);
    expectEqual(`${what}: table`, qualified(edge.table), table);
    expectEqual(`${what}: column`, edge.fkColumn, columnAt(compared, table, source.descriptorIdColumnOrdinal));
    expectEqual(`${what}: path`, edge.descriptorValuePath.canonical, source.descriptorValuePath.canonical);
    const resource = resourceLabel(source.descriptorResource);
    expectEqual(`${what}: descriptor`, resourceLabel(edge.descriptorResource), resource);
  }
}
