import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, [
  '../test/behaviour/concurrent-writes.spec.ts',
  '../test/behaviour/identity-values.spec.ts',
  '../test/catalogs/inventory-parity.spec.ts',
  '../test/behaviour/provisioning.spec.ts',
  '../test/behaviour/scenarios.spec.ts',
  '../test/behaviour/uuidv5.spec.ts',
  'v2/concurrent-writes.spec.ts',
  'v2/enqueue-tokens.spec.ts',
  'v2/guards.spec.ts',
  'v2/update-cascades.spec.ts',
]);
