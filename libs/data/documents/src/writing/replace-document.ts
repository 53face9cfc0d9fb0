import { failureKind, isRefusedRow, retriedWrite } from '@dms/databases';
import { type DiagnosticLocation, DmsError, fail, failIfAny } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import type { CheckedDocument } from '../checking/checked-document.ts';
import { generations } from '../generations.ts';
import type { SoughtIdentity } from '../identity/referential-id.ts';
import { hydrated, hydrationStatements, storedOf } from '../reading/hydration.ts';
import type { DocumentRow } from '../statements/identity-statements.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { inTransaction } from '../statements/transaction.ts';
import { assignIds } from './assign-ids.ts';
import { changedIdentity } from './changed-identity.ts';
import { checkVersion, type WriteCondition, type Written } from './outcome.ts';
import { rejectedDocument } from './reject-diagnostics.ts';
import { resolvedIds, targetsOf, unresolved } from './targets.ts';
import type { UpsertContext } from './upsert-attempt.ts';

/** The context without a reject rate: a single document is not written in parts. */
type ReplacementContext = Omit<UpsertContext, 'rate'>;

/** A document with its new content. */
interface WantedDocument {
  readonly uuid: string;
  readonly document: CheckedDocument;
  readonly where: DiagnosticLocation;
  readonly condition?: WriteCondition | undefined;
}

/**
 * Replaces the content of a document, including its identity if the resource allows that; the copies in other documents
 * follow (design 11).
 */
export async function replaceDocument(context: ReplacementContext, wanted: WantedDocument): Promise<Written> {
  const { connection, retry } = context;
  const write = (number: number) => {
    // a cached descriptor may have been deleted
    if (number > 1) context.descriptors.forget();
    return attempt(context, wanted);
  };
  const isFirstMiss = (error: unknown, number: number) =>
    number === 1 && failureKind(error, connection.dialect) === 'foreign-key';
  try {
    return await retriedWrite(connection, write, retry, isFirstMiss);
  } catch (error) {
    if (!isRefusedRow(error, connection.dialect)) throw error;
    throw new DmsError([rejectedDocument(context.all, context.plans, error, wanted.where)]);
  }
}

function attempt(
  context: ReplacementContext,
  { uuid, document, where, condition = {} }: WantedDocument,
): Promise<Written> {
  const { connection, all, plans, descriptors, lookalikes } = context;
  const { identities, writing } = generations[plans.version];
  const { findTargets, lockByUuid } = identities(all);
  const statements = documentStatements[connection.dialect];
  return inTransaction(connection, async (transaction) => {
    const targets = targetsOf([document]);
    const lockStatements = lockByUuid([uuid]);
    const sought = new Map<string, SoughtIdentity>([...targets, [document.referentialId, document]]);
    const find = findTargets([...sought.values()]);
    const answers = await transaction.ask([...lockStatements, ...find.statements]);
    const [row] = answers.slice(0, lockStatements.length).flat() as unknown as DocumentRow[];
    if (!row || row.ResourceKeyId !== plans.resourceKey.id)
      return fail(
        'DOCUMENT_NOT_FOUND',
        `There is no ${plans.label} with the uuid ${uuid}.`,
        { resource: plans.label },
        { uuid },
      );
    checkVersion(row, condition);
    const ids = resolvedIds(targets, find.read(answers.slice(lockStatements.length)), descriptors);
    const alike = await lookalikes.of({ all, targets: document.targets, ids }, (asked) => transaction.ask(asked));
    failIfAny(unresolved(document, ids, where, alike));
    const documentId = String(row.DocumentId);
    const answered = await transaction.ask(hydrationStatements(plans, [documentId]));
    const stored = storedOf(hydrated(plans, answered), documentId);
    const replacement = { found: row, document, ids, stored };
    const changed = changedIdentity(all, plans, replacement, where);
    if (changed) throw new DmsError([changed]);
    const batch = writing.batch(plans);
    const result = { uuid: row.DocumentUuid, documentId };
    if (!batch.replace(replacement)) {
      await transaction.rollback();
      return { ...result, kind: 'unchanged', contentVersion: BigInt(row.ContentVersion) } satisfies Written;
    }
    await assignIds(transaction, { resourceKeyId: plans.resourceKey.id, uuids: [], ids: [] }, batch.newIds);
    const versions = statements.contentVersions([documentId]);
    const after = await transaction.askAndCommit([...batch.statements(), ...versions]);
    const version = mustExist(after.flat()[0]?.ContentVersion, 'the version of a document') as string | number;
    return { ...result, kind: 'replaced', contentVersion: BigInt(version) } satisfies Written;
  });
}
