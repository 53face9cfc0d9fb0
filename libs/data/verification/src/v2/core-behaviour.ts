import { serverErrors } from '@dms/catalog';
import { counted } from '@dms/diagnostics';
import { core, coreV2, mustExist, qualified } from '@dms/model';
import { join, type PlainSql, type QualifiedName, type SqlDialect } from '@dms/sql';
import { nearVersions } from '../behaviour/column-values.ts';
import { type CoreChecks, type CoreRules, changedDocuments } from '../behaviour/core-checks.ts';
import { cacheInsert } from '../behaviour/core-tables.ts';
import { longAgo } from '../behaviour/document-rows.ts';
import { documentsAtOnce } from '../behaviour/large-statements.ts';
import { storedCoreIdentities } from '../behaviour/referential-ids.ts';
import type { RowText, Selection, TrialOutcome } from '../verification-dialect.ts';
import { coreFactsV2, coreRowsV2 } from './core-tables.ts';
import { checkDescriptors, type OtherResourceRefusal, refusedByTrigger } from './descriptor-checks.ts';

const workSelection: Selection = {
  table: coreV2.documentProjectionWork,
  columns: ['DocumentId', 'RequiredContentVersion', 'FirstEnqueuedAt'],
};

/** Two texts that are not states: one sorts before all states, the other after them. */
const unknownStates = ['Absent', 'Unknown'];

const queue = qualified(coreV2.documentProjectionWork);

/**
 * The code of a refusal and the part of its text that another program reads (design 16 §11.3); any other text
 * completely.
 */
function beginningOf(outcome: TrialOutcome | undefined, begins: string): string {
  if (!outcome) return 'accepted';
  return `${outcome.code} ${outcome.message.startsWith(begins) ? begins : outcome.message}`;
}

/** The statement that sets the state of the projection. */
const stateText = ({ session }: CoreChecks, state: string) =>
  session.updateText(coreV2.documentCacheState, [session.equal('ProjectionLifecycleState', state)]);

/** C1 to C5: the queue of documents that a server must project (design 16 §2.5). */
class QueueChecks {
  private readonly checks: CoreChecks;

  constructor(checks: CoreChecks) {
    this.checks = checks;
  }

  private async queued(): Promise<readonly RowText[]> {
    const rows = await this.checks.session.rows(workSelection);
    return [...rows].sort((left, right) => Number(left.DocumentId) - Number(right.DocumentId));
  }

  private async setState(state: string): Promise<void> {
    await this.checks.session.change(stateText(this.checks, state));
  }

  /** The queued documents with the required versions, as text. */
  private async required(): Promise<string> {
    return (await this.queued()).map((row) => `${row.DocumentId}: ${row.RequiredContentVersion}`).join(', ');
  }

  /** The expected queue for the documents, as text. */
  private async expected(ids: readonly number[]): Promise<string> {
    const stamps = await this.checks.documents.stamps();
    return ids.map((id) => `${id}: ${stamps.get(id)?.content}`).join(', ');
  }

  /** Fails unless a time column of all requests is recent. */
  private async recent(check: string, column: 'FirstEnqueuedAt' | 'LastEnqueuedAt'): Promise<void> {
    const { session, failures } = this.checks;
    const { sql, id } = session.rules;
    const isRecent = session.dialect.isRecent(id(column));
    const others = await session.number(
      sql`SELECT COUNT(*) AS n FROM ${coreV2.documentProjectionWork} WHERE NOT (${isRecent})`,
    );
    failures.equal(check, `${queue}.${column} at another time`, 0, others);
  }

  /** C2: all requests from one statement have the same time. */
  private async atOnce(ids: readonly number[]): Promise<void> {
    const work = coreV2.documentProjectionWork;
    const where = this.checks.session.among('DocumentId', ids);
    const rows = await this.checks.session.rows({ table: work, columns: ['FirstEnqueuedAt', 'LastEnqueuedAt'], where });
    const times = new Set(rows.flatMap(({ FirstEnqueuedAt, LastEnqueuedAt }) => [FirstEnqueuedAt, LastEnqueuedAt]));
    this.checks.failures.equal('C2', `${qualified(work)}, times in one statement`, 1, times.size);
  }

  /** C1: while projection is off, no document is queued; without the row of the state, no document can be written. */
  async whileDisabled(): Promise<void> {
    const { failures, documents, session, resourceKeyId } = this.checks;
    await documents.insert(resourceKeyId);
    failures.equal('C1', queue, '', await this.required());
    const update = this.checks.update('ContentVersion', this.checks.nextVersion);
    await session.change(update);
    failures.equal('C1', `${queue} (a greater version)`, '', await this.required());
    const state = coreV2.documentCacheState;
    const insert = documents.insertText(documents.nextUuid(), resourceKeyId);
    const broken = [
      { what: 'without', begins: serverErrors.stateMissing, statements: [session.deleteText(state)] },
      ...unknownStates.map((unknown) => ({
        what: `with the unknown state ${unknown} in`,
        begins: serverErrors.stateUnknown,
        statements: [
          session.dialect.withoutCheck(state, 'CK_DocumentCacheState_Lifecycle'),
          stateText(this.checks, unknown),
        ],
      })),
    ].flatMap(({ what, begins, statements }) => [
      { what: `inserted ${what}`, begins, statements: [...statements, insert] },
      { what: `updated ${what}`, begins, statements: [...statements, update] },
    ]);
    const outcomes = await session.outcomes(broken.map(({ statements }) => join(statements, '; ')));
    const { raised } = session.dialect.codes;
    for (const [index, { what, begins }] of broken.entries()) {
      const object = `${qualified(core.document)} ${what} ${qualified(state)}`;
      failures.equal('C1', object, `${raised} ${begins}`, beginningOf(outcomes[index], begins));
    }
  }

  /**
   * C2: three documents in one statement, in each state but one: new documents, and documents with and without
   * requests.
   */
  async insertsThree(): Promise<void> {
    const { failures, documents, session, nextVersion } = this.checks;
    const work = coreV2.documentProjectionWork;
    for (const state of ['Tracking', 'Resetting', 'Rebuilding']) {
      await this.setState(state);
      const before = await documents.stamps();
      const queued = await this.required();
      await this.checks.insertThree();
      const added = changedDocuments(before, await documents.stamps());
      const check = async (what: string) => {
        const wanted = [queued, await this.expected(added)].filter((text) => text !== '').join(', ');
        failures.equal('C2', `${qualified(work)} (${state}${what})`, wanted, await this.required());
        await this.recent('C2', 'FirstEnqueuedAt');
        await this.recent('C2', 'LastEnqueuedAt');
      };
      await check('');
      await this.atOnce(added);
      const those = session.among('DocumentId', added);
      const stamp = this.checks.update('ContentVersion', nextVersion, those);
      await session.change(stamp);
      await check(', a greater version');
      await session.change(session.deleteText(work, those), stamp);
      await check(', a greater version without a request');
      await this.atOnce(added);
    }
  }

  /** C3 to C5: only a greater content version updates the request; the time of the first request stays. */
  async stamps(): Promise<void> {
    const { session, failures, nextVersion } = this.checks;
    const { sql, id } = session.rules;
    const work = coreV2.documentProjectionWork;
    const old = ['FirstEnqueuedAt', 'LastEnqueuedAt'].map((column) => session.equal(column, longAgo));
    await session.change(session.updateText(work, old));
    const firstTimes = async () => [...new Set((await this.queued()).map((row) => row.FirstEnqueuedAt))];
    const kept = await firstTimes();
    const unchanged = async (check: string, what: string, statement: PlainSql) => {
      const before = JSON.stringify(await this.queued());
      await session.change(statement);
      failures.equal(check, `${queue} (${what})`, before, JSON.stringify(await this.queued()));
    };
    await unchanged('C3', 'no row', this.checks.update('ContentVersion', nextVersion, sql`"DocumentId" < 0`));
    await unchanged('C4', 'IdentityVersion', this.checks.update('IdentityVersion', nextVersion));
    await unchanged('C5', 'ContentVersion to itself', this.checks.update('ContentVersion', id('ContentVersion')));
    const queued = (await this.queued()).map((row) => Number(row.DocumentId));
    const those = session.among('DocumentId', queued);
    await session.change(this.checks.update('ContentVersion', nextVersion, those));
    failures.equal('C3', queue, await this.expected(queued), await this.required());
    failures.equal('C3', `${queue}.FirstEnqueuedAt`, kept, await firstTimes());
    await this.recent('C3', 'LastEnqueuedAt');
    await unchanged('C3', 'a smaller version', this.checks.update('ContentVersion', 0, those));
    const [start = '0', ...followers] = nearVersions(this.checks.dialect);
    await session.change(this.checks.update('ContentVersion', BigInt(start), those));
    for (const version of followers) {
      await session.change(session.deleteText(work), this.checks.update('ContentVersion', BigInt(version), those));
      const wanted = queued.map((id) => `${id}: ${version}`).join(', ');
      const what = `${queue} (version ${version} without a request)`;
      failures.equal('C3', what, wanted, await this.required());
    }
    await session.change(session.deleteText(core.document));
    await this.setState('Disabled');
  }

  /** C2: many documents in one statement, new ones and with greater versions. */
  async many(): Promise<void> {
    const { session, failures, resourceKeyId, nextVersion } = this.checks;
    const { sql, id, literal } = session.rules;
    const work = coreV2.documentProjectionWork;
    const numbers = Array.from({ length: documentsAtOnce }, (_, index) => sql`(${literal(index)})`);
    const queued = sql`SELECT COUNT(*) AS n FROM ${work} AS w INNER JOIN ${core.document} AS d ON w."DocumentId" = d."DocumentId" AND w."RequiredContentVersion" = d."ContentVersion"`;
    await this.setState('Tracking');
    const change = async (what: string, statement: PlainSql, expected = documentsAtOnce) => {
      await session.change(statement);
      const object = `${queue} (${counted(documentsAtOnce, 'document')}, ${what})`;
      failures.equal('C2', object, expected, await session.number(queued));
    };
    await change(
      'inserted',
      sql`INSERT INTO ${core.document} ("DocumentUuid", "ResourceKeyId") SELECT ${session.dialect.newUuid}, ${literal(resourceKeyId)} FROM (VALUES ${join(numbers)}) AS v (n)`,
    );
    await change('updated', this.checks.update('ContentVersion', nextVersion));
    await session.change(session.deleteText(work));
    const same = this.checks.update('ContentVersion', id('ContentVersion'));
    await change('updated without a change', same, 0);
    await session.change(session.deleteText(core.document));
    await this.setState('Disabled');
  }
}

/** C13: further statements that the tables of this generation refuse (design 16 §2.2, §2.5). */
async function refusedStatements(checks: CoreChecks): Promise<void> {
  const { session, documents, failures, resourceKeyId } = checks;
  const { codes } = session.dialect;
  const { dataStoreIdentity: identity, documentCacheState: state } = coreV2;
  const insert = (table: QualifiedName, values: Readonly<Record<string, string>>) =>
    session.insertText(table, new Map(Object.entries(values)));
  const refused = (table: QualifiedName, statement: PlainSql, constraint: string) =>
    checks.refused('C13', { object: qualified(table), statement }, codes.check, constraint);
  const secondIdentity = {
    DataStoreIdentitySingletonId: '2',
    SourceIdentity: '00000000-0000-4000-8000-000000000001',
  };
  const secondState = {
    StateId: '2',
    ProjectionLifecycleState: 'Disabled',
    CacheAheadRecoveryRequired: session.dialect.falseText,
  };
  await refused(identity, insert(identity, secondIdentity), 'CK_DataStoreIdentity_Singleton');
  await refused(state, insert(state, secondState), 'CK_DocumentCacheState_Singleton');
  await refused(state, stateText(checks, 'disabled'), 'CK_DocumentCacheState_Lifecycle');
  const documentId = await documents.insert(resourceKeyId);
  const cached = cacheInsert(session, coreRowsV2, documentId, '{}');
  const other = (uuid: string) => session.updateText(core.documentCache, [session.equal('DocumentUuid', uuid)]);
  // less and greater than the right UUID
  const uuids = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
  const inserted = (uuid: string) =>
    session.insertText(
      core.documentCache,
      new Map([...coreRowsV2.cache('{}'), ['DocumentId', String(documentId)], ['DocumentUuid', uuid]]),
    );
  const trials = uuids.flatMap((uuid) => [join([cached, other(uuid)], '; '), inserted(uuid)]);
  const object = `${qualified(core.documentCache)} with the UUID of another document`;
  for (const outcome of await session.outcomes(trials))
    failures.equal(
      'C13',
      object,
      `${codes.raised} ${serverErrors.cacheUuid}`,
      beginningOf(outcome, serverErrors.cacheUuid),
    );
}

/** Whether errors are thrown by a function; SQL Server has `THROW` instead. */
const isThrowErrorAFunction: Readonly<Record<SqlDialect, boolean>> = { pgsql: true, mssql: false };

/** C14: the functions that a server calls (design 16 §2.4). */
async function functions(checks: CoreChecks): Promise<void> {
  const { session, failures, documents, resourceKeyId } = checks;
  const { sql } = session.rules;
  const id = await documents.insert(resourceKeyId);
  const stamps = mustExist((await documents.stamps()).get(id), `the stamps of the document ${id}`);
  const last = await session.number(sql`SELECT ${coreV2.getMaxChangeVersion}() AS n`);
  failures.equal('C14', qualified(coreV2.getMaxChangeVersion), Math.max(stamps.content, stamps.identity), last);
  if (!isThrowErrorAFunction[checks.dialect]) return;
  const [outcome] = await session.outcomes([sql`SELECT ${coreV2.throwError}('DMS01', 'as asked')`]);
  const said = outcome ? `${outcome.code} ${outcome.message}` : 'accepted';
  failures.equal('C14', qualified(coreV2.throwError), 'DMS01 as asked', said);
}

/** The checks of the queue, the functions and the descriptors. */
export async function checkSecondCore(checks: CoreChecks, refusal: OtherResourceRefusal): Promise<void> {
  const own = new QueueChecks(checks);
  const { failures } = checks;
  await failures.during('C1', queue, () => own.whileDisabled());
  await failures.during('C2', queue, () => own.insertsThree());
  await failures.during('C3', queue, () => own.stamps());
  await failures.during('C2', queue, () => own.many());
  await failures.during('C13', 'dms', () => refusedStatements(checks));
  await failures.during('C14', 'dms', () => functions(checks));
  await checkDescriptors(checks, refusal);
}

export const coreRulesV2: CoreRules = {
  rows: coreRowsV2,
  tables: coreFactsV2,
  sequences: [coreV2.collectionItemIdSequence],
  ownedTables: [coreV2.documentProjectionWork.name, 'Descriptor', 'DocumentCache', 'ReferentialIdentity'],
  descriptorKey: ['Uri', 'Discriminator'],
  identities: storedCoreIdentities,
  run: (checks) => checkSecondCore(checks, refusedByTrigger),
  ownedRows: ({ session }, documentId) => [
    session.insertText(
      coreV2.documentProjectionWork,
      new Map([
        ['DocumentId', String(documentId)],
        ['RequiredContentVersion', '1'],
        ['FirstEnqueuedAt', longAgo],
        ['LastEnqueuedAt', longAgo],
      ]),
    ),
  ],
};
