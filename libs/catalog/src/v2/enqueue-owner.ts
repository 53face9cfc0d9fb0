import { core, coreSchema, coreV2 } from '@dms/model';
import type { Grant } from '../catalog.ts';
import type { OwnerRole } from '../definition.ts';

const name = 'edfi_dms_enqueue_owner';

const grant = (kind: Grant['kind'], object: string, ...privileges: readonly string[]): Grant => ({
  kind,
  schema: core.document.schema,
  name: object,
  grantee: name,
  privileges,
});

/**
 * The role that owns the functions of the queue, so that writers of documents need no rights on the queue itself (design 16
 * §2.6). It has no other privileges.
 */
export const enqueueOwner: OwnerRole = {
  name,
  attributes: [],
  memberOf: [],
  grants: [
    grant('function', 'TF_Document_EnqueueProjectionInsert', 'EXECUTE'),
    grant('function', 'TF_Document_EnqueueProjectionUpdate', 'EXECUTE'),
    grant('schema', coreSchema, 'USAGE'),
    grant('table', coreV2.documentCacheState.name, 'SELECT'),
    grant('table', coreV2.documentProjectionWork.name, 'INSERT', 'SELECT', 'UPDATE'),
  ],
};
