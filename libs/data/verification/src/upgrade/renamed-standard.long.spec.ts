import { openDatabase, parseTarget } from '@dms/databases';
import { upgradeScriptFindings } from '@dms/script-checks';
import { givenScript } from '@dms/sql';
import { createScratchDatabase, hasSharedData, isThorough, readSharedJson } from '@dms/testing';
import { parseRename, planUpgrade } from '@dms/upgrade';
import { describe, expect, it } from 'vitest';
import { provisionedSet } from '../../test/upgrade-sets.ts';
import { fillDatabase } from './upgrade-documents.ts';
import { proveUpgrade } from './verify-upgrade.ts';

/** Renames some names in the text of the data standard and of TPDM. */
const text = {
  studentUniqueId: 'learnerNumber',
  birthCity: 'cityOfBirth',
  electronicMails: 'mailBoxes',
  '"TPDM"': '"Preparation"',
  '"tpdm"': '"preparation"',
  '_ext.tpdm': '_ext.preparation',
  '"GradeLevelDescriptor"': '"YearLevelDescriptor"',
  '"Program"': '"Scheme"',
};

/** The renames for these changes, without those that a plan proposes itself once these are given. */
const renames = [
  'Ed-Fi:Student.$.studentUniqueId=Ed-Fi:Student.$.learnerNumber',
  'Ed-Fi:GradeLevelDescriptor=Ed-Fi:YearLevelDescriptor',
  'Ed-Fi:Program=Ed-Fi:Scheme',
  'TPDM=Preparation',
  ...['Contact', 'Staff', 'StudentEducationOrganizationAssociation'].map(
    (name) => `Ed-Fi:${name}.$.electronicMails[*]=Ed-Fi:${name}.$.mailBoxes[*]`,
  ),
  'TPDM:Candidate.$.electronicMails[*]=Preparation:Candidate.$.mailBoxes[*]',
].map(parseRename);

const proposed = [
  'Ed-Fi:Student.$.birthCity=Ed-Fi:Student.$.cityOfBirth',
  'TPDM:Candidate.$.birthCity=Preparation:Candidate.$.cityOfBirth',
].map(parseRename);

const all = { renames: [...renames, ...proposed] };

function sets(dialect: 'pgsql' | 'mssql') {
  const schemas = ['ds-5.2-core.json', 'tpdm-1.1-extension.json'].map((name) =>
    JSON.stringify(readSharedJson('inputs', name)),
  );
  const later = schemas.map((schema) =>
    Object.entries(text).reduce((found, [from, to]) => found.replaceAll(from, to), schema),
  );
  return [schemas, later].map((texts) =>
    provisionedSet(
      texts.map((each) => JSON.parse(each)),
      dialect,
    ),
  ) as [ReturnType<typeof provisionedSet>, ReturnType<typeof provisionedSet>];
}

describe.runIf(hasSharedData)('the data standard 5.2 with renamed objects (needs the shared conformance data)', () => {
  it('proposes missing renames, and loses nothing when all are given', () => {
    const [before, after] = sets('pgsql');
    expect(planUpgrade(before, after, { renames }).candidates).toEqual(proposed);
    const { verdict, candidates } = planUpgrade(before, after, all);
    expect([verdict, candidates]).toEqual(['checked', []]);
  });

  if (isThorough)
    it('keeps what every table holds', async () => {
      const [before, after] = sets('pgsql');
      const database = await createScratchDatabase();
      const { target } = parseTarget(database.url, 'pgsql');
      if (target.kind === 'static') throw new Error('no database');
      const connection = await openDatabase(target);
      try {
        await connection.execute(givenScript(before.script));
        const { renaming } = planUpgrade(before, after, all);
        const filled = await fillDatabase(connection, before, after, { random: 0, limits: {}, renaming });
        expect(filled).toEqual({ skipped: [], findings: [] });
        expect((await proveUpgrade(connection, before, after, all)).size).toBeGreaterThan(500);
      } finally {
        await connection.close();
        await database.drop();
      }
    });

  it('has a valid script for SQL Server', () => {
    const { script } = planUpgrade(...sets('mssql'), all);
    expect(upgradeScriptFindings(script ?? '')).toEqual([]);
  });
});
