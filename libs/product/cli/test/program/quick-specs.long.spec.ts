import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, ['damaged-files.spec.ts']);
