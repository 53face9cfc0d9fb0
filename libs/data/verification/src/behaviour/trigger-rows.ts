import type { CheckedSet } from '@dms/checking';
import { type Column, core, isMirroredKind, mustExist, qualified, type Table } from '@dms/model';
import { dialectOf, join, type PlainSql, type SqlDialect, trusted } from '@dms/sql';
import type { IsAble } from '../shapes/column-classes.ts';
import type { ConstrainedTable } from '../verification-dialect.ts';
import { WorldValues } from './column-values.ts';
import { recordedLength } from './core-tables.ts';
import { abstractIdentities } from './derived-rows.ts';
import { type KeyRow, noKeyLeft, type OtherValues, WorldKeys } from './keys.ts';
import {
  changeableColumns,
  descriptorsOfRows,
  keysOfManyRow,
  referenceOf,
  roomIn,
  rowsOfTable,
  turns,
} from './trigger-columns.ts';
import { otherValue, otherValues, valueCount } from './value-domains.ts';
import type { BehaviourContext } from './world.ts';
import {
  type RowReference,
  referenceTargets,
  spreadOver,
  uniqueColumnsOf,
  type WorldResource,
  type WorldTable,
  worldResources,
} from './world-tables.ts';

/** The first value of these rows: greater than every value of the other worlds. */
const firstValue = 300_000;

/** The documents have ids and versions that need 64 bits, so every copy of an id or version must have room for them. */
const firstDocument = 1_000_000_000_000;
const firstVersion = 2_000_000_000_000;

/** The smallest of the ids that no document has. */
const firstUnknownDocument = 1_000_000_000_000_000;

/** The first of other ids that no document has, for statements with many documents. */
const firstOfMany = 2 * firstUnknownDocument;

/** The number of documents that have rows if keys allow it; rows can move to the fourth document. */
export const documentsWithRows = 3;
const documentsOfResource = documentsWithRows + 1;

/**
 * Code values of descriptors, with letters of both cases (also beyond ASCII if the database knows their cases) and with
 * characters that a hash could lose: the separator of a URI, two spaces, a no-break space, a character beyond 16 bits.
 */
const codeValues = {
  ascii: '#First  VALUE\u00a0\u{1F3EB}',
  all: '#Ärger  ÉÑ\u00a0ŁÓDŹ žluťoučký \u{1F3EB}',
} as const;

/** The length of a text in a column: SQL Server counts a character beyond 16 bits twice. */
const lengthIn: Readonly<Record<SqlDialect, (text: string) => number>> = {
  pgsql: (text) => [...text].length,
  mssql: (text) => text.length,
};

/** A text of a certain length that ends with a number below 36, with as much of the letters as there is room for. */
function numbered(letters: string, number: number, room: number, length: (text: string) => number): string {
  const end = number.toString(36);
  const left = room - end.length;
  const kept = [...letters];
  while (length(kept.join('')) > left) kept.pop();
  const beginning = kept.join('');
  return `${beginning}${'x'.repeat(left - length(beginning))}${end}`;
}

/** New values of one column in many rows. */
export interface ManyChanged {
  readonly column: string;
  readonly rows: readonly KeyRow[];
}

/**
 * The number of keys that the rows of three documents, new values for each of them, and a row of another document need.
 */
const keysOfThree = 8;

/**
 * Whether a table is one of a resource whose keys surely have room for rows of three documents. Members of an abstract
 * resource share its keys.
 */
export function holdsThreeDocuments(input: CheckedSet): IsAble {
  const keys = WorldKeys.of(input);
  const sharing = new Map(
    abstractIdentities(input.model, input.inventory).flatMap(({ rule: { from } }) =>
      from.map((table) => [qualified(table), from.length] as const),
    ),
  );
  const able = new Set(
    worldResources(input.model).flatMap(({ root, lower }) =>
      roomIn(keys, root) >= keysOfThree * (sharing.get(root.name) ?? 1) ? [root, ...lower].map(({ name }) => name) : [],
    ),
  );
  return (table) => able.has(table);
}

/** The place of a value: the position of its row, and its turn among the values of that row. */
interface Place {
  readonly position: number;
  readonly turn: number;
}

/** The rows of a table, in the order of their documents; below a root, the first document has two. */
export interface MadeTable {
  readonly table: WorldTable;
  readonly rows: readonly { readonly documentId: number; readonly values: KeyRow }[];
  /** Whether a document, or an enclosing row, can have at most one row. */
  readonly isOnly: boolean;
}

/** The rows on which R17 tries triggers: rows of three documents of each resource, without keys between them. */
export class TriggerRows {
  readonly resources: readonly WorldResource[];
  private readonly given: BehaviourContext;
  private readonly values = new WorldValues(firstValue);
  private keys: WorldKeys;
  private readonly targets: ReturnType<typeof referenceTargets>;
  private readonly types: ReadonlyMap<string, string>;
  private readonly ids = new Map<string, readonly number[]>();
  /** The documents that have rows, by the root table of their resource. */
  private readonly filled = new Map<string, readonly number[]>();
  /** The tables of the documents by which a record of a row finds a person, by the column of the row. */
  private readonly onTheWay: ReadonlyMap<string, string>;
  private descriptors: readonly string[] = [];
  /** The least version that a document has; undefined if others may have been drawn before. */
  leastVersion: number | undefined;
  /** The URIs of the descriptors by document id. */
  uris: ReadonlyMap<string, string> = new Map();

  /** The tables that are tried; null for all of the resources. */
  private readonly chosen: ReadonlySet<string> | null;

  /**
   * The resources with the root tables `others` are tried in addition to those of `chosen` tables or, if each table is
   * tried, to the usual share of resources.
   */
  constructor(
    given: BehaviourContext,
    others: ReadonlySet<string> = new Set(),
    chosen: ReadonlySet<string> | null = null,
  ) {
    this.chosen = chosen;
    this.given = given;
    this.keys = WorldKeys.of(given.input);
    const { model, inventory, catalog } = given.input;
    const resources = worldResources(model);
    // disabling the keys of all tables of a data standard would take as long as all other checks
    const tried = new Set(
      chosen === null
        ? spreadOver(resources)
        : resources.filter(({ root, lower }) => [root, ...lower].some(({ name }) => chosen.has(name))),
    );
    // the record of a changed key may contain values from the row of a person
    const steps = inventory.trackedChangeTables.flatMap(({ personJoins }) =>
      personJoins.flatMap(({ joinPath }) => joinPath),
    );
    this.onTheWay = new Map(
      steps.map(({ sourceTable, sourceColumn, targetTable }) => [
        `${qualified(sourceTable)}.${sourceColumn}`,
        qualified(targetTable),
      ]),
    );
    const joined = new Set(this.onTheWay.values());
    this.resources = resources.filter(
      (each) => tried.has(each) || joined.has(each.root.name) || others.has(each.root.name),
    );
    this.targets = referenceTargets(model, this.resources);
    this.types = new Map(
      catalog.tables.flatMap((table) =>
        table.columns.map((column): [string, string] => [`${qualified(table)}.${column.name}`, column.type]),
      ),
    );
  }

  /** Disables the keys and inserts the documents. False if the role may not do so. */
  async begin(): Promise<boolean> {
    const { session } = this.given;
    if (!(await session.unchecked(this.constraints()))) return false;
    // a sequence that cannot count so far refuses this: C17 reports it, and R17 goes on with smaller versions
    const refused = await session.outcome(session.restartText(core.changeVersionSequence, firstVersion));
    if (refused === null) this.leastVersion = firstVersion;
    await this.makeDescriptors();
    await this.makeDocuments();
    return true;
  }

  /** Whether the triggers of a table are tried. */
  isTried({ name }: WorldTable): boolean {
    return this.chosen === null || this.chosen.has(name);
  }

  /** The tables of a resource that need rows: those that are tried, and those above them. */
  tablesOf({ root, lower }: WorldResource): readonly WorldTable[] {
    const needed = new Set<string>();
    for (const table of lower.toReversed()) {
      if (!this.isTried(table) && !needed.has(table.name)) continue;
      needed.add(table.name);
      if (table.parent) needed.add(qualified(table.parent.targetTable));
    }
    return [root, ...lower.filter(({ name }) => needed.has(name))];
  }

  /** The documents of a resource; the last has no rows. */
  idsOf({ label }: WorldResource): readonly number[] {
    return this.ids.get(label) ?? [];
  }

  /** The keys between resources, and the checks of references. */
  private constraints(): readonly ConstrainedTable[] {
    const { input } = this.given;
    const names = (some: Table['constraints']) => some.map(({ name }): string => name);
    // keys to an abstract identity cascade from there
    const abstracts = input.model.abstractIdentityTables.map(({ table }) => table);
    const own = this.resources.flatMap(({ root, lower }) => [root, ...lower].map(({ table }) => table));
    return [...own, ...abstracts].map(({ table, constraints }) => ({
      table,
      foreignKeys: names(
        constraints.filter((each) => each.kind === 'ForeignKey' && each.targetTable.schema !== core.document.schema),
      ),
      checks: names(constraints.filter(({ kind }) => kind !== 'ForeignKey' && kind !== 'Unique')),
    }));
  }

  /** Removes everything that no transaction rolls back: deletes the rows, and then restores the constraints. */
  async restore(): Promise<void> {
    const { session } = this.given;
    if (session.dialect.checked === null) return;
    await session.change(...this.lowerDeletions(this.resources), session.deleteText(core.document));
    await session.checked(this.constraints());
  }

  /** Statements that delete all rows below the roots of resources. */
  private lowerDeletions(resources: readonly WorldResource[]): readonly PlainSql[] {
    const { session } = this.given;
    return resources.flatMap(({ lower }) => lower.map(({ table }) => session.deleteText(table.table)));
  }

  private async makeDescriptors(): Promise<void> {
    const { session, documents, coreRows, input } = this.given;
    const { sql, literal } = dialectOf[input.model.dialect];
    const [row] = await session.query<{ lower: string }>(sql`SELECT lower(${literal('É')}) AS lower`);
    const keyId = mustExist(input.model.effectiveSchema.resourceKeys[0], 'a resource').id;
    const made: [string, string][] = [];
    const { dialect } = input.model;
    const codeValue = codeValues[row?.lower === 'é' ? 'all' : 'ascii'];
    for (let index = 0; index < descriptorsOfRows; index += 1) {
      const id = await documents.insert(keyId);
      // as long as the columns allow, because records of a key must have room for them
      const own = numbered(codeValue, index, recordedLength(input.inventory, 'CodeValue'), lengthIn[dialect]);
      const room = recordedLength(input.inventory, 'Namespace');
      const namespace = `uri://verification/${index}/`.padEnd(room, 'x').slice(0, room);
      const values = new Map([
        ...coreRows.descriptor(id, keyId, own),
        ['Namespace', namespace],
        ['Uri', `${namespace}#${own}`],
      ]);
      await session.change(session.insertText(core.descriptor, values));
      made.push([String(id), mustExist(values.get('Uri'), 'the URI of a descriptor')]);
    }
    this.descriptors = made.map(([id]) => id);
    this.uris = new Map(made);
  }

  private async makeDocuments(): Promise<void> {
    const { session, documents } = this.given;
    const uuids = this.resources.map((entry) => ({
      entry,
      uuids: Array.from({ length: documentsOfResource }, () => documents.nextUuid()),
    }));
    await session.change(
      ...uuids.flatMap(({ entry, uuids: own }, index) =>
        own.map((uuid, position) =>
          documents.insertText(
            uuid,
            entry.resource.resourceKey.id,
            firstDocument + index * documentsOfResource + position,
          ),
        ),
      ),
    );
    const rows = await session.rows({ table: core.document, columns: ['DocumentId', 'DocumentUuid'] });
    const byUuid = new Map(rows.map((row) => [row.DocumentUuid?.toLowerCase(), Number(row.DocumentId)]));
    for (const { entry, uuids: own } of uuids)
      this.ids.set(
        entry.label,
        own.map((uuid) => byUuid.get(uuid) ?? Number.NaN),
      );
  }

  /** Documents to which a reference may refer, at a place of a column. */
  private *documentsFor(entry: WorldTable, { target }: RowReference, isKey: boolean, at: Place): Iterable<string> {
    const { position, turn } = at;
    const place = placeOf(at);
    const [found] = this.targets.get(qualified(target)) ?? [];
    const ids = (found && this.ids.get(found.label)?.slice(0, -1)) ?? [];
    // values that a root row copies from the documents that it refers to change with them
    const isUnlike = entry.parent || isKey || position >= ids.length;
    yield String(ids[isUnlike ? place : (position + turn) % ids.length] ?? firstUnknownDocument + place);
    yield* ids.map(String);
    for (let more = 1; more <= rowsOfTable; more += 1)
      yield String(firstUnknownDocument + place + more * rowsOfTable * turns);
  }

  /** Values of a column for a row, the best first: different ones for each row, and for each turn. */
  private *valuesOf(entry: WorldTable, column: Column, at: Place): Iterable<string> {
    const place = placeOf(at);
    if (column.kind === 'DescriptorFk') {
      yield this.descriptors[place] ?? '0';
      yield* this.descriptors;
      return;
    }
    const reference = referenceOf(entry, column);
    if (reference) yield* this.documentsFor(entry, reference, isKeyAlone(entry.table, column), at);
    else if (!column.scalarType) yield String(place);
    else {
      yield column.scalarType.kind === 'Boolean'
        ? at.turn % 2 === 0
          ? 'true'
          : 'false'
        : this.values.next(column.scalarType);
      yield* otherValues(column.scalarType, this.values);
    }
  }

  private othersAt(entry: WorldTable, at: Place): OtherValues {
    const columns = new Map<string, Column>(entry.table.columns.map((column) => [column.name, column]));
    return (name) => this.valuesOf(entry, mustExist(columns.get(name), `the column ${name}`), at);
  }

  /** Whether the keys of a root table have no room for another row. */
  isFull({ root }: WorldResource): boolean {
    return roomIn(this.keys, root) <= 0;
  }

  /**
   * Lets `work` try the rows of `tables` without the documents of `others`, whose keys are then free. Afterwards
   * everything is as it was.
   */
  async without(
    others: readonly WorldResource[],
    tables: Iterable<MadeTable>,
    work: () => Promise<void>,
  ): Promise<void> {
    const { session, input } = this.given;
    const ids = others.flatMap((each) => this.idsOf(each));
    const documents = session.deleteText(core.document, session.among('DocumentId', ids));
    const all = this.keys;
    this.keys = WorldKeys.of(input);
    for (const { table, rows } of tables)
      this.keep(
        table,
        rows.map(({ values }) => values),
      );
    try {
      await session.undone([...this.lowerDeletions(others), documents], work);
    } finally {
      this.keys = all;
    }
  }

  /** The documents that can have rows of their own: three if the keys allow it, otherwise only the middle one. */
  documentsWithRows(entry: WorldResource): readonly number[] {
    const ids = this.idsOf(entry).slice(0, -1);
    const { root } = entry;
    const room = roomIn(this.keys, root);
    const all = room >= keysOfThree;
    if (!all) this.given.failures.leaveOut(`${root.name}, rows of three documents`, noKeyLeft);
    const found = all ? ids : room > 0 ? ids.slice(1, 2) : [];
    this.filled.set(root.name, found);
    return found;
  }

  /** The values of a row, which copies key values of the row that encloses it; null if its keys have none left. */
  private rowOf(
    entry: WorldTable,
    { documentId, at }: { readonly documentId: number; readonly at: Place },
    keys: WorldKeys,
    parent?: KeyRow,
  ): KeyRow | null {
    const values = new Map<string, string | null>();
    const own: string[] = [];
    for (const column of entry.table.columns) {
      const { name, storage, kind } = column;
      if (storage.kind !== 'Stored' || isMirroredKind(kind)) continue;
      const repeated = entry.parent?.targetColumns[(entry.parent.columns as readonly string[]).indexOf(name)];
      const inherited = repeated === undefined ? undefined : parent?.get(repeated);
      if (name === 'DocumentId' || name === entry.documentColumn) values.set(name, String(documentId));
      else if (inherited) values.set(name, inherited);
      else {
        const [value = null] = this.valuesOf(entry, column, at);
        values.set(name, value);
        own.push(name);
      }
    }
    const { table } = entry.table;
    return keys.free(table, values, keys.bestFirst(table, own), this.othersAt(entry, at));
  }

  /** Rows of the documents in one statement, two of the first document if it may have several. */
  private rowsFor(
    entry: WorldTable,
    ids: readonly number[],
    keys: WorldKeys,
    { parents, turn }: { readonly parents: MadeTable | undefined; readonly turn: number },
  ): MadeTable {
    const above = new Set<string>([entry.documentColumn, ...(entry.parent?.columns ?? [])]);
    const isOnly = entry.table.key.columns.every(({ name }) => above.has(name));
    const [first] = ids;
    const order = isOnly || first === undefined || ids.length < documentsWithRows ? ids : [first, ...ids];
    const rows = order.flatMap((documentId, position) => {
      const parent = parents?.rows.find((row) => row.documentId === documentId);
      if (parents && !parent) return [];
      const values = this.rowOf(entry, { documentId, at: { position, turn } }, keys, parent?.values);
      if (values) keys.add(entry.table.table, values);
      else this.given.failures.leaveOut(`${entry.name}, rows of several documents`, noKeyLeft);
      return values ? [{ documentId, values }] : [];
    });
    return { table: entry, rows, isOnly };
  }

  made(entry: WorldTable, ids: readonly number[], parents: MadeTable | undefined): MadeTable {
    return this.rowsFor(entry, ids, this.keys, { parents, turn: 0 });
  }

  /** Further rows for a trial. */
  madeAgain(entry: WorldTable, ids: readonly number[], parents: MadeTable | undefined): MadeTable {
    return this.rowsFor(entry, ids, this.keys.trial(), { parents, turn: 1 });
  }

  /** A row of the last document, within `parent`; it refers to documents to which no other row refers. */
  madeLast(entry: WorldTable, ids: readonly number[], parent?: KeyRow): MadeTable | null {
    const documentId = ids.at(-1) ?? Number.NaN;
    const at = { position: ids.length - 1, turn: 0 };
    const values = this.rowOf(entry, { documentId, at }, this.keys.trial(), parent);
    return values && { table: entry, rows: [{ documentId, values }], isOnly: true };
  }

  insertText({ table, rows }: MadeTable): PlainSql {
    return this.given.session.insertRowsText(
      table.table.table,
      rows.map(({ values }) => ({ values, expressions: new Map() })),
    );
  }

  /**
   * A row for each of many documents, with values in required columns and in key columns; fewer rows if the keys have
   * no more values. An id that is repeated gets as many rows as the keys allow.
   */
  many(entry: WorldTable, ids: readonly number[]): readonly KeyRow[] {
    const { table } = entry.table;
    const held = uniqueColumnsOf(entry.table);
    const keys = this.keys.trial();
    const rows: KeyRow[] = [];
    const most = entry.parent ? ids.length : Math.min(ids.length, Math.floor(roomIn(this.keys, entry) / keysOfManyRow));
    const counts = new Map<number, number>();
    let full: number | undefined;
    for (const [index, documentId] of ids.slice(0, most).entries()) {
      if (documentId === full) continue;
      const values = new Map<string, string | null>();
      const own: string[] = [];
      const ordinal = counts.get(documentId) ?? 0;
      for (const column of entry.table.columns) {
        const { name, storage, kind, isNullable } = column;
        if (storage.kind !== 'Stored' || isMirroredKind(kind) || (isNullable && !held.has(name))) continue;
        if (name === 'DocumentId' || name === entry.documentColumn) values.set(name, String(documentId));
        else {
          values.set(name, this.valueAmongMany(entry, column, { index, ordinal }));
          own.push(name);
        }
      }
      const others = (name: string): Iterable<string> => this.otherValuesOf(entry, name);
      const row = keys.free(table, values, keys.bestFirst(table, own), others);
      if (row === null && ordinal === 0) break;
      if (row === null) full = documentId;
      else {
        keys.add(table, row);
        rows.push(row);
        counts.set(documentId, ordinal + 1);
      }
    }
    return rows;
  }

  /**
   * Reserves the keys of rows. Derived rows stay with their document, and members of an abstract resource share its
   * key.
   */
  keep({ table }: WorldTable, rows: readonly KeyRow[]): void {
    for (const row of rows) this.keys.add(table.table, row);
  }

  /**
   * A document on the way from a row to a person: one with a row, because without a person nothing can be recorded;
   * undefined for other columns.
   */
  private towardsPerson({ table: { table } }: WorldTable, { name }: Column, index: number): number | undefined {
    const target = this.onTheWay.get(`${qualified(table)}.${name}`);
    const ids = (target === undefined ? undefined : this.filled.get(target)) ?? [];
    return ids[index % ids.length];
  }

  /** A value for the row at `index` of all rows, and at `ordinal` of the rows of its document. */
  private valueAmongMany(
    entry: WorldTable,
    column: Column,
    { index, ordinal }: { readonly index: number; readonly ordinal: number },
  ): string {
    if (column.kind === 'DescriptorFk') return this.descriptors[index % this.descriptors.length] ?? '0';
    if (column.kind === 'Ordinal') return String(ordinal);
    const towards = this.towardsPerson(entry, column, index);
    if (towards !== undefined) return String(towards);
    if (!column.scalarType || referenceOf(entry, column)) return String(firstOfMany + index);
    return this.values.next(column.scalarType);
  }

  private otherValuesOf({ table }: WorldTable, name: string): Iterable<string> {
    const column = table.columns.find((each) => each.name === name);
    if (column?.kind === 'DescriptorFk') return this.descriptors;
    return column?.scalarType ? otherValues(column.scalarType, this.values) : [];
  }

  /** New values for the best column of the identity in all of many rows; null if the keys have none. */
  manyChanged(entry: WorldTable, rows: readonly KeyRow[], identity: readonly string[]): ManyChanged | null {
    const { table } = entry.table;
    const parts = changeableColumns(entry).filter(({ name, kind }) => kind === 'Scalar' && identity.includes(name));
    const [best] = this.bestOf(entry, parts);
    if (!best) return null;
    const keys = this.keys.trial();
    for (const row of rows) keys.add(table, row);
    const changed: KeyRow[] = [];
    for (const row of rows) {
      const other = keys.changed(table, row, [best.name], (name) => this.otherValuesOf(entry, name));
      if (other === null) {
        this.given.failures.leaveOut(`${entry.name}, other values of ${best.name} in many rows`, noKeyLeft);
        return null;
      }
      keys.add(table, other);
      changed.push(other);
    }
    return { column: best.name, rows: changed };
  }

  /**
   * An assignment that changes each of many rows of a table below a root, to a value that none of them has; null if
   * there is none.
   */
  manyAssigned(entry: WorldTable, rows: readonly KeyRow[]): PlainSql | null {
    const { session } = this.given;
    const { sql, id, literal } = session.rules;
    const held = uniqueColumnsOf(entry.table);
    const columns = entry.table.columns.filter(
      ({ name, storage, kind }) => storage.kind === 'Stored' && kind === 'Scalar' && !held.has(name),
    );
    const position = entry.table.columns.find(({ kind, name }) => kind === 'Ordinal' && name !== entry.documentColumn);
    if (position) return session.equal(position.name, sql`${id(position.name)} + ${literal(rows.length)}`);
    for (const { name, scalarType } of columns) {
      const taken = new Set(rows.map((row) => row.get(name) ?? null));
      if (!scalarType || taken.size >= valueCount(scalarType)) continue;
      return session.equal(name, otherValue(scalarType, this.values, taken));
    }
    return null;
  }

  /** An update of columns in rows of some documents; each row gets its own values. */
  private updateText({ table, rows }: MadeTable, columns: readonly Column[], changed: ReadonlyMap<KeyRow, KeyRow>) {
    const { session } = this.given;
    const { sql, literal, cast } = session.rules;
    const assignments = columns.map((column) => {
      const place = `${table.name}.${column.name}`;
      const type = trusted(mustExist(this.types.get(place), `the type of ${place}`));
      const arms = [...changed].map(([row, values]) => {
        const key = table.table.key.columns.map(({ name }) => session.equal(name, row.get(name) ?? null));
        const value = literal(values.get(column.name) ?? null);
        return sql`WHEN ${join(key, ' AND ')} THEN ${cast(value, type)}`;
      });
      return session.equal(column.name, sql`CASE ${join(arms, ' ')} END`);
    });
    const ids = rows.flatMap(({ documentId, values }) => (changed.has(values) ? [documentId] : []));
    return session.updateText(table.table.table, assignments, session.among(table.documentColumn, [...new Set(ids)]));
  }

  /**
   * Updates of columns that give the row of each document new values, one statement for each group of documents. Null
   * if the keys have no values for them.
   */
  updates(
    made: MadeTable,
    columns: readonly Column[],
    groups: readonly (readonly number[])[],
  ): readonly PlainSql[] | null {
    const { table, rows } = made;
    const keys = this.keys.trial();
    const names = columns.map(({ name }): string => name);
    const statements: PlainSql[] = [];
    for (const ids of groups) {
      const changed = new Map<KeyRow, KeyRow>();
      for (const [position, { documentId, values }] of rows.entries()) {
        if (!ids.includes(documentId)) continue;
        const others = this.othersAt(table, { position, turn: 1 });
        const row = keys.changed(table.table.table, values, names, others);
        if (row === null) {
          this.given.failures.leaveOut(`${table.name}, other values of ${names.join(', ')}`, noKeyLeft);
          return null;
        }
        keys.add(table.table.table, row);
        changed.set(values, row);
      }
      if (changed.size === 0) return null;
      statements.push(this.updateText(made, columns, changed));
    }
    return statements;
  }

  /** An update that sets columns back to the values that they had at the start. */
  back(made: MadeTable, columns: readonly Column[], documentId: number): PlainSql {
    const own = made.rows.filter((row) => row.documentId === documentId);
    return this.updateText(made, columns, new Map(own.map(({ values }) => [values, values])));
  }

  /**
   * The values that a row must change to move to another document, where its keys must be free; null if there are none.
   */
  moved(
    { table }: MadeTable,
    row: KeyRow,
    { own, columns }: { readonly own: KeyRow; readonly columns: readonly string[] },
  ): KeyRow | null {
    const name = table.table.table;
    const others = this.othersAt(table, { position: rowsOfTable, turn: 1 });
    const free = this.keys.free(name, new Map([...row, ...own]), this.keys.bestFirst(name, columns), others, row);
    if (free === null) this.given.failures.leaveOut(`${table.name}, a row moved to another document`, noKeyLeft);
    return free && new Map([...free].filter(([column, value]) => row.get(column) !== value));
  }

  /** Columns in the order in which they keep keys apart, the best first. */
  bestOf({ table }: WorldTable, columns: readonly Column[]): readonly Column[] {
    const byName = new Map(columns.map((column): [string, Column] => [column.name, column]));
    return this.keys.bestFirst(table.table, [...byName.keys()]).flatMap((name) => byName.get(name) ?? []);
  }

  /** The values, of some that are near each other, that a column of a row can have. */
  possible<Value extends string | null>(
    { table }: MadeTable,
    row: KeyRow,
    column: string,
    values: readonly Value[],
  ): readonly Value[] {
    const name = table.table.table;
    const free = values.filter((value) => this.keys.isFree(name, new Map([...row, [column, value]]), row));
    if (free.length < values.length)
      this.given.failures.leaveOut(`${table.name}.${column}, values that other rows have`, noKeyLeft);
    return free.filter(
      (value, index) => index === 0 || !this.keys.isSame(name, column, value, free[index - 1] ?? null),
    );
  }

  /** Whether a row has these values. */
  isSame({ table }: MadeTable, row: KeyRow, values: KeyRow): boolean {
    return [...values].every(([column, value]) =>
      this.keys.isSame(table.table.table, column, value, row.get(column) ?? null),
    );
  }

  /** Whether a row can have these values. */
  isPossible({ table }: MadeTable, row: KeyRow, values: KeyRow): boolean {
    return this.keys.isFree(table.table.table, new Map([...row, ...values]), row);
  }
}

const placeOf = ({ position, turn }: Place) => position + turn * rowsOfTable;

/** Whether a unique constraint consists of this column only. */
const isKeyAlone = ({ constraints }: Table, { name }: Column): boolean =>
  constraints.some((each) => each.kind === 'Unique' && each.columns.length === 1 && each.columns[0] === name);
