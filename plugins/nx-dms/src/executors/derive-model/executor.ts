import { deriveModelInFolder } from '@dms/operations';
import { schemasExecutor } from '../schemas-of-task.ts';

export default schemasExecutor('derive-model', (task) => {
  const { mappingSet, schemas, dialects, keptDialects, outputDirectory } = task;
  const { mappingVersion } = mappingSet;
  return deriveModelInFolder({ schemas, mappingVersion, dialects, keptDialects, outputDirectory });
});
