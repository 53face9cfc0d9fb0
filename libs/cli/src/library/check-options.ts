import { alternatives, type Diagnostic, diagnostic, failIfAny } from '@dms/diagnostics';
import * as z from 'zod/mini';
import { type LibraryFunction, type LibraryOption, libraryOptions } from './library-options.ts';

/* The options of the library are checked for programs that no compiler has checked. */

const pointer = (path: readonly PropertyKey[]) => path.map((part) => `/${String(part)}`).join('');

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) => (inner as Readonly<Record<PropertyKey, unknown>> | undefined)?.[part],
    value,
  );
}

const wrong = (path: readonly PropertyKey[], text: string): Diagnostic =>
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

/**
 * Refuses options that the command line would refuse too. Throws `OPTION_INVALID` with everything that is wrong with
 * them.
 */
export function checkOptions(name: LibraryFunction, given: unknown): void {
  const options = libraryOptions(name);
  const shape = Object.fromEntries(Object.entries(options).map(([option, { schema }]) => [option, schema]));
  const issues = z.strictObject(shape).safeParse(given).error?.issues ?? [];
  failIfAny(issues.flatMap((issue) => problems(issue, given, options)));
}

/** The same for the only argument of a function that takes a path. */
export function checkPath(given: unknown, what: string): void {
  if (typeof given !== 'string' || given === '') failIfAny([wrong([], `The argument must be ${what}.`)]);
}
