import { types } from 'node:util';
import {
  defaultMappingVersion,
  emit,
  factsOf,
  hash,
  type Operation,
  type Shape,
  subjectShape,
  translate,
} from '@dms/operations';
import * as z from 'zod/mini';

/*
 * The options of the functions of the library: those of an operation, without those for the command line only. The
 * published types in `src/index.ts` are generated from them (`npm run generate`).
 */

/** An operation that a function of the library runs. */
interface LibraryOperation {
  readonly operation: Pick<Operation, 'worksOn' | 'arguments' | 'options'>;
  /** Options that are required in the library, because a program has no `dms.json` for them. */
  readonly needed: readonly string[];
  /** Options left out, because another function of the library replaces them. */
  readonly left: readonly string[];
  /** Whether the function reports its progress. */
  readonly tells: boolean;
}

/** The operations of the library by the name of their function. */
const libraryOperations = {
  emit: { operation: emit, needed: ['output'], left: ['check'], tells: true },
  hash: { operation: hash, needed: [], left: [], tells: false },
  translate: {
    operation: translate,
    needed: ['paths', 'before', 'output'],
    left: ['check', 'list', 'print'],
    tells: true,
  },
} as const satisfies Readonly<Record<string, LibraryOperation>>;

export type LibraryFunction = keyof typeof libraryOperations;

/** An option of a function of the library. */
export interface LibraryOption {
  readonly schema: z.ZodMiniType;
  readonly description: string;
  readonly isNeeded: boolean;
  /** The expected value, as a part of a sentence. */
  readonly expected: string;
  /** The expected entry of a list, as a part of a sentence. */
  readonly expectedEntry?: string | undefined;
  /** Its type in the published declarations, if it does not follow from the schema. */
  readonly type?: string;
}

/** The schema of a path, or of the name of a text. */
const filled = () =>
  z.string().check(
    z.minLength(1),
    z.refine((text) => !text.includes('\0')),
  );

const aSchema =
  'the path of a file or of a folder with one, a pattern of paths, or an object with a name and a content, which is a text or its bytes';

const schemas: LibraryOption = {
  schema: z
    .array(
      z.union([
        filled(),
        z.strictObject({
          name: filled(),
          content: z.union([z.string(), z.custom<Uint8Array>((value) => types.isUint8Array(value))]),
        }),
      ]),
    )
    .check(z.minLength(1)),
  description: 'the core and its extensions, in any order',
  isNeeded: true,
  expected: 'a list with at least one ApiSchema',
  expectedEntry: aSchema,
  type: 'readonly Schema[]',
};

const onProgress: LibraryOption = {
  schema: z.optional(z.custom((value) => typeof value === 'function')),
  description: 'called with the name of each part of the work before it starts',
  isNeeded: false,
  expected: 'a function',
  type: '(part: string) => void',
};

/** Descriptions of options that differ from those of the command line: a program has no `dms.json`. */
const descriptions: Readonly<Record<string, string>> = {
  dialects: 'the database systems to compile for; all of them unless given',
  paths: 'the files or folders with documents that load reads',
  after: 'artifacts of the schemas that they will have; those of before unless given',
  translation: 'translations that come with the product, or files; later ones take precedence',
  rename:
    'renames of a Project, Project:Resource or Project:Resource.$.path, as before=after with full names on both sides',
  schemaChecks: 'whether documents are checked against the JSON schemas of the later resources; true unless given',
  mappingVersion: `the generation of the mapping that turns the schemas into a database; ${defaultMappingVersion} unless given`,
};

/** An option of the command line in the form of the library. */
function ofOption(name: string, option: z.ZodMiniType, isNeeded: boolean): LibraryOption {
  const { description: ofCommand, metavariable, choices, words = choices } = factsOf(option);
  const description = descriptions[name] ?? ofCommand;
  const inner = (option instanceof z.ZodMiniOptional ? option._zod.def.innerType : option) as z.ZodMiniType;
  const common = { schema: isNeeded ? inner : option, description, isNeeded };
  if (words === undefined)
    return { ...common, expected: metavariable === undefined ? 'true or false' : `a text (${description})` };
  const one = `one of: ${words.join(', ')}`;
  return inner instanceof z.ZodMiniArray
    ? { ...common, expected: `a list with at least ${one}`, expectedEntry: one }
    : { ...common, expected: one };
}

/** The options of a function of the library. */
export function libraryOptions(name: LibraryFunction): Readonly<Record<string, LibraryOption>> {
  const { operation, needed, left, tells }: LibraryOperation = libraryOperations[name];
  const { schema, dialect, ...subject }: Shape = subjectShape(operation.worksOn);
  const shape: Shape = {
    ...operation.arguments,
    ...subject,
    ...(dialect === undefined ? {} : { dialects: dialect }),
    ...operation.options,
  };
  const own = Object.entries(shape).filter(([option]) => !left.includes(option));
  return {
    ...(schema === undefined ? {} : { schemas }),
    ...Object.fromEntries(own.map(([option, schema]) => [option, ofOption(option, schema, needed.includes(option))])),
    ...(tells ? { onProgress } : {}),
  };
}
