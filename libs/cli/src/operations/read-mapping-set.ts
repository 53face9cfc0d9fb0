import { readMappingSet as readConfig } from '@dms/operations';
import { checkOptions } from './check-options.ts';
import { located } from './located.ts';

export async function readMappingSet(file: string) {
  checkOptions('readMappingSet', file);
  return located([], async () => {
    const { schemas, dialects, mappingVersion, outputDirectory } = await readConfig(file);
    return { schemas, dialects, mappingVersion, output: outputDirectory };
  });
}
