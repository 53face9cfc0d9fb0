import { describeBulkLoad, firstGeneration } from '../../test/bulk-load-suite.ts';

describeBulkLoad(firstGeneration);
