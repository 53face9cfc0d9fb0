import type { ResourceModel } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { ResourceReadPlan } from '../plan.ts';
import { planDialects } from '../plan-dialect.ts';
import { checkStorageKind } from '../plan-failure.ts';
import { indexTable } from '../plan-table.ts';
import { descriptorProjections } from './descriptor-projection.ts';
import { hydrationPlan } from './hydration.ts';
import { checkProjectionContract } from './projection-contract.ts';
import { referenceIdentityProjections } from './reference-identity-projection.ts';

/** The read plan of a resource, or undefined when it has no tables of its own. */
export function tryCompileReadPlan(dialect: SqlDialect, model: ResourceModel): ResourceReadPlan | undefined {
  return model.storageKind === 'RelationalTables' ? compileReadPlan(dialect, model) : undefined;
}

/**
 * Compiles the read plan of a relational resource of a sound model and checks it against that (design 08 §7). Throws
 * `PLAN_STORAGE_UNSUPPORTED`, `PLAN_PROJECTION_CONTRACT`.
 */
export function compileReadPlan(dialectName: SqlDialect, model: ResourceModel): ResourceReadPlan {
  checkStorageKind(model, 'read');
  const dialect = planDialects[dialectName];
  const tables = model.tablesInDependencyOrder.map(indexTable);
  const plan: ResourceReadPlan = {
    model,
    keysetTable: dialect.keysetTable,
    tablePlansInDependencyOrder: tables.map((table) => hydrationPlan(dialect, table)),
    referenceIdentityProjectionPlansInDependencyOrder: referenceIdentityProjections(tables, model.documentReferenceBindings),
    descriptorProjectionPlansInOrder: descriptorProjections(dialect, tables, model.descriptorEdgeSources),
  };
  checkProjectionContract(plan);
  return plan;
}
