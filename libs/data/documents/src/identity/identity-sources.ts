import { resourceLabel } from '@dms/api-schema';
import {
  type DocumentLeaf,
  type DocumentReference,
  type IdentityBlock,
  type IdentityElement,
  type MappingVersion,
  mustExist,
  namePartsOf,
  type QualifiedResourceName,
} from '@dms/model';
import { cachedByObject, type JsonObject } from '@dms/values';
import type { CheckedDocument } from '../checking/checked-document.ts';
import { generations } from '../generations.ts';
import { cachedByResource, type DocumentPlans, type ResourcePlans } from '../resource-plans.ts';
import { storedValue } from '../values/stored-value.ts';
import {
  descriptorIdentity,
  type IdentityValue,
  type KeyTexts,
  referentialIdOfText,
  type SoughtIdentity,
} from './referential-id.ts';

/** The texts of identities of a generation in memory. */
export const identityTextsOf = (version: MappingVersion): KeyTexts => generations[version].texts;

/** The parts of an identity text: fixed texts, and leaves whose values come between them (design 07 §9.2). */
export type IdentityParts = readonly (string | DocumentLeaf)[];

const partsOf = (block: IdentityBlock, leafOf: (element: IdentityElement) => DocumentLeaf): IdentityParts =>
  namePartsOf(block).map((part) => (part.kind === 'text' ? part.text : leafOf(part.element)));

/**
 * The leaves and fixed texts from which an identity of a document is made; the leaves are in the order of the elements
 * of its block.
 */
export interface IdentitySource {
  readonly block: IdentityBlock;
  readonly parts: IdentityParts;
}

/** The leaves and fixed texts from which the identity of a target is made. */
interface TargetSource {
  /** Empty if some values are {@link unnamed}. */
  readonly parts: IdentityParts;
  /** The leaf of each identity path. */
  readonly leaves: ReadonlyMap<string, DocumentLeaf>;
  /** The paths of the identity for which the reference has no value, so that it cannot refer to any target. */
  readonly unnamed: readonly string[];
}

/** The source of the identity to which a reference refers; found once. */
export const targetSourceOf = (all: Pick<DocumentPlans, 'identityOf'>, reference: DocumentReference): TargetSource =>
  targetSources(all)(reference);

const targetSources = cachedByObject(({ identityOf }: Pick<DocumentPlans, 'identityOf'>) =>
  cachedByObject((reference: DocumentReference) =>
    targetSource(reference, identityOf(reference.binding.targetResource)),
  ),
);

function targetSource({ binding: { targetResource }, parts }: DocumentReference, block: IdentityBlock): TargetSource {
  const leaves = new Map<string, DocumentLeaf>();
  for (const { leaf, identityPaths } of parts) for (const path of identityPaths) leaves.set(path, leaf);
  const paths = block.identityElements.map(({ identityJsonPath: { canonical } }) => canonical);
  const unnamed = paths.filter((path) => !leaves.has(path));
  const leafOf = ({ identityJsonPath: { canonical } }: IdentityElement) =>
    mustExist(leaves.get(canonical), `${resourceLabel(targetResource)} ${canonical}`);
  return { parts: unnamed.length > 0 ? [] : partsOf(block, leafOf), leaves, unnamed };
}

/** The identity of a document, and the one by which references to its superclass find it; null without a superclass. */
export const ownIdentity = cachedByResource(
  ({
    shape,
    identity,
    superclassIdentity,
  }: ResourcePlans): { readonly own: IdentitySource; readonly superclass: IdentitySource | null } => {
    const leaves = new Map(shape.tables[0]?.leaves.map((leaf) => [leaf.path, leaf]));
    const leafAt = (path: string) => mustExist(leaves.get(path), `the value of ${path}`);
    const parts = partsOf(identity, ({ identityJsonPath: { canonical } }) => leafAt(canonical));
    const own = { block: identity, parts };
    if (superclassIdentity === null) return { own, superclass: null };
    // the superclass has its own names for the same columns
    const paths = new Map(
      identity.identityElements.map(({ column, identityJsonPath }) => [column, identityJsonPath.canonical]),
    );
    const superclassParts = partsOf(superclassIdentity, ({ column }) =>
      leafAt(mustExist(paths.get(column), `the path of ${column}`)),
    );
    return { own, superclass: { block: superclassIdentity, parts: superclassParts } };
  },
);

/** The descriptors in the identity of a document, with the URIs that the document has. */
export function identityDescriptors({
  plans,
  rows,
}: CheckedDocument): readonly { readonly uri: string; readonly referentialId: string }[] {
  const [root] = rows[0] ?? [];
  return ownIdentity(plans).own.parts.flatMap((part) => {
    if (typeof part === 'string' || part.value !== 'descriptor') return [];
    const uri = root?.values[part.slot];
    const referentialId = root?.descriptors[part.slot];
    return typeof uri === 'string' && referentialId !== undefined ? [{ uri, referentialId }] : [];
  });
}

/**
 * The identity in a key in the form of recorded changes (design 17 §8): values by path without `$.`, and a descriptor
 * as its URI. Null if the key lacks a value, or has one that no document can have.
 */
export function keyIdentity(
  all: DocumentPlans,
  resource: QualifiedResourceName,
  key: JsonObject,
): SoughtIdentity | null {
  if (!all.labels.includes(resourceLabel(resource))) {
    const uri = key.get('descriptor');
    if (typeof uri !== 'string') return null;
    return {
      referentialId: all.referentialIds.ofDescriptor(resource, uri),
      resource,
      identity: descriptorIdentity(uri),
    };
  }
  const { own } = ownIdentity(all.of(resource));
  const { texts } = all;
  const values: IdentityValue[] = [];
  let identityText = '';
  for (const part of own.parts) {
    if (typeof part === 'string') {
      identityText += part;
      continue;
    }
    const { path } = part;
    const value = key.get(path.replace(/^\$\./, ''));
    if (value === undefined || value === null) return null;
    if (part.value === 'descriptor') {
      if (typeof value !== 'string') return null;
      values.push({ path, value: texts.uri(value), raw: value, kind: 'Descriptor' });
      identityText += texts.part(texts.uri(value));
      continue;
    }
    const stored = storedValue(value, part.scalarType, all.dialect, generations[all.version].values);
    if (stored.reason !== undefined) return null;
    const valueText = texts.scalar(stored.value, part.scalarType);
    values.push({ path, value: valueText, raw: stored.value, kind: part.scalarType.kind });
    identityText += texts.part(valueText);
  }
  return { referentialId: referentialIdOfText(identityText), resource, identity: () => values };
}
