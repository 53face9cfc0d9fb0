import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, ['applying/reporting-views.spec.ts', 'preparing/prepare-scripts.spec.ts']);
