import type { Connection } from '@dms/databases';
import { generations } from '../generations.ts';
import type { DocumentPlans } from '../resource-plans.ts';
import type { DocumentRow } from '../statements/identity-statements.ts';
import { queryStatements } from '../statements/query-statements.ts';
import { type Referrer, referrersTo } from './referrers.ts';

/** Every column in which a document may refer to one of these documents, which are looked up by their uuids. */
export async function storedReferrers(
  connection: Connection,
  all: DocumentPlans,
  uuids: readonly string[],
): Promise<Referrer[]> {
  const { documentsByUuid } = generations[all.version].identities(all);
  const rows = (await queryStatements(connection, documentsByUuid(uuids))).flat() as unknown as DocumentRow[];
  return referrersTo(all.mappingSet.model, new Set(rows.map(({ ResourceKeyId }) => ResourceKeyId)));
}
