import { qualified, type Table } from '@dms/model';
import {
  chooseHydration,
  type DescriptorProjectionPlan,
  type DocumentReferenceLookupPlan,
  planDialects,
  type ReferenceIdentityProjectionTablePlan,
  type ResourceReadPlan,
  type TableReadPlan,
} from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import { type LoadedModel, perTable } from '../check-resource.ts';
import { failInvariant, type PackPlace, required } from '../fail-pack.ts';
import type { LoadedTable, PackRules } from '../pack-rules.ts';
import type * as format from '../wire/pack-format.ts';
import {
  columnNameMessage,
  optionalStatement,
  type PayloadReader,
  resourceNameMessage,
  statementOf,
  tableNameMessage,
} from './payload-reader.ts';

/* The read plan of a resource (design 08 §12.3, 17 §6). */

const tableReadPlanMessage = {
  write: (plan: TableReadPlan): format.TableReadPlan => ({
    table: tableNameMessage.write(plan.tableModel.table),
    selectByKeysetSql: plan.selectByKeysetSql,
    selectBySingleDocumentSql: optionalStatement.write(plan.selectBySingleDocumentSql),
  }),
  read(message: format.TableReadPlan, { model, at }: LoadedTable, { version }: PayloadReader): TableReadPlan {
    const { columns, orderBy } = chooseHydration(model, version);
    return {
      tableModel: model,
      selectListColumnsInOrder: columns,
      orderByColumnsInOrder: orderBy,
      selectByKeysetSql: statementOf(message.selectByKeysetSql, at, 'select_by_keyset_sql'),
      selectBySingleDocumentSql: optionalStatement.read(message.selectBySingleDocumentSql),
    };
  },
} as const;

/** The columns that the plan of a table reads. */
function selectedColumns(owner: LoadedTable | undefined, { version }: PayloadReader): Table['columns'] {
  return owner ? chooseHydration(owner.model, version).columns : [];
}

const projectionMessage = {
  write: (
    plan: ReferenceIdentityProjectionTablePlan,
    { fieldType }: PackRules,
  ): format.ReferenceIdentityProjectionTablePlan => ({
    table: tableNameMessage.write(plan.table),
    bindingsInOrder: plan.bindingsInOrder.map((binding) => ({
      isIdentityComponent: binding.isIdentityComponent,
      referenceObjectPath: binding.referenceObjectPath.canonical,
      targetResource: resourceNameMessage.write(binding.targetResource),
      fkColumnOrdinal: binding.fkColumnOrdinal,
      identityFieldOrdinalsInOrder: binding.identityFieldOrdinalsInOrder.map((field) => ({
        referenceJsonPath: field.referenceJsonPath.canonical,
        columnOrdinal: field.columnOrdinal,
        scalarType: fieldType.write(field.scalarType),
      })),
    })),
  }),
  read(
    message: format.ReferenceIdentityProjectionTablePlan,
    { at, tablesByName }: LoadedModel,
    reader: PayloadReader,
  ): ReferenceIdentityProjectionTablePlan {
    const { rules, pathOf } = reader;
    const table = tableNameMessage.read(message.table, at, 'reference_identity_projection_table_plans.table');
    const selected = selectedColumns(tablesByName.get(qualified(table)), reader);
    const columnAt = (ordinal: number, path: string) =>
      selected[ordinal] ?? failInvariant(at, `column_ordinal of ${path}`, `below ${selected.length}`, ordinal);
    return {
      table,
      bindingsInOrder: message.bindingsInOrder.map((binding) => ({
        isIdentityComponent: binding.isIdentityComponent,
        referenceObjectPath: pathOf(binding.referenceObjectPath, at, 'bindings_in_order.reference_object_path'),
        targetResource: resourceNameMessage.read(binding.targetResource, at, 'bindings_in_order.target_resource'),
        fkColumnOrdinal: binding.fkColumnOrdinal,
        identityFieldOrdinalsInOrder: binding.identityFieldOrdinalsInOrder.map((field) => ({
          referenceJsonPath: pathOf(
            field.referenceJsonPath,
            at,
            'identity_field_ordinals_in_order.reference_json_path',
          ),
          columnOrdinal: field.columnOrdinal,
          scalarType: rules.fieldType.read(
            field.scalarType,
            columnAt(field.columnOrdinal, field.referenceJsonPath),
            at,
          ),
        })),
      })),
    };
  },
} as const;

const descriptorsMessage = {
  write: (plan: DescriptorProjectionPlan): format.DescriptorProjectionPlan => ({
    selectByKeysetSql: plan.selectByKeysetSql,
    selectBySingleDocumentSql: optionalStatement.write(plan.selectBySingleDocumentSql),
    resultShape: plan.resultShape,
    sourcesInOrder: plan.sourcesInOrder.map((source) => ({
      descriptorValuePath: source.descriptorValuePath.canonical,
      table: tableNameMessage.write(source.table),
      descriptorResource: resourceNameMessage.write(source.descriptorResource),
      descriptorIdColumnOrdinal: source.descriptorIdColumnOrdinal,
    })),
  }),
  read(message: format.DescriptorProjectionPlan, at: PackPlace, { pathOf }: PayloadReader): DescriptorProjectionPlan {
    const selectByKeysetSql = statementOf(
      message.selectByKeysetSql,
      at,
      'descriptor_projection_plans.select_by_keyset_sql',
    );
    const { descriptorIdOrdinal, uriOrdinal } = required(message.resultShape, at, 'result_shape');
    if (descriptorIdOrdinal !== 0 || uriOrdinal !== 1)
      failInvariant(at, 'result_shape', '0, 1', `${descriptorIdOrdinal}, ${uriOrdinal}`);
    return {
      selectByKeysetSql,
      selectBySingleDocumentSql: optionalStatement.read(message.selectBySingleDocumentSql),
      resultShape: { descriptorIdOrdinal: 0, uriOrdinal: 1 },
      sourcesInOrder: message.sourcesInOrder.map((source) => ({
        descriptorValuePath: pathOf(source.descriptorValuePath, at, 'sources_in_order.descriptor_value_path'),
        table: tableNameMessage.read(source.table, at, 'sources_in_order.table'),
        descriptorResource: resourceNameMessage.read(
          source.descriptorResource,
          at,
          'sources_in_order.descriptor_resource',
        ),
        descriptorIdColumnOrdinal: source.descriptorIdColumnOrdinal,
      })),
    };
  },
} as const;

const lookupMessage = {
  write: (plan: DocumentReferenceLookupPlan): format.DocumentReferenceLookupPlan => ({
    selectByKeysetSql: plan.selectByKeysetSql,
    selectBySingleDocumentSql: plan.selectBySingleDocumentSql,
    resultShape: plan.resultShape,
    sourcesInOrder: plan.sourcesInOrder.map(({ table, fkColumn }) => ({
      table: tableNameMessage.write(table),
      fkColumn: columnNameMessage.write(fkColumn),
    })),
  }),
  read(message: format.DocumentReferenceLookupPlan, at: PackPlace): DocumentReferenceLookupPlan {
    const what = 'document_reference_lookup';
    const selectByKeysetSql = statementOf(message.selectByKeysetSql, at, `${what}.select_by_keyset_sql`);
    const selectBySingleDocumentSql = statementOf(
      message.selectBySingleDocumentSql,
      at,
      `${what}.select_by_single_document_sql`,
    );
    const shape = required(message.resultShape, at, `${what}.result_shape`);
    const found = `${shape.documentIdOrdinal}, ${shape.documentUuidOrdinal}, ${shape.resourceKeyIdOrdinal}`;
    if (found !== '0, 1, 2') failInvariant(at, `${what}.result_shape`, '0, 1, 2', found);
    return {
      selectByKeysetSql,
      selectBySingleDocumentSql,
      resultShape: { documentIdOrdinal: 0, documentUuidOrdinal: 1, resourceKeyIdOrdinal: 2 },
      sourcesInOrder: message.sourcesInOrder.map(({ table, fkColumn }) => ({
        table: tableNameMessage.read(table, at, `${what}.sources_in_order.table`),
        fkColumn: columnNameMessage.read(fkColumn, at, `${what}.sources_in_order.fk_column`),
      })),
    };
  },
} as const;

export const readPlanMessage = {
  write: (plan: ResourceReadPlan, rules: PackRules): format.ResourceReadPlan => ({
    tablePlans: plan.tablePlansInDependencyOrder.map(tableReadPlanMessage.write),
    referenceIdentityProjectionTablePlans: plan.referenceIdentityProjectionPlansInDependencyOrder.map((each) =>
      projectionMessage.write(each, rules),
    ),
    descriptorProjectionPlans: plan.descriptorProjectionPlansInOrder.map(descriptorsMessage.write),
    documentReferenceLookup: plan.documentReferenceLookup && lookupMessage.write(plan.documentReferenceLookup),
  }),
  read(
    message: format.ResourceReadPlan,
    dialect: SqlDialect,
    loaded: LoadedModel,
    reader: PayloadReader,
  ): ResourceReadPlan {
    const { at, model } = loaded;
    const { documentReferenceLookup: lookup } = message;
    return {
      model,
      keysetTable: planDialects[dialect].keysetTable,
      tablePlansInDependencyOrder: perTable(loaded, message.tablePlans, 'read_plan.table_plans', (plan, table) =>
        tableReadPlanMessage.read(plan, table, reader),
      ),
      referenceIdentityProjectionPlansInDependencyOrder: message.referenceIdentityProjectionTablePlans.map((each) =>
        projectionMessage.read(each, loaded, reader),
      ),
      descriptorProjectionPlansInOrder: message.descriptorProjectionPlans.map((each) =>
        descriptorsMessage.read(each, at, reader),
      ),
      documentReferenceLookup: lookup && lookupMessage.read(lookup, at),
    };
  },
} as const;
