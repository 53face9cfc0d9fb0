import type { DocumentStampingTrigger } from '@dms/inventory';
import { core, qualified } from '@dms/model';
import type { QualifiedName, SqlDialect } from '@dms/sql';
import type { Selection } from '../verification-dialect.ts';
import { type BehaviourSession, type RowsOf, refusalText, SelectedRows } from './behaviour-session.ts';
import { checkStamps, stampSelections, type WatchedWorld } from './checked-world.ts';
import { nearIds, nearText, nearValues } from './column-values.ts';
import {
  type AbstractIdentity,
  abstractIdentities,
  abstractsOf,
  checkAbstract,
  type IdentityRows,
  selectAbstract,
} from './derived-rows.ts';
import { DrawnVersions, type StampRules, stampSelection, stampsOf } from './document-rows.ts';
import type { Failures } from './failures.ts';
import { type MadeTable, TriggerRows, type TriggerRowsInput } from './trigger-rows.ts';
import { nearTrials, type Trial, type TrialContext, trialsOfLower, trialsOfRoot } from './trigger-trials.ts';
import type { WorldResource } from './world-tables.ts';

/*
 * What triggers do with foreign keys disabled. Without the keys between resources every column can change by itself,
 * and rows of several documents can change in one statement, so every comparison and every branch of a trigger shows.
 */

interface TriggerChecksInput extends TriggerRowsInput {
  readonly failures: Failures;
  readonly stamps: StampRules;
  readonly identities: IdentityRows;
  /** Checks of one generation, after identities of rows of a root table changed, and the rows that they need. */
  selectKeyChanges(table: QualifiedName, selected: SelectedRows): void;
  keyChanges(object: string, table: QualifiedName, after: RowsOf, before: RowsOf): void;
}

/* R17: changes of one column of a row, one after the other, without a round trip between them. */

interface ColumnContext {
  readonly session: BehaviourSession;
  readonly dialect: SqlDialect;
  readonly failures: Failures;
  readonly stamps: StampRules;
  readonly source: TriggerRows;
  readonly identities: IdentityRows;
  /** By the name of their table. */
  readonly stampings: ReadonlyMap<string, DocumentStampingTrigger>;
}

/**
 * Each column that an identity does not contain, changed by itself, removed and added again in the row of one document:
 * each statement stamps this document and no other.
 */
async function columnsAlone(
  { session, failures, stampings, source }: ColumnContext,
  ids: readonly number[],
  made: MadeTable,
): Promise<void> {
  const { table } = made;
  const [, middle = 0] = ids;
  const projection = new Set<string>(stampings.get(table.name)?.identityProjectionColumns);
  const where = `${session.quote(table.documentColumn)} = ${middle}`;
  const changes = source
    .changeable(table)
    .filter(({ name }) => !projection.has(name))
    .flatMap((column) => {
      const empty = `UPDATE ${session.table(table.table.table)} SET ${session.quote(column.name)} = NULL WHERE ${where}`;
      const change = (what: string, statement: string) => ({ what: `${column.name} ${what}`, statement });
      return [
        change('changed', source.update(made, [column], [middle], 1)),
        ...(column.isNullable ? [change('removed', empty)] : []),
        change(column.isNullable ? 'added' : 'changed back', source.update(made, [column], [middle], 0)),
      ];
    });
  const versions = ids.map(
    (id) =>
      `(SELECT ${session.quote('ContentVersion')} FROM ${session.table(core.document)} WHERE ${session.quote('DocumentId')} = ${id})`,
  );
  const content = session.quote('ContentVersion');
  const nothing = `UPDATE ${session.table(core.document)} SET ${content} = ${content} WHERE 1 = 0`;
  const query = `SELECT CONCAT(${versions.join(", ' ', ")}) AS found`;
  const [before = '', ...found] = await session.following(
    [nothing, ...changes.map(({ statement }) => statement)],
    query,
  );
  let last = before.split(' ').map(Number);
  for (const [index, text] of found.entries()) {
    const now = text.split(' ').map(Number);
    const isRight = now.every((version, at) => (ids[at] === middle ? version > (last[at] ?? 0) : version === last[at]));
    if (!isRight)
      failures.add(
        'R17',
        `${table.name}.${changes[index]?.what}`,
        `a new version after ${last.join(', ')} of document ${middle} alone`,
        now.join(', '),
      );
    last = now;
  }
}

/** A change of one column of a row to a value near the one before; the first of a column may be near to nothing. */
interface NearStep {
  readonly column: string;
  readonly isIdentity: boolean;
  readonly values: readonly (string | null)[];
  readonly index: number;
  readonly statement: string;
}

/**
 * The smallest changes of the columns that lead to the row of a document below its root, where a body compares them:
 * its own key, and that of the row that encloses it. They come after all others, which find the row by its key.
 */
function nearIdSteps(
  { session, stamps }: ColumnContext,
  { table, rows }: MadeTable,
  documentId: number,
): readonly NearStep[] {
  if (table.parent === null || stamps.stampsUnchangedRows) return [];
  const row = rows.find((each) => each.documentId === documentId);
  const columns = new Set<string>([...table.table.key.columns.map(({ name }) => name), ...table.parent.columns]);
  return [...columns]
    .filter((column) => column !== table.documentColumn)
    .flatMap((column) => {
      const update = (value: string | null) =>
        `UPDATE ${session.table(table.table.table)} SET ${session.quote(column)} = ${session.literal(value)} WHERE ${session.quote(table.documentColumn)} = ${documentId}`;
      const step = { column, isIdentity: false, values: nearIds };
      return [
        ...nearIds.map((value, index) => ({ ...step, index, statement: update(value) })),
        { ...step, index: 0, statement: update(row?.values.get(column) ?? null) },
      ];
    });
}

/**
 * The smallest changes of each value in the row of one document: each stamps the document and, where the value is part
 * of its identity, stamps that too and gives it other referential ids. Where every update stamps, only identities are
 * tried.
 */
async function tryNearValues(context: ColumnContext, ids: readonly number[], made: MadeTable): Promise<void> {
  const { session, failures, stampings, stamps, dialect, source, identities } = context;
  const { table } = made;
  const [, middle = 0] = ids;
  const name = table.name;
  const projection = new Set<string>(stampings.get(name)?.identityProjectionColumns);
  const valueSteps = source
    .changeable(table)
    .filter((column) => projection.has(column.name) || !stamps.stampsUnchangedRows)
    .flatMap((column): readonly NearStep[] => {
      if (column.scalarType === null || column.kind !== 'Scalar') return [];
      const isIdentity = projection.has(column.name);
      const values = nearValues(column.scalarType, column.isNullable && !isIdentity, dialect);
      const where = `${session.quote(table.documentColumn)} = ${middle}`;
      const near = values.map((value, index) => ({
        column: column.name,
        isIdentity,
        values,
        index,
        statement: `UPDATE ${session.table(table.table.table)} SET ${session.quote(column.name)} = ${session.literal(value)} WHERE ${where}`,
      }));
      // members of an abstract resource share its key, so the value does not stay in this row
      const own = source.update(made, [column], [middle], 1);
      return [...near, { column: column.name, isIdentity, values, index: 0, statement: own }];
    });
  const steps = [...valueSteps, ...nearIdSteps(context, made, middle)];
  const statements = steps.map(({ statement }) => statement);
  const document = session.quote('DocumentId');
  const versions = ['ContentVersion', 'IdentityVersion'].map((column) => session.quote(column));
  // most tables have no part of an identity, and need no more than the versions
  const read = [...versions, ...(projection.size > 0 ? identities.keptOf(session, middle) : [])].join(", ' ', ");
  const query = `SELECT CONCAT(${read}) AS found FROM ${session.table(core.document)} WHERE ${document} = ${middle}`;
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

type StampedWorld = WatchedWorld & Parameters<typeof checkStamps>[0];

class TriggerChecks {
  private readonly in: TriggerChecksInput;
  private readonly rows: TriggerRows;
  private readonly stampings: ReadonlyMap<string, DocumentStampingTrigger>;
  private readonly abstracts: readonly AbstractIdentity[];
  private readonly context: TrialContext & ColumnContext;

  constructor(given: TriggerChecksInput) {
    this.in = given;
    this.rows = new TriggerRows(given);
    const { inventory } = given.input;
    this.stampings = new Map(
      inventory.triggers.flatMap((trigger) =>
        trigger.kind === 'DocumentStamping' ? [[qualified(trigger.table), trigger]] : [],
      ),
    );
    this.abstracts = abstractIdentities(given.input.model, inventory);
    this.context = {
      ...given,
      dialect: given.input.model.dialect,
      source: this.rows,
      stampings: this.stampings,
    };
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
          await failures.during('R17', entry.label, () => columnsAlone(this.context, this.rows.idsOf(entry), each));
    const world = await this.stampedWorld();
    for (const entry of this.rows.resources) {
      const tables = made.get(entry.label);
      if (tables) await failures.during('R17', entry.label, () => this.trialsOfResource(world, entry, tables));
    }
    await failures.during('R17', 'identities', () => this.nearIdentities(world));
    // last, because the values stay
    for (const entry of this.rows.resources)
      for (const each of made.get(entry.label)?.values() ?? [])
        await failures.during('R17', entry.label, () => tryNearValues(this.context, this.rows.idsOf(entry), each));
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
        table.name,
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
          `${table.name}, rows of three documents`,
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
    return {
      session,
      failures,
      rules,
      stamps,
      maximum,
      drawn,
      watch,
      unstampedTime,
      now: await session.transactionTime(),
    };
  }

  /** Tries what concerns the rows of one resource. */
  private async trialsOfResource(
    world: StampedWorld,
    entry: WorldResource,
    tables: ReadonlyMap<string, MadeTable>,
  ): Promise<void> {
    await this.tried(
      world,
      [entry],
      [...tables.values()].flatMap((each) => this.trialsOf(entry, each, tables)),
    );
  }

  /**
   * Tries near values of the identities of all resources at once; those of a member of an abstract resource by
   * themselves, because members share its key.
   */
  private async nearIdentities(world: StampedWorld): Promise<void> {
    const isMember = ({ root }: WorldResource) => abstractsOf(this.abstracts, root.table.table).length > 0;
    const members = this.rows.resources.filter(isMember);
    const others = this.rows.resources.filter((each) => !isMember(each));
    const identityOf = ({ root }: WorldResource) =>
      new Set<string>(this.stampings.get(root.name)?.identityProjectionColumns);
    for (const entries of [others, ...members.map((each) => [each])])
      await this.tried(world, entries, nearTrials(this.context, entries, identityOf));
  }

  /**
   * Makes trials on the rows of some resources, and checks what must be stamped and, after new identities, what follows
   * from them.
   */
  private async tried(world: StampedWorld, entries: readonly WorldResource[], trials: readonly Trial[]): Promise<void> {
    if (trials.length === 0) return;
    const { session, failures, identities } = this.in;
    const ids = entries.flatMap((entry) => this.rows.idsOf(entry));
    const own = `${session.quote('DocumentId')} IN (${ids.join(', ')})`;
    const selected = new SelectedRows();
    identities.selectOf(selected, own);
    selected.add(core.document, ['DocumentId'], own);
    const roots = entries.map(({ root }) => root.table.table);
    const abstracts = roots.flatMap((root) => abstractsOf(this.abstracts, root));
    for (const { root } of entries) {
      selected.add(
        root.table.table,
        root.table.columns.map(({ name }) => name),
      );
      this.in.selectKeyChanges(root.table.table, selected);
    }
    for (const each of abstracts) selectAbstract(each, selected, own);
    const before = selected.rowsOf(await session.rowsOfEach(selected.selections));
    const stamps = stampSelections(world, roots, own);
    const { selections } = selected;
    const outcomesOf = (some: readonly Trial[], others: readonly Selection[]) =>
      session.trials(
        some.map(({ statements }) => ({ statements, selections: stamps })),
        others,
      );
    const plain = trials.filter(({ isIdentity }) => !isIdentity);
    const ofKeys = trials.filter(({ isIdentity }) => isIdentity);
    const outcomes = await session.reading(stamps, () =>
      session.reading(selections, async () => [
        ...(await outcomesOf(plain, [])),
        ...(await outcomesOf(ofKeys, selections)),
      ]),
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
      const place = { failures, check: 'R17', because: object };
      for (const root of roots) {
        identities.checkOf(root, after, this.rows.uris, place);
        this.in.keyChanges(object, root, after, before);
      }
      for (const each of abstracts) checkAbstract(each, after, place);
    }
  }

  private trialsOf(entry: WorldResource, made: MadeTable, tables: ReadonlyMap<string, MadeTable>): Trial[] {
    const { table } = made;
    const stamping = this.stampings.get(table.name);
    if (!stamping) return [];
    return table.parent === null
      ? trialsOfRoot(this.context, made, stamping, entry)
      : trialsOfLower(this.context, made, tables.get(qualified(table.parent.targetTable)), entry);
  }
}

/**
 * R17: see design 09 §7.3. The database has no documents. False if the role may not take the keys between resources out
 * of the way.
 */
export function checkTriggers(input: TriggerChecksInput): Promise<boolean> {
  return new TriggerChecks(input).run();
}
