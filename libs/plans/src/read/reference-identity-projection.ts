import type { Column, DocumentReferenceBinding, ReferenceIdentityBinding } from '@dms/model';
import type { ReferenceIdentityProjectionBinding, ReferenceIdentityProjectionTablePlan } from '../plan.ts';
import { failTable, type PlanSubject, tableText } from '../plan-failure.ts';
import type { PlanTable } from '../plan-table.ts';

/** The identity bindings of a reference by the path that the document has them under, in order of first appearance. */
export function logicalFields(
  binding: DocumentReferenceBinding,
): { path: ReferenceIdentityBinding['referenceJsonPath']; members: ReferenceIdentityBinding[] }[] {
  const fields = new Map<
    string,
    { path: ReferenceIdentityBinding['referenceJsonPath']; members: ReferenceIdentityBinding[] }
  >();
  for (const identity of binding.identityBindings) {
    const field = fields.get(identity.referenceJsonPath.canonical);
    if (field) field.members.push(identity);
    else fields.set(identity.referenceJsonPath.canonical, { path: identity.referenceJsonPath, members: [identity] });
  }
  return [...fields.values()];
}

interface MemberStorage {
  readonly storage: string;
  readonly presence: string | null;
}

class ReferenceProjection {
  private readonly subject: PlanSubject;
  private readonly table: PlanTable;
  private readonly binding: DocumentReferenceBinding;

  constructor(subject: PlanSubject, table: PlanTable, binding: DocumentReferenceBinding) {
    this.subject = subject;
    this.table = table;
    this.binding = binding;
  }

  compile(): ReferenceIdentityProjectionBinding {
    const { binding, table } = this;
    if (binding.identityBindings.length === 0) this.report('', [], 'it has no identity bindings');
    return {
      isIdentityComponent: binding.isIdentityComponent,
      referenceObjectPath: binding.referenceObjectPath,
      targetResource: binding.targetResource,
      fkColumnOrdinal: table.ordinals.get(binding.fkColumn) ?? -1,
      identityFieldOrdinalsInOrder: logicalFields(binding).map(({ path, members }) => {
        const names = members.map(({ column }) => column);
        this.checkGroup(path.canonical, names);
        return { referenceJsonPath: path, columnOrdinal: table.ordinals.get(names[0] ?? '') ?? -1 };
      }),
    };
  }

  private checkGroup(field: string, names: readonly string[]): void {
    const storages = names.map((name) => this.memberStorage(field, names, name));
    const [first] = storages;
    if (storages.some(({ storage }) => storage !== first?.storage))
      this.report(field, names, 'its columns are not one stored column');
    if (storages.some(({ presence }) => presence !== first?.presence))
      this.report(field, names, 'its columns have different presence columns');
  }

  private memberStorage(field: string, names: readonly string[], name: string): MemberStorage {
    const column: Column | undefined = this.table.columns.get(name);
    if (!column) return this.report(field, names, `the column ${name} is missing`);
    if (column.sourcePath?.canonical !== field)
      this.report(field, names, `the column ${name} has the path ${column.sourcePath?.canonical ?? '<none>'}`);
    const { storage } = column;
    if (storage.kind === 'Stored') return { storage: name, presence: null };
    if (this.table.columns.get(storage.canonicalColumn)?.storage.kind !== 'Stored') {
      this.report(field, names, `the canonical column ${storage.canonicalColumn} of ${name} is not stored`);
    }
    if (storage.presenceColumn !== this.binding.fkColumn) {
      this.report(
        field,
        names,
        `the alias ${name} is gated by ${storage.presenceColumn ?? '<none>'}, not by ${this.binding.fkColumn}`,
      );
    }
    return { storage: storage.canonicalColumn, presence: storage.presenceColumn };
  }

  private report(field: string, columns: readonly string[], text: string): never {
    const path = this.binding.referenceObjectPath.canonical;
    const subject = field === '' ? `the reference ${path}` : `the field ${field} of the reference ${path}`;
    return failTable('PLAN_PROJECTION_GROUP', this.subject, this.table.model, `${subject}: ${text}`, {
      path,
      field,
      columns: [...columns],
    });
  }
}

/** How to rebuild the reference objects of a resource from its rows, without joins (design 08 §7.4). */
export function referenceIdentityProjections(
  subject: PlanSubject,
  tables: readonly PlanTable[],
  bindings: readonly DocumentReferenceBinding[],
): ReferenceIdentityProjectionTablePlan[] {
  const byTable = new Map<string, DocumentReferenceBinding[]>();
  for (const binding of bindings) {
    const key = tableText(binding.table);
    const list = byTable.get(key);
    if (list) list.push(binding);
    else byTable.set(key, [binding]);
  }
  return tables.flatMap((table) => {
    const own = byTable.get(tableText(table.model.table));
    if (!own) return [];
    return [
      {
        table: table.model.table,
        bindingsInOrder: own.map((binding) => new ReferenceProjection(subject, table, binding).compile()),
      },
    ];
  });
}
