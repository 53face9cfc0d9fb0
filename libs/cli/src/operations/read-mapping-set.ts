import { readMappingSet as readConfig } from '@dms/operations';
import { checkOptions } from './check-options.ts';
import { located } from './located.ts';

export async function readMappingSet(file: string) {
  checkOptions('readMappingSet', file);
  return located([], async () => {
    const { schemas, dialects, mappingVersion, odsOverrides, outputDirectory } = await readConfig(file);
    const overrides = odsOverrides === null ? {} : { odsOverrides };
    return { schemas, dialects, mappingVersion, ...overrides, output: outputDirectory };
  });
}
