import {
  core,
  mustExist,
  type QualifiedResourceName,
  type ResourceModel,
  type ScalarType,
  type Table,
} from '@dms/model';
import { compareBy } from '@dms/values';
import { deduplicateNames, foldedName, parameterBaseName, sanitizeParameterName } from '../parameter-names.ts';
import { type Paging, pagingParameters, type QueriedDocuments } from './page-query.ts';
import {
  type DescriptorQueryCapability,
  descriptorTargets,
  type QueryCapability,
  type QueryFieldTarget,
  type SupportedQueryField,
  type UnsupportedQueryField,
} from './query-capability.ts';
import type { QueryAliases, QueryPredicate } from './query-predicates.ts';

/** The conversion for the value of a filter; a value that cannot be converted matches no rows. */
type FilterValue =
  | { readonly kind: 'uuid' }
  | { readonly kind: 'scalar'; readonly scalarType: ScalarType }
  /** The document id of the descriptor of this resource with the given URI. */
  | { readonly kind: 'descriptor'; readonly descriptorResource: QualifiedResourceName }
  /** The resource key id of the requested descriptor resource. */
  | { readonly kind: 'resourceKey' };

interface RequestFilter {
  /** The query field; null for a filter that is not a query field. */
  readonly field: string | null;
  readonly parameterName: string;
  readonly value: FilterValue;
}

/** The filters of a request: fields that the capability supports, without duplicates. */
interface RequestedFilters {
  readonly fields: readonly string[];
  readonly hasMinimumVersion?: boolean;
  readonly hasMaximumVersion?: boolean;
}

interface RequestQuery {
  /** The parts of a page query for the request; their names do not collide with the names of the paging. */
  readonly documents: Required<Pick<QueriedDocuments, 'rootTable' | 'predicates' | 'aliases'>>;
  /** One filter per predicate, in the order of the predicates. */
  readonly filters: readonly RequestFilter[];
  /** The order of a traditional page: documents in a range of versions are ordered by version. */
  readonly orderBy: 'DocumentId' | 'ContentVersion';
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

/** A predicate of a query field, without the name of its parameter. */
type FieldPredicate = (parameterName: string) => { readonly predicate: QueryPredicate; readonly value: FilterValue };

/** The query of a request for documents of a relational resource (design 17a §1). */
export function resourceQuery(
  resource: ResourceModel,
  { supportedFields }: QueryCapability,
  request: RequestedFilters,
  paging: Paging,
): RequestQuery {
  const root = mustExist(resource.tablesInDependencyOrder[0], 'the root table');
  const targets = new Map(supportedFields.map(({ field, target }) => [field, target]));
  const parts = fieldPredicates(request.fields, paging, [], (field) =>
    targetPredicate(mustExist(targets.get(field), `the target of the query field ${field}`), root),
  );
  return requestQuery(root.table, queryAliases(root), parts, request);
}

const minimum = 'minChangeVersion';
const maximum = 'maxChangeVersion';

/**
 * The fields in the order of their names, ignoring case. Each gets a parameter name that paging, the versions and
 * `others` do not use (design 17a §1).
 */
function fieldPredicates(
  fields: readonly string[],
  paging: Paging,
  others: readonly string[],
  predicateOf: (field: string) => FieldPredicate,
) {
  const ordered = fields.toSorted(compareBy(foldedName));
  const reserved = [...pagingParameters(paging).map(({ parameterName }) => parameterName), minimum, maximum, ...others];
  const own = ordered.map((field) => sanitizeParameterName(parameterBaseName(field)));
  const names = deduplicateNames([...reserved, ...own]).slice(reserved.length);
  return ordered.map((field, index) => {
    const parameterName = mustExist(names[index], `the parameter of ${field}`);
    const { predicate, value } = predicateOf(field)(parameterName);
    return { predicate, filter: { field, parameterName, value } };
  });
}

function targetPredicate(target: QueryFieldTarget, root: Table): FieldPredicate {
  switch (target.kind) {
    case 'document_uuid':
      return uuidPredicate;
    case 'root_column': {
      const { column } = target;
      const found = root.columns.find(({ name }) => name === column)?.scalarType;
      const scalarType = mustExist(found, `the type of ${column}`);
      return (parameterName) => ({
        predicate: { column, operator: 'Equal', parameterName, scalarKind: scalarType.kind },
        value: { kind: 'scalar', scalarType },
      });
    }
    case 'descriptor_id_column':
      return (parameterName) => ({
        predicate: { column: target.column, operator: 'Equal', parameterName, scalarKind: 'Int64' },
        value: { kind: 'descriptor', descriptorResource: target.descriptorResource },
      });
  }
}

const uuidPredicate: FieldPredicate = (parameterName) => ({
  predicate: { target: 'DocumentUuid', operator: 'Equal', parameterName },
  value: { kind: 'uuid' },
});
const version: FilterValue = { kind: 'scalar', scalarType: { kind: 'Int64', maxLength: null, decimal: null } };

function requestQuery(
  rootTable: QueriedDocuments['rootTable'],
  aliases: QueryAliases,
  parts: readonly { readonly predicate: QueryPredicate; readonly filter: RequestFilter }[],
  { hasMinimumVersion = false, hasMaximumVersion = false }: RequestedFilters,
): RequestQuery {
  const versionPart = (operator: 'GreaterThanOrEqual' | 'LessThanOrEqual', parameterName: string) => ({
    predicate: { column: 'ContentVersion', operator, parameterName, scalarKind: 'Int64' } as const,
    filter: { field: null, parameterName, value: version },
  });
  const all = [
    ...parts,
    ...(hasMinimumVersion ? [versionPart('GreaterThanOrEqual', minimum)] : []),
    ...(hasMaximumVersion ? [versionPart('LessThanOrEqual', maximum)] : []),
  ];
  return {
    documents: { rootTable, predicates: all.map(({ predicate }) => predicate), aliases },
    filters: all.map(({ filter }) => filter),
    orderBy: hasMaximumVersion ? 'ContentVersion' : 'DocumentId',
  };
}

const resourceKeyName = 'resourceKeyId';

/** The query of a request for descriptors of one resource; all descriptors share one table (design 17a §1). */
export function descriptorQuery(
  { supportedFields }: DescriptorQueryCapability,
  request: RequestedFilters,
  paging: Paging,
): RequestQuery {
  const targets = new Map(supportedFields.map((field) => [field.field, field]));
  const parts = fieldPredicates(request.fields, paging, [resourceKeyName], (field): FieldPredicate => {
    const { target } = mustExist(targets.get(field), `the target of the query field ${field}`);
    const stored = descriptorTargets[target];
    if (stored === null) return uuidPredicate;
    const { column, scalarKind } = stored;
    return (parameterName) => ({
      predicate: { column, operator: 'Equal', parameterName, scalarKind },
      value: { kind: 'scalar', scalarType: { kind: scalarKind, maxLength: null, decimal: null } },
    });
  });
  const ofResource = {
    predicate: { column: 'ResourceKeyId', operator: 'Equal', parameterName: resourceKeyName } as const,
    filter: { field: null, parameterName: resourceKeyName, value: { kind: 'resourceKey' } as const },
  };
  return requestQuery(core.descriptor, new Map(), [...parts, ofResource], request);
}
