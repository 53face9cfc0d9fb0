import type { Check, Expression } from '@dms/catalog';
import { expressionColumns, renamedExpression, type TableChange } from '../matching/table-change.ts';
import type { SideTable } from '../matching/table-pairs.ts';
import type { Value } from '../matching/value.ts';
import { checks, type Place, type RulesOf, type Shown } from './change-rules.ts';
import { asSet, constraintOf, exactName, isLost, type KeyMatching, type KeyRenamed } from './key-matching.ts';

interface CheckAdded extends Place {
  readonly kind: 'check added';
  readonly table: SideTable;
  readonly condition: Expression;
  /** What the columns of the condition hold. */
  readonly values: ReadonlyMap<string, Value>;
}

interface CheckRemoved extends Place, Shown {
  readonly kind: 'check removed';
}

export type CheckChanges = CheckAdded | CheckRemoved;

export const checkRules: RulesOf<CheckChanges> = {
  'check added': {
    object: 'constraint',
    class: 'checked',
    made: ['add check'],
    queries: ({ table, condition, values }, queries) => checks(queries.refused(table, condition, values)),
  },
  'check removed': { object: 'constraint', class: 'free', made: ['drop constraint'] },
};

/** Compares the checks of a table (design 12 §3.2). */
export function* compareChecks(keys: KeyMatching, change: TableChange): Generator<CheckChanges | KeyRenamed> {
  const { values } = keys.comparison;
  const { pair } = change;
  const free = new Set<Check>(pair.before.catalog.checks);
  const added: Check[] = [];
  for (const now of pair.after.catalog.checks) {
    const same = [...free].filter(
      (then) =>
        renamedExpression(then.expression, (name) => exactName(change, name)) === now.expression &&
        !keys.isBlocking(change, then.name),
    );
    const then = same.find(({ name }) => name === now.name) ?? same[0];
    if (then) {
      free.delete(then);
      yield* keys.keep('constraint', change, then.name, now.name);
    } else added.push(now);
  }
  const laterColumns = (expression: string) =>
    asSet(expressionColumns(expression).map((column) => pair.later.get(column)?.[0] ?? null));
  const earlier = new Set([...free].map(({ expression }) => laterColumns(expression)));
  for (const now of added) {
    const constraint = constraintOf(change, now);
    if (constraint.kind !== 'check') throw new Error(`${pair.after.key} ${now.name} is not a check`);
    keys.added.push({ kind: 'constraint', table: pair.after.definition, constraint });
    const columns = expressionColumns(now.expression);
    if (earlier.has(asSet(columns))) continue;
    if (columns.every((column) => values.of(pair.after.key, column).kind === 'null')) continue;
    if (columns.every((column) => change.fates.some(({ kind, after }) => kind === 'filled' && after.name === column)))
      continue;
    const held = new Map(columns.map((column) => [column, values.of(pair.after.key, column)]));
    const entry = { owner: pair.after.owner, path: [pair.after.key, now.name] };
    yield { kind: 'check added', ...entry, table: pair.before, condition: constraint.condition, values: held };
  }
  const later = new Set(added.map(({ expression }) => asSet(expressionColumns(expression))));
  for (const then of free) {
    keys.drop('constraint', change, then.name);
    const columns = expressionColumns(then.expression);
    if (isLost(change, columns) || later.has(laterColumns(then.expression))) continue;
    if (columns.every((column) => change.dropped.some((entry) => entry.column.name === column))) continue;
    yield { kind: 'check removed', owner: pair.after.owner, path: [pair.before.key, then.name] };
  }
}
