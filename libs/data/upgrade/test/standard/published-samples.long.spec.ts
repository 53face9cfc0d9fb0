import { convertLegacySchema, resourceLabel } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import {
  copyOfDatabase,
  errorOf,
  hasSharedData,
  isThorough,
  type MainGeneration,
  mainGenerations,
  once,
  readSharedJson,
  readSharedText,
} from '@dms/testing';
import { canonicalText, type JsonObject, parseJson } from '@dms/values';
import { afterAll, describe, expect, it } from 'vitest';
import { applyUpgrade, parseRename, planUpgrade, renamedDocument, type UpgradePlan } from '../../src/index.ts';
import { type Compiled, compiled, databaseText, documentRows, events, pruned, valuePaths } from '../bench.ts';
import { databaseOfSamples, documentsByResource, expectLoadsAnew, withSession } from '../published-samples.ts';
import { collectionIds, expectTracked, wrongMirrors } from '../upgraded-v2.ts';
import { trackedRows, writeTrackedRows } from '../written-rows.ts';

/*
 * Releases of the data standard and an extension that come and are undone, with the published samples. The laws of
 * random evolutions hold here too (design 12 §1): the catalog of a new database, the same documents under the same ids
 * and versions, and a dump that loads. `npm run search -- upgrades-of-samples` runs it.
 */

const previousFile = 'ds-5.1-core.old-format.json';

/** The standard of the year before, whose schema is in the older format. */
function previousStandard(): unknown {
  const root = parseJson(readSharedText('inputs', previousFile), previousFile);
  const [schema] = convertLegacySchema({ file: previousFile, root }).schemas;
  return JSON.parse(canonicalText(schema?.root ?? null));
}

const standards: Readonly<Record<MainGeneration, () => unknown>> = {
  v1: () => readSharedJson('inputs', 'ds-5.2-core.json'),
  v2: () => readSharedJson('fixtures-v2', 'ds-5.2', 'inputs', 'ds-5.2-core.v2.json'),
};

/** A set, and a database with the samples, of which each test takes a copy. */
const release = (schemas: () => readonly unknown[], version: MainGeneration, hasGenerated = false) => {
  const set = once(() => compiled(schemas(), 'pgsql', version));
  const generated = hasGenerated ? 'few' : undefined;
  return { set, database: once(() => databaseOfSamples(set(), { generated, published: 'all' })) };
};

type Release = ReturnType<typeof release>;

const releasesOf = (version: MainGeneration) => ({
  '5.1': release(() => [previousStandard()], version),
  '5.2': release(() => [standards[version]()], version),
  // nothing is published for the extension
  '5.2 with TPDM': release(
    () => [standards[version](), readSharedJson('inputs', 'tpdm-1.1-extension.json')],
    version,
    true,
  ),
});

type ReleaseName = keyof ReturnType<typeof releasesOf>;

/**
 * Reads the records that a generation has beside documents; returns a function that expects the same records in the
 * later set.
 */
type ReadRecorded = (
  connection: Connection,
  before: Compiled,
  plan: UpgradePlan,
) => Promise<(after: Compiled) => Promise<void>>;

const recordedIn: Readonly<Record<MainGeneration, ReadRecorded>> = {
  v1: async (connection) => {
    const earlier = await events(connection);
    return async (after) => expect(await events(connection)).toEqual(ofKept(earlier, after));
  },
  v2: async (connection, before, { items }) => {
    await writeTrackedRows(connection, before);
    // recorded changes without the values of the later identity are lost
    for (const { change, path } of items)
      if (change === 'tracked changes dropped')
        await connection.execute(givenScript(`DELETE FROM "${path[0]?.replace('.', '"."')}"`));
    await connection.execute(
      givenScript(`UPDATE dms."DocumentCacheState" SET "ProjectionLifecycleState" = 'Tracking'`),
    );
    const rows = await trackedRows(connection, before);
    const ids = await collectionIds(connection, before);
    return async (after) => {
      expectTracked({ set: before, rows }, { set: after, rows: await trackedRows(connection, after) });
      for (const [scope, found] of await collectionIds(connection, after))
        expect(found, scope).toEqual(ids.get(scope) ?? []);
      expect(await wrongMirrors(connection, after)).toEqual([]);
      const [work] = await connection.query<{ n: number }>(
        trusted('SELECT count(*)::int AS n FROM dms."DocumentProjectionWork"'),
      );
      expect(work?.n).toBe((await documentRows(connection)).length);
    };
  },
};

/** The rows about documents of resources that a set has. */
function ofKept(rows: readonly unknown[], { info }: Compiled): readonly unknown[] {
  const kept = new Set(info.resourceKeys.map((key) => resourceLabel(key)));
  return rows.filter((row) => kept.has((row as { readonly label: string }).label));
}

/** The paths at which two sets have values, by resource, as the later set names them. */
function sharedPaths(
  before: Compiled,
  after: Compiled,
  { renaming }: UpgradePlan,
): ReadonlyMap<string, ReadonlySet<string>> {
  const then = valuePaths(before.model);
  const now = valuePaths(after.model);
  return new Map(
    [...then].flatMap(([earlier, paths]) => {
      const later = renaming.resource(earlier);
      const known = now.get(later);
      const both = [...paths].map((path) => renaming.path(earlier, path)).filter((path) => known?.has(path));
      return known === undefined ? [] : [[later, new Set(both)]];
    }),
  );
}

/** Documents reduced to the values at some paths. */
const reduced = (
  documents: Iterable<readonly [string, readonly JsonObject[]]>,
  paths: ReturnType<typeof sharedPaths>,
) =>
  Object.fromEntries(
    [...documents].flatMap(([resource, list]) => {
      const own = paths.get(resource);
      if (own === undefined) return [];
      return [[resource, list.map((document) => canonicalText(pruned(document, own) ?? new Map())).join('\n')]];
    }),
  );

interface Way {
  readonly from: ReleaseName;
  readonly to: ReleaseName;
  readonly verdict: string;
  readonly renames?: readonly string[];
  /** The resources and the numbers of rows of the samples that do not allow the upgrade, by generation. */
  readonly refused?: Readonly<Record<MainGeneration, readonly string[]>>;
  /** Resources, as a pattern of SQL, whose documents are removed with the refused ones, because they refer to them. */
  readonly together?: string;
}

const immunizations = (from: string, to: string) =>
  ['additionalImmunizations', 'requiredImmunizations'].map((name) => {
    const place = (member: string) => `Ed-Fi:StudentHealth.$.${name}[*].dates[*].${member}`;
    return `${place(from)}=${place(to)}`;
  });

const ways: Readonly<Record<string, Way>> = {
  'when an extension comes': { from: '5.2', to: '5.2 with TPDM', verdict: 'free' },
  'when an extension goes, but for its own': {
    from: '5.2 with TPDM',
    to: '5.2',
    verdict: 'loss',
  },
  'from 5.1 to 5.2': {
    from: '5.1',
    to: '5.2',
    verdict: 'loss',
    renames: immunizations('date', 'immunizationDate'),
    // the first generation wants all respondents of a survey response, of which the samples have one
    refused: { v1: [12, 12, 12, 12, 8, 8].map((rows) => `Ed-Fi:SurveyResponse ${rows}`), v2: [] },
    together: 'Survey%Response%',
  },
  'back from 5.2 to 5.1': {
    from: '5.2',
    to: '5.1',
    verdict: 'loss',
    renames: immunizations('immunizationDate', 'date'),
  },
};

/** Expects the upgrade to be refused without a change, and then removes the documents that do not allow it. */
async function expectRefused(
  connection: Connection,
  upgrade: () => Promise<unknown>,
  { refused, together }: { readonly refused: readonly string[]; readonly together: string | undefined },
): Promise<void> {
  const text = await databaseText(connection);
  const { diagnostics } = await errorOf(upgrade);
  expect(diagnostics.map(({ where, details }) => `${where.resource} ${details.count}`)).toEqual(refused);
  // not with toEqual, which would print a database
  expect((await databaseText(connection)) === text).toBe(true);
  await connection.query(
    trusted(`DELETE FROM dms."Document" WHERE "ResourceKeyId" IN
     (SELECT k."ResourceKeyId" FROM dms."ResourceKey" AS k WHERE k."ResourceName" LIKE $1)`),
    [together ?? ''],
  );
  for (const { details } of diagnostics)
    await connection.execute(givenScript(`DELETE FROM dms."Document" WHERE "DocumentUuid" IN (${details.query})`));
}

describe.runIf(hasSharedData && isThorough).each(mainGenerations)(
  'the published samples stay as they are, in %s (needs the shared conformance data and DMS_PROPERTY_RUNS above 1),',
  (version) => {
    const releases = releasesOf(version);
    const made = new Set<Release>();
    afterAll(async () => {
      for (const { database } of made) await (await database()).drop();
    });

    /** A copy of the database of a release. */
    const copyOf = async (release: Release) => {
      made.add(release);
      return copyOfDatabase(await release.database());
    };

    it.each(Object.entries(ways))('%s', async (_, { from, to, verdict, renames = [], refused, together }) => {
      const before = releases[from].set();
      const after = releases[to].set();
      const options = { allowLoss: ['all'], renames: renames.map(parseRename) };
      const database = await copyOf(releases[from]);
      try {
        await withSession(database, async (connection) => {
          const upgrade = () => applyUpgrade(connection, before, after, options);
          const objecting = refused?.[version] ?? [];
          if (objecting.length > 0) await expectRefused(connection, upgrade, { refused: objecting, together });
          const expectRecorded = await recordedIn[version](connection, before, planUpgrade(before, after, options));
          const rows = ofKept(await documentRows(connection), after);
          expect(rows.length).toBeGreaterThan(15_000);
          const documents = await documentsByResource(connection, before);

          const { outcome, plan, documents: count } = await upgrade();
          expect([outcome, plan.verdict, count]).toEqual(['upgraded', verdict, rows.length]);
          expect(await documentRows(connection)).toEqual(rows);
          const paths = sharedPaths(before, after, plan);
          const { renaming } = plan;
          const renamed = [...documents].map(
            ([label, list]) =>
              [renaming.resource(label), list.map((each) => renamedDocument(renaming, label, each))] as const,
          );
          expect(reduced(await documentsByResource(connection, after), paths)).toEqual(reduced(renamed, paths));
          await expectRecorded(after);
          await expectLoadsAnew(connection, after);
        });
      } finally {
        await database.drop();
      }
    });
  },
);
