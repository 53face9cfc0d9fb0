import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, ['loading/load-jobs.spec.ts', 'seeding/seed-descriptors.spec.ts']);
