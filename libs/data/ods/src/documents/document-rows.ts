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
  const counts = new Map<string, number>();
  return {
    add(resource, document) {
      for (const { label, scope } of byResource.get(resource) ?? [])
        counts.set(label, (counts.get(label) ?? 0) + rowsIn(document, scope));
    },
    countOf(table) {
      if (table.kind === 'descriptor' || table.kind === 'descriptorBase') return null;
      return counts.get(tableLabel(table)) ?? 0;
    },
  };
}

/** The number of rows of a scope in a document: each item is one; an object is one if something in it is stored. */
function rowsIn(document: JsonObject, scope: string): number {
  const found = valuesAt(document, scope);
  return scope === '$' || scope.endsWith(everyItem) ? found.length : found.filter(hasContent).length;
}

/** Whether a value is stored: objects and arrays are if something in them is. */
function hasContent(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null) return false;
  if (isJsonObject(value)) return [...value.values()].some(hasContent);
  return !isJsonArray(value) || value.some(hasContent);
}
