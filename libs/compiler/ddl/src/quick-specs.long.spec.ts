import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, [
  '../test/catalogs/body-hashes.spec.ts',
  '../test/behaviour/concurrent-writes.spec.ts',
  '../test/catalogs/core-catalog.spec.ts',
  '../test/catalogs/core-constraints.spec.ts',
  '../test/scripts/emission-on-database.spec.ts',
  '../test/behaviour/identity-values.spec.ts',
  '../test/catalogs/inventory-parity.spec.ts',
  '../test/behaviour/provisioning.spec.ts',
  '../test/behaviour/scenarios.spec.ts',
  '../test/behaviour/seed-rows.spec.ts',
  '../test/behaviour/uuidv5.spec.ts',
  'v2/concurrent-writes.spec.ts',
  'v2/enqueue-tokens.spec.ts',
  'v2/guards.spec.ts',
  'v2/update-cascades.spec.ts',
]);
