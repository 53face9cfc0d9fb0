import { valueRulesOf } from '@dms/documents';
import {
  core,
  modelIndex,
  mustExist,
  type QualifiedResourceName,
  qualified,
  type RelationalModelSet,
} from '@dms/model';
import type { Moments } from '@dms/plans';
import type { OdsMapping, OdsTable } from '../mapping/ods-mapping.ts';
import { type RowTables, rowTables } from './row-tables.ts';
import { descriptorSelects } from './select-descriptors.ts';
import { selectRows, type TablesOfResources } from './select-rows.ts';
import {
  type ChangeColumn,
  changeColumns,
  type Expression,
  type Join,
  type ReportingView,
  type SelectedColumn,
  type ViewArm,
  type ViewColumn,
  type ViewType,
} from './view.ts';

const changeTypes: Readonly<Record<ChangeColumn, ViewType>> = {
  ChangeVersion: { kind: 'bigint' },
  AggregateId: { kind: 'int' },
  AggregateData: { kind: 'bytes' },
};

/** The views of a mapping on the tables of a model, in the order of the mapping (design 19 §6). */
export function reportingViews(
  { tables }: OdsMapping,
  model: RelationalModelSet,
  options: { readonly changeColumns: boolean },
): readonly ReportingView[] {
  const moments = valueRulesOf(model.effectiveSchema.relationalMappingVersion).endsOfTime[model.dialect];
  const all = tablesOfResources(model, moments);
  const descriptors = descriptorSelects(model, moments);
  return tables.map((table): ReportingView => {
    const columns: readonly ViewColumn[] = [...table.columns, ...(options.changeColumns ? addedColumns(table) : [])];
    switch (table.kind) {
      case 'descriptorBase':
        return { table, columns, arms: [descriptors.base(columns)], document: null };
      case 'descriptor':
        return { table, columns, arms: [descriptors.ofResource(table)], document: null };
      default:
        return withSharedDocument({
          table,
          columns,
          arms: table.sources.map((source) => selectRows(table, source, columns, all)),
        });
    }
  });
}

function tablesOfResources(model: RelationalModelSet, moments: Moments): TablesOfResources {
  const { resources } = modelIndex(model);
  const known = new Map<string, RowTables>();
  const find = ({ projectName, resourceName }: QualifiedResourceName) => {
    const key = `${projectName}:${resourceName}`;
    const resource = resources.get(key);
    const tables = known.get(key) ?? (resource && rowTables(resource));
    if (tables !== undefined) known.set(key, tables);
    return tables;
  };
  return { moments, find, of: (resource) => mustExist(find(resource), `the model of ${resource.resourceName}`) };
}

/**
 * Moves the join with `dms.Document` from the arms of a view to a select around all of them (design 19 §6.5). A view
 * whose arms do not have the same columns of documents is unchanged.
 */
function withSharedDocument(view: Omit<ReportingView, 'document'>): ReportingView {
  const { arms } = view;
  const joins = arms.map(documentJoin);
  const [join] = joins;
  const [pair] = join?.on ?? [];
  const own = { ...view, document: null };
  if (arms.length < 2 || join === undefined || pair === undefined) return own;
  const documentIds = joins.flatMap((each) => (each?.alias === join.alias ? (each.on[0]?.left ?? []) : []));
  if (documentIds.length < arms.length) return own;
  const columns = view.columns.map((_, index) =>
    sharedColumn(
      arms.flatMap((arm) => arm.columns[index] ?? []),
      join.alias,
    ),
  );
  if (columns.includes(undefined)) return own;
  return {
    ...view,
    arms: arms.map((arm) => ({ ...arm, joins: arm.joins.filter((each) => each !== documentJoin(arm)) })),
    document: {
      columns: columns.map((column) => column ?? null),
      documentIds,
      join: { table: join.table, alias: join.alias, column: pair.column },
    },
  };
}

const documentJoin = ({ joins }: ViewArm): Join | undefined =>
  joins.find(({ table }) => qualified(table) === qualified(core.document));

/** The column if it is of the document in all arms; null if in none; undefined if the arms differ. */
function sharedColumn(columns: readonly SelectedColumn[], alias: string): SelectedColumn | null | undefined {
  const [first] = columns;
  const ofDocument = columns.filter(({ expression }) => names(expression, alias));
  if (ofDocument.length === 0) return null;
  const isSame =
    ofDocument.length === columns.length && new Set(columns.map((each) => JSON.stringify(each))).size === 1;
  return isSame ? first : undefined;
}

/** Whether an expression names a table. */
function names(expression: Expression, alias: string): boolean {
  switch (expression.kind) {
    case 'column':
      return expression.alias === alias;
    case 'coalesce':
      return expression.of.some((each) => names(each, alias));
    case 'utc':
    case 'finite':
      return names(expression.of, alias);
    case 'prefixed':
      return names(expression.of, alias) || expression.when.some(({ column }) => names(column, alias));
    case 'text':
    case 'null':
      return false;
  }
}

/** The columns of later scripts: on tables with an `Id`; school years have the version alone (design 19 §6.4). */
export function addedColumns({ kind, columns }: Pick<OdsTable, 'kind' | 'columns'>): readonly ViewColumn[] {
  const hasId = columns.some(({ content }) => content.kind === 'fixed' && content.column === 'Id');
  const used = new Set(columns.map(({ name }) => name.toLowerCase()));
  return changeColumns
    .filter(
      (column) => hasId && !used.has(column.toLowerCase()) && (kind !== 'schoolYear' || column === 'ChangeVersion'),
    )
    .map((column) => ({
      name: column,
      pgsqlName: column,
      content: { kind: 'change', column },
      type: changeTypes[column],
    }));
}
