import { hasSharedData, isThorough, once, sharedFile } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { core52, publishedTargets } from '../test/published-ods.ts';
import { compiledFiles, fittedSamples, publishedSchoolYears, roundTrip } from '../test/round-trip.ts';
import { copiedTables } from './index.ts';

/*
 * All views of a database, copied into the tables of an ODS with their keys and foreign keys (design 19 §9).
 * DMS_PROPERTY_RUNS asks for the published samples too, and for 60,000 documents in each generation.
 */

const samples = ['descriptors', 'samples'].map((folder) => sharedFile('inputs', 'samples-5.2', folder));

describe.runIf(hasSharedData).each(['v1', 'v2'] as const)(
  'views of the core 5.2 in %s (need the shared conformance data)',
  (version) => {
    const compiled = once(() => compiledFiles(version, core52[version]()));

    it.runIf(isThorough)(
      'fill the published ODS from the published samples (needs DMS_PROPERTY_RUNS above 1)',
      async () => {
        const found = await roundTrip(await compiled(), publishedSchoolYears, samples, publishedTargets());
        expect(found).toMatchObject({ violations: [], tables: 613, foreignKeys: 1200 });
        expect(found.rows).toBeGreaterThan(70_000);
      },
    );

    // the other generation in a thorough run only
    it.runIf(isThorough || version === 'v2')(
      'fill the published ODS from generated documents (needs DMS_PROPERTY_RUNS above 1 in v1)',
      async () => {
        const set = await compiled();
        const documents = fittedSamples(set, isThorough ? 60_000 : 1500);
        const found = await roundTrip(set, documents, [], publishedTargets());
        // documents that refer to a document that was left out are refused
        expect(found).toMatchObject({ violations: [], tables: 613, foreignKeys: 1200 });
        expect(found.filled).toBeGreaterThan(600);
        if (isThorough) expect(found.documents).toBeGreaterThan(50_000);
      },
    );

    it.runIf(isThorough)(
      'fill the tables of the mapping, with an extension (needs DMS_PROPERTY_RUNS above 1)',
      async () => {
        const set = await compiledFiles(version, core52[version](), sharedFile('inputs', 'tpdm-1.1-extension.json'));
        const documents = fittedSamples(set, 5000);
        const tables = copiedTables(set.mapping, () => 'ods');
        const found = await roundTrip(set, documents, [], tables);
        expect(found).toMatchObject({ violations: [], tables: 677 });
        expect(found.filled).toBeGreaterThan(650);
      },
    );
  },
);
