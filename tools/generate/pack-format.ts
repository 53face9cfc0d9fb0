import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Enum, Field, IParserResult, Namespace, ReflectionObject, Type } from 'protobufjs';

/*
 * `libs/compiler/packs/src/wire/pack-format.ts` is generated from the published
 * `libs/compiler/packs/mapping-pack.proto`: the messages as types, the enumerations as values, and the schema in a form
 * that protobufjs reads without its parser.
 */

const packs = new URL('../../libs/compiler/packs/', import.meta.url);
// protobufjs is CommonJS, and a dependency of the package `packs`
const protobuf: { parse(text: string): IParserResult } = createRequire(packs)('protobufjs');

/** The TypeScript types of the scalar types that the schema uses. */
const scalarTypes = new Map([
  ['string', 'string'],
  ['bool', 'boolean'],
  ['uint32', 'number'],
  ['uint64', 'Uint64'],
  ['bytes', 'Uint8Array'],
]);

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const camelCase = (text: string) => lowerFirst(text.split('_').map(upperFirst).join(''));

/** The name of a message's type. `Message` keeps it apart from the model's type of the same name. */
const messageName = (name: string) => `${name}Message`;

/**
 * The type of a member. Every member is present: null means an absent message, a choice that is not taken, or an
 * optional number that is not given.
 */
function memberType(field: Field): string {
  const scalar = scalarTypes.get(field.type);
  const isNumber = field.resolvedType !== null && isEnumeration(field.resolvedType);
  const type = isNumber ? 'number' : (scalar ?? messageName(field.type));
  if (field.repeated) return `readonly ${type}[]`;
  const isOfMessage = scalar === undefined && !isNumber;
  return isOfMessage || field.hasPresence ? `${type} | null` : type;
}

function messageText(type: Type): string {
  const members = type.fieldsArray.map((field) => `  readonly ${field.name}: ${memberType(field.resolve())};`);
  if (members.length === 0) return `export type ${messageName(type.name)} = Readonly<Record<string, never>>;\n`;
  return `export interface ${messageName(type.name)} {\n${members.join('\n')}\n}\n`;
}

function enumerationText(enumeration: Enum): string {
  const prefix = `${enumeration.name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}_`;
  const values = Object.entries(enumeration.values).map(([name, value]) => {
    if (!name.startsWith(prefix)) throw new Error(`${name} does not begin with ${prefix}.`);
    return `  ${camelCase(name.slice(prefix.length).toLowerCase())}: ${value},`;
  });
  return `export const ${lowerFirst(enumeration.name)} = {\n${values.join('\n')}\n} as const;\n`;
}

/** The maximum length of a line of the schema. */
const longestLine = 160;

/** A part of the schema as text: on one line if that is short enough, otherwise a line for each member. */
function schemaText(part: unknown, name = '', indent = ''): string {
  const line = `${name}${JSON.stringify(part, undefined, 1).replace(/\n */g, ' ')}`;
  const isList = Array.isArray(part);
  if (typeof part !== 'object' || part === null || indent.length + line.length <= longestLine) return line;
  const members = Object.entries(part).map(([key, member]) =>
    schemaText(member, isList ? '' : `${JSON.stringify(key)}: `, `${indent} `),
  );
  const [open, close] = isList ? '[]' : '{}';
  return `${name}${open}\n${members.map((text) => `${indent} ${text}`).join(',\n')}\n${indent}${close}`;
}

const isEnumeration = (entry: ReflectionObject): entry is Enum => 'values' in entry;
const isMessage = (entry: ReflectionObject): entry is Type => 'fieldsArray' in entry;

/** The text of `pack-format.ts` for a schema in the language of protobuf. */
export function packFormatText(proto: string): string {
  const { root, package: packageName = '' } = protobuf.parse(proto);
  const { nestedArray } = root.resolveAll().lookup(packageName) as Namespace;
  const enumerations = nestedArray.filter(isEnumeration);
  const messages = nestedArray.filter(isMessage);
  return [
    '// Written by npm run generate from mapping-pack.proto.',
    '// biome-ignore-all format: written by a tool',
    '',
    '/** A 64-bit number as a reader returns it. */',
    'export type Uint64 = number | { toNumber(): number };',
    '',
    `export const packageName = '${packageName}';`,
    '',
    ...enumerations.map(enumerationText),
    ...messages.map(messageText),
    '/** The schema as protobufjs reads it. */',
    `export const packSchema = ${schemaText(root.toJSON())};`,
    '',
  ].join('\n');
}

/** The text of `pack-format.ts`, by path. */
export function packFormatFiles(): Readonly<Record<string, string>> {
  const proto = readFileSync(fileURLToPath(new URL('mapping-pack.proto', packs)), 'utf8');
  return { 'libs/compiler/packs/src/wire/pack-format.ts': packFormatText(proto) };
}
