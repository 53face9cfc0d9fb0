import type { ResourceModel } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { ResourceReadPlan } from '../plan.ts';
import { planDialects } from '../plan-dialect.ts';
import { failPlan, failTable, tableText } from '../plan-failure.ts';
import { checkKeyShape, checkRootTable, indexTable } from '../plan-table.ts';
import { planSubject } from '../write/column-bindings.ts';
import { checkBindings } from './check-bindings.ts';
import { descriptorProjections } from './descriptor-projection.ts';
import { hydrationPlan } from './hydration.ts';
import { checkProjectionContract } from './projection-contract.ts';
import { referenceIdentityProjections } from './reference-identity-projection.ts';

/** The read plan of a resource, or undefined when it has no tables of its own. */
export function tryCompileReadPlan(dialect: SqlDialect, model: ResourceModel): ResourceReadPlan | undefined {
  return model.storageKind === 'RelationalTables' ? compileReadPlan(dialect, model) : undefined;
}

/** Compiles the read plan of a relational resource and checks it against its model (design 08 §7). Throws the `PLAN_*` codes. */
export function compileReadPlan(dialectName: SqlDialect, model: ResourceModel): ResourceReadPlan {
  const subject = planSubject(model, 'read');
  const dialect = planDialects[dialectName];
  if (model.storageKind !== 'RelationalTables') {
    failPlan('PLAN_STORAGE_UNSUPPORTED', subject, `its storage is ${model.storageKind}`, { storageKind: model.storageKind });
  }
  checkRootTable(subject, model);
  const seen = new Set<string>();
  const tables = model.tablesInDependencyOrder.map((tableModel) => {
    const table = indexTable(subject, tableModel);
    const name = tableText(tableModel.table);
    if (seen.has(name)) failTable('PLAN_DUPLICATE_TABLE', subject, tableModel, 'it occurs twice');
    seen.add(name);
    checkKeyShape(subject, table);
    return table;
  });
  checkBindings(subject, tables, model);
  const plan: ResourceReadPlan = {
    model,
    keysetTable: dialect.keysetTable,
    tablePlansInDependencyOrder: tables.map((table) => hydrationPlan(subject, dialect, table)),
    referenceIdentityProjectionPlansInDependencyOrder: referenceIdentityProjections(
      subject,
      tables,
      model.documentReferenceBindings,
    ),
    descriptorProjectionPlansInOrder: descriptorProjections(subject, dialect, tables, model.descriptorEdgeSources),
  };
  checkProjectionContract(plan);
  return plan;
}
