import { resourceLabel } from '@dms/api-schema';
import type { Row } from '@dms/databases';
import { alternatives, fail, nearestName } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import {
  documentRulesOf,
  findQueryField,
  isMergeTable,
  type Paging,
  type QueryCapability,
  queryFieldFailureTexts,
  requestFilters,
  type SupportedQueryField,
} from '@dms/plans';
import type { PlacedRows, ReadingRules } from '../document-generation.ts';
import { isUuid } from '../reading/document-uuid.ts';
import {
  type BoundFilter,
  type DocumentFilter,
  impossibleFilter,
  soughtDescriptor,
  typed,
} from '../reading/page-filters.ts';
import { cachedByResource, type DocumentPlans, type ResourcePlans } from '../resource-plans.ts';
import { type ColumnKey, tableColumnKeys } from '../statements/statements-by-dialect.ts';
import { storedEnd } from '../values/dates-and-times.ts';
import { storedValue } from '../values/stored-value.ts';
import { valueRulesV2 } from './table-rows.ts';

/**
 * The indexes of the tables of a resource, each after its parent. (The list of a plan has companions before their base
 * tables.)
 */
export const parentsFirst = cachedByResource(({ shape }): readonly number[] => {
  const ordered = new Set<number>();
  const visit = (index: number) => {
    if (ordered.has(index)) return;
    const parent = shape.tables[index]?.parent ?? null;
    if (parent !== null) visit(parent);
    ordered.add(index);
  };
  for (const { index } of shape.tables) visit(index);
  return [...ordered];
});

/** The columns of a table that determine the place of a row. */
interface LocatorKeys {
  readonly document: ColumnKey;
  readonly rowIdentity: ColumnKey;
  /** Null for a root. */
  readonly parent: ColumnKey | null;
  readonly isMerged: boolean;
  /** The index of the table with the parent rows; null if it is the root table. */
  readonly parentTable: number | null;
  readonly depth: number;
}

const locatorKeys = cachedByResource((plans): readonly LocatorKeys[] =>
  plans.shape.tables.map(({ table, parent, depth, index }) => {
    const keys = mustExist(tableColumnKeys(plans)[index], `the columns of ${table.table.name}`);
    const keyOf = ([column]: readonly string[], what: string) => {
      const name = `the ${what} of ${table.table.name}`;
      return mustExist(keys.get(mustExist(column, name)), name);
    };
    const { rootLocator, rowIdentity, parentLocator } = table.identity;
    return {
      document: keyOf(rootLocator, 'root locator'),
      rowIdentity: keyOf(rowIdentity, 'row identity'),
      parent: parentLocator.length === 0 ? null : keyOf(parentLocator, 'parent locator'),
      isMerged: isMergeTable(table),
      parentTable: parent,
      depth,
    };
  }),
);

type Place = readonly number[];

const comparePlaces = (a: Place, b: Place) => {
  for (let level = 0; level < a.length; level += 1) {
    const difference = mustExist(a[level], 'a level of a place') - mustExist(b[level], 'a level of a place');
    if (difference !== 0) return difference;
  }
  return 0;
};

interface ReadRow {
  readonly row: Row;
  readonly document: unknown;
  readonly place: Place;
}

/**
 * The rows of a table with their places. An item comes after its siblings with a smaller `Ordinal`; gaps do not count.
 * A companion has the place of its base row.
 */
function placed(keys: LocatorKeys, rows: readonly Row[], parents: ReadonlyMap<string, Place> | null): ReadRow[] {
  const counts = new Map<string, number>();
  const result: ReadRow[] = [];
  for (const row of rows) {
    const document = row[keys.document];
    const parent = keys.parent === null ? '' : String(row[keys.parent]);
    const around = keys.depth === 0 || parents === null ? [] : parents.get(parent);
    // its parent row was inserted or deleted between two reads
    if (around === undefined) continue;
    if (!keys.isMerged) {
      result.push({ row, document, place: around });
      continue;
    }
    const position = counts.get(parent) ?? 0;
    counts.set(parent, position + 1);
    result.push({ row, document, place: [...around, position] });
  }
  return result;
}

/** Groups the rows of a document, in the order of their places; documents keep their order. */
function sorted(rows: readonly ReadRow[]): readonly ReadRow[] {
  const order = new Map<unknown, number>();
  for (const { document } of rows) if (!order.has(document)) order.set(document, order.size);
  const orderOf = ({ document }: ReadRow) => mustExist(order.get(document), 'the order of a document');
  return rows.toSorted((a, b) => orderOf(a) - orderOf(b) || comparePlaces(a.place, b.place));
}

/** The locator of a row refers to its parent row (design 17 §4.2, §8). */
export const readingRulesV2: ReadingRules = {
  documentColumns: ({ shape }) =>
    shape.tables.map(({ table }) =>
      mustExist(table.identity.rootLocator[0], `the root locator of ${table.table.name}`),
    ),
  boundFilters: boundQueryFields,
  scansRoots: true,
  place(plans, answers) {
    const allKeys = locatorKeys(plans);
    const places = new Map<number, ReadonlyMap<string, Place>>();
    const tables = new Map<number, readonly ReadRow[]>();
    for (const index of parentsFirst(plans)) {
      const keys = mustExist(allKeys[index], 'the keys of a table');
      const parents = keys.parentTable === null ? null : (places.get(keys.parentTable) ?? new Map());
      const rows = placed(keys, answers[index] ?? [], parents);
      places.set(index, new Map(rows.map(({ row, place }) => [String(row[keys.rowIdentity]), place])));
      // rows of the same parent come in order; rows of several parents come by the ids of the parents
      const isInOrder = keys.depth === 0 || (keys.depth === 1 && keys.isMerged);
      tables.set(index, isInOrder ? rows : sorted(rows));
    }
    return allKeys.map(({ depth }, index): PlacedRows => {
      const rows = tables.get(index) ?? [];
      return {
        rows: rows.map(({ row }) => row),
        depth,
        documentAt: (position) => rows[position]?.document,
        ordinalAt: (position, level) => mustExist(rows[position]?.place[level], 'the position of an item'),
      };
    });
  },
};

/**
 * The query field of a filter, by its name or its path. Throws `DOCUMENT_PROPERTY_UNKNOWN`, and
 * `QUERY_FIELD_UNSUPPORTED` if there is no single column to compare.
 */
function queryField(capability: QueryCapability, resource: string, { path }: DocumentFilter): SupportedQueryField {
  const { supportedFields, unsupportedFields } = capability;
  const fields = [...supportedFields, ...unsupportedFields];
  const queried =
    findQueryField(capability, path.replace(/^\$\./, '')) ??
    supportedFields.find((each) => each.path.canonical === path) ??
    unsupportedFields.find(({ paths }) => paths.some((each) => each.path.canonical === path));
  if (!queried) {
    const name = path.replace(/^\$\./, '');
    const names = fields.map(({ field }) => field);
    const { nearest } = nearestName(name, names);
    const text = `${resource} has no query field ${name} to find documents by${alternatives(name, names)}`;
    return fail('DOCUMENT_PROPERTY_UNKNOWN', text, { resource, path }, { nearest });
  }
  if ('target' in queried) return queried;
  const paths = queried.paths.map((each) => each.path.canonical);
  const text = `${resource} cannot be filtered by the query field ${queried.field} (${paths.join(', ')}): it ${queryFieldFailureTexts[queried.failure]}.`;
  return fail(
    'QUERY_FIELD_UNSUPPORTED',
    text,
    { resource, path },
    { field: queried.field, failure: queried.failure, paths },
  );
}

/**
 * Converts filters by query field (design 17a §1); null if no document can match a value, so that the result has no
 * rows, unless `refusesImpossible` makes that `DOCUMENT_VALUE_INVALID`. Throws `DOCUMENT_PROPERTY_UNKNOWN`, `QUERY_FIELD_UNSUPPORTED`.
 */
function boundQueryFields(
  all: DocumentPlans,
  { shape, label, resourceKey }: ResourcePlans,
  filters: readonly DocumentFilter[],
  paging: Paging,
  refusesImpossible: boolean,
): readonly BoundFilter[] | null {
  const capability = mustExist(
    all.mappingSet.queryCapabilities.get(resourceLabel(resourceKey)),
    `the query capability of ${label}`,
  );
  const byField = new Map<string, DocumentFilter>();
  for (const filter of filters) {
    const { field } = queryField(capability, label, filter);
    if (byField.has(field)) {
      const text = `${label}: the query field ${field} is given twice; give it one value.`;
      fail('DOCUMENT_VALUE_INVALID', text, { resource: label, path: filter.path }, { field });
    }
    byField.set(field, filter);
  }
  const bound: BoundFilter[] = [];
  const rules = documentRulesOf(all.version);
  const fields = [...byField.keys()];
  for (const { field, predicate, value: due } of requestFilters(shape.model, capability, fields, paging, rules)) {
    const asked = mustExist(byField.get(field), `the value of ${field}`);
    const { value: given } = asked;
    const impossible = (reason: string) => (refusesImpossible ? impossibleFilter(label, asked, reason) : null);
    switch (due.kind) {
      case 'uuid':
        if (typeof given !== 'string' || !isUuid(given)) return impossible('is not a uuid');
        bound.push({ predicate, value: given.toLowerCase(), descriptor: null });
        break;
      case 'descriptor':
        if (typeof given !== 'string') return impossible('is not a URI of a descriptor');
        bound.push({
          predicate,
          value: null,
          descriptor: soughtDescriptor(all, due.descriptorResource, given),
        });
        break;
      case 'scalar': {
        const { scalarType } = due;
        const conversion = storedValue(typed(given, scalarType.kind), scalarType, all.dialect, valueRulesV2);
        if (conversion.reason !== undefined) return impossible(conversion.reason);
        const ends = valueRulesV2.endsOfTime[all.dialect];
        const { value } = conversion;
        const stored = typeof value === 'string' ? storedEnd(value, scalarType.kind, ends) : value;
        bound.push({ predicate, value: stored, descriptor: null });
        break;
      }
    }
  }
  return bound;
}
