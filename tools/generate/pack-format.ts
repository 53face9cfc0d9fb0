import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Enum, IParserResult, Namespace, ReflectionObject } from 'protobufjs';

/*
 * `libs/compiler/packs/src/wire/pack-format.ts` is generated from the published
 * `libs/compiler/packs/mapping-pack.proto`: the enumerations as values, and the schema in a form that protobufjs reads
 * without its parser. The types of messages follow from the schema (`message.ts`).
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

/** The text of `pack-format.ts` for a schema in the language of protobuf. */
export function packFormatText(proto: string): string {
  const { root, package: packageName = '' } = protobuf.parse(proto);
  const entries = root.lookup(packageName) as Namespace;
  return [
    '// Written by npm run generate from mapping-pack.proto.',
    '// biome-ignore-all format: written by a tool',
    '',
    ...entries.nestedArray.filter(isEnumeration).map(enumerationText),
    '/** The schema as protobufjs reads it, without the name of its package, which no byte depends on. */',
    `export const packSchema = ${schemaText(entries.toJSON())} as const;`,
    '',
  ].join('\n');
}

/** The text of `pack-format.ts`, by path. */
export function packFormatFiles(): Readonly<Record<string, string>> {
  const proto = readFileSync(fileURLToPath(new URL('mapping-pack.proto', packs)), 'utf8');
  return { 'libs/compiler/packs/src/wire/pack-format.ts': packFormatText(proto) };
}
