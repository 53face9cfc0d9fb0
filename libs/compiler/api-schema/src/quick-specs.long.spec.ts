import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, ['json-path.spec.ts']);
