import { mustExist } from '@dms/model';
import { cachedByObject } from '@dms/values';
import { isEqual } from 'es-toolkit';
import { partition } from 'es-toolkit/array';
import type { GroupOf } from './leaves.ts';
import { collapsed } from './names.ts';
import type { OdsType, PathContent } from './ods-mapping.ts';
import { isNumber } from './value-types.ts';

/** The contents of a column while its table is derived; in the end, a school year is a value. */
type DerivedContent = PathContent | { readonly kind: 'schoolYear' };

/** A column while its table is derived. Its name is a list of parts until the end (design 19 §4). */
export interface DraftOdsColumn {
  readonly parts: readonly string[];
  readonly content: DerivedContent;
  readonly type: OdsType;
  readonly paths: readonly string[];
  readonly isRequired: boolean;
  /** Whether it stands for several paths of the identity that it repeats (design 19 §5.1). */
  readonly isShared: boolean;
  /** Whether the key of the enclosing scope has it. */
  readonly isOfParent: boolean;
  /** Whether its name depends on a role that nothing shows (design 19 §3.2). */
  readonly isGuessed: boolean;
}

/** The facts of a column that stands for a single leaf. */
export const plainColumn = { isShared: false, isOfParent: false, isGuessed: false } as const;

export const columnName = (column: Pick<DraftOdsColumn, 'parts'>) => namesOf(column).name;

/**
 * Names that follow from the parts; many columns share their parts, because a key is repeated in every table below it.
 */
interface ColumnNames {
  readonly name: string;
  /** As SQL Server compares it: two columns of a table cannot differ in letter case alone. */
  readonly compared: string;
  /** All parts, regardless of case. */
  readonly order: string;
}

const namesOf = ({ parts }: Pick<DraftOdsColumn, 'parts'>): ColumnNames => namesOfParts(parts);

const namesOfParts = cachedByObject((parts: readonly string[]): ColumnNames => {
  const name = collapsed(parts);
  return { name, compared: name.toLowerCase(), order: parts.join('').toLowerCase() };
});

/** The order of columns: by all parts, regardless of case (design 19 §5.7). */
export function compareColumns(a: DraftOdsColumn, b: DraftOdsColumn): number {
  const left = namesOf(a).order;
  const right = namesOf(b).order;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Whether a column holds the number of a person, not a value of documents. */
export const isUsi = ({ content }: DraftOdsColumn) => content.kind === 'usi';

/** Two paths that hold one value: `target` names the column. */
export interface EqualPaths {
  readonly source: string;
  readonly target: string;
}

/** The columns of a table while they are collected, by name in lower case and by path. */
export interface ColumnSet {
  readonly byName: Map<string, DraftOdsColumn>;
  /** Names of columns. A path of a person leads to two columns: the unique id, and the number of the person. */
  readonly byPath: Map<string, string>;
}

export const emptyColumns = (): ColumnSet => ({ byName: new Map(), byPath: new Map() });

/** Adds a column, or adds its paths to the known column of the same name, or with a path in common (design 19 §5.3). */
export function addColumn(set: ColumnSet, column: DraftOdsColumn): void {
  const name = comparedName(column);
  const known = set.byName.has(name)
    ? name
    : column.paths.map((path) => set.byPath.get(pathKey(path, isUsi(column)))).find((other) => other !== undefined);
  if (known === undefined) put(set, name, column);
  else join(set, known, column);
}

const comparedName = (column: DraftOdsColumn) => namesOf(column).compared;

const pathKey = (path: string, usi: boolean) => `${path}${usi ? ' usi' : ''}`;

function put({ byName, byPath }: ColumnSet, name: string, column: DraftOdsColumn): void {
  byName.set(name, column);
  for (const path of column.paths) byPath.set(pathKey(path, isUsi(column)), name);
}

/** Adds the paths of `column` to the column of that name. */
function join(set: ColumnSet, name: string, column: DraftOdsColumn): void {
  const before = mustExist(set.byName.get(name), `the column ${name}`);
  put(set, name, {
    ...before,
    paths: [...new Set([...before.paths, ...column.paths])],
    isRequired: before.isRequired || column.isRequired,
    isShared: before.isShared || column.isShared,
  });
}

/** Merges each two columns that hold equal values, as an ODS does (design 19 §5.4), until nothing changes. */
export function mergeColumns(set: ColumnSet, equalities: readonly EqualPaths[]): void {
  const mergeOne = (equality: EqualPaths, usi: boolean): boolean => {
    const names = mergedNames(set, equality, usi);
    if (names === undefined) return false;
    const column = mustExist(set.byName.get(names.leaving), `the column ${names.leaving}`);
    set.byName.delete(names.leaving);
    join(set, names.staying, column);
    return true;
  };
  const isThere = ({ source, target }: EqualPaths, usi: boolean) =>
    set.byPath.has(pathKey(source, usi)) && set.byPath.has(pathKey(target, usi));
  // most paths of a resource are in other tables, so their equalities are skipped
  const possible = equalities.flatMap((equality) =>
    [false, true].flatMap((usi) => (isThere(equality, usi) ? [[equality, usi] as const] : [])),
  );
  const isChanged = () => possible.some(([equality, usi]) => mergeOne(equality, usi));
  while (isChanged());
}

/** Whether a row may lack a value: never, only together with the object around it, or by itself. */
export type Absence = (typeof absences)[number];

const absences = ['never', 'with-object', 'possible'] as const;

/** The column of a leaf before any merge. */
interface LeafColumn {
  readonly column: DraftOdsColumn;
  readonly absence: Absence;
}

/**
 * Gives each column that stands for different values the value that rows lack least easily, and of several the first.
 * The column has the content and the type of that value. A column of the enclosing key keeps its value (design 19
 * §5.3).
 */
export function preferCertain(set: ColumnSet, leafColumns: readonly LeafColumn[], groups: () => GroupOf): void {
  const absenceOf = (path: string, usi: boolean) =>
    Math.min(
      ...leafColumns
        .filter(({ column }) => isUsi(column) === usi && column.paths.includes(path))
        .map(({ absence }) => absences.indexOf(absence)),
    );
  for (const [name, column] of set.byName) {
    const { paths } = column;
    if (column.isOfParent || paths.length < 2) continue;
    const groupOf = groups();
    const ranks = paths.map((path) => absenceOf(path, isUsi(column)));
    const least = paths[ranks.indexOf(Math.min(...ranks))];
    if (least === undefined || groupOf(least) === groupOf(paths[0] ?? '')) continue;
    const chosen = leafColumns.find(
      (each) => each.column.paths.includes(least) && isUsi(each.column) === isUsi(column),
    );
    if (chosen === undefined) continue;
    const { content, type } = chosen.column;
    const [held, others] = partition([...paths], (path) => groupOf(path) === groupOf(least));
    put(set, name, { ...column, content, type, paths: [...held, ...others] });
  }
}

/**
 * The name of the column that disappears, and of the one that takes its paths. Undefined if the paths stay apart, for
 * example because their values cannot be equal.
 */
function mergedNames(set: ColumnSet, { source, target }: EqualPaths, usi: boolean) {
  const from = columnAt(set, source, usi);
  const to = columnAt(set, target, usi);
  if (from === undefined || to === undefined || from === to || !areComparable(from, to)) return undefined;
  const [leaving, staying] = from.isOfParent ? [to, from] : [from, to];
  if (leaving.isOfParent || leaving.isShared || leaving.content.kind === 'schoolYear') return undefined;
  return { leaving: comparedName(leaving), staying: comparedName(staying) };
}

/** Whether two columns can hold equal values: both or neither are descriptors, and both are numbers or of the same type. */
function areComparable(a: DraftOdsColumn, b: DraftOdsColumn): boolean {
  const isDescriptor = ({ content }: DraftOdsColumn) => content.kind === 'descriptor';
  if (isDescriptor(a) !== isDescriptor(b)) return false;
  // two people have different numbers, even if their unique ids are equal
  if (a.content.kind === 'usi' && b.content.kind === 'usi' && !isEqual(a.content, b.content)) return false;
  // a school year may equal an integer of another type
  return a.type.kind === b.type.kind || (isNumber(a.type) && isNumber(b.type));
}

/** The column of a path: the number of a person if `usi`, else the value itself. */
function columnAt({ byName, byPath }: ColumnSet, path: string, usi: boolean): DraftOdsColumn | undefined {
  return byName.get(byPath.get(pathKey(path, usi)) ?? '');
}
