import { type JsonPath, resourceLabel } from '@dms/api-schema';
import { counted } from '@dms/diagnostics';
import { qualified } from '../full-names.ts';
import type { Column, DbTableName, DocumentReferenceBinding, ResourceModel, Table } from '../model.ts';
import type { RowRules } from '../row-rules.ts';
import { constraintColumns, isStructuralKind, isWrittenByTriggers } from '../table-facts.ts';
import { type InspectedModel, isDescriptorTable } from './inspected-model.ts';

interface UnifiedTable {
  readonly table: Table;
  readonly place: string;
  readonly byName: ReadonlyMap<string, Column>;
  readonly keyNames: ReadonlySet<string>;
  readonly canonicals: ReadonlySet<string>;
  readonly bindings: readonly DocumentReferenceBinding[];
  /** Full-length name of a column. */
  readonly full: (name: string) => string;
}

type ReportFault = (invariant: number, text: string) => void;

/**
 * The findings of the invariants of design 04 §19 that a model alone can show (1–3, 5–9, the outcomes of 10): one line
 * each, starting with the number of the invariant.
 */
export function findInUnifiedColumns(inspected: InspectedModel): string[] {
  const faults: string[] = [];
  const { model, index } = inspected;
  for (const { resource, table } of index.allTables) {
    if (!isTouched(table)) continue;
    const place = qualified(table.table);
    const report: ReportFault = (invariant, text) => faults.push(`${invariant} ${place}: ${text}`);
    const unified: UnifiedTable = {
      table,
      place,
      byName: new Map(table.columns.map((column) => [column.name, column])),
      keyNames: new Set(table.key.columns.map(({ name }) => name)),
      canonicals: new Set(table.keyUnificationClasses.map(({ canonicalColumn }) => canonicalColumn)),
      bindings: inspected.index.bindingsOn(table),
      full: (name) => index.fullNames.column(table.table, name),
    };
    checkStorage(unified, resource !== undefined, report);
    checkClasses(unified, report);
    checkGates(unified, report);
    if (resource) checkConstraints(unified, inspected.rows, report);
    for (const key of inspected.referenceKeysOf(table)) {
      const target = inspected.index.table(key.targetTable)?.table;
      if (target && inspected.isTargetUnique(table, key, target)) continue;
      report(
        8,
        `${key.name} refers to (${key.targetColumns.join(', ')}), which is not a key of ${qualified(key.targetTable)}`,
      );
    }
  }
  for (const resource of model.resources) {
    const label = resourceLabel(resource.resourceKey);
    checkReports(resource, inspected, (invariant, text) => faults.push(`${invariant} ${label}: ${text}`));
  }
  return faults;
}

/**
 * Whether key unification affects a table. If not, design 02 §18 no. 11 and 14 cover its keys, and nothing else needs
 * checking.
 */
function isTouched({ key, columns, constraints, keyUnificationClasses }: Table): boolean {
  return (
    keyUnificationClasses.length > 0 ||
    constraints.some(({ kind }) => kind === 'NullOrTrue') ||
    columns.some(
      ({ kind, storage, sourcePath }, position) =>
        storage.kind !== 'Stored' || (sourcePath === null && position >= key.columns.length && !holdsNoValue(kind)),
    )
  );
}

/** Whether a column has no path because it holds no value of the document. */
const holdsNoValue = (kind: Column['kind']) => isStructuralKind(kind) || isWrittenByTriggers(kind);

/** Invariants 1 and 5 of design 04 §19: the dependencies of an alias, and the kind of a column without a path. */
function checkStorage(
  { table, byName, keyNames, canonicals }: UnifiedTable,
  isResourceTable: boolean,
  report: ReportFault,
): void {
  const position = new Map(table.columns.map(({ name }, index) => [name, index]));
  const gatedBy = new Map<string, number>();
  for (const [own, column] of table.columns.entries()) {
    const { storage, name } = column;
    if (column.isWritable !== (storage.kind === 'Stored' && !isWrittenByTriggers(column.kind)))
      report(1, `${name} is writable although it is an alias, or not although stored`);
    if (storage.kind === 'Stored') continue;
    const canonical = byName.get(storage.canonicalColumn);
    if (canonical?.storage.kind !== 'Stored' || canonical.sourcePath !== null || keyNames.has(canonical.name))
      report(1, `${name} reads from ${storage.canonicalColumn}, which is not a storage-only column`);
    if ((position.get(storage.canonicalColumn) ?? own) >= own) report(1, `${name} stands before its canonical column`);
    if (storage.presenceColumn === null) continue;
    gatedBy.set(storage.presenceColumn, (gatedBy.get(storage.presenceColumn) ?? 0) + 1);
    if (byName.get(storage.presenceColumn)?.storage.kind !== 'Stored') report(1, `the gate of ${name} is not stored`);
    if ((position.get(storage.presenceColumn) ?? own) >= own) report(1, `${name} stands before its gate`);
  }
  if (!isResourceTable) return;
  for (const column of table.columns) {
    if (column.storage.kind !== 'Stored' || column.sourcePath !== null || holdsNoValue(column.kind)) continue;
    const isOwnFlag = isFlag(column) && gatedBy.get(column.name) === 1;
    if (!canonicals.has(column.name) && !isOwnFlag)
      report(5, `${column.name} is neither a canonical column nor one alias's flag`);
  }
}

function isFlag({ kind, scalarType, isNullable, storage, sourcePath }: Column): boolean {
  return (
    kind === 'Scalar' &&
    scalarType?.kind === 'Boolean' &&
    isNullable &&
    storage.kind === 'Stored' &&
    sourcePath === null
  );
}

/** Invariants 2 and 3: classes and their members. */
function checkClasses({ table, byName, canonicals, full }: UnifiedTable, report: ReportFault): void {
  const members = table.keyUnificationClasses.flatMap(({ memberPathColumns }) => memberPathColumns);
  if (new Set(members).size !== members.length) report(2, 'a column is a member twice');
  if (canonicals.size !== table.keyUnificationClasses.length) report(2, 'two classes have one canonical column');
  const aliases = table.columns.filter(({ storage }) => storage.kind === 'UnifiedAlias').map(({ name }) => name);
  if (!sameNames(aliases, members))
    report(2, `aliases ${aliases.join(', ')} are not the members ${members.join(', ')}`);
  if (!isSorted(table.keyUnificationClasses.map(({ canonicalColumn }) => full(canonicalColumn))))
    report(2, 'the classes are not sorted');
  for (const { canonicalColumn, memberPathColumns } of table.keyUnificationClasses) {
    if (memberPathColumns.length < 2) report(2, `${canonicalColumn} has fewer than two members`);
    const columns = memberPathColumns.flatMap((name) => byName.get(name) ?? []);
    if (!isSorted(columns.map(({ name, sourcePath }) => `${sourcePath?.canonical}\n${full(name)}`)))
      report(2, `the members of ${canonicalColumn} are not in order of path and name`);
    const canonical = byName.get(canonicalColumn);
    for (const column of columns) {
      if (column.sourcePath === null || (column.kind !== 'Scalar' && column.kind !== 'DescriptorFk'))
        report(2, `${column.name} is a member, but no value at a path`);
      if (facts(column) !== facts(canonical))
        report(3, `${column.name} and ${canonicalColumn} differ in kind, type or resource`);
      if (column.storage.kind === 'UnifiedAlias' && column.storage.canonicalColumn !== canonicalColumn)
        report(2, `${column.name} reads from another column than its class's ${canonicalColumn}`);
    }
    if (canonical?.isNullable !== columns.every(({ isNullable }) => isNullable))
      report(3, `${canonicalColumn} is nullable although a member is not, or the reverse`);
  }
}

const sameNames = (a: Iterable<string>, b: Iterable<string>) => [...a].sort().join('\n') === [...b].sort().join('\n');

/** Whether the texts are in ascending order; equal texts are allowed. */
function isSorted(texts: readonly string[]): boolean {
  return texts.every((text, index) => {
    const before = texts[index - 1];
    return before === undefined || before <= text;
  });
}

const facts = (column: Column | undefined) =>
  JSON.stringify([column?.kind, column?.scalarType, column?.targetResource]);

/** Invariant 6 and the gate rule of design 04 §9.1. */
function checkGates({ table, byName, bindings }: UnifiedTable, report: ReportFault): void {
  const gateOf = new Map<string, string>();
  for (const binding of bindings)
    for (const { referenceJsonPath } of binding.identityBindings)
      gateOf.set(referenceJsonPath.canonical, binding.fkColumn);
  const flags = new Set<string>();
  let optionalMembers = 0;
  for (const { name, isNullable, sourcePath, storage } of table.columns) {
    if (storage.kind === 'Stored') continue;
    const reference = gateOf.get(sourcePath?.canonical ?? '');
    const gate = storage.presenceColumn;
    if (reference !== undefined) {
      if (gate !== reference) report(6, `${name} is gated by ${gate}, not by its reference's ${reference}`);
    } else if (!isNullable) {
      if (gate !== null) report(6, `${name} is always present but gated by ${gate}`);
    } else {
      optionalMembers += 1;
      const flag = byName.get(gate ?? '');
      if (flag && isFlag(flag)) flags.add(flag.name);
      else report(6, `${name} is optional but gated by ${gate}`);
    }
  }
  const checked = table.constraints.flatMap((constraint) =>
    constraint.kind === 'NullOrTrue' ? [constraint.column] : [],
  );
  if (flags.size !== optionalMembers)
    report(6, `${counted(optionalMembers, 'optional member')} with ${counted(flags.size, 'flag')}`);
  if (!sameNames(checked, flags)) report(6, `checks on ${checked.join(', ')}, flags ${[...flags].join(', ')}`);
}

/** Invariants 7 and 9: the columns of constraints. */
function checkConstraints(
  { table, byName, canonicals, keyNames }: UnifiedTable,
  rows: RowRules,
  report: ReportFault,
): void {
  const isAliasOrFlag = (name: string) => {
    const column = byName.get(name);
    return column?.storage.kind === 'UnifiedAlias' || (column !== undefined && isFlag(column) && !canonicals.has(name));
  };
  const descriptorKeys = new Map<string, number>();
  for (const constraint of table.constraints) {
    if (constraint.kind === 'NullOrTrue') continue;
    const isReferenceKey =
      constraint.kind === 'Unique' &&
      rows.referenceColumn(constraint.columns) === 'DocumentId' &&
      keyNames.has('DocumentId');
    const holdsStoredValues = constraint.kind === 'ForeignKey' || isReferenceKey;
    const isWrong = holdsStoredValues ? isAliasOrFlag : (name: string) => canonicals.has(name);
    for (const name of constraintColumns(constraint).filter(isWrong))
      report(7, `${constraint.name} contains ${holdsStoredValues ? '' : 'the canonical '}${name}`);
    if (constraint.kind === 'ForeignKey' && isDescriptorTable(constraint.targetTable)) {
      if (constraint.columns.length !== 1) report(9, `${constraint.name} has several columns`);
      for (const name of constraint.columns) descriptorKeys.set(name, (descriptorKeys.get(name) ?? 0) + 1);
    }
  }
  for (const { name, kind, storage } of table.columns) {
    const expected = kind === 'DescriptorFk' && storage.kind === 'Stored' ? 1 : 0;
    const count = descriptorKeys.get(name) ?? 0;
    if (count !== expected) report(9, `${name} has ${count} descriptor keys instead of ${expected}`);
  }
}

function checkReports(resource: ResourceModel, inspected: InspectedModel, report: ReportFault): void {
  const { applied, ignored, ignoredByReason, redundant } = resource.keyUnificationDiagnostics;
  const stored = (table: DbTableName, name: string) => {
    const owner = inspected.index.table(table)?.table;
    const column = owner && inspected.index.columnOf(owner, name);
    return column?.storage.kind === 'UnifiedAlias' ? column.storage.canonicalColumn : name;
  };
  for (const entry of applied) {
    const sides = [entry.endpointAColumn, entry.endpointBColumn].map((name) => stored(entry.table, name));
    if (sides.some((side) => side !== entry.canonicalColumn))
      report(
        10,
        `${entry.endpointAColumn} and ${entry.endpointBColumn} are not both stored in ${entry.canonicalColumn}`,
      );
    if (entry.endpointAColumn === entry.endpointBColumn) report(10, `${entry.endpointAColumn} is applied to itself`);
  }
  for (const { endpointAPath, endpointBPath } of [...applied, ...ignored, ...redundant])
    if (endpointAPath.canonical > endpointBPath.canonical)
      report(10, `${endpointAPath.canonical} is not the smaller path`);
  const pair = (entry: { endpointAPath: JsonPath; endpointBPath: JsonPath }) =>
    `${entry.endpointAPath.canonical}\n${entry.endpointBPath.canonical}`;
  const pairs = [applied, ignored, redundant].map((list) => new Set(list.map(pair)));
  for (const entry of [...applied, ...ignored, ...redundant])
    if (pairs.filter((set) => set.has(pair(entry))).length > 1) report(10, `${pair(entry)} has two outcomes`);
  const counted = ignoredByReason.reduce((sum, { count }) => sum + count, 0);
  if (counted !== ignored.length) report(10, `${ignored.length} ignored entries are counted as ${counted}`);
}
