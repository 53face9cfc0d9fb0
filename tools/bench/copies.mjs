/** Copies of a core under other names: a schema set that is as many times as large, and no harder. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes the copies into a folder, as extensions of the core that know nothing of it.
 *
 * @returns {string[]} the core and its copies, `count` files
 */
export function coreWithCopies(core, count, folder) {
  const schema = JSON.parse(readFileSync(core, 'utf8'));
  const { projectName, projectEndpointName } = schema.projectSchema;
  schema.projectSchema.isExtensionProject = true;
  const text = JSON.stringify(schema);
  const renamed = (name, number) => JSON.stringify(`${name}Copy${number}`);
  const copies = Array.from({ length: count - 1 }, (_, index) => {
    const file = path.join(folder, `copy-${index + 1}.json`);
    const names = [projectName, projectEndpointName];
    writeFileSync(
      file,
      names.reduce((copy, name) => copy.replaceAll(JSON.stringify(name), renamed(name, index + 1)), text),
    );
    return file;
  });
  return [core, ...copies];
}
