import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, [
  '../test/files/inventory-from-file.spec.ts',
  '../test/files/inventory-manifest.spec.ts',
  'manifest/manifest-text.spec.ts',
  '../test/triggers/propagation-and-unification.spec.ts',
  'v2/inventory-file.spec.ts',
  'v2/person-chains.spec.ts',
]);
