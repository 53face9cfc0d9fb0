import path from 'node:path';
import { deriveOdsMappingInFolder } from '@dms/operations';
import { schemasExecutor } from '../schemas-of-task.ts';

export default schemasExecutor('derive-ods-mapping', (task) => {
  const { root, mappingSet, schemas, dialects, keptDialects, outputDirectory } = task;
  const { mappingVersion, odsOverrides } = mappingSet;
  const overrides = odsOverrides === null ? {} : { odsOverrides: path.join(root, odsOverrides) };
  return deriveOdsMappingInFolder({ schemas, mappingVersion, ...overrides, dialects, keptDialects, outputDirectory });
});
