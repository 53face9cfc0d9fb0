/** Copies of a core under other names: a schema set several times as large, but no more complex. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes the copies into a folder, as extensions that do not refer to the core. Returns the files of the core and its
 * copies, `count` in all.
 */
export function coreWithCopies(core: string, count: number, folder: string): string[] {
  const schema = JSON.parse(readFileSync(core, 'utf8'));
  const { projectName, projectEndpointName } = schema.projectSchema;
  schema.projectSchema.isExtensionProject = true;
  // `securableElements` need people and organizations, which only the core has
  for (const resource of Object.values<{ securableElements?: unknown }>(schema.projectSchema.resourceSchemas))
    delete resource.securableElements;
  const text = JSON.stringify(schema);
  const copies = Array.from({ length: count - 1 }, (_, index) => {
    const suffix = `Copy${index + 1}`;
    const renamed = (copy: string, name: string) =>
      copy.replaceAll(JSON.stringify(name), JSON.stringify(name + suffix));
    const file = path.join(folder, `${suffix}.json`);
    writeFileSync(file, [projectName, projectEndpointName].reduce(renamed, text));
    return file;
  });
  return [core, ...copies];
}
