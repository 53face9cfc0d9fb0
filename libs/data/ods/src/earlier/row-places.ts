import { isWithin } from '@dms/api-schema';
import { depthOf, outerPath, type Part, positionsOf } from '@dms/translation';
import type { OdsSource, OdsTable } from '../mapping/ods-mapping.ts';
import type { Derivation } from './derivation.ts';
import { placeOf } from './earlier-values.ts';
import { itemsOf, type TableOfResource } from './later-tables.ts';

/** The rows of one resource that a select is derived for. */
export interface RowsToSelect {
  readonly derivation: Derivation;
  /** The earlier table, and what it has of the resource. */
  readonly table: OdsTable;
  readonly source: OdsSource;
  /** The earlier resource. */
  readonly label: string;
  /** The later resources whose rows the select has. */
  readonly labels: ReadonlySet<string>;
  /** The table with the documents of a later resource: its base, if the select has all resources of a base. */
  readonly rootOf: (label: string) => TableOfResource | undefined;
}

/** Items that the earlier place `from` became, of which only the first counts. */
export interface AddedItems {
  readonly items: TableOfResource;
  readonly from: string;
}

/** The later rows of the documents of one later resource. */
interface RowsOfPart {
  readonly part: Part;
  /** The later resource. */
  readonly label: string;
  readonly row: TableOfResource;
}

/** The later rows that are the rows of a resource in an earlier table (design 21 §2). */
export type EarlierRowPlace =
  /** Each document of the successor. */
  | (RowsOfPart & { readonly kind: 'documents'; readonly part: 'own' })
  /** Each item of a collection, or each document that an item became. */
  | (RowsOfPart & { readonly kind: 'items'; readonly added: AddedItems | null })
  /** The rows with a value of the earlier object or item; those of the table around, if only that has all the values. */
  | (RowsOfPart & {
      readonly kind: 'valued';
      readonly around: TableOfResource | null;
      readonly added: AddedItems | null;
    });

/** Finds the later rows of a resource; null if the later set has none. */
export function rowPlace(wanted: RowsToSelect): EarlierRowPlace | null {
  const { derivation, label, source } = wanted;
  const { later, rules, translation } = derivation;
  if (source.scope === '$') {
    const name = rules.resource(label).later;
    const row = wanted.rootOf(name);
    return row ? { kind: 'documents', part: 'own', label: name, row } : null;
  }
  const place = laterScope(wanted);
  if (place === null) return null;
  const { part, path, rule } = place;
  const items = part === 'own' ? null : (translation.rules.translation.documents[part]?.items ?? null);
  const { skip, change } = positionsOf(rule, items);
  const carrying = rule && rule.kind !== 'drop' ? rule : null;
  const addedScope = carrying && change?.kind === 'add' ? nthItems(carrying.to, change.at) : null;
  const addedItems = addedScope === null ? undefined : later.scope(place.label, addedScope);
  const added = carrying && addedItems ? { items: addedItems, from: carrying.from } : null;
  // the table of the items that contain the path, or of the document
  const around = later.scope(place.label, itemsOf(path));
  const own = path === '$' ? undefined : later.scope(place.label, path);
  const row = own ?? around;
  if (!row) return null;
  const isSameDepth = depthOf(path) === depthOf(source.scope) - skip + (added ? 1 : 0);
  const isCollection = path === '$' || placeOf(translation.after, place.label, path)?.kind === 'collection';
  const rows = { part, label: place.label, row, added };
  return source.scope.endsWith('[*]') && isSameDepth && isCollection
    ? { kind: 'items', ...rows }
    : { kind: 'valued', ...rows, around: around === undefined || around === row ? null : around };
}

/** The later place of a scope, or else that of the values of its key; null if there is none. */
function laterScope({ derivation, label, table, source }: RowsToSelect) {
  const { rules, translation } = derivation;
  const { scope } = source;
  const to = rules.laterPath(label, scope);
  const resource = rules.laterResource(label, to?.rule);
  const own = to && (to.path === '$' || placeOf(translation.after, resource, to.path) !== undefined);
  if (own) return { part: to.entry ?? ('own' as const), label: resource, path: to.path, rule: to.rule };
  const routes = derivation.resource(label)?.routes ?? new Map();
  const within = (names: readonly string[]) =>
    names.flatMap((name) => (source.paths[name] ?? []).filter((path) => isWithin(path, scope)));
  for (const path of [...within(table.key), ...within(table.columns.map(({ name }) => name))]) {
    const route = routes.get(path);
    if (route?.kind !== 'carry') continue;
    const place = placeOf(translation.before, label, path);
    const rule = rules.placeRule(label, place?.referencePath ?? path);
    return { part: route.part, label: route.resource, path: itemsOf(route.to), rule };
  }
  return null;
}

/** The path to the items of the collection at a position of a path. */
function nthItems(path: string, index: number): string {
  let end = -1;
  for (let count = 0; count <= index; count++) end = path.indexOf('[*]', end + 1);
  return end < 0 ? path : path.slice(0, end + '[*]'.length);
}

/** Whether a scope is inside a collection, not counting its own. */
export const isInItems = (scope: string): boolean => {
  const outer = outerPath(scope.endsWith('[*]') ? scope.slice(0, -'[*]'.length) : scope);
  return outer !== undefined && itemsOf(outer) !== '$';
};
