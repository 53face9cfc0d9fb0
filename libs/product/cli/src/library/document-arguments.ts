import { type Diagnostic, diagnostic, failIfAny, shortened } from '@dms/diagnostics';
import { holdsConnection, isUuid, type ProgramDocuments, type ProgramMappingSet } from '@dms/operations';
import * as z from 'zod/mini';
import { checkGiven, wrong } from './given-options.ts';
import type { LibraryOption } from './library-options.ts';

/*
 * The arguments of the functions on documents are checked at run time, for programs without a compiler: before anything
 * is sent to the database (design 14a §1.6).
 */

type Options = Readonly<Record<string, LibraryOption>>;

const option = (schema: z.ZodMiniType, expected: string, more: Partial<LibraryOption> = {}): LibraryOption => ({
  schema: z.optional(schema),
  description: expected,
  isNeeded: false,
  expected,
  ...more,
});

/** The greatest version and document id of a database. */
const greatest = 2n ** 63n - 1n;

/** Decimal digits, also as a number. */
const digits = z.custom((value) => /^\d{1,19}$/.test(String(value)) && BigInt(String(value)) <= greatest);

const flag = option(z.boolean(), 'true or false');
const version = option(digits, 'a version as decimal digits');
const writeOptions: Options = {
  onExisting: option(z.enum(['replace', 'skip', 'fail']), 'one of: replace, skip, fail'),
  ignoreUnknown: flag,
};
/** The uuid is checked after the other options. */
const writeOneOptions: Options = { ...writeOptions, uuid: option(z.unknown(), 'a uuid') };
const conditionOptions: Options = { ifVersion: version };
const queryOptions: Options = {
  where: option(
    z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.bigint()])),
    'an object with a text, a number or a truth value per path',
    { expectedEntry: 'a text, a number or a truth value' },
  ),
  limit: option(z.int().check(z.minimum(1)), 'a number of documents, at least 1'),
  cursor: option(digits, 'the cursor of an earlier page'),
};
const changesOptions: Options = {
  since: version,
  resources: option(z.array(z.string()), 'a list of resources', { expectedEntry: 'the name of a resource' }),
};

function uuidDiagnostics(given: unknown, path: string): Diagnostic[] {
  if (typeof given === 'string' && isUuid(given)) return [];
  const shown = typeof given === 'string' && !holdsConnection(given) ? shortened(JSON.stringify(given)) : 'The value';
  const what = `${shown} is not a uuid`;
  const text = `${what}: give 32 hexadecimal digits, such as 11111111-2222-3333-4444-555555555555.`;
  return [diagnostic('DOCUMENT_VALUE_INVALID', text, { path })];
}

const resourceDiagnostics = (given: unknown): Diagnostic[] =>
  typeof given === 'string' ? [] : [wrong(['resource'], 'The argument resource must be a text: Project:Resource.')];

/** The functions on the documents behind a client, with checked arguments. Throws `OPTION_INVALID`. */
export function documentFunctions(set: ProgramMappingSet, client: Parameters<ProgramMappingSet['on']>[0]) {
  const { query, request } = (client ?? {}) as { readonly query?: unknown; readonly request?: unknown };
  if (typeof query !== 'function' && typeof request !== 'function') {
    const text = 'The argument must be a client or a pool of the package pg, or a pool or a transaction of mssql.';
    failIfAny([wrong([], text)]);
  }
  const documents = set.on(client);
  /** Refuses a client of another dialect, and then wrong arguments, all together. */
  const check = (...found: readonly (readonly Diagnostic[])[]) => {
    set.expectClient(client);
    failIfAny(found.flat());
  };
  const functions: ProgramDocuments = {
    write: async (resource, document, options = {}) => {
      check(resourceDiagnostics(resource));
      checkGiven(writeOneOptions, options);
      if (options.uuid !== undefined) check(uuidDiagnostics(options.uuid, '/uuid'));
      return documents.write(resource, document, options);
    },
    writeAll: async (resource, given, options = {}) => {
      const isList = Array.isArray(given);
      check(
        resourceDiagnostics(resource),
        isList ? [] : [wrong(['documents'], 'The argument documents must be an array.')],
      );
      checkGiven(writeOptions, options);
      return documents.writeAll(resource, given, options);
    },
    replace: async (resource, uuid, document, options = {}) => {
      check(resourceDiagnostics(resource), uuidDiagnostics(uuid, '/uuid'));
      checkGiven(conditionOptions, options);
      return documents.replace(resource, uuid, document, options);
    },
    remove: async (uuid, options = {}) => {
      const all: readonly unknown[] = Array.isArray(uuid) ? uuid : [uuid];
      check(...all.map((each, index) => uuidDiagnostics(each, Array.isArray(uuid) ? `/uuid/${index}` : '/uuid')));
      checkGiven(conditionOptions, options);
      return documents.remove(uuid, options);
    },
    read: async (uuid) => {
      check(uuidDiagnostics(uuid, '/uuid'));
      return documents.read(uuid);
    },
    query: async (resource, options = {}) => {
      check(resourceDiagnostics(resource));
      checkGiven(queryOptions, options);
      return documents.query(resource, options);
    },
    changes: async (options = {}) => {
      check();
      checkGiven(changesOptions, options);
      return documents.changes(options);
    },
  };
  return functions;
}
