import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StoredDocument } from '@dms/documents';
import { openSession, type PostgresDatabase, seeds, usualGenerations } from '@dms/testing';
import type { JsonValue } from '@dms/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChangingOds, fittingOds, withValue } from '../changing-ods.ts';
import { jsonLines, ran } from '../ran.ts';
import { newTargetOf, schemasOf } from '../source-ods.ts';

/*
 * Increments of an ODS that is in use (design 19a §11): a full copy, then random changes in the ODS, an increment,
 * and a comparison of all rows; several times. Each run continues from the version that the run before it has read.
 */

/** Possible changes of the keys of resources, by the member that changes. */
const changingKeys: Readonly<Record<'v1' | 'v2', readonly (readonly [string, string])[]>> = {
  v1: [
    ['Campus:Session', '$.sessionName'],
    ['Campus:Section', '$.sectionIdentifier'],
    ['Campus:Location', '$.classroomCode'],
    ['Campus:ClassPeriod', '$.classPeriodName'],
  ],
  v2: [
    ['Ed-Fi:Session', '$.sessionName'],
    ['Ed-Fi:Section', '$.sectionIdentifier'],
    ['Ed-Fi:StudentSchoolAssociation', '$.entryDate'],
  ],
};

/** Members outside the key. */
const contents =
  /^(?:firstName|lastSurname|nameOfInstitution|schoolName|surveyTitle|courseTitle|assessmentTitle|teamName)$/;

const core = { v1: 'Campus', v2: 'Ed-Fi' } as const;

describe.each(usualGenerations())('increments of an ODS that is in use, in %s', (generation) => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'dms-increments-'));
  const place = (name: string) => path.join(scratch, name);
  const databases: PostgresDatabase[] = [];
  let url = '';
  let ods: ChangingOds;

  const done = async (...args: readonly string[]) => {
    const result = await ran([...args]);
    expect(result.code, result.err).toBe(0);
    return result;
  };
  const newTarget = async () => {
    const target = await newTargetOf(place('out'));
    databases.push(target);
    return target;
  };
  const odsOptions = () => ['--schema-suffix', '_src', ...schemasOf(generation)];
  const load = (target: PostgresDatabase, ...options: readonly string[]) =>
    ran([
      ...['load', '--from-ods', url, ...odsOptions(), '--dialect', 'pgsql'],
      ...['--connection', target.url, '--json', '--verify', ...options],
    ]);
  /** Loads and compares; returns the result of the command. */
  const loaded = async (target: PostgresDatabase, ...options: readonly string[]) => {
    const { code, out, err } = await load(target, ...options);
    const [result] = jsonLines(out);
    expect(code, err).toBe(0);
    expect(result.comparison.differences).toEqual([]);
    expect(result.comparison.rows).toBeGreaterThan(100);
    return result;
  };
  const uuidsIn = async (place: string) => {
    const session = await openSession(place);
    try {
      // descriptors have their own ids
      const rows = await session.query<{ found: string }>(
        'SELECT "DocumentUuid"::text AS found FROM dms."Document" WHERE "DocumentId" NOT IN (SELECT "DocumentId" FROM dms."Descriptor") ORDER BY 1',
      );
      return rows.map(({ found }) => found);
    } finally {
      await session.close();
    }
  };

  beforeAll(async () => {
    ods = await fittingOds(place, generation);
    ({ url } = ods);
  });
  afterAll(async () => {
    await ods?.close();
    for (const database of databases) await database.drop();
    rmSync(scratch, { recursive: true, force: true });
  });

  /** Random changes, one after another. */
  function changes(seed: number) {
    let state = seed * 2_654_435_761;
    const below = (count: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * count);
    };
    const pick = <Item>(items: readonly Item[]): Item | undefined => items[below(items.length)];
    let number = 0;
    const changedKey = (path: string): JsonValue => {
      number += 1;
      if (path === '$.entryDate')
        return `20${10 + (seed % 80)}-${String(1 + (number % 12)).padStart(2, '0')}-${String(1 + below(28)).padStart(2, '0')}`;
      return `Key-${seed}x${number}`;
    };
    const some = async (resource?: string) =>
      pick(
        // an ODS records no deletes of school years
        (await ods.documents()).filter(
          ({ resource: own }) => (resource ?? own) === own && !own.endsWith(':SchoolYearType'),
        ),
      );
    const withKey = async () => {
      const [resource = '', path = ''] = pick(changingKeys[generation]) ?? [];
      return { document: await some(resource), path };
    };
    const operations: Record<string, () => Promise<void>> = {
      async update() {
        const all = (await ods.documents()).filter(({ document }) =>
          [...document.keys()].some((name) => contents.test(name)),
        );
        const found = pick(all);
        if (found === undefined) return;
        number += 1;
        const name = [...found.document.keys()].find((each) => contents.test(each)) ?? '';
        await ods.replace(found, withValue(found.document, `$.${name}`, `Changed ${seed} ${number}`));
      },
      async insert() {
        const student = await some(`${core[generation]}:Student`);
        if (student)
          await ods.upsert(student.resource, withValue(student.document, '$.studentUniqueId', String(changedKey(''))));
        const { document, path } = await withKey();
        if (document) await ods.upsert(document.resource, withValue(document.document, path, changedKey(path)));
      },
      async changeKey() {
        const { document, path } = await withKey();
        if (document) await ods.replace(document, withValue(document.document, path, changedKey(path)));
      },
      async chain() {
        const { document, path } = await withKey();
        if (document === undefined) return;
        await ods.replace(document, withValue(document.document, path, changedKey(path)));
        await ods.replace(document, withValue(document.document, path, changedKey(path)));
        // sometimes back to the first key
        if (below(3) === 0) await ods.replace(document, document.document);
      },
      async changeKeyAndDelete() {
        const { document, path } = await withKey();
        if (document === undefined) return;
        const now = withValue(document.document, path, changedKey(path));
        await ods.replace(document, now);
        await ods.remove({ ...document, document: now });
      },
      /** A new document takes the key that another one gave up. */
      async takeKey() {
        const { document, path } = await withKey();
        if (document === undefined) return;
        await ods.replace(document, withValue(document.document, path, changedKey(path)));
        await ods.upsert(document.resource, document.document);
      },
      async swap() {
        const { document, path } = await withKey();
        if (document === undefined) return;
        const second = withValue(document.document, path, changedKey(path));
        await ods.upsert(document.resource, second);
        const other = (await ods.documents()).find(
          (each) =>
            each.resource === document.resource && each.document.get(path.slice(2)) === second.get(path.slice(2)),
        );
        if (other === undefined) return;
        await swapKeys(document, other, path, changedKey(path));
      },
      async remove() {
        const found = await some();
        if (found) await ods.remove(found);
      },
      async removeAndInsert() {
        const found = await some();
        if (found) for (const each of await ods.remove(found)) await ods.upsert(each.resource, each.document);
      },
    };
    return async (count: number) => {
      for (let each = 0; each < count; each += 1) await pick(Object.values(operations))?.();
    };
  }

  async function swapKeys(a: StoredDocument, b: StoredDocument, path: string, between: JsonValue) {
    const [keyOfA, keyOfB] = [a, b].map(({ document }) => document.get(path.slice(2)) ?? null) as [
      JsonValue,
      JsonValue,
    ];
    await ods.replace(a, withValue(a.document, path, between));
    await ods.replace(b, withValue(b.document, path, keyOfA));
    await ods.replace(a, withValue(a.document, path, keyOfB));
  }

  it.each(seeds(1))(
    'bring each target to what the ODS has, and do no harm when they are repeated, seed %i',
    async (seed) => {
      const change = changes(seed);
      const plain = await newTarget();
      const kept = await newTarget();
      const ofFolder = await newTarget();
      const first = (await loaded(plain)).reading.lastVersion;
      await loaded(kept, '--keep-ids');
      await loaded(ofFolder, '--keep-ids');
      let last = first;
      for (let round = 1; round <= 2; round += 1) {
        await change(6);
        const result = await loaded(plain, '--since', last);
        const again = await loaded(plain, '--since', last);
        expect(again.total).toMatchObject({ inserted: 0, replaced: 0, rejected: 0 });
        expect(again.changes).toEqual({ ...result.changes, keysChanged: 0, deleted: 0 });
        await loaded(kept, '--keep-ids', '--since', last);
        const repeated = await loaded(kept, '--keep-ids', '--since', last);
        expect(repeated.total).toMatchObject({ inserted: 0, rejected: 0 });
        expect(repeated.changes.deleted).toBe(0);
        expect(await uuidsIn(kept.url)).toEqual(await uuidsIn(url));
        const folder = place(`${seed}-${round}`);
        await done('read-ods', ...odsOptions(), '--connection', url, '--since', last, '--keep-ids', '--output', folder);
        const at = ['--artifacts', place('out'), '--dialect', 'pgsql', '--connection', ofFolder.url];
        for (let run = 1; run <= 2; run += 1) await done('load', folder, ...at);
        last = result.reading.lastVersion;
        // loads of folders do not move the recorded version
        await loaded(ofFolder, '--keep-ids', '--since', 'last');
        expect(await uuidsIn(ofFolder.url)).toEqual(await uuidsIn(url));
      }
      // a version that is lower than necessary
      await loaded(plain, '--since', first);
      await loaded(kept, '--keep-ids', '--since', first);
    },
  );
});
