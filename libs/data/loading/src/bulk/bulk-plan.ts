import { defineDatabase, type TableDefinition } from '@dms/catalog';
import type { DocumentPlans } from '@dms/documents';
import { core, modelIndex, qualified, type Table } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import { generations } from '../generations.ts';
import type { BulkRules } from './bulk-rules.ts';

/** Bytes of input by resource, for each resource that has documents. */
export type InputBytes = ReadonlyMap<string, number>;

interface WrittenTable {
  readonly resource: string;
  readonly table: Table;
}

/** Tables of resources, by qualified name. */
type WrittenTables = ReadonlyMap<string, WrittenTable>;

/** The tables that a load of these inputs writes and locks, and the triggers that it disables. */
export function bulkPlan(plans: DocumentPlans, inputs: InputBytes, postponedFrom: number): BulkPlan {
  const { tables } = defineDatabase(plans.mappingSet.model, plans.inventory);
  const written = writtenTables(plans, inputs);
  const rules = generations[plans.version];
  return {
    tables,
    written,
    rules,
    replaced: replacedTriggers(tables, written, rules),
    locked: lockedTables(written),
    large: largeTables(written, inputs, rules, postponedFrom),
  };
}

function writtenTables({ mappingSet: { model } }: DocumentPlans, inputs: InputBytes): WrittenTables {
  return new Map(
    modelIndex(model)
      .tables.filter(({ label }) => inputs.has(label))
      .map(({ key, label: resource, table }) => [key, { resource, table }]),
  );
}

/**
 * The tables to lock: `dms.Document`, and those that keys of the written tables lead to. Another session must not hold
 * a row that a key leads to while it waits for the end of the load. The written tables are locked when their triggers
 * are disabled.
 */
function lockedTables(written: WrittenTables): readonly QualifiedName[] {
  const targets = [...written.values()].flatMap(({ table: { constraints } }) =>
    constraints.flatMap((constraint) => (constraint.kind === 'ForeignKey' ? [constraint.targetTable] : [])),
  );
  return distinct([core.document, ...targets]).filter((table) => !written.has(qualified(table)));
}

/** Each table once. */
export const distinct = (tables: readonly QualifiedName[]): readonly QualifiedName[] => [
  ...new Map(tables.map((table) => [qualified(table), table])).values(),
];

/** The tables with so much input that their keys are postponed, with the bytes of that input. */
function largeTables(
  written: WrittenTables,
  inputs: InputBytes,
  { coreTables, identities }: BulkRules,
  postponedFrom: number,
): readonly (readonly [QualifiedName, number])[] {
  const all = [...inputs.values()].reduce((sum, bytes) => sum + bytes, 0);
  const ofResources = [...written.values()].map(
    ({ resource, table }) => [table.table, inputs.get(resource) ?? 0] as const,
  );
  const ofCore = [...coreTables, ...identities.tables.map(({ table }) => table)];
  return [...ofCore.map((table) => [table, all] as const), ...ofResources].filter(
    ([, bytes]) => bytes >= postponedFrom,
  );
}

/** The triggers to disable during the run, by table. */
const replacedTriggers = (
  tables: readonly TableDefinition[],
  written: WrittenTables,
  { replacedTriggers: kinds }: BulkRules,
) =>
  tables.flatMap((table) => {
    if (!written.has(qualified(table))) return [];
    const triggers = table.triggers
      .filter(({ intent }) => kinds.some((kind) => kind === intent.kind))
      .flatMap((each) => each.triggers.filter(({ events }) => events.includes('INSERT')).map(({ name }) => name));
    return triggers.length > 0 ? [{ table: { schema: table.schema, name: table.name }, triggers }] : [];
  });

/** The plan of a bulk load, made before it begins. */
export interface BulkPlan {
  readonly tables: readonly TableDefinition[];
  readonly written: WrittenTables;
  readonly rules: BulkRules;
  /** The triggers to disable, by table. */
  readonly replaced: ReturnType<typeof replacedTriggers>;
  readonly locked: readonly QualifiedName[];
  readonly large: ReturnType<typeof largeTables>;
}
