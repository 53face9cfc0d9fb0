import { counted } from '@dms/diagnostics';
import type { RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { type BehaviourSession, isRefusal, refusalText } from './behaviour-session.ts';
import { DocumentRows } from './document-rows.ts';
import type { Failures } from './failures.ts';
import { uuidOf } from './referential-id.ts';

/** Names whose UUIDs are compared; those of design 06 §5.1, but for the longest. */
const hashedNames: readonly (readonly [namespace: string, name: string])[] = [
  ['6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com'],
  ['6ba7b811-9dad-11d1-80b4-00c04fd430c8', 'http://example.org/'],
  ['00000000-0000-0000-0000-000000000000', ''],
  ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'x'],
  ['edf1edf1-3df1-3df1-3df1-3df1edf1edf1', 'hello world'],
  ['edf1edf1-3df1-3df1-3df1-3df1edf1edf1', 'Ed-FiSchool$.schoolId=255901'],
  ['edf1edf1-3df1-3df1-3df1-3df1edf1edf1', 'ß'],
  ['edf1edf1-3df1-3df1-3df1-3df1edf1edf1', 'café üñîçödé 学校 🏫'],
];

const nextVersion: Readonly<Record<SqlDialect, string>> = {
  pgsql: `nextval('"dms"."ChangeVersionSequence"')`,
  mssql: 'NEXT VALUE FOR [dms].[ChangeVersionSequence]',
};

const document = { schema: 'dms', name: 'Document' };
const largestSmallint = 32_000;

class CoreChecks {
  private readonly session: BehaviourSession;
  private readonly documents: DocumentRows;
  private readonly failures: Failures;
  private readonly dialect: SqlDialect;
  /** The smallest resource key id. */
  private readonly resourceKeyId: number;
  private readonly unknownKeyId: number;

  constructor(session: BehaviourSession, { dialect, effectiveSchema }: RelationalModelSet, failures: Failures) {
    this.session = session;
    this.documents = new DocumentRows(session);
    this.failures = failures;
    this.dialect = dialect;
    const ids = effectiveSchema.resourceKeys.map(({ id }) => id);
    this.resourceKeyId = Math.min(...ids);
    this.unknownKeyId = Math.max(...ids) < largestSmallint ? largestSmallint : Math.max(...ids) + 1;
  }

  private async versionsOf(documentId: number): Promise<string> {
    return JSON.stringify((await this.documents.versions()).get(documentId) ?? null);
  }

  private update(assignments: string, condition = ''): string {
    return `UPDATE ${this.session.table(document)} SET ${assignments}${condition === '' ? '' : ` WHERE ${condition}`}`;
  }

  private async refused(check: string, object: string, statement: string, code: string, constraint?: string): Promise<void> {
    const refusal = await this.session.refusal(statement);
    if (isRefusal(refusal, code, constraint)) return;
    const expected = `refused with ${code}${constraint === undefined ? '' : ` ${constraint}`}`;
    this.failures.add(check, object, expected, refusalText(refusal));
  }

  /** C1: one event per inserted document, of its version and resource key. */
  private async insertsOne(): Promise<void> {
    const before = await this.documents.lastEvent();
    const id = await this.documents.insert(this.resourceKeyId);
    const content = (await this.documents.versions()).get(id)?.content;
    const expected = [{ documentId: id, version: content, resourceKeyId: this.resourceKeyId }];
    this.failures.equal('C1', 'dms.DocumentChangeEvent', expected, await this.documents.eventsAfter(before));
  }

  /** C2: three documents in one statement. */
  private async insertsThree(): Promise<void> {
    const before = await this.documents.lastEvent();
    const rows = [1, 2, 3].map(() => `(${this.session.literal(this.documents.nextUuid())}, ${this.resourceKeyId})`);
    const columns = ['DocumentUuid', 'ResourceKeyId'].map((name) => this.session.quote(name)).join(', ');
    await this.session.change(`INSERT INTO ${this.session.table(document)} (${columns}) VALUES ${rows.join(', ')}`);
    this.distinctEvents('C2', await this.documents.eventsAfter(before), 3);
  }

  private distinctEvents(
    check: string,
    events: readonly { readonly documentId: number; readonly version: number }[],
    count: number,
  ): void {
    const versions = new Set(events.map(({ version }) => version)).size;
    const documents = new Set(events.map(({ documentId }) => documentId)).size;
    const facts = (numbers: readonly [number, number, number]) =>
      `${counted(numbers[0], 'event')}, ${counted(numbers[1], 'version')}, ${counted(numbers[2], 'document')}`;
    this.failures.equal(
      check,
      'dms.DocumentChangeEvent',
      facts([count, count, count]),
      facts([events.length, versions, documents]),
    );
  }

  /** C3 to C5: only a changed content version is an event. */
  private async stamps(): Promise<void> {
    const { session, failures } = this;
    const [content, identity] = [session.quote('ContentVersion'), session.quote('IdentityVersion')];
    const next = nextVersion[this.dialect];
    const silent = async (check: string, what: string, statement: string) => {
      const before = await this.documents.lastEvent();
      await session.change(statement);
      failures.equal(
        check,
        `dms.Document (${what})`,
        'no event',
        eventCount((await this.documents.eventsAfter(before)).length),
      );
    };
    const before = await this.documents.lastEvent();
    const count = (await this.documents.versions()).size;
    await session.change(this.update(`${content} = ${next}`));
    this.distinctEvents('C3', await this.documents.eventsAfter(before), count);
    await silent('C3', 'no row', this.update(`${content} = ${next}`, `${session.quote('DocumentId')} < 0`));
    await silent('C4', 'IdentityVersion', this.update(`${identity} = ${next}`));
    const unchanged = JSON.stringify([...(await this.documents.versions())]);
    await silent('C5', 'ContentVersion to itself', this.update(`${content} = ${content}`));
    failures.equal('C5', 'dms.Document', unchanged, JSON.stringify([...(await this.documents.versions())]));
  }

  /** C6 to C10: what the tables refuse. */
  private async refusals(): Promise<void> {
    const { session, documents } = this;
    const { codes, cacheCheck } = session.dialect;
    const documentId = await documents.insert(this.resourceKeyId);
    const before = await this.versionsOf(documentId);
    const unknown = documents.insertText(documents.nextUuid(), this.unknownKeyId);
    await this.refused('C6', 'dms.Document', unknown, codes.foreignKey, 'FK_Document_ResourceKey');
    const explicit = new Map([
      ['DocumentId', '1000000'],
      ['DocumentUuid', documents.nextUuid()],
      ['ResourceKeyId', String(this.resourceKeyId)],
    ]);
    await this.refused('C7', 'dms.Document', session.insertText(document, explicit), codes.identity);
    const uuid = documents.nextUuid();
    const repeated = documents.insertText(uuid, this.resourceKeyId);
    await session.change(repeated);
    await this.refused('C8', 'dms.Document', repeated, codes.unique, 'UX_Document_DocumentUuid');
    const [schemaTable, columns] = [
      session.table({ schema: 'dms', name: 'EffectiveSchema' }),
      ['ApiSchemaFormatVersion', 'ResourceKeyCount', 'ResourceKeySeedHash'].map((name) => session.quote(name)).join(', '),
    ];
    const second = `INSERT INTO ${schemaTable} (${session.quote('EffectiveSchemaSingletonId')}, ${session.quote('EffectiveSchemaHash')}, ${columns}) SELECT 2, ${session.literal('0'.repeat(64))}, ${columns} FROM ${schemaTable}`;
    await this.refused('C9', 'dms.EffectiveSchema', second, codes.check, 'CK_EffectiveSchema_Singleton');
    const list = session.insertText(
      { schema: 'dms', name: 'DocumentCache' },
      cacheRow(documentId, this.documents.nextUuid(), '[]'),
    );
    await this.refused('C10', 'dms.DocumentCache', list, codes.check, cacheCheck);
    this.failures.equal('C6', 'dms.Document', before, await this.versionsOf(documentId));
  }

  /** C11: the function that makes referential ids. */
  private async hashes(): Promise<void> {
    const { session, failures } = this;
    const compare = async (namespace: string, name: string | null, expected: string | null) => {
      const [row] = await session.query<{ id: string | null }>(`SELECT ${session.dialect.uuidCall(namespace, name)} AS id`);
      failures.equal('C11', `dms.uuidv5 of ${JSON.stringify(name)}`, expected, row?.id ?? null);
    };
    for (const [namespace, name] of hashedNames) await compare(namespace, name, uuidOf(namespace, name));
    await compare('00000000-0000-0000-0000-000000000000', null, null);
  }

  /** C12: what belongs to a document goes with it. */
  private async deletes(): Promise<void> {
    const { session } = this;
    const documentId = await this.documents.insert(this.resourceKeyId);
    const owned = ['DocumentChangeEvent', 'Descriptor', 'DocumentCache', 'ReferentialIdentity'];
    await session.change(session.insertText({ schema: 'dms', name: 'Descriptor' }, descriptorRow(documentId)));
    await session.change(
      session.insertText({ schema: 'dms', name: 'DocumentCache' }, cacheRow(documentId, this.documents.nextUuid(), '{"a": 1}')),
    );
    const identity = new Map([
      ['ReferentialId', '00000000-0000-5000-8000-000000000001'],
      ['DocumentId', String(documentId)],
      ['ResourceKeyId', String(this.resourceKeyId)],
    ]);
    await session.change(session.insertText({ schema: 'dms', name: 'ReferentialIdentity' }, identity));
    const counts = async () => {
      const found: string[] = [];
      for (const name of owned) {
        const where = `WHERE ${session.quote('DocumentId')} = ${documentId}`;
        const count = await session.number(`SELECT COUNT(*) AS n FROM ${session.table({ schema: 'dms', name })} ${where}`);
        found.push(`${name} ${count > 0 ? 'has rows' : 'has none'}`);
      }
      return found.join(', ');
    };
    const all = (text: string) => owned.map((name) => `${name} ${text}`).join(', ');
    this.failures.equal('C12', 'dms.Document', all('has rows'), await counts());
    await session.change(this.documents.deleteText(documentId));
    this.failures.equal('C12', 'dms.Document', all('has none'), await counts());
  }

  async run(): Promise<void> {
    const { failures } = this;
    await failures.during('C1', 'dms.Document', () => this.insertsOne());
    await failures.during('C2', 'dms.Document', () => this.insertsThree());
    await failures.during('C3', 'dms.Document', () => this.stamps());
    await failures.during('C6', 'dms.Document', () => this.refusals());
    await failures.during('C11', 'dms.uuidv5', () => this.hashes());
    await failures.during('C12', 'dms.Document', () => this.deletes());
    // what SQL Server has kept is not to be there for the next step
    await this.session.change(`DELETE FROM ${this.session.table(document)}`);
  }
}

const eventCount = (count: number) => (count === 0 ? 'no event' : counted(count, 'event'));

/** A row of `dms.Descriptor` for a document of these checks. */
export function descriptorRow(documentId: number): ReadonlyMap<string, string> {
  return new Map([
    ['DocumentId', String(documentId)],
    ['Namespace', 'uri://verification'],
    ['CodeValue', 'Shared Value'],
    ['ShortDescription', 'Shared Value'],
    ['Discriminator', 'Verification'],
    ['Uri', 'uri://verification#Shared Value'],
  ]);
}

export function cacheRow(documentId: number, uuid: string, json: string): ReadonlyMap<string, string> {
  return new Map([
    ['DocumentId', String(documentId)],
    ['DocumentUuid', uuid],
    ['ProjectName', 'Verification'],
    ['ResourceName', 'Verification'],
    ['ResourceVersion', '1.0.0'],
    ['Etag', '1'],
    ['LastModifiedAt', '2024-01-01T00:00:00Z'],
    ['DocumentJson', json],
  ]);
}

/** C1 to C12 of design 09 §7.3; needs at least one resource key. What is not as it must be goes to `failures`. */
export function checkCoreBehaviour(session: BehaviourSession, model: RelationalModelSet, failures: Failures): Promise<void> {
  return new CoreChecks(session, model, failures).run();
}
