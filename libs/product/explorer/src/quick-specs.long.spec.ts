import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, ['structural-difference.spec.ts', 'sentences/trigger-sentence.spec.ts']);
