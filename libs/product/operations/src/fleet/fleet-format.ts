import { mustExist } from '@dms/model';
import { dialects } from '@dms/sql';
import { compareOrdinal } from '@dms/values';
import * as z from 'zod/mini';
import {
  $schema,
  commented,
  databaseEntry,
  databaseMembers,
  described,
  filled,
  oneDatabase,
  onePlace,
} from '../sources/config-file.ts';

/**
 * The name of the single database beside the fleet, which `databases` of `dms.json` gives for a dialect (design 18 §6).
 */
export const singleDatabase = 'single';

/** The configuration of a dry run; no database of a fleet may have this name either. */
export const dryRunConfiguration = 'dry-run';

const nameRule = `a name of letters, digits, "-", "_" and ".", that begins with a letter or a digit and is neither the name of a dialect nor "${singleDatabase}" nor "${dryRunConfiguration}"`;
const labelValue = 'a text that is not empty and has no control characters';
const dialectEntry = dialects.map((dialect) => JSON.stringify(dialect)).join(' or ');

/**
 * A database name that Nx can append to the name of a target; the dialects and the single database already name
 * configurations.
 */
const namePattern = new RegExp(
  `^(?!(?:${[...dialects, singleDatabase, dryRunConfiguration].join('|')})$)[A-Za-z0-9][A-Za-z0-9._-]*$`,
);

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
const valuePattern = /^[^\u0000-\u001f\u007f-\u009f]+$/;

/** The format of the name of a database in a fleet. */
export const databaseName = z.string({ error: nameRule }).check(z.regex(namePattern, { error: nameRule }));

/** The format of the labels of a database. */
export const databaseLabels = z.record(
  z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, { error: 'a label of letters, digits, "-", "_" and "."' })),
  z.string({ error: labelValue }).check(z.regex(valuePattern, { error: labelValue })),
  { error: 'an object whose values are texts' },
);

const oneOds = 'an object with one of "env", "file" and "target", and perhaps "since"';
const versionRule = 'a version as a text of up to 18 digits, or "last"';

/** A version of an ODS, as lists, variables and rows give it; `last` is the one that the database has recorded. */
export const versionPattern = /^(?:last|[0-9]{1,18})$/;

/** The ODS of a database (design 18 §7). */
const odsEntry = described(
  commented(
    {
      ...databaseMembers,
      since: z.optional(
        described(
          z.string({ error: versionRule }).check(z.regex(versionPattern, { error: versionRule })),
          'Only what has changed in the ODS after this ChangeVersion, in place of the version of --since; "last": after the version that the database has recorded.',
        ),
      ),
    },
    oneOds,
  ).check(...onePlace(oneOds)),
  'The ODS whose documents load writes into this database: one of env, file and target, as for the database.',
);

const listedDatabase = commented(
  {
    name: described(databaseName, 'The name of the database in commands, reports and targets.'),
    labels: z.optional(
      described(
        databaseLabels,
        'What the database is, for --only and for reports: { "year": "2026", "district": "north" }.',
      ),
    ),
    ...databaseMembers,
    ods: z.optional(odsEntry),
  },
  'an object with "name" and one of "env", "file" and "target"',
).check(...onePlace(oneDatabase));

const databaseList = described(
  z.array(listedDatabase, { error: 'a list of databases' }),
  'The databases, in the order in which they are processed.',
);

const patternRule = 'the name of a variable with at least one {label} in it, each label once';
const placeholder = /\{([A-Za-z0-9][A-Za-z0-9._-]*)\}/g;

/** The labels of a pattern of variables, in their order. */
export const labelsOfPattern = (pattern: string) => [...pattern.matchAll(placeholder)].map(([, label = '']) => label);

/** The texts between the labels of a pattern. */
export const literalsOfPattern = (pattern: string) => pattern.split(/\{[A-Za-z0-9][A-Za-z0-9._-]*\}/);

/** The variable name that a pattern gives for these labels. */
export const variableOfPattern = (pattern: string, labels: Readonly<Record<string, string>>) =>
  pattern.replaceAll(placeholder, (_, label: string) => mustExist(labels[label], `the label ${label}`));

const isVariablePattern = (pattern: string) => {
  const labels = labelsOfPattern(pattern);
  return (
    labels.length > 0 && new Set(labels).size === labels.length && !/[{}]/.test(literalsOfPattern(pattern).join(''))
  );
};

const variablePattern = (description: string) =>
  described(z.string({ error: patternRule }).check(z.refine(isVariablePattern, { error: patternRule })), description);

const variables = variablePattern(
  'A pattern of environment variables, such as DISTRICT_{district}_{year}_DB: each matching variable is a database, and the texts in place of the labels become its labels.',
);

/** The ODSs of databases that variables name (design 18 §7). */
const odsVariables = described(
  commented(
    {
      env: variablePattern('A pattern with the same labels: the variables that hold the connection texts of the ODSs.'),
      sinceEnv: z.optional(
        variablePattern(
          'A pattern with the same labels: the variables that hold the ChangeVersion after which to read. Where there is no such variable, --since counts.',
        ),
      ),
    },
    'an object with "env", and perhaps "sinceEnv"',
  ),
  'Beside env: the ODSs whose documents load writes into these databases.',
);

const odsRule = 'an object beside "env", whose patterns have the labels of "env"';

const sorted = (labels: readonly string[]) => JSON.stringify(labels.toSorted(compareOrdinal));

/** Whether the patterns have the same labels, so that each database of a variable leads to one variable of its ODS. */
function hasSameLabels({
  env,
  ods,
}: {
  env?: string | undefined;
  ods?: z.infer<typeof odsVariables> | undefined;
}): boolean {
  if (ods === undefined) return true;
  if (env === undefined) return false;
  const patterns = [env, ods.env, ods.sinceEnv ?? ods.env];
  // an invalid pattern is reported separately
  return (
    !patterns.every(isVariablePattern) ||
    new Set(patterns.map((pattern) => sorted(labelsOfPattern(pattern)))).size === 1
  );
}

const query = described(
  commented(
    {
      sql: described(
        filled('a query'),
        'A query with the column "name". The columns "database" (its name on the server, if that differs), "ods" (the database of its ODS) and "since" (a ChangeVersion) are optional; every other column is a label.',
      ),
      catalog: databaseEntry('The database that the query is sent to: one of env, file and target.'),
      server: z.optional(
        databaseEntry(
          'The server of the databases, as the connection to any of them; by default the server of the catalog.',
        ),
      ),
      odsServer: z.optional(
        databaseEntry(
          'The server of the ODSs, as the connection to any of them; by default the server of the databases.',
        ),
      ),
    },
    'an object with "sql" and "catalog"',
  ),
  'A query on a catalog database, each of whose rows is a database.',
);

const oneList = 'an object with one of "databases", "env" and "query"';

/** The members of a fleet; exactly one of them lists its databases (design 18 §1). */
const fleetMembers = {
  $comment: z.optional(z.unknown()),
  dialect: z.optional(
    described(z.enum(dialects, { error: dialectEntry }), 'What the databases speak.', { default: 'pgsql' }),
  ),
  databases: z.optional(databaseList),
  env: z.optional(variables),
  ods: z.optional(odsVariables),
  query: z.optional(query),
};

interface Lists {
  readonly databases?: unknown;
  readonly env?: unknown;
  readonly query?: unknown;
}

const hasOneList = ({ databases, env, query: sent }: Lists) =>
  [databases, env, sent].filter((list) => list !== undefined).length === 1;

/** The format of a fleet in `dms.json`. */
export const fleetObject = z
  .strictObject(fleetMembers, { error: oneList })
  .check(z.refine(hasOneList, { error: oneList }), z.refine(hasSameLabels, { error: odsRule, path: ['ods'] }));

/** The format of a separate file, which may name its JSON schema. */
export const fleetFileObject = z
  .strictObject({ $schema, ...fleetMembers }, { error: oneList })
  .check(z.refine(hasOneList, { error: oneList }), z.refine(hasSameLabels, { error: odsRule, path: ['ods'] }));

/** The format of `databases.fleet` in a `dms.json`. */
export const fleetMember = described(
  z.union([
    databaseList,
    described(filled('a fleet, or the path of a file with one'), 'A file with the fleet, relative to this file.'),
    fleetObject,
  ]),
  'Many databases of this set: a list, a file with one, or where the list comes from.',
);

/** The members of objects inside a fleet, by place; `*` stands for a position. */
export const innerFleetMembers: ReadonlyMap<string, readonly string[]> = new Map([
  ['', ['$schema', ...Object.keys(fleetMembers)]],
  ['/databases/*', ['$comment', 'name', 'labels', ...Object.keys(databaseMembers), 'ods']],
  ['/databases/*/ods', ['$comment', ...Object.keys(databaseMembers), 'since']],
  ['/ods', ['$comment', 'env', 'sinceEnv']],
  ['/query', ['$comment', 'sql', 'catalog', 'server', 'odsServer']],
  ['/query/catalog', ['$comment', ...Object.keys(databaseMembers)]],
  ['/query/server', ['$comment', ...Object.keys(databaseMembers)]],
  ['/query/odsServer', ['$comment', ...Object.keys(databaseMembers)]],
]);

/** The published JSON schema of a `fleet.json`, for editors. */
export function fleetJsonSchema(): unknown {
  const title = 'A fleet of databases for dms-ddl and nx-dms';
  return { ...z.toJSONSchema(fleetFileObject, { target: 'draft-7', io: 'input' }), title };
}

/** Not a position: the rest of the pattern does not match from here. */
const nowhere = -1;

/** The name of a variable for comparisons, of the same length: on Windows it has no letter case. */
export const variableName = (written: string, platform: NodeJS.Platform = process.platform): string =>
  platform === 'win32' ? written.replace(/[a-z]/g, (letter) => letter.toUpperCase()) : written;

/**
 * The label values of a pattern in the name of a variable, or null if it does not match (design 18 §1). Each label
 * takes as much as possible: `{district}_{year}` reads `NEW_YORK_2026` as the year 2026 of NEW_YORK. The time is linear
 * in the length of the name, however many labels there are: a regular expression would try every way to divide it.
 * Names of variables have no letter case on Windows; the values are as the name is written.
 */
export function variableMatcher(
  pattern: string,
  platform: NodeJS.Platform = process.platform,
): (variable: string) => readonly string[] | null {
  const nameOf = (text: string) => variableName(text, platform);
  const [first = '', ...literals] = literalsOfPattern(pattern).map(nameOf);
  const last = literals.at(-1) ?? '';
  return (written) => {
    const variable = nameOf(written);
    if (!variable.startsWith(first) || !variable.endsWith(last)) return null;
    /** The possible ends of each label, the last label first. */
    const ends: number[][] = [];
    for (const literal of literals.toReversed()) {
      const following = ends.at(-1);
      const restMatches = (position: number) =>
        following === undefined
          ? position + literal.length === variable.length && variable.startsWith(literal, position)
          : variable.startsWith(literal, position) && following[position + literal.length] !== nowhere;
      ends.push(endsOf(variable, restMatches));
    }
    const values: string[] = [];
    let position = first.length;
    for (const [index, ofLabel] of ends.toReversed().entries()) {
      const end = ofLabel[position] ?? nowhere;
      if (end === nowhere) return null;
      values.push(written.slice(position, end));
      position = end + (literals[index] ?? '').length;
    }
    return values;
  };
}

/**
 * For each start position, the end of the label value: as late as possible, before a position from which the rest of
 * the pattern matches; `nowhere` if there is none.
 */
function endsOf(text: string, restMatches: (position: number) => boolean): number[] {
  const ends = new Array<number>(text.length + 1).fill(nowhere);
  let furthest = nowhere;
  for (let position = text.length - 1; position >= 0; position -= 1) {
    if (!isOfLabel(text[position])) {
      furthest = nowhere;
      continue;
    }
    if (furthest === nowhere && restMatches(position + 1)) furthest = position + 1;
    ends[position] = furthest;
  }
  return ends;
}

const isOfLabel = (character: string | undefined) => character !== undefined && /^[A-Za-z0-9_.-]$/.test(character);
