import { isFailure } from '@dms/databases';
import { armTexts } from '@dms/laws';
import { type Column, core, qualified } from '@dms/model';
import { join, type PlainSql, type QualifiedName, type SqlDialect } from '@dms/sql';
import { partition } from 'es-toolkit/array';
import type { IsAble } from '../shapes/column-classes.ts';
import { outcomeOf, type Selection, type TrialOutcome } from '../verification-dialect.ts';
import { outcomeText, SelectedRows } from './behaviour-session.ts';
import { begun, checkStamps, restarting, type StampState, stampSelections, unstamped } from './checked-world.ts';
import { nearIds, nearPositions, nearText, nearValues } from './column-values.ts';
import { abstractIdentities, abstractsOf, checkAbstract, selectAbstract } from './derived-rows.ts';
import { stampSelection, stampsOf } from './document-rows.ts';
import { noKeyLeft, WorldKeys } from './keys.ts';
import { checkLargeStatements, largeTrials } from './large-statements.ts';
import { checkUnchanged } from './stamping-checks.ts';
import { changeableColumns, roomIn } from './trigger-columns.ts';
import { type MadeTable, TriggerRows } from './trigger-rows.ts';
import { nearTrials, type Trial, type TrialContext, trialsOfLower, trialsOfRoot } from './trigger-trials.ts';
import type { BehaviourContext } from './world.ts';
import { type WorldResource, worldResources } from './world-tables.ts';

/*
 * R17: tries triggers with foreign keys disabled. Without the keys between resources every column can change by itself,
 * and rows of several documents can change in one statement, so every comparison and every branch of a trigger shows.
 */

/** R17 (design 09b §2.3), in a database without documents; false if the role may not disable keys. */
export async function checkTriggers(
  given: BehaviourContext &
    Pick<TrialContext, 'rules' | 'identities' | 'further'> & {
      /** The tables whose triggers are tried; null for those of the usual share of resources. */
      readonly chosen?: ReadonlySet<string> | null;
      /** Whether an earlier run has proved the triggers of a table; by default none. */
      readonly isKnown?: IsAble;
    },
): Promise<boolean> {
  const { failures, input, rules, chosen = null, isKnown = () => false } = given;
  const { model, inventory } = input;
  const keys = WorldKeys.of(input);
  const large = await largeTrials(given.session, worldResources(model), {
    roomOf: ({ root }) => roomIn(keys, root),
    isKnown,
  });
  const source = new TriggerRows(given, new Set(large.map(({ entry }) => entry.root.name)), chosen);
  if (!(await source.begin())) return false;
  const stampings = inventory.triggers.filter((trigger) => trigger.kind === 'DocumentStamping');
  const context: TrialContext = {
    ...given,
    dialect: model.dialect,
    source,
    stampings: new Map(stampings.map((trigger) => [qualified(trigger.table), trigger])),
    abstracts: abstractIdentities(model, inventory),
  };
  const made: Map<string, ReadonlyMap<string, MadeTable>> = new Map();
  const onTables = async (work: (context: TrialContext, ids: readonly number[], table: MadeTable) => Promise<void>) => {
    for (const entry of source.resources)
      for (const each of made.get(entry.label)?.values() ?? [])
        if (source.isTried(each.table))
          await failures.during('R17', each.table.name, () => work(context, source.idsOf(entry), each));
  };
  for (const entry of source.resources)
    await failures.during('R17', entry.label, async () => {
      made.set(entry.label, await rowsOfResource(context, entry));
    });
  if (!rules.stampsUnchangedRows) await onTables(columnsAlone);
  // the documents have great versions, so the least ones show that a change has drawn them
  const least = source.leastVersion;
  const world = { ...context, ...(await unstamped(given, rules, { least })) };
  // also the tables of documents that no world has
  await failures.during('R17', 'rows without a new value', () =>
    checkUnchanged(
      world,
      [...made.values()].flatMap((tables) => [...tables.values()].map(({ table }) => table)),
    ),
  );
  for (const entry of source.resources) {
    const tables = made.get(entry.label);
    if (tables) await failures.during('R17', entry.label, () => tryResource(world, entry, tables));
  }
  await failures.during('R17', 'identities', () => nearIdentities(world, made));
  await onTables(tryNearValues);
  await checkLargeStatements(context, large);
  await source.restore();
  return true;
}

/** Inserts the rows of a resource, and checks that each statement below the root stamps. */
async function rowsOfResource(context: TrialContext, entry: WorldResource): Promise<ReadonlyMap<string, MadeTable>> {
  const { session, failures, source } = context;
  const ids = source.documentsWithRows(entry);
  const tables = new Map<string, MadeTable>();
  for (const table of source.tablesOf(entry)) {
    const parents = table.parent ? tables.get(qualified(table.parent.targetTable)) : undefined;
    const made = source.made(table, ids, parents);
    if (made.rows.length > 0) tables.set(table.name, made);
  }
  if (tables.size === 0) return tables;
  const where = session.among('DocumentId', ids);
  const selections = [{ ...stampSelection, where }];
  const observed = await session.observed(
    [...tables.values()].map((each) => ({ statements: [source.insertText(each)], selections })),
  );
  let last = 0;
  for (const [index, [name, { rows }]] of [...tables].entries()) {
    const stamps = stampsOf(observed[index]?.[0] ?? []);
    const stamped = [...new Set(rows.map(({ documentId }) => documentId))];
    const versions = stamped.map((id) => stamps.get(id)?.content ?? 0);
    if (index > 0 && (Math.min(...versions) <= last || new Set(versions).size < versions.length)) {
      const object = `${name}, rows of three documents`;
      failures.add('R17', object, `versions of their own after ${last}`, versions.join(', '));
    }
    last = Math.max(...versions, ...ids.map((id) => stamps.get(id)?.identity ?? 0));
  }
  return tables;
}

/**
 * Changes, removes and adds again each column outside of identities, by itself, in the row of one document: each
 * statement stamps this document and no other.
 */
async function columnsAlone(
  { session, failures, stampings, source }: TrialContext,
  ids: readonly number[],
  made: MadeTable,
): Promise<void> {
  const { table, rows } = made;
  const [, middle = 0] = ids;
  if (rows.every(({ documentId }) => documentId !== middle)) return;
  const projection = new Set<string>(stampings.get(table.name)?.identityProjectionColumns);
  const where = session.equal(table.documentColumn, middle);
  const changes = changeableColumns(table)
    .filter(({ name }) => !projection.has(name))
    .flatMap((column) => {
      const empty = session.updateText(table.table.table, [session.equal(column.name, null)], where);
      const change = (what: string, statement: PlainSql) => ({ what: `${column.name} ${what}`, statement });
      const changed = (source.updates(made, [column], [[middle]]) ?? []).map((text) => change('changed', text));
      const removed = column.isNullable ? [change('removed', empty)] : [];
      if (changed.length + removed.length === 0) return [];
      const what = column.isNullable ? 'added' : 'changed back';
      return [...changed, ...removed, change(what, source.back(made, [column], middle))];
    });
  const { sql } = session.rules;
  const versions = ids.map(
    (id) => sql`(SELECT "ContentVersion" FROM ${core.document} WHERE ${session.equal('DocumentId', id)})`,
  );
  const nothing = sql`UPDATE ${core.document} SET "ContentVersion" = "ContentVersion" WHERE 1 = 0`;
  const query = sql`SELECT CONCAT(${join(versions, ", ' ', ")}) AS found`;
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

/**
 * Makes the trials of a resource. If members of an abstract resource have used up the key that they share, a member is
 * tried without the documents of the others.
 */
async function tryResource(
  world: TrialContext & StampState,
  entry: WorldResource,
  tables: ReadonlyMap<string, MadeTable>,
): Promise<void> {
  const { session, source, rules, abstracts } = world;
  const tried = (state: TrialContext & StampState) => tryOn(state, [entry], trialsOf(state, entry, tables));
  const spacesOf = ({ root }: WorldResource) =>
    abstractsOf(abstracts, root.table.table).map(({ rule }) => qualified(rule.table));
  const own = new Set(spacesOf(entry));
  const others = source.resources.filter((each) => each !== entry && spacesOf(each).some((name) => own.has(name)));
  if (others.length === 0 || tables.size === 0 || !source.isFull(entry) || !session.canUndo) return tried(world);
  await source.without(others, tables.values(), async () =>
    tried({ ...world, ...(await unstamped(world, rules, { least: source.leastVersion })) }),
  );
}

/** Makes trials on the rows of resources, and checks the stamps and the rows that follow from new identities. */
async function tryOn(
  world: TrialContext & StampState,
  entries: readonly WorldResource[],
  trials: readonly Trial[],
): Promise<void> {
  if (trials.length === 0) return;
  const { session, failures, identities, further, source, abstracts: all } = world;
  const ids = entries.flatMap((entry) => source.idsOf(entry));
  const own = session.among('DocumentId', ids);
  const selected = new SelectedRows();
  identities.selectOf(selected, own);
  selected.add(core.document, ['DocumentId'], own);
  const roots = entries.map(({ root }) => root.table.table);
  const abstracts = roots.flatMap((root) => abstractsOf(all, root));
  for (const { root } of entries) {
    selected.add(
      root.table.table,
      root.table.columns.map(({ name }) => name),
    );
    further.selectKeyChanges(root.table.table, selected);
  }
  for (const each of abstracts) selectAbstract(each, selected, own);
  const before = selected.rowsOf(await session.rowsOfEach(selected.selections));
  const stamps = stampSelections(world, roots, own);
  const { selections } = selected;
  const outcomesOf = (some: readonly Trial[], others: readonly Selection[]) =>
    session.trials(
      some.map(({ statements }) => ({ statements: begun(world, statements), selections: stamps })),
      others,
    );
  const [ofKeys, plain] = partition(trials, ({ isIdentity, isMove }) => isIdentity || isMove);
  const outcomes = await restarting(world, () =>
    session.reading(stamps, () =>
      session.reading(selections, async () => [
        ...(await outcomesOf(plain, [])),
        ...(await outcomesOf(ofKeys, selections)),
      ]),
    ),
  );
  for (const [index, { object, expected, isOne, isIdentity, isMove }] of [...plain, ...ofKeys].entries()) {
    const outcome = outcomes[index] ?? [];
    if ('code' in outcome) {
      if (!isWithoutPerson(world, roots, outcome)) failures.add('R17', object, 'accepted', outcomeText(outcome));
      continue;
    }
    checkStamps(world, { check: 'R17', object, isOne }, outcome.slice(0, stamps.length), expected);
    if (!isIdentity && !isMove) continue;
    const after = selected.rowsOf(outcome.slice(stamps.length));
    if (isMove) {
      // only the deletion that made room is recorded
      for (const root of roots) further.recorded(object, root, after, isOne ? 0 : 1);
      continue;
    }
    for (const root of roots) further.keyChanges(object, root, after, before);
    const place = { failures, check: 'R17', because: object };
    for (const root of roots) identities.checkOf(root, after, source.uris, place);
    for (const each of abstracts) checkAbstract(each, after, place);
  }
}

/** The trials on the rows of one resource. */
const trialsOf = (
  context: TrialContext & StampState,
  entry: WorldResource,
  tables: ReadonlyMap<string, MadeTable>,
): Trial[] =>
  [...tables.values()].flatMap((made) => {
    const { table } = made;
    const stamping = context.stampings.get(table.name);
    if (!stamping || !context.source.isTried(table)) return [];
    return table.parent === null
      ? trialsOfRoot(context, made, stamping, entry)
      : trialsOfLower(context, made, tables.get(qualified(table.parent.targetTable)), entry);
  });

/** The rows of all tables, by resource and table. */
type MadeRows = ReadonlyMap<string, ReadonlyMap<string, MadeTable>>;

/**
 * Tries near values of the identities of all resources at once; those of each member of an abstract resource by
 * themselves, because members share its key.
 */
async function nearIdentities(world: TrialContext & StampState, made: MadeRows): Promise<void> {
  const { source, abstracts, stampings } = world;
  const isMember = ({ root }: WorldResource) => abstractsOf(abstracts, root.table.table).length > 0;
  const members = source.resources.filter(isMember);
  const others = source.resources.filter((each) => !isMember(each));
  const identityOf = ({ root }: WorldResource) => new Set<string>(stampings.get(root.name)?.identityProjectionColumns);
  for (const entries of [others, ...members.map((each) => [each])]) {
    const rows = entries.flatMap((entry) => {
      const root = made.get(entry.label)?.get(entry.root.name);
      return root && source.isTried(root.table) ? [{ entry, made: root }] : [];
    });
    await tryOn(world, entries, nearTrials(world, rows, identityOf));
  }
}

/**
 * A change of one column of a row to a value near the one before; the first value of a column need not be near the old
 * one.
 */
interface NearStep {
  readonly column: string;
  readonly isIdentity: boolean;
  readonly values: readonly (string | null)[];
  readonly index: number;
  readonly statement: PlainSql;
}

/** Leaves out statements that would record a row without a person; false if they were refused for another reason. */
function isWithoutPerson(
  { session, failures, further }: TrialContext,
  roots: readonly QualifiedName[],
  outcome: NonNullable<TrialOutcome>,
): boolean {
  if (outcome.code !== session.dialect.codes.notNull) return false;
  const root = roots.find((each) => further.lacksPerson(each, outcome));
  if (root === undefined) return false;
  failures.leaveOut(`${qualified(root)}, the record of a row without a person`, noKeyLeft);
  return true;
}

/** The result of statements that record changes of a table; null if the record of a row without a person is refused. */
async function recording<Result>(
  context: TrialContext,
  { table: { table } }: MadeTable,
  work: () => Promise<Result>,
): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    if (!isFailure(error, 'DB_SQL') || !isWithoutPerson(context, [table.table], outcomeOf(error))) throw error;
    return null;
  }
}

/**
 * The smallest changes of each value in the row of one document: each stamps the document and, if the value is part of
 * its identity, also stamps the identity and gives it other referential ids. If the generation stamps on every update,
 * only identities are tried.
 */
async function tryNearValues(context: TrialContext, ids: readonly number[], made: MadeTable): Promise<void> {
  const { session, failures, stampings, rules, dialect, source, identities } = context;
  const { table } = made;
  const [, middle = 0] = ids;
  const row = made.rows.find(({ documentId }) => documentId === middle)?.values;
  if (!row) return;
  const name = table.name;
  const projection = new Set<string>(stampings.get(name)?.identityProjectionColumns);
  const valueSteps = changeableColumns(table)
    .filter((column) => projection.has(column.name) || !rules.stampsUnchangedRows)
    .flatMap((column): readonly NearStep[] => {
      const isIdentity = projection.has(column.name);
      const near = nearValuesOf(column, column.isNullable && !isIdentity, dialect);
      if (near === null) return [];
      const values = source.possible(made, row, column.name, near);
      const where = session.equal(table.documentColumn, middle);
      const steps = values.map((value, index) => ({
        column: column.name,
        isIdentity,
        values,
        index,
        statement: session.updateText(table.table.table, [session.equal(column.name, value)], where),
      }));
      // members of an abstract resource share its key, so the value does not stay in this row
      const own = source.back(made, [column], middle);
      return [...steps, { column: column.name, isIdentity, values, index: 0, statement: own }];
    });
  const steps = [...valueSteps, ...nearIdSteps(context, made, middle)];
  const statements = steps.map(({ statement }) => statement);
  const { sql, id } = session.rules;
  // most tables have no part of an identity, and need only the versions
  const isRoot = projection.size > 0;
  const copies = isRoot ? copiesOf(context, made, middle) : [];
  const kept = isRoot ? identities.keptOf(session, middle) : [];
  const read = join([id('ContentVersion'), id('IdentityVersion'), ...copies, ...kept], ", ' ', ");
  const query = sql`SELECT CONCAT(${read}) AS found FROM ${core.document} WHERE ${session.equal('DocumentId', middle)}`;
  const texts = await recording(context, made, () => session.following(statements, query));
  if (texts === null) return;
  const found = texts.map((text) => text.split(' '));
  for (const [index, step] of steps.entries()) {
    if (step.index === 0) continue;
    const [[content, identity, ...more] = [], [before, identityBefore, ...moreBefore] = []] = [
      found[index],
      found[index - 1],
    ];
    const isCopied = more.slice(0, copies.length).every((count) => count === '0');
    const [others, othersBefore] = [more.slice(copies.length), moreBefore.slice(copies.length)];
    const isStamped = Number(content) > Number(before) && Number(identity) > Number(identityBefore) === step.isIdentity;
    const isHashed = !step.isIdentity || others.every((each, at) => each === '' || each !== othersBefore[at]);
    if (!isStamped || !isHashed || !isCopied)
      failures.add(
        'R17',
        `${name}.${step.column}`,
        `${nearText(step.values, step.index)}${step.isIdentity && others.length > 0 ? ', with other referential ids' : ''}${isCopied ? '' : ', and the same values in the abstract identity'}`,
        `${found[index - 1]?.join(' ')}, then ${found[index]?.join(' ')}`,
      );
  }
}

/** Values of a column, each near the one before; null for ids of documents. */
function nearValuesOf({ kind, scalarType }: Column, isNullable: boolean, dialect: SqlDialect) {
  if (kind === 'Ordinal') return nearPositions;
  return scalarType === null || kind !== 'Scalar' ? null : nearValues(scalarType, isNullable, dialect);
}

/**
 * The smallest changes of the columns that lead to the row of a document below its root, if a body compares them: its
 * own key, and the key of the row that encloses it. They come after all others, which find the row by its key.
 */
function nearIdSteps(
  { session, rules }: TrialContext,
  { table, rows }: MadeTable,
  documentId: number,
): readonly NearStep[] {
  if (table.parent === null || rules.stampsUnchangedRows) return [];
  const row = rows.find((each) => each.documentId === documentId);
  const columns = new Set<string>([...table.table.key.columns.map(({ name }) => name), ...table.parent.columns]);
  return [...columns]
    .filter((column) => column !== table.documentColumn)
    .flatMap((column) => {
      const update = (value: string | null) =>
        session.updateText(
          table.table.table,
          [session.equal(column, value)],
          session.equal(table.documentColumn, documentId),
        );
      const step = { column, isIdentity: false, values: nearIds };
      return [
        ...nearIds.map((value, index) => ({ ...step, index, statement: update(value) })),
        { ...step, index: 0, statement: update(row?.values.get(column) ?? null) },
      ];
    });
}

/**
 * Scalar expressions of the number of abstract identities of a document that are missing, or that differ from its root
 * row, by the law: none each.
 */
function copiesOf(
  { session, abstracts, dialect }: TrialContext,
  { table }: MadeTable,
  documentId: number,
): readonly PlainSql[] {
  const { sql, literal } = session.rules;
  return abstractsOf(abstracts, table.table.table).flatMap(({ rule }) =>
    rule.expected.arms.map((arm) => {
      const { unmet } = armTexts(rule, arm, dialect);
      return sql`(SELECT COUNT(*) FROM (${unmet}) AS f WHERE f."DocumentId" = ${literal(documentId)})`;
    }),
  );
}
