import type { JsonRecord } from '../schema-builder.ts';
import { changedProperty, withResources } from './changed-resources.ts';

interface ReferringDocument {
  readonly documentPathsMapping: Readonly<
    Record<string, { readonly referenceJsonPaths?: readonly { readonly referenceJsonPath: string }[] }>
  >;
  readonly equalityConstraints: readonly { readonly sourceJsonPath: string; readonly targetJsonPath: string }[];
}

const shorter = (property: JsonRecord): JsonRecord =>
  typeof property.maxLength === 'number' && property.format === undefined && property.maxLength > 1
    ? { ...property, maxLength: Math.ceil(property.maxLength / 2) }
    : property;

/**
 * A copy of a set whose references have room for half as many letters as their targets. A part that a constraint makes
 * equal to another property stays, because both must have the same type.
 */
export const withShortReferences = (documents: readonly JsonRecord[]): readonly JsonRecord[] =>
  withResources(documents, (schema) => {
    const { documentPathsMapping, equalityConstraints } = schema as unknown as ReferringDocument;
    const equal = new Set(
      equalityConstraints.flatMap(({ sourceJsonPath, targetJsonPath }) => [sourceJsonPath, targetJsonPath]),
    );
    const parts = Object.values(documentPathsMapping).flatMap(({ referenceJsonPaths = [] }) =>
      referenceJsonPaths.map(({ referenceJsonPath }) => referenceJsonPath),
    );
    const single = [...new Set(parts)].filter((part) => !equal.has(part));
    return single.reduce((changed, part) => changedProperty(changed, part, shorter), schema);
  });
