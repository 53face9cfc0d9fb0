import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, [
  'naming/column-collisions.spec.ts',
  'naming/constraint-name.spec.ts',
  'passes/key-unification/build-classes.spec.ts',
  'passes/key-unification/column-order.spec.ts',
  'propagation/edge-rules.spec.ts',
  'shared-passes.spec.ts',
  'v2/prune-cascades.spec.ts',
]);
