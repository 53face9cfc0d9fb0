import { resourceLabel } from '@dms/api-schema';
import { openDatabase, parseTarget } from '@dms/databases';
import { createScratchDatabase, hasSharedData, readSharedJson } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { provisionedSet, releasedAndNow } from '../../test/upgrade-sets.ts';
import { fillDatabase } from './fill-database.ts';
import { proveUpgrade, verifyUpgrade } from './verify-upgrade.ts';

describe('an upgrade of the schemas of this repository', () => {
  it.each(['pgsql', 'mssql'] as const)(
    'is proven on %s',
    async (dialect) => {
      const [before, after] = releasedAndNow(dialect);
      const { plan, documents, skipped } = await verifyUpgrade(before, after);
      expect(plan.verdict).toBe('rewritten');
      expect(documents === null).toBe(dialect === 'mssql');
      if (documents !== null) expect(documents).toBeGreaterThan(60);
      expect(skipped).toEqual([]);
    },
    60_000,
  );

  it('is not proven where a table has no rows', async () => {
    const [before, after] = releasedAndNow('pgsql');
    const script = `${before.script}\nCREATE RULE nothing AS ON INSERT TO campus."StudentIdentificationDocumentRenewal" DO INSTEAD NOTHING;`;
    await expect(verifyUpgrade({ ...before, script }, after)).rejects.toMatchObject({
      diagnostics: [
        {
          code: 'VERIFY_BEHAVIOUR',
          message: expect.stringMatching(/^upgrade: campus\.StudentIdentificationDocumentRenewal/),
        },
      ],
    });
  }, 60_000);
});

describe.runIf(hasSharedData)(
  'the data standard 5.2 with documents of every resource (needs the shared conformance data)',
  () => {
    it('loses TPDM with permission, and gets it again', async () => {
      const core = readSharedJson('inputs', 'ds-5.2-core.json');
      const alone = provisionedSet([core], 'pgsql');
      const extended = provisionedSet([core, readSharedJson('inputs', 'tpdm-1.1-extension.json')], 'pgsql');
      const tables = [
        'CredentialExtension',
        'CredentialExtensionStudentAcademicRecord',
        'SchoolExtension',
        'SurveyResponseExtension',
      ];
      const database = await createScratchDatabase();
      const { target } = parseTarget(database.url, 'pgsql');
      if (target.kind === 'static') throw new Error('no database');
      const connection = await openDatabase(target);
      try {
        await connection.execute(extended.script);
        const filled = await fillDatabase(connection, extended, alone, { random: 0, limits: {} });
        expect(filled).toEqual({ skipped: [], faults: [] });
        // the tables on resources of the core are not all that the extension owns
        const ofTables = { allowLoss: tables.map((name) => `tpdm.${name}`) };
        await expect(proveUpgrade(connection, extended, alone, ofTables)).rejects.toMatchObject({ code: 'UPGRADE_LOSS' });
        const left = await proveUpgrade(connection, extended, alone, { allowLoss: ['TPDM'] });
        const again = await proveUpgrade(connection, alone, extended, {});
        expect(again).toEqual(left);
        const relational = alone.model.resources.filter(({ storageKind }) => storageKind === 'RelationalTables');
        expect(new Set([...again.values()].map(({ resource }) => resource))).toEqual(
          new Set(relational.map(({ resourceKey }) => resourceLabel(resourceKey))),
        );
      } finally {
        await connection.close();
        await database.drop();
      }
    }, 300_000);
  },
);
