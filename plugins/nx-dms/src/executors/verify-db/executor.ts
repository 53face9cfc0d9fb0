import { verificationLines, verifyInFolder } from '@dms/operations';
import { mappingSetExecutor } from '../mapping-set-task.ts';

export default mappingSetExecutor('verify-db', async (task) => {
  const { root, file, mappingSet, dialects, keptDialects, outputDirectory } = task;
  const result = await verifyInFolder({
    ...mappingSet.verify,
    dialects,
    keptDialects,
    projectFile: file,
    outputDirectory,
    sources: (dialect) => ({ project: mappingSet.databases[dialect] }),
    environment: process.env,
    folder: root,
  });
  return { lines: verificationLines(result), diagnostics: result.diagnostics, failures: result.failures };
});
