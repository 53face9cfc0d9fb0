import { serverErrors } from '@dms/catalog';
import { counted } from '@dms/diagnostics';
import { core, coreV2, mustExist, qualified } from '@dms/model';
import { type QualifiedName, type SqlDialect, textOf } from '@dms/sql';
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
    const { session } = this.checks;
    const column = session.quote('ProjectionLifecycleState');
    await session.change(
      `UPDATE ${session.table(coreV2.documentCacheState)} SET ${column} = ${session.literal(state)}`,
    );
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
    const isRecent = session.dialect.isRecent(session.quote(column));
    const table = session.table(coreV2.documentProjectionWork);
    const others = await session.number(`SELECT COUNT(*) AS n FROM ${table} WHERE NOT (${isRecent})`);
    failures.equal(check, `${queue}.${column} at another time`, 0, others);
  }

  /** C2: all requests from one statement have the same time. */
  private async atOnce(ids: readonly number[]): Promise<void> {
    const work = coreV2.documentProjectionWork;
    const where = `${this.checks.session.quote('DocumentId')} IN (${ids.join(', ')})`;
    const rows = await this.checks.session.rows({ table: work, columns: ['FirstEnqueuedAt', 'LastEnqueuedAt'], where });
    const times = new Set(rows.flatMap(({ FirstEnqueuedAt, LastEnqueuedAt }) => [FirstEnqueuedAt, LastEnqueuedAt]));
    this.checks.failures.equal('C2', `${qualified(work)}, times in one statement`, 1, times.size);
  }

  /** C1: while projection is off, no document is queued; without the row of the state, no document can be written. */
  async whileDisabled(): Promise<void> {
    const { failures, documents, session, resourceKeyId } = this.checks;
    await documents.insert(resourceKeyId);
    failures.equal('C1', queue, '', await this.required());
    await session.change(this.checks.update(`${session.quote('ContentVersion')} = ${this.checks.nextVersion}`));
    failures.equal('C1', `${queue} (a greater version)`, '', await this.required());
    const state = session.table(coreV2.documentCacheState);
    const lifecycle = session.quote('ProjectionLifecycleState');
    const insert = documents.insertText(documents.nextUuid(), resourceKeyId);
    const update = this.checks.update(`${session.quote('ContentVersion')} = ${this.checks.nextVersion}`);
    const broken = [
      { what: 'without', begins: serverErrors.stateMissing, statements: [`DELETE FROM ${state}`] },
      ...unknownStates.map((unknown) => ({
        what: `with the unknown state ${unknown} in`,
        begins: serverErrors.stateUnknown,
        statements: [
          textOf(session.dialect.withoutCheck(coreV2.documentCacheState, 'CK_DocumentCacheState_Lifecycle')),
          `UPDATE ${state} SET ${lifecycle} = ${session.literal(unknown)}`,
        ],
      })),
    ].flatMap(({ what, begins, statements }) => [
      { what: `inserted ${what}`, begins, statements: [...statements, insert] },
      { what: `updated ${what}`, begins, statements: [...statements, update] },
    ]);
    const outcomes = await session.outcomes(broken.map(({ statements }) => statements.join('; ')));
    const { raised } = session.dialect.codes;
    for (const [index, { what, begins }] of broken.entries()) {
      const object = `${qualified(core.document)} ${what} ${qualified(coreV2.documentCacheState)}`;
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
      const those = `${session.quote('DocumentId')} IN (${added.join(', ')})`;
      const stamp = this.checks.update(`${session.quote('ContentVersion')} = ${nextVersion}`, those);
      await session.change(stamp);
      await check(', a greater version');
      await session.change(`DELETE FROM ${session.table(work)} WHERE ${those}`, stamp);
      await check(', a greater version without a request');
      await this.atOnce(added);
    }
  }

  /** C3 to C5: only a greater content version updates the request; the time of the first request stays. */
  async stamps(): Promise<void> {
    const { session, failures, nextVersion } = this.checks;
    const content = session.quote('ContentVersion');
    const identity = session.quote('IdentityVersion');
    const first = session.quote('FirstEnqueuedAt');
    const last = session.quote('LastEnqueuedAt');
    const work = session.table(coreV2.documentProjectionWork);
    const old = session.literal(longAgo);
    await session.change(`UPDATE ${work} SET ${first} = ${old}, ${last} = ${old}`);
    const firstTimes = async () => [...new Set((await this.queued()).map((row) => row.FirstEnqueuedAt))];
    const kept = await firstTimes();
    const unchanged = async (check: string, what: string, statement: string) => {
      const before = JSON.stringify(await this.queued());
      await session.change(statement);
      failures.equal(check, `${queue} (${what})`, before, JSON.stringify(await this.queued()));
    };
    const id = session.quote('DocumentId');
    await unchanged('C3', 'no row', this.checks.update(`${content} = ${nextVersion}`, `${id} < 0`));
    await unchanged('C4', 'IdentityVersion', this.checks.update(`${identity} = ${nextVersion}`));
    await unchanged('C5', 'ContentVersion to itself', this.checks.update(`${content} = ${content}`));
    const queued = (await this.queued()).map((row) => Number(row.DocumentId));
    const those = `${id} IN (${queued.join(', ')})`;
    await session.change(this.checks.update(`${content} = ${nextVersion}`, those));
    failures.equal('C3', queue, await this.expected(queued), await this.required());
    failures.equal('C3', `${queue}.FirstEnqueuedAt`, kept, await firstTimes());
    await this.recent('C3', 'LastEnqueuedAt');
    await unchanged('C3', 'a smaller version', this.checks.update(`${content} = 0`, those));
    const [start = '', ...followers] = nearVersions(this.checks.dialect);
    await session.change(this.checks.update(`${content} = ${start}`, those));
    for (const version of followers) {
      await session.change(`DELETE FROM ${work}`, this.checks.update(`${content} = ${version}`, those));
      const wanted = queued.map((id) => `${id}: ${version}`).join(', ');
      const what = `${queue} (version ${version} without a request)`;
      failures.equal('C3', what, wanted, await this.required());
    }
    await session.change(`DELETE FROM ${session.table(core.document)}`);
    await this.setState('Disabled');
  }

  /** C2: many documents in one statement, new ones and with greater versions. */
  async many(): Promise<void> {
    const { session, failures, resourceKeyId, nextVersion } = this.checks;
    const document = session.table(core.document);
    const names = ['DocumentUuid', 'ResourceKeyId'].map((name) => session.quote(name)).join(', ');
    const numbers = Array.from({ length: documentsAtOnce }, (_, index) => `(${index})`).join(', ');
    const equal = (own: string, ofDocument: string) => `w.${session.quote(own)} = d.${session.quote(ofDocument)}`;
    const same = [equal('DocumentId', 'DocumentId'), equal('RequiredContentVersion', 'ContentVersion')];
    const queued = `SELECT COUNT(*) AS n FROM ${session.table(coreV2.documentProjectionWork)} AS w INNER JOIN ${document} AS d ON ${same.join(' AND ')}`;
    await this.setState('Tracking');
    const change = async (what: string, statement: string, expected = documentsAtOnce) => {
      await session.change(statement);
      const object = `${queue} (${counted(documentsAtOnce, 'document')}, ${what})`;
      failures.equal('C2', object, expected, await session.number(queued));
    };
    await change(
      'inserted',
      `INSERT INTO ${document} (${names}) SELECT ${session.dialect.newUuid}, ${resourceKeyId} FROM (VALUES ${numbers}) AS v (n)`,
    );
    const content = session.quote('ContentVersion');
    await change('updated', this.checks.update(`${content} = ${nextVersion}`));
    await session.change(`DELETE FROM ${session.table(coreV2.documentProjectionWork)}`);
    await change('updated without a change', this.checks.update(`${content} = ${content}`), 0);
    await session.change(`DELETE FROM ${document}`);
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
  const refused = (table: QualifiedName, statement: string, constraint: string) =>
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
  const lowerCase = `UPDATE ${session.table(state)} SET ${session.quote('ProjectionLifecycleState')} = ${session.literal('disabled')}`;
  await refused(identity, insert(identity, secondIdentity), 'CK_DataStoreIdentity_Singleton');
  await refused(state, insert(state, secondState), 'CK_DocumentCacheState_Singleton');
  await refused(state, lowerCase, 'CK_DocumentCacheState_Lifecycle');
  const documentId = await documents.insert(resourceKeyId);
  const cached = cacheInsert(session, coreRowsV2, documentId, '{}');
  const other = (uuid: string) =>
    `UPDATE ${session.table(core.documentCache)} SET ${session.quote('DocumentUuid')} = ${session.literal(uuid)}`;
  // less and greater than the right UUID
  const uuids = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
  const inserted = (uuid: string) =>
    session.insertText(
      core.documentCache,
      new Map([...coreRowsV2.cache('{}'), ['DocumentId', String(documentId)], ['DocumentUuid', uuid]]),
    );
  const trials = uuids.flatMap((uuid) => [`${cached}; ${other(uuid)}`, inserted(uuid)]);
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
  const id = await documents.insert(resourceKeyId);
  const stamps = mustExist((await documents.stamps()).get(id), `the stamps of the document ${id}`);
  const last = await session.number(`SELECT ${session.table(coreV2.getMaxChangeVersion)}() AS n`);
  failures.equal('C14', qualified(coreV2.getMaxChangeVersion), Math.max(stamps.content, stamps.identity), last);
  if (!isThrowErrorAFunction[checks.dialect]) return;
  const [outcome] = await session.outcomes([`SELECT ${session.table(coreV2.throwError)}('DMS01', 'as asked')`]);
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
