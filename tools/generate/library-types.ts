import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { dialects, mappingVersions } from '@dms/operations';
import * as z from 'zod/mini';
import {
  type LibraryFunction,
  type LibraryOption,
  libraryOptions,
} from '../../libs/product/cli/src/library/library-options.ts';

/*
 * Generates the options of the library as types, in the one file whose declarations are published. They are written out
 * there, because declarations that referred to the operations would refer to the whole workspace.
 */

const file = 'libs/product/cli/src/index.ts';
const root = fileURLToPath(new URL('../..', import.meta.url));
const block = /(?<=^\/\/ begin: .*\n)[\s\S]*?(?=^\/\/ end$)/m;

const union = (values: readonly string[]) => values.map((value) => `'${value}'`).join(' | ');

interface TypeSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: TypeSchema;
}

/** The type of a value that a JSON schema describes. */
function typeText({ type, enum: values, items }: TypeSchema): string {
  if (values !== undefined) return union(values);
  if (type === 'array' && items !== undefined) return `readonly (${typeText(items)})[]`;
  if (type === 'string' || type === 'boolean') return type;
  throw new Error(`There is no type for an option that is ${JSON.stringify(type)}.`);
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function member(name: string, { schema, description, isNeeded, type }: LibraryOption): string {
  const inner = schema instanceof z.ZodMiniOptional ? schema._zod.def.innerType : schema;
  const text = type ?? typeText(z.toJSONSchema(inner) as TypeSchema);
  const optional = isNeeded ? '' : '?';
  return `/** ${sentence(description)} */\nreadonly ${name}${optional}: ${isNeeded ? text : `(${text}) | undefined`};`;
}

function optionTypes(interfaceName: string, text: string, name: LibraryFunction): string {
  const members = Object.entries(libraryOptions(name)).map(([option, facts]) => member(option, facts));
  return `/** ${text} */\nexport interface ${interfaceName} {\n${members.join('\n')}\n}`;
}

/** `src/index.ts` of the library with its generated types: an unformatted text by path. */
export function libraryFiles(): Readonly<Record<string, string>> {
  const types = [
    `/** A database system to compile for. */\nexport type Dialect = ${union(dialects)};`,
    `/** A generation of the mapping (docs/design/15-second-generation-model.md). */\nexport type MappingVersion = ${union(mappingVersions)};`,
    `/** An ApiSchema: the path of its file, or a text in memory with a name for messages. */\nexport type Schema = string | { readonly name: string; readonly content: string | Uint8Array };`,
    optionTypes('SchemaOptions', 'The options of `hash`.', 'hash'),
    optionTypes('EmitOptions', 'The options of `emit` and `check`.', 'emit'),
    optionTypes('TranslateOptions', 'The options of `translate`.', 'translate'),
  ];
  const text = readFileSync(path.join(root, file), 'utf8');
  if (!block.test(text)) throw new Error(`${file} has no place for generated types.`);
  return { [file]: text.replace(block, () => `${types.join('\n\n')}\n`) };
}
