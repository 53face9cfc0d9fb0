import type { SqlDialect } from '@dms/sql';
import type { ModelDraft } from '../draft/model-draft.ts';
import { identityMutableResources } from './identity-mutable.ts';
import { propagateMssql } from './propagate-mssql.ts';
import { propagatePgsql } from './propagate-pgsql.ts';

const policies: Readonly<Record<SqlDialect, (draft: ModelDraft, mutable: ReadonlySet<string>) => void>> = {
  pgsql: propagatePgsql,
  mssql: propagateMssql,
};

/** Gives every reference key its final update action and shape (design 11); the one pass whose rules differ by dialect. */
export function propagateIdentity(draft: ModelDraft): void {
  policies[draft.rules.name](draft, identityMutableResources(draft));
}
