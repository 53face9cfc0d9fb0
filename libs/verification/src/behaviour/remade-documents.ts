import { core } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import { type BehaviourSession, refusalText } from './behaviour-session.ts';
import { documentFacts } from './core-table-facts.ts';
import type { Failures } from './failures.ts';

/** A key to `dms.Document`, and its column. */
export interface DocumentKey {
  readonly name: string;
  readonly table: QualifiedName;
  readonly column: string;
}

interface RemadeDocuments {
  readonly session: BehaviourSession;
  readonly failures: Failures;
  /** The id of the check. */
  readonly check: string;
  readonly ids: readonly number[];
  readonly keys: readonly DocumentKey[];
  /** The columns of a document in the generation, but for its id. */
  readonly columns: readonly string[];
}

/**
 * One statement gives documents other ids and makes them again as they were: every key finds what it names, so it must
 * not have changed a row. Does nothing where no statement can do both.
 */
export async function checkRemadeDocuments(given: RemadeDocuments): Promise<void> {
  const { session, failures, check, ids, keys, columns } = given;
  const { remaking } = session.dialect;
  if (remaking === null) return;
  const among = (column: string) => `${session.quote(column)} IN (${ids.join(', ')})`;
  const selections = keys.map(({ table, column }) => ({ table, columns: [column], where: among(column) }));
  const table = session.table(core.document);
  const update = `UPDATE ${table} SET ${session.quote('DocumentId')} = DEFAULT WHERE ${among('DocumentId')}`;
  const list = ['DocumentId', ...columns].map((name) => session.quote(name));
  const statement = remaking.statement(table, update, list, among('DocumentId'));
  const checks = Object.keys(documentFacts.uniques).map((name) => session.quote(name));
  await session.remaking([{ table, checks, foreignKeys: [] }], async () => {
    const [before, [after = []]] = [
      await session.rowsOfEach(selections),
      await session.trials([{ statements: [statement], selections }]),
    ];
    if ('code' in after) {
      failures.add(check, 'dms.Document with another id, and made again', 'accepted', refusalText(after));
      return;
    }
    for (const [index, { name }] of keys.entries())
      failures.equal(
        check,
        `${name}: rows of documents that get another id and are made again`,
        before[index]?.length ?? 0,
        after[index]?.length ?? 0,
      );
  });
}
