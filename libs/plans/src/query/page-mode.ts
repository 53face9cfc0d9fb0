import { fail } from '@dms/diagnostics';
import { foldedName, parameter } from '../parameter-names.ts';

/** The meaning of a parameter of a page query. */
export type QueryParameterRole =
  | 'filter'
  | 'offset'
  | 'limit'
  | 'cursorInclusiveMinimum'
  | 'cursorInclusiveMaximum'
  | 'pageSize'
  | 'partitionCount'
  | 'minimumPartitionSize';

export interface QuerySqlParameter {
  readonly role: QueryParameterRole;
  readonly parameterName: string;
}

/** Pages by offset and limit; the documents may be counted. */
export interface TraditionalPaging {
  readonly mode?: 'traditional';
  readonly offsetParameterName?: string;
  readonly limitParameterName?: string;
  readonly includeTotalCount?: boolean;
  readonly orderBy?: 'DocumentId' | 'ContentVersion';
}

/** The first documents of a range of document ids. */
export interface CursorPaging {
  readonly mode: 'cursor';
  readonly minimumParameterName?: string;
  readonly maximumParameterName?: string;
  readonly pageSizeParameterName?: string;
}

/** All documents, unordered. The names are the same as in a partition query of these documents. */
export interface Unpaged {
  readonly mode: 'unpaged';
  readonly partitionCountParameterName?: string;
  readonly minimumPartitionSizeParameterName?: string;
}

export type Paging = TraditionalPaging | CursorPaging | Unpaged;

function parametersOf(paging: Paging): QuerySqlParameter[] {
  switch (paging.mode) {
    case 'cursor':
      return [
        { role: 'cursorInclusiveMinimum', parameterName: paging.minimumParameterName ?? 'cursorMin' },
        { role: 'cursorInclusiveMaximum', parameterName: paging.maximumParameterName ?? 'cursorMax' },
        { role: 'pageSize', parameterName: paging.pageSizeParameterName ?? 'pageSize' },
      ];
    case 'unpaged':
      return [
        { role: 'partitionCount', parameterName: paging.partitionCountParameterName ?? 'number' },
        {
          role: 'minimumPartitionSize',
          parameterName: paging.minimumPartitionSizeParameterName ?? 'minimumPartitionSize',
        },
      ];
    default:
      return [
        { role: 'offset', parameterName: paging.offsetParameterName ?? 'offset' },
        { role: 'limit', parameterName: paging.limitParameterName ?? 'limit' },
      ];
  }
}

/** The parameters of a mode, in their order (design 17a §1). Throws `PLAN_PARAM_INVALID`, `PLAN_QUERY_PAGING_NAMES`. */
export function pagingParameters(paging: Paging): QuerySqlParameter[] {
  const parameters = parametersOf(paging);
  const names = parameters.map(({ parameterName }) => parameterName);
  // names are checked even if a driver uses other placeholders
  for (const name of names) parameter(name);
  if (new Set(names.map(foldedName)).size < names.length) {
    const text = `The paging parameters ${names.join(', ').replace(/, ([^,]*)$/, ' and $1')} must have different names.`;
    fail('PLAN_QUERY_PAGING_NAMES', text, {}, { names });
  }
  return parameters;
}
