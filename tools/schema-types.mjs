/**
 * Writes the files that follow from the `schema.json` files of the executors and generators of nx-dms:
 * `src/schema-options.d.ts`, so that the options in the code match those that Nx checks; and `executors.json`, so that a new
 * executor needs no entry by hand.
 *
 *   node tools/schema-types.mjs            writes the files
 *   node tools/schema-types.mjs --check    prints the files that differ; exit code 1 when there is one
 */
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} PropertySchema
 * @property {string} [type]
 * @property {string} [description]
 * @property {readonly (string | number | boolean)[]} [enum]
 * @property {PropertySchema} [items]
 * @property {readonly PropertySchema[]} [oneOf]
 *
 * @typedef {object} OptionsSchema
 * @property {string} [description]
 * @property {Record<string, PropertySchema>} [properties]
 * @property {readonly string[]} [required]
 */

const lineWidth = 128;

/**
 * @param {string} folderName name of the executor or generator, as `emit-ddl`
 * @param {OptionsSchema} schema
 * @returns {string} the interface of its options
 */
export function schemaTypes(folderName, schema) {
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
    const optional = schema.required?.includes(name) ? '' : '?';
    const type = propertyType(property, `${folderName}: /properties/${name}`);
    return [...docComment(property.description, '  '), `  readonly ${key}${optional}: ${type};`];
  });
  const opening = `export interface ${interfaceName(folderName)} {`;
  return [...docComment(schema.description, ''), opening, ...members, '}', ''].join('\n');
}

/** @param {string} folderName */
function interfaceName(folderName) {
  const words = folderName.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Options`;
}

/**
 * @param {PropertySchema} property
 * @param {string} place for the message
 * @returns {string}
 */
function propertyType(property, place) {
  if (property.oneOf !== undefined) {
    return property.oneOf.map((each, index) => propertyType(each, `${place}/oneOf/${index}`)).join(' | ');
  }
  if (property.enum !== undefined) {
    return property.enum.map((value) => (typeof value === 'string' ? quoted(value) : String(value))).join(' | ');
  }
  switch (property.type) {
    case 'string':
    case 'boolean':
    case 'number':
      return property.type;
    case 'integer':
      return 'number';
    case 'array': {
      if (property.items === undefined) throw new Error(`${place} is an array without "items".`);
      const item = propertyType(property.items, `${place}/items`);
      return `readonly ${/^\w+$/.test(item) ? item : `(${item})`}[]`;
    }
    default:
      throw new Error(`${place} has the type ${JSON.stringify(property.type)}, for which no TypeScript type is known.`);
  }
}

/** @param {string} text */
function quoted(text) {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/**
 * @param {string | undefined} description
 * @param {string} indent
 * @returns {string[]} lines
 */
function docComment(description, indent) {
  if (description === undefined) return [];
  const text = description.replaceAll('*/', '*\\/');
  const oneLine = `${indent}/** ${text} */`;
  if (oneLine.length <= lineWidth && !text.includes('\n')) return [oneLine];
  const prefix = `${indent} * `;
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines[lines.length - 1];
    if (line === '') lines[lines.length - 1] = word;
    else if (prefix.length + line.length + 1 + word.length <= lineWidth) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return [`${indent}/**`, ...lines.map((line) => prefix + line), `${indent} */`];
}

const plugin = fileURLToPath(new URL('../plugins/nx-dms', import.meta.url));

/**
 * @param {readonly { name: string, description: string, isBatched: boolean }[]} executors
 * @returns {string} the text of `executors.json`
 */
function executorsText(executors) {
  const entries = executors.map(({ name, description, isBatched }) => {
    const place = `./dist/executors/${name}`;
    const batch = isBatched ? { batchImplementation: `${place}/batch.js`, preferBatch: true } : {};
    // with the extension: Nx would look for a TypeScript source first
    return [name, { implementation: `${place}/executor.js`, ...batch, schema: `${place}/schema.json`, description }];
  });
  const content = { $schema: 'https://json-schema.org/schema', executors: Object.fromEntries(entries) };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** @returns {{ file: string, text: string }} `executors.json`, as it has to be */
function executorsFile() {
  const folder = path.join(plugin, 'src', 'executors');
  const executors = readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, 'schema.json')))
    .sort()
    .map((name) => {
      const { description } = JSON.parse(readFileSync(path.join(folder, name, 'schema.json'), 'utf8'));
      return { name, description, isBatched: existsSync(path.join(folder, name, 'batch.ts')) };
    });
  return { file: path.join(plugin, 'executors.json'), text: executorsText(executors) };
}

/** @returns {{ file: string, text: string }} `schema-options.d.ts`, as it has to be */
function optionsFile() {
  const source = path.join(plugin, 'src');
  const interfaces = ['executors', 'generators']
    .flatMap((kind) => readdirSync(path.join(source, kind)).map((name) => path.join(source, kind, name)))
    .filter((folder) => existsSync(path.join(folder, 'schema.json')))
    .sort()
    .map((folder) => schemaTypes(path.basename(folder), JSON.parse(readFileSync(path.join(folder, 'schema.json'), 'utf8'))));
  const heading = '// Written by tools/schema-types.mjs from the schema.json of each executor and generator.\n';
  return { file: path.join(source, 'schema-options.d.ts'), text: [heading, ...interfaces].join('\n') };
}

/** @returns {{ file: string, text: string }[]} each file that has to be there, with its text */
export function schemaTypeFiles() {
  return [optionsFile(), executorsFile()];
}

function main() {
  const different = schemaTypeFiles().filter(({ file, text }) => !existsSync(file) || readFileSync(file, 'utf8') !== text);
  const names = different.map(({ file }) => path.relative(process.cwd(), file));
  if (process.argv.includes('--check')) {
    for (const name of names) console.error(`differs ${name}`);
    if (names.length > 0) console.error('Run: node tools/schema-types.mjs');
    process.exitCode = names.length > 0 ? 1 : 0;
    return;
  }
  for (const { file, text } of different) writeFileSync(file, text);
  for (const name of names) console.log(`wrote ${name}`);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
