import { type JsonPath, stripExtensionPrefix } from '@dms/api-schema';
import { append, type DiagnosticCollector } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import type { DraftRules } from '../draft/draft-rules.ts';
import { type DraftColumn, type DraftForeignKey, type DraftTable, storageOf } from '../draft/draft-table.ts';
import {
  type DraftAbstractResource,
  type DraftBinding,
  type DraftIdentityElement,
  type DraftResource,
  DraftResource as DraftResourceClass,
  type ModelDraft,
  type ReferenceKey,
  relationalResources,
} from '../draft/model-draft.ts';
import { type ArrayUniquenessEntry, groupByScope } from '../input/constraints.ts';
import { entryOrder, failResource } from '../input/resource-entry.ts';
import type { ResourceInput } from '../input/resource-input.ts';

/**
 * Finds the root column of each identity path (design 05 §4.1), and adds `UX_{Root}_NK` over the identity in path
 * order. In this key, the FK column of a reference represents all its parts, once (design 02 §9.1). Aliases are used
 * under their own names.
 */
export function deriveNaturalKeys(draft: ModelDraft): void {
  for (const resource of relationalResources(draft)) {
    const found = resource.input.identityJsonPaths.flatMap(
      (path) => draft.diagnostics.attempt(() => identityPlace(resource, draft.rules, path)) ?? [],
    );
    resource.identity = found.map(({ element }) => element);
    const columns = [...new Set(found.map(({ keyColumn }) => keyColumn))];
    if (columns.length === 0) continue;
    resource.naturalKey = columns;
    resource.root.addConstraint({ kind: 'Unique', purpose: 'NaturalKey', columns });
  }
}

/** A value of the identity, and the column that represents it in the natural key. */
interface IdentityPlace {
  readonly element: DraftIdentityElement;
  readonly keyColumn: DraftColumn;
}

function identityPlace(resource: DraftResource, rules: DraftRules, path: JsonPath): IdentityPlace {
  const { label, root } = resource;
  const { canonical } = path;
  if (path.segments.some((segment) => segment.kind === 'anyElement')) {
    failResource(
      'IDENTITY_PATH_IN_ARRAY',
      label,
      `the identity path ${canonical} lies in an array; an identity has one value per document`,
      canonical,
    );
  }
  const bindings = resource.bindingsByReferencePath.get(canonical) ?? [];
  const [binding] = bindings;
  if (bindings.length > 1) {
    const keys = bindings.map(({ mappingKey }) => mappingKey).sort();
    failResource(
      'IDENTITY_PATH_AMBIGUOUS',
      label,
      `the identity path ${canonical} is bound by several references: ${keys.join(', ')}`,
      canonical,
      { references: keys },
    );
  }
  if (binding) {
    if (binding.table !== root)
      failResource(
        'IDENTITY_NOT_ON_ROOT',
        label,
        `the identity path ${canonical} belongs to a reference outside the root table`,
        canonical,
      );
    const part = mustExist(rules.identityPart(binding, canonical), `the part of ${label} ${canonical}`);
    return { element: { path, column: part.column }, keyColumn: binding.fkColumn };
  }
  const columns = root.columnsAt(canonical);
  const [column] = columns;
  if (!column)
    return failResource(
      'IDENTITY_NOT_ON_ROOT',
      label,
      `the identity path ${canonical} has no column in the root table`,
      canonical,
    );
  if (columns.some(({ kind }) => kind !== column.kind)) {
    const kinds = columns.map(({ name, kind }) => `${name} (${kind})`).join(', ');
    failResource('SOURCE_PATH_KINDS', label, `${canonical} feeds columns of different kinds: ${kinds}`, canonical);
  }
  return { element: { path, column }, keyColumn: column };
}

/**
 * Adds for each document reference the all-or-none check, the required unique key on the target, and the composite
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

function targetColumn(binding: DraftBinding, target: ReferenceTarget, path: JsonPath): DraftColumn {
  const [column] = target.table.columnsAt(path.canonical);
  if (column) return column;
  const text = `the identity path ${path.canonical} of ${binding.target.label} has no column in ${target.table.qualified}`;
  const details = { mappingKey: binding.mappingKey, target: binding.target.label, identityJsonPath: path.canonical };
  return failResource('IDENTITY_NOT_ON_ROOT', binding.label, text, path.canonical, details);
}

/**
 * A path of a uniqueness rule and the column that holds it; for a part of a reference the FK column of the reference.
 */
export interface UniqueValue {
  readonly path: JsonPath;
  readonly column: DraftColumn;
}

/** The paths of an array that must be unique among the rows of a parent, with the table of the array. */
export interface MappedUniqueness {
  readonly resource: DraftResource;
  /** The resource or resource extension that declares the rule. */
  readonly input: ResourceInput;
  readonly table: DraftTable;
  readonly values: readonly UniqueValue[];
}

/**
 * Finds the tables of all natural keys inside collections and passes them to `take`, in resource order, outer before
 * nested (design 02 §10.3). An extension may constrain an inherited collection. Errors of `take` are reported like all
 * others.
 */
export function forEachArrayUniqueness(draft: ModelDraft, take: (mapped: MappedUniqueness) => void): void {
  const work = [...relationalResources(draft).map((base) => ({ input: base.input, base })), ...draft.extensions].sort(
    (a, b) => entryOrder(a.input.entry, b.input.entry),
  );
  for (const { input, base } of work) {
    const mapped = input.arrayUniqueness.flatMap((entry) => mapEntry(base, input, entry, draft.diagnostics));
    draft.diagnostics.forEach(mapped, take);
  }
}

function mapEntry(
  resource: DraftResource,
  input: ResourceInput,
  constraint: ArrayUniquenessEntry,
  diagnostics: DiagnosticCollector,
): MappedUniqueness[] {
  const groups = diagnostics.attempt(() => groupByScope(input.label, constraint.paths)) ?? [];
  const mapped: MappedUniqueness[] = [];
  diagnostics.forEach(groups, ({ scope, paths }) => {
    let matching = candidates(resource, scope, paths);
    const stripped = stripExtensionPrefix(scope);
    const strippedPaths = paths.flatMap((path) => stripExtensionPrefix(path) ?? []);
    if (matching.length === 0 && stripped) matching = candidates(resource, stripped, strippedPaths);
    const [match] = matching;
    const texts = paths.map((path) => path.canonical).sort();
    if (!match) {
      const text = `no table of ${resource.label} can keep ${texts.join(', ')} unique (scope ${scope.canonical})`;
      return failResource('ARRAY_UNIQUENESS_UNMAPPED', input.label, text, scope.canonical, {
        scope: scope.canonical,
        paths: texts,
      });
    }
    if (matching.length > 1) {
      const tables = matching.map(({ table }) => table.qualified).sort();
      const text = `several tables could keep ${texts.join(', ')} unique (scope ${scope.canonical}): ${tables.join(', ')}`;
      failResource('ARRAY_UNIQUENESS_AMBIGUOUS', input.label, text, scope.canonical, {
        scope: scope.canonical,
        paths: texts,
        tables,
      });
    }
    mapped.push({ resource, input, ...match });
  });
  for (const nested of constraint.nested) append(mapped, mapEntry(resource, input, nested, diagnostics));
  return mapped;
}

function candidates(
  resource: DraftResource,
  scope: JsonPath,
  paths: readonly JsonPath[],
): Pick<MappedUniqueness, 'table' | 'values'>[] {
  return resource.tablesAt(scope).flatMap((table) => {
    const values = valuesIn(resource, table, paths);
    return values ? [{ table, values }] : [];
  });
}

/** The columns of the paths; undefined if the table lacks one. */
function valuesIn(resource: DraftResource, table: DraftTable, paths: readonly JsonPath[]): UniqueValue[] | undefined {
  const values: UniqueValue[] = [];
  for (const path of paths) {
    const binding = (resource.bindingsByReferencePath.get(path.canonical) ?? []).find(
      (candidate) => candidate.table === table,
    );
    const column = binding?.fkColumn ?? table.columnsAt(path.canonical)[0];
    if (column === undefined) return undefined;
    values.push({ path, column });
  }
  return values;
}

/**
 * Turns the natural keys inside collections into unique constraints of the collection's table: the columns of the
 * parent, then the columns of the paths, each once (design 02 §10.3).
 */
export function deriveArrayUniqueness(draft: ModelDraft): void {
  forEachArrayUniqueness(draft, ({ table, values }) => {
    const columns = [...new Set([...table.parentLocator, ...values.map(({ column }) => column)])];
    table.addConstraint({ kind: 'Unique', purpose: 'ArrayUniqueness', columns });
  });
}
