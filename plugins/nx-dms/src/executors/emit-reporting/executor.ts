import { emitReportingInFolder } from '@dms/operations';
import { mappingSetExecutor } from '../mapping-set-task.ts';

export default mappingSetExecutor('emit-reporting', ({ mappingSet, dialects, keptDialects, outputDirectory }) =>
  emitReportingInFolder({ reporting: mappingSet.reporting, dialects, keptDialects, outputDirectory }),
);
