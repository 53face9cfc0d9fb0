import type {
  DescriptorProbeTarget,
  NaturalKeyProbes,
  NaturalKeyProbeTarget,
  OwnNaturalKeyProbe,
  ProbeBinding,
  ProbeKeyColumn,
  ValueBinding,
} from '@dms/plans';
import { failInvariant, required } from '../fail-pack.ts';
import type { PackMessage } from '../wire/message.ts';
import { probeKindTokens } from '../wire/tokens.ts';
import {
  columnName,
  list,
  type MessageCodec,
  members,
  optional,
  optionalColumnName,
  pathMember,
  resourceName,
  scalarType,
  tableName,
  token,
} from './message-codec.ts';

/* The probes that find documents by natural keys (design 22 §4.6). */

const typeOfValue = scalarType('binding.scalar');
const descriptor = resourceName('binding.descriptor');

const bindingMessage: MessageCodec<ProbeBinding, PackMessage<'ProbeBinding'> | null> = {
  write(binding) {
    const none = { scalar: null, descriptor: null, documentReference: null };
    switch (binding.kind) {
      case 'scalar':
        return { ...none, scalar: typeOfValue.write(binding.scalarType) };
      case 'descriptor':
        return { ...none, descriptor: descriptor.write(binding.descriptorResource) };
      case 'documentReference':
        return { ...none, documentReference: { bindingIndex: binding.bindingIndex } };
    }
  },
  read(message, at, reader) {
    const { scalar, descriptor: named, documentReference } = required(message, at, 'binding');
    if (scalar) return { kind: 'scalar', scalarType: typeOfValue.read(scalar, at, reader) };
    if (named) return { kind: 'descriptor', descriptorResource: descriptor.read(named, at, reader) };
    return { kind: 'documentReference', bindingIndex: required(documentReference, at, 'binding.kind').bindingIndex };
  },
};

/** A value that a program can read in a document. */
export const valueMessage: MessageCodec<ValueBinding, PackMessage<'ProbeBinding'> | null> = {
  write: bindingMessage.write,
  read(message, at, reader) {
    const binding = bindingMessage.read(message, at, reader);
    if (binding.kind !== 'documentReference') return binding;
    return failInvariant(at, 'binding.kind', 'a value or a descriptor', 'a reference');
  },
};

const keyColumns = <Binding>(
  binding: MessageCodec<Binding, PackMessage<'ProbeBinding'> | null>,
): MessageCodec<readonly ProbeKeyColumn<Binding>[], readonly PackMessage<'ProbeKeyColumn'>[]> =>
  list(
    members({
      column: columnName('key_columns.column'),
      identityJsonPaths: list(pathMember('key_columns.identity_json_paths')),
      binding,
    }),
  );

const targetMessage: MessageCodec<NaturalKeyProbeTarget, PackMessage<'NaturalKeyProbeTarget'>> = members({
  resource: resourceName('natural_key_probe_target.resource'),
  kind: token(probeKindTokens, 'natural_key_probe_target.kind'),
  table: tableName('natural_key_probe_target.table'),
  keyColumns: keyColumns(valueMessage),
  documentIdColumn: columnName('natural_key_probe_target.document_id_column'),
  resourceKeyIdColumn: optionalColumnName('natural_key_probe_target.resource_key_id_column'),
});

const ownMessage: MessageCodec<OwnNaturalKeyProbe, PackMessage<'OwnNaturalKeyProbe'>> = members({
  resource: resourceName('own_natural_key_probe.resource'),
  rootTable: tableName('own_natural_key_probe.root_table'),
  keyColumns: keyColumns(bindingMessage),
  documentIdColumn: columnName('own_natural_key_probe.document_id_column'),
});

const optionalTarget = optional(targetMessage);
const optionalOwn = optional(ownMessage);

type ProbeMembers = Pick<PackMessage<'ResourcePack'>, 'naturalKeyProbeTarget' | 'ownNaturalKeyProbe'>;

/** The probes of a resource; both are null in a generation without probes. */
export const probesMessage: MessageCodec<NaturalKeyProbes, ProbeMembers> = {
  write: ({ target, own }) => ({
    naturalKeyProbeTarget: optionalTarget.write(target),
    ownNaturalKeyProbe: optionalOwn.write(own),
  }),
  read: ({ naturalKeyProbeTarget, ownNaturalKeyProbe }, at, reader) => ({
    target: optionalTarget.read(naturalKeyProbeTarget, at, reader),
    own: optionalOwn.read(ownNaturalKeyProbe, at, reader),
  }),
};

/** The probe of descriptors; null in a generation without probes. */
export const descriptorProbeMessage: MessageCodec<
  DescriptorProbeTarget | null,
  PackMessage<'DescriptorProbeTarget'> | null
> = optional(
  members({
    table: tableName('descriptor_probe_target.table'),
    uriColumn: columnName('descriptor_probe_target.uri_column'),
    uriLoweredColumn: optionalColumnName('descriptor_probe_target.uri_lowered_column'),
    resourceKeyIdColumn: columnName('descriptor_probe_target.resource_key_id_column'),
    documentIdColumn: columnName('descriptor_probe_target.document_id_column'),
  }),
);
