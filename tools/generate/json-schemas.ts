import { compareBy } from '@dms/values';
import { translationJsonSchema } from '../../libs/data/translation/src/file/translation-format.ts';
import { fleetJsonSchema } from '../../libs/product/operations/src/fleet/fleet-format.ts';
import { mappingSetJsonSchema } from '../../libs/product/operations/src/sources/mapping-set/mapping-set-format.ts';
import { executorSchema, executors } from '../../plugins/nx-dms/src/executors/tasks.ts';
import { generatorSchema, generators } from '../../plugins/nx-dms/src/generators/generators.ts';

const plugin = 'plugins/nx-dms';
const $schema = 'https://json-schema.org/schema';

/** The files of all executors: the options of each, which Nx checks, and the list by which Nx finds executors. */
function filesOfExecutors(): Readonly<Record<string, unknown>> {
  const all = Object.entries(executors).sort(compareBy(([name]) => name));
  const list = all.map(([name, { description, isBatched = false }]) => {
    const place = `./dist/executors/${name}`;
    const batch = isBatched ? { batchImplementation: `${place}/batch.js`, preferBatch: true } : {};
    // with the extension, because Nx would otherwise look for a TypeScript source first
    return [name, { implementation: `${place}/executor.js`, ...batch, schema: `${place}/schema.json`, description }];
  });
  return {
    ...Object.fromEntries(all.map(([name, facts]) => [`src/executors/${name}/schema.json`, executorSchema(facts)])),
    'executors.json': { $schema, executors: Object.fromEntries(list) },
  };
}

/** The files of all generators. */
function filesOfGenerators(): Readonly<Record<string, unknown>> {
  const all = Object.entries(generators);
  const list = all.map(([name, { description, isHidden }]) => {
    const place = `./dist/generators/${name}`;
    const hidden = isHidden ? { hidden: true } : {};
    return [name, { factory: `${place}/generator.js`, schema: `${place}/schema.json`, description, ...hidden }];
  });
  return {
    ...Object.fromEntries(all.map(([name, facts]) => [`src/generators/${name}/schema.json`, generatorSchema(facts)])),
    'generators.json': { $schema, generators: Object.fromEntries(list) },
  };
}

/**
 * The JSON files of nx-dms that are generated from formats and options in the code: those of its executors and
 * generators, and the schemas of the files that users write. Unformatted texts by path.
 */
export function jsonSchemaFiles(): Readonly<Record<string, string>> {
  const files = {
    ...filesOfExecutors(),
    ...filesOfGenerators(),
    'dms.schema.json': mappingSetJsonSchema(),
    'fleet.schema.json': fleetJsonSchema(),
    'translation.schema.json': translationJsonSchema(),
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, value]) => [`${plugin}/${name}`, JSON.stringify(value, null, 2)]),
  );
}
