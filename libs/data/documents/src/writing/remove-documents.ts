import { type Connection, failureKind, type RetryOptions, retriedWrite } from '@dms/databases';
import { counted, DmsError, diagnostic, fail } from '@dms/diagnostics';
import { generations } from '../generations.ts';
import { storedReferrers } from '../reading/find-documents.ts';
import type { DocumentPlans } from '../resource-plans.ts';
import type { DocumentRow } from '../statements/identity-statements.ts';
import { queryStatements } from '../statements/statement.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { inTransaction } from '../statements/transaction.ts';
import { checkVersion, type WriteCondition } from './outcome.ts';
import { constraintOf } from './reject-diagnostics.ts';

/**
 * Removes documents in one transaction; they may refer to each other. Existing documents are removed even if others are
 * missing, which throws `DOCUMENT_NOT_FOUND`. Throws `DOCUMENT_VERSION_CHANGED`, and `DOCUMENT_IN_USE` with the
 * referring resources; then nothing is removed.
 */
export async function removeDocuments(
  connection: Connection,
  all: DocumentPlans,
  asked: readonly string[],
  { retry, condition = {} }: { readonly retry: RetryOptions; readonly condition?: WriteCondition | undefined },
): Promise<void> {
  const uuids = [...new Set(asked.map((uuid) => uuid.toLowerCase()))];
  if (uuids.length === 0) return;
  try {
    await retriedWrite(connection, () => attempt(connection, all, uuids, condition), retry);
  } catch (error) {
    if (failureKind(error, connection.dialect) !== 'foreign-key') throw error;
    const resources = await referringResources(connection, all, uuids);
    const what =
      uuids.length === 1 ? `The document ${uuids[0]} is` : `Some of the ${counted(uuids.length, 'document')} are`;
    const by =
      resources.length > 0 ? resources.join(', ') : `the constraint ${constraintOf(error) ?? 'of another table'}`;
    const text = `${what} referred to by ${by}. Remove what refers to it first.`;
    const details = { uuids: uuids.slice(0, 100), resources, constraint: constraintOf(error) };
    throw new DmsError([diagnostic('DOCUMENT_IN_USE', text, {}, details)]);
  }
}

function attempt(
  connection: Connection,
  all: DocumentPlans,
  uuids: readonly string[],
  condition: WriteCondition,
): Promise<void> {
  const { identities, writing } = generations[all.version];
  const { lockByUuid } = identities(all);
  return inTransaction(connection, async (transaction) => {
    const found = (await transaction.ask(lockByUuid(uuids))).flat() as unknown as DocumentRow[];
    for (const row of found) checkVersion(row, condition);
    await transaction.askAndCommit(writing.removal(all, found, uuids));
    const there = new Set(found.map(({ DocumentUuid }) => DocumentUuid));
    const missing = uuids.filter((uuid) => !there.has(uuid));
    if (missing.length === 0) return;
    const text = `There is no document with the uuid ${missing.slice(0, 10).join(', ')}${missing.length > 10 ? ', …' : ''}.`;
    fail('DOCUMENT_NOT_FOUND', text, {}, { uuids: missing });
  });
}

/** Labels of the resources whose documents refer to one of these documents, in the order of the model. */
async function referringResources(
  connection: Connection,
  all: DocumentPlans,
  uuids: readonly string[],
): Promise<string[]> {
  const statements = documentStatements[connection.dialect];
  const referrers = await storedReferrers(connection, all, uuids);
  if (referrers.length === 0) return [];
  const places = referrers.map(({ table, column }) => ({ table: table.table, column }));
  const [found = []] = await queryStatements(connection, [statements.referrers(places, uuids)]);
  const positions = new Set(found.map(({ Position }) => Number(Position)));
  return [...new Set(referrers.filter((_, index) => positions.has(index)).map(({ label }) => label))];
}
