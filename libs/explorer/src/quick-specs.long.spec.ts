import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, ['structural-difference.spec.ts', 'trigger-sentence.spec.ts']);
