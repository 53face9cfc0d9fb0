import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, ['naming/collisions.spec.ts']);
