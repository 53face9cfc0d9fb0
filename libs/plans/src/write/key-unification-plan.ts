import { mustExist } from '@dms/model';
import type { KeyUnificationMember, KeyUnificationWritePlan, WriteColumnBinding } from '../plan.ts';
import { columnOf, type PlanTable, sourceKey } from '../plan-table.ts';
import { relativeToScope } from '../relative-path.ts';
import { isSyntheticPresence, type WriteSources } from './column-bindings.ts';

type Presence = Pick<KeyUnificationMember, 'presenceColumn' | 'presenceBindingIndex' | 'presenceIsSynthetic'>;

/** One plan per key-unification class of the table, in its order (design 08 §6.9, 17 §3.7). */
export function keyUnificationPlans(
  table: PlanTable,
  bindings: readonly WriteColumnBinding[],
  { referenceParts }: Pick<WriteSources, 'referenceParts'>,
): KeyUnificationWritePlan[] {
  const indexes = new Map(bindings.map(({ column }, index) => [column.name, index]));
  const place = (name: string) => sourceKey(table.model.table, name);
  const bindingIndex = (name: string) => mustExist(indexes.get(name), `the binding of ${place(name)}`);

  const presence = (name: string | null): Presence => {
    if (name === null) return { presenceColumn: null, presenceBindingIndex: null, presenceIsSynthetic: false };
    return {
      presenceColumn: name,
      presenceBindingIndex: bindingIndex(name),
      presenceIsSynthetic: isSyntheticPresence(columnOf(table, name)),
    };
  };

  const member = (name: string): KeyUnificationMember => {
    const { kind, storage, sourcePath, targetResource, scalarType } = columnOf(table, name);
    const common = {
      memberPathColumn: name,
      relativePath: relativeToScope(table.model, mustExist(sourcePath, `the path of ${place(name)}`)),
      ...presence(storage.kind === 'UnifiedAlias' ? storage.presenceColumn : null),
    };
    const referenceSource = referenceParts.get(place(name));
    if (referenceSource) return { kind: 'reference_derived', ...common, referenceSource };
    return kind === 'DescriptorFk'
      ? { kind: 'descriptor', ...common, descriptorResource: mustExist(targetResource, `the descriptor of ${place(name)}`) }
      : { kind: 'scalar', ...common, scalarType: mustExist(scalarType, `the type of ${place(name)}`) };
  };

  return table.model.keyUnificationClasses.map(({ canonicalColumn, memberPathColumns }) => ({
    canonicalColumn,
    canonicalBindingIndex: bindingIndex(canonicalColumn),
    membersInOrder: memberPathColumns.map(member),
  }));
}
