import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fleetJsonSchema } from '../../libs/operations/src/fleet/fleet-format.ts';
import { mappingSetJsonSchema } from '../../libs/operations/src/sources/mapping-set/mapping-set-format.ts';
import { renamesJsonSchema } from '../../libs/operations/src/sources/renames/renames-format.ts';
import { executorSchema, executors } from '../../plugins/nx-dms/src/executors/tasks.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The published JSON schemas, each with the format that the product checks the file with. */
const schemas = {
  'plugins/nx-dms/dms.schema.json': mappingSetJsonSchema,
  'plugins/nx-dms/fleet.schema.json': fleetJsonSchema,
  'plugins/nx-dms/renames.schema.json': renamesJsonSchema,
};

/** The `schema.json` of every executor of nx-dms: text by path, formatted as Biome leaves it. */
export function executorSchemaFiles(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(executors).map(([name, facts]) => {
      const file = `plugins/nx-dms/src/executors/${name}/schema.json`;
      return [file, formatted(file, JSON.stringify(executorSchema(facts), null, 2))];
    }),
  );
}

/** The JSON schemas of `dms.json`, `fleet.json` and files of renames: text by path, formatted as Biome leaves it. */
export function jsonSchemaFiles(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(schemas).map(([file, schemaOf]) => [file, formatted(file, JSON.stringify(schemaOf(), null, 2))]),
  );
}

function formatted(file: string, text: string): string {
  const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'format', `--stdin-file-path=${path.join(root, file)}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', input: text });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
