import { resourceLabel } from '@dms/api-schema';
import type { Column, DescriptorEdgeSource, DocumentReferenceBinding, QualifiedResourceName, ResourceModel } from '@dms/model';
import { failPlan, failTable, type PlanSubject, tableText } from '../plan-failure.ts';
import type { PlanTable } from '../plan-table.ts';

class BindingChecks {
  private readonly subject: PlanSubject;
  private readonly tables: ReadonlyMap<string, PlanTable>;

  constructor(subject: PlanSubject, tables: readonly PlanTable[]) {
    this.subject = subject;
    this.tables = new Map(tables.map((table) => [tableText(table.model.table), table]));
  }

  reference(binding: DocumentReferenceBinding): void {
    const path = binding.referenceObjectPath.canonical;
    const { table, column } = this.find(binding.table, binding.fkColumn, path);
    if (column.kind !== 'DocumentFk') {
      failTable('PLAN_FK_KIND', this.subject, table.model, `the reference ${path} names ${column.name}, a ${column.kind}`, {
        column: column.name,
        path,
        kind: column.kind,
      });
    }
    if (column.storage.kind !== 'Stored') {
      failTable(
        'PLAN_FK_NOT_STORED',
        this.subject,
        table.model,
        `the reference ${path} names ${column.name}, which is not stored`,
        { column: column.name, path },
      );
    }
    this.samePath(table, column, path);
    this.sameTarget(table, column, path, binding.targetResource);
    for (const { column: name, referenceJsonPath } of binding.identityBindings) {
      this.samePath(table, this.column(table, name, referenceJsonPath.canonical), referenceJsonPath.canonical);
    }
  }

  descriptor(edge: DescriptorEdgeSource): void {
    const path = edge.descriptorValuePath.canonical;
    const { table, column } = this.find(edge.table, edge.fkColumn, path);
    this.samePath(table, column, path);
    this.sameTarget(table, column, path, edge.descriptorResource);
  }

  private find(name: DocumentReferenceBinding['table'], column: string, path: string): { table: PlanTable; column: Column } {
    const table = this.tables.get(tableText(name));
    if (!table)
      return failPlan(
        'PLAN_TABLE_UNKNOWN',
        this.subject,
        `${path} is bound to the table ${tableText(name)}, which it does not have`,
        { table: tableText(name), path },
      );
    return { table, column: this.column(table, column, path) };
  }

  private column(table: PlanTable, name: string, path: string): Column {
    const column = table.columns.get(name);
    if (column) return column;
    return failTable(
      'PLAN_COLUMN_UNKNOWN',
      this.subject,
      table.model,
      `${path} is bound to the column ${name}, which it does not have`,
      { column: name, path },
    );
  }

  private samePath(table: PlanTable, column: Column, expected: string): void {
    const found = column.sourcePath?.canonical ?? '<none>';
    if (found === expected) return;
    const text = `the column ${column.name} has the path ${found}, its binding ${expected}`;
    failTable('PLAN_PATH_MISMATCH', this.subject, table.model, text, { column: column.name, expected, found });
  }

  private sameTarget(table: PlanTable, column: Column, path: string, target: QualifiedResourceName): void {
    const expected = resourceLabel(target);
    const found = column.targetResource ? resourceLabel(column.targetResource) : '<none>';
    if (found === expected) return;
    const text = `the column ${column.name} of ${path} refers to ${found}, its binding to ${expected}`;
    failTable('PLAN_TARGET_MISMATCH', this.subject, table.model, text, { column: column.name, path, expected, found });
  }
}

/** Every reference binding, then every descriptor edge, must agree with the columns that it names (design 08 §7.2). */
export function checkBindings(subject: PlanSubject, tables: readonly PlanTable[], model: ResourceModel): void {
  const checks = new BindingChecks(subject, tables);
  for (const binding of model.documentReferenceBindings) checks.reference(binding);
  for (const edge of model.descriptorEdgeSources) checks.descriptor(edge);
}
