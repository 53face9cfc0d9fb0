import { type JsonPath, resourceLabel } from '@dms/api-schema';
import { isJsonObject, type JsonObject, type JsonValue, jsonText } from '@dms/files';
import { type DocumentNode, type DocumentReference, lastPart, mustExist } from '@dms/model';
import { targetSourceOf } from '../identity/identity-sources.ts';
import type { DocumentPlans, ResourcePlans } from '../resource-plans.ts';

/* The keys of stored documents, as they are in the documents themselves and in those that refer to them. */

/** The values of an identity, by its paths. */
export type DocumentKey = ReadonlyMap<string, JsonValue>;

/**
 * A key as text, which tells documents of all resources apart; `label` is the resource or abstract resource that it
 * belongs to.
 */
export const keyText = (label: string, key: DocumentKey): string => `${label} ${jsonText(key)}`;

function valueAt(document: JsonObject, { segments }: JsonPath): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const segment of segments) {
    if (segment.kind !== 'property' || value === undefined || !isJsonObject(value)) return undefined;
    value = value.get(segment.name);
  }
  return value;
}

/** The keys by which others may refer to a document: its own, and that of its abstract resource; by label. */
export function keysOf(
  all: DocumentPlans,
  { label, shape, identity, superclassIdentity }: ResourcePlans,
  document: JsonObject,
): ReadonlyMap<string, DocumentKey> {
  const byColumn = new Map<string, JsonValue>();
  const own = new Map<string, JsonValue>();
  for (const { column, identityJsonPath } of identity.identityElements) {
    const value = mustExist(valueAt(document, identityJsonPath), `the value of ${identityJsonPath.canonical}`);
    byColumn.set(column, value);
    own.set(identityJsonPath.canonical, value);
  }
  const keys = new Map<string, DocumentKey>([[label, own]]);
  const { superclass } = shape.model;
  if (superclass === null || superclassIdentity === null) return keys;
  const columns = new Map(
    superclassIdentity.identityElements.map(({ column, identityJsonPath }) => [identityJsonPath.canonical, column]),
  );
  // references to the abstract resource have the paths of its smallest identity
  const paths = all
    .identityOf(superclass.resource)
    .identityElements.map(({ identityJsonPath: { canonical } }) => canonical);
  const general = paths.map((path) => {
    const column = mustExist(columns.get(path), `the column of ${path}`);
    return [path, mustExist(byColumn.get(column), `the value of ${path}`)] as const;
  });
  return keys.set(resourceLabel(superclass.resource), new Map(general));
}

/** The key that a reference object names; null if it lacks a value. */
export function referencedKey(all: DocumentPlans, reference: DocumentReference, object: JsonObject): string | null {
  const { targetResource } = reference.binding;
  const { leaves } = targetSourceOf(all, reference);
  const key = new Map<string, JsonValue>();
  for (const { identityJsonPath } of all.identityOf(targetResource).identityElements) {
    const leaf = leaves.get(identityJsonPath.canonical);
    const value = leaf && object.get(lastPart(leaf.path));
    if (value === undefined) return null;
    key.set(identityJsonPath.canonical, value);
  }
  return keyText(resourceLabel(targetResource), key);
}

/** A reference object with the values of another key. */
export function withTarget(reference: DocumentReference, object: JsonObject, key: DocumentKey): JsonObject {
  const changed = new Map(object);
  for (const { name, identityPaths } of reference.parts)
    for (const path of identityPaths) {
      const value = key.get(path);
      if (value !== undefined) changed.set(name, value);
    }
  return changed;
}

/** A document, or a part of one, with `change` applied to each reference object in it. */
export function withReferences(
  shape: DocumentNode,
  value: JsonValue,
  change: (reference: DocumentReference, object: JsonObject) => JsonObject,
): JsonValue {
  switch (shape.kind) {
    case 'leaf':
      return value;
    case 'array':
      return Array.isArray(value) ? value.map((item: JsonValue) => withReferences(shape.element, item, change)) : value;
    case 'object': {
      if (!isJsonObject(value)) return value;
      const object = shape.reference === null ? value : change(shape.reference, value);
      return new Map(
        [...object].map(([name, member]) => {
          const inner = shape.members.get(name);
          return [name, inner === undefined ? member : withReferences(inner, member, change)];
        }),
      );
    }
  }
}
