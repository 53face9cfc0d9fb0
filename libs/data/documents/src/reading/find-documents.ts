import type { Connection } from '@dms/databases';
import { generations } from '../generations.ts';
import type { SoughtIdentity } from '../identity/referential-id.ts';
import type { DocumentPlans } from '../resource-plans.ts';
import {
  type DescriptorScan,
  type ExistingDescriptor,
  existingDescriptors,
} from '../statements/descriptor-statements.ts';
import type { DocumentRow } from '../statements/identity-statements.ts';
import { answerTo, queryStatements } from '../statements/statement.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { type Referrer, referrersTo } from '../writing/referrers.ts';

/** Finds documents and descriptors by their identities. */
export const identityLookup = (all: DocumentPlans, identities: readonly SoughtIdentity[]) =>
  generations[all.version].identities(all).findTargets(identities);

/** The uuids of documents and descriptors by their referential ids; missing ones are left out. */
export async function uuidsByIdentity(
  connection: Connection,
  all: DocumentPlans,
  identities: readonly SoughtIdentity[],
): Promise<ReadonlyMap<string, string>> {
  if (identities.length === 0) return new Map();
  const targets = await answerTo(connection, identityLookup(all, identities));
  if (targets.length === 0) return new Map();
  const ids = [...new Set(targets.map(({ documentId }) => documentId))];
  const { documentsById } = documentStatements[connection.dialect];
  const rows = (await queryStatements(connection, documentsById(ids))).flat();
  const uuids = new Map(
    rows.map(({ DocumentId, DocumentUuid }) => [String(DocumentId), String(DocumentUuid).toLowerCase()]),
  );
  return new Map(
    targets.flatMap(({ referentialId, documentId }): [string, string][] => {
      const uuid = uuids.get(documentId);
      return uuid === undefined ? [] : [[referentialId, uuid]];
    }),
  );
}

/** The uuids of documents and descriptors that exist. */
export async function storedUuids(
  connection: Connection,
  all: DocumentPlans,
  uuids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (uuids.length === 0) return new Set();
  const { documentsByUuid } = generations[all.version].identities(all);
  const rows = (await queryStatements(connection, documentsByUuid(uuids))).flat() as unknown as DocumentRow[];
  return new Set(rows.map(({ DocumentUuid }) => DocumentUuid.toLowerCase()));
}

/** The next descriptors of a resource by document id, for a scan of all of them (design 14a §1.3, 17 §8). */
export async function scanDescriptors(
  connection: Connection,
  { version }: DocumentPlans,
  scan: Omit<DescriptorScan, 'hasVersion'>,
): Promise<readonly ExistingDescriptor[]> {
  const { repeatsDocument: hasVersion, identities } = generations[version].descriptors;
  const [rows = []] = await queryStatements(connection, [identities[connection.dialect].scan({ ...scan, hasVersion })]);
  return existingDescriptors(rows);
}

/** Every column in which a document may refer to one of these documents; they are looked up by their uuids. */
export async function storedReferrers(
  connection: Connection,
  all: DocumentPlans,
  uuids: readonly string[],
): Promise<Referrer[]> {
  const { documentsByUuid } = generations[all.version].identities(all);
  const rows = (await queryStatements(connection, documentsByUuid(uuids))).flat() as unknown as DocumentRow[];
  return referrersTo(all.mappingSet.model, new Set(rows.map(({ ResourceKeyId }) => ResourceKeyId)));
}
