import { readdirSync } from 'node:fs';
import { compareOrdinal } from '@dms/values';
import type { JsonRecord } from './schema-builder.ts';
import { readSharedJson, sharedFile } from './shared-data.ts';

/**
 * The documents of a fixture of the second generation, in the order of their files. A fragment that skips the checks of
 * files gets the missing members: every project except Ed-Fi is an extension, and none has abstract resources.
 */
export function fixtureDocumentsV2(fixture: string): JsonRecord[] {
  const folder = ['fixtures-v2', fixture, 'inputs'];
  const files = readdirSync(sharedFile(...folder)).sort(compareOrdinal);
  return files.map((file) => {
    const { projectSchema, ...document } = readSharedJson(...folder, file);
    const missing = { isExtensionProject: projectSchema.projectName !== 'Ed-Fi', abstractResources: {} };
    return { ...document, projectSchema: { ...missing, ...projectSchema } };
  });
}
