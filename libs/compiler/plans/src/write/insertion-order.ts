import { qualified } from '@dms/model';
import type { TableWritePlan } from '../plan.ts';

/**
 * Orders tables with targets of foreign keys first, ties in list order. (The list of the plan has another order, design
 * 08 §6.10.)
 */
export function insertionOrder(plans: readonly Pick<TableWritePlan, 'tableModel'>[]): number[] {
  const positions = new Map(plans.map(({ tableModel }, index) => [qualified(tableModel.table), index]));
  const ordered: number[] = [];
  const visiting = new Set<number>();
  const visit = (index: number) => {
    if (visiting.has(index)) return;
    visiting.add(index);
    for (const constraint of plans[index]?.tableModel.constraints ?? []) {
      const target = constraint.kind === 'ForeignKey' ? positions.get(qualified(constraint.targetTable)) : undefined;
      if (target !== undefined) visit(target);
    }
    ordered.push(index);
  };
  plans.forEach((_, index) => {
    visit(index);
  });
  return ordered;
}
