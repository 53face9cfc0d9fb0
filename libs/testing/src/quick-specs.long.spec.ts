import { onceMore } from './runs/once-more.ts';

onceMore(import.meta.dirname, [
  'identities/identity-world.spec.ts',
  'servers/postgres.spec.ts',
  'runs/property-seeds.spec.ts',
]);
