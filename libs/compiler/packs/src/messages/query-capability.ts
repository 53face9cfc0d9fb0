import type { Column } from '@dms/model';
import {
  type DescriptorQueryCapability,
  descriptorTargets,
  type QueryCapability,
  type QueryFieldTarget,
  type QuerySupport,
} from '@dms/plans';
import { compareOrdinal } from '@dms/values';
import type { LoadedModel } from '../check-resource.ts';
import { failInvariant, type PackPlace, required } from '../fail-pack.ts';
import { existingColumn, type PayloadReader } from '../pack-rules.ts';
import type { PackMessage } from '../wire/message.ts';
import * as format from '../wire/pack-format.ts';
import { descriptorTargetTokens, failureTokens, omissionTokens } from '../wire/tokens.ts';
import {
  columnName,
  columnNameOf,
  members,
  nameMember,
  nameOf,
  optionalColumnName,
  pathMember,
  resourceName,
  token,
  tokenOf,
} from './message-codec.ts';

/* The query capabilities of a resource (design 17 §6). */

const supportMessage = {
  write: (support: QuerySupport): PackMessage<'QuerySupport'> =>
    support.kind === 'supported'
      ? { omissionKind: format.queryOmissionKind.unspecified, reason: '' }
      : { omissionKind: omissionTokens.code(support.omissionKind), reason: support.reason },
  read(message: PackMessage<'QuerySupport'> | null, at: PackPlace, what: string): QuerySupport {
    const { omissionKind, reason } = required(message, at, `${what}.support`);
    if (omissionKind === format.queryOmissionKind.unspecified) {
      if (reason !== '') failInvariant(at, `${what}.support.reason`, 'none where nothing is omitted', reason);
      return { kind: 'supported' };
    }
    return {
      kind: 'omitted',
      omissionKind: tokenOf(omissionTokens, omissionKind, at, `${what}.support.omission_kind`),
      reason: nameOf(reason, at, `${what}.support.reason`),
    };
  },
} as const;

/** Checks that fields are in ordinal order, without duplicates. */
function checkOrder(fields: readonly { readonly field: string }[], at: PackPlace, what: string): void {
  for (const [index, { field }] of fields.entries()) {
    const previous = fields[index - 1]?.field;
    if (previous !== undefined && compareOrdinal(previous, field) >= 0)
      failInvariant(at, what, 'distinct fields in ordinal order', `${previous} before ${field}`);
  }
}

const fieldPathMessage = members({
  path: pathMember('query_capability.path.path'),
  type: nameMember('query_capability.path.type'),
});

/** The column of the root table that a field is compared with. */
function rootColumn(
  { message, kind }: { readonly message: PackMessage<'DbColumnName'> | null; readonly kind: Column['kind'] },
  loaded: LoadedModel | null,
  at: PackPlace,
  what: string,
): Column {
  const [root] = required(loaded, at, 'root').tables;
  const column = existingColumn(required(root, at, 'root'), columnNameOf(message, at, what), what);
  if (column.kind !== kind) failInvariant(at, `kind of ${what}`, kind, column.kind);
  return column;
}

const descriptorColumn = 'query_capability.target.descriptor_id_column';
const targetColumn = columnName(descriptorColumn);
const targetResource = resourceName(`${descriptorColumn}.descriptor_resource`);

const targetMessage = {
  write(target: QueryFieldTarget): PackMessage<'QueryFieldTarget'> {
    const none = { rootColumn: null, documentUuid: null, descriptorIdColumn: null };
    switch (target.kind) {
      case 'root_column':
        return { ...none, rootColumn: targetColumn.write(target.column) };
      case 'document_uuid':
        return { ...none, documentUuid: {} };
      case 'descriptor_id_column': {
        const column = targetColumn.write(target.column);
        const descriptorResource = targetResource.write(target.descriptorResource);
        return { ...none, descriptorIdColumn: { column, descriptorResource } };
      }
    }
  },
  read(
    message: PackMessage<'QueryFieldTarget'>,
    loaded: LoadedModel | null,
    at: PackPlace,
    reader: PayloadReader,
  ): QueryFieldTarget {
    if (message.documentUuid) return { kind: 'document_uuid' };
    if (message.rootColumn) {
      const named = { message: message.rootColumn, kind: 'Scalar' } as const;
      const { name } = rootColumn(named, loaded, at, 'query_capability.target.root_column');
      return { kind: 'root_column', column: name };
    }
    const { column, descriptorResource } = required(message.descriptorIdColumn, at, 'query_capability.target.kind');
    const { name } = rootColumn({ message: column, kind: 'DescriptorFk' }, loaded, at, descriptorColumn);
    return {
      kind: 'descriptor_id_column',
      column: name,
      descriptorResource: targetResource.read(descriptorResource, at, reader),
    };
  },
} as const;

/** `loaded` is the model of the resource; null if it has no tables of its own. */
export const queryCapabilityMessage = {
  write: (capability: QueryCapability): PackMessage<'QueryCapability'> => ({
    support: supportMessage.write(capability.support),
    supportedFields: capability.supportedFields.map(({ field, target, ...path }) => ({
      field,
      path: fieldPathMessage.write(path),
      target: targetMessage.write(target),
    })),
    unsupportedFields: capability.unsupportedFields.map(({ field, failure, paths }) => ({
      field,
      failure: failureTokens.code(failure),
      paths: paths.map(fieldPathMessage.write),
    })),
  }),
  read(
    message: PackMessage<'QueryCapability'>,
    loaded: LoadedModel | null,
    resource: PackPlace,
    reader: PayloadReader,
  ): QueryCapability {
    const support = supportMessage.read(message.support, resource, 'query_capability');
    const supportedFields = message.supportedFields.map(({ field, path, target }) => {
      const at = { ...resource, part: nameOf(field, resource, 'query_capability.field') };
      return {
        field,
        ...fieldPathMessage.read(required(path, at, 'query_capability.path'), at, reader),
        target: targetMessage.read(required(target, at, 'query_capability.target'), loaded, at, reader),
      };
    });
    const unsupportedFields = message.unsupportedFields.map(({ field, failure, paths }) => {
      const at = { ...resource, part: nameOf(field, resource, 'query_capability.field') };
      return {
        field,
        failure: tokenOf(failureTokens, failure, at, 'query_capability.failure'),
        paths: paths.map((path) => fieldPathMessage.read(path, at, reader)),
      };
    });
    checkOrder(supportedFields, resource, 'query_capability.supported_fields');
    checkOrder(unsupportedFields, resource, 'query_capability.unsupported_fields');
    const due =
      loaded === null ? 'descriptor_resource' : unsupportedFields.length > 0 ? 'unsupported_query_fields' : 'supported';
    const found = support.kind === 'supported' ? support.kind : support.omissionKind;
    if (found !== due) failInvariant(resource, 'query_capability.support', due, found);
    return { support, supportedFields, unsupportedFields };
  },
} as const;

const capability = 'descriptor_query_capability';
const descriptorTarget = token(descriptorTargetTokens, `${capability}.target`);
const descriptorTargetColumn = optionalColumnName(`${capability}.column`);

export const descriptorCapabilityMessage = {
  write: ({ support, supportedFields }: DescriptorQueryCapability): PackMessage<'DescriptorQueryCapability'> => ({
    support: supportMessage.write(support),
    supportedFields: supportedFields.map(({ field, target, column }) => ({
      field,
      target: descriptorTarget.write(target),
      column: descriptorTargetColumn.write(column),
    })),
  }),
  read(
    message: PackMessage<'DescriptorQueryCapability'>,
    resource: PackPlace,
    reader: PayloadReader,
  ): DescriptorQueryCapability {
    const support = supportMessage.read(message.support, resource, capability);
    const supportedFields = message.supportedFields.map(({ field, target: code, column: name }) => {
      const at = { ...resource, part: nameOf(field, resource, `${capability}.field`) };
      const target = descriptorTarget.read(code, at, reader);
      const column = descriptorTargetColumn.read(name, at, reader);
      const due = descriptorTargets[target];
      if (column !== due) failInvariant(at, `${capability}.column`, due ?? 'none', column ?? 'none');
      return { field, target, column };
    });
    checkOrder(supportedFields, resource, `${capability}.supported_fields`);
    const due = support.kind === 'supported' ? Object.keys(descriptorTargets).length : 0;
    if (supportedFields.length !== due)
      failInvariant(resource, `number of ${capability}.supported_fields`, due, supportedFields.length);
    return { support, supportedFields };
  },
} as const;
