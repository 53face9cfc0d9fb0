import { arrayDepth, resourceLabel } from '@dms/api-schema';
import {
  type Column,
  type DocumentPlace,
  type DocumentReferenceBinding,
  equalPlaces,
  itemReference,
  qualified,
  type ResourceModel,
  type Table,
} from '@dms/model';
import { isInteger } from '@dms/sql';
import { groupBy } from '@dms/values';
import { isEqual } from 'es-toolkit';
import { type GroupFacts, narrowerGroup, noSchemaFacts, type SampledSchema } from './schema-facts.ts';

/** The facts about a reference that its row needs. */
export interface ReferenceFacts {
  readonly binding: DocumentReferenceBinding;
  /** `Project:Resource`. */
  readonly target: string;
  readonly path: string;
  /** Identity paths of the target, by the group of the row that has their value. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** The paths of its parts whose values other places of the document limit to a narrower type. */
  readonly limited: readonly string[];
  readonly isRequired: boolean;
}

/** A value of a row, and the member or reference without which the row does not have it. */
interface SampledKeyPart {
  readonly group: string;
  /** The names that lead from the row to it; none for an item that is a scalar. */
  readonly names: readonly string[];
}

/**
 * The parts of a row that distinguish it from others of its table: groups of values, and positions of the rows around
 * it.
 */
interface SampledRowKey {
  readonly parts: readonly SampledKeyPart[];
  readonly parentOrdinals: readonly number[];
}

/**
 * The facts about a table for making documents. A *group* is a value that the row stores once: the canonical column of
 * a class, otherwise the path itself.
 */
export interface TableFacts {
  readonly groupOf: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<string, GroupFacts>;
  /** The paths that a row must have, with all objects on the way. */
  readonly mandatory: ReadonlySet<string>;
  readonly references: ReadonlyMap<string, ReferenceFacts>;
  readonly referenceParts: ReadonlySet<string>;
  readonly keys: readonly SampledRowKey[];
  /** The values that rows of other tables share, by group. */
  readonly shared: ReadonlyMap<string, SharedValue>;
  /** Whether the targets of a reference must be different in all rows of the document, not only within one parent. */
  readonly hasDistinctTargets: boolean;
}

export interface ResourceFacts {
  readonly label: string;
  readonly resource: ResourceModel;
  readonly identityPaths: ReadonlySet<string>;
  readonly tables: ReadonlyMap<string, TableFacts>;
}

/** The facts of a relational resource. */
export function resourceFacts(resource: ResourceModel, facts: SampledSchema = noSchemaFacts): ResourceFacts {
  const identityPaths = new Set(resource.identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical));
  const bindings = groupBy(resource.documentReferenceBindings, ({ table }) => qualified(table));
  const tables = new Map(
    resource.tablesInDependencyOrder.map((table) => [
      table.jsonScope.canonical,
      tableFacts(resource, table, bindings.get(qualified(table.table)) ?? [], identityPaths, facts),
    ]),
  );
  return {
    label: resourceLabel(resource.resourceKey),
    resource,
    identityPaths,
    tables: withLimits(resource, withSharedValues(resource, tables)),
  };
}

function tableFacts(
  resource: ResourceModel,
  table: Table,
  bindings: readonly DocumentReferenceBinding[],
  identityPaths: ReadonlySet<string>,
  { required, bounds }: SampledSchema,
): Omit<TableFacts, 'shared'> {
  const groupOf = new Map<string, string>();
  const groups = new Map<string, GroupFacts>();
  const referenceParts = new Set(
    bindings.flatMap(({ identityBindings }) =>
      identityBindings.map(({ referenceJsonPath }) => referenceJsonPath.canonical),
    ),
  );
  for (const column of table.columns) {
    if (!column.sourcePath || column.kind === 'DocumentFk') continue;
    const path = column.sourcePath.canonical;
    const group = groupName(column);
    groupOf.set(path, group);
    const facts: GroupFacts = {
      type: column.scalarType,
      descriptor: column.kind === 'DescriptorFk' && column.targetResource ? resourceLabel(column.targetResource) : null,
      isPlain: identityPaths.has(path) || referenceParts.has(path),
      bounds: bounds.get(path) ?? null,
    };
    groups.set(group, narrowerGroup(groups.get(group), facts));
  }
  const mandatory = new Set([...mandatoryPaths(table), ...required]);
  const references = new Map<string, ReferenceFacts>();
  for (const binding of bindings) {
    const path = binding.referenceObjectPath.canonical;
    const parts = new Map<string, string[]>();
    for (const { identityJsonPath, referenceJsonPath } of binding.identityBindings) {
      const group = groupOf.get(referenceJsonPath.canonical) ?? referenceJsonPath.canonical;
      parts.set(group, [...(parts.get(group) ?? []), identityJsonPath.canonical]);
    }
    const target = resourceLabel(binding.targetResource);
    references.set(path, { binding, target, path, groups: parts, limited: [], isRequired: mandatory.has(path) });
  }
  const ofItems = references.get(itemReference(resource, table)?.referenceObjectPath.canonical ?? '');
  const distinct: SampledRowKey[] = ofItems
    ? [{ parts: keyParts(table, ofItems.path, ofItems.groups.keys()), parentOrdinals: [] }]
    : [];
  return {
    groupOf,
    groups,
    mandatory,
    references,
    referenceParts,
    keys: [...rowKeys(table, references), ...distinct],
    hasDistinctTargets: ofItems !== undefined,
  };
}

function keyParts({ jsonScope }: Table, path: string, groups: Iterable<string>): readonly SampledKeyPart[] {
  const names = path.slice(jsonScope.canonical.length).split('.').slice(1);
  return [...groups].map((group) => ({ group, names }));
}

const groupName = ({ name, storage, sourcePath }: Column): string =>
  storage.kind === 'UnifiedAlias' ? storage.canonicalColumn : (sourcePath?.canonical ?? name);

function mandatoryPaths({ jsonScope, columns }: Table): Set<string> {
  const mandatory = new Set<string>();
  for (const { isNullable, sourcePath } of columns) {
    if (isNullable || !sourcePath) continue;
    const path = sourcePath.canonical;
    for (let end = path.length; end > jsonScope.canonical.length; end = path.lastIndexOf('.', end - 1))
      mandatory.add(path.slice(0, end));
  }
  return mandatory;
}

function rowKeys(table: Table, references: ReadonlyMap<string, ReferenceFacts>): SampledRowKey[] {
  const columns = new Map<string, Column>(table.columns.map((column) => [column.name, column]));
  const parents = table.key.columns.filter(({ role }) => role === 'ParentOrdinal').map(({ name }) => name);
  // a constraint with the id or the position of a row always holds
  const own = new Set<string>(
    table.columns
      .filter(({ name, kind }) => kind === 'CollectionKey' || (kind === 'Ordinal' && !parents.includes(name)))
      .map(({ name }) => name),
  );
  const { parentLocator, rootLocator } = table.identity;
  const depth = arrayDepth(table.jsonScope);
  const outer = Array.from({ length: Math.max(0, depth - 1) }, (_, index) => index);
  const leadsToParent = (columns: readonly string[]) =>
    parentLocator.some((name) => columns.includes(name) && !rootLocator.includes(name));
  return table.constraints.flatMap((constraint): SampledRowKey[] => {
    if (constraint.kind !== 'Unique' || constraint.columns.some((name) => own.has(name))) return [];
    const parts = constraint.columns.flatMap((name): readonly SampledKeyPart[] => {
      const column = columns.get(name);
      if (!column || column.kind === 'ParentKeyPart' || column.kind === 'Ordinal') return [];
      const path = column.sourcePath?.canonical ?? '';
      const reference = references.get(path);
      return keyParts(table, path, reference ? reference.groups.keys() : [groupName(column)]);
    });
    const byPosition = parents.flatMap((name, index) => (constraint.columns.includes(name) ? [index] : []));
    // parents are identified by their positions, or by an id that replaces all positions
    const parentOrdinals = parents.length === 0 && leadsToParent(constraint.columns) ? outer : byPosition;
    return [{ parts, parentOrdinals }];
  });
}

/** The groups of values of a table. */
interface Groups {
  /** The names of groups, by path. */
  readonly groupOf: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<string, GroupFacts>;
}

/** The facts of tables, with the values that their rows share with rows of other tables, by group. */
function withSharedValues<Facts extends Groups>(
  resource: ResourceModel,
  tables: ReadonlyMap<string, Facts>,
): ReadonlyMap<string, Facts & { readonly shared: ReadonlyMap<string, SharedValue> }> {
  const result = new Map(
    [...tables].map(([scope, facts]) => [
      scope,
      { ...facts, groups: new Map(facts.groups), shared: new Map<string, SharedValue>() },
    ]),
  );
  for (const [index, members] of sharedGroups(resource, tables).entries()) {
    const ofKind = new Map<string, GroupFacts>();
    const found = members.flatMap(({ scope, group }) => {
      const table = result.get(scope);
      const facts = tables.get(scope)?.groups.get(group);
      return table && facts ? [{ table, group, facts, kind: kindOf(facts) }] : [];
    });
    for (const { facts, kind } of found) ofKind.set(kind, narrowerGroup(ofKind.get(kind), facts));
    for (const { table, group, facts, kind } of found) {
      table.groups.set(group, ofKind.get(kind) ?? facts);
      table.shared.set(group, { name: String(index), kind });
    }
  }
  return result;
}

/** The facts of tables, with the parts of references whose values must fit a type narrower than that of their column. */
function withLimits(resource: ResourceModel, tables: ReadonlyMap<string, TableFacts>): ReadonlyMap<string, TableFacts> {
  const types = new Map(
    resource.tablesInDependencyOrder.flatMap(({ columns }) =>
      columns.map(({ sourcePath, scalarType }) => [sourcePath?.canonical ?? '', scalarType] as const),
    ),
  );
  return new Map(
    [...tables].map(([scope, table]) => {
      const isLimited = (path: string) => {
        const facts = table.groups.get(table.groupOf.get(path) ?? path);
        return facts !== undefined && facts.descriptor === null && !isEqual(facts.type, types.get(path));
      };
      const references = [...table.references].map(([path, reference]) => {
        const parts = reference.binding.identityBindings.map(({ referenceJsonPath }) => referenceJsonPath.canonical);
        return [path, { ...reference, limited: parts.filter(isLimited) }] as const;
      });
      return [scope, { ...table, references: new Map(references) }];
    }),
  );
}

/** A group of a table, by the scope of the table. */
interface SampledMember {
  readonly scope: string;
  readonly group: string;
}

/** The groups that share a value, directly or through others. */
function sharedGroups(
  resource: ResourceModel,
  tables: ReadonlyMap<string, Groups>,
): readonly (readonly SampledMember[])[] {
  const scopes = new Map(
    resource.tablesInDependencyOrder.map(({ table, jsonScope }) => [qualified(table), jsonScope.canonical]),
  );
  const classes = new Map<string, SampledMember[]>();
  const classOf = ({ path, binding }: DocumentPlace): SampledMember[] => {
    const scope = scopes.get(qualified(binding.table)) ?? '$';
    const group = tables.get(scope)?.groupOf.get(path.canonical) ?? path.canonical;
    const key = `${scope} ${group}`;
    const known = classes.get(key) ?? [{ scope, group }];
    classes.set(key, known);
    return known;
  };
  for (const { a, b } of equalPlaces(resource)) {
    const one = classOf(a);
    const other = classOf(b);
    if (one === other) continue;
    one.push(...other);
    for (const { scope, group } of other) classes.set(`${scope} ${group}`, one);
  }
  return [...new Set(classes.values())];
}

function kindOf({ type, descriptor }: GroupFacts): string {
  if (descriptor !== null) return descriptor;
  return type && isInteger(type.kind) ? 'integer' : (type?.kind ?? 'String');
}

/** A value that several rows of a document share, because an equality constraint between tables requires it. */
interface SharedValue {
  /** A name that is the same for all rows that share the value. */
  readonly name: string;
  /** Values of different kinds are never equal, so a document has only values of one kind. */
  readonly kind: string;
}
