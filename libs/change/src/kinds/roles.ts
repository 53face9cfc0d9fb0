import type { Grant, Role } from '@dms/catalog';
import { alwaysError, type DriftRules } from './drift-rules.ts';

export const roleDrift: DriftRules<Role> = {
  fields: ['attributes', 'memberOf'],
  severities: { missing: 'error', extra: 'info', changed: 'error' },
};

export const grantDrift: DriftRules<Grant> = { fields: ['privileges'], severities: alwaysError };
