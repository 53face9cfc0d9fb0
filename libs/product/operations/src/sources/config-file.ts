import {
  counted,
  type Diagnostic,
  DmsError,
  diagnostic,
  firstOf,
  listOfNames,
  listWith,
  meantNames,
  nearNames,
} from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { decodeUtf8, groupBy, parseJson } from '@dms/values';
import * as z from 'zod/mini';

/** The value of a configuration file, or its errors: `CONFIG_INVALID`. Never throws for a user's mistake. */
export function configValue(
  bytes: Uint8Array,
  file: string,
): { readonly value: unknown } | { readonly diagnostics: Diagnostic[] } {
  try {
    const text = decodeUtf8(bytes, file);
    // the strict parser finds mistakes that `JSON.parse` overlooks; the plain values of `JSON.parse` are easier to
    // check
    parseJson(text, file);
    return { value: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    return {
      diagnostics: error.diagnostics.map(({ message, where, details }) =>
        diagnostic('CONFIG_INVALID', message, where, details),
      ),
    };
  }
}

/** A checked value: its place, and its name in messages if it is the whole file. */
interface ConfigPlace {
  readonly file: string;
  /** The JSON pointer of the value; empty for the whole file. */
  readonly pointer: string;
  readonly title: string;
  readonly value: unknown;
  /** The members of the object at a pointer inside the value; `*` stands for a position. */
  readonly membersAt: (pointer: string) => readonly string[];
}

/** A mistake at one place of a list, or outside of lists. */
export interface PlacedMistake {
  /** Equal for mistakes of one kind in several entries of a list. */
  readonly kind: string;
  /** Where it is, for messages. */
  readonly place: string;
  readonly diagnostic: Diagnostic;
}

const mostPlaces = 2;

/** One diagnostic for mistakes of one kind: that of the first, with the places of the others. */
export function onePerKind(mistakes: readonly PlacedMistake[]): Diagnostic[] {
  return [...groupBy(mistakes, ({ kind }) => kind).values()].map(([first, ...others]) => {
    const { diagnostic: entry } = mustExist(first, 'a mistake');
    if (others.length === 0) return entry;
    const places = others.map(({ place }) => place);
    const shown = firstOf(places, mostPlaces, String, (count) => counted(count, 'more place'));
    const message = `${entry.message} The same mistake is in ${listWith('and', shown)}.`;
    return { ...entry, message, details: { ...entry.details, places } };
  });
}

/** Whether an object lacks one of several members, by the parameters of the check. */
const isLack = (issue: z.core.$ZodIssue): boolean => issue.code === 'custom' && issue.params?.lacks === true;

/**
 * The mistakes in a value, one diagnostic for each kind: `CONFIG_INVALID`, `CONFIG_MEMBER_UNKNOWN`. What an object lacks
 * beside an unknown member is part of the message about that member.
 */
export function configDiagnostics(issues: readonly z.core.$ZodIssue[], place: ConfigPlace): Diagnostic[] {
  const { file, pointer, membersAt } = place;
  const { objects, meant } = unknownMembers(issues, membersAt);
  /** What objects lack as a whole, such as one of several members. */
  const lacks = new Map<string, string>();
  for (const issue of issues) if (isLack(issue)) lacks.set(jsonPointer(issue.path), issue.message);
  const mistakes = new Map<string, PlacedMistake>();
  const report = (path: readonly PropertyKey[], text: string, entry: Diagnostic) => {
    const general = path.map((name) => (typeof name === 'number' ? '*' : name));
    const mistake = {
      kind: `${jsonPointer(general)} ${text}`,
      place: `${pointer}${jsonPointer(path)}`,
      diagnostic: entry,
    };
    // a format may report one value twice
    const key = `${mistake.kind}\n${mistake.place}`;
    if (!mistakes.has(key)) mistakes.set(key, mistake);
  };
  for (const issue of issues) {
    const at = jsonPointer(issue.path);
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        const where = `${pointer}${at}${jsonPointer([key])}`;
        report([...issue.path, key], '', unknownKey(key, where, membersAt(at), file, lacks.get(at)));
      }
      continue;
    }
    const isAbsent = valueAt(place.value, issue.path) === undefined;
    if (isLack(issue) ? objects.has(at) : isAbsent && meant.has(at)) continue;
    const { expected, entry } = wrongValue(issue, place, isAbsent);
    report(issue.path, expected, entry);
  }
  return onePerKind([...mistakes.values()]);
}

/** The objects with unknown members, and the known members that these most likely mean, as JSON pointers. */
function unknownMembers(issues: readonly z.core.$ZodIssue[], membersAt: ConfigPlace['membersAt']) {
  const objects = new Set<string>();
  const meant = new Set<string>();
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const at = jsonPointer(issue.path);
    objects.add(at);
    for (const key of issue.keys) {
      const [member] = membersMeant(key, membersAt(at));
      if (member !== undefined) meant.add(jsonPointer([...issue.path, member]));
    }
  }
  return { objects, meant };
}

/** `CONFIG_INVALID` for a value that is missing or has another form, and the expected form. */
function wrongValue(issue: z.core.$ZodIssue, { file, pointer, title }: ConfigPlace, isAbsent: boolean) {
  const where = { file, path: `${pointer}${jsonPointer(issue.path)}` };
  const subject = where.path === '' ? title : where.path;
  // only a wrong key of labels has nested issues
  const nested = 'issues' in issue && issue.code === 'invalid_key';
  const expected = nested
    ? mustExist(issue.issues[0], `what is wrong with a key of ${subject}`).message
    : issue.message;
  const fault = isAbsent ? `is missing; expected ${expected}.` : `must be ${expected}; correct it.`;
  return { expected, entry: diagnostic('CONFIG_INVALID', `${subject} ${fault}`, where, { expected }) };
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce(
    (parent, name) =>
      typeof parent === 'object' && parent !== null
        ? (parent as Readonly<Record<PropertyKey, unknown>>)[name]
        : undefined,
    value,
  );

/** Names that users know from elsewhere, with the member that each means. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['connection', 'target'],
  ['connectionstring', 'target'],
  ['url', 'target'],
  ['connectionenv', 'env'],
  ['connectionfile', 'file'],
]);

/** The known members that an unknown one can mean, the most similar first. */
function membersMeant(key: string, known: readonly string[]): readonly string[] {
  const other = otherNames.get(key.toLowerCase());
  if (other !== undefined && known.includes(other)) return [other];
  const near = nearNames(key, known);
  // a member for editors is meant least
  const isForEditors = (name: string) => name.startsWith('$') && !key.startsWith('$');
  return [...near.filter((name) => !isForEditors(name)), ...near.filter(isForEditors)];
}

/** The JSON pointer of a member. */
export function jsonPointer(names: readonly PropertyKey[]): string {
  return names.map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * `CONFIG_MEMBER_UNKNOWN` for an unknown member, which suggests the most similar known member, or lists all if none is
 * similar.
 *
 * @param lacking the expected form of its object, if it lacks something
 */
export function unknownKey(
  key: string,
  pointer: string,
  known: readonly string[],
  file: string,
  lacking?: string,
): Diagnostic {
  const nearest = membersMeant(key, known)[0] ?? null;
  const members = known.length === 1 ? 'the only known member is' : 'the known members are';
  const expected = lacking === undefined ? `; ${members} ${listOfNames(known)}.` : `; expected ${lacking}.`;
  const [hint, remedy] = nearest === null ? [expected, 'Remove it.'] : [meantNames([nearest]), 'Correct or remove it.'];
  const advice = lacking === undefined ? remedy : 'Correct it.';
  return diagnostic(
    'CONFIG_MEMBER_UNKNOWN',
    `${pointer} is unknown${hint} ${advice}`,
    { file, path: pointer },
    { nearest },
  );
}

/** A member with its description for editors. */
export function described<Schema extends z.ZodMiniType>(
  schema: Schema,
  description: string,
  more: Readonly<Record<string, unknown>> = {},
): Schema {
  z.globalRegistry.add(schema, { description, ...more });
  return schema;
}

/** A text that is not empty; `error` is the expected form in messages. */
export const filled = (error: string) =>
  z.string({ error }).check(
    z.minLength(1, { error }),
    z.refine((text) => !text.includes('\0'), { error: `${error}, without the character U+0000` }),
  );

/** An object that may have a comment; `error` is the expected form in messages. */
export const commented = <const Members extends z.core.$ZodLooseShape>(members: Members, error: string) =>
  z.strictObject({ $comment: z.optional(z.unknown()), ...members }, { error });

/** The top-level member that names the JSON schema of the file. */
export const $schema = z.optional(
  described(z.string({ error: 'a text' }), 'The JSON schema with which an editor checks this file.'),
);

const connectionText = (description: string) => z.optional(described(filled('a text that is not empty'), description));

/** The members that can hold a connection; exactly one is needed (design 09 §1.1). */
export const databaseMembers = {
  env: connectionText('Name of an environment variable that holds the connection text.'),
  file: connectionText('File that holds the connection text, relative to the workspace.'),
  target: connectionText('The connection text itself, without a password.'),
};

/** The expected form of an entry, for messages. */
export const oneDatabase = 'an object with one of "env", "file" and "target"';

/** Names a connection by one of these: a variable, a file relative to the workspace, or the text itself. */
export interface DatabaseEntry {
  readonly env?: string | undefined;
  readonly file?: string | undefined;
  readonly target?: string | undefined;
}

/** How many of the members are given. */
const placesOf = ({ env, file, target }: DatabaseEntry): number =>
  [env, file, target].filter((text) => text !== undefined).length;

/** The checks that exactly one of the members is given; `error` is the expected form in messages. */
export const onePlace = (error: string) =>
  [
    z.refine<DatabaseEntry>((entry) => placesOf(entry) > 0, { error, params: { lacks: true } }),
    z.refine<DatabaseEntry>((entry) => placesOf(entry) < 2, { error }),
  ] as const;

/** The format of an entry with only a connection. */
export const databaseEntry = (description: string) =>
  described(commented(databaseMembers, oneDatabase).check(...onePlace(oneDatabase)), description);
