import type { Inventory } from '@dms/inventory';
import { core, type RelationalModelSet } from '@dms/model';
import type { Dialect, PlainSql, QualifiedName } from '@dms/sql';
import type { RowText, Selection } from '../verification-dialect.ts';
import type { BehaviourSession } from './behaviour-session.ts';

/** A version that needs 64 bits. */
export const largeVersion = 1_000_000_000_000_000;

/** The stamps of a document; times are texts of the engine. */
export interface DocumentStamps {
  readonly content: number;
  readonly identity: number;
  readonly contentTime: string;
  readonly identityTime: string;
}

/** Stamps by document id. */
export type StampsOf = ReadonlyMap<number, DocumentStamps>;

/** A time long before all others. */
export const longAgo = '2001-01-01T00:00:00Z';

/** The rows of `dms.Document`, as the checks of behaviour write and read them. */
export class DocumentRows {
  private readonly session: BehaviourSession;
  private lastUuid = 0;

  constructor(session: BehaviourSession) {
    this.session = session;
  }

  /** The next UUID of this run: every run has the same ones (design 09b §2.3). */
  nextUuid(): string {
    this.lastUuid += 1;
    return `00000000-0000-4000-8000-${String(this.lastUuid).padStart(12, '0')}`;
  }

  /** The INSERT of a document; without `documentId`, the document gets the next id. */
  insertText(uuid: string, resourceKeyId: number, documentId?: number): PlainSql {
    const { session } = this;
    const values = new Map([
      ...(documentId === undefined ? [] : [['DocumentId', String(documentId)] as const]),
      ['DocumentUuid', uuid],
      ['ResourceKeyId', String(resourceKeyId)],
    ]);
    return documentId === undefined
      ? session.insertText(core.document, values)
      : session.dialect.identityInsert(core.document, values);
  }

  private byUuid(uuid: string): PlainSql {
    return this.session.equal('DocumentUuid', uuid);
  }

  /** The id of a document, as an expression of a statement. */
  idExpression(uuid: string): PlainSql {
    return this.session.rules.sql`(SELECT "DocumentId" FROM ${core.document} WHERE ${this.byUuid(uuid)})`;
  }

  async insert(resourceKeyId: number): Promise<number> {
    const uuid = this.nextUuid();
    const statements = [this.insertText(uuid, resourceKeyId)];
    const selection = { table: core.document, columns: ['DocumentId'], where: this.byUuid(uuid) };
    const [found] = await this.session.observed([{ statements, selections: [selection] }]);
    return Number(found?.[0]?.[0]?.DocumentId ?? Number.NaN);
  }

  /** The DELETE of a document; `documentId` may be an expression. */
  deleteText(documentId: number | PlainSql): PlainSql {
    return this.session.deleteText(core.document, this.session.equal('DocumentId', documentId));
  }

  /** Sets the times of all documents far into the past, so that a new time shows, even one copied from the creation. */
  get forgetTimes(): PlainSql {
    const times = ['ContentLastModifiedAt', 'IdentityLastModifiedAt', 'CreatedAt'];
    return this.session.updateText(
      core.document,
      times.map((name) => this.session.equal(name, longAgo)),
    );
  }

  /** The stamps by document id, in ascending order. */
  async stamps(): Promise<StampsOf> {
    return stampsOf(await this.session.rows(stampSelection));
  }
}

/** The selection of the stamps of all documents, for `stampsOf`. */
export const stampSelection: Selection = {
  table: core.document,
  columns: ['DocumentId', 'ContentVersion', 'IdentityVersion', 'ContentLastModifiedAt', 'IdentityLastModifiedAt'],
};

export function stampsOf(rows: readonly RowText[]): StampsOf {
  const stamps = rows.map((row): [number, DocumentStamps] => [
    Number(row.DocumentId),
    {
      content: Number(row.ContentVersion),
      identity: Number(row.IdentityVersion),
      contentTime: row.ContentLastModifiedAt ?? '',
      identityTime: row.IdentityLastModifiedAt ?? '',
    },
  ]);
  return new Map(stamps.sort(([left], [right]) => left - right));
}

/** Versions after one, or before one. */
export type VersionRange = { readonly after: number } | { readonly before: number };

/** The condition that a column has a version of a range. */
export const inRange = ({ sql, id, literal }: Dialect, column: string, range: VersionRange): PlainSql =>
  'after' in range ? sql`${id(column)} > ${literal(range.after)}` : sql`${id(column)} < ${literal(range.before)}`;

/** The versions that changes draw; the changes are tried one after the other, or each draws from 1 on. */
export class DrawnVersions {
  private last: number;
  private readonly isRestarted: boolean;

  constructor(maximum: number, isRestarted = false) {
    this.last = maximum;
    this.isRestarted = isRestarted;
  }

  /** Starts at the version that the database has drawn last. */
  static async now(session: BehaviourSession): Promise<DrawnVersions> {
    const drawn = new DrawnVersions(0);
    await drawn.read(session);
    return drawn;
  }

  /** Like `next`, for a change that has just been made. */
  async read(session: BehaviourSession): Promise<(version: number) => boolean> {
    const [row] = await session.rows(session.dialect.lastVersion);
    return this.next(row);
  }

  /** Returns whether the next change may have drawn a version; `row` has the version that was drawn last. */
  next(row: RowText | undefined): (version: number) => boolean {
    const before = this.last;
    const last = Number(Object.values(row ?? {})[0]);
    if (last > before && !this.isRestarted) this.last = last;
    return (version) => version > before && version <= last;
  }
}

/** How a document was stamped: its content, or its identity as well. */
export type Stamped = 'content' | 'identity';

/** The rows that a generation writes when a document is stamped; they are watched in addition to the documents. */
export interface StampWatch {
  /** Sets copies of document times far into the past, in the rows of some roots; null means all roots. */
  forgetTimes(roots: readonly QualifiedName[] | null): readonly PlainSql[];
  /** The rows to read after a change of rows below some roots; null means all roots. */
  selections(roots: readonly QualifiedName[] | null): readonly Selection[];
  /**
   * The errors in these rows after a change that stamped the documents `stamped` and no others. `isOne`: the change is
   * a single statement that causes no other.
   */
  wrong(rows: readonly (readonly RowText[])[], stamped: StampsOf, others: StampsOf, isOne: boolean): readonly string[];
}

/** The rules of a generation for stamps (design 07 §9.1, 16 §6). */
export interface StampRules {
  /** Whether an update of a row stamps even if it changes no value. */
  readonly stampsUnchangedRows: boolean;
  /** Whether a root row that moves to another document stamps the document that it leaves. */
  readonly stampsLeftDocument: boolean;
  /** Whether the identity is stamped with a version drawn after the version of the content. */
  isIdentityOrdered(stamps: DocumentStamps): boolean;
  /** A watch that starts now; `drawn` are the versions that changes draw from now on. */
  watch(session: BehaviourSession, model: RelationalModelSet, inventory: Inventory, drawn: VersionRange): StampWatch;
}
