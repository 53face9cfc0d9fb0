import { onceMore } from './once-more.ts';

onceMore(import.meta.dirname, ['identity-world.spec.ts', 'postgres.spec.ts', 'property-seeds.spec.ts']);
