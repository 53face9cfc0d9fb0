import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createScratchDatabase,
  hasSharedData,
  openSession,
  ownSchemaFile,
  ownSchemas,
  type PostgresDatabase,
  sharedFile,
  someOf,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/* check --data and --repair of derived rows (design 09c §4). */

/** Runs a command that must succeed; a failure shows its messages. */
async function done(...args: string[]): Promise<void> {
  const { code, err } = await ran(args);
  expect([args[0], code, code === 0 ? '' : err]).toEqual([args[0], 0, '']);
}

/** Parts of the schema of a set that the tests damage: a table of organizations, and its abstract identities. */
interface Damaged {
  readonly name: string;
  readonly schemas: readonly string[];
  readonly school: string;
  readonly label: string;
  readonly abstract: string;
  readonly hasDescriptors: boolean;
}

const sets: readonly Damaged[] = [
  {
    name: 'the first generation',
    schemas: ownSchemas.flatMap((name) => ['--schema', ownSchemaFile(name)]),
    school: 'campus."School"',
    label: 'Campus:School',
    abstract: 'campus."EducationOrganizationIdentity"',
    hasDescriptors: true,
  },
  ...(hasSharedData
    ? [
        {
          name: 'the second generation',
          schemas: [
            '--mapping-version',
            'v2',
            '--schema',
            sharedFile('fixtures-v2', 'polymorphic', 'inputs', 'ApiSchema.json'),
          ],
          school: 'edfi."School"',
          label: 'Ed-Fi:School',
          abstract: 'edfi."EducationOrganizationIdentity"',
          hasDescriptors: false,
        },
      ]
    : []),
];

describe.each(sets)('the rows of a database of $name', ({ schemas, school, label, abstract, hasDescriptors }) => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'dms-check-data-'));
  const place = (name: string) => path.join(scratch, name);
  let database: PostgresDatabase;
  const at = () => ['--artifacts', place('artifacts'), '--connection', database.url];
  const check = (...more: string[]) => ran(['check', ...at(), '--dialect', 'pgsql', '--data', ...more]);

  beforeAll(async () => {
    database = await createScratchDatabase();
    await done('emit', ...schemas, '--dialect', 'pgsql', '--output', place('artifacts'));
    await done('sample', '--artifacts', place('artifacts'), '--documents', '80', '--output', place('sample'));
    await done('provision', ...at(), '--dialect', 'pgsql');
    await done('load', place('sample'), ...at());
  });
  afterAll(async () => {
    await database.drop();
    rmSync(scratch, { recursive: true, force: true });
  });

  /** Changes rows while triggers and keys are off. */
  async function damage(sql: string): Promise<void> {
    const session = await openSession(database.url);
    await session.exec(`SET session_replication_role = replica; ${sql}`).finally(() => session.close());
  }

  /** The kinds and objects that a check reports, and whether it passed. */
  async function told(...more: string[]) {
    const { code, out } = await check('--json', ...more);
    const [result] = jsonLines(out);
    const data: readonly { readonly kind: string; readonly object: string; readonly count: number }[] = result.data;
    return { code, data: data.map(({ kind, object, count }) => `${kind} ${object} ${count}`) };
  }

  it('are right after loading', async () => {
    expect(await told()).toEqual({ code: 0, data: [] });
    expect((await check()).out).toContain('Rows: ok');
  });

  const someSchool = `(SELECT min("DocumentId") FROM ${school})`;
  const sourceAndTarget = '"SourceEducationOrganizationId", "TargetEducationOrganizationId"';

  const damages: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'a wrong referential id',
      `UPDATE dms."ReferentialIdentity" SET "ReferentialId" = gen_random_uuid() WHERE "DocumentId" = ${someSchool}`,
      [`referentialIdentity ${label} 1`],
    ],
    [
      'a missing referential id',
      `DELETE FROM dms."ReferentialIdentity" WHERE "DocumentId" = ${someSchool}`,
      [`referentialIdentity ${label} 1`],
    ],
    [
      'the referential id of a descriptor',
      'UPDATE dms."ReferentialIdentity" SET "ReferentialId" = gen_random_uuid() WHERE "DocumentId" = (SELECT min("DocumentId") FROM dms."Descriptor")',
      ['referentialIdentity dms.Descriptor 1'],
    ],
    [
      'an abstract identity with a wrong value',
      `UPDATE ${abstract} SET "EducationOrganizationId" = 987654 WHERE "DocumentId" = ${someSchool}`,
      [`abstractIdentity ${abstract.replaceAll('"', '')} 1`],
    ],
    [
      'an abstract identity of another member',
      `UPDATE ${abstract} SET "Discriminator" = 'Other:Thing' WHERE "DocumentId" = ${someSchool}`,
      [`abstractIdentity ${abstract.replaceAll('"', '')} 1`],
    ],
    [
      'a missing abstract identity',
      `DELETE FROM ${abstract} WHERE "DocumentId" = ${someSchool}`,
      [`abstractIdentity ${abstract.replaceAll('"', '')} 1`],
    ],
    [
      'a missing and a superfluous pair of the hierarchy',
      `DELETE FROM auth."EducationOrganizationIdToEducationOrganizationId" WHERE "SourceEducationOrganizationId" = (SELECT min("SchoolId") FROM ${school});
       INSERT INTO auth."EducationOrganizationIdToEducationOrganizationId" (${sourceAndTarget}) VALUES (-1, -2)`,
      ['hierarchy auth.EducationOrganizationIdToEducationOrganizationId 2'],
    ],
    [
      'a descriptor with the name of another resource',
      `UPDATE dms."Descriptor" SET "Discriminator" = 'Nobody' WHERE "DocumentId" = (SELECT min("DocumentId") FROM dms."Descriptor")`,
      ['discriminator dms.Descriptor 1'],
    ],
    [
      'a sequence that was set back',
      `SELECT setval('dms."ChangeVersionSequence"', 1)`,
      ['sequence dms.ChangeVersionSequence 1'],
    ],
    [
      'an identity that was set back',
      `SELECT setval(pg_get_serial_sequence('dms."Document"', 'DocumentId'), 1)`,
      ['sequence dms.Document.DocumentId 1'],
    ],
  ];

  it.each(
    someOf(
      damages.filter(([words]) => hasDescriptors || !words.includes('descriptor')),
      4,
    ),
  )('%s is reported and repaired', async (_, sql, expected) => {
    await damage(sql);
    expect(await told()).toEqual({ code: 1, data: expected });
    const { code, err } = await check('--repair');
    expect([code, err]).toEqual([0, expect.stringContaining('CHECK_REPAIR These rows are recomputed')]);
    expect(await told()).toEqual({ code: 0, data: [] });
  });

  it('wrong copies of content versions in roots are reported and repaired', async () => {
    const session = await openSession(database.url);
    const rows = await session.query(
      "SELECT 1 FROM information_schema.columns WHERE table_name = 'School' AND column_name = 'ContentVersion'",
    );
    await session.close();
    if (rows.length === 0) return;
    await damage(`UPDATE ${school} SET "ContentVersion" = 0 WHERE "DocumentId" = ${someSchool}`);
    expect(await told()).toEqual({ code: 1, data: [`contentVersion ${school.replaceAll('"', '')} 1`] });
    expect((await check('--repair')).code).toBe(0);
    expect(await told()).toEqual({ code: 0, data: [] });
  });

  it('a repair that does not help changes nothing', async () => {
    const wrong = `UPDATE dms."ReferentialIdentity" SET "ReferentialId" = gen_random_uuid() WHERE "DocumentId" = ${someSchool}`;
    await damage(`${wrong}; CREATE FUNCTION public.other() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW."ReferentialId" := gen_random_uuid(); RETURN NEW; END $$;
      CREATE TRIGGER other BEFORE INSERT ON dms."ReferentialIdentity" FOR EACH ROW EXECUTE FUNCTION public.other()`);
    const { code, err } = await check('--repair');
    expect([code, err]).toEqual([1, expect.stringContaining('error CHECK_REPAIR_FAILED')]);
    await damage('DROP FUNCTION public.other() CASCADE');
    expect(await told()).toEqual({ code: 1, data: [`referentialIdentity ${label} 1`] });
    expect((await check()).err).toContain('error CHECK_DATA_DIFFERS');
    expect((await check('--repair')).code).toBe(0);
  });

  it('a sequence that is behind fails the check without --data too', async () => {
    await damage(`SELECT setval('dms."ChangeVersionSequence"', 1)`);
    const { code, err } = await ran(['check', ...at(), '--dialect', 'pgsql']);
    expect([code, err]).toEqual([1, expect.stringContaining('error DB_SEQUENCE')]);
    expect((await check('--repair')).code).toBe(0);
    expect((await ran(['check', ...at(), '--dialect', 'pgsql'])).code).toBe(0);
  });

  it('rights that everybody has are a warning, which fails a strict check', async () => {
    await damage(`GRANT DELETE ON ${school} TO PUBLIC`);
    const { code, err } = await ran(['check', ...at(), '--dialect', 'pgsql']);
    expect([code, err]).toEqual([0, expect.stringContaining('warning DB_PUBLIC_RIGHTS')]);
    expect((await ran(['check', ...at(), '--dialect', 'pgsql', '--strict'])).code).toBe(1);
    await damage(`REVOKE ALL ON TABLE ${school} FROM PUBLIC`);
    expect((await ran(['check', ...at(), '--dialect', 'pgsql', '--strict'])).code).toBe(0);
  });

  it('a repair is asked for with the check of rows', async () => {
    const { code, err } = await ran(['check', ...at(), '--dialect', 'pgsql', '--repair']);
    expect([code, err]).toEqual([2, expect.stringContaining("option '--repair' needs '--data'")]);
  });

  it('a document whose row is missing is reported, and no repair creates it', async () => {
    await damage(`DELETE FROM ${school} WHERE "DocumentId" = ${someSchool}`);
    const { code, data } = await told();
    expect(code).toBe(1);
    expect(data).toContain(`documentWithoutRoot ${label} 1`);
    expect((await check('--repair')).code).toBe(1);
    expect((await told()).data).toContain(`documentWithoutRoot ${label} 1`);
  });
});
