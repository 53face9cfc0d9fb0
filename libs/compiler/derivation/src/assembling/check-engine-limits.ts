import { append, counted, type Diagnostic, type DiagnosticCollector } from '@dms/diagnostics';
import { type LimitPlace, limitFinding, moreThanLimit } from '@dms/model';
import {
  type DialectRules,
  type ExceededLimit,
  exceeded,
  exceededByEntry,
  exceededByKey,
  exceededByRow,
  exceededByType,
  exceededInKey,
} from '@dms/sql';
import type { DraftColumn, DraftTable } from '../draft/draft-table.ts';
import { allTables, type FinishedDraft } from '../draft/model-draft.ts';
import type { DecidedTable } from './decided-constraints.ts';

/**
 * Adds `TABLE_LIMIT_EXCEEDED` to `diagnostics` for everything that an engine cannot create, and returns the warning
 * `TABLE_LIMIT_POSSIBLE` for tables and keys whose rows it could refuse (design 02 §19). The inventory checks the
 * indexes and tables that it adds.
 */
export function checkEngineLimits(
  draft: FinishedDraft,
  rules: DialectRules,
  decided: ReadonlyMap<DraftTable, DecidedTable>,
  diagnostics: DiagnosticCollector,
): Diagnostic[] {
  const warnings: Diagnostic[] = [];
  const found = checkReferences(decided, rules);
  for (const table of allTables(draft)) {
    const keys = listKeys(table, decided.get(table));
    append(found, typeFindings(table, keys, rules));
    append(found, tableFindings(table, keys, rules));
    append(warnings, keyWarnings(table, keys, rules));
  }
  const isWarning = ({ code }: Diagnostic) => code === 'TABLE_LIMIT_POSSIBLE';
  diagnostics.add(found.filter((entry) => !isWarning(entry)));
  return [...warnings, ...found.filter(isWarning)];
}

/** Checks the number of foreign keys that refer to one table, which may be a core table. */
function checkReferences(decided: ReadonlyMap<DraftTable, DecidedTable>, rules: DialectRules): Diagnostic[] {
  const targets = new Map<DraftTable, { count: number; refersToItself: boolean }>();
  for (const [table, { constraints }] of decided)
    for (const { constraint } of constraints) {
      if (constraint.kind !== 'ForeignKey') continue;
      const known = targets.get(constraint.target) ?? { count: 0, refersToItself: false };
      known.count += 1;
      known.refersToItself ||= constraint.target === table;
      targets.set(constraint.target, known);
    }
  return [...targets].flatMap(([table, { count, refersToItself }]) =>
    exceeded(rules, refersToItself ? 'referencesToSelf' : 'referencesToTable', count).map((limit) => {
      const allowed = refersToItself ? 'allows for a table that refers to itself' : 'allows';
      const text = `is referred to by ${count} foreign keys, ${moreThanLimit(rules, limit, allowed)}; split the schema set`;
      return limitFinding(rules, limit, ofTable(table), text);
    }),
  );
}

const ofTable = ({ table, qualified, origin }: Pick<DraftTable, 'table' | 'qualified' | 'origin'>): LimitPlace => ({
  label: origin.label,
  path: origin.path,
  subject: `the table ${qualified} (${origin.path})`,
  facts: { table: table.name },
});

/** A key of a table, with its final name. */
interface LimitedKey {
  readonly name: string;
  readonly columns: readonly DraftColumn[];
  /** Foreign keys have an index, with their columns, only if the inventory adds one. */
  readonly kind: 'primary' | 'Unique' | 'ForeignKey';
}

const listKeys = (table: DraftTable, decided: DecidedTable | undefined): readonly LimitedKey[] => [
  { name: decided?.primaryKey.final ?? 'primary', columns: table.key, kind: 'primary' },
  ...(decided?.constraints ?? []).flatMap(({ constraint, name }): LimitedKey[] =>
    constraint.kind === 'Unique' || constraint.kind === 'ForeignKey'
      ? [{ name: name.final, columns: constraint.columns, kind: constraint.kind }]
      : [],
  ),
];

/** Types that a column cannot have, or cannot have in a key; one finding per path, in the words of the ApiSchema. */
function typeFindings(table: DraftTable, keys: readonly LimitedKey[], rules: DialectRules): Diagnostic[] {
  const keysByColumn = new Map<DraftColumn, string[]>();
  for (const { name, columns } of keys)
    for (const column of columns) {
      // a key contains the stored column, and the schema describes its aliases
      const names = keysByColumn.get(column);
      if (names) names.push(name);
      else keysByColumn.set(column, [name]);
    }
  return [...table.columns.values()].flatMap((column) => {
    const { scalarType, sourcePath, storage } = column;
    if (sourcePath === null) return [];
    const place = ofColumn(table, column);
    const ofType = exceededByType(rules, scalarType).map((found) => {
      const [what, member] = scalarType.decimal
        ? (['digit', 'totalDigits'] as const)
        : (['letter', 'maxLength'] as const);
      return limitFinding(
        rules,
        found,
        place,
        `has ${counted(found.count, what)}, ${moreThanLimit(rules, found)}; give it a smaller ${member}`,
      );
    });
    const stored = storage.kind === 'UnifiedAlias' ? storage.canonical : column;
    const names = [...(keysByColumn.get(column) ?? []), ...(stored === column ? [] : (keysByColumn.get(stored) ?? []))];
    if (names.length === 0) return ofType;
    const inKey = exceededInKey(rules, scalarType).map((found) => {
      const text = `has ${counted(found.count, 'letter')} and is part of ${names.join(' and ')}, ${moreThanLimit(rules, found, 'allows in a key')}; give it a smaller maxLength, or leave it out of the identity and the uniqueness constraints`;
      return limitFinding(rules, found, { ...place, facts: { ...place.facts, keys: names } }, text);
    });
    return [...ofType, ...inKey];
  });
}

function ofColumn({ table, qualified }: DraftTable, { name, origin, sourcePath }: DraftColumn): LimitPlace {
  const path = sourcePath?.canonical ?? origin.path;
  return {
    label: origin.label,
    path,
    subject: `${path} (${qualified}.${name})`,
    facts: { table: table.name, column: name },
  };
}

const advice = 'move some of the properties into collections, which have tables of their own, or leave them out';

/**
 * Checks the number of columns of the table and of its keys, the number of its foreign keys, and the size of its rows.
 */
function tableFindings(table: DraftTable, keys: readonly LimitedKey[], rules: DialectRules): Diagnostic[] {
  const place = ofTable(table);
  const diagnostics: Diagnostic[] = [];
  const report = (limits: readonly ExceededLimit[], text: (limit: ExceededLimit) => string) =>
    append(
      diagnostics,
      limits.map((limit) => limitFinding(rules, limit, place, text(limit))),
    );
  report(
    exceeded(rules, 'tableColumns', table.columns.size),
    (limit) => `has ${counted(limit.count, 'column')}, ${moreThanLimit(rules, limit)}; ${advice}`,
  );
  for (const key of keys)
    report(
      exceededByKey(rules, measured(key)),
      (limit) =>
        `has the key ${key.name} with ${counted(limit.count, 'column')}, ${moreThanLimit(rules, limit)}; name fewer values in the identity or the uniqueness constraint`,
    );
  report(
    exceeded(rules, 'tableReferences', keys.filter(({ kind }) => kind === 'ForeignKey').length),
    (limit) => `has ${counted(limit.count, 'foreign key')}, ${moreThanLimit(rules, limit)}; ${advice}`,
  );
  report(exceededByRow(rules, typesOf(table.columns.values())), (limit) =>
    limit.limit === 'fixedRowBytes'
      ? `needs ${counted(limit.count, 'byte')} for its fixed values, ${moreThanLimit(rules, limit, 'allows in a row')}; ${advice}`
      : `needs ${counted(limit.count, 'byte')} for a row with all its values, ${moreThanLimit(rules, limit, 'stores')}; such rows would be refused`,
  );
  return diagnostics;
}

const measured = ({ columns, kind }: LimitedKey) => ({
  columns: typesOf(columns),
  included: [],
  isIndexed: kind !== 'ForeignKey',
});

const typesOf = (columns: Iterable<DraftColumn>) => [...columns].map(({ scalarType }) => scalarType);

/** Warnings for unique keys whose longest values do not fit into an index. */
function keyWarnings(table: DraftTable, keys: readonly LimitedKey[], rules: DialectRules): Diagnostic[] {
  return keys.flatMap((key) => {
    if (key.kind !== 'Unique') return [];
    const columns = key.columns.map(({ name, scalarType }) => `${name} ${rules.typeName(scalarType)}`);
    const place = ofTable(table);
    return exceededByEntry(rules, measured(key)).map((limit) => {
      const text = `has the unique key ${key.name} (${columns.join(', ')}), whose values may take ${counted(limit.count, 'byte')}, ${moreThanLimit(rules, limit, 'stores in an index')}; rows with longer values would be refused`;
      return limitFinding(rules, limit, { ...place, facts: { ...place.facts, columns } }, text);
    });
  });
}
