import { isWithin, resourceLabel } from '@dms/api-schema';
import { depthOf, outerPath, type Part, positionsOf } from '@dms/translation';
import type { OdsSource, OdsTable } from '../mapping/ods-mapping.ts';
import type { Derivation } from './derivation.ts';
import { placeOf } from './earlier-values.ts';
import { itemsOf, type TableOfResource } from './later-tables.ts';

/** The place in the later set of the rows that a resource has in an earlier table. */
export interface EarlierRowPlace {
  readonly part: Part;
  /** The later resource. */
  readonly label: string;
  /** Tables with these rows, the nearest first; the last has all values that the others lack. */
  readonly tables: readonly TableOfResource[];
  /**
   * Which rows of these tables are earlier rows: those of documents, all rows of a collection, or the rows that have a
   * value of the earlier object.
   */
  readonly rows: 'documents' | 'items' | 'withValues';
  /** The items that the earlier place `from` became, of which only the first counts. */
  readonly added: { readonly items: TableOfResource; readonly from: string } | null;
}

export function rowPlace(
  derivation: Derivation,
  table: OdsTable,
  source: OdsSource,
  isGrouped: boolean,
): EarlierRowPlace | null {
  const { later, rules, translation } = derivation;
  const label = resourceLabel(source.resource);
  if (source.scope === '$') {
    const name = rules.resource(label).later;
    const row = (isGrouped && table.kind === 'base' ? later.base(name) : undefined) ?? later.root(name);
    return row ? { part: 'own', label: name, tables: [row], rows: 'documents', added: null } : null;
  }
  const place = laterScope(derivation, label, table, source);
  if (place === null) return null;
  const { part, path, rule } = place;
  const items = part === 'own' ? null : (translation.rules.translation.documents[part]?.items ?? null);
  const positions = positionsOf(rule, items);
  const addedScope =
    rule && rule.kind !== 'drop' && positions.change?.kind === 'add' ? nthItems(rule.to, positions.change.at) : null;
  const addedItems = addedScope === null ? undefined : later.scope(place.label, addedScope);
  const around = tableAround(derivation, place.label, path);
  const own = path === '$' ? undefined : later.scope(place.label, path);
  const tables = [own, around].flatMap((each, index, all) => (each && all.indexOf(each) === index ? [each] : []));
  if (tables.length === 0) return null;
  const isCollection = source.scope.endsWith('[*]');
  const sameDepth = depthOf(path) === depthOf(source.scope) - positions.skip + (addedItems ? 1 : 0);
  const areItems =
    isCollection && sameDepth && (path === '$' || placeOf(translation.after, place.label, path)?.kind === 'collection');
  const added = addedItems && rule && rule.kind !== 'drop' ? { items: addedItems, from: rule.from } : null;
  return { part, label: place.label, tables, rows: areItems ? 'items' : 'withValues', added };
}

/**
 * The later place of the rows of a scope (design 21 §2): that of the scope, or that of the values of its key; null if
 * there is none.
 */
function laterScope(derivation: Derivation, label: string, table: OdsTable, source: OdsSource) {
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

/** The table around a path: of the items that contain it, or of the document. */
function tableAround({ later }: Derivation, label: string, path: string): TableOfResource | undefined {
  return later.scope(label, itemsOf(path));
}

/** Whether a scope is inside a collection, not counting its own. */
export const isInItems = (scope: string): boolean => {
  const outer = outerPath(scope.endsWith('[*]') ? scope.slice(0, -'[*]'.length) : scope);
  return outer !== undefined && itemsOf(outer) !== '$';
};
