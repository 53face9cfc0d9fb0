import type { RowText, Selection } from '../verification-dialect.ts';
import type { BehaviourSession } from './behaviour-session.ts';

/** The versions of a document. */
export interface DocumentVersions {
  readonly content: number;
  readonly identity: number;
}

/** What the documents are, and what happened to them. */
export interface Observation {
  readonly versions: ReadonlyMap<number, DocumentVersions>;
  readonly events: readonly Event[];
}

interface Event {
  readonly documentId: number;
  readonly version: number;
  readonly resourceKeyId: number;
}

const documentTable = { schema: 'dms', name: 'Document' };
const eventTable = { schema: 'dms', name: 'DocumentChangeEvent' };

/** The rows of `dms.Document` and its journal, as the checks of behaviour write and read them. */
export class DocumentRows {
  private readonly session: BehaviourSession;
  private lastUuid = 0;

  constructor(session: BehaviourSession) {
    this.session = session;
  }

  /** The document ids are those of this run alone: the same numbers in every run (design 09 §7.3). */
  nextUuid(): string {
    this.lastUuid += 1;
    return `00000000-0000-4000-8000-${String(this.lastUuid).padStart(12, '0')}`;
  }

  insertText(uuid: string, resourceKeyId: number): string {
    const values = new Map([
      ['DocumentUuid', uuid],
      ['ResourceKeyId', String(resourceKeyId)],
    ]);
    return this.session.insertText(documentTable, values);
  }

  private byUuid(uuid: string): string {
    return `${this.session.quote('DocumentUuid')} = ${this.session.literal(uuid)}`;
  }

  /** The id of a document, as an expression of a statement. */
  idExpression(uuid: string): string {
    return `(SELECT ${this.session.quote('DocumentId')} FROM ${this.session.table(documentTable)} WHERE ${this.byUuid(uuid)})`;
  }

  async insert(resourceKeyId: number): Promise<number> {
    const uuid = this.nextUuid();
    const statements = [this.insertText(uuid, resourceKeyId)];
    const selection = { table: documentTable, columns: ['DocumentId'], where: this.byUuid(uuid) };
    const [found] = await this.session.observed([{ statements, selections: [selection] }]);
    return Number(found?.[0]?.[0]?.DocumentId ?? Number.NaN);
  }

  /** `documentId` may be an expression. */
  deleteText(documentId: number | string): string {
    return `DELETE FROM ${this.session.table(documentTable)} WHERE ${this.session.quote('DocumentId')} = ${documentId}`;
  }

  /** What `observationOf` reads: the versions of all documents, and the events after one of them. */
  selectionsSince(version: number): readonly [Selection, Selection] {
    const where = `${this.session.quote('ChangeVersion')} > ${version}`;
    return [versionsSelection, { table: eventTable, columns: ['ChangeVersion', 'DocumentId', 'ResourceKeyId'], where }];
  }

  /** By document id, in its order. */
  async versions(): Promise<ReadonlyMap<number, DocumentVersions>> {
    return versionsOf(await this.session.rows(versionsSelection));
  }

  /** The events after a version, in its order. */
  async eventsAfter(version: number): Promise<readonly Event[]> {
    return eventsOf(await this.session.rows(this.selectionsSince(version)[1]));
  }

  /** The version of the last event; 0 without any. */
  async lastEvent(): Promise<number> {
    const column = this.session.quote('ChangeVersion');
    return this.session.number(`SELECT COALESCE(MAX(${column}), 0) AS n FROM ${this.session.table(eventTable)}`);
  }
}

const versionsSelection: Selection = { table: documentTable, columns: ['DocumentId', 'ContentVersion', 'IdentityVersion'] };

/** The rows of the two selections of `selectionsSince`. */
export function observationOf([versions = [], events = []]: readonly (readonly RowText[])[]): Observation {
  return { versions: versionsOf(versions), events: eventsOf(events) };
}

function versionsOf(rows: readonly RowText[]): ReadonlyMap<number, DocumentVersions> {
  const versions = rows.map((row): [number, DocumentVersions] => [
    Number(row.DocumentId),
    { content: Number(row.ContentVersion), identity: Number(row.IdentityVersion) },
  ]);
  return new Map(versions.sort(([left], [right]) => left - right));
}

function eventsOf(rows: readonly RowText[]): readonly Event[] {
  return rows
    .map((row) => ({
      documentId: Number(row.DocumentId),
      version: Number(row.ChangeVersion),
      resourceKeyId: Number(row.ResourceKeyId),
    }))
    .sort((left, right) => left.version - right.version || left.documentId - right.documentId);
}
