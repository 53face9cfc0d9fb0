import type { DocumentStampingTrigger } from '@dms/inventory';
import { type Column, core, mustExist, qualified } from '@dms/model';
import type { Selection } from '../verification-dialect.ts';
import { refusalText } from './behaviour-session.ts';
import { checkStamps, stampSelections, type WatchedWorld } from './checked-world.ts';
import type { IdentityRows } from './derived-rows.ts';
import { stampSelection, stampsOf } from './document-rows.ts';
import { DrawnVersions } from './drawn-versions.ts';
import type { Failures } from './failures.ts';
import { nearText, nearValues } from './near-values.ts';
import { type RowsOf, SelectedRows, type TableName } from './selected-rows.ts';
import type { Stamped, StampRules } from './stamp-rules.ts';
import { type MadeTable, rowsOfTable, TriggerRows, type TriggerRowsInput, turns } from './trigger-rows.ts';
import type { WorldResource } from './world-tables.ts';

/*
 * What triggers do when no key is in the way. Without the keys between resources every column can change by itself, and rows of
 * several documents can change in one statement, so every comparison and every branch of a trigger shows.
 */

export interface TriggerChecksInput extends TriggerRowsInput {
  readonly failures: Failures;
  readonly stamps: StampRules;
  readonly identities: IdentityRows;
  /** What only a generation checks after new identities of rows of a root table, and what it needs to know for that. */
  selectKeyChanges(table: TableName, selected: SelectedRows): void;
  keyChanges(object: string, table: TableName, after: RowsOf, before: RowsOf): void;
}

interface Trial {
  readonly object: string;
  readonly statements: readonly string[];
  readonly expected: ReadonlyMap<number, Stamped>;
  readonly isOne: boolean;
  /** Whether the rows that follow from the root row are compared. */
  readonly isIdentity: boolean;
}

type StampedWorld = WatchedWorld & Parameters<typeof checkStamps>[0];

class TriggerChecks {
  private readonly in: TriggerChecksInput;
  private readonly rows: TriggerRows;
  private readonly stampings: ReadonlyMap<string, DocumentStampingTrigger>;

  constructor(given: TriggerChecksInput) {
    this.in = given;
    this.rows = new TriggerRows(given);
    const { inventory } = given.input;
    this.stampings = new Map(
      inventory.triggers.flatMap((trigger) =>
        trigger.kind === 'DocumentStamping' ? [[qualified(trigger.table), trigger]] : [],
      ),
    );
  }

  async run(): Promise<boolean> {
    const { failures } = this.in;
    if (!(await this.rows.begin())) return false;
    const made = new Map<string, ReadonlyMap<string, MadeTable>>();
    for (const entry of this.rows.resources)
      await failures.during('R17', entry.label, async () => {
        made.set(entry.label, await this.rowsOfResource(entry));
      });
    if (!this.in.stamps.stampsUnchangedRows)
      for (const entry of this.rows.resources)
        for (const each of made.get(entry.label)?.values() ?? [])
          await failures.during('R17', entry.label, () => this.columnsAlone(this.rows.idsOf(entry), each));
    const world = await this.stampedWorld();
    for (const entry of this.rows.resources) {
      const tables = made.get(entry.label);
      if (tables) await failures.during('R17', entry.label, () => this.trialsOfResource(world, entry, tables));
    }
    // last, because the values stay
    for (const entry of this.rows.resources)
      for (const each of made.get(entry.label)?.values() ?? [])
        await failures.during('R17', entry.label, () => this.nearValuesOf(this.rows.idsOf(entry), each));
    await this.rows.restore();
    return true;
  }

  /** Makes the rows of a resource, and checks that each statement below the root stamps. */
  private async rowsOfResource(entry: WorldResource): Promise<ReadonlyMap<string, MadeTable>> {
    const { session, failures } = this.in;
    const ids = this.rows.idsOf(entry);
    const tables = new Map<string, MadeTable>();
    for (const table of [entry.root, ...entry.lower])
      tables.set(
        qualified(table.table.table),
        this.rows.made(table, ids, table.parent ? tables.get(qualified(table.parent.targetTable)) : undefined),
      );
    const where = `${session.quote('DocumentId')} IN (${ids.join(', ')})`;
    const observed = await session.observed(
      [...tables.values()].map((each) => ({
        statements: [this.rows.insertText(each)],
        selections: [{ ...stampSelection, where }],
      })),
    );
    let last = 0;
    for (const [index, { table }] of [...tables.values()].entries()) {
      const stamps = stampsOf(observed[index]?.[0] ?? []);
      const versions = ids.slice(0, -1).map((id) => stamps.get(id)?.content ?? 0);
      if (index > 0 && (Math.min(...versions) <= last || new Set(versions).size < versions.length))
        failures.add(
          'R17',
          `${qualified(table.table.table)}, rows of three documents`,
          `versions of their own after ${last}`,
          versions.join(', '),
        );
      last = Math.max(...versions, ...ids.map((id) => stamps.get(id)?.identity ?? 0));
    }
    return tables;
  }

  /** Sets all times far into the past, so that a stamp shows in version and time. */
  private async stampedWorld(): Promise<StampedWorld> {
    const { session, documents, failures, input, stamps: rules } = this.in;
    const before = await documents.stamps();
    const maximum = Math.max(0, ...[...before.values()].flatMap(({ content, identity }) => [content, identity]));
    const watch = rules.watch(session, input.model, input.inventory, maximum);
    await session.change(documents.forgetTimes, ...watch.forgetTimes(null));
    const stamps = await documents.stamps();
    const unstampedTime = [...stamps.values()][0]?.contentTime ?? '';
    const drawn = new DrawnVersions(maximum);
    return { session, failures, rules, stamps, maximum, drawn, watch, unstampedTime, now: await session.transactionTime() };
  }

  private async trialsOfResource(
    world: StampedWorld,
    entry: WorldResource,
    tables: ReadonlyMap<string, MadeTable>,
  ): Promise<void> {
    const { session, failures, identities } = this.in;
    const ids = this.rows.idsOf(entry);
    const root = entry.root.table.table;
    const selected = new SelectedRows();
    selected.add(
      root,
      entry.root.table.columns.map(({ name }) => name),
    );
    const own = `${session.quote('DocumentId')} IN (${ids.join(', ')})`;
    identities.selectOf(selected, own);
    selected.add(core.document, ['DocumentId'], own);
    this.in.selectKeyChanges(root, selected);
    const before = selected.rowsOf(await session.rowsOfEach(selected.selections));
    const trials = [...tables.values()].flatMap((each) => this.trialsOf(entry, each, tables));
    const stamps = stampSelections(world, [root], own);
    const { selections } = selected;
    const tried = (some: readonly Trial[], others: readonly Selection[]) =>
      session.trials(
        some.map(({ statements }) => ({ statements, selections: stamps })),
        others,
      );
    const [plain, ofKeys] = [trials.filter(({ isIdentity }) => !isIdentity), trials.filter(({ isIdentity }) => isIdentity)];
    const outcomes = await session.reading(stamps, () =>
      session.reading(selections, async () => [...(await tried(plain, [])), ...(await tried(ofKeys, selections))]),
    );
    for (const [index, { object, expected, isOne, isIdentity }] of [...plain, ...ofKeys].entries()) {
      const outcome = outcomes[index] ?? [];
      if ('code' in outcome) {
        failures.add('R17', object, 'accepted', refusalText(outcome));
        continue;
      }
      checkStamps(world, 'R17', object, outcome.slice(0, stamps.length), expected, isOne);
      if (!isIdentity) continue;
      const after = selected.rowsOf(outcome.slice(stamps.length));
      identities.checkOf(root, after, this.rows.uris, failures, object);
      this.in.keyChanges(object, root, after, before);
    }
  }

  private trialsOf(entry: WorldResource, made: MadeTable, tables: ReadonlyMap<string, MadeTable>): Trial[] {
    const { table } = made;
    const stamping = this.stampings.get(qualified(table.table.table));
    if (!stamping) return [];
    return table.parent === null
      ? this.trialsOfRoot(made, stamping, entry)
      : this.trialsOfLower(made, tables.get(qualified(table.parent.targetTable)), entry);
  }

  /**
   * Each column that an identity does not contain, changed by itself, removed and added again in the row of one document: each statement
   * stamps this document and no other.
   */
  private async columnsAlone(ids: readonly number[], made: MadeTable): Promise<void> {
    const { session, failures } = this.in;
    const { table } = made;
    const [, middle = 0] = ids;
    const projection = new Set<string>(this.stampings.get(qualified(table.table.table))?.identityProjectionColumns);
    const where = `${session.quote(table.documentColumn)} = ${middle}`;
    const changes = this.rows
      .changeable(table)
      .filter(({ name }) => !projection.has(name))
      .flatMap((column) => {
        const empty = `UPDATE ${session.table(table.table.table)} SET ${session.quote(column.name)} = NULL WHERE ${where}`;
        const change = (what: string, statement: string) => ({ what: `${column.name} ${what}`, statement });
        return [
          change('changed', this.rows.update(made, [column], [middle], 1)),
          ...(column.isNullable ? [change('removed', empty)] : []),
          change(column.isNullable ? 'added' : 'changed back', this.rows.update(made, [column], [middle], 0)),
        ];
      });
    const versions = ids.map(
      (id) =>
        `(SELECT ${session.quote('ContentVersion')} FROM ${session.table(core.document)} WHERE ${session.quote('DocumentId')} = ${id})`,
    );
    const content = session.quote('ContentVersion');
    const nothing = `UPDATE ${session.table(core.document)} SET ${content} = ${content} WHERE 1 = 0`;
    const query = `SELECT CONCAT(${versions.join(", ' ', ")}) AS found`;
    const [before = '', ...found] = await session.following([nothing, ...changes.map(({ statement }) => statement)], query);
    let last = before.split(' ').map(Number);
    for (const [index, text] of found.entries()) {
      const now = text.split(' ').map(Number);
      const isRight = now.every((version, at) => (ids[at] === middle ? version > (last[at] ?? 0) : version === last[at]));
      if (!isRight)
        failures.add(
          'R17',
          `${qualified(table.table.table)}.${changes[index]?.what}`,
          `a new version after ${last.join(', ')} of document ${middle} alone`,
          now.join(', '),
        );
      last = now;
    }
  }

  /**
   * The smallest changes of each value in the row of one document: each stamps the document and, where the value is part of its identity,
   * stamps that too and gives it other referential ids. Where every update stamps, only identities are tried.
   */
  private async nearValuesOf(ids: readonly number[], made: MadeTable): Promise<void> {
    const { session, failures, stamps } = this.in;
    const { table } = made;
    const [, middle = 0] = ids;
    const name = qualified(table.table.table);
    const projection = new Set<string>(this.stampings.get(name)?.identityProjectionColumns);
    const steps = this.rows
      .changeable(table)
      .filter((column) => projection.has(column.name) || !stamps.stampsUnchangedRows)
      .flatMap((column) => {
        if (column.scalarType === null || column.kind !== 'Scalar') return [];
        const isIdentity = projection.has(column.name);
        const values = nearValues(column.scalarType, column.isNullable && !isIdentity, this.in.input.model.dialect);
        const where = `${session.quote(table.documentColumn)} = ${middle}`;
        const near = values.map((value, index) => ({
          column: column.name,
          isIdentity,
          values,
          index,
          statement: `UPDATE ${session.table(table.table.table)} SET ${session.quote(column.name)} = ${session.literal(value)} WHERE ${where}`,
        }));
        // members of an abstract resource share its key, so the value does not stay in this row
        const own = this.rows.update(made, [column], [middle], 1);
        return [...near, { column: column.name, isIdentity, values, index: 0, statement: own }];
      });
    const statements = steps.map(({ statement }) => statement);
    const of = (column: string, owner: TableName) =>
      `(SELECT ${column} FROM ${session.table(owner)} WHERE ${session.quote('DocumentId')} = ${middle})`;
    const id = `CAST(${session.quote('ReferentialId')} AS varchar(36))`;
    const [least, greatest] = [of(`MIN(${id})`, core.referentialIdentity), of(`MAX(${id})`, core.referentialIdentity)];
    const versions = ['ContentVersion', 'IdentityVersion'].map((column) => of(session.quote(column), core.document));
    const query = `SELECT CONCAT(${[...versions, least, greatest].join(", ' ', ")}) AS found`;
    const found = (await session.following(statements, query)).map((text) => text.split(' '));
    for (const [index, step] of steps.entries()) {
      if (step.index === 0) continue;
      const [[content, identity, ...others] = [], [before, identityBefore, ...othersBefore] = []] = [
        found[index],
        found[index - 1],
      ];
      const isStamped = Number(content) > Number(before) && Number(identity) > Number(identityBefore) === step.isIdentity;
      const isHashed = !step.isIdentity || others.every((each, at) => each === '' || each !== othersBefore[at]);
      if (!isStamped || !isHashed)
        failures.add(
          'R17',
          `${name}.${step.column}`,
          `${nearText(step.values, step.index)}${step.isIdentity ? ', with other referential ids' : ''}`,
          `${found[index - 1]?.join(' ')}, then ${found[index]?.join(' ')}`,
        );
    }
  }

  private trialsOfRoot(made: MadeTable, stamping: DocumentStampingTrigger, entry: WorldResource): Trial[] {
    const { session, stamps } = this.in;
    const { table, rows } = made;
    const [first = 0, middle = 0, last = 0, other = 0] = this.rows.idsOf(entry);
    const name = session.table(table.table.table);
    const of = (...ids: readonly number[]) => `${session.quote('DocumentId')} IN (${ids.join(', ')})`;
    const projection = new Set<string>(stamping.identityProjectionColumns);
    const columns = this.rows.changeable(table);
    const own = columns.find(
      (column) => projection.has(column.name) && column.kind === 'Scalar' && column.scalarType?.kind !== 'Boolean',
    );
    const free = columns.find((column) => !projection.has(column.name)) ?? columns.at(-1);
    const stamped = (what: Stamped, ...ids: readonly number[]) => new Map(ids.map((id): [number, Stamped] => [id, what]));
    const whatOf = (column: Column): Stamped => (projection.has(column.name) ? 'identity' : 'content');
    const trial = (
      what: string,
      statements: readonly string[],
      expected: ReadonlyMap<number, Stamped>,
      isIdentity = false,
      isOne = true,
    ) => ({
      object: `${entry.label}, ${what}`,
      statements,
      expected,
      isOne,
      isIdentity,
    });
    const trials: Trial[] = [];
    for (const column of columns)
      if (projection.has(column.name))
        trials.push(
          trial(
            `${column.name} of one document changed`,
            [this.rows.update(made, [column], [middle], 1)],
            stamped('identity', middle),
            true,
          ),
        );
    const together = this.rows.changeableAtOnce(table);
    if (together.length > 1 && together.some(({ name: column }) => projection.has(column)))
      trials.push(
        trial(
          'columns of one document changed at once',
          [this.rows.update(made, together, [middle], 1)],
          stamped('identity', middle),
          true,
        ),
      );
    // each document is in one statement, so a trial can have statements of one and of two documents
    for (const column of new Set([own, free])) {
      if (!column) continue;
      const update = (...ids: readonly number[]) => this.rows.update(made, [column], ids, 1);
      const expected = stamped(whatOf(column), first, middle, last);
      const isIdentity = projection.has(column.name);
      trials.push(
        trial(
          `${column.name} of two documents and of one changed`,
          [update(first, last), update(middle)],
          expected,
          isIdentity,
          false,
        ),
        trial(`${column.name} of three documents changed`, [update(first, middle, last)], expected, isIdentity),
      );
    }
    const remove = (...ids: readonly number[]) => `DELETE FROM ${name} WHERE ${of(...ids)}`;
    const all = stamped('content', first, middle, last);
    trials.push(
      trial('rows of two documents and of one deleted', [remove(first, last), remove(middle)], all, false, false),
      trial('rows of three documents deleted', [remove(first, middle, last)], all),
    );
    if (own) {
      const value = session.literal(this.rows.valueOf(table, own, rows.length, 1));
      const move = `UPDATE ${name} SET ${session.quote('DocumentId')} = ${other}, ${session.quote(own.name)} = ${value} WHERE ${of(first)}`;
      trials.push(
        trial(
          'a row moved to another document',
          [move],
          new Map([...(stamps.stampsLeftDocument ? stamped('content', first) : []), [other, 'identity']]),
        ),
      );
    }
    return trials;
  }

  private trialsOfLower(made: MadeTable, parents: MadeTable | undefined, entry: WorldResource): Trial[] {
    const { session, stamps } = this.in;
    const { table, rows } = made;
    const [first = 0, middle = 0, last = 0, other = 0] = this.rows.idsOf(entry);
    const name = session.table(table.table.table);
    const document = session.quote(table.documentColumn);
    const of = (...ids: readonly number[]) => `${document} IN (${ids.join(', ')})`;
    const trial = (what: string, statements: readonly string[], ids: readonly number[], isOne = true): Trial => ({
      object: `${qualified(table.table.table)}, ${what}`,
      statements,
      expected: new Map(ids.map((id): [number, Stamped] => [id, 'content'])),
      isOne,
      isIdentity: false,
    });
    const columns = this.rows.changeable(table);
    const trials: Trial[] = [];
    const free = columns.find(({ kind }) => kind !== 'Ordinal') ?? columns[0];
    const updates = (...ids: readonly number[]) =>
      free ? this.rows.update(made, [free], ids, 1) : `UPDATE ${name} SET ${document} = ${document} WHERE ${of(...ids)}`;
    const remove = (...ids: readonly number[]) => `DELETE FROM ${name} WHERE ${of(...ids)}`;
    const all = [first, middle, last];
    // each document is in one statement, so a trial can have statements of one and of two documents
    if (free || stamps.stampsUnchangedRows)
      trials.push(
        trial('rows of two documents and of one changed', [updates(first, last), updates(middle)], all, false),
        trial('rows of three documents changed', [updates(...all)], all),
      );
    trials.push(
      trial('rows of two documents and of one deleted', [remove(middle, last), remove(first)], all, false),
      trial('rows of three documents deleted', [remove(...all)], all),
    );
    if (rows.length < rowsOfTable) {
      // the last document has no row in this table, and gets its root row, which stamps nothing
      const root = this.rows.insertText(this.rows.madeLast(entry.root, this.rows.idsOf(entry)));
      const move = `UPDATE ${name} SET ${document} = ${other} WHERE ${of(middle)}`;
      return [...trials, trial('a row moved to another document', [root, move], [middle, other])];
    }
    // the first document has two rows in each collection, so its row can move from one to the other
    const [oldParent, newParent] = parents?.rows.filter(({ documentId }) => documentId === first) ?? [];
    if (oldParent && newParent && table.parent) {
      const { columns: parentColumns, targetColumns } = table.parent;
      const above = new Set<string>(parentColumns);
      const keyOf = (row: typeof newParent) =>
        parentColumns.map((column, at): [string, string | null] => [
          column,
          row.values.get(mustExist(targetColumns[at], `the column that ${column} repeats`)) ?? null,
        ]);
      const ordinal = table.table.columns.flatMap(({ name: column, kind }): [string, string][] =>
        kind === 'Ordinal' && !above.has(column) ? [[column, String(rowsOfTable * turns)]] : [],
      );
      const [moved] = rows.filter(({ documentId }) => documentId === first);
      const key = table.table.key.columns.map(
        ({ name: column }) => `${session.quote(column)} = ${session.literal(moved?.values.get(column) ?? null)}`,
      );
      const list = [...ordinal, ...keyOf(newParent)].map(
        ([column, value]) => `${session.quote(column)} = ${session.literal(value)}`,
      );
      trials.push(
        trial(
          'a row moved to another row of its document',
          [`UPDATE ${name} SET ${list.join(', ')} WHERE ${key.join(' AND ')}`],
          [first],
        ),
      );
    }
    const further = this.rows.made(table, this.rows.idsOf(entry), parents, 1);
    const mine = { ...further, rows: further.rows.filter(({ documentId }) => Object.is(documentId, first)) };
    trials.push(trial('two rows of one document inserted', [this.rows.insertText(mine)], [first]));
    const target = parents?.rows.find(({ documentId }) => documentId === last);
    if (target && table.parent) {
      const { columns: parentColumns, targetColumns } = table.parent;
      const moved = parentColumns.map((column, at): [string, string | null] => [
        column,
        target.values.get(mustExist(targetColumns[at], `the column that ${column} repeats`)) ?? null,
      ]);
      const ordinals = table.table.columns.flatMap(({ name: column, kind }): [string, string][] =>
        kind === 'Ordinal' ? [[column, String(rowsOfTable * turns)]] : [],
      );
      const own = new Map<string, string | null>([...ordinals, [table.documentColumn, String(last)], ...moved]);
      const assignments = [...own].map(([column, value]) => `${session.quote(column)} = ${session.literal(value)}`).join(', ');
      trials.push(
        trial('a row moved to another document', [`UPDATE ${name} SET ${assignments} WHERE ${of(middle)}`], [middle, last]),
      );
    }
    return trials;
  }
}

/** R17: see design 09 §7.3. The database has no documents. False if the role may not take the keys between resources out of the way. */
export function checkTriggers(input: TriggerChecksInput): Promise<boolean> {
  return new TriggerChecks(input).run();
}
