import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, ['naming/collisions.spec.ts', 'v2/model-file.spec.ts']);
