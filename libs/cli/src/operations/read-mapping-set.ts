import { readMappingSet as readConfig } from '@dms/pipeline';
import { located } from './located.ts';

export function readMappingSet(file: string) {
  return located([], async () => {
    const { schemas, dialects, outputDirectory } = await readConfig(file);
    return { schemas, dialects, output: outputDirectory };
  });
}
