import type { DiagnosticCode } from '@dms/diagnostics';
import type { Column } from '@dms/model';
import type { KeyUnificationMember, KeyUnificationWritePlan, WriteColumnBinding } from '../plan.ts';
import { failTable, type PlanSubject } from '../plan-failure.ts';
import type { PlanTable } from '../plan-table.ts';
import { relativeToScope } from '../relative-path.ts';
import { isSyntheticPresence } from './column-bindings.ts';

/** Compiles the classes of one table and accounts for every precomputed binding (design 08 §6.9). */
class KeyUnificationCompiler {
  private readonly subject: PlanSubject;
  private readonly table: PlanTable;
  private readonly bindings: readonly WriteColumnBinding[];
  private readonly indexes: ReadonlyMap<string, number>;
  private readonly flags: ReadonlySet<string>;
  private readonly produced: number[] = [];

  constructor(subject: PlanSubject, table: PlanTable, bindings: readonly WriteColumnBinding[]) {
    this.subject = subject;
    this.table = table;
    this.bindings = bindings;
    this.indexes = new Map(bindings.map(({ column }, index) => [column.name, index]));
    this.flags = new Set(
      table.model.constraints.flatMap((constraint) => (constraint.kind === 'NullOrTrue' ? [constraint.column] : [])),
    );
  }

  compile(): KeyUnificationWritePlan[] {
    const plans = this.table.model.keyUnificationClasses.map(({ canonicalColumn, memberPathColumns }) => {
      const canonicalBindingIndex =
        this.indexes.get(canonicalColumn) ??
        this.report('PLAN_KU_BINDING_MISSING', canonicalColumn, `the canonical column ${canonicalColumn} is not bound`);
      if (!this.isPrecomputed(canonicalBindingIndex)) {
        this.report(
          'PLAN_KU_CANONICAL_NOT_PRECOMPUTED',
          canonicalColumn,
          `the canonical column ${canonicalColumn} is bound to a value of its own`,
        );
      }
      this.produced.push(canonicalBindingIndex);
      return {
        canonicalColumn,
        canonicalBindingIndex,
        membersInOrder: memberPathColumns.map((member) => this.member(canonicalColumn, member)),
      };
    });
    this.accountForProducers();
    return plans;
  }

  private member(canonicalColumn: string, name: string): KeyUnificationMember {
    const report = (code: DiagnosticCode, text: string) =>
      this.report(code, canonicalColumn, `the member ${name} ${text}`, { member: name });
    const column = this.table.columns.get(name);
    if (!column) return report('PLAN_KU_MEMBER_MISSING', 'is no column of the table');
    if (column.storage.kind !== 'UnifiedAlias') return report('PLAN_KU_MEMBER_NOT_ALIAS', 'is no alias');
    if (column.kind !== 'Scalar' && column.kind !== 'DescriptorFk') report('PLAN_KU_MEMBER_KIND', `is a ${column.kind}`);
    if (!column.sourcePath) return report('PLAN_KU_MEMBER_PATH', 'has no path');
    const common = {
      memberPathColumn: name,
      relativePath: relativeToScope(this.subject, this.table.model, column.sourcePath),
      ...this.presence(canonicalColumn, name, column.storage.presenceColumn),
    };
    if (column.kind === 'DescriptorFk') {
      if (!column.targetResource) return report('PLAN_KU_DESCRIPTOR_RESOURCE', 'has no descriptor resource');
      return { kind: 'descriptor', ...common, descriptorResource: column.targetResource };
    }
    if (!column.scalarType) return report('PLAN_SCALAR_TYPE_MISSING', 'has no scalar type');
    return { kind: 'scalar', ...common, scalarType: column.scalarType };
  }

  private presence(
    canonicalColumn: string,
    member: string,
    name: string | null,
  ): Pick<KeyUnificationMember, 'presenceColumn' | 'presenceBindingIndex' | 'presenceIsSynthetic'> {
    if (name === null) return { presenceColumn: null, presenceBindingIndex: null, presenceIsSynthetic: false };
    const report = (code: DiagnosticCode, text: string) =>
      this.report(code, canonicalColumn, `the presence column ${name} of the member ${member} ${text}`, {
        member,
        presenceColumn: name,
      });
    const column: Column | undefined = this.table.columns.get(name);
    if (!column) return report('PLAN_KU_PRESENCE_MISSING', 'is no column of the table');
    const presenceBindingIndex = this.indexes.get(name) ?? report('PLAN_KU_BINDING_MISSING', 'is not bound');
    const presenceIsSynthetic = isSyntheticPresence(column);
    if (presenceIsSynthetic) {
      if (!this.flags.has(name)) report('PLAN_KU_PRESENCE_CONSTRAINT', 'has no NullOrTrue check');
      if (!this.isPrecomputed(presenceBindingIndex)) report('PLAN_KU_PRESENCE_NOT_PRECOMPUTED', 'is not precomputed');
      this.produced.push(presenceBindingIndex);
    }
    return { presenceColumn: name, presenceBindingIndex, presenceIsSynthetic };
  }

  private isPrecomputed(index: number): boolean {
    return this.bindings[index]?.source.kind === 'precomputed';
  }

  /** Every precomputed binding must be produced exactly once. */
  private accountForProducers(): void {
    const precomputed = this.bindings.flatMap(({ source }, index) => (source.kind === 'precomputed' ? [index] : []));
    const counts = new Map<number, number>();
    for (const index of this.produced) counts.set(index, (counts.get(index) ?? 0) + 1);
    const names = (indexes: readonly number[]) => indexes.map((index) => this.bindings[index]?.column.name ?? '');
    const check = (code: DiagnosticCode, indexes: readonly number[], text: string) => {
      if (indexes.length === 0) return;
      const columns = names(indexes);
      failTable(code, this.subject, this.table.model, `${text}: ${columns.join(', ')}`, { columns });
    };
    if (this.table.model.keyUnificationClasses.length === 0)
      check('PLAN_PRECOMPUTED_WITHOUT_CLASSES', precomputed, 'precomputed columns of a table without classes');
    check(
      'PLAN_PRODUCES_NON_PRECOMPUTED',
      [...counts.keys()].filter((index) => !this.isPrecomputed(index)).sort((a, b) => a - b),
      'columns that are computed but bound to values of their own',
    );
    check(
      'PLAN_PRECOMPUTED_ORPHAN',
      precomputed.filter((index) => !counts.has(index)),
      'precomputed columns that nothing produces',
    );
    check(
      'PLAN_PRECOMPUTED_DUPLICATE',
      precomputed.filter((index) => (counts.get(index) ?? 0) > 1),
      'precomputed columns that are produced twice',
    );
  }

  private report(code: DiagnosticCode, canonicalColumn: string, text: string, details: Record<string, string> = {}): never {
    return failTable(code, this.subject, this.table.model, `class ${canonicalColumn}: ${text}`, {
      canonicalColumn,
      ...details,
    });
  }
}

/** One plan per key-unification class of the table, in its order. */
export function keyUnificationPlans(
  subject: PlanSubject,
  table: PlanTable,
  bindings: readonly WriteColumnBinding[],
): KeyUnificationWritePlan[] {
  return new KeyUnificationCompiler(subject, table, bindings).compile();
}
