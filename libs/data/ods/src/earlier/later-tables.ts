import { isWithin, resourceLabel } from '@dms/api-schema';
import type { SetPlaces } from '@dms/translation';
import {
  allPaths,
  type FixedColumn,
  type OdsColumn,
  type OdsMapping,
  type OdsSource,
  type OdsTable,
} from '../mapping/ods-mapping.ts';

/** A table, with the paths that it has of one resource. */
export interface TableOfResource {
  readonly table: OdsTable;
  readonly source: OdsSource;
}

interface Person {
  readonly table: TableOfResource;
  readonly usi: OdsColumn;
  readonly uniqueId: OdsColumn;
}

/** The content that a column must have to give a value. */
export type WantedContent = 'value' | 'descriptor' | 'usi';

/** The tables of a mapping by resource. */
export class LaterTables {
  readonly mapping: OdsMapping;
  private readonly places: SetPlaces;
  private readonly byResource = new Map<string, TableOfResource[]>();
  private known: ReadonlyMap<string, Person> | undefined;
  private readonly descriptors = new Map<string, OdsTable>();

  constructor(mapping: OdsMapping, places: SetPlaces) {
    this.mapping = mapping;
    this.places = places;
    for (const table of mapping.tables)
      for (const source of table.sources) {
        const label = resourceLabel(source.resource);
        if (table.kind === 'descriptor') this.descriptors.set(label, table);
        else this.byResource.set(label, [...(this.byResource.get(label) ?? []), { table, source }]);
      }
  }

  of(label: string): readonly TableOfResource[] {
    return this.byResource.get(label) ?? [];
  }

  root(label: string): TableOfResource | undefined {
    return this.of(label).find(isRoot);
  }

  /**
   * The key of a table if it tells which document a row is of. It does not where the identity of the resource is in an
   * object: the root table has no key then, and that of an item is unique in one document alone.
   */
  keyOf({ table, source }: TableOfResource): readonly string[] | undefined {
    const root = this.root(resourceLabel(source.resource));
    return root === undefined || root.table.key.length === 0 ? undefined : table.key;
  }

  base(label: string): TableOfResource | undefined {
    return this.of(label).find(({ table }) => table.kind === 'base');
  }

  /** The table of a collection, an object or an extension. */
  scope(label: string, path: string): TableOfResource | undefined {
    return path === '$' ? this.root(label) : this.of(label).find(({ source }) => source.scope === path);
  }

  descriptor(label: string): OdsTable | undefined {
    return this.descriptors.get(label);
  }

  /** The tables of persons, with the columns of their number and of their unique id. */
  persons(): ReadonlyMap<string, Person> {
    this.known ??= new Map(
      [...this.byResource.keys()].flatMap((label) => {
        const table = this.root(label);
        const usi = table?.table.columns.find(
          ({ content, name }) =>
            content.kind === 'usi' && table.table.key.includes(name) && resourceLabel(content.resource) === label,
        );
        const [path] = (usi && table?.source.paths[usi.name]) ?? [];
        const uniqueId = table && path !== undefined ? columnAt(table, path, 'value') : undefined;
        return table && usi && uniqueId ? [[label, { table, usi, uniqueId }] as const] : [];
      }),
    );
    return this.known;
  }

  /** Whether a row may lack the value of a column. The key of an ODS requires values that documents may lack. */
  mayLack({ source: { resource, paths } }: TableOfResource, { name, isNullable }: OdsColumn): boolean {
    if (isNullable) return true;
    const own = this.places.resources.get(resourceLabel(resource))?.places;
    const isOptional = (path: string) => {
      const place = own?.get(path);
      if (place === undefined || place.kind === 'collection') return false;
      return !(own?.get(place.referencePath ?? path) ?? place).isInEachRow;
    };
    const held = paths[name] ?? [];
    return held.length > 0 && held.every(isOptional);
  }

  /** The table of all descriptors. */
  descriptorBase(): OdsTable | undefined {
    return this.mapping.tables.find(({ kind }) => kind === 'descriptorBase');
  }

  /**
   * The `Discriminator` of a resource or a descriptor type in the table of all documents of its abstract resource, or
   * of all descriptors.
   */
  discriminator(label: string): string {
    const table = this.descriptor(label) ?? this.root(label)?.table;
    return table ? `${table.schema}.${table.name}` : '';
  }
}

const isRoot = ({ table: { kind } }: TableOfResource) =>
  kind === 'root' || kind === 'subclass' || kind === 'schoolYear';

/** The path to the items of the innermost collection of a scope or a path; `$` if it is not in a collection. */
export const itemsOf = (scope: string): string => {
  const end = scope.lastIndexOf('[*]');
  return end < 0 ? '$' : scope.slice(0, end + '[*]'.length);
};

/** The collection whose items a row belongs to. */
export const rowItems = ({ source: { scope } }: TableOfResource) => itemsOf(scope);

/** Whether each row of one table has at most one in the other. */
export const isAround = (row: TableOfResource, other: TableOfResource) => isWithin(row.source.scope, rowItems(other));

/** The column of a table with the value of a path. */
export const columnAt = (
  { table, source }: TableOfResource,
  path: string,
  content: WantedContent,
): OdsColumn | undefined =>
  table.columns.find((column) => column.content.kind === content && allPaths(source, column.name).includes(path));

export const fixedAt = ({ table }: TableOfResource, name: FixedColumn): OdsColumn | undefined =>
  table.columns.find(({ content }) => content.kind === 'fixed' && content.column === name);

/** The column of one table with the same value as that of another one of the same resource. */
export function sameColumn(from: TableOfResource, column: OdsColumn, to: TableOfResource): OdsColumn | undefined {
  const { kind } = column.content;
  if (kind !== 'value' && kind !== 'descriptor' && kind !== 'usi') return undefined;
  for (const path of allPaths(from.source, column.name)) {
    const found = columnAt(to, path, kind);
    if (found) return found;
  }
  return undefined;
}

/** A column of a table by its name. */
export const columnNamed = ({ table }: TableOfResource, name: string): OdsColumn | undefined =>
  table.columns.find((column) => column.name === name);
