import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isThorough, namesakeProjects, usualGenerations } from '@dms/testing';
import { afterAll, expect, it } from 'vitest';
import { ArtifactRuns } from '../artifact-runs.ts';

/*
 * A name is unique in its project, not in the set (design 01 §4.2): every command works on a core and two extensions
 * whose resources, descriptors, endpoints, members below `_ext` and tables have the same names. `npm run search --
 * namesakes` runs both generations.
 */

const all = new ArtifactRuns();
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-namesakes-'));

afterAll(async () => {
  rmSync(scratch, { recursive: true, force: true });
  await all.end();
});

it.runIf(isThorough).each(usualGenerations())(
  'projects that have all names in common, %s (needs DMS_PROPERTY_RUNS above 1)',
  async (version) => {
    const schemas = namesakeProjects('district').map((schema, index) => {
      const file = path.join(scratch, `${index}.json`);
      writeFileSync(file, JSON.stringify(schema));
      return file;
    });
    expect(await all.run({ version, schemas })).toContain('upgrade apply');
  },
);
