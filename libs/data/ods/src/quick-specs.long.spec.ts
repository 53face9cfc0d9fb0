import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, ['databases/apply-views.spec.ts']);
