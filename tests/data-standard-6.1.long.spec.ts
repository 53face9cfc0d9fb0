import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { core61 } from '../libs/data/ods/test/published-ods.ts';
import { jsonLines, ran } from '../libs/product/cli/test/ran.ts';
import {
  createScratchDatabase,
  dumpedLines,
  hasSharedData,
  isThorough,
  type PostgresDatabase,
} from '../libs/testing/src/index.ts';

/*
 * The published data standard 6.1 in its real size, with the commands as people type them: `npm run search --
 * data-standard-6.1`. It takes minutes, so a test run skips it.
 */

const resources = 192;

describe.runIf(hasSharedData && isThorough).each(['v1', 'v2'] as const)(
  'the data standard 6.1 in %s (needs the shared conformance data and DMS_PROPERTY_RUNS above 1)',
  (generation) => {
    const scratch = mkdtempSync(path.join(tmpdir(), 'dms-standard-6.1-'));
    const place = (name: string) => path.join(scratch, name);
    const databases: PostgresDatabase[] = [];
    const schemas = ['--schema', core61(), '--mapping-version', generation];
    const artifacts = ['--artifacts', place('out')];
    const done = async (...args: readonly string[]) => {
      const result = await ran(args);
      expect(result.code, result.err).toBe(0);
      return result;
    };
    const newDatabase = async () => {
      const database = await createScratchDatabase();
      databases.push(database);
      return database.url;
    };
    const at = (url: string) => ['--dialect', 'pgsql', '--connection', url];
    const newTarget = async () => {
      const url = await newDatabase();
      await done('provision', ...artifacts, ...at(url));
      return url;
    };

    beforeAll(async () => {
      await done('emit', ...schemas, '--dialect', 'pgsql', '--output', place('out'));
    });
    afterAll(async () => {
      for (const database of databases) await database.drop();
      rmSync(scratch, { recursive: true, force: true });
    });

    it('takes documents of every resource, gives them back, and says what it is', async () => {
      const url = await newTarget();
      await done('sample', ...artifacts, '--documents', '900', '--output', place('sample'));
      const loaded = await done('load', place('sample'), ...artifacts, ...at(url), '--json');
      const [{ total }] = jsonLines(loaded.out);
      expect(total).toMatchObject({ replaced: 0, unchanged: 0, skipped: 0, rejected: 0 });
      expect(total.inserted).toBeGreaterThan(800);
      await done('dump', ...artifacts, ...at(url), '--output', place('dump'));
      const [sampled, dumped] = [dumpedLines(place('sample')), dumpedLines(place('dump'))];
      expect(readdirSync(place('dump/ed-fi')).filter((name) => !name.includes('escriptors')).length).toBe(resources);
      expect(dumped).toEqual(sampled);
      const checked = await done('check', ...artifacts, ...at(url), '--data');
      expect(checked.out).toMatch(/^pgsql: 0 differences/m);
      const views = await done('reporting', 'apply', ...artifacts, ...at(url));
      expect(views.out).toMatch(/\b829 views\b/);
      await done('reporting', 'drop', ...at(url));
      await done('explore', ...artifacts, '--output', place('model.html'));
      expect(statSync(place('model.html')).size).toBeGreaterThan(1_000_000);
      const dictionary = await done('dictionary', ...artifacts);
      expect(dictionary.out).toMatch(/StudentAssessmentRegistration/);
    });
  },
);
