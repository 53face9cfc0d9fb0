import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, ['generate-documents.spec.ts']);
