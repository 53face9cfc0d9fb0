import type { CatalogColumn } from '@dms/catalog';
import { addedColumnKind } from '../hazards/column-kinds.ts';
import { effectOn, type StatementEffect, type StatementKind } from '../hazards/statement-effect.ts';
import type { Comparison } from '../planning/comparison.ts';
import type { TableChange } from '../planning/table-change.ts';
import { type RenameStep, renameOrder, temporaryNames } from './rename-order.ts';
import type { ColumnChanges, ColumnStatement } from './upgrade-dialect.ts';
import { type ValueNames, valueText } from './value-text.ts';

/** A statement with what it does to its table. */
export interface MadeStatement {
  readonly sql: string;
  readonly effects: readonly StatementEffect[];
}

/** The statements for the columns of a table. `names` run before anything is added; by then tables have their new names. */
export interface ColumnStatements {
  readonly table: string;
  /** Drops columns that are lost, and columns that are generated from changed columns. */
  readonly drops: readonly MadeStatement[];
  readonly names: readonly MadeStatement[];
  readonly adds: readonly MadeStatement[];
  readonly moves: readonly MadeStatement[];
  readonly changes: readonly MadeStatement[];
}

/** The names of columns between the renames and the drops. The values of the earlier set are in these columns. */
type CurrentNames = ReadonlyMap<string, string>;

/** The names of columns during the moves, by their names in the earlier set, and the renames that lead to them. */
function currentNames(
  change: TableChange,
  compared: (name: string) => string,
): { names: CurrentNames; steps: readonly RenameStep[] } {
  const names = new Map<string, string>(change.kept);
  const added = change.fates.filter(({ kind }) => kind === 'filled' || kind === 'added').map(({ after }) => after.name);
  const targets = new Set([...added, ...change.kept.values()].map(compared));
  const late = change.dropped.filter(({ when }) => when === 'late').map(({ column }) => column.name);
  const oldName = temporaryNames([...targets, ...late, ...change.kept.keys()], compared, 'Upgrade_Old');
  for (const name of late) names.set(name, targets.has(compared(name)) ? oldName() : name);
  const renames = [...names].flatMap(([from, to]) => (from === to ? [] : [{ from, to }]));
  const staying = [...names].flatMap(([from, to]) => (from === to ? [from] : []));
  return { names, steps: renameOrder(renames, staying, compared) };
}

/** The statements that change the columns of all tables (design 12 §5, steps 4 and 5). */
export function columnStatements(comparison: Comparison): readonly ColumnStatements[] {
  const { changes, dialect, statements: objects } = comparison;
  const { rules } = dialect;
  const current = new Map(changes.map((change) => [change.pair.before.key, currentNames(change, rules.comparedName)]));
  const names: ValueNames = {
    table: (key) => {
      const table = comparison.changesByBefore.get(key)?.pair.after.catalog;
      if (!table) throw new Error(`values are moved from ${key}, which is dropped`);
      return `${rules.quote(table.schema)}.${rules.quote(table.name)}`;
    },
    column: (table, column) => {
      const name = current.get(table)?.names.get(column);
      if (name === undefined) throw new Error(`values are moved from ${table}.${column}, which is dropped before that`);
      return rules.quote(name);
    },
    true: rules.booleanLiteral(true),
    convert: dialect.convert,
  };
  return changes.flatMap((change): ColumnStatements[] => {
    const { pair } = change;
    const [before, after] = [pair.before.catalog, pair.after.catalog];
    const definitions = new Map(pair.after.definition.columns.map((column) => [column.name, column]));
    const clause = ({ name }: CatalogColumn, nullable: boolean) => {
      const column = definitions.get(name);
      if (!column) throw new Error(`${pair.after.key} has no column ${name}`);
      return objects.column(nullable ? { ...column, nullable: true } : column);
    };
    const early = change.dropped.filter(({ when }) => when === 'early').map(({ column }) => column);
    // a generated column is dropped before the columns that it uses
    const ordered = [...early.filter(({ generated }) => generated), ...early.filter(({ generated }) => !generated)];
    const defaults = early.flatMap((column) =>
      column.default === null ? [] : (pair.before.defaultNames.get(column.name) ?? []),
    );
    const steps = current.get(pair.before.key);
    const adds = change.fates.flatMap((fate) =>
      fate.kind === 'filled' ? [clause(fate.after, true)] : fate.kind === 'added' ? [clause(fate.after, false)] : [],
    );
    const moves = change.fates.flatMap((fate) =>
      fate.kind === 'filled' ? [{ column: fate.after.name, value: valueText(fate.value, pair.before.key, names) }] : [],
    );
    const late: ColumnChanges = {
      drops: change.dropped
        .filter(({ when }) => when === 'late')
        .map(({ column }) => steps?.names.get(column.name) ?? column.name),
      changes: change.fates.flatMap((fate): ColumnChanges['changes'][number][] => {
        const { after: column } = fate;
        const defaultOf = () => {
          const definition = definitions.get(column.name);
          return definition ? objects.columnDefault(definition) : null;
        };
        if (fate.kind === 'filled' && !column.nullable)
          return [
            { column, before: null, type: false, nullability: true, default: false, defaultName: null, defaultText: null },
          ];
        if (fate.kind !== 'kept') return [];
        const type = fate.before.type !== column.type;
        const nullability = fate.before.nullable !== column.nullable;
        const hasDefault = fate.before.default !== column.default;
        if (!type && !nullability && !hasDefault) return [];
        const defaultName = pair.after.defaultNames.get(column.name) ?? pair.before.defaultNames.get(fate.before.name) ?? null;
        return [
          {
            column,
            before: fate.before,
            type,
            nullability,
            default: hasDefault,
            defaultName,
            defaultText: hasDefault ? defaultOf() : null,
          },
        ];
      }),
      adds: change.fates.flatMap((fate) => (fate.kind === 'generated' ? [clause(fate.after, false)] : [])),
    };
    const made = (sql: string, kinds: readonly StatementKind[]): MadeStatement => ({
      sql,
      effects: kinds.map((kind) => effectOn(kind, pair.before.key)),
    });
    const addedKinds = change.fates.flatMap(({ kind, after: { name } }) => {
      const column = kind === 'filled' || kind === 'added' ? definitions.get(name) : undefined;
      return column ? [addedColumnKind(column)] : [];
    });
    const all = (statements: readonly ColumnStatement[]) => statements.map(({ sql, kinds }) => made(sql, kinds));
    return [
      {
        table: pair.after.key,
        drops:
          ordered.length > 0
            ? all(
                dialect.dropColumns(
                  before,
                  ordered.map(({ name }) => name),
                  defaults,
                ),
              )
            : [],
        names: (steps?.steps ?? []).map(({ from, to }) => made(dialect.renameColumn(after, from, to), ['rename column'])),
        adds: adds.length > 0 ? [made(dialect.addColumns(after, adds), [...new Set(addedKinds)])] : [],
        moves: moves.length > 0 ? [made(dialect.update(after, moves), ['update rows'])] : [],
        changes: all(dialect.changeColumns(after, late)),
      },
    ];
  });
}
