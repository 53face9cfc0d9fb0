import { defaultMappingVersion, type MappingVersion } from '@dms/api-schema';
import type { ResourceModel } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { generations } from '../generations.ts';
import type { ResourceReadPlan } from '../plan.ts';
import { planDialects } from '../plan-dialect.ts';
import { checkStorageKind } from '../plan-failure.ts';
import { descriptorProjections } from './descriptor-projection.ts';
import { hydrationPlan } from './hydration.ts';
import { checkProjectionContract } from './projection-contract.ts';
import { readTable } from './read-table.ts';
import { referenceIdentityProjections } from './reference-identity-projection.ts';

/** The read plan of a resource, or undefined if it has no tables of its own. */
export function tryCompileReadPlan(
  dialect: SqlDialect,
  model: ResourceModel,
  version: MappingVersion = defaultMappingVersion,
): ResourceReadPlan | undefined {
  return model.storageKind === 'RelationalTables' ? compileReadPlan(dialect, model, version) : undefined;
}

/**
 * Compiles the read plan of a relational resource of a valid model and checks it against the model (design 08 §7, 17 §4).
 * Throws `PLAN_STORAGE_UNSUPPORTED` and, for a bug in this library, `PLAN_PROJECTION_CONTRACT`, `PLAN_SINGLE_DOCUMENT_SQL`,
 * `PLAN_LOOKUP_CONTRACT`.
 */
export function compileReadPlan(
  dialectName: SqlDialect,
  model: ResourceModel,
  version: MappingVersion = defaultMappingVersion,
): ResourceReadPlan {
  checkStorageKind(model, 'read');
  const { read: rules } = generations[version];
  const dialect = planDialects[dialectName];
  const { documentReferenceBindings: references, descriptorEdgeSources: edges } = model;
  const tables = model.tablesInDependencyOrder.map((table, position) => readTable(table, position, rules.hydration(table)));
  const plan: ResourceReadPlan = {
    model,
    keysetTable: dialect.keysetTable,
    tablePlansInDependencyOrder: tables.map((table) => hydrationPlan(dialect, table, rules.readsSingleDocuments)),
    referenceIdentityProjectionPlansInDependencyOrder: referenceIdentityProjections(tables, references),
    descriptorProjectionPlansInOrder: descriptorProjections(dialect, tables, edges, rules),
    documentReferenceLookup: rules.documentLookup(dialect, tables, references),
  };
  checkProjectionContract(plan, version);
  return plan;
}
