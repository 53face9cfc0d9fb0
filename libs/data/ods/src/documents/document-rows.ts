import { everyItem, valuesAt } from '@dms/api-schema';
import { groupBy, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@dms/values';
import { type OdsMapping, type OdsTable, tableLabel } from '../mapping/ods-mapping.ts';
import { resourceKey } from '../mapping/resource-parts.ts';

/** Counts of the rows that documents have in the tables of an ODS (design 19 §6.1). */
export interface ExpectedViewRows {
  /** Adds the rows of a document of `Project:Resource`. */
  add(resource: string, document: JsonObject): void;
  /** The number of rows in a table; null for tables of descriptors, which have no documents here. */
  countOf(table: OdsTable): number | null;
}

/**
 * Counts the rows that documents have in each table, from the documents and the mapping alone: not from the queries of
 * the views.
 */
export function documentRows({ tables }: OdsMapping): ExpectedViewRows {
  const byResource = groupBy(
    tables.flatMap((table) =>
      table.sources.map(({ resource, scope }) => ({
        resource: resourceKey(resource),
        label: tableLabel(table),
        scope,
      })),
    ),
    ({ resource }) => resource,
  );
  const scopesOf = new Map(
    [...byResource].map(([resource, some]) => [resource, new Set(some.map(({ scope }) => scope))]),
  );
  const counts = new Map<string, number>();
  return {
    add(resource, document) {
      const scopes = scopesOf.get(resource) ?? new Set();
      for (const { label, scope } of byResource.get(resource) ?? [])
        counts.set(label, (counts.get(label) ?? 0) + rowsIn(document, scope, scopes));
    },
    countOf(table) {
      if (table.kind === 'descriptor' || table.kind === 'descriptorBase') return null;
      return counts.get(tableLabel(table)) ?? 0;
    },
  };
}

/** The number of rows of a scope in a document: each item is one; an object is one if something in it is stored. */
function rowsIn(document: JsonObject, scope: string, scopes: ReadonlySet<string>): number {
  const found = valuesAt(document, scope);
  if (scope === '$' || scope.endsWith(everyItem)) return found.length;
  return found.filter((value) => hasContent(value, scope, scopes)).length;
}

/**
 * Whether a value is stored: an object is if something in it is, an array if it has items, which are rows even if they
 * are empty. An array below `_ext` that is not among the scopes repeats another one; it is stored if something in an
 * item is.
 */
function hasContent(value: JsonValue | undefined, path: string, scopes: ReadonlySet<string>): boolean {
  if (value === undefined || value === null) return false;
  if (isJsonObject(value)) return [...value].some(([name, member]) => hasContent(member, `${path}.${name}`, scopes));
  if (!isJsonArray(value)) return true;
  const items = `${path}${everyItem}`;
  const repeats = path.includes('._ext.') && !scopes.has(items);
  return repeats ? value.some((item) => hasContent(item, items, scopes)) : value.length > 0;
}
