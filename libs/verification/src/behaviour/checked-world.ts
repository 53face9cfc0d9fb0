import { qualified } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import type { RowText, Selection } from '../verification-dialect.ts';
import type { CheckedSet } from '../verification-input.ts';
import type { BehaviourSession, ObservedChange, RowsOf, SelectedRows } from './behaviour-session.ts';
import type { CoreRows } from './core-tables.ts';
import type { DerivedRows } from './derived-rows.ts';
import {
  type DocumentRows,
  type DrawnVersions,
  longAgo,
  type Stamped,
  type StampRules,
  type StampsOf,
  type StampWatch,
  stampSelection,
  stampsOf,
} from './document-rows.ts';
import type { Failures } from './failures.ts';
import type { SpareDocument, World, WorldDocument } from './world.ts';
import { storedColumns, type WorldTable } from './world-tables.ts';

/** The state from which checks try changes: two worlds, and what is known about their rows. */
export interface CheckedWorld {
  readonly session: BehaviourSession;
  readonly documents: DocumentRows;
  readonly input: CheckedSet;
  readonly failures: Failures;
  readonly rules: StampRules;
  readonly coreRows: CoreRows;
  /** Without optional values. */
  readonly sparse: World;
  /** With everything that a row may have. */
  readonly full: World;
  /** Further documents, which nothing refers to. */
  readonly spares: readonly SpareDocument[];
  readonly derived: DerivedRows;
  readonly selected: SelectedRows;
  /** What may follow from a new identity. */
  readonly followers: SelectedRows;
  readonly rowsOf: RowsOf;
  readonly stamps: StampsOf;
  /** The greatest version. */
  readonly maximum: number;
  readonly drawn: DrawnVersions;
  /** The time of every stamp, as the engine shows it. */
  readonly unstampedTime: string;
  /** The time of every new stamp, as the engine shows it; null if each statement has its own. */
  readonly now: string | null;
  readonly watch: StampWatch;
}

/** All documents, in the order in which they were made. */
export const allDocuments = ({ sparse, full, spares }: CheckedWorld): readonly WorldDocument[] => [
  ...sparse.documents,
  ...full.documents,
  ...spares,
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
): string => `${session.quote(documentColumn)} = ${documentId}`;

export function updateText(
  { session }: Pick<CheckedWorld, 'session'>,
  { table }: WorldTable,
  assignments: ReadonlyMap<string, string | null>,
  condition?: string,
): string {
  const list = [...assignments].map(([column, value]) => `${session.quote(column)} = ${session.literal(value)}`);
  return `UPDATE ${session.table(table.table)} SET ${list.join(', ')}${condition === undefined ? '' : ` WHERE ${condition}`}`;
}

/**
 * Statements that make a document with a root row like that of another. `changed` are expressions for some columns.
 */
export function copyTexts(
  { session, documents }: Pick<CheckedWorld, 'session' | 'documents'>,
  { root, resource, documentId }: WorldDocument,
  uuid: string,
  changed: ReadonlyMap<string, string> = new Map(),
): readonly string[] {
  const columns = storedColumns(root.table).filter((name) => name !== 'DocumentId');
  const names = ['DocumentId', ...columns].map((name) => session.quote(name)).join(', ');
  const values = columns.map((name) => changed.get(name) ?? session.quote(name));
  const table = session.table(root.table.table);
  return [
    documents.insertText(uuid, resource.resourceKey.id),
    `INSERT INTO ${table} (${names}) SELECT ${[documents.idExpression(uuid), ...values].join(', ')} FROM ${table} WHERE ${ofDocument({ session }, root, documentId)}`,
  ];
}

/**
 * The documents whose stamp differs from the world's, or those of them that meet a condition, and everything else that
 * is watched.
 */
export type WatchedWorld = Pick<CheckedWorld, 'session' | 'maximum' | 'watch'>;

export function stampSelections(
  { session, maximum, watch }: WatchedWorld,
  roots: readonly QualifiedName[] | null,
  among?: string,
): readonly Selection[] {
  const later = (name: string) => `${session.quote(name)} > ${maximum}`;
  const other = (name: string) => `${session.quote(name)} <> ${session.literal(longAgo)}`;
  const changed = [
    ...['ContentVersion', 'IdentityVersion'].map(later),
    ...['ContentLastModifiedAt', 'IdentityLastModifiedAt'].map(other),
  ].join(' OR ');
  const where = among === undefined ? changed : `${among} AND (${changed})`;
  return [{ ...stampSelection, where }, session.dialect.lastVersion, ...watch.selections(roots)];
}

/** A change, and what `checkStamps` reads after it. */
export function watched(
  world: WatchedWorld,
  statements: readonly string[],
  roots: readonly QualifiedName[] | null,
): ObservedChange {
  return { statements, selections: stampSelections(world, roots) };
}

/**
 * Fails unless exactly the expected documents are stamped, in the expected way, with a version that was drawn for it
 * and a new time, and the generation has recorded it. `rows` are the rows of a watched change.
 */
export function checkStamps(
  world: Pick<CheckedWorld, 'failures' | 'stamps' | 'drawn' | 'unstampedTime' | 'now' | 'watch' | 'rules'>,
  check: string,
  object: string,
  rows: readonly (readonly RowText[])[],
  expected: ReadonlyMap<number, Stamped>,
  isOne = true,
): void {
  const { failures, stamps, drawn, unstampedTime, now, watch, rules } = world;
  const [documents = [], [sequence] = [], ...others] = rows;
  const isDrawn = drawn.next(sequence);
  const touched = stampsOf(documents);
  const faults: string[] = [];
  const isNow = (time: string) => (now === null ? time !== unstampedTime : time === now);
  const versions = new Set<number>();
  for (const [id, what] of expected) {
    const was = stamps.get(id);
    const is = touched.get(id);
    const isContent = is && isDrawn(is.content) && isNow(is.contentTime) && !versions.has(is.content);
    const isKept = is && is.identity === was?.identity && is.identityTime === unstampedTime;
    const isIdentity =
      is &&
      isDrawn(is.identity) &&
      isNow(is.identityTime) &&
      !versions.has(is.identity) &&
      (!isOne || rules.isIdentityOrdered(is));
    if (is) versions.add(is.content);
    if (is && what === 'identity') versions.add(is.identity);
    if (!isContent || !(what === 'identity' ? isIdentity : isKept))
      faults.push(`${id}: ${JSON.stringify(is ?? 'no stamp')}`);
  }
  for (const [id, is] of touched) if (!expected.has(id)) faults.push(`${id}: ${JSON.stringify(is)}`);
  if (faults.length > 0) failures.add(check, object, stampText(expected), shortened(faults));
  const noted = watch.faults(others, touched, stamps, isOne);
  if (noted.length > 0) failures.add(check, `${object}, noted`, 'what follows from the stamps', shortened(noted));
}

/** How many documents a failure names. */
const mostNamed = 3;

const shortened = (texts: readonly string[]) =>
  `${texts.slice(0, mostNamed).join('; ')}${texts.length > mostNamed ? ` and ${texts.length - mostNamed} more` : ''}`;

function stampText(expected: ReadonlyMap<number, Stamped>): string {
  if (expected.size === 0) return 'no stamp';
  return `stamps of ${[...expected].map(([id, what]) => `document ${id} (${what})`).join(', ')} alone`;
}

/** The root table of a document, by the name that the watch uses for it. */
export const rootOf = ({ root }: WorldDocument): QualifiedName => root.table.table;

export const sameTable = (left: QualifiedName, right: QualifiedName) => qualified(left) === qualified(right);
