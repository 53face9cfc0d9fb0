import { fail } from '@dms/diagnostics';
import type { ScalarType } from '@dms/model';
import { empty, type Sql, trusted } from '@dms/sql';
import { compareBy, compareOrdinal, groupBy } from '@dms/values';
import { foldedName, parameter } from '../parameter-names.ts';
import type { PlanDialect } from '../plan-dialect.ts';

const operators = {
  Equal: '=',
  NotEqual: '<>',
  LessThan: '<',
  LessThanOrEqual: '<=',
  GreaterThan: '>',
  GreaterThanOrEqual: '>=',
  Like: 'LIKE',
} as const;

/** `In` is reserved and refused. */
export type QueryOperator = keyof typeof operators | 'In';

interface PredicateComparison {
  readonly operator: QueryOperator;
  readonly parameterName: string;
}

/** A comparison of a column of the root table. */
interface ColumnPredicate extends PredicateComparison {
  readonly target?: 'RootColumn';
  readonly column: string;
  /**
   * `Equal` compares a `String` by code units. Without a kind, and with other operators, the comparison of the database
   * applies.
   */
  readonly scalarKind?: ScalarType['kind'] | null;
}

/** A comparison of the uuid of the document. */
interface UuidPredicate extends PredicateComparison {
  readonly target: 'DocumentUuid';
}

export type QueryPredicate = ColumnPredicate | UuidPredicate;

/** The canonical and presence columns of the aliases of a root table. */
export type QueryAliases = ReadonlyMap<
  string,
  { readonly canonicalColumn: string; readonly presenceColumn: string | null }
>;

/** A predicate over stored columns. */
export interface StoredPredicate {
  readonly target: 'DocumentUuid' | 'RootColumn';
  readonly parameterName: string;
  readonly operator: keyof typeof operators;
  readonly column: string;
  /** Empty without a gate. */
  readonly presence: string;
  readonly scalarKind: ScalarType['kind'] | null;
  /** The requested column. */
  readonly asked: string;
}

/**
 * Predicates over stored columns, in their order (design 08 §8, 17a §1): filters on aliases become filters on their
 * stored column with the gate, so that its indexes can be used. `reserved` are the parameter names of paging.
 */
export function storedPredicates(
  predicates: readonly QueryPredicate[],
  aliases: QueryAliases | undefined,
  reserved: readonly string[],
): StoredPredicate[] {
  const ordered = predicates
    .map((predicate) => stored(predicate, aliases))
    .sort(
      compareBy(
        ({ target }) => target,
        ({ presence }) => presence,
        ({ column }) => column,
        ({ operator }) => operator,
        ({ parameterName }) => parameterName,
      ),
    );
  checkDistinct(ordered);
  checkNames(ordered, reserved);
  return ordered;
}

function stored(predicate: QueryPredicate, aliases: QueryAliases | undefined): StoredPredicate {
  const { operator, parameterName } = predicate;
  const isUuid = predicate.target === 'DocumentUuid';
  const asked = isUuid ? 'DocumentUuid' : predicate.column;
  if (operator === 'In' || !Object.hasOwn(operators, operator)) {
    fail(
      'PLAN_QUERY_OPERATOR',
      `The operator ${operator} on ${asked} is not supported.`,
      {},
      { operator, column: asked },
    );
  }
  parameter(parameterName);
  const alias = isUuid ? undefined : aliases?.get(asked);
  return {
    target: isUuid ? 'DocumentUuid' : 'RootColumn',
    parameterName,
    operator,
    column: alias?.canonicalColumn ?? asked,
    presence: alias?.presenceColumn ?? '',
    scalarKind: isUuid ? null : (predicate.scalarKind ?? null),
    asked,
  };
}

function checkDistinct(predicates: readonly StoredPredicate[]): void {
  for (const [key, group] of groupBy(predicates, semanticKey)) {
    if (group.length < 2) continue;
    const columns = group.map(({ asked }) => asked).sort(compareOrdinal);
    const parameters = group.map(({ parameterName }) => parameterName).sort(compareOrdinal);
    const text = `Filters on ${columns.join(', ')} (${parameters.join(', ')}) mean the same predicate ${key}.`;
    fail('PLAN_QUERY_DUPLICATE', text, {}, { key, columns, parameters });
  }
}

const semanticKey = ({ target, presence, column, operator }: StoredPredicate) =>
  [...(target === 'RootColumn' ? [] : [target]), presence, column, operator].join('|');

function checkNames(predicates: readonly StoredPredicate[], reserved: readonly string[]): void {
  const taken = new Set(reserved.map(foldedName));
  const seen = new Set<string>();
  for (const { parameterName: name } of predicates) {
    const folded = foldedName(name);
    if (taken.has(folded)) {
      fail('PLAN_QUERY_NAME_COLLISION', `The filter ${name} has the name of a paging parameter.`, {}, { name });
    }
    if (seen.has(folded)) fail('PLAN_QUERY_DUPLICATE_NAME', `Two filters are named ${name}.`, {}, { name });
    seen.add(folded);
  }
}

/** A predicate: the root table is `r`, `dms.Document` is `doc`. */
export function predicateSql(
  { sql, id, exact }: PlanDialect,
  { target, presence, column, operator, scalarKind, parameterName }: StoredPredicate,
  placeholder: (parameterName: string) => Sql,
): Sql {
  const compared = target === 'DocumentUuid' ? sql`doc.${id(column)}` : sql`r.${id(column)}`;
  const isBinary = target === 'RootColumn' && scalarKind === 'String' && operator === 'Equal';
  const gate = target === 'DocumentUuid' || presence === '' ? empty : sql`r.${id(presence)} IS NOT NULL AND `;
  return sql`${gate}${isBinary ? exact(compared) : compared} ${trusted(operators[operator])} ${placeholder(parameterName)}`;
}
