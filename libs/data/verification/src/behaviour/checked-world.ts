import { type Column, type CopiedType, core, qualified, type ScalarType } from '@dms/model';
import { join, type PlainSql, type QualifiedName } from '@dms/sql';
import type { RowText, Selection, TrialOutcome } from '../verification-dialect.ts';
import type { ObservedChange, RowsOf, SelectedRows } from './behaviour-session.ts';
import type { DerivedRows } from './derived-rows.ts';
import {
  DrawnVersions,
  inRange,
  longAgo,
  type Stamped,
  type StampRules,
  type StampsOf,
  type StampWatch,
  stampSelection,
  stampsOf,
  type VersionRange,
} from './document-rows.ts';
import type { BehaviourContext, SpareDocument, World, WorldDocument } from './world.ts';
import { storedColumns, type WorldTable } from './world-tables.ts';

/** The stamps before a change, and the rules and the watch for the stamps that it must set. */
export interface StampState {
  readonly rules: StampRules;
  readonly stamps: StampsOf;
  /** The versions that changes draw. */
  readonly range: VersionRange;
  /** The statement with which each change begins, so that it draws versions from 1 on; null if they go on. */
  readonly restart: PlainSql | null;
  readonly drawn: DrawnVersions;
  /** The time of every stamp before a change, as the engine shows it. */
  readonly unstampedTime: string;
  /** The time of every new stamp, as the engine shows it; null if each statement has its own. */
  readonly now: string | null;
  readonly watch: StampWatch;
}

/**
 * Sets all times far into the past, so that a stamp shows in version and time. With `isNoted`, errors that the watch
 * finds before or after that are failures of R3. With `least`, the least version that a document has, each change
 * draws versions from 1 on.
 */
export async function unstamped(
  context: BehaviourContext,
  rules: StampRules,
  { isNoted = false, least }: { readonly isNoted?: boolean; readonly least?: number | undefined } = {},
): Promise<StampState> {
  const { session, documents, input, failures } = context;
  const before = await documents.stamps();
  const maximum = Math.max(0, ...[...before.values()].flatMap(({ content, identity }) => [content, identity]));
  const range: VersionRange = least === undefined ? { after: maximum } : { before: least };
  const watch = rules.watch(session, input.model, input.inventory, range);
  const expectNoted = async (others: StampsOf) => {
    if (!isNoted) return;
    const noted = await session.rowsOfEach(watch.selections(null));
    for (const wrong of watch.wrong(noted, new Map(), others, false))
      failures.add('R3', core.document.name, 'the records of stamps', wrong);
  };
  await expectNoted(before);
  await session.change(documents.forgetTimes, ...watch.forgetTimes(null));
  const stamps = await documents.stamps();
  await expectNoted(stamps);
  const unstampedTime = [...stamps.values()][0]?.contentTime ?? '';
  const now = await session.transactionTime();
  const isRestarted = least !== undefined;
  return {
    rules,
    stamps,
    range,
    restart: isRestarted ? session.dialect.restarting.begin : null,
    drawn: new DrawnVersions(isRestarted ? 0 : maximum, isRestarted),
    unstampedTime,
    now,
    watch,
  };
}

/** Whether a table is tried, or is proved equal to tables that are (design 09b §2.6). */
export interface TriedTables {
  /** For what its triggers do. */
  readonly triggers: (table: string) => boolean;
  /** For its columns, keys and checks. */
  readonly columns: (table: string) => boolean;
}

/** The state from which checks try changes: two worlds, and facts about their rows. */
export interface CheckedWorld extends BehaviourContext, StampState {
  /** The world without optional values. */
  readonly sparse: World;
  /** The world whose rows have all optional values. */
  readonly full: World;
  /** Further documents, which nothing refers to. */
  readonly spares: readonly SpareDocument[];
  readonly tried: TriedTables;
  readonly derived: DerivedRows;
  readonly selected: SelectedRows;
  readonly declaredType: CopiedType;
  /** The columns that a new identity may change. */
  readonly followers: SelectedRows;
  readonly rowsOf: RowsOf;
}

/** The additional checks of a generation, at the points where their rows exist. */
export interface FurtherChecks {
  /** Adds columns and rows that must be read together with all rows. */
  select(selected: SelectedRows): void;
  /** Checks the rows of both worlds. */
  check(rowsOf: RowsOf): void;
  /** Checks the rows after a new identity; `before` are the rows of the worlds. */
  afterIdentity(object: string, after: RowsOf, before: RowsOf): void;
  /** Adds the columns of a root table that `keyChanges` and `recorded` read. */
  selectKeyChanges(table: QualifiedName, selected: SelectedRows): void;
  /** Checks the rows after new identities of rows of one root table. */
  keyChanges(object: string, table: QualifiedName, after: RowsOf, before: RowsOf): void;
  /** Whether a record of a row of a root table was refused because no person was found for the row. */
  lacksPerson(table: QualifiedName, outcome: TrialOutcome): boolean;
  /** Checks how many changes and deletions of rows of one root table are recorded. */
  recorded(object: string, table: QualifiedName, after: RowsOf, count: number): void;
  /** Runs when only deletions follow. */
  beforeDeletions(world: CheckedWorld): Promise<void>;
  /** Tables that keep rows after all documents are deleted. */
  readonly keptTables: ReadonlySet<string>;
}

/** The tables with rows of a document that are tried for their triggers, or for their columns. */
export const triedTablesOf = (
  { tried }: Pick<CheckedWorld, 'tried'>,
  { root, filled }: Pick<WorldDocument, 'root' | 'filled'>,
  what: keyof TriedTables,
): readonly WorldTable[] => [root, ...filled].filter(({ name }) => tried[what](name));

/** All documents, in the order in which they were made. */
export const allDocuments = ({ sparse, full, spares }: CheckedWorld): readonly WorldDocument[] => [
  ...sparse.documents,
  ...full.documents,
  ...spares,
];

/** The documents without optional values of the resources that have no document with all of them. */
export function withoutFullRow({ sparse, full }: CheckedWorld): readonly WorldDocument[] {
  const labels = new Set(full.documents.map(({ label }) => label));
  return sparse.documents.filter(({ label }) => !labels.has(label));
}

/** One document of each resource: with all optional values if there is one. */
export const fullestDocuments = (world: CheckedWorld): readonly WorldDocument[] => [
  ...world.full.documents,
  ...withoutFullRow(world),
];

/** The row of a table that belongs to a document. */
export function rowOf(
  { rowsOf }: Pick<CheckedWorld, 'rowsOf'>,
  { table, documentColumn }: WorldTable,
  documentId: number,
): RowText | undefined {
  return rowsOf(table.table).find((row) => Number(row[documentColumn]) === documentId);
}

/** The documents of the rows of a table. */
export const documentsOf = ({ rowsOf }: CheckedWorld, { table, documentColumn }: WorldTable): readonly number[] => [
  ...new Set(rowsOf(table.table).map((row) => Number(row[documentColumn]))),
];

/** The condition that a row belongs to a document. */
export const ofDocument = (
  { session }: Pick<CheckedWorld, 'session'>,
  { documentColumn }: WorldTable,
  documentId: number,
): PlainSql => session.equal(documentColumn, documentId);

export function updateText(
  { session }: Pick<CheckedWorld, 'session'>,
  { table }: WorldTable,
  assignments: ReadonlyMap<string, string | null>,
  condition?: PlainSql,
): PlainSql {
  const list = [...assignments].map(([column, value]) => session.equal(column, value));
  return session.updateText(table.table, list, condition);
}

/** Statements that make a document with a root row like that of another; `changed` are expressions of columns. */
export function copyTexts(
  { session, documents }: Pick<CheckedWorld, 'session' | 'documents'>,
  { root, resource, documentId }: WorldDocument,
  uuid: string,
  changed: ReadonlyMap<string, PlainSql> = new Map(),
): readonly PlainSql[] {
  const columns = ['DocumentId', ...storedColumns(root.table).filter((name) => name !== 'DocumentId')];
  const values = new Map([...changed, ['DocumentId', documents.idExpression(uuid)]]);
  return [
    documents.insertText(uuid, resource.resourceKey.id),
    session.copyText(root.table.table, columns, values, ofDocument({ session }, root, documentId)),
  ];
}

/** The part of a world that `stampSelections` reads. */
type WatchedWorld = Pick<CheckedWorld, 'session' | 'range' | 'restart' | 'watch'>;

/**
 * Selections of the documents whose stamp differs from the world's (of those that meet `among`), and of all other
 * watched rows.
 */
export function stampSelections(
  { session, range, watch }: WatchedWorld,
  roots: readonly QualifiedName[] | null,
  among?: PlainSql,
): readonly Selection[] {
  const { sql, id, literal } = session.rules;
  const other = (name: string) => sql`${id(name)} <> ${literal(longAgo)}`;
  const parts = [
    ...['ContentVersion', 'IdentityVersion'].map((name) => inRange(session.rules, name, range)),
    ...['ContentLastModifiedAt', 'IdentityLastModifiedAt'].map(other),
  ];
  const changed = join(parts, ' OR ');
  const where = among === undefined ? changed : sql`${among} AND (${changed})`;
  return [{ ...stampSelection, where }, session.dialect.lastVersion, ...watch.selections(roots)];
}

/** Statements of a change, after the one with which each change begins. */
export const begun = (
  { restart }: Pick<StampState, 'restart'>,
  statements: readonly PlainSql[],
): readonly PlainSql[] => (restart === null ? statements : [restart, ...statements]);

/** Lets `work` try changes that begin as {@link begun} says. */
export const restarting = <Result>(
  { session, restart }: Pick<WatchedWorld, 'session' | 'restart'>,
  work: () => Promise<Result>,
): Promise<Result> => (restart === null ? work() : session.restarting(work));

/** A change, with the selections that `checkStamps` reads after it. */
export function watched(
  world: WatchedWorld,
  statements: readonly PlainSql[],
  roots: readonly QualifiedName[] | null,
): ObservedChange {
  return { statements: begun(world, statements), selections: stampSelections(world, roots) };
}

/**
 * Fails unless exactly the expected documents are stamped, in the expected way, with a version that was drawn for it
 * and a new time, and the generation has recorded it. `rows` are the rows of a watched change.
 */
export function checkStamps(
  world: StampState & Pick<BehaviourContext, 'failures'>,
  { check, object, isOne = true }: { readonly check: string; readonly object: string; readonly isOne?: boolean },
  rows: readonly (readonly RowText[])[],
  expected: ReadonlyMap<number, Stamped>,
): void {
  const { failures, stamps, drawn, unstampedTime, now, watch, rules } = world;
  const [documents = [], [sequence] = [], ...others] = rows;
  const isDrawn = drawn.next(sequence);
  const touched = stampsOf(documents);
  const wrong: string[] = [];
  const isNow = (time: string) => (now === null ? time !== unstampedTime : time === now);
  const versions = new Set<number>();
  for (const [id, what] of expected) {
    const was = stamps.get(id);
    const is = touched.get(id);
    const isContent = is && isDrawn(is.content) && isNow(is.contentTime) && !versions.has(is.content);
    // the identity must have another version than the content
    if (is) versions.add(is.content);
    const isKept = is && is.identity === was?.identity && is.identityTime === unstampedTime;
    const isIdentity =
      is &&
      isDrawn(is.identity) &&
      isNow(is.identityTime) &&
      !versions.has(is.identity) &&
      (!isOne || rules.isIdentityOrdered(is));
    if (is && what === 'identity') versions.add(is.identity);
    if (!isContent || !(what === 'identity' ? isIdentity : isKept))
      wrong.push(`${id}: ${JSON.stringify(is ?? 'no stamp')}`);
  }
  for (const [id, is] of touched) if (!expected.has(id)) wrong.push(`${id}: ${JSON.stringify(is)}`);
  if (wrong.length > 0) failures.add(check, object, stampText(expected), shortened(wrong));
  const noted = watch.wrong(others, touched, stamps, isOne);
  if (noted.length > 0) failures.add(check, `${object}, noted`, 'what follows from the stamps', shortened(noted));
}

function stampText(expected: ReadonlyMap<number, Stamped>): string {
  if (expected.size === 0) return 'no stamp';
  return `stamps of ${[...expected].map(([id, what]) => `document ${id} (${what})`).join(', ')} alone`;
}

/** The largest number of documents in the text of a failure. */
const mostNamed = 3;

const shortened = (texts: readonly string[]) =>
  `${texts.slice(0, mostNamed).join('; ')}${texts.length > mostNamed ? ` and ${texts.length - mostNamed} more` : ''}`;

/** The root table of a document, by the name that the watch uses for it. */
export const rootOf = ({ root }: WorldDocument): QualifiedName => root.table.table;

export const sameTable = (left: QualifiedName, right: QualifiedName) => qualified(left) === qualified(right);

/** The length with which a text column is declared, and the one that all copies of its values allow. */
export function lengthsOf({ session, declaredType }: CheckedWorld, table: QualifiedName, column: Column) {
  const lengthOf = (type: ScalarType | null) => (type ? session.rules.declaredLength(type) : null);
  const declared = lengthOf(declaredType(table, column));
  const allowed = lengthOf(column.scalarType);
  return column.storage.kind !== 'Stored' || declared === null || allowed === null ? null : { declared, allowed };
}
