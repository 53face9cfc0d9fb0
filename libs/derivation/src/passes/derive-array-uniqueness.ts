import { type JsonPath, stripExtensionPrefix } from '@dms/api-schema';
import { forEachReported } from '@dms/diagnostics';
import type { DraftColumn, DraftTable } from '../draft/draft-table.ts';
import { type DraftResource, type ModelDraft, relationalResources } from '../draft/model-draft.ts';
import { type ArrayUniquenessEntry, groupByScope } from '../input/array-uniqueness-input.ts';
import { entryOrder, failResource } from '../input/resource-entry.ts';
import type { ResourceInput } from '../input/resource-input.ts';

/** The columns that make the paths unique among the rows of one parent; undefined when the table lacks one. */
function uniqueColumns(resource: DraftResource, table: DraftTable, paths: readonly JsonPath[]): DraftColumn[] | undefined {
  const columns = new Set(table.parentKey);
  for (const path of paths) {
    const binding = (resource.bindingsByReferencePath.get(path.canonical) ?? []).find((candidate) => candidate.table === table);
    const column = binding?.fkColumn ?? table.columnsAt(path.canonical)[0];
    if (column === undefined) return undefined;
    columns.add(column);
  }
  return [...columns];
}

function candidates(
  resource: DraftResource,
  scope: JsonPath,
  paths: readonly JsonPath[],
): { table: DraftTable; columns: DraftColumn[] }[] {
  return resource.tablesAt(scope).flatMap((table) => {
    const columns = uniqueColumns(resource, table, paths);
    return columns ? [{ table, columns }] : [];
  });
}

function addUniqueness(resource: DraftResource, input: ResourceInput, entry: ArrayUniquenessEntry): void {
  for (const { scope, paths } of groupByScope(input.label, entry.paths)) {
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
    match.table.addConstraint({ kind: 'Unique', purpose: 'ArrayUniqueness', columns: match.columns });
  }
  for (const nested of entry.nested) addUniqueness(resource, input, nested);
}

/**
 * Turns the natural keys inside collections into unique constraints of the collection's table: parent key parts, then the
 * paths, a reference as its FK column (design 02 §10.3). An extension may constrain an inherited collection.
 */
export function deriveArrayUniqueness(draft: ModelDraft): void {
  const work = [...relationalResources(draft).map((base) => ({ input: base.input, base })), ...draft.extensions].sort((a, b) =>
    entryOrder(a.input.entry, b.input.entry),
  );
  forEachReported(work, ({ input, base }) => {
    for (const entry of input.arrayUniqueness) addUniqueness(base, input, entry);
  });
}
