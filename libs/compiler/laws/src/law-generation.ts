import type { SqlDialect } from '@dms/sql';
import type { HashedTexts } from './hashed-name.ts';
import type { IdentityValues } from './identity-expression.ts';

/** What differs between generations in the rows that follow from others. */
export interface LawGeneration {
  readonly hashed: HashedTexts;
  /** The texts of values in hashed names that differ from those of their kinds. */
  readonly identityValues: Readonly<Record<SqlDialect, IdentityValues>>;
}
