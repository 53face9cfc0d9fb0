import { dialects, type SqlDialect } from '@dms/sql';
import * as z from 'zod/mini';
import { standardStream } from './command-line.ts';

/**
 * The options of an operation by their names in the code; on the command line `createDatabase` is `--create-database`.
 */
export type Shape = Readonly<Record<string, z.ZodMiniType>>;

/** The groups of options in the help of a command. */
export const optionGroups = ['source', 'database', 'fleet', 'work', 'output'] as const;

export type OptionGroup = (typeof optionGroups)[number];

/** The dialect whose databases alone have a use for an option. */
interface OnlyOn {
  readonly dialect: SqlDialect;
  /** What holds on other dialects, as the end of a sentence about them. */
  readonly elsewhere: string;
}

/** Facts of an option besides its schema. */
export interface OptionFacts {
  readonly description: string;
  /** The placeholder of the value, as `<dir>`; a flag has none. */
  readonly metavariable?: string | undefined;
  readonly group: OptionGroup;
  /** Parses a text of the command line, given the previous values of the option. */
  readonly read?: ((text: string, previous: unknown) => unknown) | undefined;
  readonly choices?: readonly string[] | undefined;
  /** The words that a shell completes, if the help does not list them as choices. */
  readonly words?: readonly string[] | undefined;
  /** The names of options that conflict with it. */
  readonly conflicts?: readonly string[] | undefined;
  /** What must be given with it: at least one option of each list. */
  readonly needs?: readonly (readonly string[])[] | undefined;
  readonly onlyOn?: OnlyOn | undefined;
  /** The values that other options may have beside it, by their names. */
  readonly onlyBeside?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly isRequired?: boolean | undefined;
  readonly default?: unknown;
  /** The default on a fleet, if it is another one. */
  readonly inFleet?: unknown;
  /** The description of the negated form of a flag, if it has one. A flag with only this form has no description. */
  readonly denial?: string | undefined;
  /** Whether a pattern of paths is expanded to the files and folders that match it, as in a shell. */
  readonly isPattern?: boolean | undefined;
  /** Whether the Nx executor has the option too. */
  readonly isOfTask?: boolean | undefined;
  /** The only door with the option, if an operation is both a command and a generator of Nx. */
  readonly door?: 'generator' | undefined;
}

type Further = Partial<
  Pick<OptionFacts, 'group' | 'conflicts' | 'needs' | 'onlyOn' | 'onlyBeside' | 'isOfTask' | 'door'>
>;

const known = new WeakMap<z.core.$ZodType, OptionFacts>();

/** Registers the facts of a schema; the default group of an option is `work`. */
function described<Schema extends z.core.$ZodType>(
  schema: Schema,
  { group = 'work', ...facts }: Omit<OptionFacts, 'group'> & Partial<Pick<OptionFacts, 'group'>>,
): Schema {
  known.set(schema, { group, ...facts });
  return schema;
}

/** The facts of an option. */
export function factsOf(option: z.core.$ZodType): OptionFacts {
  const facts = known.get(option);
  if (facts === undefined) throw new Error('An option lacks its description.');
  return facts;
}

/** The same options, which also need or exclude others. */
export function related<Options extends Shape>(
  options: Options,
  { needs = [], conflicts = [] }: Pick<OptionFacts, 'needs' | 'conflicts'>,
): Options {
  const entries = Object.entries(options).map(([name, option]) => {
    const facts = factsOf(option);
    const all = {
      needs: [...(facts.needs ?? []), ...needs],
      conflicts: [...(facts.conflicts ?? []), ...conflicts],
    };
    return [name, described(option.clone(), { ...facts, ...all })];
  });
  return Object.fromEntries(entries) as Options;
}

/** The name of an option on the command line. */
export const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The negated form of a flag: `--no-schema-checks`. */
export const denialOf = (name: string) => flagOf(name).replace('--', '--no-');

/** The written form of an option, for messages: `--since <version>`. */
export function writtenOption(name: string, option: Shape[string]): string {
  const { description, metavariable } = factsOf(option);
  if (description === '') return denialOf(name);
  return metavariable === undefined ? flagOf(name) : `${flagOf(name)} ${metavariable}`;
}

const named = () =>
  z.string().check(
    z.minLength(1, { error: 'It must not be empty.' }),
    z.refine((text) => !text.includes('\0'), { error: 'It must not hold the character U+0000.' }),
  );

const added = (text: string, previous: unknown): readonly unknown[] => [
  ...((previous as readonly unknown[]) ?? []),
  text,
];

const isWhole = /^-?[0-9]+$/;
const number = (text: string) => (isWhole.test(text) ? Number(text) : Number.NaN);
const integer = () => z.int({ error: 'It must be a whole number.' });

export const flag = (description: string, further: Further = {}) =>
  described(z.optional(z.boolean()), { description, ...further });

/** A flag that is on unless its negated form is given. */
export const usualFlag = (denial: string, further: Further = {}) => eitherFlag('', denial, further);

/** A flag with a positive and a negated form. */
export const eitherFlag = (description: string, denial: string, further: Further = {}) =>
  described(z.optional(z.boolean()), { description, denial, ...further });

/** Makes an option from a metavariable and a description. */
type Builder<Schema extends z.ZodMiniType> = (
  metavariable: string,
  description: string,
  further?: Further,
) => z.ZodMiniOptional<Schema>;

/** Builds options with values of a schema. */
const valued =
  <Schema extends z.ZodMiniType>(schemaOf: () => Schema, facts: Partial<OptionFacts> = {}): Builder<Schema> =>
  (metavariable, description, further = {}) =>
    described(z.optional(schemaOf()), { description, metavariable, ...facts, ...further });

/** A text that may be empty. */
export const possiblyEmptyText = valued(() => z.string());

/** A text or path that must not be empty. */
export const text = valued(named);

/** A text that a pattern accepts. */
export const matchingText = (metavariable: string, description: string, pattern: RegExp, further: Further = {}) =>
  valued(() => z.string().check(z.regex(pattern, { error: `It must match ${pattern.source}.` })))(
    metavariable,
    description,
    further,
  );

/** Like {@link text}, repeatable. */
export const texts = valued(() => z.array(named()), { read: added });

/** Paths; a pattern is expanded to the files and folders that match it, even if the shell does not expand it. */
export const paths = valued(() => z.array(named()), { read: added, isPattern: true });

/** The path of a file; a pattern must match exactly one file. */
export const inputFile = valued(named, { isPattern: true });

const noStream = 'It cannot be the standard output; write ./- for that name.';

/** The path of an output, such as a folder or a page, that cannot go to the standard output. */
export const output = valued(() => named().check(z.refine((value) => value !== standardStream, { error: noStream })), {
  group: 'output',
});

/** The path of an output that goes to the standard output by default. */
export const printedOutput = valued(named, { group: 'output' });

export const choice = <const Values extends readonly string[]>(
  metavariable: string,
  description: string,
  choices: Values,
  further: Further = {},
) => described(z.optional(z.enum(choices)), { description, metavariable, choices, ...further });

const atLeast = (least: number) => integer().check(z.gte(least, { error: `It must be ${least} or more.` }));

/** A whole number from 1. */
export const count = valued(() => atLeast(1), { read: number });

/** The greatest number of seconds: servers and timers count milliseconds in 31 bits. */
const mostSeconds = Math.floor((2 ** 31 - 1) / 1000);

const secondsFrom = (least: number) =>
  atLeast(least).check(z.lte(mostSeconds, { error: `It must be ${mostSeconds} (seconds) or less.` }));

/** A time from 1 second. */
export const seconds = valued(() => secondsFrom(1), { read: number });

/** A time that may be 0 seconds. */
export const secondsOrNone = valued(() => secondsFrom(0), { read: number });

/** A whole number from 0. */
export const whole = valued(() => atLeast(0), { read: number });

export const anyNumber = valued(integer, { read: number });

/** Parses a text of digits as a version; returns any other text unchanged, so that the schema refuses it. */
const readVersion = (text: string) => (/^[0-9]{1,18}$/.test(text) ? BigInt(text) : text);

const versions = { metavariable: '<version>', read: readVersion } as const;

/** A version as a database or an ODS counts its changes. */
export const version = (description: string, further: Further = {}) =>
  described(z.optional(z.bigint({ error: 'It must be a version: a whole number.' })), {
    description,
    ...versions,
    ...further,
  });

/** A version, or `last` for the one that a database has recorded. */
export const versionOrLast = (description: string, further: Further = {}) => {
  const error = "It must be a version, a whole number, or 'last'.";
  return described(z.optional(z.union([z.bigint(), z.literal('last')], { error })), {
    description,
    ...versions,
    ...further,
  });
};

/** A value of another kind, with the function that parses it. */
export const special = <Schema extends z.ZodMiniType>(
  metavariable: string,
  description: string,
  schema: Schema,
  read: (text: string, previous: unknown) => unknown,
  further: Further = {},
) => valued(() => schema, { read })(metavariable, description, further);

const list = (values: readonly string[]) => `It must be one of: ${values.join(', ')}.`;

export const dialect = (description: string) =>
  described(z.optional(z.enum(dialects, { error: list(dialects) })), {
    description,
    metavariable: '<name>',
    group: 'source',
    words: dialects,
  });

const split = (value: string) => value.split(',').map((each) => each.trim());

/** A list of names; `a,b`, `a b` and a repeated option mean the same. */
export const nameList = <const Values extends readonly string[]>(
  metavariable: string,
  description: string,
  words: Values,
  further: Further & { readonly advice?: (value: string) => string | undefined } = {},
) => {
  const { advice, ...facts } = further;
  const entry = z.enum(words, { error: ({ input }) => advice?.(String(input)) ?? list(words) });
  const read: OptionFacts['read'] = (value, previous) => [
    ...new Set([...((previous as readonly string[]) ?? []), ...split(value)]),
  ];
  const names = z.array(entry).check(z.minLength(1, { error: list(words) }));
  return described(z.optional(names), { description, metavariable, words, read, ...facts });
};

/** The dialects of a run. */
export const dialectList = (description: string) =>
  nameList('<name...>', description, dialects, {
    group: 'source',
    advice: (value) => (/[./\\]/.test(value) ? `${list(dialects)} Files stand before the options.` : undefined),
  });

/** An option without which the operation cannot run. */
export function required<Schema extends z.ZodMiniType>(option: z.ZodMiniOptional<Schema>): Schema {
  return described(option._zod.def.innerType, { ...factsOf(option), isRequired: true });
}

/** An option with a default, which may differ on a fleet. */
export function usually<Schema extends z.ZodMiniType>(
  option: z.ZodMiniOptional<Schema>,
  value: z.core.output<Schema>,
  inFleet: z.core.output<Schema> = value,
) {
  return described(z._default(option._zod.def.innerType, value as never), {
    ...factsOf(option),
    default: value,
    inFleet,
  });
}

/** Converts seconds to the milliseconds of databases. */
export const milliseconds = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1000;
