import { counted } from '@dms/diagnostics';
import type { ReferentialRow } from '@dms/laws';
import { core, coreSchema, mustExist, qualified, type RelationalModelSet } from '@dms/model';
import { join, type PlainSql, type QualifiedName, type SqlDialect } from '@dms/sql';
import { type BehaviourSession, isRefusedWith, outcomeText, type WrittenValue } from './behaviour-session.ts';
import { type CoreRows, type CoreTableFacts, cacheInsert, descriptorLengths } from './core-tables.ts';
import { DocumentRows, DrawnVersions, type StampsOf } from './document-rows.ts';
import type { Failures, Trial } from './failures.ts';

const largestSmallint = 32_000;

/** JSON values of every kind except an object. */
const notObjects = ['[]', '"text"', '1', 'true', 'null'];

/** The identity tables and functions in the core of a generation that stores referential ids. */
export interface CoreIdentities {
  /** Statements that insert the rows of the identity of a document. */
  inserts(session: BehaviourSession, identity: ReferentialRow): readonly PlainSql[];
  /** C11: the functions that compute the stored ids. */
  checkFunctions(checks: CoreChecks): Promise<void>;
}

/** The additions of a generation to the checks of the core. */
export interface CoreRules {
  readonly rows: CoreRows;
  /** All tables of schema `dms`. */
  readonly tables: readonly CoreTableFacts[];
  /** The sequences of schema `dms` other than the sequence of change versions. */
  readonly sequences: readonly QualifiedName[];
  /** Tables whose rows are deleted with their document. */
  readonly ownedTables: readonly string[];
  /** The columns whose values no two descriptors of a resource share. */
  readonly descriptorKey: readonly ('Uri' | 'Discriminator')[];
  readonly identities: CoreIdentities;
  /** Checks that only this generation has; they run before the others. */
  run(checks: CoreChecks): Promise<void>;
  /** Statements that insert a row for a document into each table of this generation. */
  ownedRows(checks: CoreChecks, documentId: number): readonly PlainSql[];
}

/** State that the checks of the core share: the session, the documents, and common statements. */
export class CoreChecks {
  readonly session: BehaviourSession;
  readonly documents: DocumentRows;
  readonly failures: Failures;
  readonly dialect: SqlDialect;
  /** The smallest resource key id. */
  readonly resourceKeyId: number;
  /** The resource key ids, in ascending order. */
  readonly resourceKeyIds: readonly number[];
  private readonly unknownKeyId: number;
  readonly rules: CoreRules;

  constructor(
    session: BehaviourSession,
    { dialect, effectiveSchema }: RelationalModelSet,
    failures: Failures,
    rules: CoreRules,
  ) {
    this.session = session;
    this.documents = new DocumentRows(session);
    this.failures = failures;
    this.dialect = dialect;
    this.rules = rules;
    const ids = effectiveSchema.resourceKeys.map(({ id }) => id).sort((left, right) => left - right);
    this.resourceKeyIds = ids;
    this.resourceKeyId = Math.min(...ids);
    this.unknownKeyId = Math.max(...ids) < largestSmallint ? largestSmallint : Math.max(...ids) + 1;
  }

  get nextVersion(): PlainSql {
    return this.session.rules.next(core.changeVersionSequence);
  }

  /** Inserts three documents with one statement, of several resources where the schema set has them. */
  async insertThree(): Promise<void> {
    const keys = this.resourceKeyIds;
    const { sql, literal } = this.session.rules;
    const rows = [0, 1, 2].map(
      (index) => sql`(${literal(this.documents.nextUuid())}, ${literal(keys[index % keys.length] ?? Number.NaN)})`,
    );
    await this.session.change(sql`INSERT INTO ${core.document} ("DocumentUuid", "ResourceKeyId") VALUES ${join(rows)}`);
  }

  async stampsText(documentId: number): Promise<string> {
    return JSON.stringify((await this.documents.stamps()).get(documentId) ?? null);
  }

  /** An update of documents. */
  update(column: string, value: WrittenValue, condition?: PlainSql): PlainSql {
    return this.session.updateText(core.document, [this.session.equal(column, value)], condition);
  }

  async refused(
    check: string,
    { object, statement }: Pick<Trial, 'object' | 'statement'>,
    code: string,
    constraint?: string,
  ): Promise<void> {
    const outcome = await this.session.outcome(statement);
    if (isRefusedWith(outcome, code, constraint)) return;
    const expected = `refused with ${code}${constraint === undefined ? '' : ` ${constraint}`}`;
    this.failures.add(check, object, expected, outcomeText(outcome));
  }

  /** C6 to C10: the statements that the tables refuse. */
  private async refusedStatements(): Promise<void> {
    const { session, documents } = this;
    const { codes, cacheCheck } = session.dialect;
    const documentId = await documents.insert(this.resourceKeyId);
    const before = await this.stampsText(documentId);
    const ofDocument = (check: string, statement: PlainSql, code: string, constraint?: string) =>
      this.refused(check, { object: qualified(core.document), statement }, code, constraint);
    const unknown = documents.insertText(documents.nextUuid(), this.unknownKeyId);
    await ofDocument('C6', unknown, codes.foreignKey, 'FK_Document_ResourceKey');
    const explicit = new Map([
      ['DocumentId', '1000000'],
      ['DocumentUuid', documents.nextUuid()],
      ['ResourceKeyId', String(this.resourceKeyId)],
    ]);
    await ofDocument('C7', session.insertText(core.document, explicit), codes.identity);
    const repeated = documents.insertText(documents.nextUuid(), this.resourceKeyId);
    await session.change(repeated);
    await ofDocument('C8', repeated, codes.unique, 'UX_Document_DocumentUuid');
    const { sql, ids, literal } = session.rules;
    const columns = ids(['ApiSchemaFormatVersion', 'ResourceKeyCount', 'ResourceKeySeedHash']);
    const second = sql`INSERT INTO ${core.effectiveSchema} ("EffectiveSchemaSingletonId", "EffectiveSchemaHash", ${columns}) SELECT 2, ${literal('0'.repeat(64))}, ${columns} FROM ${core.effectiveSchema}`;
    const singleton = { object: qualified(core.effectiveSchema), statement: second };
    await this.refused('C9', singleton, codes.check, 'CK_EffectiveSchema_Singleton');
    for (const json of notObjects) {
      const statement = cacheInsert(session, this.rules.rows, documentId, json);
      const cached = { object: `${qualified(core.documentCache)} with ${json}`, statement };
      await this.refused('C10', cached, codes.check, cacheCheck);
    }
    this.failures.equal('C6', qualified(core.document), before, await this.stampsText(documentId));
  }

  /** C12: a document is deleted together with its rows. */
  private async deletes(): Promise<void> {
    const { session } = this;
    const documentId = await this.documents.insert(this.resourceKeyId);
    const { rules } = this;
    const owned = rules.ownedTables;
    const identity = {
      referentialId: '00000000-0000-5000-8000-000000000001',
      documentId: String(documentId),
      resourceKeyId: String(this.resourceKeyId),
    };
    await session.change(
      session.insertText(core.descriptor, rules.rows.descriptor(documentId, this.resourceKeyId, 'Shared Value')),
      cacheInsert(session, rules.rows, documentId, '{"a": 1}'),
      ...rules.identities.inserts(session, identity),
      ...rules.ownedRows(this, documentId),
    );
    const counts = async () => {
      const found: string[] = [];
      for (const name of owned) {
        const table = { schema: coreSchema, name };
        const own = session.equal('DocumentId', documentId);
        const count = await session.number(session.rules.sql`SELECT COUNT(*) AS n FROM ${table} WHERE ${own}`);
        found.push(`${name} ${count > 0 ? 'has rows' : 'has none'}`);
      }
      return found.join(', ');
    };
    const all = (text: string) => owned.map((name) => `${name} ${text}`).join(', ');
    this.failures.equal('C12', qualified(core.document), all('has rows'), await counts());
    await session.change(this.documents.deleteText(documentId));
    this.failures.equal('C12', qualified(core.document), all('has none'), await counts());
  }

  /**
   * C16: the texts of a descriptor may have exactly the allowed lengths, and no two descriptors of one resource have
   * the same values in the columns of its key.
   */
  private async descriptorTexts(): Promise<void> {
    const { session, documents, failures, rules } = this;
    const { tooLong, unique } = session.dialect.codes;
    const first = await documents.insert(this.resourceKeyId);
    const second = await documents.insert(this.resourceKeyId);
    const values = rules.rows.descriptor(first, this.resourceKeyId, 'First Value');
    const others = rules.rows.descriptor(second, this.resourceKeyId, 'Second Value');
    await session.change(
      session.insertText(core.descriptor, values),
      session.insertText(core.descriptor, new Map([...others, ['Discriminator', 'Other']])),
    );
    const update = (column: string, value: string) =>
      session.updateText(core.descriptor, [session.equal(column, value)], session.equal('DocumentId', second));
    const long = [...descriptorLengths].flatMap(([column, length]) =>
      [length, length + 1].map((count) => ({
        column: `${column}, ${counted(count, 'character')}`,
        statement: update(column, 'é'.repeat(count)),
        code: count > length ? tooLong : 'accepted',
      })),
    );
    const repeated = (column: string) => update(column, mustExist(values.get(column), `the ${column} of a descriptor`));
    const same = (what: string, ...columns: readonly string[]) => ({
      column: what,
      statement: join(columns.map(repeated), '; '),
      code: rules.descriptorKey.every((column) => columns.includes(column)) ? unique : 'accepted',
    });
    const trials = [
      ...long,
      same('Uri of another discriminator', 'Uri'),
      same('Discriminator of another URI', 'Discriminator'),
      same('Uri and Discriminator', 'Discriminator', 'Uri'),
    ];
    const outcomes = await session.outcomes(trials.map(({ statement }) => statement));
    for (const [index, { column, code }] of trials.entries())
      failures.equal('C16', `${qualified(core.descriptor)}.${column}`, code, outcomes[index]?.code ?? 'accepted');
  }

  /** C18: a new document has versions that were drawn for it, one for each stamp, and the time of the transaction. */
  private async defaults(): Promise<void> {
    const { session, documents, failures } = this;
    const drawn = await DrawnVersions.now(session);
    const id = await documents.insert(this.resourceKeyId);
    const isDrawn = await drawn.read(session);
    await session.change(cacheInsert(session, this.rules.rows, id, '{}'));
    const where = session.equal('DocumentId', id);
    const times = ['ContentLastModifiedAt', 'IdentityLastModifiedAt', 'CreatedAt'];
    const [[document = {}] = [], [cached = {}] = []] = await session.rowsOfEach([
      { table: core.document, columns: ['ContentVersion', 'IdentityVersion', ...times], where },
      { table: core.documentCache, columns: ['ComputedAt'], where },
    ]);
    const versions = [Number(document.ContentVersion), Number(document.IdentityVersion)];
    if (!versions.every(isDrawn) || new Set(versions).size < versions.length)
      failures.add('C18', qualified(core.document), 'two versions that were drawn for it', versions.join(', '));
    const now = await session.transactionTime();
    if (now === null) return;
    for (const name of times) failures.equal('C18', `${qualified(core.document)}.${name}`, now, document[name] ?? null);
    failures.equal('C18', `${qualified(core.documentCache)}.ComputedAt`, now, cached.ComputedAt ?? null);
  }

  /** All checks except checks of single columns and constraints. */
  async run(): Promise<void> {
    const { failures } = this;
    await this.rules.run(this);
    await failures.during('C6', qualified(core.document), () => this.refusedStatements());
    await this.rules.identities.checkFunctions(this);
    await failures.during('C12', qualified(core.document), () => this.deletes());
    await failures.during('C18', qualified(core.document), () => this.defaults());
    await failures.during('C16', qualified(core.descriptor), () => this.descriptorTexts());
  }
}

/** The documents whose stamps differ between two readings. */
export const changedDocuments = (before: StampsOf, after: StampsOf): readonly number[] =>
  [...after].flatMap(([id, stamps]) => (JSON.stringify(before.get(id)) === JSON.stringify(stamps) ? [] : [id]));
