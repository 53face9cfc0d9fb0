import type { Table } from '@dms/model';
import type { KeyUnificationMember, KeyUnificationWritePlan } from '@dms/plans';
import { type PackPlace, refuseInvariant, required } from '../refusal.ts';
import * as format from '../wire/pack-format.ts';
import { columnNameMessage, optionalColumnName, resourceNameMessage, scalarTypeMessage } from './names.ts';
import type { PathReader } from './path-reader.ts';
import { referenceSourceMessage, relativePath } from './value-source.ts';

/* How the one value of several members is written (design 08 §12.3). */

const { scalar, descriptorFk } = format.columnKind;

/** The kind of the column; either kind is possible for a member whose value comes from a reference. */
function memberKind({ kind, memberPathColumn }: KeyUnificationMember, { columns }: Table): number {
  if (kind !== 'reference_derived') return kind === 'scalar' ? scalar : descriptorFk;
  return columns.find(({ name }) => name === memberPathColumn)?.kind === 'DescriptorFk' ? descriptorFk : scalar;
}

const memberMessage = {
  write: (member: KeyUnificationMember, table: Table): format.KeyUnificationMemberWritePlan => ({
    memberPathColumn: columnNameMessage.write(member.memberPathColumn),
    relativePath: member.relativePath.canonical,
    kind: memberKind(member, table),
    scalarType: member.kind === 'scalar' ? scalarTypeMessage.write(member.scalarType) : null,
    descriptorResource: member.kind === 'descriptor' ? resourceNameMessage.write(member.descriptorResource) : null,
    presenceColumn: optionalColumnName.write(member.presenceColumn),
    presenceBindingIndex: member.presenceBindingIndex,
    presenceIsSynthetic: member.presenceIsSynthetic,
    referenceSource: member.kind === 'reference_derived' ? referenceSourceMessage.write(member.referenceSource) : null,
  }),
  read(message: format.KeyUnificationMemberWritePlan, at: PackPlace, pathOf: PathReader): KeyUnificationMember {
    const { presenceBindingIndex, presenceIsSynthetic } = message;
    const common = {
      memberPathColumn: columnNameMessage.read(message.memberPathColumn, at, 'members_in_order.member_path_column'),
      relativePath: relativePath(message.relativePath, at, pathOf),
      presenceColumn: optionalColumnName.read(message.presenceColumn, at, 'members_in_order.presence_column'),
      presenceBindingIndex,
      presenceIsSynthetic,
    };
    if (message.referenceSource) {
      const referenceSource = referenceSourceMessage.read(message.referenceSource, at, pathOf);
      return { kind: 'reference_derived', ...common, referenceSource };
    }
    if (message.kind === scalar) {
      const type = required(message.scalarType, at, `scalar_type of the member ${common.memberPathColumn}`);
      return { kind: 'scalar', ...common, scalarType: scalarTypeMessage.read(type, at) };
    }
    if (message.kind !== descriptorFk) {
      refuseInvariant(at, `kind of the member ${common.memberPathColumn}`, 'SCALAR or DESCRIPTOR_FK', message.kind);
    }
    const what = `descriptor_resource of the member ${common.memberPathColumn}`;
    const descriptorResource = resourceNameMessage.read(message.descriptorResource, at, what);
    return { kind: 'descriptor', ...common, descriptorResource };
  },
} as const;

export const unificationPlanMessage = {
  write: (plan: KeyUnificationWritePlan, table: Table): format.KeyUnificationWritePlan => ({
    canonicalColumn: columnNameMessage.write(plan.canonicalColumn),
    canonicalBindingIndex: plan.canonicalBindingIndex,
    membersInOrder: plan.membersInOrder.map((member) => memberMessage.write(member, table)),
  }),
  read: (message: format.KeyUnificationWritePlan, at: PackPlace, pathOf: PathReader): KeyUnificationWritePlan => ({
    canonicalColumn: columnNameMessage.read(message.canonicalColumn, at, 'key_unification_plans.canonical_column'),
    canonicalBindingIndex: message.canonicalBindingIndex,
    membersInOrder: message.membersInOrder.map((member) => memberMessage.read(member, at, pathOf)),
  }),
} as const;
