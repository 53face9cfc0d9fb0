import type { AbstractIdentityTrigger, AuthEdOrgHierarchy } from '@dms/inventory';
import type { DbTableName, IdentityBlock } from '@dms/model';

/** Statements that recompute for all rows at once what triggers maintain row by row (design 12 §3.5). */
export interface DerivedRows {
  /** Inserts the referential ids of one block for all rows of its table; none may exist yet. */
  referentialIds(block: IdentityBlock, table: DbTableName): string;
  /** The referential id of one block, as an expression over a row `t` of its table. */
  referentialId(block: IdentityBlock): string;
  /** Inserts the rows of a member that its abstract identity table lacks. */
  abstractIdentities(trigger: AbstractIdentityTrigger): string;
  /** Corrects the closure of the education organizations: inserts missing rows and deletes extra ones. */
  hierarchy(hierarchy: AuthEdOrgHierarchy): string;
}
