import { isDeepStrictEqual } from 'node:util';
import { resourceLabel } from '@dms/api-schema';
import {
  type ModelIndex,
  modelIndex,
  mustExist,
  qualified,
  type RelationalModelSet,
  type ResourceModel,
  storedColumn,
  storedName,
  type Table,
} from '@dms/model';
import {
  checkProbes,
  descriptorProbe,
  hasProbes,
  type NaturalKeyProbes,
  type NaturalKeyProbeTarget,
  type ProbeKeyColumn,
  referencedResources,
  uniqueKeys,
  type ValueBinding,
} from '@dms/plans';
import { groupBy } from '@dms/values';
import { withinInvariants } from './check-resource.ts';
import { expectPart, failInvariant, type PackPlace } from './fail-pack.ts';

const none: NaturalKeyProbes = { target: null, own: null };

/**
 * Checks the probes of a pack against its models (design 22 §4.6): which resources have them, that each is a unique key
 * of its table, and that each value fits its column. The table of an abstract resource is not in the pack; the foreign
 * keys of the references to the resource describe it.
 */
export function checkPackProbes(
  model: RelationalModelSet,
  probes: ReadonlyMap<string, NaturalKeyProbes>,
  file: string,
): void {
  const areDue = hasProbes(model.effectiveSchema.relationalMappingVersion);
  const index = modelIndex(model);
  const referenced = referencedResources(index);
  const keys = groupBy(referenceKeys(index), ({ target }) => target);
  const { resourceKeyIdColumn, documentIdColumn } = descriptorProbe(model.dialect);
  for (const key of model.effectiveSchema.resourceKeys) {
    const label = resourceLabel(key);
    const at = { file, resource: label };
    const root = index.rootOf(label);
    const resourceProbes = probes.get(label) ?? none;
    const { target, own: ownProbe } = resourceProbes;
    expectPart(at, 'natural_key_probe_target', areDue && (key.isAbstract || referenced.has(label)), target !== null);
    expectPart(at, 'own_natural_key_probe', areDue && root !== undefined, ownProbe !== null);
    if (target) {
      expect(at, 'natural_key_probe_target.resource', label, resourceLabel(target.resource));
      expect(at, 'natural_key_probe_target.kind', key.isAbstract ? 'abstract' : 'concrete', target.kind);
      expect(
        at,
        'resource_key_id_column',
        key.isAbstract ? resourceKeyIdColumn : 'none',
        target.resourceKeyIdColumn ?? 'none',
      );
    }
    if (ownProbe) expect(at, 'own_natural_key_probe.resource', label, resourceLabel(ownProbe.resource));
    const leading = key.isAbstract ? (keys.get(label) ?? []) : [];
    if (target && key.isAbstract) {
      expect(at, 'document_id_column of a probe', documentIdColumn, target.documentIdColumn);
      checkAbstract(at, target, leading, index);
    }
    const keysOf = (name: Table['table']) => {
      if (!target || !key.isAbstract) return uniqueKeys(index.table(name)?.table);
      // without references nothing in the pack tells the columns of the table
      if (!referenced.has(label)) return [[...target.keyColumns.map(({ column }) => column), documentIdColumn]];
      return leading.map(({ targetColumns }) => targetColumns);
    };
    withinInvariants(at, 'natural_key_probe', () => checkProbes(keysOf, new Map([[label, resourceProbes]])));
    for (const { column, identityJsonPaths } of [...(target?.keyColumns ?? []), ...(ownProbe?.keyColumns ?? [])])
      if (identityJsonPaths.length === 0)
        failInvariant({ ...at, part: column }, 'identity_json_paths', 'a path', 'none');
    if (!root) continue;
    const resource = mustExist(index.resources.get(label), label);
    if (target) checkColumns(at, resource, root, target);
    if (ownProbe) checkColumns(at, resource, root, { ...ownProbe, table: ownProbe.rootTable });
  }
}

/** The foreign key of a reference, in the table with its columns. */
interface ReferenceForeignKey {
  /** The resource to which it leads, as `Project:Resource`. */
  readonly target: string;
  readonly table: Table;
  readonly columns: readonly string[];
  readonly targetTable: Table['table'];
  readonly targetColumns: readonly string[];
}

const referenceKeys = (index: ModelIndex): ReferenceForeignKey[] =>
  index.tables.flatMap(({ table }) =>
    index.bindingsOn(table).flatMap(({ targetResource, fkColumn }) => {
      const stored = storedColumn(table, fkColumn);
      return index
        .foreignKeysOf(table)
        .filter(({ columns }) => columns.some((name) => name === stored))
        .map((key) => ({ ...key, target: resourceLabel(targetResource), table }));
    }),
  );

const expect = (at: PackPlace, what: string, due: string, found: string) => {
  if (found !== due) failInvariant(at, what, due, found);
};

const failBinding = (at: PackPlace, part: string, kind: string) =>
  failInvariant({ ...at, part }, 'binding of a probe', 'what the column stores', kind);

/**
 * All foreign keys to an abstract resource lead to its table, which is not in the pack. Both sides of a key store values
 * of the same kind, but a reference may have less room for them.
 */
function checkAbstract(
  at: PackPlace,
  { table: name, keyColumns }: NaturalKeyProbeTarget,
  keys: readonly ReferenceForeignKey[],
  index: ModelIndex,
): void {
  if (index.table(name)) failInvariant(at, 'table of a probe', 'a table of the abstract resource', qualified(name));
  const bindings = new Map(keyColumns.map(({ column, binding }) => [column, binding]));
  for (const { table, columns, targetTable, targetColumns } of keys) {
    expect(at, 'table of a probe', qualified(targetTable), qualified(name));
    for (const [position, column] of targetColumns.entries()) {
      const binding = bindings.get(column);
      if (binding && !fits(table, columns[position], binding, false)) failBinding(at, column, binding.kind);
    }
  }
}

/** Whether a column of a table, or an alias of it, stores the value of a binding, with exactly the type if `isExact`. */
function fits({ columns }: Table, name: string | undefined, binding: ValueBinding, isExact: boolean): boolean {
  if (binding.kind === 'scalar') {
    const { scalarType: due } = binding;
    return columns.some(
      ({ name: each, kind, scalarType }) =>
        each === name &&
        kind === 'Scalar' &&
        (isExact ? isDeepStrictEqual(scalarType, due) : scalarType?.kind === due.kind),
    );
  }
  const label = resourceLabel(binding.descriptorResource);
  return columns.some(
    (each) =>
      (each.name === name || storedName(each) === name) &&
      each.kind === 'DescriptorFk' &&
      each.targetResource !== null &&
      resourceLabel(each.targetResource) === label,
  );
}

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
  const isBound = ({ column: name, binding }: ProbeKeyColumn) => {
    if (binding.kind !== 'documentReference') return fits(root, name, binding, true);
    const reference = documentReferenceBindings[binding.bindingIndex];
    return reference?.fkColumn === name && qualified(reference.table) === qualified(root.table);
  };
  for (const column of keyColumns) if (!isBound(column)) failBinding(at, column.column, column.binding.kind);
}
