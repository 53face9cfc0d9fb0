import type { BehaviourSession } from './behaviour-session.ts';

/** The versions of a document. */
export interface DocumentVersions {
  readonly content: number;
  readonly identity: number;
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

  async idOf(uuid: string): Promise<number> {
    const where = `WHERE ${this.session.quote('DocumentUuid')} = ${this.session.literal(uuid)}`;
    return this.session.number(this.session.selectText(documentTable, ['DocumentId'], where));
  }

  async insert(resourceKeyId: number): Promise<number> {
    const uuid = this.nextUuid();
    await this.session.change(this.insertText(uuid, resourceKeyId));
    return this.idOf(uuid);
  }

  deleteText(documentId: number): string {
    return `DELETE FROM ${this.session.table(documentTable)} WHERE ${this.session.quote('DocumentId')} = ${documentId}`;
  }

  /** By document id, in its order. */
  async versions(): Promise<ReadonlyMap<number, DocumentVersions>> {
    const rows = await this.session.rows(
      this.session.selectText(documentTable, ['DocumentId', 'ContentVersion', 'IdentityVersion']),
    );
    const versions = rows.map((row): [number, DocumentVersions] => [
      Number(row.DocumentId),
      { content: Number(row.ContentVersion), identity: Number(row.IdentityVersion) },
    ]);
    return new Map(versions.sort(([left], [right]) => left - right));
  }

  /** The events after a version, in its order. */
  async eventsAfter(version: number): Promise<readonly Event[]> {
    const where = `WHERE ${this.session.quote('ChangeVersion')} > ${version}`;
    const columns = ['ChangeVersion', 'DocumentId', 'ResourceKeyId'];
    const rows = await this.session.rows(this.session.selectText(eventTable, columns, where));
    return rows
      .map((row) => ({
        documentId: Number(row.DocumentId),
        version: Number(row.ChangeVersion),
        resourceKeyId: Number(row.ResourceKeyId),
      }))
      .sort((left, right) => left.version - right.version || left.documentId - right.documentId);
  }

  /** The version of the last event; 0 without any. */
  async lastEvent(): Promise<number> {
    const column = this.session.quote('ChangeVersion');
    return this.session.number(`SELECT COALESCE(MAX(${column}), 0) AS n FROM ${this.session.table(eventTable)}`);
  }
}
