import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, [
  'inventory-from-file.spec.ts',
  'inventory-manifest.spec.ts',
  'manifest/manifest-text.spec.ts',
  'propagation-and-unification.spec.ts',
  'v2/inventory-file.spec.ts',
  'v2/person-chains.spec.ts',
]);
