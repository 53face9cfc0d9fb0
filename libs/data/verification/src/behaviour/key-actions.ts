import { append } from '@dms/diagnostics';
import { core, type DbTableName, type ForeignKeyConstraint, mustExist, qualified } from '@dms/model';
import { empty, join, type PlainSql, type QualifiedName } from '@dms/sql';
import { groupBy } from '@dms/values';
import type { ConstrainedTable, RowText, Selection } from '../verification-dialect.ts';
import { type BehaviourSession, type ObservedChange, outcomeText } from './behaviour-session.ts';
import { type CheckedWorld, rowOf, sameTable } from './checked-world.ts';
import { documentFacts } from './core-tables.ts';
import type { Failures } from './failures.ts';
import type { WorldDocument } from './world.ts';
import { foreignKeysOf, spreadOver, type WorldTable } from './world-tables.ts';

/*
 * The effect of a foreign key on a row whose target is deleted or gets another id. If one of many keys refuses that,
 * the statement shows nothing about the others. A statement that also inserts the target again, as it was, is
 * different: at its end every key without an action finds the target, and only keys with an action have changed a row.
 * So one statement tries all keys of a target, also those that share a column with another key.
 */

/** A key, and the table whose rows in the full world have it. */
interface ReferringKey {
  readonly key: ForeignKeyConstraint;
  readonly table: DbTableName;
  readonly documentColumn: string;
}

/** A foreign key to `dms.Document`, and its column. */
interface DocumentKey {
  readonly name: string;
  readonly table: QualifiedName;
  readonly column: string;
}

interface RemadeDocuments {
  readonly session: BehaviourSession;
  readonly failures: Failures;
  /** The id of the check. */
  readonly check: string;
  readonly ids: readonly number[];
  readonly keys: readonly DocumentKey[];
  /** The columns of `dms.Document` in the generation, without the id. */
  readonly columns: readonly string[];
}

/**
 * One statement gives documents other ids and inserts them again as they were: every key finds its target, so it must
 * not have changed a row. Does nothing if the dialect has no such statement.
 */
export async function checkRemadeDocuments(given: RemadeDocuments): Promise<void> {
  const { session, failures, check, ids, keys, columns } = given;
  const { remaking } = session.dialect;
  if (remaking === null || ids.length === 0) return;
  const among = (column: string) => session.among(column, ids);
  const selections = keys.map(({ table, column }) => ({ table, columns: [column], where: among(column) }));
  const where = among('DocumentId');
  const update = session.rules.sql`UPDATE ${core.document} SET "DocumentId" = DEFAULT WHERE ${where}`;
  const list = ['DocumentId', ...columns];
  const statement = remaking.statement(core.document, update, list, where);
  const checks = Object.keys(documentFacts.uniques);
  await session.remaking([{ table: core.document, checks, foreignKeys: [] }], async () => {
    const [before, [after = []]] = [
      await session.rowsOfEach(selections),
      await session.trials([{ statements: [statement], selections }]),
    ];
    if ('code' in after) {
      failures.add(check, 'dms.Document with another id, and made again', 'accepted', outcomeText(after));
      return;
    }
    for (const [index, { name }] of keys.entries())
      failures.equal(
        check,
        `${name}: rows of documents that get another id and are made again`,
        before[index]?.length ?? 0,
        after[index]?.length ?? 0,
      );
  });
}

/**
 * R16: one statement deletes a target, or gives it another id, and inserts it again as it was; the rows that refer to
 * it stay as they were, unless a key cascades (design 09b §2.3). Only if the dialect has such a statement.
 */
export async function checkKeyActions(world: CheckedWorld): Promise<void> {
  const { session, failures } = world;
  const { remaking } = session.dialect;
  if (remaking === null) return;
  const actions = new KeyActions(world);
  const targets = actions.targets();
  await session.remaking(actions.inTheWay(targets), async () => {
    const trials = targets.flatMap((target) => actions.trialsOf(target));
    const outcomes = await session.trials(trials.map(({ change }) => change));
    for (const [index, { object, what, expected }] of trials.entries()) {
      const outcome = outcomes[index] ?? [];
      if ('code' in outcome) {
        failures.add('R16', `${object}, ${what}`, 'accepted', outcomeText(outcome));
        continue;
      }
      for (const [place, { name, count }] of expected.entries())
        failures.equal('R16', `${name}: ${object} ${what}`, count, outcome[place]?.length ?? 0);
    }
  });
  const columns = actions.columnsOf(core.document).filter((name) => name !== 'DocumentId');
  await checkRemadeDocuments({ session, failures, check: 'R16', ...actions.documents(), columns });
}

/** A row to which others refer. */
interface KeyTarget {
  readonly table: DbTableName;
  readonly row: RowText;
  /** The document with which rows of other tables are deleted; null if none is deleted with this row. */
  readonly documentId: number | null;
  /** The column that gets a new value. */
  readonly moved: string;
  /** The row to which the moved column of this row refers: it needs a copy with the new value. */
  readonly base: KeyTarget | null;
  readonly referrers: readonly ReferringKey[];
}

/**
 * The change that one statement makes to a target, and the number of rows of each key that must still refer to it
 * afterwards.
 */
interface Trial {
  readonly object: string;
  readonly what: string;
  readonly change: ObservedChange;
  readonly expected: readonly { readonly name: string; readonly count: number }[];
}

/** A position or key that no row of a world has. */
const unusedId = 1_000_000_077;

interface KeyColumns {
  readonly name: string;
  readonly columns: readonly string[];
}

class KeyActions {
  private readonly world: CheckedWorld;
  /** By the qualified name of the target. */
  private readonly referrers: ReadonlyMap<string, readonly ReferringKey[]>;
  private readonly uniques: ReadonlyMap<string, readonly KeyColumns[]>;
  /** Unique indexes that belong to no constraint. */
  private readonly uniqueIndexes: ReadonlyMap<string, readonly KeyColumns[]>;
  private readonly columns: ReadonlyMap<string, readonly string[]>;

  constructor(world: CheckedWorld) {
    this.world = world;
    const { catalog } = world.input;
    this.uniques = new Map(catalog.tables.map((table) => [qualified(table), table.uniques]));
    this.uniqueIndexes = new Map(
      catalog.tables.map((table) => [qualified(table), table.indexes.filter(({ unique }) => unique)]),
    );
    this.columns = new Map(
      catalog.tables.map((table) => [
        qualified(table),
        table.columns.flatMap(({ name, generated }) => (generated === null ? [name] : [])),
      ]),
    );
    const referrers = world.full.documents.flatMap(({ root, filled }) =>
      [root, ...filled].flatMap(({ table, documentColumn }) =>
        foreignKeysOf(table).map((key): ReferringKey => ({ key, table: table.table, documentColumn })),
      ),
    );
    this.referrers = groupBy(referrers, ({ key }) => qualified(key.targetTable));
  }

  private referrersOf = (table: DbTableName): readonly ReferringKey[] => this.referrers.get(qualified(table)) ?? [];

  /** The targets of the keys of the full world. */
  targets(): readonly KeyTarget[] {
    const { world } = this;
    const { input, full, sparse } = world;
    const ofItself = (table: DbTableName, row: RowText): KeyTarget => {
      return { table, row, documentId: null, moved: 'DocumentId', base: null, referrers: this.referrersOf(table) };
    };
    const found = [full, sparse].map(({ descriptorId, descriptorKeyId }) =>
      ofItself(core.descriptor, { DocumentId: String(descriptorId), ResourceKeyId: String(descriptorKeyId) }),
    );
    for (const { table } of input.model.abstractIdentityTables)
      append(
        found,
        world.rowsOf(table.table).map((row) => ofItself(table.table, row)),
      );
    for (const { documents } of [full, sparse])
      for (const document of spreadOver(documents)) append(found, this.targetsIn(document));
    return this.needed(found);
  }

  /** The rows of a document that keys refer to. */
  private targetsIn({ documentId, root, filled }: WorldDocument): readonly KeyTarget[] {
    const own = new Map<string, KeyTarget>();
    for (const entry of [root, ...filled]) {
      const target = this.targetOf(entry, documentId, own);
      if (target) own.set(entry.name, target);
    }
    return [...own.values()];
  }

  /** The targets without those whose keys are already tried with earlier targets. */
  private needed(targets: readonly KeyTarget[]): readonly KeyTarget[] {
    const shown = new Set<ForeignKeyConstraint>();
    return targets.filter((target) => {
      const further = target.referrers.filter(({ key }) => !shown.has(key));
      const showing = further.filter((each) => {
        const without = each.key.onDelete === 'NoAction' ? target.documentId : null;
        return this.count(target, each, without) > 0;
      });
      for (const { key } of showing) shown.add(key);
      return showing.length > 0;
    });
  }

  /** The target in a table of a document; `own` are the targets of the tables above it. */
  private targetOf(entry: WorldTable, documentId: number, own: ReadonlyMap<string, KeyTarget>): KeyTarget | undefined {
    const row = rowOf(this.world, entry, documentId);
    if (!row) return undefined;
    const { table, parent, documentColumn } = entry;
    // a row of a collection has a key or a position beside its document
    const ids = table.key.columns.map(({ name }): string => name);
    const moved = ids.findLast((name) => name !== documentColumn) ?? documentColumn;
    const isPart = parent?.columns.some((name) => name === moved) ?? false;
    return {
      table: table.table,
      row,
      documentId,
      moved,
      base: (isPart && parent && own.get(qualified(parent.targetTable))) || null,
      referrers: this.referrersOf(table.table),
    };
  }

  /** The tables whose triggers and unique constraints prevent a second row like another. */
  inTheWay(targets: readonly KeyTarget[]): readonly ConstrainedTable[] {
    const withOthers = (all: ReadonlyMap<string, readonly KeyColumns[]>, { table, moved }: KeyTarget) =>
      (all.get(qualified(table)) ?? []).filter(({ columns }) => !columns.includes(moved));
    const moved = new Map(targets.map((target) => [qualified(target.table), target]));
    for (const { base } of targets) if (base) moved.set(qualified(base.table), base);
    return [...moved.values()].map((target) => ({
      table: target.table,
      foreignKeys: [],
      checks: withOthers(this.uniques, target).map(({ name }) => name),
      uniqueIndexes: withOthers(this.uniqueIndexes, target).map(({ name }) => ({ schema: target.table.schema, name })),
    }));
  }

  private where(values: ReadonlyMap<string, string | null>): PlainSql {
    return join(
      [...values].map(([name, value]) => this.world.session.equal(name, value)),
      ' AND ',
    );
  }

  /** The condition that selects a target. */
  private whereTarget({ row, moved, referrers }: KeyTarget): PlainSql {
    const names = new Set([moved, ...referrers.flatMap(({ key }): readonly string[] => key.targetColumns)]);
    return this.where(new Map([...names].flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]]))));
  }

  private rowsThatName(
    { row }: KeyTarget,
    { key, table, documentColumn }: ReferringKey,
    without: number | null,
  ): Selection {
    const values = key.columns.map((name, index): [string, string | null] => [
      name,
      row[mustExist(key.targetColumns[index], `the target of ${name}`)] ?? null,
    ]);
    const { sql, id, literal } = this.world.session.rules;
    const others = without === null ? empty : sql` AND ${id(documentColumn)} <> ${literal(without)}`;
    return { table, columns: [documentColumn], where: sql`${this.where(new Map(values))}${others}` };
  }

  /** The number of rows of the worlds that refer to a target with a key. */
  private count({ row }: KeyTarget, { key, table, documentColumn }: ReferringKey, without: number | null): number {
    return this.world
      .rowsOf(table)
      .filter(
        (each) =>
          Number(each[documentColumn]) !== without &&
          key.columns.every((name, index) => each[name] === row[key.targetColumns[index] ?? ''] && each[name] !== null),
      ).length;
  }

  /** Statements that copy the rows to which the moved column of a target belongs, with a new value. */
  private copies(target: KeyTarget | null, value: PlainSql): readonly PlainSql[] {
    if (target === null) return [];
    const { table, moved } = target;
    const others = new Map([[moved, value]]);
    const copy = this.world.session.copyText(table, this.columnsOf(table), others, this.whereTarget(target));
    return [...this.copies(target.base, value), copy];
  }

  /** The columns of a table that store values of their own. */
  columnsOf(table: DbTableName): readonly string[] {
    return this.columns.get(qualified(table)) ?? [];
  }

  /** All documents of the full world, and the keys of resource tables that refer to documents. */
  documents(): { readonly ids: readonly number[]; readonly keys: readonly DocumentKey[] } {
    const { full, input } = this.world;
    const keys = input.catalog.tables.flatMap((table) =>
      table.foreignKeys
        .filter(({ target }) => sameTable({ schema: target.schema, name: target.table }, core.document))
        .map(({ name, columns: [column = ''] }) => ({ name: `${qualified(table)} ${name}`, table, column })),
    );
    return { ids: full.documents.map(({ documentId }) => documentId), keys };
  }

  trialsOf(target: KeyTarget): readonly Trial[] {
    const { session, documents, full } = this.world;
    const { remaking } = session.dialect;
    const used = target.referrers.filter((each) => this.count(target, each, null) > 0);
    if (remaking === null || used.length === 0) return [];
    const where = this.whereTarget(target);
    const columns = this.columnsOf(target.table);
    const remade = (change: PlainSql) => remaking.statement(target.table, change, columns, where);
    const trial = (
      what: string,
      statements: readonly PlainSql[],
      isKept: (key: ForeignKeyConstraint) => boolean,
      without: (key: ForeignKeyConstraint) => number | null,
    ): Trial => ({
      object: qualified(target.table),
      what,
      change: { statements, selections: used.map((each) => this.rowsThatName(target, each, without(each.key))) },
      expected: used.map((each) => ({
        name: `${qualified(each.table)} ${each.key.name}`,
        count: isKept(each.key) ? this.count(target, each, without(each.key)) : 0,
      })),
    });
    const uuid = documents.nextUuid();
    const isDocument = target.moved === 'DocumentId';
    const value = isDocument ? documents.idExpression(uuid) : session.rules.literal(unusedId);
    // a key may lead to the document and its resource
    const keyId = target.row.ResourceKeyId ?? full.documents[0]?.resource.resourceKey.id;
    const made = isDocument && keyId !== undefined ? [documents.insertText(uuid, Number(keyId))] : [];
    return [
      trial(
        'deleted and made again',
        [remade(session.deleteText(target.table, where))],
        ({ onDelete }) => onDelete === 'NoAction',
        // rows of the same document are deleted with the target
        ({ onDelete }) => (onDelete === 'NoAction' ? target.documentId : null),
      ),
      trial(
        `with another ${target.moved} and made again`,
        [
          ...made,
          ...this.copies(target.base, value),
          remade(session.updateText(target.table, [session.equal(target.moved, value)], where)),
        ],
        ({ onUpdate }) => onUpdate === 'NoAction',
        () => null,
      ),
    ];
  }
}
