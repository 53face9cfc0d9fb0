import { mustExist, type QualifiedResourceName, type ResourceModel, type ScalarType, type Table } from '@dms/model';
import { compareBy } from '@dms/values';
import type { DocumentRules } from '../document-rules.ts';
import { deduplicateNames, foldedName, parameterBaseName, sanitizeParameterName } from '../parameter-names.ts';
import { type Paging, pagingParameters } from './page-query.ts';
import type {
  QueryCapability,
  QueryFieldTarget,
  SupportedQueryField,
  UnsupportedQueryField,
} from './query-capability.ts';
import type { QueryAliases, QueryPredicate } from './query-predicates.ts';

/** The conversion for the value of a filter; a value that cannot be converted matches no rows. */
type FilterValue =
  | { readonly kind: 'uuid' }
  | { readonly kind: 'scalar'; readonly scalarType: ScalarType }
  /** The document id of the descriptor of this resource with the given URI. */
  | { readonly kind: 'descriptor'; readonly descriptorResource: QualifiedResourceName };

/** How filters compare texts. */
export type FilterRules = Pick<DocumentRules, 'filtersCompareCodeUnits'>;

/** The part of a page query for a query field of a request. */
interface RequestFilter {
  readonly field: string;
  readonly predicate: QueryPredicate;
  readonly value: FilterValue;
}

/** The canonical and presence columns of the aliases of a root table, for page queries. */
export function queryAliases({ columns }: Pick<Table, 'columns'>): QueryAliases {
  return new Map(
    columns.flatMap(({ name, storage }) => (storage.kind === 'UnifiedAlias' ? [[name, storage] as const] : [])),
  );
}

/** A query field by its name in a request, ignoring case; undefined if the resource does not have it. */
export function findQueryField(
  { supportedFields, unsupportedFields }: QueryCapability,
  name: string,
): SupportedQueryField | UnsupportedQueryField | undefined {
  const folded = foldedName(name);
  return [...supportedFields, ...unsupportedFields].find(({ field }) => foldedName(field) === folded);
}

/**
 * The filters of a request for documents of a relational resource (design 17a §1), in the order of the names of the
 * fields, ignoring case. Each gets a parameter name that paging does not use. The fields must be supported and distinct. The
 * rules of the generation say how a filter compares texts.
 */
export function requestFilters(
  resource: ResourceModel,
  { supportedFields }: QueryCapability,
  fields: readonly string[],
  paging: Paging,
  rules: FilterRules,
): readonly RequestFilter[] {
  const root = mustExist(resource.tablesInDependencyOrder[0], 'the root table');
  const targets = new Map(supportedFields.map(({ field, target }) => [field, target]));
  const ordered = fields.toSorted(compareBy(foldedName));
  const reserved = pagingParameters(paging).map(({ parameterName }) => parameterName);
  const wanted = ordered.map((field) => sanitizeParameterName(parameterBaseName(field)));
  const names = deduplicateNames([...reserved, ...wanted]).slice(reserved.length);
  return ordered.map((field, index) => {
    const target = mustExist(targets.get(field), `the target of the query field ${field}`);
    return { field, ...targetPredicate(target, root, mustExist(names[index], `the parameter of ${field}`), rules) };
  });
}

function targetPredicate(
  target: QueryFieldTarget,
  root: Table,
  parameterName: string,
  { filtersCompareCodeUnits }: FilterRules,
): Omit<RequestFilter, 'field'> {
  switch (target.kind) {
    case 'document_uuid':
      return {
        predicate: { target: 'DocumentUuid', operator: 'Equal', parameterName },
        value: { kind: 'uuid' },
      };
    case 'root_column': {
      const { column } = target;
      const scalarType = mustExist(
        root.columns.find(({ name }) => name === column)?.scalarType,
        `the type of ${column}`,
      );
      return {
        predicate: {
          ...{ column, operator: 'Equal', parameterName },
          scalarKind: filtersCompareCodeUnits ? scalarType.kind : null,
        },
        value: { kind: 'scalar', scalarType },
      };
    }
    case 'descriptor_id_column':
      return {
        predicate: { column: target.column, operator: 'Equal', parameterName, scalarKind: 'Int64' },
        value: { kind: 'descriptor', descriptorResource: target.descriptorResource },
      };
  }
}
