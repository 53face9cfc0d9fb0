import { counted } from '@dms/diagnostics';
import { core, coreV1, qualified } from '@dms/model';
import type { PlainSql } from '@dms/sql';
import type { BehaviourSession } from '../behaviour/behaviour-session.ts';
import { nearVersions } from '../behaviour/column-values.ts';
import type { CoreChecks, CoreRules } from '../behaviour/core-checks.ts';
import {
  type CoreRows,
  type CoreTableFacts,
  commonCache,
  commonDescriptor,
  descriptorFacts,
  documentCacheFacts,
  documentFacts,
  documentReference,
  effectiveSchemaFacts,
  resourceKeyFacts,
  resourceKeyReference,
  schemaComponentFacts,
} from '../behaviour/core-tables.ts';
import { inRange, type VersionRange } from '../behaviour/document-rows.ts';
import type { Failures } from '../behaviour/failures.ts';
import { referentialIdentityFacts, storedCoreIdentities } from '../behaviour/referential-ids.ts';
import type { RowText, Selection } from '../verification-dialect.ts';

/** The tables of schema `dms` (design 06 §4). */
const coreFactsV1: readonly CoreTableFacts[] = [
  descriptorFacts,
  documentFacts,
  {
    ...documentCacheFacts,
    columns: { ...documentCacheFacts.columns, Etag: 'text(64)' },
    uniques: { UX_DocumentCache_DocumentUuid: ['DocumentUuid'] },
  },
  {
    name: 'DocumentChangeEvent',
    columns: { ChangeVersion: 'id', DocumentId: 'id', ResourceKeyId: 'small', CreatedAt: 'instant' },
    references: [documentReference('DocumentChangeEvent'), resourceKeyReference('DocumentChangeEvent')],
    rowColumn: 'DocumentId',
  },
  effectiveSchemaFacts,
  referentialIdentityFacts,
  resourceKeyFacts,
  schemaComponentFacts,
];

export const coreRowsV1: CoreRows = {
  descriptor: (documentId, _resourceKeyId, codeValue) => commonDescriptor(documentId, codeValue),
  cache: (json) => new Map([...commonCache(json), ['Etag', '1']]),
};

/** A row of the journal. */
interface ChangeEvent {
  readonly documentId: number;
  readonly version: number;
  readonly resourceKeyId: number;
  /** The time, in the form that the engine shows. */
  readonly createdAt: string;
}

type UntimedEvent = Omit<ChangeEvent, 'createdAt'>;

/** The selection for `eventsOf`: the events with versions of a range. */
export const eventSelection = (session: BehaviourSession, range: VersionRange): Selection => ({
  table: coreV1.documentChangeEvent,
  columns: ['ChangeVersion', 'DocumentId', 'ResourceKeyId', 'CreatedAt'],
  where: inRange(session.rules, 'ChangeVersion', range),
});

/** The events of rows, in the order of their versions. */
export function eventsOf(rows: readonly RowText[]): readonly ChangeEvent[] {
  return rows
    .map((row) => ({
      documentId: Number(row.DocumentId),
      version: Number(row.ChangeVersion),
      resourceKeyId: Number(row.ResourceKeyId),
      createdAt: row.CreatedAt ?? '',
    }))
    .sort((left, right) => left.version - right.version || left.documentId - right.documentId);
}

const document = qualified(core.document);
const journal = qualified(coreV1.documentChangeEvent);

/** C1 to C5: the journal of documents (design 06 §5.2). */
class JournalChecks {
  private readonly checks: CoreChecks;
  private readonly failures: Failures;

  constructor(checks: CoreChecks) {
    this.checks = checks;
    this.failures = checks.failures;
  }

  private async eventsAfter(version: number): Promise<readonly ChangeEvent[]> {
    const { session } = this.checks;
    return eventsOf(await session.rows(eventSelection(session, { after: version })));
  }

  private async lastEvent(): Promise<number> {
    return (await this.eventsAfter(0)).at(-1)?.version ?? 0;
  }

  /** C1: one event per inserted document, with its version, here the first of the sequence, and its resource key. */
  async insertsOne(): Promise<void> {
    const { documents, resourceKeyId, session } = this.checks;
    const before = await this.lastEvent();
    await session.change(session.restartText(core.changeVersionSequence, before + 1));
    const id = await documents.insert(resourceKeyId);
    const content = (await documents.stamps()).get(id)?.content;
    const found = await this.eventsAfter(before);
    // if the transaction has no time of its own, the time of the event itself is expected
    const time = await this.checks.session.transactionTime();
    const expected = [{ documentId: id, version: content, resourceKeyId, createdAt: time ?? found[0]?.createdAt }];
    this.failures.equal('C1', journal, expected, found);
  }

  /** C2: three documents of several resources inserted in one statement. */
  async insertsThree(): Promise<void> {
    const before = await this.lastEvent();
    const documents = await this.documents(0);
    await this.checks.insertThree();
    const last = Math.max(0, ...documents.map(({ documentId }) => documentId));
    const made = await this.documents(last);
    this.failures.equal('C2', document, 3, new Set(made.map(({ version }) => version)).size);
    this.expectEvents('C2', made, await this.eventsAfter(before));
  }

  /** The expected events of the documents after an id, in the order of their versions. */
  private async documents(after: number): Promise<readonly UntimedEvent[]> {
    const { session } = this.checks;
    const { sql, literal } = session.rules;
    const rows = await session.rows({
      table: core.document,
      columns: ['DocumentId', 'ContentVersion', 'ResourceKeyId'],
      where: sql`"DocumentId" > ${literal(after)}`,
    });
    return rows
      .map((row) => ({
        documentId: Number(row.DocumentId),
        version: Number(row.ContentVersion),
        resourceKeyId: Number(row.ResourceKeyId),
      }))
      .sort((left, right) => left.version - right.version);
  }

  /** Fails unless the events are those of the documents: each with its own version and resource key. */
  private expectEvents(check: string, documents: readonly UntimedEvent[], events: readonly ChangeEvent[]): void {
    const found = events.map(({ documentId, version, resourceKeyId }) => ({ documentId, version, resourceKeyId }));
    this.failures.equal(check, journal, documents, found);
  }

  /** C3 to C5: an event is written only if the content version changed. */
  async stamps(): Promise<void> {
    const { failures } = this;
    const { session, documents } = this.checks;
    const { sql, id } = session.rules;
    const next = this.checks.nextVersion;
    const silent = async (check: string, what: string, statement: PlainSql) => {
      const before = await this.lastEvent();
      await session.change(statement);
      const { length } = await this.eventsAfter(before);
      failures.equal(check, `${document} (${what})`, 'no event', length === 0 ? 'no event' : counted(length, 'event'));
    };
    const before = await this.lastEvent();
    // the time of an event is the time of the change, not a time of the document
    await session.change(documents.forgetTimes, this.checks.update('ContentVersion', next));
    const events = await this.eventsAfter(before);
    this.expectEvents('C3', await this.documents(0), events);
    const time = await session.transactionTime();
    const times = [...new Set(events.map(({ createdAt }) => createdAt))];
    if (time !== null) failures.equal('C3', `${journal}.CreatedAt`, [time], times);
    await silent('C3', 'no row', this.checks.update('ContentVersion', next, sql`"DocumentId" < 0`));
    await silent('C4', 'IdentityVersion', this.checks.update('IdentityVersion', next));
    const unchanged = JSON.stringify([...(await documents.stamps())]);
    await silent('C5', 'ContentVersion to itself', this.checks.update('ContentVersion', id('ContentVersion')));
    failures.equal('C5', document, unchanged, JSON.stringify([...(await documents.stamps())]));
    await this.versionsNearEachOther();
  }

  /** C3: each of several versions that differ as little as possible makes an event. */
  private async versionsNearEachOther(): Promise<void> {
    const { session, documents, resourceKeyId, dialect } = this.checks;
    const id = await documents.insert(resourceKeyId);
    const own = session.equal('DocumentId', id);
    const change = (version: string) => this.checks.update('ContentVersion', BigInt(version), own);
    const versions = nearVersions(dialect);
    await session.change(...versions.map(change));
    const events = await this.eventsAfter(Math.min(...versions.map(Number)) - 1);
    const found = new Set(events.filter((event) => event.documentId === id).map(({ version }) => String(version)));
    const missing = versions.filter((version) => !found.has(version));
    this.failures.equal('C3', `${document} (versions near each other)`, '', missing.join(', '));
    await session.change(documents.deleteText(id));
  }
}

export const coreRulesV1: CoreRules = {
  rows: coreRowsV1,
  tables: coreFactsV1,
  sequences: [],
  ownedTables: [coreV1.documentChangeEvent.name, 'Descriptor', 'DocumentCache', 'ReferentialIdentity'],
  descriptorKey: ['Uri', 'Discriminator'],
  identities: storedCoreIdentities,
  async run(checks) {
    const own = new JournalChecks(checks);
    await checks.failures.during('C1', document, () => own.insertsOne());
    await checks.failures.during('C2', document, () => own.insertsThree());
    await checks.failures.during('C3', document, () => own.stamps());
  },
  ownedRows: ({ session, resourceKeyId, nextVersion }, documentId) => [
    session.insertText(
      coreV1.documentChangeEvent,
      new Map([
        ['DocumentId', String(documentId)],
        ['ResourceKeyId', String(resourceKeyId)],
      ]),
      new Map([['ChangeVersion', nextVersion]]),
    ),
  ],
};
