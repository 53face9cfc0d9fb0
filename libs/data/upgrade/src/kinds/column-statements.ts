import type { CatalogColumn } from '@dms/catalog';
import {
  addedColumnKind,
  effectOn,
  type StatementKind,
  type TouchedObject,
  touched,
} from '../hazards/statement-effect.ts';
import type { TableChange } from '../matching/table-change.ts';
import { type ValueNames, valueText } from '../matching/value.ts';
import { type RenameStep, renameOrder, temporaryNames } from '../script/name-changes.ts';
import type { ScriptParts, ScriptStatement } from '../script/script-parts.ts';
import type { ColumnChanges, ColumnStatement } from '../script/upgrade-dialect.ts';
import { objectKey } from './change-rules.ts';

/**
 * The statements for the columns of a table. `names` run before anything is added; by then tables have their new names.
 */
interface ColumnStatements {
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

type Parts = Pick<ScriptParts, 'comparison' | 'statements' | 'preparing'>;
type ColumnDefinition = TableChange['pair']['after']['definition']['columns'][number];

/** Adds effects to statements; `earlierName` gives the name that a column has in the earlier set. */
type WithEffects = (
  statements: readonly ColumnStatement[],
  earlierName?: (column: string) => string | undefined,
) => readonly ScriptStatement[];

/** A table whose columns change. */
interface ChangedTable {
  readonly change: TableChange;
  readonly parts: Parts;
  readonly current: ReturnType<typeof currentNames>;
  /** The columns of the later set by name. */
  readonly definitions: ReadonlyMap<string, ColumnDefinition>;
  readonly withEffects: WithEffects;
}

/** The statements that change the columns of all tables (design 12 §5, steps 4 and 5). */
export function columnStatements(parts: Parts): readonly ColumnStatements[] {
  const { changes, dialect } = parts.comparison;
  const changedTables = changes.map((change): ChangedTable => {
    const current = currentNames(change, dialect.rules.comparedName);
    const definitions = new Map(change.pair.after.definition.columns.map((column) => [column.name, column]));
    return { change, parts, current, definitions, withEffects: effectsOf(change, current.names) };
  });
  const currentOf = new Map(changedTables.map(({ change, current }) => [change.pair.before.key, current]));
  const names = valueNames(parts.comparison, currentOf);
  return changedTables.map((table) => ({
    table: table.change.pair.after.key,
    drops: dropStatements(table),
    names: renameStatements(table),
    adds: addStatements(table),
    moves: moveStatements(table, names),
    changes: changeStatements(table),
  }));
}

function effectsOf(change: TableChange, names: CurrentNames): WithEffects {
  const { key } = change.pair.before;
  const madeBy = columnKeys(change, names);
  const earlier = new Map([...names].map(([then, now]) => [now, then]));
  return (statements, earlierName = (column) => earlier.get(column)) =>
    statements.map(({ sql, does }) => ({
      sql,
      effects: does.map(({ kind, columns }) => ({
        ...effectOn(kind, key, columns.flatMap(madeBy)),
        touches: touchedColumns(
          kind,
          key,
          columns.flatMap((column) => earlierName(column) ?? []),
        ),
      })),
    }));
}

/**
 * Maps the name of a column in a statement to the keys of the columns that the statement makes. A dropped column makes
 * the columns that have its values afterwards.
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

/** How statements touch the columns that they name; dependent foreign objects may not allow it. */
const columnTouches: Partial<Record<StatementKind, TouchedObject['how']>> = {
  'drop columns': 'drop',
  'rename column': 'rename',
  'change type': 'retype',
  'widen type': 'retype',
};

/** The statements that give all rows of a table new values at once. */
const rewriting: readonly StatementKind[] = [
  'add columns with defaults',
  'add computed columns',
  'change type',
  'widen type',
];

/** The objects that a statement on columns of a table of the earlier set touches, by their names in that set. */
function touchedColumns(kind: StatementKind, table: string, columns: readonly string[]): readonly TouchedObject[] {
  const how = columnTouches[kind];
  return [
    ...(how === undefined ? [] : columns.map((column) => touched(how, 'column', table, column))),
    ...(rewriting.includes(kind) ? [touched('rewrite', 'relation', table)] : []),
  ];
}

/** The names of tables and columns in the values that move. */
function valueNames(
  { changesByBefore, dialect }: Parts['comparison'],
  current: ReadonlyMap<string, ChangedTable['current']>,
): ValueNames {
  const { rules, convert } = dialect;
  return {
    table: (key) => {
      const table = changesByBefore.get(key)?.pair.after.catalog;
      if (!table) throw new Error(`values are moved from ${key}, which is dropped`);
      return `${rules.quote(table.schema)}.${rules.quote(table.name)}`;
    },
    column: (table, column) => {
      const name = current.get(table)?.names.get(column);
      if (name === undefined) throw new Error(`values are moved from ${table}.${column}, which is dropped before that`);
      return rules.quote(name);
    },
    true: rules.booleanLiteral(true),
    convert,
  };
}

/** Drops the columns that must go before the renames: generated columns before the columns that they use. */
function dropStatements({ change, parts, withEffects }: ChangedTable): readonly ScriptStatement[] {
  const { before } = change.pair;
  const early = change.dropped.filter(({ when }) => when === 'early').map(({ column }) => column);
  if (early.length === 0) return [];
  const ordered = [...early.filter(({ generated }) => generated), ...early.filter(({ generated }) => !generated)];
  const defaults = early.flatMap((column) =>
    column.default === null ? [] : (before.defaultNames.get(column.name) ?? []),
  );
  const names = ordered.map(({ name }) => name);
  return withEffects(parts.comparison.dialect.dropColumns(before.catalog, names, defaults), (column) => column);
}

function renameStatements({ change, parts, current, withEffects }: ChangedTable): readonly ScriptStatement[] {
  return withEffects(
    current.steps.map(({ from, to }) => ({
      sql: parts.comparison.dialect.renameColumn(change.pair.after.catalog, from, to),
      does: [{ kind: 'rename column', columns: [to] }],
    })),
  );
}

/** A column to add, with the clause that defines it. */
interface AddedColumn {
  readonly name: string;
  readonly clause: string;
}

/** The statement that adds columns, with the preparation of those that can be added before the upgrade. */
function addStatements(table: ChangedTable): readonly ScriptStatement[] {
  const { change, parts, withEffects } = table;
  const { after } = change.pair;
  const { dialect } = parts.comparison;
  const added = change.fates.flatMap((fate): AddedColumn[] =>
    fate.kind === 'filled' || fate.kind === 'added'
      ? [{ name: fate.after.name, clause: clauseOf(table, fate.after, fate.kind === 'filled') }]
      : [],
  );
  const kinds = addedKinds(table);
  const textOf = (columns: readonly AddedColumn[]) =>
    dialect.addColumns(
      after.catalog,
      columns.map(({ clause }) => clause),
    );
  const addition = (columns: readonly AddedColumn[]): readonly ScriptStatement[] => {
    if (columns.length === 0) return [];
    const names = new Set(columns.map(({ name }) => name));
    const does = kinds
      .map(({ kind, columns: ofKind }) => ({ kind, columns: ofKind.filter((name) => names.has(name)) }))
      .filter(({ columns: ofKind }) => ofKind.length > 0);
    return withEffects([{ sql: textOf(columns), does }]);
  };
  const early = parts.preparing.columns(after.key);
  const [made] = addition(added);
  if (made === undefined || early.size === 0) return made ? [made] : [];
  const first = added.filter(({ name }) => early.has(name));
  const names = first.map(({ name }) => name);
  const steps = parts.preparing.columnSteps(after.definition, names, textOf(first));
  const [rest = null] = addition(added.filter(({ name }) => !early.has(name)));
  return [{ ...made, preparation: { steps, rest } }];
}

function clauseOf({ change, parts, definitions }: ChangedTable, { name }: CatalogColumn, nullable: boolean): string {
  const column = definitions.get(name);
  if (!column) throw new Error(`${change.pair.after.key} has no column ${name}`);
  return parts.statements.column(nullable ? { ...column, nullable: true } : column);
}

/** The columns of a table that the upgrade adds, by how the engine adds them. */
function addedKinds({ change, definitions }: ChangedTable): ColumnStatement['does'] {
  const added = change.fates.flatMap(({ kind, after: { name } }) => {
    const column = kind === 'filled' || kind === 'added' ? definitions.get(name) : undefined;
    return column ? [{ name, kind: addedColumnKind(column) }] : [];
  });
  return [...new Set(added.map(({ kind }) => kind))].map((kind) => ({
    kind,
    columns: added.flatMap((column) => (column.kind === kind ? [column.name] : [])),
  }));
}

/** Moves values into the columns that were added. */
function moveStatements({ change, parts, withEffects }: ChangedTable, names: ValueNames): readonly ScriptStatement[] {
  const { before, after } = change.pair;
  const moves = change.fates.flatMap((fate) =>
    fate.kind === 'filled' ? [{ column: fate.after.name, value: valueText(fate.value, before.key, names) }] : [],
  );
  if (moves.length === 0) return [];
  const columns = moves.map(({ column }) => column);
  return withEffects([
    { sql: parts.comparison.dialect.update(after.catalog, moves), does: [{ kind: 'update rows', columns }] },
  ]);
}

/** The statements after the values have moved: late drops, changes, and added generated columns. */
function changeStatements(table: ChangedTable): readonly ScriptStatement[] {
  const { change, parts, current, withEffects } = table;
  const late: ColumnChanges = {
    drops: change.dropped
      .filter(({ when }) => when === 'late')
      .map(({ column }) => current.names.get(column.name) ?? column.name),
    changes: change.fates.flatMap((fate) => columnChange(table, fate) ?? []),
    adds: change.fates.flatMap((fate) =>
      fate.kind === 'generated' ? [{ name: fate.after.name, clause: clauseOf(table, fate.after, false) }] : [],
    ),
  };
  return withEffects(parts.comparison.dialect.changeColumns(change.pair.after.catalog, late));
}
type Fate = TableChange['fates'][number];

/** The change of a column that stays, or that was added without its NOT NULL; null if nothing changes. */
function columnChange(
  { change, parts, definitions }: ChangedTable,
  fate: Fate,
): ColumnChanges['changes'][number] | null {
  const { after: column } = fate;
  if (fate.kind === 'filled' && !column.nullable)
    return {
      column,
      before: null,
      type: false,
      nullability: true,
      default: false,
      defaultName: null,
      defaultText: null,
    };
  if (fate.kind !== 'kept') return null;
  const { before } = fate;
  const type = before.type !== column.type;
  const nullability = before.nullable !== column.nullable;
  const hasDefault = before.default !== column.default;
  if (!type && !nullability && !hasDefault) return null;
  const { pair } = change;
  const defaultName = pair.after.defaultNames.get(column.name) ?? pair.before.defaultNames.get(before.name) ?? null;
  const definition = hasDefault ? definitions.get(column.name) : undefined;
  const defaultText = definition ? parts.statements.columnDefault(definition) : null;
  return { column, before, type, nullability, default: hasDefault, defaultName, defaultText };
}
