/**
 * Writes `libs/packs/src/wire/pack-format.ts` from the published `libs/packs/mapping-pack.proto`: the messages as types, the
 * enumerations as values, and the schema in the form that protobufjs takes without its parser.
 *
 *   node tools/pack-format.mjs            writes the file
 *   node tools/pack-format.mjs --check    exit code 1 when it differs
 */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const packs = new URL('../libs/packs/', import.meta.url);
export const protoFile = fileURLToPath(new URL('mapping-pack.proto', packs));
export const packFormatFile = fileURLToPath(new URL('src/wire/pack-format.ts', packs));

/** The TypeScript types of the scalar types that the schema uses. */
const scalarTypes = new Map([
  ['string', 'string'],
  ['bool', 'boolean'],
  ['uint32', 'number'],
  ['uint64', 'Uint64'],
  ['bytes', 'Uint8Array'],
]);

const upperFirst = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const lowerFirst = (text) => text.charAt(0).toLowerCase() + text.slice(1);
const camelCase = (text) => lowerFirst(text.split('_').map(upperFirst).join(''));

/** Every member is present: null means an absent message, a choice that is not taken, or an optional number that is not given. */
function memberType(field) {
  const scalar = scalarTypes.get(field.type);
  const isEnumeration = field.resolvedType !== null && 'values' in field.resolvedType;
  const type = isEnumeration ? 'number' : (scalar ?? field.type);
  if (field.repeated) return `readonly ${type}[]`;
  const isMessage = scalar === undefined && !isEnumeration;
  return isMessage || field.hasPresence ? `${type} | null` : type;
}

function messageText(type) {
  const members = type.fieldsArray.map((field) => `  readonly ${field.name}: ${memberType(field.resolve())};`);
  if (members.length === 0) return `export type ${type.name} = Readonly<Record<string, never>>;\n`;
  return `export interface ${type.name} {\n${members.join('\n')}\n}\n`;
}

function enumerationText(enumeration) {
  const prefix = `${enumeration.name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}_`;
  const values = Object.entries(enumeration.values).map(([name, value]) => {
    if (!name.startsWith(prefix)) throw new Error(`${name} does not begin with ${prefix}.`);
    return `  ${camelCase(name.slice(prefix.length).toLowerCase())}: ${value},`;
  });
  return `export const ${lowerFirst(enumeration.name)} = {\n${values.join('\n')}\n} as const;\n`;
}

/** The text of `pack-format.ts` for a schema in the language of protobuf. */
export function packFormatText(proto) {
  const require = createRequire(packs);
  const { root, package: packageName } = require('protobufjs').parse(proto);
  const { nestedArray } = root.resolveAll().lookup(packageName);
  const enumerations = nestedArray.filter((entry) => 'values' in entry);
  const messages = nestedArray.filter((entry) => 'fieldsArray' in entry);
  return [
    '// Written by tools/pack-format.mjs from mapping-pack.proto.',
    '// biome-ignore-all format: written by a tool',
    '',
    '/** What a reader makes of a 64-bit number. */',
    'export type Uint64 = number | { toNumber(): number };',
    '',
    `export const packageName = '${packageName}';`,
    '',
    ...enumerations.map(enumerationText),
    ...messages.map(messageText),
    '/** The schema as protobufjs reads it. */',
    `export const packSchema = ${JSON.stringify(root.toJSON(), undefined, 1)};`,
    '',
  ].join('\n');
}

function main() {
  const text = packFormatText(readFileSync(protoFile, 'utf8'));
  if (readFileSync(packFormatFile, 'utf8') === text) return;
  if (process.argv.includes('--check')) {
    console.error('libs/packs/src/wire/pack-format.ts differs. Run: node tools/pack-format.mjs');
    process.exitCode = 1;
    return;
  }
  writeFileSync(packFormatFile, text);
  console.log('wrote libs/packs/src/wire/pack-format.ts');
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
