import type { Column, ResourceModel, ScalarType, Table } from '@dms/model';
import { type SqlDialect, textOf } from '@dms/sql';
import { deduplicateNames, parameter, parameterBaseName, sanitizeParameterName } from '../parameter-names.ts';
import { planDialects, planText } from '../plan-dialect.ts';
import type { QueryCapability } from '../query/query-capability.ts';
import { predicateSql, storedPredicates } from '../query/query-predicates.ts';
import { type FilterRules, queryAliases } from '../query/request-query.ts';
import type { PageField, PageSource, PageTemplate } from './description.ts';

const paging = { after: 'after', offset: 'offset', limit: 'limit' } as const;

/** The source of the documents of a resource in a page query, and the fields by which they can be queried. */
export function pageSource(
  dialectName: SqlDialect,
  { tablesInDependencyOrder: [root] }: ResourceModel,
  capability: QueryCapability | undefined,
  { filtersCompareCodeUnits }: FilterRules,
): PageSource | null {
  if (root === undefined) return null;
  const dialect = planDialects[dialectName];
  const aliases = queryAliases(root);
  const sought = soughtValues(root, capability);
  const reserved = Object.values(paging);
  const own = sought.map(({ field, column }) => sanitizeParameterName(parameterBaseName(field ?? column.name)));
  const names = deduplicateNames([...reserved, ...own]).slice(reserved.length);
  const kindOf = ({ column }: Sought): ScalarType['kind'] | null =>
    filtersCompareCodeUnits && column.kind === 'Scalar' ? (column.scalarType?.kind ?? null) : null;
  return {
    from: textOf(dialect.sql`FROM ${root.table} r\n`),
    fields: sought.flatMap((each, index): PageField[] => {
      const parameterName = names[index] ?? '';
      const asked = { column: each.column.name, operator: 'Equal', parameterName, scalarKind: kindOf(each) } as const;
      return storedPredicates([asked], aliases, reserved).map((predicate) => ({
        ...(each.field !== null && { field: each.field }),
        path: each.path,
        column: each.column.name,
        parameterName,
        predicate: planText(predicateSql(dialect, predicate, parameter)),
      }));
    }),
  };
}

/** The values of a root that can be queried: the query fields, or every value if the generation has no query fields. */
function soughtValues({ columns }: Table, capability: QueryCapability | undefined): Sought[] {
  if (capability) {
    return capability.supportedFields.flatMap(({ field, path, target }) => {
      if (target.kind === 'document_uuid') return [];
      const column = columns.find(({ name }) => name === target.column);
      return column ? [{ field, path: path.canonical, column }] : [];
    });
  }
  const byPath = new Map<string, Sought>();
  for (const column of columns) {
    const path = column.sourcePath?.canonical;
    if (path === undefined || (column.kind !== 'Scalar' && column.kind !== 'DescriptorFk') || byPath.has(path))
      continue;
    byPath.set(path, { field: null, path, column });
  }
  return [...byPath.values()];
}

/** The texts around the predicates of a page query (design 08 §8). */
export function pageTemplate(dialectName: SqlDialect): PageTemplate {
  const { sql, page } = planDialects[dialectName];
  const range = page(parameter(paging.offset), parameter(paging.limit));
  return {
    selectIds: textOf(sql`SELECT r."DocumentId"\n`),
    selectCount: 'SELECT COUNT(1)\n',
    where: 'WHERE\n    (',
    and: ')\n    AND (',
    end: ')\n',
    after: textOf(sql`r."DocumentId" > ${parameter(paging.after)}`),
    orderAndPage: planText(sql`ORDER BY r."DocumentId" ASC\n${range}\n;\n`),
  };
}

/** A value of the root table by which documents can be queried. */
interface Sought {
  readonly field: string | null;
  readonly path: string;
  readonly column: Column;
}
