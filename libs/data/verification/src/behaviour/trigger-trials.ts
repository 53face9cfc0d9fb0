import type { DocumentStampingTrigger } from '@dms/inventory';
import { type Column, core, type ForeignKeyConstraint, mustExist, qualified, type ScalarType } from '@dms/model';
import { join, type PlainSql, type SqlDialect, textOf } from '@dms/sql';
import type { FurtherChecks, StampState } from './checked-world.ts';
import { infiniteValues, nearValues, rareValues } from './column-values.ts';
import type { AbstractIdentity, IdentityRows } from './derived-rows.ts';
import type { Stamped, StampRules } from './document-rows.ts';
import { changeableColumns, columnsChangedAtOnce, rowsOfTable, turns } from './trigger-columns.ts';
import { documentsWithRows, type MadeTable, type TriggerRows } from './trigger-rows.ts';
import type { BehaviourContext } from './world.ts';
import type { WorldResource, WorldTable } from './world-tables.ts';

/* The trials of R17 on the rows of a table, with the stamps that each must set. */

/** Statements that are tried together, and rolled back. */
export interface Trial {
  readonly object: string;
  readonly statements: readonly PlainSql[];
  readonly expected: ReadonlyMap<number, Stamped>;
  readonly isOne: boolean;
  /** Whether the rows that follow from the root row are compared. */
  readonly isIdentity: boolean;
  /** Whether a row moves to another document, which must not be recorded as a change of its identity. */
  readonly isMove: boolean;
}

/** The state that the trials of R17 share. */
export interface TrialContext extends BehaviourContext {
  readonly dialect: SqlDialect;
  readonly rules: StampRules;
  readonly source: TriggerRows;
  readonly identities: IdentityRows;
  readonly further: FurtherChecks;
  readonly abstracts: readonly AbstractIdentity[];
  /** The stamping triggers by the name of their table. */
  readonly stampings: ReadonlyMap<string, DocumentStampingTrigger>;
}

/** The trials of a root table: of columns of its identity and one other, of deletions, and of rows that move. */
export function trialsOfRoot(
  context: TrialContext & StampState,
  made: MadeTable,
  stamping: DocumentStampingTrigger,
  entry: WorldResource,
): Trial[] {
  const { rules, source } = context;
  const { table, rows } = made;
  const { first, middle, last, other, all } = documentsOf(source, entry, made);
  const { of, assigned, update, remove } = statementsFor(context, table);
  const projection = new Set<string>(stamping.identityProjectionColumns);
  const columns = changeableColumns(table);
  const free = columns.find((column) => !projection.has(column.name)) ?? columns.at(-1);
  const own = source.bestOf(
    table,
    columns.filter((column) => projection.has(column.name) && column.kind === 'Scalar'),
  );
  const object = (what: string) => `${entry.label}, ${what}`;
  const ofIdentity = (what: string, some: readonly Column[]): Trial[] => {
    const updates = source.updates(made, some, [[middle]]);
    return updates === null ? [] : [trial(object(what), updates, stamped('identity', [middle]), { isIdentity: true })];
  };
  const single = columns
    .filter(({ name }) => projection.has(name))
    .flatMap((column) => ofIdentity(`${column.name} of one document changed`, [column]));
  const atOnce = [...changedAtOnce(table)]
    .filter(([, some]) => some.length > 1 && some.some(({ name }) => projection.has(name)))
    .flatMap(([names, some]) => ofIdentity(`columns of one document changed at once: ${names}`, some));
  const added = source.madeLast(entry.root, source.idsOf(entry));
  const alone = [
    ...single,
    ...atOnce,
    // the document is older than the row
    ...(added ? [trial(object('a row inserted'), [source.insertText(added)], new Map(), { isIdentity: true })] : []),
    ...(added ? [insertedAtFirst(context, object, other, source.insertText(added))] : []),
  ];
  const rowOf = (id: number) =>
    mustExist(rows.find(({ documentId }) => Object.is(documentId, id))?.values, `the row of ${id}`);
  const names = own.map(({ name }): string => name);
  /** Moves a row, with values that no other row has; `room` deletes the row that is in its place. */
  const moved = (what: string, from: number, to: number, ...room: readonly PlainSql[]): Trial[] => {
    if (names.length === 0) return [];
    const changed = source.moved(made, rowOf(from), { own: new Map([['DocumentId', String(to)]]), columns: names });
    if (changed === null) return [];
    const left = stamped('content', rules.stampsLeftDocument ? [from] : []);
    const move = update([...changed].map(assigned), of(from));
    const expected = new Map([...left, [to, 'identity'] as const]);
    return [trial(object(what), [...room, move], expected, { isOne: room.length === 0, isMove: true })];
  };
  if (all.length < documentsWithRows) {
    const outside = columns.filter(({ name }) => !projection.has(name));
    // where the identity cannot change, no other trial updates a single document
    const changed = single.length + atOnce.length === 0 ? firstUpdates(source, made, outside, [[middle]]) : null;
    return [
      ...alone,
      ...(changed ? [trial(object('the row of a document changed'), changed, stamped('content', [middle]))] : []),
      trial(object('the row of a document deleted'), [remove(middle)], stamped('content', [middle])),
      ...moved('a row moved to another document', middle, other),
      ...moved('a row moved to a document before it', middle, first),
      ...trialsOfTwo(context, made, entry, { root: added, columns: outside }),
    ];
  }
  // each document is in one statement, so a trial can have statements of one and of two documents
  const ofSeveral = [...new Set([own[0], free])].flatMap((column): Trial[] => {
    if (!column) return [];
    const { name } = column;
    const isIdentity = projection.has(name);
    const expected = stamped(isIdentity ? 'identity' : 'content', all);
    const both = source.updates(made, [column], [[first, last], [middle]]);
    const together = source.updates(made, [column], [all]);
    const what = `${name} of two documents and of one changed`;
    return [
      ...(both ? [trial(object(what), both, expected, { isIdentity, isOne: false })] : []),
      ...(together ? [trial(object(`${name} of three documents changed`), together, expected, { isIdentity })] : []),
    ];
  });
  const content = stamped('content', all);
  const removed = [
    trial(object('rows of two documents and of one deleted'), [remove(first, last), remove(middle)], content, {
      isOne: false,
    }),
    trial(object('rows of three documents deleted'), [remove(...all)], content),
  ];
  return [
    ...alone,
    ...ofSeveral,
    ...removed,
    ...moved('a row moved to another document', first, other),
    ...moved('a row moved to a document before it', last, first, remove(first)),
  ];
}

/** A time of a stamp where each statement has its own time. */
const laterTime = '2002-01-01T00:00:00Z';

/** A root row is inserted for a document that has the first version of the sequence. */
function insertedAtFirst(
  { session, now }: TrialContext & StampState,
  object: (what: string) => string,
  documentId: number,
  insert: PlainSql,
): Trial {
  const stamps = [session.equal('ContentVersion', 1), session.equal('ContentLastModifiedAt', now ?? laterTime)];
  const stamp = session.updateText(core.document, stamps, session.equal('DocumentId', documentId));
  return trial(
    object('a row inserted for a document with version 1'),
    [stamp, insert],
    stamped('content', [documentId]),
    { isOne: false },
  );
}

/** The documents of a resource, one of them without rows; `all` have rows in a table. */
function documentsOf(source: TriggerRows, entry: WorldResource, { rows }: MadeTable) {
  const [first = 0, middle = 0, last = 0, other = 0] = source.idsOf(entry);
  return { first, middle, last, other, all: [...new Set(rows.map(({ documentId }) => documentId))] };
}

/** Statements for the rows of some documents in a table. */
function statementsFor({ session }: TrialContext, { table, documentColumn }: WorldTable) {
  const of = (...ids: readonly number[]) => session.among(documentColumn, ids);
  return {
    of,
    assigned: ([column, value]: readonly [string, string | null]) => session.equal(column, value),
    update: (list: readonly PlainSql[], where: PlainSql) => session.updateText(table.table, list, where),
    remove: (...ids: readonly number[]) => session.deleteText(table.table, of(...ids)),
  };
}

/** A trial of one statement that changes no identity, unless `more` says otherwise. */
const trial = (
  object: string,
  statements: readonly PlainSql[],
  expected: Trial['expected'],
  more: Partial<Trial> = {},
): Trial => ({ object, statements, expected, isOne: true, isIdentity: false, isMove: false, ...more });

const stamped = (what: Stamped, ids: readonly number[]): ReadonlyMap<number, Stamped> =>
  new Map(ids.map((id) => [id, what]));

/** The columns of a root row that change at once, by their names: two sets if not all of them can change. */
function changedAtOnce(table: WorldTable): ReadonlyMap<string, readonly Column[]> {
  const ways = (['first', 'last'] as const).map((staying) => columnsChangedAtOnce(table, staying));
  return new Map(ways.map((columns) => [columns.map(({ name }) => name).join(', '), columns]));
}

/**
 * Changes identity values as little as possible, in one document of each of several resources and in all columns at
 * once: hashes, copies and records of the values must contain each value completely.
 */
export function nearTrials(
  { session, dialect, source, identities }: TrialContext,
  entries: readonly { readonly entry: WorldResource; readonly made: MadeTable }[],
  identityOf: (entry: WorldResource) => ReadonlySet<string>,
): readonly Trial[] {
  const valuesOf = (type: ScalarType) => [
    ...nearValues(type, false, dialect),
    ...rareValues(type),
    ...(identities.takesInfinity ? infiniteValues(type, dialect) : []),
  ];
  const rows = entries.flatMap(({ entry, made }) => {
    const identity = identityOf(entry);
    const columns = changeableColumns(entry.root).flatMap(({ name, kind, scalarType }) =>
      kind === 'Scalar' && scalarType !== null && identity.has(name) ? [{ name, values: valuesOf(scalarType) }] : [],
    );
    const [, middle = 0] = source.idsOf(entry);
    const row = made.rows.find(({ documentId }) => documentId === middle)?.values;
    if (columns.length === 0 || !row) return [];
    const valuesAt = (turn: number) =>
      new Map(columns.map(({ name, values }) => [name, values[turn % values.length] ?? null]));
    const count = Math.max(...columns.map(({ values }) => values.length));
    return [{ table: entry.root.table.table, made, row, valuesAt, count, middle }];
  });
  const count = Math.max(0, ...rows.map((each) => each.count));
  const turns = Array.from({ length: Math.max(0, count - 1) }, (_, turn) => turn);
  return turns.flatMap((turn) => {
    // if a key has few values, another row may have one of the two, or the row may already have the second
    const possible = rows.filter(
      ({ made, row, valuesAt }) =>
        [turn, turn + 1].every((each) => source.isPossible(made, row, valuesAt(each))) &&
        !source.isSame(made, row, valuesAt(turn + 1)),
    );
    const updates = (each: number) =>
      possible.map(({ table, valuesAt, middle }) => {
        const list = [...valuesAt(each)].map(([name, value]) => session.equal(name, value));
        return session.updateText(table, list, session.equal('DocumentId', middle));
      });
    const statements = [...updates(turn), ...updates(turn + 1)];
    const last = statements.at(-1);
    if (last === undefined) return [];
    const ids = possible.map(({ middle }) => middle);
    const object = `near values of identities, ${textOf(last)}`;
    return [trial(object, statements, stamped('identity', ids), { isOne: false, isIdentity: true })];
  });
}

/** The trials of the rows of a table below a root: of several documents, of deletions, and of a row that moves. */
export function trialsOfLower(
  context: TrialContext & StampState,
  made: MadeTable,
  parents: MadeTable | undefined,
  entry: WorldResource,
): Trial[] {
  const { session, rules, source } = context;
  const { table, rows, isOnly } = made;
  const { first, middle, last, other, all } = documentsOf(source, entry, made);
  const { of, update, remove, assigned } = statementsFor(context, table);
  const { documentColumn } = table;
  const { sql, id, literal } = session.rules;
  const tried = (what: string, statements: readonly PlainSql[], ids: readonly number[], isOne = true): Trial =>
    trial(`${table.name}, ${what}`, statements, stamped('content', ids), { isOne });
  if (!all.includes(middle)) return [];
  const lastRoot = () => source.madeLast(entry.root, source.idsOf(entry));
  /** Moves a row to the last document, which has no row in this table and first gets its root row; that stamps nothing. */
  const movedBelow = (root: MadeTable | null): Trial[] => {
    const move = update([session.equal(documentColumn, other)], of(middle));
    return root ? [tried('a row moved to another document', [source.insertText(root), move], [middle, other])] : [];
  };
  const columns = changeableColumns(table);
  const ordered = [
    ...columns.filter(({ kind }) => kind !== 'Ordinal'),
    ...columns.filter(({ kind }) => kind === 'Ordinal'),
  ];
  if (all.length < documentsWithRows) {
    const root = lastRoot();
    return [
      tried('the row of a document deleted', [remove(middle)], [middle]),
      ...movedBelow(root),
      ...trialsOfTwo(context, made, entry, { root, columns: ordered }),
    ];
  }
  // each document is in one statement, so a trial can have statements of one and of two documents
  const groups = [[first, last], [middle]];
  const free = ordered.find((column) => source.updates(made, [column], groups) !== null);
  const touched = (some: readonly number[]) => update([session.unchanged(documentColumn)], of(...some));
  const change = (some: readonly (readonly number[])[]) =>
    (free && source.updates(made, [free], some)) ?? (free ? null : some.map(touched));
  const both = change(groups);
  const together = change([all]);
  const changes = [
    ...(both ? [tried('rows of two documents and of one changed', both, all, false)] : []),
    ...(together ? [tried('rows of three documents changed', together, all)] : []),
  ];
  const trials = [
    ...(free || rules.stampsUnchangedRows ? changes : []),
    tried('rows of two documents and of one deleted', [remove(middle, last), remove(first)], all, false),
    tried('rows of three documents deleted', [remove(...all)], all),
  ];
  const root = free || rules.stampsUnchangedRows ? null : lastRoot();
  // only the documents of rows without other values can change
  if (root && isOnePerDocument(table)) {
    const moved = sql`CASE ${id(documentColumn)} WHEN ${literal(first)} THEN ${literal(last)} ELSE ${literal(other)} END`;
    const moves = update([session.equal(documentColumn, moved)], of(first, middle));
    const statements = [source.insertText(root), remove(last), moves];
    trials.push(tried('rows of two documents moved to two others', statements, [...all, other], false));
  }
  if (isOnly) return [...trials, ...movedBelow(lastRoot())];
  /** The values that a row copies from the row that encloses it. */
  const keyOf = (above: MadeTable['rows'][number], { columns: own, targetColumns }: ForeignKeyConstraint) =>
    own.map((column, at): [string, string | null] => [
      column,
      above.values.get(mustExist(targetColumns[at], `the column that ${column} repeats`)) ?? null,
    ]);
  // the first document has two rows in each collection, so its row can move from one to the other
  const [oldParent, newParent] = parents?.rows.filter(({ documentId }) => documentId === first) ?? [];
  if (oldParent && newParent && table.parent) {
    const moved = rows.find(({ documentId }) => documentId === first);
    const key = table.table.key.columns.map(({ name }) => assigned([name, moved?.values.get(name) ?? null]));
    // no other value of the row changes: the other parent has no rows yet
    const move = update(keyOf(newParent, table.parent).map(assigned), join(key, ' AND '));
    trials.push(tried('a row moved to another row of its document', [move], [first]));
  }
  const further = source.madeAgain(table, source.idsOf(entry).slice(0, -1), parents);
  const mine = { ...further, rows: further.rows.filter(({ documentId }) => Object.is(documentId, first)) };
  if (mine.rows.length > 1) trials.push(tried('two rows of one document inserted', [source.insertText(mine)], [first]));
  const target = parents?.rows.find(({ documentId }) => documentId === last);
  const row = rows.find(({ documentId }) => documentId === middle)?.values;
  if (!target || !table.parent || !row) return trials;
  const ordinals = table.table.columns.filter(({ kind }) => kind === 'Ordinal').map(({ name }): string => name);
  const own = new Map<string, string | null>([
    ...ordinals.map((name) => [name, String(rowsOfTable * turns)] as const),
    [table.documentColumn, String(last)],
    ...keyOf(target, table.parent),
  ]);
  const names = columns.flatMap(({ name }) => (own.has(name) ? [] : [name]));
  const changed = source.moved(made, row, { own, columns: names });
  if (changed === null) return trials;
  const move = update([...changed].map(assigned), of(middle));
  return [...trials, tried('a row moved to another document', [move], [middle, last])];
}

/** Whether a table has one row per document. */
const isOnePerDocument = ({ table: { key }, documentColumn }: WorldTable): boolean =>
  key.columns.every(({ name }) => name === documentColumn);

/** A row of the last document, below rows of its own that are not inserted; null if the keys have no room for it. */
function lastRow(source: TriggerRows, entry: WorldResource, table: WorldTable, root: MadeTable): MadeTable | null {
  const { parent } = table;
  if (parent === null) return root;
  const enclosing = [entry.root, ...entry.lower].find(({ name }) => name === qualified(parent.targetTable));
  const [above] = (enclosing && lastRow(source, entry, enclosing, root)?.rows) ?? [];
  return above ? source.madeLast(table, source.idsOf(entry), above.values) : null;
}

/** The updates of the first column that can change in the rows of all groups; null if there is none. */
function firstUpdates(
  source: TriggerRows,
  made: MadeTable,
  columns: readonly Column[],
  groups: readonly (readonly number[])[],
): readonly PlainSql[] | null {
  for (const column of columns) {
    const updates = source.updates(made, [column], groups);
    if (updates !== null) return updates;
  }
  return null;
}

/**
 * If the keys do not allow three documents: statements on rows of two documents, the second of which gets its rows
 * first. Then all times are reset, so a stamp of the statement shows. The first of `columns` that can change is
 * changed. `root` is a root row of the second document; null if the keys have no room for it.
 */
function trialsOfTwo(
  context: TrialContext & StampState,
  made: MadeTable,
  entry: WorldResource,
  { root, columns }: { readonly root: MadeTable | null; readonly columns: readonly Column[] },
): Trial[] {
  const { session, documents, source, rules, watch } = context;
  const { table } = made;
  const { middle, other } = documentsOf(source, entry, made);
  const { of, update, remove } = statementsFor(context, table);
  const isRoot = table.parent === null;
  const last = root && lastRow(source, entry, table, root);
  if (!last) return [];
  const both = { ...made, rows: [...made.rows, ...last.rows] };
  const rootFirst = isRoot ? [] : [source.insertText(root)];
  const forgotten = [documents.forgetTimes, ...watch.forgetTimes([entry.root.table.table])];
  const ready = [...rootFirst, source.insertText(last), ...forgotten];
  const tried = (what: string, statements: readonly PlainSql[]): Trial =>
    trial(
      `${isRoot ? entry.label : table.name}, rows of two documents ${what}`,
      statements,
      stamped('content', [middle, other]),
      { isOne: false },
    );
  const itself = session.unchanged(table.documentColumn);
  const touched = rules.stampsUnchangedRows ? [update([itself], of(middle, other))] : null;
  const changed = firstUpdates(source, both, columns, [[middle, other]]) ?? touched;
  return [
    ...(changed ? [tried('changed', [...ready, ...changed])] : []),
    tried('deleted', [...ready, remove(middle, other)]),
    // a new root row stamps nothing
    ...(isRoot ? [] : [tried('inserted', [...rootFirst, remove(middle), ...forgotten, source.insertText(both)])]),
  ];
}
