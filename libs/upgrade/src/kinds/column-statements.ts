import type { CatalogColumn } from '@dms/catalog';
import { addedColumnKind } from '../hazards/column-kinds.ts';
import { effectOn, type StatementKind, type TouchedObject, touched } from '../hazards/statement-effect.ts';
import type { TableChange } from '../matching/table-change.ts';
import { type RenameStep, renameOrder, temporaryNames } from '../script/rename-order.ts';
import type { ScriptParts } from '../script/script-parts.ts';
import type { ScriptStatement } from '../script/statement-list.ts';
import type { ColumnChanges, ColumnStatement } from '../script/upgrade-dialect.ts';
import { type ValueNames, valueText } from '../script/value-text.ts';
import { objectKey } from './change-rules.ts';

/** The statements for the columns of a table. `names` run before anything is added; by then tables have their new names. */
export interface ColumnStatements {
  readonly table: string;
  /** Drops columns that are lost, and columns that are generated from changed columns. */
  readonly drops: readonly ScriptStatement[];
  readonly names: readonly ScriptStatement[];
  readonly adds: readonly ScriptStatement[];
  readonly moves: readonly ScriptStatement[];
  readonly changes: readonly ScriptStatement[];
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

/**
 * The keys of the columns that a statement makes, from the name of a column in that statement. A column that is dropped makes the columns
 * that have its values afterwards.
 */
function columnKeys({ pair, dropped }: TableChange, names: CurrentNames): (column: string) => readonly string[] {
  const later = (name: string) => objectKey('column', pair.after.key, name);
  const gone = new Map(
    dropped.map(({ column: { name } }) => [
      names.get(name) ?? name,
      [objectKey('column', pair.before.key, name), ...(pair.later.get(name) ?? []).map(later)],
    ]),
  );
  return (column) => [...new Set([...(gone.get(column) ?? []), later(column)])];
}

/** What statements do to the columns that they name; others stand in their way. */
const columnTouches: Partial<Record<StatementKind, TouchedObject['how']>> = {
  'drop columns': 'drop',
  'rename column': 'rename',
  'change type': 'retype',
  'widen type': 'retype',
};

/** The statements that give all rows of a table new values at once. */
const rewriting: readonly StatementKind[] = ['add columns with defaults', 'add computed columns', 'change type', 'widen type'];

/** What a statement does to columns of a table of the earlier set, by their names in that set. */
function touchedColumns(kind: StatementKind, table: string, columns: readonly string[]): readonly TouchedObject[] {
  const how = columnTouches[kind];
  return [
    ...(how === undefined ? [] : columns.map((column) => touched(how, 'column', table, column))),
    ...(rewriting.includes(kind) ? [touched('rewrite', 'relation', table)] : []),
  ];
}

/** The statements that change the columns of all tables (design 12 §5, steps 4 and 5). */
export function columnStatements({
  comparison,
  statements: objects,
  preparing,
}: Pick<ScriptParts, 'comparison' | 'statements' | 'preparing'>): readonly ColumnStatements[] {
  const { changes, dialect } = comparison;
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
      fate.kind === 'filled' || fate.kind === 'added'
        ? [{ name: fate.after.name, clause: clause(fate.after, fate.kind === 'filled') }]
        : [],
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
      adds: change.fates.flatMap((fate) =>
        fate.kind === 'generated' ? [{ name: fate.after.name, clause: clause(fate.after, false) }] : [],
      ),
    };
    const madeBy = columnKeys(change, steps?.names ?? new Map());
    const earlier = new Map([...(steps?.names ?? [])].map(([then, now]) => [now, then]));
    const all = (
      statements: readonly ColumnStatement[],
      earlierName: (column: string) => string | undefined = (column) => earlier.get(column),
    ): ScriptStatement[] =>
      statements.map(({ sql, does }) => ({
        sql,
        effects: does.map(({ kind, columns }) => ({
          ...effectOn(kind, pair.before.key, columns.flatMap(madeBy)),
          touches: touchedColumns(
            kind,
            pair.before.key,
            columns.flatMap((column) => earlierName(column) ?? []),
          ),
        })),
      }));
    const addition = (columns: typeof adds): ScriptStatement[] => {
      if (columns.length === 0) return [];
      const names = new Set(columns.map(({ name }) => name));
      const does = addedKinds
        .map(({ kind, columns: ofKind }) => ({ kind, columns: ofKind.filter((name) => names.has(name)) }))
        .filter(({ columns: ofKind }) => ofKind.length > 0);
      const texts = columns.map((column) => column.clause);
      return all([{ sql: dialect.addColumns(after, texts), does }]);
    };
    /** The additions, with the part of them that can be made before the upgrade. */
    const preparedAddition = (): ScriptStatement[] => {
      const early = preparing.columns(pair.after.key);
      const [made] = addition(adds);
      if (made === undefined || early.size === 0) return made ? [made] : [];
      const first = adds.filter(({ name }) => early.has(name));
      const steps = preparing.columnSteps(
        pair.after.definition,
        first.map(({ name }) => name),
        dialect.addColumns(
          after,
          first.map((column) => column.clause),
        ),
      );
      const [rest = null] = addition(adds.filter(({ name }) => !early.has(name)));
      return [{ ...made, preparation: { steps, rest } }];
    };
    const addedColumns = change.fates.flatMap(({ kind, after: { name } }) => {
      const column = kind === 'filled' || kind === 'added' ? definitions.get(name) : undefined;
      return column ? [{ name, kind: addedColumnKind(column) }] : [];
    });
    const addedKinds = [...new Set(addedColumns.map(({ kind }) => kind))].map((kind) => ({
      kind,
      columns: addedColumns.flatMap((column) => (column.kind === kind ? [column.name] : [])),
    }));
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
                (column) => column,
              )
            : [],
        names: all(
          (steps?.steps ?? []).map(({ from, to }) => ({
            sql: dialect.renameColumn(after, from, to),
            does: [{ kind: 'rename column', columns: [to] }],
          })),
        ),
        adds: preparedAddition(),
        moves:
          moves.length > 0
            ? all([
                {
                  sql: dialect.update(after, moves),
                  does: [{ kind: 'update rows', columns: moves.map(({ column }) => column) }],
                },
              ])
            : [],
        changes: all(dialect.changeColumns(after, late)),
      },
    ];
  });
}
