import { type Moments, valueRulesOf } from '@dms/documents';
import { mustExist, type QualifiedResourceName, type RelationalModelSet } from '@dms/model';
import type { OdsMapping, OdsTable } from '../mapping/ods-mapping.ts';
import { type RowTables, rowTables } from './row-tables.ts';
import { descriptorSelects } from './select-descriptors.ts';
import { armOf, type TablesOfResources } from './select-rows.ts';
import { withSharedDocument } from './shared-document.ts';
import { type ChangeColumn, changeColumns, type ReportingView, type ViewColumn, type ViewType } from './view.ts';

const changeTypes: Readonly<Record<ChangeColumn, ViewType>> = {
  ChangeVersion: { kind: 'bigint' },
  AggregateId: { kind: 'int' },
  AggregateData: { kind: 'bytes' },
};

/** The columns of later scripts: on tables with an `Id`; school years have the version alone (design 19 §6.4). */
function addedColumns({ kind, columns }: OdsTable): readonly ViewColumn[] {
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

function tablesOfResources({ resources }: RelationalModelSet, moments: Moments): TablesOfResources {
  const byName = new Map(
    resources.map((resource) => [`${resource.resourceKey.projectName}:${resource.resourceKey.resourceName}`, resource]),
  );
  const known = new Map<string, RowTables>();
  const find = ({ projectName, resourceName }: QualifiedResourceName) => {
    const key = `${projectName}:${resourceName}`;
    const resource = byName.get(key);
    const tables = known.get(key) ?? (resource && rowTables(resource));
    if (tables !== undefined) known.set(key, tables);
    return tables;
  };
  return { moments, find, of: (resource) => mustExist(find(resource), `the model of ${resource.resourceName}`) };
}

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
          arms: table.sources.map((source) => armOf(table, source, columns, all)),
        });
    }
  });
}
