import { readFileSync } from 'node:fs';
import { DocumentFolder } from '@dms/loading';
import {
  hasSharedData,
  isThorough,
  type MainGeneration,
  mainGenerations,
  once,
  propertyRuns,
  readSharedJson,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import {
  applyUpgrade,
  planUpgrade,
  type ReportedPlan,
  reportedPlan,
  surveyUpgrade,
  upgradeReport,
  upgradeText,
} from '../../src/index.ts';
import { compiled } from '../bench.ts';
import { comparedDatabase } from '../dumped.ts';
import { databaseOfSamples, expectLoadsAs, type SampleContents, withSession } from '../published-samples.ts';
import { wrongMirrors } from '../upgraded-v2.ts';
import { storedIn, translatedFrom } from './translated-documents.ts';
import { translated } from './translated-sets.ts';

/*
 * From 5.2 with TPDM to 6.1 in place: the database is a fresh one with the translated documents (design 12a §6).
 * `npm run search -- upgrade-translations` takes 20,000 generated documents, and the published samples.
 */

const rules = (): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL('../../../translation/data/ed-fi-5.2-to-6.1.json', import.meta.url), 'utf8'));

const standards: Readonly<Record<MainGeneration, () => unknown>> = {
  v1: () => readSharedJson('inputs', 'ds-5.2-core.json'),
  v2: () => readSharedJson('fixtures-v2', 'ds-5.2', 'inputs', 'ds-5.2-core.v2.json'),
};

/** The longest summary of one dialect (design 12 §7). */
const mostLines = 40;

/**
 * Expects a plan to say in few lines how resources change; with the documents of a database, also which way it takes.
 */
function expectSummary(reported: ReportedPlan): void {
  const lines = upgradeReport([reported]);
  const summary = lines.slice(0, lines.indexOf(''));
  expect(summary.length).toBeLessThanOrEqual(mostLines);
  if (isThorough) console.log([`${summary.length} lines`, ...summary].join('\n'));
  expect(summary.filter((line) => line.startsWith('Perhaps '))).toEqual([]);
  const of = (title: string) => summary.find((line) => line.startsWith(`${title}: `));
  const isRead = reported.translation !== null;
  expect(of('Translation')).toMatch(
    isRead
      ? /^Translation: resources: 20 rewritten, .* gone, .*; \d+ documents read, \d+ written, \d+ of them new, /
      : /^Translation: resources: 20 rewritten, .* gone, .*; documents are read and written/,
  );
  expect(of('Way')).toEqual(
    isRead ? expect.stringMatching(/^Way: (?:in place|a copy), because it is .* takes /) : undefined,
  );
  const { ways, translation } = JSON.parse(upgradeText(reported));
  expect(Object.keys(ways ?? {})).toEqual(isRead ? ['takes', 'in_place', 'copy'] : []);
  const students = translation.find(({ after }: { after: string }) => after === 'Ed-Fi:StudentDemographic');
  expect(students).toMatchObject({ is: 'new', ...(isRead ? { written: expect.any(Number) } : {}) });
}

describe.runIf(hasSharedData).each<MainGeneration>(isThorough ? mainGenerations : ['v2'])(
  'from 5.2 with TPDM to 6.1 in place, in %s (needs the shared conformance data, in v1 DMS_PROPERTY_RUNS above 1)',
  (version) => {
    const sets = once(() => {
      const before = compiled(
        [standards[version](), readSharedJson('inputs', 'tpdm-1.1-extension.json')],
        'pgsql',
        version,
      );
      const after = compiled([readSharedJson('inputs', 'ds-6.1-core.json')], 'pgsql', version);
      return { before, after, translation: translated(before, after, rules()) };
    });
    // nothing is published for the extension
    const contents: readonly SampleContents[] = isThorough
      ? [
          { generated: propertyRuns(400), published: 'none' },
          { generated: 'few', published: 'all' },
        ]
      : [{ generated: 'few', published: 'none' }];

    it.each(contents)('becomes what a fresh database with the translated documents is, %o', async (given) => {
      const { before, after, translation } = sets();
      const database = await databaseOfSamples(before, given);
      try {
        await withSession(database, async (connection) => {
          const stored = await storedIn(connection, before);
          const { rejected, documents } = await translatedFrom(sets(), stored);
          if (isThorough)
            console.log(
              `${version}: ${stored.length} documents become ${documents.length}, ${rejected.length} rejects`,
            );
          const kept: string[] = [];
          const rejects = {
            add: async (_: unknown, { uuid }: { readonly uuid: string | null }) => void kept.push(uuid ?? ''),
            finish: async () => undefined,
          };
          const plan = planUpgrade(before, after, { translation });
          const survey = isThorough ? await surveyUpgrade(connection, before, after, { plan, rejects }) : null;
          const known = survey && {
            estimate: survey.estimate,
            findings: { losses: survey.losses, checks: survey.counts },
            translation: survey.translation,
          };
          expectSummary(reportedPlan(before, after, plan, known ?? {}));
          kept.length = 0;
          const upgraded = await applyUpgrade(connection, before, after, { plan, rejects });
          expect(upgraded).toMatchObject({ outcome: 'upgraded', documents: documents.length });
          expect(kept).toEqual([...new Set(rejected.map(({ uuid }) => uuid))]);
          if (version === 'v2') expect(await wrongMirrors(connection, after)).toEqual([]);
          await expectLoadsAs(await comparedDatabase(connection, after), after, (folder) =>
            DocumentFolder.write(folder, after.model, async (output) => {
              for (const { resource, document } of documents) await output.add(resource, document);
            }),
          );
        });
      } finally {
        await database.drop();
      }
    });
  },
);
