import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, [
  'applying/reporting-views.spec.ts',
  'document-rules.spec.ts',
  'preparing/prepare-scripts.spec.ts',
]);
