import { readFileSync } from 'node:fs';
import { resourceLabel } from '@dms/api-schema';
import { openDatabase, parseTarget } from '@dms/databases';
import { documentPlans } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { dialectOf, givenScript, textOf } from '@dms/sql';
import {
  breakingRelease,
  createScratchDatabase,
  hasSharedData,
  isThorough,
  ownSchema,
  ownSchemas,
  ownSchemasV2,
  readSharedJson,
  someOf,
  usualGenerations,
} from '@dms/testing';
import { compileTranslation, type SetPlaces, setPlaces } from '@dms/translation';
import { parseRename, planUpgrade, upgradeTranslation } from '@dms/upgrade';
import { describe, expect, it, vi } from 'vitest';
import { provisionedSet, releasedAndNow } from '../../test/upgrade-sets.ts';
import { fillDatabase } from './upgrade-documents.ts';
import { proveUpgrade, type SetWithScript, verifyUpgrade } from './verify-upgrade.ts';

const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

/** The translation of an upgrade from complete rules. */
function translationOf(before: SetWithScript, after: SetWithScript, rules: Record<string, unknown>) {
  const [earlier, later] = [before, after].map(({ model, inventory }) =>
    setPlaces(documentPlans(compileMappingSet(model), inventory)),
  ) as [SetPlaces, SetPlaces];
  const { translation, problems } = compileTranslation([rules], earlier, later);
  if (translation === null) throw new Error(JSON.stringify(problems));
  return upgradeTranslation(translation, before, after);
}

describe('an upgrade of the schemas of this repository', () => {
  it.each(['pgsql', 'mssql'] as const)('is proven on %s', async (dialect) => {
    const [before, after] = releasedAndNow(dialect);
    const { plan, documents, skipped } = await verifyUpgrade(before, after);
    expect(plan.verdict).toBe('rewritten');
    expect(documents === null).toBe(dialect === 'mssql');
    if (documents !== null) expect(documents).toBeGreaterThan(60);
    expect(skipped).toEqual([]);
  });

  /** Renames some names in the text of the schemas; with the renames for an upgrade. */
  const renamed = {
    v1: {
      schemas: ownSchemas,
      text: {
        studentUniqueId: 'learnerNumber',
        preferredName: 'nickname',
        identificationDocuments: 'papers',
        '"GradeLevelDescriptor"': '"YearDescriptor"',
        '"Athletics"': '"Sports"',
        '"athletics"': '"sports"',
        '_ext.athletics': '_ext.sports',
      },
      renames: [
        'Campus:Student.$.studentUniqueId=Campus:Student.$.learnerNumber',
        'Campus:Student.$.preferredName=Campus:Student.$.nickname',
        'Campus:Student.$.identificationDocuments[*]=Campus:Student.$.papers[*]',
        'Campus:GradeLevelDescriptor=Campus:YearDescriptor',
        'Athletics=Sports',
      ],
    },
    v2: {
      schemas: ownSchemasV2,
      text: {
        busId: 'vehicleNumber',
        birthDate: 'bornOn',
        '"TermDescriptor"': '"PeriodDescriptor"',
        '"Bus"': '"Vehicle"',
        '"Transport"': '"Mobility"',
        '"transport"': '"mobility"',
        '_ext.transport': '_ext.mobility',
      },
      renames: [
        'Transport:Bus.$.busId=Mobility:Vehicle.$.vehicleNumber',
        'Ed-Fi:Staff.$.birthDate=Ed-Fi:Staff.$.bornOn',
        'Ed-Fi:Student.$.birthDate=Ed-Fi:Student.$.bornOn',
        'Ed-Fi:TermDescriptor=Ed-Fi:PeriodDescriptor',
        'Transport:Bus=Mobility:Vehicle',
        'Transport=Mobility',
      ],
    },
  } as const;

  it.each(
    // each generation and each dialect
    someOf(
      [
        ['v1', 'pgsql'],
        ['v1', 'mssql'],
        ['v2', 'pgsql'],
        ['v2', 'mssql'],
      ] as const,
      3,
    ),
  )('is proven if names change: %s on %s', async (version, dialect) => {
    const { schemas, text, renames } = renamed[version];
    const documents = schemas.map((name) => JSON.stringify(ownSchema(name)));
    const later = documents.map((document) =>
      Object.entries(text).reduce((all, [from, to]) => all.replaceAll(from, to), document),
    );
    const [before, after] = [documents, later].map((texts) =>
      provisionedSet(
        texts.map((each) => JSON.parse(each)),
        dialect,
        version,
      ),
    ) as [SetWithScript, SetWithScript];
    const { plan, documents: count } = await verifyUpgrade(before, after, { renames: renames.map(parseRename) });
    expect([plan.verdict, plan.candidates]).toEqual(['checked', []]);
    if (dialect === 'pgsql') expect(count).toBeGreaterThan(40);
  });

  it.each(usualGenerations())('is proven where a translation makes others of documents, in %s', async (version) => {
    const [before, after] = [breakingRelease.before, breakingRelease.after].map((files) =>
      provisionedSet(files.map(json), 'pgsql', version),
    ) as [SetWithScript, SetWithScript];
    const rules = json(breakingRelease.translation);
    const translation = translationOf(before, after, rules);
    expect(translation.isRewriting).toBe(true);
    const { plan, documents } = await verifyUpgrade(before, after, { translation, random: 3 });
    expect(plan.items.filter((item) => item.class === 'impossible')).toEqual([]);
    expect(documents).toBeGreaterThan(20);
  });

  it('is not proven if a move changes a cached document', async () => {
    const [before, after] = (['v2', 'v2-natural'] as const).map((version) =>
      provisionedSet([ownSchema('district')], 'pgsql', version),
    ) as [SetWithScript, SetWithScript];
    const spoiling = dialectOf.pgsql.sql`UPDATE dms."DocumentCache" SET "DocumentJson" = '{"changed": true}'`;
    const { target } = parseTarget('pglite:', 'pgsql');
    if (target.kind === 'static') throw new Error('no database');
    const connection = await openDatabase(target);
    try {
      await connection.execute(givenScript(before.script));
      const renaming = planUpgrade(before, after).renaming;
      await fillDatabase(connection, before, after, { random: 1, limits: {}, renaming });
      const execute = connection.execute.bind(connection);
      vi.spyOn(connection, 'execute').mockImplementation(async (sql, ...limits) => {
        await execute(sql, ...limits);
        if (textOf(sql).startsWith('DROP TABLE')) await execute(spoiling);
      });
      await expect(proveUpgrade(connection, before, after, {})).rejects.toMatchObject({
        diagnostics: [{ code: 'VERIFY_BEHAVIOUR', message: 'upgrade: the upgrade changed rows of dms.DocumentCache' }],
      });
    } finally {
      await connection.close();
    }
  });

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
  });
});

// the package of upgrades tests the same with documents of every resource
if (isThorough)
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
          await connection.execute(givenScript(extended.script));
          const filled = await fillDatabase(connection, extended, alone, { random: 0, limits: {} });
          expect(filled).toEqual({ skipped: [], findings: [] });
          // besides these tables on resources of the core, the extension owns others
          const ofTables = { allowLoss: tables.map((name) => `tpdm.${name}`) };
          await expect(proveUpgrade(connection, extended, alone, ofTables)).rejects.toMatchObject({
            code: 'UPGRADE_LOSS',
          });
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
      });
    },
  );
