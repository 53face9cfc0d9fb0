import type { DescriptorQueryCapability, QueryCapability, QueryFieldPath, QueryFieldTarget, QuerySupport } from '@dms/plans';
import * as format from '../wire/pack-format.ts';
import { descriptorTargetTokens, failureTokens, omissionTokens } from '../wire/tokens.ts';
import { columnMessage, nameMessage, optionalColumn } from './model-messages.ts';

/** The query capabilities of a resource in the form of a pack (design 17 §6). */

const supportMessage = (support: QuerySupport): format.QuerySupport =>
  support.kind === 'supported'
    ? { omissionKind: format.queryOmissionKind.unspecified, reason: '' }
    : { omissionKind: omissionTokens.code(support.omissionKind), reason: support.reason };

const pathMessage = ({ path, type }: QueryFieldPath): format.QueryFieldPath => ({ path: path.canonical, type });

function targetMessage(target: QueryFieldTarget): format.QueryFieldTarget {
  const none = { rootColumn: null, documentUuid: null, descriptorIdColumn: null };
  switch (target.kind) {
    case 'root_column':
      return { ...none, rootColumn: columnMessage(target.column) };
    case 'document_uuid':
      return { ...none, documentUuid: {} };
    case 'descriptor_id_column':
      return {
        ...none,
        descriptorIdColumn: {
          column: columnMessage(target.column),
          descriptorResource: nameMessage(target.descriptorResource),
        },
      };
  }
}

export const queryCapabilityMessage = (capability: QueryCapability): format.QueryCapability => ({
  support: supportMessage(capability.support),
  supportedFields: capability.supportedFields.map(({ field, target, ...path }) => ({
    field,
    path: pathMessage(path),
    target: targetMessage(target),
  })),
  unsupportedFields: capability.unsupportedFields.map(({ field, failure, paths }) => ({
    field,
    failure: failureTokens.code(failure),
    paths: paths.map(pathMessage),
  })),
});

export const descriptorCapabilityMessage = (capability: DescriptorQueryCapability): format.DescriptorQueryCapability => ({
  support: supportMessage(capability.support),
  supportedFields: capability.supportedFields.map(({ field, target, column }) => ({
    field,
    target: descriptorTargetTokens.code(target),
    column: optionalColumn(column),
  })),
});
