import type { DocumentStampingTrigger } from '@dms/inventory';
import { type Column, type ForeignKeyConstraint, mustExist, type ScalarType } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { FurtherChecks } from './checked-world.ts';
import { infiniteValues, nearValues } from './column-values.ts';
import type { AbstractIdentity, IdentityRows } from './derived-rows.ts';
import type { Stamped, StampRules } from './document-rows.ts';
import { type MadeTable, rowsOfTable, type TriggerRows, turns } from './trigger-rows.ts';
import type { BehaviourContext } from './world.ts';
import type { WorldResource, WorldTable } from './world-tables.ts';

/* What R17 tries on the rows of a table, and what each trial must stamp. */

/** Statements that are tried together, and rolled back. */
export interface Trial {
  readonly object: string;
  readonly statements: readonly string[];
  readonly expected: ReadonlyMap<number, Stamped>;
  readonly isOne: boolean;
  /** Whether the rows that follow from the root row are compared. */
  readonly isIdentity: boolean;
}

/** What R17 knows when it tries triggers. */
export interface TrialContext extends BehaviourContext {
  readonly dialect: SqlDialect;
  readonly rules: StampRules;
  readonly source: TriggerRows;
  readonly identities: IdentityRows;
  readonly further: FurtherChecks;
  readonly abstracts: readonly AbstractIdentity[];
  /** By the name of their table. */
  readonly stampings: ReadonlyMap<string, DocumentStampingTrigger>;
}

const stamped = (what: Stamped, ids: readonly number[]): ReadonlyMap<number, Stamped> =>
  new Map(ids.map((id) => [id, what]));

/** A trial of one statement that changes no identity, unless `more` says otherwise. */
const trial = (
  object: string,
  statements: readonly string[],
  expected: Trial['expected'],
  more: Partial<Trial> = {},
): Trial => ({ object, statements, expected, isOne: true, isIdentity: false, ...more });

/** The documents of a resource: three with rows, and one without. */
function documentsOf(source: TriggerRows, entry: WorldResource) {
  const [first = 0, middle = 0, last = 0, other = 0] = source.idsOf(entry);
  return { first, middle, last, other, all: [first, middle, last] };
}

/** Statements for the rows of some documents in a table. */
function statementsFor({ session }: TrialContext, { table, documentColumn }: WorldTable) {
  const name = session.table(table.table);
  const of = (...ids: readonly number[]) => `${session.quote(documentColumn)} IN (${ids.join(', ')})`;
  const assigned = ([column, value]: readonly [string, string | null]) =>
    `${session.quote(column)} = ${session.literal(value)}`;
  return {
    of,
    assigned,
    update: (list: readonly string[], where: string) => `UPDATE ${name} SET ${list.join(', ')} WHERE ${where}`,
    remove: (...ids: readonly number[]) => `DELETE FROM ${name} WHERE ${of(...ids)}`,
  };
}

/** The columns of a root row that change at once, by their names: in two ways where they cannot all change. */
function changedAtOnce(source: TriggerRows, table: WorldTable): ReadonlyMap<string, readonly Column[]> {
  const ways = (['first', 'last'] as const).map((staying) => source.changeableAtOnce(table, staying));
  return new Map(ways.map((columns) => [columns.map(({ name }) => name).join(', '), columns]));
}

/** The trials of a root table: of columns of its identity and one other, of deletions, and of rows that move. */
export function trialsOfRoot(
  context: TrialContext,
  made: MadeTable,
  stamping: DocumentStampingTrigger,
  entry: WorldResource,
): Trial[] {
  const { session, rules, source } = context;
  const { table, rows } = made;
  const { first, middle, last, other, all } = documentsOf(source, entry);
  const { of, update, remove } = statementsFor(context, table);
  const projection = new Set<string>(stamping.identityProjectionColumns);
  const columns = source.changeable(table);
  const own = columns.find(
    (column) => projection.has(column.name) && column.kind === 'Scalar' && column.scalarType?.kind !== 'Boolean',
  );
  const free = columns.find((column) => !projection.has(column.name)) ?? columns.at(-1);
  const object = (what: string) => `${entry.label}, ${what}`;
  const ofIdentity = (what: string, some: readonly Column[]) =>
    trial(object(what), [source.update(made, some, [middle], 1)], stamped('identity', [middle]), { isIdentity: true });
  const single = columns
    .filter(({ name }) => projection.has(name))
    .map((column) => ofIdentity(`${column.name} of one document changed`, [column]));
  const atOnce = [...changedAtOnce(source, table)]
    .filter(([, some]) => some.length > 1 && some.some(({ name }) => projection.has(name)))
    .map(([names, some]) => ofIdentity(`columns of one document changed at once: ${names}`, some));
  // each document is in one statement, so a trial can have statements of one and of two documents
  const ofSeveral = [...new Set([own, free])].flatMap((column): Trial[] => {
    if (!column) return [];
    const { name } = column;
    const change = (...ids: readonly number[]) => source.update(made, [column], ids, 1);
    const isIdentity = projection.has(name);
    const expected = stamped(isIdentity ? 'identity' : 'content', all);
    const both = [change(first, last), change(middle)];
    return [
      trial(object(`${name} of two documents and of one changed`), both, expected, { isIdentity, isOne: false }),
      trial(object(`${name} of three documents changed`), [change(...all)], expected, { isIdentity }),
    ];
  });
  const content = stamped('content', all);
  const removed = [
    trial(object('rows of two documents and of one deleted'), [remove(first, last), remove(middle)], content, {
      isOne: false,
    }),
    trial(object('rows of three documents deleted'), [remove(...all)], content),
  ];
  if (!own) return [...single, ...atOnce, ...ofSeveral, ...removed];
  const value = session.literal(source.valueOf(table, own, rows.length, 1));
  const move = (from: number, to: number) =>
    update([`${session.quote('DocumentId')} = ${to}`, `${session.quote(own.name)} = ${value}`], of(from));
  const moved = (from: number, to: number) =>
    new Map([...stamped('content', rules.stampsLeftDocument ? [from] : []), [to, 'identity'] as const]);
  return [
    ...single,
    ...atOnce,
    ...ofSeveral,
    ...removed,
    trial(object('a row moved to another document'), [move(first, other)], moved(first, other)),
    trial(object('a row moved to a document before it'), [remove(first), move(last, first)], moved(last, first), {
      isOne: false,
    }),
  ];
}

/**
 * The values of identities that differ as little as they can, in one document of each of several resources and in all
 * columns at once: what is hashed, repeated and recorded of them has each value whole.
 */
export function nearTrials(
  { session, dialect, source, identities }: TrialContext,
  entries: readonly WorldResource[],
  identityOf: (entry: WorldResource) => ReadonlySet<string>,
): readonly Trial[] {
  const valuesOf = (type: ScalarType) => [
    ...nearValues(type, false, dialect),
    ...(identities.takesInfinity ? infiniteValues(type, dialect) : []),
  ];
  const rows = entries.flatMap((entry) => {
    const identity = identityOf(entry);
    const columns = source
      .changeable(entry.root)
      .flatMap(({ name, kind, scalarType }) =>
        kind === 'Scalar' && scalarType !== null && identity.has(name) ? [{ name, values: valuesOf(scalarType) }] : [],
      );
    const [, middle = 0] = source.idsOf(entry);
    return columns.length === 0 ? [] : [{ table: session.table(entry.root.table.table), columns, middle }];
  });
  const count = Math.max(0, ...rows.flatMap(({ columns }) => columns.map(({ values }) => values.length)));
  const updates = (turn: number) =>
    rows.map(({ table, columns, middle }) => {
      const list = columns.map(
        ({ name, values }) => `${session.quote(name)} = ${session.literal(values[turn % values.length] ?? null)}`,
      );
      return `UPDATE ${table} SET ${list.join(', ')} WHERE ${session.quote('DocumentId')} = ${middle}`;
    });
  const pairs = Array.from({ length: Math.max(0, count - 1) }, (_, turn) => [...updates(turn), ...updates(turn + 1)]);
  return pairs.map((statements) => ({
    object: `near values of identities, ${statements.at(-1)}`,
    statements,
    expected: new Map(rows.map(({ middle }) => [middle, 'identity'])),
    isOne: false,
    isIdentity: true,
  }));
}

/** The trials of the rows of a table below a root: of several documents, of deletions, and of a row that moves. */
export function trialsOfLower(
  context: TrialContext,
  made: MadeTable,
  parents: MadeTable | undefined,
  entry: WorldResource,
): Trial[] {
  const { session, rules, source } = context;
  const { table, rows } = made;
  const { first, middle, last, other, all } = documentsOf(source, entry);
  const { of, update, remove, assigned } = statementsFor(context, table);
  const document = session.quote(table.documentColumn);
  const tried = (what: string, statements: readonly string[], ids: readonly number[], isOne = true): Trial =>
    trial(`${table.name}, ${what}`, statements, stamped('content', ids), { isOne });
  const columns = source.changeable(table);
  const free = columns.find(({ kind }) => kind !== 'Ordinal') ?? columns[0];
  const change = (...ids: readonly number[]) =>
    free ? source.update(made, [free], ids, 1) : update([`${document} = ${document}`], of(...ids));
  // each document is in one statement, so a trial can have statements of one and of two documents
  const changes = [
    tried('rows of two documents and of one changed', [change(first, last), change(middle)], all, false),
    tried('rows of three documents changed', [change(...all)], all),
  ];
  const trials = [
    ...(free || rules.stampsUnchangedRows ? changes : []),
    tried('rows of two documents and of one deleted', [remove(middle, last), remove(first)], all, false),
    tried('rows of three documents deleted', [remove(...all)], all),
  ];
  if (rows.length < rowsOfTable) {
    // the last document has no row in this table, and gets its root row, which stamps nothing
    const root = source.insertText(source.madeLast(entry.root, source.idsOf(entry)));
    const move = update([`${document} = ${other}`], of(middle));
    return [...trials, tried('a row moved to another document', [root, move], [middle, other])];
  }
  /** What a row repeats of the row above it. */
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
    // nothing else of the row changes: the other parent has no rows yet
    const move = update(keyOf(newParent, table.parent).map(assigned), key.join(' AND '));
    trials.push(tried('a row moved to another row of its document', [move], [first]));
  }
  const further = source.made(table, source.idsOf(entry), parents, 1);
  const mine = { ...further, rows: further.rows.filter(({ documentId }) => Object.is(documentId, first)) };
  trials.push(tried('two rows of one document inserted', [source.insertText(mine)], [first]));
  const target = parents?.rows.find(({ documentId }) => documentId === last);
  if (!target || !table.parent) return trials;
  const ordinals = table.table.columns.filter(({ kind }) => kind === 'Ordinal').map(({ name }): string => name);
  const own = new Map<string, string | null>([
    ...ordinals.map((name) => [name, String(rowsOfTable * turns)] as const),
    [table.documentColumn, String(last)],
    ...keyOf(target, table.parent),
  ]);
  const move = update([...own].map(assigned), of(middle));
  return [...trials, tried('a row moved to another document', [move], [middle, last])];
}
