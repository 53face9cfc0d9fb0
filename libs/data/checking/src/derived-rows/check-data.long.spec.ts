import type { Connection } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import {
  type DatabaseOfSpec,
  inTurn,
  ownScriptedSet,
  recordedSystemViews,
  sentTextFindings,
  sentTextScope,
  serverEngine,
  testedGenerations,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillWithSamples } from '../../test/filled-database.ts';
import { mssqlRowsOnPostgres, shortenedNames } from '../../test/mssql-rows-on-postgres.ts';
import type { CheckedSet } from '../checked-set.ts';
import { checkData, repairData } from './check-data.ts';

/*
 * Runs the SQL Server queries for derived rows on PostgreSQL, after translating them.
 * `libs/product/cli/test/databases/check-data.long.spec.ts` tests the queries for PostgreSQL in the same way.
 */

describe.each(testedGenerations)('the rows of a SQL Server database of %s', (version) => {
  const storesIds = version !== 'v2-natural';
  let database: DatabaseOfSpec;
  let connection: Connection;
  let input: CheckedSet;
  const sent = new Set<string>();
  let school: { readonly label: string; readonly table: string };
  let abstract: string;

  beforeAll(async () => {
    const pgsql = await ownScriptedSet('pgsql', version);
    input = await ownScriptedSet('mssql', version);
    database = await serverEngine.open(pgsql.script);
    await fillWithSamples(database.connection, pgsql);
    connection = mssqlRowsOnPostgres(
      database.connection,
      (text) => sent.add(text),
      shortenedNames(input.model, pgsql.model),
    );
    const { schema } = input.model.abstractIdentityTables[0]?.table.table ?? { schema: '' };
    const core = input.model.effectiveSchema.resourceKeys.find(({ resourceName }) => resourceName === 'School');
    school = { label: `${core?.projectName}:School`, table: `${schema}."School"` };
    abstract = `${schema}.EducationOrganizationIdentity`;
  });
  afterAll(() => database.close());

  const told = async () =>
    (await checkData(connection, input)).map(({ kind, object, count }) => `${kind} ${object} ${count}`);

  /** Changes rows with triggers and keys disabled. */
  const damage = (sql: string) =>
    database.connection.execute(
      givenScript(`SET session_replication_role = replica; ${sql}; SET session_replication_role = origin;`),
    );

  const some = () => `(SELECT min("DocumentId") FROM ${school.table})`;
  const quotedAbstract = () => abstract.replace(/\.(\w+)$/, '."$1"');

  it('are right after loading', async () => {
    expect(await told()).toEqual([]);
    const [{ n } = { n: 0 }] = await database.connection.query<{ n: number }>(
      trusted(`SELECT count(*)::int AS n FROM ${school.table}`),
    );
    expect(n).toBeGreaterThan(0);
  });

  const wrongUri = [
    'a Uri that was not made of namespace and code value',
    () =>
      `UPDATE dms."Descriptor" SET "Uri" = 'uri://zz' WHERE "DocumentId" = (SELECT max("DocumentId") FROM dms."Descriptor")`,
    () => ['descriptorUri dms.Descriptor 1'],
  ] as const;

  const damages: readonly (readonly [string, () => string, () => readonly string[]])[] = [
    [
      'a wrong referential id',
      () => `UPDATE dms."ReferentialIdentity" SET "ReferentialId" = gen_random_uuid() WHERE "DocumentId" = ${some()}`,
      () => [`referentialIdentity ${school.label} 1`],
    ],
    [
      'a missing referential id',
      () => `DELETE FROM dms."ReferentialIdentity" WHERE "DocumentId" = ${some()}`,
      () => [`referentialIdentity ${school.label} 1`],
    ],
    [
      'the referential id of a descriptor',
      () =>
        'UPDATE dms."ReferentialIdentity" SET "ReferentialId" = gen_random_uuid() WHERE "DocumentId" = (SELECT min("DocumentId") FROM dms."Descriptor")',
      () => ['referentialIdentity dms.Descriptor 1'],
    ],
    [
      'an abstract identity with a wrong value',
      () => `UPDATE ${quotedAbstract()} SET "EducationOrganizationId" = 987654 WHERE "DocumentId" = ${some()}`,
      () => [`abstractIdentity ${abstract} 1`],
    ],
    [
      'an abstract identity in other letter case',
      () => `UPDATE ${quotedAbstract()} SET "Discriminator" = lower("Discriminator") WHERE "DocumentId" = ${some()}`,
      () => [`abstractIdentity ${abstract} 1`],
    ],
    [
      'a missing abstract identity',
      () => `DELETE FROM ${quotedAbstract()} WHERE "DocumentId" = ${some()}`,
      () => [`abstractIdentity ${abstract} 1`],
    ],
    [
      'an abstract identity without a document',
      () => `UPDATE ${quotedAbstract()} SET "DocumentId" = -5 WHERE "DocumentId" = ${some()}`,
      () => [`abstractIdentity ${abstract} 2`],
    ],
    [
      'a missing and a superfluous pair of the hierarchy',
      () => `DELETE FROM auth."EducationOrganizationIdToEducationOrganizationId" WHERE "SourceEducationOrganizationId" = (SELECT min("SchoolId") FROM ${school.table});
       INSERT INTO auth."EducationOrganizationIdToEducationOrganizationId" VALUES (-1, -2)`,
      () => ['hierarchy auth.EducationOrganizationIdToEducationOrganizationId 2'],
    ],
    [
      'a descriptor with the name of another resource',
      () =>
        `UPDATE dms."Descriptor" SET "Discriminator" = 'Nobody' WHERE "DocumentId" = (SELECT min("DocumentId") FROM dms."Descriptor")`,
      () => ['discriminator dms.Descriptor 1'],
    ],
    wrongUri,
    [
      'a referential id without a document',
      () =>
        `INSERT INTO dms."ReferentialIdentity" SELECT gen_random_uuid(), max("DocumentId") + 1000, 1 FROM dms."Document"`,
      () => ['orphan dms.ReferentialIdentity 1'],
    ],
    [
      'a sequence that was set back',
      () => `SELECT setval('dms."ChangeVersionSequence"', 1)`,
      () => ['sequence dms.ChangeVersionSequence 1'],
    ],
    [
      'an identity that was set back',
      () => `SELECT setval(pg_get_serial_sequence('dms."Document"', 'DocumentId'), 1)`,
      () => ['sequence dms.Document.DocumentId 1'],
    ],
  ];

  const isRepaired = (damage: (typeof damages)[number]) =>
    storesIds || (damage !== wrongUri && !damage[0].includes('referential id'));

  it.each(inTurn(testedGenerations, version, damages).filter(isRepaired))(
    '%s is reported and repaired',
    async (_, sql, expected) => {
      await damage(sql());
      expect(await told()).toEqual(expected());
      expect(await repairData(connection, input)).toEqual([]);
      expect(await told()).toEqual([]);
    },
  );

  /** A table whose rows copy the identity of a student. */
  const copying = () => `${school.table.split('.')[0]}."StudentSectionAttendanceEvent"`;
  const someCopy = () => `(SELECT min("DocumentId") FROM ${copying()})`;
  const copyKey = () =>
    [...input.catalog.tables]
      .find(({ name }) => name === 'StudentSectionAttendanceEvent')
      ?.foreignKeys.find(({ target }) => target.table === 'Student')
      ?.columns.join(', ');
  const label = () => school.label.replace('School', 'StudentSectionAttendanceEvent');
  const brokenCopy = () =>
    `foreignKey ${copying().replaceAll('"', '')} (${copyKey()}) → ${copying().split('.')[0]}.Student 1`;
  const noStudent = '(SELECT max("DocumentId") + 5 FROM dms."Document")';
  const someDescriptor = '(SELECT min("DocumentId") FROM dms."Descriptor")';

  const contested: readonly (readonly [string, () => string, () => readonly string[]])[] = [
    [
      'a copied identity that its target does not have',
      () => `UPDATE ${copying()} SET "Student_StudentUniqueId" = 'zz' WHERE "DocumentId" = ${someCopy()}`,
      () => [brokenCopy(), ...(storesIds ? [`referentialIdentity ${label()} 1`] : [])],
    ],
    [
      'the id of a target that does not have the copied identity',
      () => `UPDATE ${copying()} SET "Student_DocumentId" = ${noStudent} WHERE "DocumentId" = ${someCopy()}`,
      () => [brokenCopy()],
    ],
    [
      'a code value that neither the Uri nor the referential id was made of',
      () => `UPDATE dms."Descriptor" SET "CodeValue" = 'zz' WHERE "DocumentId" = ${someDescriptor}`,
      () => ['descriptorUri dms.Descriptor 1'],
    ],
    [
      'two documents with one version',
      () =>
        `UPDATE dms."Document" SET "IdentityVersion" = (SELECT max("IdentityVersion") FROM dms."Document") WHERE "DocumentId" = ${some()}`,
      () => ['stamp dms.Document 2'],
    ],
    [
      'a time in the future',
      () => `UPDATE dms."Document" SET "CreatedAt" = '2999-01-01' WHERE "DocumentId" = ${some()}`,
      () => ['stamp dms.Document 1'],
    ],
  ];

  // without referential ids, a cached document alone decides about a Uri
  it.each([...inTurn(testedGenerations, version, contested), ...(storesIds ? [] : [wrongUri])])(
    '%s is reported, and nothing is rewritten',
    async (_, sql, expected) => {
      const tables = [
        copying(),
        'dms."Document"',
        'dms."Descriptor"',
        ...(storesIds ? ['dms."ReferentialIdentity"'] : []),
      ];
      const rows = () =>
        Promise.all(
          tables.map((name) =>
            database.connection.query(trusted(`SELECT t::text AS row FROM ${name} AS t ORDER BY 1`)),
          ),
        );
      await database.connection.execute(
        givenScript(
          tables
            .map(
              (name, index) =>
                `DROP TABLE IF EXISTS kept_${index}; CREATE TEMPORARY TABLE kept_${index} AS SELECT * FROM ${name}`,
            )
            .join(';'),
        ),
      );
      await damage(sql());
      const damaged = await rows();
      expect(await told()).toEqual(expected());
      expect((await repairData(connection, input)).map(({ repairable }) => repairable)).toEqual(
        expected().map(() => false),
      );
      expect(await rows()).toEqual(damaged);
      await damage(
        [
          `UPDATE ${copying()} AS t SET "Student_StudentUniqueId" = k."Student_StudentUniqueId", "Student_DocumentId" = k."Student_DocumentId" FROM kept_0 AS k WHERE k."DocumentId" = t."DocumentId"`,
          'UPDATE dms."Document" AS t SET "IdentityVersion" = k."IdentityVersion", "CreatedAt" = k."CreatedAt" FROM kept_1 AS k WHERE k."DocumentId" = t."DocumentId"',
          'UPDATE dms."Descriptor" AS t SET "CodeValue" = k."CodeValue", "Uri" = k."Uri" FROM kept_2 AS k WHERE k."DocumentId" = t."DocumentId"',
        ].join(';'),
      );
      expect(await told()).toEqual([]);
    },
  );

  it('wrong copies of content versions in roots are reported and repaired, if the generation has such copies', async () => {
    const repeats = input.catalog.tables.some(
      ({ name, columns }) => name === 'School' && columns.some((column) => column.name === 'ContentVersion'),
    );
    expect(repeats).toBe(version !== 'v1');
    if (!repeats) return;
    await damage(`UPDATE ${school.table} SET "ContentVersion" = 0 WHERE "DocumentId" = ${some()}`);
    expect(await told()).toEqual([`contentVersion ${school.table.replaceAll('"', '')} 1`]);
    expect(await repairData(connection, input)).toEqual([]);
    expect(await told()).toEqual([]);
  });

  it('are read with queries that pass the static checks', () => {
    const scope = sentTextScope(input.catalog, recordedSystemViews());
    expect(sent.size).toBeGreaterThan(30);
    const found = [...sent].flatMap((text) => {
      const declarations = text.includes('@p1') ? '@p1 nvarchar(max)' : '';
      // ids of organizations have a wider type in the abstract table and in the closure than in their own tables
      const isWidened = (fault: string) => /: (?:int is compared with bigint|bigint is compared with int)$/.test(fault);
      const faults = sentTextFindings({ text, declarations }, scope).filter((fault) => !isWidened(fault));
      return faults.length === 0 ? [] : [`${[...new Set(faults)].join('; ')} in: ${text.slice(0, 500)}`];
    });
    expect(found).toEqual([]);
  });
});
