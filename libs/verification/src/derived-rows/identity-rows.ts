import { compareOrdinal } from '@dms/canonical-json';
import type { Connection, Limits } from '@dms/databases';
import { core } from '@dms/model';
import { qualifiedName } from '@dms/sql';
import type { IdentityRow } from './row-dialect.ts';
import { rowDialects } from './row-dialects.ts';

/* The rows of dms.ReferentialIdentity, compared and rewritten for one document at a time. */

/** A document, and the referential ids that it must have: `id resourceKeyId` of each. */
export interface ExpectedIdentities {
  readonly documentId: string;
  readonly expected: readonly string[];
}

export const sameIds = (left: readonly string[], right: readonly string[]) =>
  left.length === right.length && [...left].sort(compareOrdinal).join() === [...right].sort(compareOrdinal).join();

/** Calls `onWrong` with documents whose referential ids are wrong, some at a time. */
export type WrongIdentities = (onWrong: (wrong: readonly ExpectedIdentities[]) => Promise<void>) => Promise<void>;

/**
 * Rewrites the referential ids of documents with wrong ids. All wrong rows are deleted before any row is inserted, because an id may have
 * moved from one document to another; the sources are read for each of the two. Throws the `DB_*` codes.
 */
export async function repairIdentities(
  connection: Connection,
  limits: Limits,
  sources: readonly WrongIdentities[],
): Promise<void> {
  const { rules, isAmong, idParameter, insertIdentities, identityParameters } = rowDialects[connection.dialect];
  const removal = `DELETE FROM ${qualifiedName(rules, core.referentialIdentity)} WHERE ${isAmong(rules.quote('DocumentId'))}`;
  for (const source of sources)
    await source(async (wrong) => {
      if (wrong.length > 0) await connection.query(removal, [idParameter(wrong.map(({ documentId }) => documentId))], limits);
    });
  for (const source of sources)
    await source(async (wrong) => {
      const rows = wrong.flatMap(({ documentId, expected }) =>
        expected.map((entry): IdentityRow => {
          const [referentialId = '', resourceKeyId = ''] = entry.split(' ');
          return { referentialId, documentId, resourceKeyId };
        }),
      );
      if (rows.length > 0) await connection.query(insertIdentities, identityParameters(rows), limits);
    });
}
