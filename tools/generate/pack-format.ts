import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Enum, Field, IParserResult, Namespace, ReflectionObject, Type } from 'protobufjs';

/*
 * `libs/compiler/packs/src/wire/pack-format.ts` is generated from the published
 * `libs/compiler/packs/mapping-pack.proto`: the enumerations as values, and the fields of messages, from which the
 * schema of protobufjs (`codec.ts`) and the types of messages (`message.ts`) follow.
 */

const packs = new URL('../../libs/compiler/packs/', import.meta.url);
// protobufjs is CommonJS, and a dependency of the package `packs`
const protobuf: { parse(text: string): IParserResult } = createRequire(packs)('protobufjs');

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const camelCase = (text: string) => lowerFirst(text.split('_').map(upperFirst).join(''));

function enumerationText(enumeration: Enum): string {
  const prefix = `${enumeration.name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}_`;
  const values = Object.entries(enumeration.values).map(([name, value]) => {
    if (!name.startsWith(prefix)) throw new Error(`${name} does not begin with ${prefix}.`);
    return `  ${camelCase(name.slice(prefix.length).toLowerCase())}: ${value},`;
  });
  return `export const ${lowerFirst(enumeration.name)} = {\n${values.join('\n')}\n} as const;\n`;
}

/** A field as its label, type and number: `string 1`, `repeated QueryFieldPath 3`. Enumerations are numbers. */
function fieldText(field: Field): string {
  const { name, type, id, repeated, partOf } = field.resolve();
  const label = repeated ? 'repeated ' : !partOf ? '' : partOf.name === `_${name}` ? 'optional ' : 'choice ';
  return `${name}: '${label}${field.resolvedType && isEnumeration(field.resolvedType) ? 'int32' : type} ${id}'`;
}

const longestLine = 120;

/** A message as its fields: on one line if that is short enough, otherwise filled lines. */
function messageText({ name, fieldsArray, oneofsArray }: Type): string {
  if (oneofsArray.filter((choice) => !choice.name.startsWith('_')).length > 1)
    throw new Error(`${name} has more than one choice.`);
  const lines = [''];
  for (const text of fieldsArray.map(fieldText)) {
    const line = lines.pop() ?? '';
    if (line === '') lines.push(`${text},`);
    else if (line.length + text.length + 6 <= longestLine) lines.push(`${line} ${text},`);
    else lines.push(line, `${text},`);
  }
  const body =
    lines.length === 1 ? `{ ${lines[0]?.slice(0, -1)} }` : `{\n${lines.map((line) => `    ${line}\n`).join('')}  }`;
  return `  ${name}: ${fieldsArray.length === 0 ? '{}' : body},\n`;
}

const isEnumeration = (entry: ReflectionObject): entry is Enum => 'values' in entry;
const isMessage = (entry: ReflectionObject): entry is Type => 'fieldsArray' in entry;

/** The text of `pack-format.ts` for a schema in the language of protobuf. */
export function packFormatText(proto: string): string {
  const { root, package: packageName = '' } = protobuf.parse(proto);
  const entries = root.lookup(packageName) as Namespace;
  return [
    '// Written by npm run generate from mapping-pack.proto.',
    '// biome-ignore-all format: written by a tool',
    '',
    ...entries.nestedArray.filter(isEnumeration).map(enumerationText),
    '/** The fields of each message, with label, type and number. */',
    `export const packMessages = {\n${entries.nestedArray.filter(isMessage).map(messageText).join('')}} as const;`,
    '',
  ].join('\n');
}

/** The text of `pack-format.ts`, by path. */
export function packFormatFiles(): Readonly<Record<string, string>> {
  const proto = readFileSync(fileURLToPath(new URL('mapping-pack.proto', packs)), 'utf8');
  return { 'libs/compiler/packs/src/wire/pack-format.ts': packFormatText(proto) };
}
