import { givenScript } from '@dms/sql';
import { hasSharedData, isThorough, readSharedJson } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { applyUpgrade } from '../../src/index.ts';
import { parseRename } from '../../src/renaming/renaming.ts';
import { type Compiled, compiled, contentsOf, documentRows, openOnServer } from '../bench.ts';
import { expectCatalog } from '../expected-catalog.ts';
import { trackedValues, wrongMirrors } from '../upgraded-v2.ts';
import { writeRows, writeTrackedRows } from '../written-rows.ts';

/** New names for some names in the text of the data standard. */
const text = {
  programName: 'schemeName',
  classPeriodName: 'slotName',
  birthCity: 'cityOfBirth',
  electronicMails: 'mailBoxes',
  '"GradeLevelDescriptor"': '"YearLevelDescriptor"',
  '"Program"': '"Scheme"',
  '"Location"': '"Place"',
};

const renames = [
  'Ed-Fi:GradeLevelDescriptor=Ed-Fi:YearLevelDescriptor',
  'Ed-Fi:Program=Ed-Fi:Scheme',
  'Ed-Fi:Location=Ed-Fi:Place',
  'Ed-Fi:Program.$.programName=Ed-Fi:Scheme.$.schemeName',
  'Ed-Fi:ClassPeriod.$.classPeriodName=Ed-Fi:ClassPeriod.$.slotName',
  'Ed-Fi:Student.$.birthCity=Ed-Fi:Student.$.cityOfBirth',
  ...['Contact', 'Staff', 'StudentEducationOrganizationAssociation'].map(
    (name) => `Ed-Fi:${name}.$.electronicMails[*]=Ed-Fi:${name}.$.mailBoxes[*]`,
  ),
].map(parseRename);

describe.runIf(hasSharedData && isThorough)(
  'the data standard of the second generation with renamed objects (needs the shared conformance data and DMS_PROPERTY_RUNS above 1)',
  () => {
    it('keeps documents and tracked changes of every resource', async () => {
      const schema = JSON.stringify(readSharedJson('fixtures-v2', 'ds-5.2', 'inputs', 'ds-5.2-core.v2.json'));
      const later = Object.entries(text).reduce((all, [from, to]) => all.replaceAll(from, to), schema);
      const [before, after] = [schema, later].map((each) => compiled([JSON.parse(each)], 'pgsql', 'v2')) as [
        Compiled,
        Compiled,
      ];
      const connection = await openOnServer();
      try {
        await connection.execute(givenScript(before.script));
        await writeRows(connection, before, contentsOf(before.model));
        await writeTrackedRows(connection, before);
        const rows = await documentRows(connection);
        const tracked = await trackedValues(connection, before);
        const { plan, documents } = await applyUpgrade(connection, before, after, { renames });
        expect([plan.verdict, plan.candidates, documents]).toEqual(['checked', [], rows.length]);
        await expectCatalog(connection, after);
        expect(await wrongMirrors(connection, after)).toEqual([]);
        expect(await trackedValues(connection, after)).toEqual(tracked);
      } finally {
        await connection.close();
      }
    });
  },
);
