import type { JsonPath } from '@dms/api-schema';
import { type DraftColumn, type DraftForeignKey, type DraftTable, storageOf } from '../draft/draft-table.ts';
import {
  type DraftAbstractResource,
  type DraftBinding,
  type DraftResource,
  DraftResource as DraftResourceClass,
  type ModelDraft,
  type ReferenceKey,
  relationalResources,
} from '../draft/model-draft.ts';
import { failResource } from '../input/resource-entry.ts';

interface ReferenceTarget {
  readonly resource: DraftResource | DraftAbstractResource;
  readonly table: DraftTable;
  readonly identityJsonPaths: readonly JsonPath[];
}

function targetOf(draft: ModelDraft, binding: DraftBinding): ReferenceTarget {
  const concrete = draft.resources.get(binding.target.label);
  if (concrete)
    return { resource: concrete, table: concrete.root, identityJsonPaths: concrete.input.identityJsonPaths };
  const abstract = draft.abstracts.get(binding.target.label);
  if (!abstract) throw new Error(`${binding.target.label} has no table to refer to`);
  return { resource: abstract, table: abstract.table, identityJsonPaths: abstract.identityJsonPaths };
}

/** The binding columns in the order of the target's identity; `REFERENCE_IDENTITY_NOT_COVERED` if one is missing. */
function columnsInTargetOrder(binding: DraftBinding, target: ReferenceTarget): DraftColumn[] {
  const byIdentityPath = new Map(
    binding.identityBindings.map(({ identityJsonPath, column }) => [identityJsonPath.canonical, column]),
  );
  const missing = target.identityJsonPaths.map((path) => path.canonical).filter((path) => !byIdentityPath.has(path));
  if (missing.length > 0) {
    const text = `the reference ${binding.mappingKey} does not bind these identity paths of ${binding.target.label}: ${missing.sort().join(', ')}`;
    failResource('REFERENCE_IDENTITY_NOT_COVERED', binding.label, text, binding.referenceObjectPath.canonical, {
      mappingKey: binding.mappingKey,
      missing,
      target: binding.target.label,
    });
  }
  return target.identityJsonPaths.flatMap((path) => byIdentityPath.get(path.canonical) ?? []);
}

function targetColumn(binding: DraftBinding, target: ReferenceTarget, path: JsonPath): DraftColumn {
  const [column] = target.table.columnsAt(path.canonical);
  if (column) return column;
  const text = `the identity path ${path.canonical} of ${binding.target.label} has no column in ${target.table.qualified}`;
  const details = { mappingKey: binding.mappingKey, target: binding.target.label, identityJsonPath: path.canonical };
  return failResource('IDENTITY_NOT_ON_ROOT', binding.label, text, path.canonical, details);
}

/** Both sides as stored columns, each target column once (design 02 §9.3, 04 §11.4). */
function storagePairs(
  binding: DraftBinding,
  target: ReferenceTarget,
  local: readonly DraftColumn[],
): { local: DraftColumn[]; target: DraftColumn[] } {
  const pairs = { local: [] as DraftColumn[], target: [] as DraftColumn[] };
  const targetByLocal = new Map<DraftColumn, DraftColumn>();
  const usedTargets = new Set<DraftColumn>();
  local.forEach((column, index) => {
    const l = storageOf(column);
    const t = storageOf(targetColumn(binding, target, target.identityJsonPaths[index] as JsonPath));
    const paired = targetByLocal.get(l);
    if (paired !== undefined && paired !== t) {
      const targets = [paired.name, t.name].sort();
      const text = `the reference ${binding.mappingKey} would tie the column ${l.name} of ${binding.table.qualified} to two columns of ${target.table.qualified}: ${targets.join(' and ')}`;
      failResource('REFERENCE_STORAGE_CONFLICT', binding.label, text, binding.referenceObjectPath.canonical, {
        mappingKey: binding.mappingKey,
        column: l.name,
        targets,
      });
    }
    targetByLocal.set(l, t);
    if (usedTargets.has(t)) return;
    usedTargets.add(t);
    pairs.local.push(l);
    pairs.target.push(t);
  });
  return pairs;
}

function constrainReference(
  draft: ModelDraft,
  resource: DraftResource,
  binding: DraftBinding,
): ReferenceKey | undefined {
  const target = targetOf(draft, binding);
  const { table } = binding;
  const local = columnsInTargetOrder(binding, target);
  if (local.length > 0) {
    table.addConstraint({ kind: 'AllOrNoneNullability', fkColumn: binding.fkColumn, dependentColumns: local });
  }
  const pairs = storagePairs(binding, target, local);
  if (target.resource instanceof DraftResourceClass && pairs.target.length > 0) {
    target.table.addConstraint({
      kind: 'Unique',
      purpose: 'ReferenceKey',
      columns: draft.rules.referenceKey(target.table.documentId, pairs.target),
    });
  }
  const wanted: DraftForeignKey = {
    kind: 'ForeignKey',
    purpose: { kind: 'Reference', fkColumn: binding.fkColumn },
    columns: draft.rules.referenceKey(storageOf(binding.fkColumn), pairs.local),
    target: target.table,
    targetColumns: draft.rules.referenceKey(target.table.documentId, pairs.target),
    onDelete: 'NoAction',
  };
  const constraint = table.addConstraint(wanted);
  return constraint === wanted
    ? { resource, binding, receiver: table, constraint, target: { table: target.table, resource: target.resource } }
    : undefined;
}

/**
 * Adds for each document reference the all-or-none check, the unique key that it needs on the target, and the composite
 * foreign key over stored columns (design 02 §9.2–9.4). Actions are chosen later. Records every key for identity
 * propagation.
 */
export function deriveReferenceConstraints(draft: ModelDraft): void {
  for (const resource of relationalResources(draft)) {
    draft.diagnostics.forEach(resource.bindings, (binding) => {
      const key = constrainReference(draft, resource, binding);
      if (key) draft.referenceKeys.push(key);
    });
  }
}
