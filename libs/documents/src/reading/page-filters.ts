import { JsonNumber, type JsonValue } from '@dms/canonical-json';
import type { ScalarType } from '@dms/model';
import type { QueryOperator, QueryPredicate } from '@dms/plans';
import { isNumberText } from '../values/decimal-text.ts';

/** A condition on a value of the documents that are read. */
export interface DocumentFilter {
  /**
   * A path of the document's top level or of one of its references, as the model spells it: `$.schoolReference.schoolId`. In the second
   * generation a query field, or the path of one.
   */
  readonly path: string;
  /** `Equal` without it; the second generation has no other. */
  readonly operator?: QueryOperator | undefined;
  /** A descriptor is named by its URI. A string is taken for a number or a boolean where the column wants one. */
  readonly value: JsonValue;
}

/** A filter as a predicate of a page query. */
export interface BoundFilter {
  readonly predicate: QueryPredicate;
  /** Null for a descriptor that is asked for. */
  readonly value: string | boolean | null;
  /** Referential id of a descriptor. */
  readonly descriptor: string | null;
}

/** What a command line gives as text, in the type of the column. */
export function typed(value: JsonValue, kind: ScalarType['kind']): JsonValue {
  if (typeof value !== 'string') return value;
  if (kind === 'Boolean' && (value === 'true' || value === 'false')) return value === 'true';
  const isNumber = kind === 'Int32' || kind === 'Int64' || kind === 'Decimal';
  return isNumber && isNumberText(value) ? new JsonNumber(value) : value;
}
