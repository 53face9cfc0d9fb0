import { mustExist, presenceColumnsOf, storedColumn } from '@dms/model';
import type { RowText } from '../verification-dialect.ts';
import { type BehaviourSession, type ObservedChange, outcomeText } from './behaviour-session.ts';
import { type CheckedWorld, checkStamps, ofDocument, rootOf, rowOf, updateText, watched } from './checked-world.ts';
import type { Failures } from './failures.ts';
import type { World, WorldDocument } from './world.ts';
import {
  allOrNones,
  membersOf,
  nullableColumns,
  type RowReference,
  uniqueColumnsOf,
  type WorldTable,
  wrongAliases,
} from './world-tables.ts';

/** The values of columns that are filled together: a reference with its copies, a value with its presence flag. */
type Group = ReadonlyMap<string, string>;

interface OptionalValuesInput {
  readonly session: BehaviourSession;
  readonly failures: Failures;
  readonly world: World;
  /** The row to which an optional reference may refer, by document id of the referring row. */
  readonly targetOf: (reference: RowReference, documentId: number) => RowText | undefined;
}

/** A group to be filled, and the selections that are read from the row afterwards. */
interface Filling {
  readonly table: WorldTable;
  readonly values: Group;
  readonly change: ObservedChange;
}

/** Fills the optional columns of a world, one group after the other, and compares the aliases after each (R11). */
export async function fillOptionalValues(
  input: OptionalValuesInput,
  rowsOf: (entry: WorldDocument, table: WorldTable) => RowText,
): Promise<void> {
  for (const entry of input.world.documents) {
    const fillings = [entry.root, ...entry.filled].flatMap((table) => {
      const where = ofDocument(input, table, entry.documentId);
      const columns = table.table.columns.map((column) => column.name);
      const selections = [{ table: table.table.table, columns, where }];
      return optionalGroups(input, entry, table, rowsOf(entry, table)).map((values): Filling => {
        return { table, values, change: { statements: [updateText(input, table, values, where)], selections } };
      });
    });
    await input.failures.during('R11', entry.label, () => fill(input, fillings));
  }
}

/** The groups of a row that can be filled: they do not require another value in a column that already has one. */
function optionalGroups(input: OptionalValuesInput, entry: WorldDocument, table: WorldTable, before: RowText): Group[] {
  const row = new Map(Object.entries(before));
  const groups: Group[] = [];
  const add = (values: Group) => {
    const isOther = [...values].some(([column, value]) => (row.get(column) ?? value) !== value);
    if (isOther) return;
    const missing = new Map([...values].filter(([column]) => (row.get(column) ?? null) === null));
    if (missing.size === 0) return;
    for (const [column, value] of missing) row.set(column, value);
    groups.push(missing);
  };
  for (const reference of table.optionalReferences) {
    const target = input.targetOf(reference, entry.documentId);
    const copies = reference.copies.flatMap(({ sourceColumn, targetColumn }): [string, string][] => {
      const value = target?.[sourceColumn] ?? null;
      return value === null ? [] : [[targetColumn, value]];
    });
    if (!target || copies.length < reference.copies.length) continue;
    add(
      new Map([
        [reference.documentColumn, mustExist(target.DocumentId, 'the document id of a row')],
        ...copies,
        ...uncopied(input.world, table, reference, row),
      ]),
    );
  }
  const keys = new Set(
    table.table.constraints.flatMap((constraint): readonly string[] => {
      if (constraint.kind === 'ForeignKey') return constraint.columns.length > 1 ? constraint.columns : [];
      return constraint.kind === 'AllOrNoneNullability' ? membersOf(constraint) : [];
    }),
  );
  const unique = uniqueColumnsOf(table.table);
  // one descriptor at a time: an alias may depend on each of them
  for (const column of table.optionalDescriptorColumns)
    if (!keys.has(column)) add(new Map([[column, String(input.world.descriptorId)]]));
  const gates = presenceColumnsOf(table.table.columns);
  const stored = table.table.columns.filter(
    ({ isNullable, storage, kind }) => isNullable && storage.kind === 'Stored' && kind === 'Scalar',
  );
  // values before their presence flags: an alias stays NULL until then
  const { values } = input.world;
  for (const { name, scalarType } of stored)
    if (!gates.has(name) && !keys.has(name) && scalarType !== null && (row.get(name) ?? null) === null)
      add(new Map([[name, unique.has(name) ? values.next(scalarType) : values.nextFree(scalarType)]]));
  for (const { name } of stored) if (gates.has(name)) add(new Map([[name, 'true']]));
  return merged(groups, gates);
}

/**
 * The columns that a reference requires although its key does not have them: the identity of a target that never
 * changes it (design 02 §8). Any value is allowed.
 */
export function uncopied(
  { descriptorId, values }: Pick<World, 'descriptorId' | 'values'>,
  { table }: WorldTable,
  reference: Pick<RowReference, 'documentColumn' | 'copies'>,
  row: ReadonlyMap<string, string | null>,
): [string, string][] {
  const together = allOrNones(table).find(({ fkColumn }) => fkColumn === reference.documentColumn);
  const copied = new Set<string>(reference.copies.map(({ targetColumn }) => targetColumn));
  const found = new Map<string, string>();
  for (const member of together?.dependentColumns ?? []) {
    const name = storedColumn(table, member);
    const column = table.columns.find((each) => each.name === name);
    if (!column || copied.has(name) || found.has(name) || (row.get(name) ?? null) !== null) continue;
    const isId = column.kind === 'DescriptorFk' || column.scalarType === null;
    found.set(name, isId ? String(descriptorId) : values.next(column.scalarType));
  }
  return [...found];
}

/** Fills the values that are not presence flags of an alias together, before the presence flags. */
function merged(groups: readonly Group[], gates: ReadonlySet<string>): Group[] {
  const isPlain = (group: Group) => group.size === 1 && [...group.keys()].every((column) => !gates.has(column));
  const plain = new Map(groups.filter(isPlain).flatMap((group) => [...group]));
  const others = groups.filter((group) => !isPlain(group));
  return plain.size === 0 ? others : [plain, ...others];
}

async function fill(input: OptionalValuesInput, fillings: readonly Filling[]): Promise<void> {
  const { session, failures } = input;
  if (fillings.length === 0) return;
  const namesOf = ({ values }: Filling) => [...values.keys()].join(', ');
  const outcome = await session.attempt(...fillings.map(({ change }) => change));
  if ('code' in outcome) {
    // a refused group is reported, and the other groups are filled
    const [only] = fillings;
    if (only && fillings.length === 1)
      failures.add('R11', `${only.table.name}, ${namesOf(only)}`, 'accepted', outcomeText(outcome));
    else for (const filling of fillings) await fill(input, [filling]);
    return;
  }
  for (const [index, filling] of fillings.entries()) {
    const { table } = filling;
    for (const { column, expected, found } of wrongAliases(table.table, outcome[index]?.[0]?.[0] ?? {}))
      failures.add('R11', `${table.name}.${column} after ${namesOf(filling)}`, expected, found);
  }
}

/** R11: removing a reference or value empties its aliases, leaves others unchanged, and stamps the document. */
export async function checkAbsence(world: CheckedWorld): Promise<void> {
  const { session, failures, full } = world;
  const removals = full.documents.flatMap((entry) =>
    [entry.root, ...entry.filled].flatMap((table) => removalsOf(world, entry, table)),
  );
  const outcomes = await session.trials(removals.map(({ change }) => change));
  for (const [index, { table, documentId, column }] of removals.entries()) {
    const outcome = outcomes[index] ?? [];
    const name = table.name;
    const object = `${name} without ${column}`;
    if ('code' in outcome) {
      failures.add('R11', object, 'accepted', outcomeText(outcome));
      continue;
    }
    const [[row = {}] = [], ...noted] = outcome;
    for (const { column: alias, expected, found } of wrongAliases(table.table, row))
      failures.add('R11', `${name}.${alias} without ${column}`, expected, found);
    checkStamps(world, { check: 'R11', object }, noted, new Map([[documentId, 'content']]));
  }
}

/** The removal of an optional reference or value from a row. */
interface Removal {
  readonly table: WorldTable;
  readonly documentId: number;
  readonly column: string;
  readonly change: ObservedChange;
}

function removalsOf(world: CheckedWorld, entry: WorldDocument, table: WorldTable): Removal[] {
  const { documentId } = entry;
  const row = rowOf(world, table, documentId);
  const { columns, table: name } = table.table;
  const nullable = nullableColumns(table.table);
  const references = allOrNones(table.table);
  // columns that show whether something is present: presence flags, and the document columns of optional references
  const presence = new Set<string>([...presenceColumnsOf(columns), ...references.map(({ fkColumn }) => fkColumn)]);
  return [...presence].flatMap((column): Removal[] => {
    if (!nullable.has(column) || (row?.[column] ?? null) === null) return [];
    const together = references.flatMap((each) => (each.fkColumn === column ? each.dependentColumns : []));
    const removed = new Map([column, ...together.filter((each) => nullable.has(each))].map((each) => [each, null]));
    const where = ofDocument(world, table, documentId);
    const { statements, selections } = watched(world, [updateText(world, table, removed, where)], [rootOf(entry)]);
    const selection = { table: name, columns: columns.map((each) => each.name), where };
    return [{ table, documentId, column, change: { statements, selections: [selection, ...selections] } }];
  });
}
