import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, ['static/engine-limits.spec.ts']);
