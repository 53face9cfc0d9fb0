import { givenScript, trusted } from '@dms/sql';
import { ownProjects, ownSchemaFile, ownSchemasV2, testedGenerations } from '@dms/testing';
import { jsonText } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { copiedOds, schemaSuffix } from '../../test/copied-ods.ts';
import { unexplained } from '../../test/expected-losses.ts';
import { compiledFiles, fittedSamples } from '../../test/round-trip.ts';
import { type OdsDocument, readOds } from '../index.ts';

/**
 * Losses and additions of these documents: those of the first generation have optional references that share values.
 */
const classes = {
  v1: ['ODS_ORDER_LOST', 'ODS_REFERENCE_IMPLIED'],
  v2: ['ODS_MONEY_ROUNDED', 'ODS_ORDER_LOST'],
  'v2-natural': ['ODS_MONEY_ROUNDED', 'ODS_ORDER_LOST'],
};

describe.each(testedGenerations)('an ODS with the documents of a database in %s', (version) => {
  it('is read as these documents', async () => {
    const set = await compiledFiles(version, ...ownProjects[version].map(ownSchemaFile));
    const ods = await copiedOds(set, fittedSamples(set, 200));
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

it('is read as it is at one moment, whatever is written meanwhile', async () => {
  const set = await compiledFiles('v2', ...ownSchemasV2.map(ownSchemaFile));
  const ods = await copiedOds(set, fittedSamples(set, 120));
  try {
    const writer = await ods.other();
    const before: string[] = [];
    const during: string[] = [];
    const options = { schemaSuffix, onRefused: () => undefined };
    const kept = (texts: string[]) => async (document: OdsDocument) => {
      if (texts === during && texts.length === 0)
        await writer.execute(
          givenScript(`UPDATE edfi_ods.Student SET FirstName = 'changed'; DELETE FROM edfi_ods.Survey`),
        );
      texts.push(`${document.resource} ${jsonText(document.document)}`);
    };
    await readOds(ods.connection, set.mapping, set.model, kept(before), options);
    await readOds(ods.connection, set.mapping, set.model, kept(during), options);
    expect(during).toEqual(before);
    const [changed] = await writer.query<{ n: number }>(
      trusted(`SELECT count(*)::int4 AS n FROM edfi_ods.Student WHERE FirstName = 'changed'`),
    );
    expect(changed?.n).toBeGreaterThan(0);
  } finally {
    await ods.close();
  }
});
