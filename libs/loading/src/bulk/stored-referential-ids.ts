import { core, mustExist, referentialIdentityColumns } from '@dms/model';
import { bulkDialects } from './bulk-dialects.ts';
import type { BulkIdentities } from './bulk-rules.ts';

/**
 * Both generations store the referential id of every document in `dms.ReferentialIdentity`, one more for a document of
 * a superclass. The client writes the rows itself, in place of their triggers (design 14 §8).
 */
export const storedReferentialIds: BulkIdentities = {
  stored: (connection) =>
    bulkDialects[connection.dialect].uuidsOf(connection, core.referentialIdentity, 'ReferentialId'),
  tables: [{ table: core.referentialIdentity, columns: referentialIdentityColumns }],
  rows: ({ plans, referentialId, superclass }, documentId) => {
    const own = [referentialId, documentId, String(plans.identity.resourceKeyId)];
    if (superclass === null) return [[own]];
    const block = mustExist(plans.superclassIdentity, `the identity of the superclass of ${plans.label}`);
    return [[own, [superclass.referentialId, documentId, String(block.resourceKeyId)]]];
  },
};
