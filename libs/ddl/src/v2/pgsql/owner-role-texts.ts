import type { OwnerRole } from '@dms/catalog';
import { SqlWriter } from '@dms/sql';
import { createOwnerRole } from '../../pgsql/owner-role.ts';
import { pgsqlRoleGuard, refusalSetting } from './guards.ts';

/** What makes the role of a script before the script runs (design 16 §2.6), in one transaction. */
export interface OwnerRoleTexts {
  /** Finds out whether the guards of the script would refuse the role. */
  readonly check: string;
  /** A query with one row: `refusal`, which is empty where they would not. */
  readonly refusal: string;
  /** Creates the role if it is missing, and makes the session a member. */
  readonly create: string;
}

function written(write: (writer: SqlWriter) => void): string {
  const writer = new SqlWriter();
  write(writer);
  return writer.text();
}

/** The texts for a role that owns functions: the statements of the script, for a transaction of their own. */
export function ownerRoleTexts(role: Pick<OwnerRole, 'name'>): OwnerRoleTexts {
  return {
    check: written((writer) => pgsqlRoleGuard(writer, role)),
    refusal: `SELECT pg_catalog.current_setting(${refusalSetting}) AS refusal`,
    create: written((writer) => createOwnerRole(writer, role)),
  };
}
