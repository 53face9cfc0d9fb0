import type { AbstractIdentityTrigger, AuthEdOrgHierarchy, IdentityBlock } from '@dms/inventory';
import type { DbTableName } from '@dms/model';

/** Statements that compute anew, for all rows at once, what triggers keep row by row (design 12 §3.5). */
export interface DerivedRows {
  /** The referential ids of one block, of all rows of its table; none may be there. */
  referentialIds(block: IdentityBlock, table: DbTableName): string;
  /** The referential id of one block, as an expression over a row `t` of its table. */
  referentialId(block: IdentityBlock): string;
  /** The rows of a member that its abstract identity table lacks. */
  abstractIdentities(trigger: AbstractIdentityTrigger): string;
  /** The closure of the education organizations: what is missing is inserted, what is too much deleted. */
  hierarchy(hierarchy: AuthEdOrgHierarchy): string;
}
