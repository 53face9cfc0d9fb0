import { types } from 'node:util';
import { alternatives, type Diagnostic, diagnostic, failIfAny } from '@dms/diagnostics';
import { dialects, emittedArtifactNames, mappingVersions } from '@dms/operations';
import * as z from 'zod/mini';

/*
 * The formats of the options of the library, for programs that no compiler has checked. The `error` of a format says in
 * a message what was expected.
 */

const textFormat = (error: string) => z.string({ error }).check(z.minLength(1, { error }));

const schemaEntry = 'the path of a file, or an object with a name and a content, which is a text or its bytes';
const schema = z.union(
  [
    textFormat(schemaEntry),
    z.strictObject({
      name: textFormat(schemaEntry),
      content: z.union([z.string(), z.custom<Uint8Array>((value) => types.isUint8Array(value))]),
    }),
  ],
  { error: schemaEntry },
);

const schemaList = 'a list with at least one ApiSchema';
const schemas = z.array(schema, { error: schemaList }).check(z.minLength(1, { error: schemaList }));

const dialectList = `a list with ${dialects.map((dialect) => JSON.stringify(dialect)).join(' or ')} or both`;
const dialectsFormat = z
  .array(z.enum(dialects, { error: 'one of the dialects' }), { error: dialectList })
  .check(z.minLength(1, { error: dialectList }));

const mappingVersionFormat = z.enum(mappingVersions, {
  error: mappingVersions.map((version) => JSON.stringify(version)).join(' or '),
});

const artifactNames = `one of ${emittedArtifactNames.join(', ')}`;
const onlyFormat = z
  .array(z.enum(emittedArtifactNames, { error: artifactNames }), { error: 'a list of artifacts' })
  .check(z.minLength(1, { error: 'a list of artifacts' }));

const options = 'an object';

/** The options of each function of the library. */
export const optionFormats = {
  emit: z.strictObject(
    {
      schemas,
      output: textFormat('the path of a folder'),
      dialects: z.optional(dialectsFormat),
      mappingVersion: z.optional(mappingVersionFormat),
      odsOverrides: z.optional(textFormat('the path of a file')),
      only: z.optional(onlyFormat),
      onProgress: z.optional(z.custom((value) => typeof value === 'function', { error: 'a function' })),
    },
    { error: options },
  ),
  hash: z.strictObject({ schemas, mappingVersion: z.optional(mappingVersionFormat) }, { error: options }),
  readMappingSet: textFormat('the path of a dms.json'),
} as const;

const pointer = (path: readonly PropertyKey[]) => path.map((part) => `/${String(part)}`).join('');

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) => (inner as Readonly<Record<PropertyKey, unknown>> | undefined)?.[part],
    value,
  );
}

function wrong(path: readonly PropertyKey[], text: string): Diagnostic {
  return diagnostic('OPTION_INVALID', text, { path: pointer(path) });
}

function problems(issue: z.core.$ZodIssue, given: unknown, known: readonly string[]): Diagnostic[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      wrong([...path, key], `There is no option ${JSON.stringify(key)}${alternatives(key, known)}`),
    );
  const value = valueAt(given, path);
  const name = path.length === 0 ? 'The options' : `The option ${pointer(path)}`;
  if (value === undefined) return [wrong(path, `${name} must be given: ${issue.message}.`)];
  const said = typeof value === 'string' ? ` ${JSON.stringify(value)}` : '';
  const advice = path[0] === 'dialects' && typeof value === 'string' ? alternatives(value, dialects) : '.';
  return [wrong(path, `${name}${said} must be ${issue.message}${advice}`)];
}

/**
 * Refuses options that the command line would refuse too. Throws `OPTION_INVALID` with everything that is wrong with
 * them.
 */
export function checkOptions(operation: keyof typeof optionFormats, given: unknown): void {
  const format = optionFormats[operation];
  const known = 'shape' in format ? Object.keys(format.shape) : [];
  failIfAny((format.safeParse(given).error?.issues ?? []).flatMap((issue) => problems(issue, given, known)));
}
