import { ownSchemaFile, ownSchemas, ownSchemasV2 } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { copiedOds } from '../../test/copied-ods.ts';
import { unexplained } from '../../test/expected-losses.ts';
import { compiledFiles, fittedSamples } from '../../test/round-trip.ts';

const ownNames = { v1: ownSchemas, v2: ownSchemasV2 };

/** What these documents lose or get: the first generation's have two values for one column, and optional references that share values. */
const classes = {
  v1: ['ODS_NAME_COLLISION', 'ODS_ORDER_LOST', 'ODS_REFERENCE_IMPLIED'],
  v2: ['ODS_MONEY_ROUNDED', 'ODS_ORDER_LOST'],
};

describe.each(['v1', 'v2'] as const)('an ODS with the documents of a database in %s', (version) => {
  it('is read as these documents', async () => {
    const set = await compiledFiles(version, ...ownNames[version].map(ownSchemaFile));
    const ods = await copiedOds(set, fittedSamples(set, 400));
    try {
      expect(ods.refused).toEqual([]);
      const { found, reading } = await ods.read();
      expect(reading.documents).toBe(Object.values(found).flat().length);
      expect(unexplained(ods.dumped, found, reading.losses)).toEqual([]);
      expect([...new Set(reading.losses.map(({ code }) => code))]).toEqual(classes[version]);
    } finally {
      await ods.close();
    }
  });
});
