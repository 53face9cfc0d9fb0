import { hasSharedData, isThorough, once, sharedFile, testedGenerations } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { copiedOds, schemaSuffix, unorderedTexts } from '../../test/copied-ods.ts';
import { unexplained } from '../../test/expected-losses.ts';
import { core52, core61, type PublishedScript, publishedTargets, setOf51 } from '../../test/published-ods.ts';
import { compiledFiles, compiledSet, fittedSamples, publishedSchoolYears } from '../../test/round-trip.ts';

/*
 * Documents of the published cores 5.1, 5.2 and 6.1, copied into the tables of the published ODS script with all its
 * keys, and read back. DMS_PROPERTY_RUNS above 1 asks for 60,000 generated documents in every generation.
 */

const samples = ['descriptors', 'samples'].map((folder) => sharedFile('inputs', 'samples-5.2', folder));

/** Rows of the published script are in the schema `ods`. */
const publishedTables = (script: PublishedScript = 'ods-5.2') =>
  publishedTargets(script).map(({ create, copy, foreignKeys }) => {
    const placed = (text: string) => text.replaceAll(/\bods\./g, `edfi${schemaSuffix}.`);
    return { create: placed(create), copy: placed(copy), foreignKeys: foreignKeys.map(placed) };
  });

describe.runIf(hasSharedData && isThorough).each(testedGenerations)(
  'an ODS of the core 5.2 in %s (needs the shared conformance data and DMS_PROPERTY_RUNS above 1)',
  (version) => {
    const compiled = once(() => compiledFiles(version, core52[version]()));

    it('gives the published samples back', async () => {
      const ods = await copiedOds(await compiled(), publishedSchoolYears, samples, publishedTables());
      try {
        expect(ods.refused).toEqual([]);
        const { found, reading } = await ods.read();
        expect(reading.documents).toBeGreaterThan(19_000);
        expect(unorderedTexts(found)).toEqual(unorderedTexts(ods.dumped));
      } finally {
        await ods.close();
      }
    });

    it('gives generated documents back', async () => {
      const set = await compiled();
      const ods = await copiedOds(set, fittedSamples(set, 60_000), [], publishedTables());
      try {
        expect(ods.refused).toEqual([]);
        const { found, reading } = await ods.read();
        expect(reading.documents).toBe(Object.values(ods.dumped).flat().length);
        expect(unexplained(ods.dumped, found, reading.losses)).toEqual([]);
      } finally {
        await ods.close();
      }
    });
  },
);

describe.runIf(hasSharedData && isThorough).each(testedGenerations)(
  'an ODS of the core 5.1 in %s (needs the shared conformance data and DMS_PROPERTY_RUNS above 1)',
  (version) => {
    it('gives the published samples back, which its own schema accepts', async () => {
      const ods = await copiedOds(
        compiledSet(await setOf51(version)),
        publishedSchoolYears,
        samples,
        publishedTables('ods-5.1'),
      );
      try {
        expect(ods.refused).toEqual([]);
        const { found, reading } = await ods.read();
        expect(reading.documents).toBe(Object.values(ods.dumped).flat().length);
        expect(reading.documents).toBeGreaterThan(15_000);
        expect(unexplained(ods.dumped, found, reading.losses)).toEqual([]);
      } finally {
        await ods.close();
      }
    });
  },
);

describe.runIf(hasSharedData && isThorough).each(testedGenerations)(
  'an ODS of the core 6.1 in %s (needs the shared conformance data and DMS_PROPERTY_RUNS above 1)',
  (version) => {
    it('gives generated documents of every resource back', async () => {
      const set = await compiledFiles(version, core61());
      const samples = fittedSamples(set, 60_000);
      const ods = await copiedOds(set, samples, [], publishedTables('ods-6.1'));
      try {
        expect(ods.refused).toEqual([]);
        const { found, reading } = await ods.read();
        expect(reading.documents).toBe(Object.values(ods.dumped).flat().length);
        expect(reading.documents).toBeGreaterThan(50_000);
        expect(unexplained(ods.dumped, found, reading.losses)).toEqual([]);
      } finally {
        await ods.close();
      }
    });
  },
);
