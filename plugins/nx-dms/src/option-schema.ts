import { factsOf, type Shape, type TaskFacts } from '@dms/operations';
import * as z from 'zod/mini';

/*
 * Shapes of zod for the options of executors and generators: both their types and the `schema.json` with which Nx
 * checks them are derived from the shapes.
 */

/** Facts about an option that Nx and its editors show, besides its type. */
const optionNotes = z.registry<Readonly<Record<string, unknown>>>();

export function noted<Schema extends z.ZodMiniType>(schema: Schema, notes: Readonly<Record<string, unknown>>): Schema {
  optionNotes.add(schema, notes);
  return schema;
}

/** A text that is not empty, such as a path. */
export const filled = () =>
  z.string().check(
    z.minLength(1),
    z.refine((text) => !text.includes('\0'), { error: 'It must not hold the character U+0000.' }),
  );

/** The presentation of an executor or generator in Nx, with its options. */
export interface NxPresentation extends TaskFacts {
  readonly options: Shape;
  /** Whether an executor can also run many tasks at once. */
  readonly isBatched?: boolean;
}

/** The order of the members of an option. */
const order = ['type', 'pattern', 'enum', 'minLength', 'items', 'oneOf', 'default', 'description'];
const rank = (member: string) => (order.includes(member) ? order.indexOf(member) : order.length);

/** A description of the command line as a sentence. */
export const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** An option in the form of Nx. */
function describeOption(option: z.ZodMiniType): Readonly<Record<string, unknown>> {
  const inner = option instanceof z.ZodMiniOptional ? option._zod.def.innerType : option;
  const { $schema: _, ...type } = z.toJSONSchema(inner);
  const notes = optionNotes.get(inner) ?? { description: sentence(factsOf(option).description) };
  return Object.fromEntries(Object.entries({ ...type, ...notes }).sort(([left], [right]) => rank(left) - rank(right)));
}

/** The `schema.json` of an executor or generator; `head` has the members that only one of the two has. */
export function optionSchema(
  head: Readonly<Record<string, unknown>>,
  { title, description, options, examples }: NxPresentation,
): Readonly<Record<string, unknown>> {
  const all = Object.entries(options);
  const required = all.flatMap(([name, option]) => (option instanceof z.ZodMiniOptional ? [] : [name]));
  return {
    $schema: 'https://json-schema.org/schema',
    ...head,
    title,
    description,
    type: 'object',
    properties: Object.fromEntries(all.map(([name, option]) => [name, describeOption(option)])),
    examples: Object.entries(examples).map(([command, text]) => ({ command, description: text })),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}
