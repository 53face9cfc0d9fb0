import { type JsonPath, stripExtensionPrefix } from '@dms/api-schema';
import { append, type DiagnosticCollector } from '@dms/diagnostics';
import type { DraftColumn, DraftTable } from '../draft/draft-table.ts';
import { type DraftResource, type ModelDraft, relationalResources } from '../draft/model-draft.ts';
import { type ArrayUniquenessEntry, groupByScope } from '../input/array-uniqueness-input.ts';
import { entryOrder, failResource } from '../input/resource-entry.ts';
import type { ResourceInput } from '../input/resource-input.ts';

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

function mapEntry(
  resource: DraftResource,
  input: ResourceInput,
  entry: ArrayUniquenessEntry,
  diagnostics: DiagnosticCollector,
): MappedUniqueness[] {
  const groups = diagnostics.attempt(() => groupByScope(input.label, entry.paths)) ?? [];
  const mapped: MappedUniqueness[] = [];
  diagnostics.forEach(groups, ({ scope, paths }) => {
    let found = candidates(resource, scope, paths);
    const stripped = stripExtensionPrefix(scope);
    const strippedPaths = paths.flatMap((path) => stripExtensionPrefix(path) ?? []);
    if (found.length === 0 && stripped) found = candidates(resource, stripped, strippedPaths);
    const [match] = found;
    const texts = paths.map((path) => path.canonical).sort();
    if (!match) {
      const text = `no table of ${resource.label} can keep ${texts.join(', ')} unique (scope ${scope.canonical})`;
      return failResource('ARRAY_UNIQUENESS_UNMAPPED', input.label, text, scope.canonical, {
        scope: scope.canonical,
        paths: texts,
      });
    }
    if (found.length > 1) {
      const tables = found.map(({ table }) => table.qualified).sort();
      const text = `several tables could keep ${texts.join(', ')} unique (scope ${scope.canonical}): ${tables.join(', ')}`;
      failResource('ARRAY_UNIQUENESS_AMBIGUOUS', input.label, text, scope.canonical, {
        scope: scope.canonical,
        paths: texts,
        tables,
      });
    }
    mapped.push({ resource, input, ...match });
  });
  for (const nested of entry.nested) append(mapped, mapEntry(resource, input, nested, diagnostics));
  return mapped;
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
