import type { SqlDialect } from '@dms/sql';
import type { FinishedDraft } from '../draft/model-draft.ts';
import { identityMutableResources } from './identity-mutable.ts';
import { propagateMssql } from './propagate-mssql.ts';
import { propagatePgsql } from './propagate-pgsql.ts';
import type { Propagation } from './propagation.ts';

const policies: Readonly<Record<SqlDialect, (draft: FinishedDraft, mutable: ReadonlySet<string>) => Propagation>> = {
  pgsql: propagatePgsql,
  mssql: propagateMssql,
};

/** Decides how the reference keys follow a changed identity (design 11); the one pass whose rules differ by dialect. */
export function propagateIdentity(draft: FinishedDraft, dialect: SqlDialect): Propagation {
  return policies[dialect](draft, identityMutableResources(draft));
}
