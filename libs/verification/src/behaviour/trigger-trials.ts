import type { DocumentStampingTrigger } from '@dms/inventory';
import { type Column, mustExist, type ScalarType } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { BehaviourSession } from './behaviour-session.ts';
import { infiniteValues, nearValues } from './column-values.ts';
import type { IdentityRows } from './derived-rows.ts';
import type { Stamped, StampRules } from './document-rows.ts';
import { type MadeTable, rowsOfTable, type TriggerRows, turns } from './trigger-rows.ts';
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

export interface TrialContext {
  readonly session: BehaviourSession;
  readonly dialect: SqlDialect;
  readonly stamps: StampRules;
  readonly source: TriggerRows;
  readonly identities: Pick<IdentityRows, 'takesInfinity'>;
}

/** The columns of a root row that change at once, by their names: in two ways where they cannot all change. */
function changedAtOnce(source: TriggerRows, table: WorldTable): ReadonlyMap<string, readonly Column[]> {
  const ways = (['first', 'last'] as const).map((staying) => source.changeableAtOnce(table, staying));
  return new Map(ways.map((columns) => [columns.map(({ name }) => name).join(', '), columns]));
}

/**
 * The trials of the rows of a root table: of columns of their identities and one other, of deletions, and of a row that
 * moves.
 */
export function trialsOfRoot(
  context: TrialContext,
  made: MadeTable,
  stamping: DocumentStampingTrigger,
  entry: WorldResource,
): Trial[] {
  const { session, stamps, source } = context;
  const { table, rows } = made;
  const [first = 0, middle = 0, last = 0, other = 0] = source.idsOf(entry);
  const name = session.table(table.table.table);
  const of = (...ids: readonly number[]) => `${session.quote('DocumentId')} IN (${ids.join(', ')})`;
  const projection = new Set<string>(stamping.identityProjectionColumns);
  const columns = source.changeable(table);
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
          [source.update(made, [column], [middle], 1)],
          stamped('identity', middle),
          true,
        ),
      );
  for (const [names, some] of changedAtOnce(source, table))
    if (some.length > 1 && some.some(({ name: column }) => projection.has(column)))
      trials.push(
        trial(
          `columns of one document changed at once: ${names}`,
          [source.update(made, some, [middle], 1)],
          stamped('identity', middle),
          true,
        ),
      );
  // each document is in one statement, so a trial can have statements of one and of two documents
  for (const column of new Set([own, free])) {
    if (!column) continue;
    const update = (...ids: readonly number[]) => source.update(made, [column], ids, 1);
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
    const value = session.literal(source.valueOf(table, own, rows.length, 1));
    const move = (from: number, to: number) =>
      `UPDATE ${name} SET ${session.quote('DocumentId')} = ${to}, ${session.quote(own.name)} = ${value} WHERE ${of(from)}`;
    const left = (id: number) => (stamps.stampsLeftDocument ? stamped('content', id) : []);
    trials.push(
      trial('a row moved to another document', [move(first, other)], new Map([...left(first), [other, 'identity']])),
      trial(
        'a row moved to a document before it',
        [remove(first), move(last, first)],
        new Map([...left(last), [first, 'identity']]),
        false,
        false,
      ),
    );
  }
  return trials;
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
  { session, stamps, source }: TrialContext,
  made: MadeTable,
  parents: MadeTable | undefined,
  entry: WorldResource,
): Trial[] {
  const { table, rows } = made;
  const [first = 0, middle = 0, last = 0, other = 0] = source.idsOf(entry);
  const name = session.table(table.table.table);
  const document = session.quote(table.documentColumn);
  const of = (...ids: readonly number[]) => `${document} IN (${ids.join(', ')})`;
  const trial = (what: string, statements: readonly string[], ids: readonly number[], isOne = true): Trial => ({
    object: `${table.name}, ${what}`,
    statements,
    expected: new Map(ids.map((id): [number, Stamped] => [id, 'content'])),
    isOne,
    isIdentity: false,
  });
  const columns = source.changeable(table);
  const trials: Trial[] = [];
  const free = columns.find(({ kind }) => kind !== 'Ordinal') ?? columns[0];
  const updates = (...ids: readonly number[]) =>
    free ? source.update(made, [free], ids, 1) : `UPDATE ${name} SET ${document} = ${document} WHERE ${of(...ids)}`;
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
    const root = source.insertText(source.madeLast(entry.root, source.idsOf(entry)));
    const move = `UPDATE ${name} SET ${document} = ${other} WHERE ${of(middle)}`;
    return [...trials, trial('a row moved to another document', [root, move], [middle, other])];
  }
  // the first document has two rows in each collection, so its row can move from one to the other
  const [oldParent, newParent] = parents?.rows.filter(({ documentId }) => documentId === first) ?? [];
  if (oldParent && newParent && table.parent) {
    const { columns: parentColumns, targetColumns } = table.parent;
    const keyOf = (row: typeof newParent) =>
      parentColumns.map((column, at): [string, string | null] => [
        column,
        row.values.get(mustExist(targetColumns[at], `the column that ${column} repeats`)) ?? null,
      ]);
    const [moved] = rows.filter(({ documentId }) => documentId === first);
    const key = table.table.key.columns.map(
      ({ name: column }) => `${session.quote(column)} = ${session.literal(moved?.values.get(column) ?? null)}`,
    );
    // nothing else of the row changes: the other parent has no rows yet
    const list = keyOf(newParent).map(([column, value]) => `${session.quote(column)} = ${session.literal(value)}`);
    trials.push(
      trial(
        'a row moved to another row of its document',
        [`UPDATE ${name} SET ${list.join(', ')} WHERE ${key.join(' AND ')}`],
        [first],
      ),
    );
  }
  const further = source.made(table, source.idsOf(entry), parents, 1);
  const mine = { ...further, rows: further.rows.filter(({ documentId }) => Object.is(documentId, first)) };
  trials.push(trial('two rows of one document inserted', [source.insertText(mine)], [first]));
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
    const assignments = [...own]
      .map(([column, value]) => `${session.quote(column)} = ${session.literal(value)}`)
      .join(', ');
    trials.push(
      trial(
        'a row moved to another document',
        [`UPDATE ${name} SET ${assignments} WHERE ${of(middle)}`],
        [middle, last],
      ),
    );
  }
  return trials;
}
