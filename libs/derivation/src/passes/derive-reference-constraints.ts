import type { JsonPath } from '@dms/api-schema';
import { forEachReported } from '@dms/diagnostics';
import type { DraftTable } from '../draft/draft-table.ts';
import {
  type DraftAbstractResource,
  type DraftBinding,
  type DraftResource,
  DraftResource as DraftResourceClass,
  type ReferenceKey,
  relationalResources,
  type SetDraft,
} from '../draft/model-draft.ts';
import { failResource } from '../input/resource-entry.ts';
import { allOrNoneName, referenceBaseNameOf, referenceForeignKeyName, referenceKeyName } from '../naming/constraint-name.ts';

interface ReferenceTarget {
  readonly resource: DraftResource | DraftAbstractResource;
  readonly table: DraftTable;
  readonly identityJsonPaths: readonly JsonPath[];
}

function targetOf(draft: SetDraft, binding: DraftBinding): ReferenceTarget {
  const concrete = draft.resources.get(binding.target.label);
  if (concrete) return { resource: concrete, table: concrete.root, identityJsonPaths: concrete.input.identityJsonPaths };
  const abstract = draft.abstracts.get(binding.target.label);
  if (!abstract) throw new Error(`${binding.target.label} has no table to refer to`);
  return { resource: abstract, table: abstract.table, identityJsonPaths: abstract.identityJsonPaths };
}

/** The binding columns in the order of the target's identity; `REFERENCE_IDENTITY_NOT_COVERED` when one is missing. */
function columnsInTargetOrder(binding: DraftBinding, target: ReferenceTarget): string[] {
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
  return target.identityJsonPaths.map((path) => byIdentityPath.get(path.canonical) as string);
}

function targetColumn(binding: DraftBinding, target: ReferenceTarget, path: JsonPath): string {
  const [column] = target.table.columnsAt(path.canonical);
  if (column) return column.name;
  const text = `the identity path ${path.canonical} of ${binding.target.label} has no column in ${target.table.qualified}`;
  return failResource('IDENTITY_NOT_ON_ROOT', binding.label, text, path.canonical);
}

/** Both sides as stored columns, each target column once (design 02 §9.3, 04 §11.4). */
function storagePairs(
  binding: DraftBinding,
  target: ReferenceTarget,
  local: readonly string[],
): { local: string[]; target: string[] } {
  const pairs = { local: [] as string[], target: [] as string[] };
  const targetByLocal = new Map<string, string>();
  const usedTargets = new Set<string>();
  target.identityJsonPaths.forEach((path, index) => {
    const l = binding.table.storageOf(local[index] as string);
    const t = target.table.storageOf(targetColumn(binding, target, path));
    const paired = targetByLocal.get(l);
    if (paired !== undefined && paired !== t) {
      const text = `the reference ${binding.mappingKey} would tie the column ${l} of ${binding.table.qualified} to two columns of ${target.table.qualified}: ${[paired, t].sort().join(' and ')}`;
      failResource('REFERENCE_STORAGE_CONFLICT', binding.label, text, binding.referenceObjectPath.canonical, {
        mappingKey: binding.mappingKey,
        column: l,
        targets: [paired, t].sort(),
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

function constrainReference(draft: SetDraft, resource: DraftResource, binding: DraftBinding): ReferenceKey | undefined {
  const target = targetOf(draft, binding);
  const { table } = binding;
  const baseName = referenceBaseNameOf(binding.fkColumn);
  const local = columnsInTargetOrder(binding, target);
  if (local.length > 0) {
    table.addConstraint({
      kind: 'AllOrNoneNullability',
      name: allOrNoneName(table.table.name, baseName),
      fkColumn: binding.fkColumn,
      dependentColumns: local,
    });
  }
  const pairs = storagePairs(binding, target, local);
  if (target.resource instanceof DraftResourceClass && pairs.target.length > 0) {
    target.table.addConstraint({
      kind: 'Unique',
      name: referenceKeyName(target.table.table.name),
      columns: ['DocumentId', ...pairs.target],
    });
  }
  const columns = [table.storageOf(binding.fkColumn), ...pairs.local];
  const wanted = {
    kind: 'ForeignKey' as const,
    name: referenceForeignKeyName(table.table.name, baseName, columns.length),
    columns,
    targetTable: target.table.table,
    targetColumns: ['DocumentId', ...pairs.target],
    onDelete: 'NoAction' as const,
    onUpdate: 'NoAction' as const,
    deferrable: false,
  };
  const constraint = table.addConstraint(wanted);
  return constraint === wanted
    ? { resource, binding, receiver: table, constraint, target: { table: target.table, resource: target.resource } }
    : undefined;
}

/**
 * Per document reference: the all-or-none check, the unique key of the target that it needs, and the composite foreign key
 * over stored columns (design 02 §9.2–9.4). Actions are decided later. Records every key for identity propagation.
 */
export function deriveReferenceConstraints(draft: SetDraft): void {
  forEachReported(relationalResources(draft), (resource) => {
    for (const binding of resource.bindings) {
      const key = constrainReference(draft, resource, binding);
      if (key) draft.referenceKeys.push(key);
    }
  });
}
