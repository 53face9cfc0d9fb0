import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hasSharedData, isThorough, type MainGeneration, readSharedJson, sharedFile } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namedDatabases } from '../named-databases.ts';
import { jsonLines, ran } from '../ran.ts';

/*
 * Documents of 5.2 with TPDM become documents of 6.1, in `npm run search -- translation`: the published samples, and
 * generated ones. Written documents load into databases, and all others have a reason that the translation gives
 * (design 20 §8). `translated-load.long.spec.ts` tests the same commands on small sets.
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-translated-standard-'));
const place = (name: string) => path.join(scratch, name);
const generations: readonly MainGeneration[] = ['v1', 'v2'];
const seeds = [1, 2, 3];
const documentCount = 6_000;
const databaseOf = (name: string | number, generation: string) => `${generation}_${name}`;
const runs = [...seeds, 'samples'];
const databases = namedDatabases(
  ...runs.flatMap((name) => generations.map((generation) => databaseOf(name, generation))),
  'earlier',
);
const translation = ['--translation', 'ed-fi-5.2-to-6.1'];
const timeout = 3_600_000;

/** Runs a command that must succeed; a failure shows its messages. */
async function done(...args: string[]): Promise<string> {
  const { code, out, err } = await ran(args);
  expect([args[0], code, code === 0 ? '' : `${out}\n${err}`]).toEqual([args[0], 0, '']);
  return out;
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of any form
type TranslatedJson = any;

const recordsOf = (file: string): TranslatedJson[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    : [];

/** Every value that was read is carried, dropped or rejected; the sums of the rules are the same. */
function expectExact({ values, rules, documents, rejected }: TranslatedJson): void {
  const { read, carried, dropped } = values;
  expect(carried + dropped + values.rejected).toBe(read);
  const sum = (name: string) => rules.reduce((all: number, each: TranslatedJson) => all + each[name], 0);
  expect([sum('carried'), sum('dropped'), sum('rejected')]).toEqual([carried, dropped, values.rejected]);
  expect(documents.rejects).toBeGreaterThanOrEqual(rejected);
}

/** Provisions a database of 6.1 in a generation, loads the inputs in `args`, and checks the whole database. */
async function loadChecked(database: string, generation: string, ...args: string[]): Promise<string> {
  const at = ['--artifacts', place(`later-${generation}`), ...databases.connection(database)];
  await done('provision', ...at);
  const out = await done('load', ...args, ...at);
  await done('check', ...at, '--data');
  return out;
}

describe.skipIf(!hasSharedData || !isThorough)(
  '5.2 with TPDM to 6.1 (needs the shared conformance data and DMS_PROPERTY_RUNS above 1)',
  () => {
    /** The places that the check notes as required. */
    let required: ReadonlySet<string> = new Set();

    beforeAll(async () => {
      const schemas = (...files: string[]) => files.flatMap((file) => ['--schema', sharedFile('inputs', file)]);
      const emit = (name: string, version: string, ...files: string[]) =>
        done(
          ...['emit', ...schemas(...files), '--dialect', 'pgsql', '--mapping-version', version],
          ...['--output', place(name)],
        );
      await emit('earlier', 'v1', 'ds-5.2-core.json', 'tpdm-1.1-extension.json');
      for (const version of generations) await emit(`later-${version}`, version, 'ds-6.1-core.json');
      const sets = ['--before', place('earlier'), '--after', place('later-v1')];
      const { code, err } = await ran(['translate', '--check', ...sets, ...translation, '--json']);
      expect(code).toBe(0);
      const notes = (jsonLines(err) as TranslatedJson[]).filter((each) => each.code === 'TRANSLATION_REQUIRED');
      required = new Set(notes.map(({ details }) => details.place.replace(/\[\*\]$/, '')));
      // a published rule of 6.0 that no translation rule can satisfy
      expect([...required]).toContain('Ed-Fi:DisciplineAction.$.studentDisciplineIncidentBehaviorAssociations');
    });
    afterAll(() => rmSync(scratch, { recursive: true, force: true }));

    it('the published samples are carried, but for the rejects and values that are known', { timeout }, async () => {
      const expected: TranslatedJson = readSharedJson('design', 'vectors', 'translation', 'expected-rejects.json');
      const inputs = ['descriptors', 'samples'].map((folder) => sharedFile('inputs', 'samples-5.2', folder));
      const rejects = place('sample-rejects.jsonl');
      const sets = ['--before', place('earlier'), '--after', place('later-v1'), ...translation];
      const { code, out } = await ran([
        ...['translate', ...inputs, ...sets, '--output', place('samples')],
        ...['--continue', '--rejects', rejects, '--json'],
      ]);
      const [result] = jsonLines(out) as TranslatedJson[];
      expect(code).toBe(1);
      expectExact(result);
      const found = recordsOf(rejects).flatMap(({ resource, document, problems }) =>
        problems.map((problem: TranslatedJson) => ({
          code: problem.code,
          resource,
          place: problem.place,
          part: problem.part,
          document: { studentUniqueId: document.studentUniqueId },
        })),
      );
      expect(found).toEqual(expected.rejects.map(({ because: _, ...reject }: TranslatedJson) => reject));
      const dropped = result.places.filter((each: TranslatedJson) => each.dropped > 0);
      expect(Object.fromEntries(dropped.map((each: TranslatedJson) => [each.place, each.dropped]))).toEqual(
        expected.dropped,
      );
    });

    describe.each(seeds)('generated documents, seed %d', (seed) => {
      const [sample, later, rejects] = ['sample', 'documents', 'rejects.jsonl'].map((name) =>
        place(`${seed}-${name}`),
      ) as [string, string, string];
      const endpoint = (name: string) => recordsOf(path.join(sample, 'ed-fi', `${name}.jsonl`));

      /** The reason of a reject; undefined if the translation does not give it. */
      function reasonOf(
        { resource, document }: TranslatedJson,
        { code, part, place: at, cause }: TranslatedJson,
      ): string | undefined {
        const isOf = (name: string, id: string) =>
          endpoint(name).some((each) => each[`${id}Reference`]?.[`${id}UniqueId`] === document[`${id}UniqueId`]);
        if (code === 'TRANSLATION_NO_IDENTITY' && resource === 'Ed-Fi:Student')
          return isOf('studentEducationOrganizationAssociations', 'student')
            ? undefined
            : `a student without an organization has no ${part}`;
        if (code === 'TRANSLATION_NO_IDENTITY' && resource === 'Ed-Fi:Staff') {
          const associations = [
            'EducationOrganizationEmployment',
            'EducationOrganizationAssignment',
            'EducationOrganizationContact',
            'School',
            'Section',
          ];
          return associations.some((name) => isOf(`staff${name}Associations`, 'staff'))
            ? undefined
            : `a member of staff without an organization has no ${part}`;
        }
        if (
          code === 'TRANSLATION_REFUSED' &&
          resource === 'Ed-Fi:StudentAssessment' &&
          at === 'Ed-Fi:StudentAssessment.$.schoolYearTypeReference'
        )
          return document.administrationDate === undefined
            ? 'an assessment of a student without a date has no school year'
            : undefined;
        // noted by the check: 6.1 requires the place, and 5.2 does not
        if (code === 'TRANSLATION_REFUSED' && required.has(at.replace(/\[\d+\]/g, '[*]').replace(/\[\*\]$/, '')))
          return `documents of 5.2 may lack ${at}`;
        if (code === 'TRANSLATION_TARGET' && cause !== undefined && cause.code !== 'TRANSLATION_TARGET')
          return `it names what is rejected: ${cause.code} ${cause.resource}`;
        return undefined;
      }

      it('are carried, but for rejects with the reasons that the translation gives', { timeout }, async () => {
        const size = ['--documents', String(documentCount), '--seed', String(seed)];
        await done('sample', '--artifacts', place('earlier'), ...size, '--output', sample);
        const sets = ['--before', place('earlier'), '--after', place('later-v1'), ...translation];
        const { out } = await ran([
          ...['translate', sample, ...sets, '--output', later, '--continue', '--rejects', rejects, '--json'],
        ]);
        const [result] = jsonLines(out) as TranslatedJson[];
        expect(result.isWritten).toBe(true);
        expectExact(result);
        expect(result.documents.written).toBeGreaterThan(documentCount);
        const records = recordsOf(rejects);
        expect(records.length).toBe(result.rejected);
        const unexplained = records.flatMap((record) =>
          record.problems
            .filter((problem: TranslatedJson) => reasonOf(record, problem) === undefined)
            .map((problem: TranslatedJson) => ({ resource: record.resource, ...problem })),
        );
        expect(unexplained).toEqual([]);
      });

      it.each(generations)(
        'load into a database of %s, whose data then passes the check',
        { timeout },
        async (generation) => {
          const out = await loadChecked(databaseOf(seed, generation), generation, later, '--bulk');
          expect(out).toMatch(/ 0$/m);
        },
      );
    });

    describe('the samples that a database of 5.2 takes', () => {
      const at = ['--artifacts', place('earlier'), ...databases.connection('earlier')];

      it('are loaded', { timeout }, async () => {
        const years = Array.from({ length: 45 }, (_, index) => 1991 + index).map((schoolYear) =>
          JSON.stringify({
            resource: 'Ed-Fi:SchoolYearType',
            document: {
              schoolYear,
              currentSchoolYear: false,
              schoolYearDescription: `${schoolYear - 1}-${schoolYear}`,
            },
          }),
        );
        writeFileSync(place('years.jsonl'), years.join('\n'));
        await done('provision', ...at);
        const inputs = ['descriptors', 'samples'].map((folder) => sharedFile('inputs', 'samples-5.2', folder));
        // some published files are missing, so some references are not resolved
        await ran(['load', place('years.jsonl'), ...inputs, ...at, '--continue', '--on-existing', 'skip']);
      });

      it.each(generations)(
        'become documents of a database of %s without a refusal',
        { timeout },
        async (generation) => {
          const source = ['--from-database-env', databases.connection('earlier')[1] ?? ''];
          const name = databaseOf('samples', generation);
          const target = ['--artifacts', place(`later-${generation}`), ...databases.connection(name)];
          await done('provision', ...target);
          const rejects = place(`loaded-${generation}.jsonl`);
          const { out } = await ran([
            ...['load', ...source, '--before', place('earlier'), ...target, ...translation],
            ...['--continue', '--rejects', rejects, '--verify', '--json'],
          ]);
          const [result] = jsonLines(out) as TranslatedJson[];
          expectExact({ ...result.translation, rejected: 0 });
          expect(result.documents.different).toBe(0);
          for (const { resource, problems } of recordsOf(rejects))
            for (const problem of problems)
              expect([resource, problem.code]).toEqual(['Ed-Fi:Student', 'TRANSLATION_NO_IDENTITY']);
          await done('check', ...target, '--data');
        },
      );
    });
  },
);
