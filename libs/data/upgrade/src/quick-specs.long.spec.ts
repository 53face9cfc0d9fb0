import { onceMoreInSearches } from '@dms/testing';

onceMoreInSearches(import.meta.dirname, ['applying/reporting-views.spec.ts', 'preparing/prepare-scripts.spec.ts']);
