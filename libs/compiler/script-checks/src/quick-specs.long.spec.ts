import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, ['engine-limits.spec.ts']);
