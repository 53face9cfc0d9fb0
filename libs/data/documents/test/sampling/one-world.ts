import { type JsonPath, resourceLabel } from '@dms/api-schema';
import {
  equalPlaces,
  itemReference,
  qualified,
  type RelationalModelSet,
  type ResourceModel,
  type Table,
} from '@dms/model';
import { canonicalText, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@dms/values';

/** All values at a path, through all items. */
export function valuesAt(document: JsonValue, segments: JsonPath['segments']): JsonValue[] {
  let nodes: JsonValue[] = [document];
  for (const segment of segments) {
    nodes = nodes.flatMap((node) => {
      if (segment.kind === 'anyElement') return isJsonArray(node) ? [...node] : [];
      const member = isJsonObject(node) ? node.get(segment.name) : undefined;
      return member === undefined ? [] : [member];
    });
  }
  return nodes;
}

export const relational = (model: RelationalModelSet) =>
  model.resources.filter(({ storageKind }) => storageKind === 'RelationalTables');

/** Identities by the paths of a target, including members of abstract resources. */
export class Written {
  private readonly keys = new Set<string>();
  private readonly resources: ReadonlyMap<string, ResourceModel>;
  private readonly abstractPaths: ReadonlyMap<string, readonly string[]>;

  constructor(model: RelationalModelSet) {
    this.resources = new Map(relational(model).map((resource) => [resourceLabel(resource.resourceKey), resource]));
    this.abstractPaths = new Map(
      model.abstractIdentityTables.map(({ resourceKey, table }) => [
        resourceLabel(resourceKey),
        table.columns.flatMap(({ sourcePath }) => sourcePath?.canonical ?? []),
      ]),
    );
  }

  model(label: string): ResourceModel {
    const found = this.resources.get(label);
    if (!found) throw new Error(label);
    return found;
  }

  private key(label: string, values: ReadonlyMap<string, JsonValue>): string {
    return canonicalText([label, ...[...values].sort(([a], [b]) => (a < b ? -1 : 1)).flat()]).toLowerCase();
  }

  has(label: string, values: ReadonlyMap<string, JsonValue>): boolean {
    return this.keys.has(this.key(label, values));
  }

  /** Adds a document; false if one with the same identity exists. */
  add(label: string, document: JsonObject): boolean {
    const { identityElements, superclass } = this.model(label);
    const identity = new Map(
      identityElements.map(({ identityJsonPath: path }) => [
        path.canonical,
        valuesAt(document, path.segments)[0] ?? null,
      ]),
    );
    const keys = [this.key(label, identity)];
    if (superclass) {
      const name = resourceLabel(superclass.resource);
      const inherited = (this.abstractPaths.get(name) ?? []).map((path): [string, JsonValue] => {
        const ownPath =
          path === superclass.identityJsonPath?.canonical ? identityElements[0]?.identityJsonPath.canonical : path;
        return [path, identity.get(ownPath ?? '') ?? null];
      });
      keys.push(this.key(name, new Map(inherited)));
    }
    const isNew = keys.every((key) => !this.keys.has(key));
    for (const key of keys) this.keys.add(key);
    return isNew;
  }
}

/** The objects of a document at the scope of a table. */
export const rowsOf = (document: JsonObject, { jsonScope }: Table) => valuesAt(document, jsonScope.segments);

/** The value of a reference object or a member, below a row. */
export function inRow(row: JsonValue, table: Table, path: JsonPath): JsonValue | undefined {
  return valuesAt(row, path.segments.slice(table.jsonScope.segments.length))[0];
}

const repeated = (values: readonly JsonValue[]): string[] => {
  const texts = values.map((value) => canonicalText(value).toLowerCase());
  return texts.filter((text, index) => texts.indexOf(text) < index);
};

/** The violations of rules for whole documents: equality constraints, and arrays with equal items. */
function documentFaults(resource: ResourceModel, label: string, document: JsonObject): string[] {
  const faults: string[] = [];
  for (const { a, b } of equalPlaces(resource)) {
    const values = [a, b].flatMap(({ path }) =>
      valuesAt(document, path.segments).map((value) => canonicalText(value).toLowerCase()),
    );
    if (new Set(values).size > 1)
      faults.push(`${label} ${a.path.canonical} = ${b.path.canonical}: ${values.join(' and ')}`);
  }
  for (const table of resource.tablesInDependencyOrder) {
    const { segments, canonical } = table.jsonScope;
    if (segments.at(-1)?.kind !== 'anyElement') continue;
    for (const constraint of table.constraints) {
      if (constraint.kind !== 'Unique') continue;
      const columns = table.columns.filter(({ name, sourcePath }) => sourcePath && constraint.columns.includes(name));
      // a constraint with the position of the item says nothing about its values
      const isOfPosition = constraint.columns.some((name) =>
        table.columns.some((each) => each.name === name && each.kind === 'Ordinal'),
      );
      if (columns.length === 0 || isOfPosition) continue;
      for (const array of valuesAt(document, segments.slice(0, -1))) {
        const keys = (isJsonArray(array) ? array : []).map((item) =>
          columns.map(({ sourcePath }) => (sourcePath && inRow(item, table, sourcePath)) ?? null),
        );
        faults.push(...repeated(keys).map((text) => `${label} ${canonical} repeats ${text}`));
      }
    }
    const path = itemReference(resource, table)?.referenceObjectPath;
    if (path)
      faults.push(
        ...repeated(valuesAt(document, path.segments)).map((text) => `${label} ${path.canonical} repeats ${text}`),
      );
  }
  return faults;
}

/** The rules of the model that a document violates. */
export function diagnosticsOf(written: Written, label: string, document: JsonObject): string[] {
  const resource = written.model(label);
  const { tablesInDependencyOrder, documentReferenceBindings } = resource;
  const faults = documentFaults(resource, label, document);
  for (const table of tablesInDependencyOrder) {
    for (const row of rowsOf(document, table)) {
      for (const { sourcePath, isNullable } of table.columns) {
        if (sourcePath && !isNullable && inRow(row, table, sourcePath) === undefined)
          faults.push(`${label} ${sourcePath.canonical} is missing`);
      }
      for (const { memberPathColumns, canonicalColumn } of table.keyUnificationClasses) {
        const values = memberPathColumns.flatMap((name) => {
          const path = table.columns.find((column) => column.name === name)?.sourcePath;
          const value = path ? inRow(row, table, path) : undefined;
          return value === undefined ? [] : [canonicalText(value)];
        });
        if (new Set(values).size > 1) faults.push(`${label} ${canonicalColumn} has ${values.join(' and ')}`);
      }
      for (const binding of documentReferenceBindings.filter(
        (each) => qualified(each.table) === qualified(table.table),
      )) {
        if (inRow(row, table, binding.referenceObjectPath) === undefined) continue;
        const values = binding.identityBindings.map(({ identityJsonPath, referenceJsonPath }): [string, JsonValue] => [
          identityJsonPath.canonical,
          inRow(row, table, referenceJsonPath) ?? null,
        ]);
        if (!written.has(resourceLabel(binding.targetResource), new Map(values)))
          faults.push(
            `${label} ${binding.referenceObjectPath.canonical} names nothing: ${canonicalText(values.flat())}`,
          );
      }
    }
  }
  return faults;
}
