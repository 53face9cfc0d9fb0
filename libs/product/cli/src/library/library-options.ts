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
 * What a program gives the functions of the library: the options of an operation, but for what only a command line has.
 * The published types in `src/index.ts` follow from the same (`npm run generate`).
 */

/** An operation that a function of the library runs. */
interface LibraryOperation {
  readonly operation: Pick<Operation, 'worksOn' | 'arguments' | 'options'>;
  /** Options that a program must give, because it has no `dms.json` that could give them. */
  readonly needed: readonly string[];
  /** Options that another function of the library stands for. */
  readonly left: readonly string[];
  /** Whether the function tells how far it is. */
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
  /** What it must be, as a part of a sentence. */
  readonly expected: string;
  /** The same for an entry of a list. */
  readonly expectedEntry?: string | undefined;
  /** Its type in the published declarations, where it does not follow from the schema. */
  readonly type?: string;
}

/** A path, or the name of a text. */
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

/** What is said of options where the command line says more: a program has no `dms.json`. */
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

/** The same option as a program gives it. */
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
