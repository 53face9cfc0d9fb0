import { isDeepStrictEqual } from 'node:util';
import { resourceLabel } from '@dms/api-schema';
import { modelIndex, mustExist, qualified, type RelationalModelSet, type ResourceModel, type Table } from '@dms/model';
import { checkProbes, type NaturalKeyProbes, type ProbeKeyColumn, referencedResources, uniqueKeys } from '@dms/plans';
import { groupBy } from '@dms/values';
import { withinInvariants } from './check-resource.ts';
import { expectPart, failInvariant, type PackPlace } from './fail-pack.ts';

const none: NaturalKeyProbes = { target: null, own: null };

/**
 * Checks the probes of a pack against its models (design 22 §4.6): which resources have them, that each is a unique key
 * of its table, and that each value fits its column. The table of an abstract resource is not in the pack; its keys are
 * those to which foreign keys lead.
 *
 * @param areDue whether the generation has probes
 */
export function checkPackProbes(
  model: RelationalModelSet,
  probes: ReadonlyMap<string, NaturalKeyProbes>,
  areDue: boolean,
  file: string,
): void {
  const index = modelIndex(model);
  const referenced = referencedResources(index);
  const foreignKeys = groupBy(
    index.tables.flatMap(({ table }) => index.foreignKeysOf(table)),
    ({ targetTable }) => qualified(targetTable),
  );
  const keysOf = (name: Table['table']) => {
    const table = index.table(name)?.table;
    return table ? uniqueKeys(table) : (foreignKeys.get(qualified(name)) ?? []).map((key) => key.targetColumns);
  };
  for (const key of model.effectiveSchema.resourceKeys) {
    const label = resourceLabel(key);
    const at = { file, resource: label };
    const root = index.rootOf(label);
    const { target, own } = probes.get(label) ?? none;
    expectPart(at, 'natural_key_probe_target', areDue && (key.isAbstract || referenced.has(label)), target !== null);
    expectPart(at, 'own_natural_key_probe', areDue && root !== undefined, own !== null);
    if (target) {
      expect(at, 'natural_key_probe_target.resource', label, resourceLabel(target.resource));
      expect(at, 'natural_key_probe_target.kind', key.isAbstract ? 'abstract' : 'concrete', target.kind);
      expectPart(at, 'resource_key_id_column', key.isAbstract, target.resourceKeyIdColumn !== null);
    }
    if (own) expect(at, 'own_natural_key_probe.resource', label, resourceLabel(own.resource));
    // no foreign key leads to an abstract resource without references
    const isKnown = target && (!key.isAbstract || keysOf(target.table).length > 0);
    const checked = new Map([[label, { target: isKnown ? target : null, own }]]);
    withinInvariants(at, 'natural_key_probe', () => checkProbes(keysOf, checked));
    if (!root) continue;
    const resource = mustExist(index.resources.get(label), label);
    if (target) checkColumns(at, resource, root, target);
    if (own) checkColumns(at, resource, root, { ...own, table: own.rootTable });
  }
}

const expect = (at: PackPlace, what: string, due: string, found: string) => {
  if (found !== due) failInvariant(at, what, due, found);
};

interface CheckedProbe {
  readonly table: Table['table'];
  readonly keyColumns: readonly ProbeKeyColumn[];
  readonly documentIdColumn: string;
}

/** The columns of a probe must be those of the root, and each value must be of the type of its column. */
function checkColumns(
  at: PackPlace,
  { documentReferenceBindings }: ResourceModel,
  root: Table,
  { table, keyColumns, documentIdColumn }: CheckedProbe,
): void {
  expect(at, 'table of a probe', qualified(root.table), qualified(table));
  expect(at, 'document_id_column of a probe', root.key.columns[0]?.name ?? 'none', documentIdColumn);
  for (const { column: name, binding } of keyColumns) {
    const column = mustExist(
      root.columns.find((each) => each.name === name),
      name,
    );
    const fits = () => {
      if (binding.kind === 'scalar') return isDeepStrictEqual(binding.scalarType, column.scalarType);
      if (binding.kind === 'descriptor') return column.kind === 'DescriptorFk';
      const reference = documentReferenceBindings[binding.bindingIndex];
      return reference?.fkColumn === name && qualified(reference.table) === qualified(root.table);
    };
    if (!fits()) failInvariant({ ...at, part: name }, 'binding of a probe', 'what the column stores', binding.kind);
  }
}
