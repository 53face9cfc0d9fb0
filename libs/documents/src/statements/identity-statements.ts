import type { Statement } from '@dms/databases';
import type { SoughtIdentity } from '../identity/sought-identity.ts';
import type { DescriptorRow } from './core-rows.ts';
import type { DescriptorScan } from './descriptor-statements.ts';
import type { PageRow } from './document-statements.ts';

/** A row of `dms.Document` with its identity. */
export interface DocumentRow extends PageRow {
  /** Null if the database does not have it: its trigger has not written it, or the generation does not store it. */
  readonly ReferentialId: string | null;
}

/**
 * The statements by which a generation finds documents by their identities, in one dialect. Answers name an identity by
 * the referential id that was asked for (design 14 §2).
 */
export interface IdentityStatements {
  /** `ReferentialId`, `DocumentId` of existing identities. */
  findTargets(identities: readonly SoughtIdentity[]): readonly Statement[];
  /** {@link DocumentRow}s, locked until the end of the transaction. */
  lockByIdentity(identities: readonly SoughtIdentity[]): readonly Statement[];
  lockByUuid(uuids: readonly string[]): readonly Statement[];
  /** {@link DocumentRow}s without a lock. */
  documentsByUuid(uuids: readonly string[]): readonly Statement[];
}

/** The same for descriptors, which are also written and read without a model. */
export interface DescriptorIdentityStatements {
  /** What the database stores about the identities of new descriptors, besides their rows. */
  insert(descriptors: readonly DescriptorRow[]): readonly Statement[];
  /** `ExistingDescriptor`s. */
  find(identities: readonly SoughtIdentity[]): readonly Statement[];
  /** `ExistingDescriptor`s of one resource, in the order of their documents. */
  scan(scan: DescriptorScan): Statement;
}
