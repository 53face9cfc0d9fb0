import { isBelow } from '@dms/api-schema';
import type { ColumnRules } from './column-rules.ts';
import {
  type Absence,
  addColumn,
  type ColumnSet,
  compareColumns,
  type DraftOdsColumn,
  emptyColumns,
  mergeColumns,
  preferCertain,
} from './columns.ts';
import type { GroupsOf } from './equal-paths.ts';
import { type Leaf, lastSegment, withoutDescriptor } from './leaves.ts';
import { collapsed } from './names.ts';
import type { FixedColumn, OdsTableKind, OdsTableName } from './ods-mapping.ts';
import type { OdsResource, ResourcePart } from './resource-parts.ts';
import type { Scope } from './scopes.ts';
import { schemaProperty } from './value-types.ts';

/** A table while it is derived, with rows of the documents of one resource. */
export interface DraftTable extends OdsTableName {
  readonly kind: OdsTableKind;
  /** The name before repetitions are removed. */
  readonly parts: readonly string[];
  readonly parent: DraftTable | null;
  /** In the order of the table, without fixed columns; the key comes first. */
  readonly columns: readonly DraftOdsColumn[];
  readonly key: readonly DraftOdsColumn[];
  readonly fixed: readonly FixedColumn[];
  readonly resource: OdsResource;
  readonly scope: string;
  /** The leaves of its own rows with their columns, before any merge. */
  readonly links: readonly { readonly leaf: Leaf; readonly columns: readonly DraftOdsColumn[] }[];
}

/** The root table for some leaves of a resource. */
interface RootTable extends OdsTableName {
  readonly kind: OdsTableKind;
  readonly key: readonly DraftOdsColumn[];
  readonly parent: DraftTable | null;
  readonly fixed: readonly FixedColumn[];
  /** Whether the leaf lies in this table or in one below it; the others are in the tables of a base or a subclass. */
  has(leaf: Leaf): boolean;
}

const childColumns: readonly FixedColumn[] = ['CreateDate'];

/** The tables of a resource while they are derived. */
export interface TableBuilder {
  /** The root table for some of the leaves, and the tables below it. */
  addRoot(root: RootTable): DraftTable;
  /** The tables of an extension; those of the resource must be there. */
  addExtension(part: ResourcePart): void;
  readonly tables: readonly DraftTable[];
}

/** Builds the tables of a resource (design 19 §4, §5). */
export function tableBuilder(resource: OdsResource, rules: ColumnRules, groupsOf: GroupsOf): TableBuilder {
  const tables: DraftTable[] = [];
  const byScope = new Map<string, DraftTable>();

  function keep(table: DraftTable): DraftTable {
    tables.push(table);
    byScope.set(table.scope, table);
    return table;
  }

  function addLeaves(set: ColumnSet, part: ResourcePart, scope: Scope, has: (leaf: Leaf) => boolean) {
    const links = scope.leaves.filter(has).map((leaf) => {
      return { leaf, columns: rules.leafColumns(resource, part, leaf, scope.isLeafCollection) };
    });
    for (const column of links.flatMap(({ columns }) => columns)) addColumn(set, column);
    mergeColumns(set, part === resource.own ? part.equalities : [...resource.own.equalities, ...part.equalities]);
    const placed = links.flatMap(({ leaf, columns }) =>
      columns.map((column) => ({ column, absence: absenceOf(part, scope, leaf, column) })),
    );
    preferCertain(set, placed, () => groupsOf(resource));
    return links;
  }

  /** The names that a scope adds to the name of the table around it. */
  function addedNames(part: ResourcePart, scope: Scope): readonly string[] {
    const [leaf] = scope.leaves;
    if (!scope.isLeafCollection || leaf === undefined) return [scope.segment];
    const element = elementName(leaf);
    const role = rules.role(resource, part, leaf);
    return [...part.roles.inlineRoles(leaf), ...(role === '' || role === element ? [] : [role]), element];
  }

  function addChild(parent: DraftTable, part: ResourcePart, scope: Scope, has: (leaf: Leaf) => boolean): void {
    if (!hasAny(scope, has)) return;
    const set = parentColumns(parent.key);
    const links = addLeaves(set, part, scope, has);
    const added = addedNames(part, scope);
    // a collection of references keeps all its parts
    const isOfReferences = scope.isLeafCollection && scope.leaves.some(({ kind }) => kind === 'reference');
    const names = [parent.name, ...added];
    const child = keep({
      schema: part.isExtension ? part.schema : parent.schema,
      name: isOfReferences ? names.join('') : collapsed(names),
      kind: scope.kind === 'object' ? 'common' : 'collection',
      parts: [...parent.parts, ...added],
      parent,
      ...ordered(set, parent.key.length, ownKeyRule(scope, part, set)),
      fixed: childColumns,
      resource,
      scope: scope.path,
      links,
    });
    for (const inner of ownChildren(scope)) addChild(child, part, inner, has);
  }

  /** The table of the base resource to whose rows a scope of an extension adds (design 03 §10.3). */
  const mirrored = (scope: Scope) => byScope.get(scope.path.replace(/\._ext\.[^.[\]]+/g, ''));

  /** @param base undefined if the resource has no leaves, and so no table: an ODS cannot hold what is added to it */
  function addExtended(scope: Scope, part: ResourcePart, base: DraftTable | undefined): void {
    if (scope.kind === 'extension' && base !== undefined && scope.leaves.length > 0) {
      const set = parentColumns(base.key);
      const links = addLeaves(set, part, scope, () => true);
      const columns = ordered(set, base.key.length, () => false);
      // an extension has no table if the key of the base has all its values
      if (columns.columns.length > base.key.length) {
        const name = { schema: part.schema, name: `${base.name}Extension`, parts: [...base.parts, 'Extension'] };
        keep({
          ...name,
          kind: 'extension',
          parent: base,
          ...columns,
          fixed: childColumns,
          resource,
          scope: scope.path,
          links,
        });
      }
    }
    for (const child of scope.children) {
      const isOwn = scope.kind === 'extension' && child.kind !== 'extension';
      if (isOwn && base !== undefined) addChild(base, part, child, () => true);
      addExtended(child, part, child.kind === 'extension' ? base : mirrored(child));
    }
  }

  return {
    tables,
    addRoot({ has, ...root }) {
      const { own: part } = resource;
      const key = [...root.key].sort(compareColumns);
      const set = parentColumns(key);
      const links = addLeaves(set, part, part.root, has);
      const columns = ordered(set, key.length, () => false);
      const table = keep({ ...root, parts: [root.name], ...columns, resource, scope: '$', links });
      for (const child of part.root.children) addChild(table, part, child, has);
      return table;
    },
    addExtension(part) {
      const root = byScope.get('$');
      if (root !== undefined) addExtended(part.root, part, root);
    },
  };
}

/** How easily a row lacks the values of a leaf. */
function absenceOf(
  { insertSchema }: ResourcePart,
  { path }: Scope,
  leaf: Leaf,
  { isRequired }: DraftOdsColumn,
): Absence {
  if (!isRequired) return 'possible';
  const objects = leaf.steps.slice(0, -1).filter((step) => isBelow(step.path, path));
  return objects.every((step) => schemaProperty(insertSchema, step.path)?.isRequired) ? 'never' : 'with-object';
}

/** The name of a leaf collection's element in the name of its table. */
function elementName(leaf: Leaf): string {
  switch (leaf.kind) {
    case 'scalar':
      return lastSegment(leaf);
    case 'descriptor':
      return withoutDescriptor(leaf.target.resourceName);
    case 'schoolYear':
      return 'SchoolYear';
    case 'reference':
      return leaf.target.resourceName;
  }
}

function hasAny(scope: Scope, has: (leaf: Leaf) => boolean): boolean {
  return scope.leaves.some(has) || ownChildren(scope).some((child) => hasAny(child, has));
}

/** The child scopes without those of extensions. */
const ownChildren = ({ children }: Scope) => children.filter(({ kind }) => kind !== 'extension');

function parentColumns(key: readonly DraftOdsColumn[]): ColumnSet {
  const set = emptyColumns();
  for (const column of key) addColumn(set, { ...column, isOfParent: true });
  return set;
}

/** Columns in the order of a table: the parent's key, the own key, the others (design 19 §5.7). */
function ordered(set: ColumnSet, parentLength: number, isOwnKey: (column: DraftOdsColumn) => boolean) {
  const all = [...set.byName.values()];
  const own = all.slice(parentLength).sort(compareColumns);
  const key = [...all.slice(0, parentLength), ...own.filter(isOwnKey)];
  return { key, columns: [...key, ...own.filter((column) => !isOwnKey(column))] };
}

/** Whether a column belongs to the key of an array's items, beside the key of the parent (design 19 §5.2). */
function ownKeyRule(scope: Scope, { unique }: ResourcePart, columns: ColumnSet): (column: DraftOdsColumn) => boolean {
  if (scope.kind !== 'array') return () => false;
  if (scope.isLeafCollection) return () => true;
  const isListed = ({ paths }: DraftOdsColumn) => paths.some((path) => unique.has(path));
  // without a uniqueness constraint for the array, required values distinguish its items
  return [...columns.byName.values()].some(isListed) ? isListed : ({ isRequired }) => isRequired;
}
