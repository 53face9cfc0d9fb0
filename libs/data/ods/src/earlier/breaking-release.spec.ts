import { readFileSync } from 'node:fs';
import { mappingVersions } from '@dms/api-schema';
import { mustExist } from '@dms/model';
import { breakingRelease, provisionedEngines } from '@dms/testing';
import { expect, it } from 'vitest';
import {
  carriedDocuments,
  compareEarlier,
  completeTranslation,
  earlierSet,
  generatedDocuments,
  inBothDatabases,
  silentLosses,
} from '../../test/earlier-views.ts';
import { deriveEarlier } from './derive-earlier.ts';

/* The law of the views (design 21 §1) on the breaking release in miniature, which did what 6.0 of the data standard did. */

const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

it.each(mappingVersions)('has the rows of the earlier release, but for the list, in %s', async (mappingVersion) => {
  const before = earlierSet(breakingRelease.before.map(json), mappingVersion);
  const after = earlierSet(breakingRelease.after.map(json), mappingVersion);
  const translation = completeTranslation(json(breakingRelease.translation), before, after);
  const earlier = deriveEarlier(before.mapping, after.mapping, translation, '');
  expect(earlier.notGivenBack.map(({ place, reason }) => `${reason} ${place}`)).toEqual([
    'first Ed-Fi:Assessment.$.academicSubjects[*].academicSubjectDescriptor',
    'gone Ed-Fi:ContactTypeDescriptor',
    'made Ed-Fi:SchoolYearType',
  ]);
  const carried = await carriedDocuments(translation, before, generatedDocuments(before, 1));
  const engine = mustExist(provisionedEngines()[0], 'an engine');
  await inBothDatabases(engine, { before, after }, carried, async (databases) => {
    const found = await compareEarlier({ before, after, translation }, databases, earlier);
    expect(found).toMatchObject({ differences: [], hidden: 0 });
    expect(found.rows).toBeGreaterThan(50);
    // a list without an entry is found to be incomplete
    expect(silentLosses({ ...earlier, notGivenBack: [] })).toContain(
      'edfi.ContactTypeDescriptor is empty without a reason',
    );
  });
});
