import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, ['seeding/seed-descriptors.spec.ts']);
