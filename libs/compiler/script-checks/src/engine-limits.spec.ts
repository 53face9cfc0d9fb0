import { type Diagnostic, DmsError } from '@dms/diagnostics';
import { dialects, type EngineLimit, engineLimits, type LimitName, type SqlDialect } from '@dms/sql';
import { build, type MainGeneration, mainGenerations, random, seeds, usualDatabaseEngines } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { inputOfDocuments } from '../test/inputs.ts';
import type { CheckedScript } from './checked-script.ts';
import { staticFindings } from './static-findings.ts';

/*
 * Schemas with values around each limit of the engines (design 02 §19): the static checks find exactly the limits for
 * which `emit` refuses a schema, in the script that it would have written, and PostgreSQL refuses exactly these
 * scripts. SQL Server does not run here; its limits are taken from its documentation.
 */

const { array, boolean, date, descriptor, descriptorPath, integer, number, object, project, resource, string, uri } =
  build;

/** The limits that `emit` refuses to exceed. */
const refused = (Object.keys(engineLimits) as LimitName[]).filter((name) => engineLimits[name].treatment === 'refused');

/** Runs synchronous work as if the engines had none of the limits that `emit` enforces. */
function withoutLimits<Result>(work: () => Result): Result {
  const limits: Record<string, { -readonly [Member in keyof EngineLimit]: EngineLimit[Member] }> = engineLimits;
  const before = refused.map((name) => [name, engineLimits[name].most] as const);
  for (const name of refused) Object.assign(limits[name] ?? {}, { most: { pgsql: null, mssql: null } });
  try {
    return work();
  } finally {
    for (const [name, most] of before) Object.assign(limits[name] ?? {}, { most });
  }
}

/** The counts of one schema for everything that has a limit. */
interface Counts {
  /** Length of a text outside all keys, and of a text in the identity. */
  readonly text: number;
  readonly keyText: number;
  readonly digits: number;
  /** Columns of the identity. */
  readonly keys: number;
  readonly descriptors: number;
  readonly uniques: number;
  /** Numbers of values of eight bytes, of values of three bytes, and of flags. */
  readonly long: number;
  readonly dates: number;
  readonly flags: number;
}

const few: Counts = {
  text: 60,
  keyText: 60,
  digits: 9,
  keys: 1,
  descriptors: 1,
  uniques: 1,
  long: 1,
  dates: 1,
  flags: 1,
};

const named = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

const members = (names: readonly string[], schema: build.JsonRecord) =>
  Object.fromEntries(names.map((name) => [name, schema]));

function documentOf({ text, keyText, digits, keys, descriptors, uniques, long, dates, flags }: Counts) {
  const ids = named('id', keys - 1);
  const kinds = named('kind', descriptors);
  const codes = named('code', uniques);
  const identity = ['name', ...ids];
  const wide = resource('Wide', {
    identityJsonPaths: identity.map((name) => `$.${name}`),
    documentPathsMapping: Object.fromEntries(
      kinds.map((name) => [name, descriptorPath('Ed:KindDescriptor', `$.${name}`)]),
    ),
    decimalPropertyValidationInfos: [{ path: '$.rate', totalDigits: digits, decimalPlaces: 2 }],
    arrayUniquenessConstraints: codes.map((name) => ({ paths: [`$.items[*].${name}`] })),
    jsonSchemaForInsert: object(
      {
        name: string(keyText),
        note: string(text),
        rate: number(),
        ...members(ids, integer()),
        ...members(kinds, uri()),
        ...members(named('long', long), integer('int64')),
        ...members(named('date', dates), date()),
        ...members(named('flag', flags), boolean()),
        items: array(object(members(codes, integer()), codes)),
      },
      identity,
    ),
  });
  return project('Ed', [wide, descriptor('KindDescriptor')]);
}

/**
 * Columns of the root table besides the long ones, including its key and, in the second generation, the content version
 * and its time.
 */
const otherColumns = (version: MainGeneration, { keys, descriptors, dates, flags }: Counts) =>
  (version === 'v1' ? 1 : 3) + 2 + keys + descriptors + dates + flags;

/** Variations of one count: at a limit, one below it, or one above. */
const variations: readonly ((version: MainGeneration, at: number, one: () => number) => Partial<Counts>)[] = [
  (_version, at) => ({ text: 4000 + at }),
  (_version, at) => ({ keyText: 4000 + at }),
  (_version, at) => ({ digits: 38 + at }),
  (_version, at) => ({ digits: 1000 + at }),
  (_version, at) => ({ keys: 32 + at }),
  // the key to the document is one more
  (_version, at) => ({ descriptors: 252 + at }),
  // a collection of the second generation has one uniqueness rule
  (version, at) => (version === 'v1' ? { uniques: 999 + at } : { keyText: 4000 + at }),
  (version, at) => ({ long: 1024 - otherColumns(version, few) + at, dates: few.dates }),
  (version, at) => ({ flags: 1024 - otherColumns(version, few) - few.long + few.flags + at }),
  (version, at) => ({ flags: 1600 - otherColumns(version, few) - few.long + few.flags + at }),
  // 8,060 bytes: eight for a long value, three for a date, one for eight flags
  (_version, at, one) => ({
    long: 986 + Math.floor(4 * one()) + at,
    dates: Math.floor(4 * one()),
    flags: Math.floor(9 * one()),
  }),
];

function countsOf(seed: number, version: MainGeneration): Counts {
  const next = random(seed);
  const vary = () => {
    const variation = variations[(seed + Math.floor(next() * variations.length)) % variations.length];
    return variation?.(version, Math.floor(3 * next()) - 1, next) ?? {};
  };
  // sometimes two limits meet
  return { ...few, ...(next() < 0.3 ? vary() : {}), ...vary() };
}

const whats = (dialect: SqlDialect, found: readonly Diagnostic[]) =>
  found.filter(({ details }) => details.dialect === dialect).map(({ details }) => String(details.what));

/** The names of the limits for which `emit` refuses a dialect. */
function refusals(document: build.JsonRecord, dialect: SqlDialect, version: MainGeneration): readonly string[] {
  try {
    inputOfDocuments([document], dialect, version);
    return [];
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    expect(new Set(error.diagnostics.map(({ code }) => code))).toEqual(new Set(['TABLE_LIMIT_EXCEEDED']));
    return [...new Set(whats(dialect, error.diagnostics))].sort();
  }
}

/** The names of the limits that the static checks report as exceeded. */
function staticExcess(input: CheckedScript): readonly string[] {
  const texts = staticFindings(input)
    .filter(({ id }) => id === 'S18')
    .map(({ text }) => text);
  const found = texts.map((text) =>
    text.endsWith('has no limit')
      ? 'keyTextLength'
      : refused.find((name) => text.includes(` ${engineLimits[name].what}, at most`)),
  );
  expect(found, texts.join('\n')).not.toContain(undefined);
  return [...new Set(found.map((name) => engineLimits[name as LimitName].what))].sort();
}

const cases = mainGenerations.flatMap((version) =>
  seeds(24).map((seed) => [version, seed, countsOf(seed, version)] as const),
);

describe.each(cases)('%s, schema %i (%j)', (version, _seed, counts) => {
  const document = documentOf(counts);

  it.each(dialects)('static checks find what emit refuses: %s', (dialect) => {
    const input = withoutLimits(() => inputOfDocuments([document], dialect, version));
    expect(staticExcess(input)).toEqual(refusals(document, dialect, version));
  });

  it.each(usualDatabaseEngines())('PostgreSQL makes what emit accepts, and nothing else: $name', async (engine) => {
    const { script } = withoutLimits(() => inputOfDocuments([document], 'pgsql', version));
    const database = await engine.open();
    try {
      const outcome = await database.exec(script).then(
        () => 'made',
        (error: { code?: string }) => error.code,
      );
      // too many columns, a wrong precision
      const expected = refusals(document, 'pgsql', version).length === 0 ? ['made'] : ['54011', '22023'];
      expect(expected).toContain(outcome);
    } finally {
      await database.close();
    }
  });
});

it('the search reaches every limit of a schema that can be reached with few tables', () => {
  const reached = new Set<string>();
  for (const version of mainGenerations)
    for (let seed = 1; seed <= variations.length * 6; seed += 1) {
      const counts = countsOf(seed, version);
      for (const [name, value] of Object.entries(counts)) if (value !== few[name as keyof Counts]) reached.add(name);
    }
  expect([...reached].sort()).toEqual(Object.keys(few).sort());
});
