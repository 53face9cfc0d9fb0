import { rootPath } from '@dms/api-schema';
import type { ReferenceSource, WriteValueSource } from '@dms/plans';
import { type PackPlace, required } from '../refusal.ts';
import type * as format from '../wire/pack-format.ts';
import { resourceNameMessage, scalarTypeMessage } from './names.ts';
import type { PathReader } from './path-reader.ts';

/* Where the value of a column comes from (design 08 §12.3). */

/** `$` is the value at the scope itself; an empty path means the same. */
export function relativePath(text: string, at: PackPlace, pathOf: PathReader) {
  return text === '' ? rootPath : pathOf(text, at, 'relative_path');
}

export const referenceSourceMessage = {
  write: (source: ReferenceSource): format.ReferenceSource => ({
    bindingIndex: source.bindingIndex,
    referenceObjectPath: source.referenceObjectPath.canonical,
    identityJsonPath: source.identityJsonPath.canonical,
    referenceJsonPath: source.referenceJsonPath.canonical,
  }),
  read: (message: format.ReferenceSource, at: PackPlace, pathOf: PathReader): ReferenceSource => ({
    bindingIndex: message.bindingIndex,
    referenceObjectPath: pathOf(message.referenceObjectPath, at, 'reference_source.reference_object_path'),
    identityJsonPath: pathOf(message.identityJsonPath, at, 'reference_source.identity_json_path'),
    referenceJsonPath: pathOf(message.referenceJsonPath, at, 'reference_source.reference_json_path'),
  }),
} as const;

const noSource: format.WriteValueSource = {
  documentId: null,
  parentKeyPart: null,
  ordinal: null,
  scalar: null,
  documentReference: null,
  descriptorReference: null,
  precomputed: null,
  referenceDerived: null,
};

export const valueSourceMessage = {
  write(source: WriteValueSource): format.WriteValueSource {
    switch (source.kind) {
      case 'document_id':
        return { ...noSource, documentId: {} };
      case 'parent_key_part':
        return { ...noSource, parentKeyPart: { index: source.index } };
      case 'ordinal':
        return { ...noSource, ordinal: {} };
      case 'scalar': {
        const scalarType = scalarTypeMessage.write(source.scalarType);
        return { ...noSource, scalar: { relativePath: source.relativePath.canonical, scalarType } };
      }
      case 'document_reference':
        return { ...noSource, documentReference: { bindingIndex: source.bindingIndex } };
      case 'descriptor_reference': {
        const descriptorReference = {
          descriptorValuePath: source.descriptorValuePath?.canonical ?? '',
          relativePath: source.relativePath.canonical,
          descriptorResource: resourceNameMessage.write(source.descriptorResource),
        };
        return { ...noSource, descriptorReference };
      }
      case 'reference_derived':
        return { ...noSource, referenceDerived: referenceSourceMessage.write(source.referenceSource) };
      case 'precomputed':
        return { ...noSource, precomputed: {} };
    }
  },
  read(message: format.WriteValueSource, at: PackPlace, pathOf: PathReader): WriteValueSource {
    const { documentId, parentKeyPart, ordinal, scalar, documentReference, precomputed, referenceDerived } = message;
    if (documentId) return { kind: 'document_id' };
    if (parentKeyPart) return { kind: 'parent_key_part', index: parentKeyPart.index };
    if (ordinal) return { kind: 'ordinal' };
    if (documentReference) return { kind: 'document_reference', bindingIndex: documentReference.bindingIndex };
    if (precomputed) return { kind: 'precomputed' };
    if (referenceDerived) {
      return { kind: 'reference_derived', referenceSource: referenceSourceMessage.read(referenceDerived, at, pathOf) };
    }
    if (scalar) {
      return {
        kind: 'scalar',
        relativePath: relativePath(scalar.relativePath, at, pathOf),
        scalarType: scalarTypeMessage.read(required(scalar.scalarType, at, 'source.scalar.scalar_type'), at),
      };
    }
    const descriptor = required(message.descriptorReference, at, 'source.kind');
    const what = 'source.descriptor_reference.descriptor_resource';
    const { descriptorValuePath } = descriptor;
    return {
      kind: 'descriptor_reference',
      descriptorResource: resourceNameMessage.read(descriptor.descriptorResource, at, what),
      relativePath: relativePath(descriptor.relativePath, at, pathOf),
      descriptorValuePath: descriptorValuePath === '' ? null : pathOf(descriptorValuePath, at, 'descriptor_value_path'),
    };
  },
} as const;
