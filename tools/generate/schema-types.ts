import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Two files follow from the `schema.json` files of the executors and generators of nx-dms: `src/schema-options.d.ts`,
 * so that the options in the code match those that Nx checks; and `executors.json`, so that a new executor needs no
 * entry by hand.
 */

interface PropertySchema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly (string | number | boolean)[];
  readonly items?: PropertySchema;
  readonly oneOf?: readonly PropertySchema[];
}

interface OptionsSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
}

const lineWidth = 128;

/** The interface of the options of an executor or generator, whose name is that of its folder, as `emit-ddl`. */
export function schemaTypes(folderName: string, schema: OptionsSchema): string {
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
    const optional = schema.required?.includes(name) ? '' : '?';
    const type = propertyType(property, `${folderName}: /properties/${name}`);
    return [...docComment(property.description, '  '), `  readonly ${key}${optional}: ${type};`];
  });
  const opening = `export interface ${interfaceName(folderName)} {`;
  return [...docComment(schema.description, ''), opening, ...members, '}', ''].join('\n');
}

function interfaceName(folderName: string): string {
  const words = folderName.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Options`;
}

/** The TypeScript type of a property; `place` is for the message. */
function propertyType(property: PropertySchema, place: string): string {
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

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** The lines of a comment. */
function docComment(description: string | undefined, indent: string): string[] {
  if (description === undefined) return [];
  const text = description.replaceAll('*/', '*\\/');
  const oneLine = `${indent}/** ${text} */`;
  if (oneLine.length <= lineWidth && !text.includes('\n')) return [oneLine];
  const prefix = `${indent} * `;
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && prefix.length + line.length + 1 + word.length <= lineWidth)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return [`${indent}/**`, ...lines.map((line) => prefix + line), `${indent} */`];
}

const pluginFolder = 'plugins/nx-dms';
const plugin = fileURLToPath(new URL(`../../${pluginFolder}`, import.meta.url));

interface Executor {
  readonly name: string;
  readonly description: string;
  readonly isBatched: boolean;
}

function executorsText(executors: readonly Executor[]): string {
  const entries = executors.map(({ name, description, isBatched }) => {
    const place = `./dist/executors/${name}`;
    const batch = isBatched ? { batchImplementation: `${place}/batch.js`, preferBatch: true } : {};
    // with the extension: Nx would look for a TypeScript source first
    return [name, { implementation: `${place}/executor.js`, ...batch, schema: `${place}/schema.json`, description }];
  });
  const content = { $schema: 'https://json-schema.org/schema', executors: Object.fromEntries(entries) };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** The text of `executors.json`. */
function executorList(): string {
  const folder = path.join(plugin, 'src', 'executors');
  const executors = readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, 'schema.json')))
    .sort()
    .map((name) => {
      const { description } = JSON.parse(readFileSync(path.join(folder, name, 'schema.json'), 'utf8'));
      return { name, description, isBatched: existsSync(path.join(folder, name, 'batch.ts')) };
    });
  return executorsText(executors);
}

/** The text of `schema-options.d.ts`. */
function optionTypes(): string {
  const source = path.join(plugin, 'src');
  const interfaces = ['generators']
    .flatMap((kind) => readdirSync(path.join(source, kind)).map((name) => path.join(source, kind, name)))
    .filter((folder) => existsSync(path.join(folder, 'schema.json')))
    .sort()
    .map((folder) =>
      schemaTypes(path.basename(folder), JSON.parse(readFileSync(path.join(folder, 'schema.json'), 'utf8'))),
    );
  const heading = '// Written by npm run generate from the schema.json of each generator.\n';
  return [heading, ...interfaces].join('\n');
}

/** The types of the options and the list of executors: text by path. */
export function schemaTypeFiles(): Readonly<Record<string, string>> {
  return {
    [`${pluginFolder}/src/schema-options.d.ts`]: optionTypes(),
    [`${pluginFolder}/executors.json`]: executorList(),
  };
}
