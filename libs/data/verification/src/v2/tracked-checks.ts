import type { CheckedSet } from '@dms/checking';
import { counted } from '@dms/diagnostics';
import type { DocumentStampingTrigger, PersonJoinStep, TrackedChangeTable, TrackedValue } from '@dms/inventory';
import { core, modelIndex, mustExist, qualified, storedColumn, type Table } from '@dms/model';
import { join, type PlainSql, type QualifiedName } from '@dms/sql';
import { groupBy } from '@dms/values';
import {
  namesObject,
  type ObservedChange,
  outcomeText,
  type RowsOf,
  type SelectedRows,
} from '../behaviour/behaviour-session.ts';
import {
  type CheckedWorld,
  fullestDocuments,
  ofDocument,
  rowOf,
  sameTable,
  updateText,
} from '../behaviour/checked-world.ts';
import { nearValues, rareValues } from '../behaviour/column-values.ts';
import { descriptorLengths, recordedLength } from '../behaviour/core-tables.ts';
import { columnsWithoutReferences, stillReferredTo, withoutOptionalReferences } from '../behaviour/deletion-checks.ts';
import { largeVersion } from '../behaviour/document-rows.ts';
import type { Failures } from '../behaviour/failures.ts';
import { canonicalIdentityColumns } from '../behaviour/identity-checks.ts';
import { noKeyLeft } from '../behaviour/keys.ts';
import type { WorldDocument } from '../behaviour/world.ts';
import type { WorldTable } from '../behaviour/world-tables.ts';
import type { RowText, TrialOutcome } from '../verification-dialect.ts';
import { referrersFirst } from './referrers.ts';

/** R14: the rows of the tracked-change tables (design 16 §7.3). */
export class TrackedChecks {
  private readonly tables: readonly TrackedChangeTable[];
  private readonly sources: ReadonlyMap<string, Table>;
  private readonly projections: ReadonlyMap<string, readonly string[]>;
  private readonly failures: Failures;

  constructor({ model, inventory: { trackedChangeTables, triggers } }: CheckedSet, failures: Failures) {
    this.tables = trackedChangeTables;
    this.sources = new Map(modelIndex(model).tables.map(({ key, table }) => [key, table]));
    this.failures = failures;
    this.projections = new Map(
      triggers
        .filter((trigger): trigger is DocumentStampingTrigger => trigger.kind === 'DocumentStamping')
        .map((trigger) => [qualified(trigger.table), trigger.identityProjectionColumns]),
    );
  }

  private count(table: TrackedChangeTable, because: string, rowsOf: RowsOf, expected: number): void {
    const found = counted(rowsOf(table.table).length, 'row');
    this.failures.equal('R14', `${nameOf(table)} after ${because}`, counted(expected, 'row'), found);
  }

  /** Neither the insertion of a row nor a change outside its identity is recorded. */
  none(rowsOf: RowsOf, because: string): void {
    for (const table of this.tables) this.count(table, because, rowsOf, 0);
  }

  /**
   * Whether a record of a row of a table was refused because no person was found for it: few keys leave rows without
   * the rows that lead to their person.
   */
  lacksPerson(source: QualifiedName, outcome: TrialOutcome): boolean {
    return (
      outcome !== null &&
      this.tables.some(
        ({ sourceTable, valueColumns }) =>
          sameTable(source, sourceTable) &&
          valueColumns.some(
            ({ personJoinName, oldColumn }) => personJoinName !== null && namesObject(outcome.message, oldColumn),
          ),
      )
    );
  }

  /** This many changes and deletions of rows of one table are recorded. */
  recorded(because: string, rowsOf: RowsOf, source: QualifiedName, expected: number): void {
    for (const table of this.tables)
      if (sameTable(source, table.sourceTable)) this.count(table, because, rowsOf, expected);
  }

  /**
   * A changed projection is recorded with its first and last values and the version of the document; no other change is
   * recorded. `source` limits the check to the rows of one table.
   */
  keyChanges(because: string, after: RowsOf, before: RowsOf, source?: QualifiedName): void {
    const documents = documentsOf(after);
    const earlier = documentsOf(before);
    for (const table of this.tables) {
      if (source && !sameTable(source, table.sourceTable)) continue;
      const projection = this.projections.get(qualified(table.sourceTable)) ?? [];
      const rows = new Map(before(table.sourceTable).map((row) => [idOf(row), row]));
      const recordsOf = trackedRows(table, after);
      let expected = 0;
      for (const row of after(table.sourceTable)) {
        const id = idOf(row);
        const old = rows.get(id);
        const document = documents.get(id);
        if (!old || !document || table.kind !== 'Resource') continue;
        if (projection.every((column) => old[column] === row[column])) continue;
        const found = recordsOf(document.uuid);
        expected += found.length;
        this.chain(table, because, found, {
          values: [trackedValues(table, old, before), trackedValues(table, row, after)],
          // without the keys between resources, nothing changes after the record
          isExact: source !== undefined,
          versions: [mustExist(earlier.get(id), `the document ${id} before the change`).version, document.version],
        });
      }
      this.count(table, because, after, expected);
    }
  }

  /**
   * The tracked rows of a document form a chain from its values before a change to those after it. Unless the rows are
   * exact, values outside of the projection may be from before or after it: their changes are not recorded (design 16
   * §7.3).
   */
  private chain(
    table: TrackedChangeTable,
    because: string,
    rows: readonly RowText[],
    { values: [from, to], versions: [before, after], isExact }: TrackedKeyChange,
  ): void {
    const { failures } = this;
    const object = `${nameOf(table)} after ${because}`;
    if (rows.length === 0) {
      failures.add('R14', object, `a row from ${text(from)} to ${text(to)}`, 'no row');
      return;
    }
    const isOfKey = table.valueColumns.map((value) => isExact || this.isOfProjection(table, value));
    const compare = (what: string, expected: Values, found: Values) => {
      const isRight = found.every(
        (value, index) =>
          value === expected[index] || (!isOfKey[index] && (value === from[index] || value === to[index])),
      );
      if (!isRight) failures.add('R14', `${object}, ${what}`, text(expected), text(found));
    };
    let last = from;
    for (const row of rows) {
      compare('old values', last, oldValues(table, row));
      last = newValues(table, row);
    }
    compare('new values', to, last);
    // rows below the root may have stamped the document once more
    const found = Number(rows.at(-1)?.ChangeVersion);
    // R17 lets changes draw versions from 1 on
    const start = after < before ? 0 : before;
    const expected = `a version after ${start} and not after ${after}`;
    if (!(found > start && found <= after)) failures.add('R14', `${object}, version`, expected, String(found));
  }

  /** Whether a tracked value is read from the projection of its table, itself or by way of a join. */
  private isOfProjection(table: TrackedChangeTable, value: TrackedValue): boolean {
    const source = qualified(table.sourceTable);
    const owner = this.sources.get(source);
    const stored = (name: string) => (owner ? storedColumn(owner, name) : name);
    return (this.projections.get(source) ?? []).map(stored).includes(stored(sourceOf(table, value)));
  }

  /** A deleted row is recorded with its values and version, unless its document was deleted first. */
  async tombstones(world: CheckedWorld): Promise<void> {
    const { session, selected, documents: rows, rowsOf, failures, spares } = world;
    // a document goes after the documents that refer to it; nothing refers to a spare one
    const ofWorlds = fullestDocuments(world);
    const withSpare = new Set(spares.map(({ label }) => label));
    const referrers = referrersFirst(world, ofWorlds);
    const requiring = referrersFirst(world, ofWorlds, ({ root }) => root.references);
    // only a required reference of a root stays: two documents may refer to each other by the others
    const referredTo = (entry: WorldDocument) => {
      const all = referrers([entry]);
      if (all.length === 1) return { entry, first: [], before: rowsOf, isSpare: false };
      const emptied = ({ table }: WorldTable) => session.deleteText(table.table);
      const first = [
        // the rows of both worlds
        ...all.flatMap(({ root, lower }) => withoutOptionalReferences(world, { root, filled: lower })),
        ...all.flatMap(({ lower }) => lower.toReversed().map(emptied)),
        ...requiring([entry]).flatMap(({ root }) => (root.name === entry.root.name ? [] : [emptied(root)])),
      ];
      const before = rowsWithoutReferences(
        all.map(({ root }) => root),
        rowsOf,
      );
      return { entry, first, before, isSpare: false };
    };
    const trials = [
      ...spares.map((entry) => ({ entry, first: [], before: rowsOf, isSpare: true })),
      ...ofWorlds.filter(({ label }) => !withSpare.has(label)).map(referredTo),
    ];
    const changes = trials.flatMap(({ entry, first, before, isSpare }): Deletion[] => {
      const { root, documentId, label } = entry;
      const table = this.tables.find(({ sourceTable }) => qualified(sourceTable) === root.name);
      const row = rowOf({ rowsOf: before }, root, documentId);
      if (!table || !row) return [];
      const where = ofDocument(world, root, documentId);
      const selections = [
        { table: table.table, columns: selected.columnsOf(table.table) },
        { table: core.document, columns: ['DocumentId', 'DocumentUuid', 'ContentVersion'], where },
      ];
      const deletion = (own: RowText, isRow: boolean, ...statements: readonly PlainSql[]): Deletion => ({
        label,
        table,
        values: trackedValues(table, own, before),
        isRow,
        isPlain: own === row,
        isSpare,
        change: { statements: [...first, ...statements], selections },
      });
      const remove = session.deleteText(root.table.table, where);
      return [
        deletion(row, true, remove),
        deletion(row, false, rows.deleteText(documentId)),
        ...shortTexts(world, entry).map((values) =>
          deletion(
            { ...row, ...values },
            true,
            updateText(world, root, new Map(Object.entries(values)), where),
            remove,
          ),
        ),
      ];
    });
    await this.emptied(world, changes);
    const outcomes = await session.trials(changes.map(({ change }) => change));
    const { foreignKey, unique } = session.dialect.codes;
    for (const [index, { label, table, values, isRow, isPlain, isSpare }] of changes.entries()) {
      const outcome = outcomes[index] ?? [];
      if ('code' in outcome) {
        const source = qualified(table.sourceTable);
        if (outcome.code === foreignKey && !isSpare) failures.leaveOut(`${source}, a deletion`, stillReferredTo);
        else if (outcome.code === unique && !isPlain)
          failures.leaveOut(`${source}, the deletion of keys that other rows have`, noKeyLeft);
        else failures.add('R14', label, 'deleted', outcomeText(outcome));
        continue;
      }
      const [recorded = [], [document] = []] = outcome;
      // a changed key is recorded too, before the deletion
      const found = recorded.filter((each) => isPlain || each.ChangeVersion === document?.ContentVersion);
      const object = `${nameOf(table)}, ${isRow ? 'a deleted row' : 'a deleted document'} of ${label}`;
      const none = values.map(() => null);
      const tombstone = text([...values, ...none, document?.DocumentUuid ?? '', document?.ContentVersion ?? '']);
      const texts = found.map((each) =>
        text([...oldValues(table, each), ...newValues(table, each), each.Id ?? '', each.ChangeVersion ?? '']),
      );
      failures.equal('R14', object, isRow ? [tombstone] : [], texts);
      this.times(world, object, found);
    }
  }

  /** Fails if a row was not written in this transaction. */
  private times({ now }: CheckedWorld, object: string, rows: readonly RowText[]): void {
    if (now === null) return;
    for (const { CreatedAt } of rows) this.failures.equal('R14', `${object}, time`, now, CreatedAt ?? null);
  }

  /** Columns with a value in every tracked row refuse NULL. */
  private async emptied({ session, failures }: CheckedWorld, deletions: readonly Deletion[]): Promise<void> {
    const trials = deletions
      .filter(({ isRow, isPlain }) => isRow && isPlain)
      .flatMap(({ table, isSpare, change }) => {
        const old = table.valueColumns.filter(({ isOldColumnNullable }) => !isOldColumnNullable);
        const columns = [...old.map(({ oldColumn }) => oldColumn), ...table.systemColumns.map(({ column }) => column)];
        return columns.map((column) => {
          const empty = session.updateText(table.table, [session.equal(column, null)]);
          const object = `${nameOf(table)}.${column}`;
          return { object, isSpare, first: join(change.statements, '; '), statement: empty };
        });
      });
    const { foreignKey, notNull } = session.dialect.codes;
    const outcomes = await session.outcomes(trials);
    for (const [index, { object, isSpare }] of trials.entries()) {
      const code = outcomes[index]?.code ?? 'accepted';
      // a document to which others refer stays
      if (code !== foreignKey || isSpare) failures.equal('R14', `${object} without a value`, notNull, code);
    }
  }

  /** The descriptors of the worlds: a deleted row is recorded, with its discriminator. */
  async descriptors(world: CheckedWorld): Promise<void> {
    const { session, documents, failures } = world;
    const table = this.tables.find(({ kind }) => kind === 'SharedDescriptor');
    if (!table) return;
    const { id: key } = mustExist(world.input.model.effectiveSchema.resourceKeys[0], 'a resource key');
    const id = await documents.insert(key);
    const values = world.coreRows.descriptor(id, key, 'Deleted. Value e\u0301 ');
    const longest = new Map([
      ...values,
      ...[...descriptorLengths.keys()].map(
        (name) => [name, 'n'.repeat(recordedLength(world.input.inventory, name))] as const,
      ),
    ]);
    const where = session.equal('DocumentId', id);
    const selections = [
      { table: table.table, columns: [...recordedColumns, 'CreatedAt'] },
      { table: core.document, columns: ['DocumentUuid', 'ContentVersion'], where },
    ];
    const insert = session.insertText(core.descriptor, values);
    const rename = session.updateText(core.descriptor, [session.equal('CodeValue', 'Renamed Value')], where);
    const remove = session.deleteText(core.descriptor, where);
    const restart = session.restartText(core.changeVersionSequence, largeVersion);
    // C17 reports a sequence that cannot count so far
    const [refused] = await session.outcomes([restart]);
    const insertLongest = session.insertText(core.descriptor, longest);
    // `recorded`: the values of the row that the deletion records; none if nothing is recorded
    const trials = [
      { what: 'a renamed descriptor', statements: [insert, rename], recorded: null },
      { what: 'a deleted document of a descriptor', statements: [insert, documents.deleteText(id)], recorded: null },
      { what: 'a deleted descriptor', statements: [insert, remove], recorded: values },
      {
        what: 'a deleted descriptor with long texts and a large version',
        statements: [...(refused ? [] : [restart]), insertLongest, remove],
        recorded: longest,
      },
    ];
    const outcomes = await session.trials(trials.map(({ statements }) => ({ statements, selections })));
    for (const [index, { what, recorded }] of trials.entries()) {
      const outcome = outcomes[index] ?? [];
      const object = `${nameOf(table)}, ${what}`;
      if ('code' in outcome) {
        failures.add('R14', object, 'accepted', outcomeText(outcome));
        continue;
      }
      const [found = [], [document] = []] = outcome;
      const expected = recorded === null ? [] : [tombstoneOf(recorded, document)];
      const rows = found.map((row) => recordedColumns.map((name) => row[name]));
      failures.equal('R14', object, JSON.stringify(expected), JSON.stringify(rows));
      this.times(world, object, found);
    }
    await session.change(documents.deleteText(id));
  }
}

/** The deletion of a row, or of its document, and the values that the record of it must have. */
interface Deletion {
  readonly label: string;
  readonly table: TrackedChangeTable;
  readonly values: Values;
  readonly isRow: boolean;
  /** Whether the row is deleted as it is. */
  readonly isPlain: boolean;
  /** Whether nothing refers to the row. */
  readonly isSpare: boolean;
  readonly change: ObservedChange;
}

/**
 * Values of the identity columns that have no room for all the letters that a record could lose, which the texts of the
 * worlds contain otherwise: the rare texts and those near each other.
 */
function shortTexts({ input }: CheckedWorld, entry: WorldDocument): readonly Readonly<Record<string, string>>[] {
  const columns = canonicalIdentityColumns(entry).flatMap(({ name, scalarType }) => {
    const rare = scalarType === null ? [] : rareValues(scalarType);
    return scalarType === null || rare.length === 0
      ? []
      : [{ name, values: [...rare, ...nearValues(scalarType, false, input.model.dialect)] }];
  });
  const count = Math.max(0, ...columns.map(({ values }) => values.length));
  return Array.from({ length: count }, (_, turn) =>
    Object.fromEntries(columns.map(({ name, values }) => [name, values[turn % values.length] ?? ''])),
  );
}

/** The rows of tables after their optional references were taken away. */
function rowsWithoutReferences(tables: readonly WorldTable[], rowsOf: RowsOf): RowsOf {
  const empty = new Map(
    tables.map((table) => {
      const cleared = new Set(columnsWithoutReferences(table));
      const aliases = table.table.columns.filter(
        ({ storage }) =>
          storage.kind === 'UnifiedAlias' &&
          [storage.canonicalColumn, storage.presenceColumn].some((name) => name !== null && cleared.has(name)),
      );
      const names = [...cleared, ...aliases.map(({ name }): string => name)];
      return [table.name, Object.fromEntries(names.map((name) => [name, null]))] as const;
    }),
  );
  return (table) => rowsOf(table).map((row) => ({ ...row, ...empty.get(qualified(table)) }));
}

const nameOf = ({ table }: TrackedChangeTable): string => qualified(table);

interface DocumentVersion {
  readonly uuid: string;
  readonly version: number;
}

function documentsOf(rowsOf: RowsOf): ReadonlyMap<string, DocumentVersion> {
  return new Map(
    rowsOf(core.document).map((row) => {
      const uuid = mustExist(row.DocumentUuid, `the uuid of the document ${row.DocumentId}`);
      return [idOf(row), { uuid, version: Number(row.ContentVersion) }];
    }),
  );
}

const idOf = ({ DocumentId }: RowText): string => mustExist(DocumentId, 'the document id of a row');

/** Finds the tracked rows of a document by its UUID, oldest first. */
function trackedRows(table: TrackedChangeTable, rowsOf: RowsOf): (uuid: string) => readonly RowText[] {
  const byUuid = groupBy(rowsOf(table.table), ({ Id }) => Id?.toLowerCase());
  return (uuid) =>
    (byUuid.get(uuid.toLowerCase()) ?? []).toSorted(
      (left, right) => Number(left.ChangeVersion) - Number(right.ChangeVersion),
    );
}

type Values = readonly (string | null)[];

const text = (values: Values) => JSON.stringify(values);

/** The values of a row that a tracked row records, in the order of the table. */
const trackedValues = (table: TrackedChangeTable, row: RowText, rowsOf: RowsOf): Values =>
  table.valueColumns.map((value) => trackedValue(table, value, row, rowsOf));

/** The join of a tracked value; undefined if it has none. */
const joinOf = <Join extends { readonly name: string }>(joins: readonly Join[], name: string | null) =>
  name === null
    ? undefined
    : mustExist(
        joins.find((join) => join.name === name),
        `the join ${name}`,
      );

/** The steps from a row of the source table to the person of a tracked value; none if it is another value. */
const personSteps = ({ personJoins }: TrackedChangeTable, { personJoinName }: TrackedValue) =>
  joinOf(personJoins, personJoinName)?.joinPath ?? [];

/** The column of the source table from which a tracked value is read, itself or by way of a join. */
function sourceOf(table: TrackedChangeTable, value: TrackedValue): string {
  const { sourceColumn, canonicalStorageColumn, descriptorJoinName } = value;
  const joined = joinOf(table.descriptorJoins, descriptorJoinName) ?? personSteps(table, value)[0];
  const column = joined?.sourceColumn ?? canonicalStorageColumn ?? sourceColumn;
  return mustExist(column, `the source of ${nameOf(table)}.${value.oldColumn}`);
}

/** The value of a row of the source table that a tracked row records (design 15a §4). */
function trackedValue(table: TrackedChangeTable, value: TrackedValue, row: RowText, rowsOf: RowsOf): string | null {
  const { role, descriptorJoinName } = value;
  const own = row[sourceOf(table, value)] ?? null;
  if (descriptorJoinName !== null) {
    const descriptor = find(rowsOf(core.descriptor), 'DocumentId', own);
    return descriptor?.[role === 'DescriptorNamespace' ? 'Namespace' : 'CodeValue'] ?? null;
  }
  let last: PersonJoinStep | undefined;
  let found = own;
  for (const step of personSteps(table, value)) {
    if (last) found = find(rowsOf(step.sourceTable), last.targetColumn, found)?.[step.sourceColumn] ?? null;
    last = step;
  }
  return found;
}

const find = (rows: readonly RowText[], column: string, value: string | null | undefined): RowText | undefined =>
  value == null ? undefined : rows.find((row) => row[column] === value);

const oldValues = ({ valueColumns }: TrackedChangeTable, row: RowText) =>
  valueColumns.map(({ oldColumn }) => row[oldColumn] ?? null);

const newValues = ({ valueColumns }: TrackedChangeTable, row: RowText) =>
  valueColumns.map(({ newColumn }) => row[newColumn] ?? null);

/** Adds the tracked rows, and the columns from which their values are read. */
export function selectTracked(tables: readonly TrackedChangeTable[], selected: SelectedRows): void {
  if (tables.length > 0) selected.add(core.document, ['DocumentId', 'DocumentUuid', 'ContentVersion']);
  for (const table of tables) {
    selected.add(table.table, columnsOf(table));
    const sources = [
      ...table.valueColumns.map(({ canonicalStorageColumn, sourceColumn }) => canonicalStorageColumn ?? sourceColumn),
      ...table.descriptorJoins.map(({ sourceColumn }) => sourceColumn),
    ];
    selected.add(table.sourceTable, ['DocumentId', ...sources.flatMap((name) => name ?? [])]);
    if (table.descriptorJoins.length > 0) selected.add(core.descriptor, ['DocumentId', 'Namespace', 'CodeValue']);
    for (const { joinPath } of table.personJoins)
      for (const step of joinPath) {
        selected.add(step.sourceTable, [step.sourceColumn]);
        selected.add(step.targetTable, [step.targetColumn]);
      }
  }
}

/** The columns of a tracked-change table. */
const columnsOf = ({ valueColumns, systemColumns }: TrackedChangeTable): readonly string[] => [
  ...valueColumns.flatMap(({ oldColumn, newColumn }) => [oldColumn, newColumn]),
  ...systemColumns.map(({ column }) => column),
];

/** The columns of a tracked row of a descriptor, without its time. */
const recordedColumns = [
  'OldNamespace',
  'OldCodeValue',
  'NewNamespace',
  'NewCodeValue',
  'Discriminator',
  'Id',
  'ChangeVersion',
];

/** The values in these columns of the record of a deleted descriptor. */
function tombstoneOf(descriptor: ReadonlyMap<string, string>, document: RowText | undefined) {
  const [namespace, codeValue, discriminator] = ['Namespace', 'CodeValue', 'Discriminator'].map((column) =>
    mustExist(descriptor.get(column), `the ${column} of a descriptor`),
  );
  const { DocumentUuid = '', ContentVersion = '' } = document ?? {};
  return [namespace, codeValue, null, null, discriminator, DocumentUuid, ContentVersion];
}

/** The values of a document and its versions, before a change and after it. */
interface TrackedKeyChange {
  readonly values: readonly [Values, Values];
  readonly versions: readonly [number, number];
  /** Whether a record has the values of the whole change. */
  readonly isExact: boolean;
}
