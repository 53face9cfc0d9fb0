import { alternatives, type Diagnostic, diagnostic, failIfAny } from '@dms/diagnostics';
import { holdsConnection } from '@dms/operations';
import { cachedByObject } from '@dms/values';
import * as z from 'zod/mini';
import { type LibraryFunction, type LibraryOption, libraryOptions } from './library-options.ts';

/* The options of the library are checked at run time for programs without a compiler. */

const pointer = (path: readonly PropertyKey[]) => path.map((part) => `/${String(part)}`).join('');

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) => (inner as Readonly<Record<PropertyKey, unknown>> | undefined)?.[part],
    value,
  );
}

export const wrong = (path: readonly PropertyKey[], text: string): Diagnostic =>
  diagnostic('OPTION_INVALID', text, { path: pointer(path) });

function problems(
  issue: z.core.$ZodIssue,
  given: unknown,
  options: Readonly<Record<string, LibraryOption>>,
): Diagnostic[] {
  const { path } = issue;
  const [name, ...rest] = path;
  if (name === undefined && issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      wrong([key], `There is no option ${JSON.stringify(key)}${alternatives(key, Object.keys(options))}`),
    );
  const option = options[String(name)];
  if (option === undefined) return [wrong(path, 'The options must be an object.')];
  const value = valueAt(given, path);
  const text = `The option ${pointer(path)}`;
  const expected = (rest.length === 0 ? undefined : option.expectedEntry) ?? option.expected;
  if (value === undefined) return [wrong(path, `${text} must be given: ${expected}.`)];
  const said = typeof value === 'string' ? ` ${JSON.stringify(value)}` : '';
  return [wrong(path, `${text}${said} must be ${expected}.`)];
}

/** Refuses connections and passwords in options: no function accepts one, and messages show the texts of options. */
function misplacedConnections(given: unknown, path: readonly PropertyKey[]): Diagnostic[] {
  if (typeof given === 'string') {
    if (!holdsConnection(given)) return [];
    const place = path.length === 0 ? 'The argument' : `The option ${pointer(path)}`;
    return [wrong(path, `${place} has a connection or a password, which does not belong there.`)];
  }
  if (Array.isArray(given)) return given.flatMap((each, index) => misplacedConnections(each, [...path, index]));
  // the names and contents of schemas are not paths
  if (path.length > 0 || typeof given !== 'object' || given === null) return [];
  return Object.entries(given).flatMap(([name, each]) => misplacedConnections(each, [name]));
}

/** Refuses options that the command line would refuse too. Throws `OPTION_INVALID` with all errors of the options. */
export function checkOptions(name: LibraryFunction, given: unknown): void {
  checkGiven(libraryOptions(name), given);
}

/** The schema of options, which is compiled when it is used first. */
const schemaOf = cachedByObject((options: Readonly<Record<string, LibraryOption>>) =>
  z.strictObject(Object.fromEntries(Object.entries(options).map(([option, { schema }]) => [option, schema]))),
);

/** Checks options at run time. Throws `OPTION_INVALID` with all their errors. */
export function checkGiven(options: Readonly<Record<string, LibraryOption>>, given: unknown): void {
  failIfAny(misplacedConnections(given, []));
  const issues = schemaOf(options).safeParse(given).error?.issues ?? [];
  failIfAny(issues.flatMap((issue) => problems(issue, given, options)));
}

/** Checks the only argument of a function that takes a path, in the same way. */
export function checkPath(given: unknown, what: string): void {
  failIfAny(misplacedConnections(given, []));
  if (typeof given !== 'string' || given === '' || given.includes('\0'))
    failIfAny([wrong([], `The argument must be ${what}.`)]);
}
