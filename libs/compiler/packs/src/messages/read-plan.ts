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
import { failInvariant, required } from '../fail-pack.ts';
import type { LoadedTable, PackRules, PayloadReader } from '../pack-rules.ts';
import type { PackMessage } from '../wire/message.ts';
import {
  columnName,
  list,
  type MessageCodec,
  members,
  optional,
  optionalStatement,
  pathMember,
  resourceName,
  statement,
  tableName,
  unchanged,
} from './message-codec.ts';

/* The read plan of a resource (design 08 §12.3, 17 §6). */

const tableStatements = members({
  selectByKeysetSql: statement('select_by_keyset_sql'),
  selectBySingleDocumentSql: optionalStatement,
});

const tableReadPlanMessage = {
  write: (plan: TableReadPlan): PackMessage<'TableReadPlan'> => ({
    table: plan.tableModel.table,
    ...tableStatements.write(plan),
  }),
  read(message: PackMessage<'TableReadPlan'>, { model, at }: LoadedTable, reader: PayloadReader): TableReadPlan {
    const { columns, orderBy } = chooseHydration(model, reader.version);
    const statements = tableStatements.read(message, at, reader);
    return { tableModel: model, selectListColumnsInOrder: columns, orderByColumnsInOrder: orderBy, ...statements };
  },
} as const;

/** The columns that the read plan of a table selects. */
function selectedColumns(owner: LoadedTable | undefined, { version }: PayloadReader): Table['columns'] {
  return owner ? chooseHydration(owner.model, version).columns : [];
}

const projectedTable = tableName('reference_identity_projection_table_plans.table');

const projectedReference = members({
  isIdentityComponent: unchanged<boolean>(),
  referenceObjectPath: pathMember('bindings_in_order.reference_object_path'),
  targetResource: resourceName('bindings_in_order.target_resource'),
  fkColumnOrdinal: unchanged<number>(),
});

const projectedField = members({
  referenceJsonPath: pathMember('identity_field_ordinals_in_order.reference_json_path'),
  columnOrdinal: unchanged<number>(),
});

const projectionMessage = {
  write: (
    plan: ReferenceIdentityProjectionTablePlan,
    rules: PackRules,
  ): PackMessage<'ReferenceIdentityProjectionTablePlan'> => ({
    table: projectedTable.write(plan.table),
    bindingsInOrder: plan.bindingsInOrder.map((binding) => ({
      ...projectedReference.write(binding),
      identityFieldOrdinalsInOrder: binding.identityFieldOrdinalsInOrder.map((field) => ({
        ...projectedField.write(field),
        scalarType: rules.fieldType.write(field.scalarType),
      })),
    })),
  }),
  read(
    message: PackMessage<'ReferenceIdentityProjectionTablePlan'>,
    { at, tablesByName }: LoadedModel,
    reader: PayloadReader,
  ): ReferenceIdentityProjectionTablePlan {
    const table = projectedTable.read(message.table, at, reader);
    const selected = selectedColumns(tablesByName.get(qualified(table)), reader);
    const columnAt = (ordinal: number, path: string) =>
      selected[ordinal] ?? failInvariant(at, `column_ordinal of ${path}`, `below ${selected.length}`, ordinal);
    return {
      table,
      bindingsInOrder: message.bindingsInOrder.map((binding) => ({
        ...projectedReference.read(binding, at, reader),
        identityFieldOrdinalsInOrder: binding.identityFieldOrdinalsInOrder.map((field) => {
          const column = columnAt(field.columnOrdinal, field.referenceJsonPath);
          const { rules } = reader;
          return {
            ...projectedField.read(field, at, reader),
            scalarType: rules.fieldType.read(field.scalarType, column, at, reader),
          };
        }),
      })),
    };
  },
} as const;

/** The positions of the columns of a result, which are constant in a version of the format. */
const resultShape = <Shape extends Readonly<Record<string, number>>>(
  what: string,
  due: Shape,
): MessageCodec<Shape, { readonly [Name in keyof Shape]: number } | null> => ({
  write: () => due,
  read(message, at) {
    const shape = required(message, at, what);
    const names = Object.keys(due);
    const [expected, found] = [due, shape].map((each) => names.map((name) => each[name]).join(', '));
    if (found !== expected) failInvariant(at, what, expected ?? '', found ?? '');
    return due;
  },
});

const descriptorsMessage: MessageCodec<DescriptorProjectionPlan, PackMessage<'DescriptorProjectionPlan'>> = members({
  selectByKeysetSql: statement('descriptor_projection_plans.select_by_keyset_sql'),
  selectBySingleDocumentSql: optionalStatement,
  resultShape: resultShape('result_shape', { descriptorIdOrdinal: 0, uriOrdinal: 1 } as const),
  sourcesInOrder: list(
    members({
      descriptorValuePath: pathMember('sources_in_order.descriptor_value_path'),
      table: tableName('sources_in_order.table'),
      descriptorResource: resourceName('sources_in_order.descriptor_resource'),
      descriptorIdColumnOrdinal: unchanged<number>(),
    }),
  ),
});

const lookup = 'document_reference_lookup';

const lookupMessage: MessageCodec<DocumentReferenceLookupPlan, PackMessage<'DocumentReferenceLookupPlan'>> = members({
  selectByKeysetSql: statement(`${lookup}.select_by_keyset_sql`),
  selectBySingleDocumentSql: statement(`${lookup}.select_by_single_document_sql`),
  resultShape: resultShape(`${lookup}.result_shape`, {
    documentIdOrdinal: 0,
    documentUuidOrdinal: 1,
    resourceKeyIdOrdinal: 2,
  } as const),
  sourcesInOrder: list(
    members({
      table: tableName(`${lookup}.sources_in_order.table`),
      fkColumn: columnName(`${lookup}.sources_in_order.fk_column`),
    }),
  ),
});

const descriptorsInOrder = list(descriptorsMessage);
const optionalLookup = optional(lookupMessage);

export const readPlanMessage = {
  write: (plan: ResourceReadPlan, rules: PackRules): PackMessage<'ResourceReadPlan'> => ({
    tablePlans: plan.tablePlansInDependencyOrder.map(tableReadPlanMessage.write),
    referenceIdentityProjectionTablePlans: plan.referenceIdentityProjectionPlansInDependencyOrder.map((each) =>
      projectionMessage.write(each, rules),
    ),
    descriptorProjectionPlans: descriptorsInOrder.write(plan.descriptorProjectionPlansInOrder),
    documentReferenceLookup: optionalLookup.write(plan.documentReferenceLookup),
  }),
  read(
    message: PackMessage<'ResourceReadPlan'>,
    dialect: SqlDialect,
    loaded: LoadedModel,
    reader: PayloadReader,
  ): ResourceReadPlan {
    const { at, model } = loaded;
    return {
      model,
      keysetTable: planDialects[dialect].keysetTable,
      tablePlansInDependencyOrder: perTable(loaded, message.tablePlans, 'read_plan.table_plans', (plan, table) =>
        tableReadPlanMessage.read(plan, table, reader),
      ),
      referenceIdentityProjectionPlansInDependencyOrder: message.referenceIdentityProjectionTablePlans.map((each) =>
        projectionMessage.read(each, loaded, reader),
      ),
      descriptorProjectionPlansInOrder: descriptorsInOrder.read(message.descriptorProjectionPlans, at, reader),
      documentReferenceLookup: optionalLookup.read(message.documentReferenceLookup, at, reader),
    };
  },
} as const;
