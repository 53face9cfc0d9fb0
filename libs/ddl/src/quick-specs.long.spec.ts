import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, [
  'body-hashes.spec.ts',
  'concurrent-writes.spec.ts',
  'core-catalog.spec.ts',
  'core-constraints.spec.ts',
  'emission-on-database.spec.ts',
  'identity-values.spec.ts',
  'inventory-parity.spec.ts',
  'provisioning.spec.ts',
  'scenarios.spec.ts',
  'seed-rows.spec.ts',
  'uuidv5.spec.ts',
  'v2/concurrent-writes.spec.ts',
  'v2/enqueue-tokens.spec.ts',
  'v2/guards.spec.ts',
  'v2/update-cascades.spec.ts',
]);
