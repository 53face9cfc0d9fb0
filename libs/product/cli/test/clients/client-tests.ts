import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type MappingVersion, mappingVersions } from '@dms/api-schema';
import {
  build,
  createProvisionedDatabase,
  dumpedLines,
  dumpedTexts,
  openSession,
  ownSchemaFile,
  type PostgresDatabase,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Json, parse, print, Refusal } from '../../../../../fixtures/clients/typescript/values.ts';
import { ran } from '../ran.ts';

/*
 * The requirements of a reference client: it uses only one file of the artifacts and a driver, and writes the same rows
 * as `load` (design 08 §11.5).
 */

/** A client on a database. It refuses a call with a {@link Refusal}. */
export interface ReferenceClient {
  /** Returns the uuid. */
  write(resource: string, document: string): Promise<string>;
  read(uuid: string): Promise<string | null>;
  remove(uuid: string): Promise<unknown>;
  end(): Promise<void>;
}

/** Opens a client with the one file that it needs of the artifacts in a folder, on a database by its URL. */
export type OpenClient = (artifacts: string, url: string) => Promise<ReferenceClient>;

const { array, integer, object, project, reference, resource, string } = build;

/** The identity of the target has a different order than the references to it, and shares a value with that of the pointer. */
const turned = project('Turned', [
  resource('Target', {
    identityJsonPaths: ['$.b', '$.a'],
    jsonSchemaForInsert: object({ a: integer(), b: string(20) }, ['a', 'b']),
  }),
  resource('Pointer', {
    identityJsonPaths: ['$.key', '$.a'],
    documentPathsMapping: {
      Target: reference('Turned:Target', [
        ['$.a', '$.targetReference.a'],
        ['$.b', '$.targetReference.b'],
      ]),
    },
    equalityConstraints: [{ sourceJsonPath: '$.a', targetJsonPath: '$.targetReference.a' }],
    arrayUniquenessConstraints: [{ paths: ['$.items[*].name'] }],
    jsonSchemaForInsert: object(
      {
        key: integer(),
        a: integer(),
        targetReference: object({ a: integer(), b: string(20) }, ['a', 'b']),
        items: array(object({ name: string(20) }, ['name'])),
      },
      ['key', 'a', 'targetReference'],
    ),
  }),
]);

/** Environment variable with the connection of the commands. */
const variable = `DMS_CLIENTS_DB_${process.pid}`;

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-clients-'));
const place = (...names: readonly string[]) => path.join(scratch, ...names);

export interface ClientSet {
  readonly name: string;
  readonly version: MappingVersion;
  readonly schemas: readonly string[];
  readonly isThere?: boolean;
}

/** Makes the folder for the tests of a file, which may share the process with another file. */
function useScratch(): void {
  mkdirSync(scratch, { recursive: true });
  writeFileSync(place('turned.json'), JSON.stringify(turned));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
}

const district = [ownSchemaFile('district'), ownSchemaFile('transport')];

/** Every third has a different name and generation. */
export const ownSets: readonly ClientSet[] = [
  { name: 'campus', version: 'v1', schemas: [ownSchemaFile('campus'), ownSchemaFile('athletics')] },
  { name: 'turned', version: 'v2-natural', schemas: [place('turned.json')] },
  { name: 'district', version: 'v1', schemas: district },
  { name: 'turned', version: 'v2', schemas: [place('turned.json')] },
  { name: 'turned', version: 'v1', schemas: [place('turned.json')] },
  { name: 'district', version: 'v2', schemas: district },
  { name: 'district', version: 'v2-natural', schemas: district },
];

/** A document of a file of `sample`. */
interface Sampled {
  readonly file: string;
  readonly resource: string;
  readonly text: string;
}

/** Whether an extension adds data to items of another project's array, and so repeats their order and number. */
const extendsItems = (value: Json, isInside = false): boolean => {
  if (Array.isArray(value)) return value.some((item) => extendsItems(item, isInside));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, member]) => (name === '_ext' && isInside) || extendsItems(member, isInside || name === '_ext'),
  );
};

/** The same document with reversed arrays, and without the last item of arrays with several items. */
const turnedAround = (value: Json): Json => {
  if (Array.isArray(value)) return (value.length > 1 ? value.slice(0, -1) : value).map(turnedAround).reverse();
  if (typeof value !== 'object' || value === null || extendsItems(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, turnedAround(member)]));
};

const byMember = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(byMember);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]): [string, Json] => [name, byMember(member)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
};

/** Documents as lines that do not depend on the order of members and documents. */
const linesOf = (documents: readonly Pick<Sampled, 'file' | 'text'>[]) =>
  documents.map(({ file, text }) => `${file} ${print(byMember(parse(text)))}`).sort();

/** Writes, reads, replaces and removes 100 documents of each schema set. */
export function testDocuments(open: OpenClient, sets: readonly ClientSet[] = ownSets): void {
  useScratch();
  describe.each(sets)('documents of $name in $version', (set) => {
    const folder = place(`${set.name}-${set.version}`);
    const at = (name: string) => path.join(folder, name);
    let database: PostgresDatabase;
    let client: ReferenceClient;
    let sampled: readonly Sampled[];
    const uuids = new Map<Sampled, string>();

    const done = async (...args: readonly string[]) => {
      const { code, out, err } = await ran(args);
      expect([code, code === 0 ? '' : out + err]).toEqual([0, '']);
    };
    const onDatabase = ['--connection-env', variable];
    const dumped = async (name: string) => {
      await done('dump', '--artifacts', at('out'), '--dialect', 'pgsql', ...onDatabase, '--output', at(name));
      return Object.entries(dumpedTexts(at(name))).flatMap(([file, text]) =>
        text.split('\n').flatMap((line) => (line === '' ? [] : [{ file, text: line }])),
      );
    };

    /** Does something with each document, in as many rounds as the references between them need. */
    const inRounds = async (documents: readonly Sampled[], work: (document: Sampled) => Promise<unknown>) => {
      let left = documents;
      while (left.length > 0) {
        const refused: Sampled[] = [];
        let last: unknown;
        for (const document of left)
          try {
            await work(document);
          } catch (error) {
            if (!(error instanceof Refusal)) throw error;
            last = error;
            refused.push(document);
          }
        if (refused.length === left.length) throw last;
        left = refused;
      }
    };

    beforeAll(async () => {
      const emit = ['emit', '--schema', ...set.schemas, '--mapping-version', set.version, '--dialect', 'pgsql'];
      await done(...emit, '--output', at('out'));
      await done('sample', '--artifacts', at('out'), '--documents', '100', '--output', at('sample'));
      database = await createProvisionedDatabase(readFileSync(at('out/pgsql.sql'), 'utf8'));
      process.env[variable] = database.url;
      client = await open(at('out'), database.url);
      const plans = JSON.parse(readFileSync(at('out/plans.pgsql.json'), 'utf8'));
      const endpoints = new Map<string, string>();
      for (const { resource: own, endpointName } of plans.resources) {
        const { projectEndpointName } = plans.effectiveSchema.projects.find(
          ({ projectName }: { readonly projectName: string }) => projectName === own.projectName,
        );
        endpoints.set(`${projectEndpointName}/${endpointName}.jsonl`, `${own.projectName}:${own.resourceName}`);
      }
      sampled = [...dumpedLines(at('sample'))].flatMap(([file, lines]) =>
        lines.map((text) => ({ file, resource: endpoints.get(file) ?? '', text })),
      );
    });
    afterAll(async () => {
      delete process.env[variable];
      await client?.end();
      await database?.drop();
    });

    it('are written, and a dump has them', async () => {
      await inRounds(sampled, async (document) => {
        uuids.set(document, await client.write(document.resource, document.text));
      });
      expect(linesOf(await dumped('first'))).toEqual(linesOf(sampled));
      await done('check', '--data', '--artifacts', at('out'), '--dialect', 'pgsql', ...onDatabase);
    });

    it('are read as they were written', async () => {
      const read: Pick<Sampled, 'file' | 'text'>[] = [];
      for (const document of sampled)
        read.push({ file: document.file, text: (await client.read(uuids.get(document) ?? '')) ?? '{}' });
      expect(linesOf(read)).toEqual(linesOf(sampled));
    });

    it('are replaced by others with the same identity', async () => {
      const turnedDocuments = sampled.map((document) => ({
        ...document,
        text: print(turnedAround(parse(document.text))),
      }));
      for (const [index, document] of turnedDocuments.entries())
        expect(await client.write(document.resource, document.text)).toBe(uuids.get(sampled[index] as Sampled));
      expect(linesOf(await dumped('turned'))).toEqual(linesOf(turnedDocuments));
      await done('check', '--data', '--artifacts', at('out'), '--dialect', 'pgsql', ...onDatabase);
      for (const document of sampled) await client.write(document.resource, document.text);
      expect(linesOf(await dumped('again'))).toEqual(linesOf(sampled));
    });

    it('are replaced although another program moved their items below zero', async () => {
      const session = await openSession(database.url);
      // in `v1` positions are parts of keys, which stay
      const tables = await session.query<{ name: string }>(
        `SELECT c.oid::regclass::text AS name FROM pg_attribute AS a INNER JOIN pg_class AS c ON c.oid = a.attrelid AND c.relkind = 'r'
         WHERE a.attname = 'Ordinal' AND NOT EXISTS (SELECT 1 FROM pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype = 'p' AND a.attnum = ANY (k.conkey))`,
      );
      const move = (by: number) => tables.map(({ name }) => `UPDATE ${name} SET "Ordinal" = "Ordinal" + ${by}`);
      await session.exec([...move(-1002), ...move(1000)].join('; '));
      await session.close();
      for (const document of sampled) await client.write(document.resource, document.text);
      expect(linesOf(await dumped('mended'))).toEqual(linesOf(sampled));
      await done('check', '--data', '--artifacts', at('out'), '--dialect', 'pgsql', ...onDatabase);
    });

    it('are removed, those that others name last', async () => {
      await inRounds(sampled.toReversed(), (document) => client.remove(uuids.get(document) ?? ''));
      expect(await dumped('empty')).toEqual([]);
    });
  });
}

/** Calls that a client refuses, and its messages. */
export function testRefusals(open: OpenClient): void {
  useScratch();
  describe.each(mappingVersions)('what is refused in %s', (version) => {
    let database: PostgresDatabase;
    let client: ReferenceClient;
    const output = place(`refused-${version}`);
    const uri = 'uri://ed-fi.org/GradeLevelDescriptor#Ninth';
    const school = (more: object = {}) =>
      JSON.stringify({
        schoolId: 1,
        nameOfInstitution: 'One',
        localEducationAgencyReference: { localEducationAgencyId: 7 },
        gradeLevels: [{ gradeLevelDescriptor: uri }],
        ...more,
      });
    const ninth = JSON.stringify({
      namespace: 'uri://ed-fi.org/GradeLevelDescriptor',
      codeValue: 'Ninth',
      shortDescription: 'Ninth',
    });
    const agencyOf = (id: number) => JSON.stringify({ localEducationAgencyId: id, nameOfInstitution: 'North' });
    const refusal = (work: Promise<unknown>) =>
      work.then(
        () => 'nothing',
        (error: unknown) => (error instanceof Refusal ? error.message : String(error)),
      );

    beforeAll(async () => {
      const { code } = await ran(
        [
          ...['emit', '--schema', ownSchemaFile('district'), '--mapping-version', version],
          ...['--dialect', 'pgsql', '--output', output],
        ],
        {},
      );
      expect(code).toBe(0);
      database = await createProvisionedDatabase(readFileSync(path.join(output, 'pgsql.sql'), 'utf8'));
      client = await open(output, database.url);
    });
    afterAll(async () => {
      await client?.end();
      await database?.drop();
    });

    it('has a line each', async () => {
      expect(await refusal(client.write('Ed-Fi:School', school()))).toMatch(
        /^Ed-Fi:School .*there is no Ed-Fi:(LocalEducationAgency \$\.localEducationAgencyId=7|GradeLevelDescriptor \$\.descriptor=uri)/,
      );
      await client.write('Ed-Fi:GradeLevelDescriptor', ninth);
      const agency = await client.write('Ed-Fi:LocalEducationAgency', agencyOf(7));
      const far = { localEducationAgencyReference: { localEducationAgencyId: 99_999_999_999 } };
      expect(await refusal(client.write('Ed-Fi:School', school(far)))).toMatch(
        /^Ed-Fi:School .*: there is no Ed-Fi:LocalEducationAgency \$\.localEducationAgencyId=99999999999$/,
      );
      const uuid = await client.write('Ed-Fi:School', school());
      expect(await client.write('Ed-Fi:School', school())).toBe(uuid);
      // the identity of the agency as that of the abstract resource
      expect(await refusal(client.write('Ed-Fi:LocalEducationAgency', agencyOf(1)))).toBe(
        'another Ed-Fi:EducationOrganization has the same $.educationOrganizationId',
      );
      expect(await refusal(client.remove(agency))).toBe(
        'a Ed-Fi:School refers to it with $.localEducationAgencyReference',
      );
      expect(
        await refusal(
          client.write(
            'Ed-Fi:School',
            school({ gradeLevels: [{ gradeLevelDescriptor: uri }, { gradeLevelDescriptor: uri.toUpperCase() }] }),
          ),
        ),
      ).toBe('Ed-Fi:School: two elements are equal in $.gradeLevels[*].gradeLevelDescriptor');
      expect(await refusal(client.write('Ed-Fi:School', school({ addresses: [{ cty: 'Austin' }] })))).toBe(
        'Ed-Fi:School $.addresses[0].cty: there is no such member',
      );
      expect(await refusal(client.write('Ed-Fi:School', school({ schoolId: 'one' })))).toBe(
        'Ed-Fi:School $.schoolId: "one" is not a Int32',
      );
      await client.remove(uuid);
      expect(await client.read(uuid)).toBeNull();
      await client.remove(agency);
    });

    it('is not a document whose key another program changed while the client waited for its lock', async () => {
      const uuid = await client.write('Ed-Fi:LocalEducationAgency', agencyOf(20));
      const [other, watcher] = [await openSession(database.url), await openSession(database.url)];
      await other.exec('BEGIN');
      await other.exec(
        'UPDATE edfi."LocalEducationAgency" SET "LocalEducationAgencyId" = 21 WHERE "LocalEducationAgencyId" = 20',
      );
      const written = client.write('Ed-Fi:LocalEducationAgency', agencyOf(20));
      const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      await expect.poll(() => watcher.query(waiting), { timeout: 20_000 }).toHaveLength(1);
      await other.exec('COMMIT');
      await Promise.all([other.close(), watcher.close()]);
      expect(await written).not.toBe(uuid);
      expect(JSON.parse((await client.read(uuid)) ?? '')).toEqual(JSON.parse(agencyOf(21)));
    });

    it('is a descriptor that has its key twice, in a database that finds it by its key', async () => {
      const uuid = await client.write('Ed-Fi:GradeLevelDescriptor', ninth);
      await client.write('Ed-Fi:GradeLevelDescriptor', ninth.replace('"Ninth"', '"Tenth"'));
      const session = await openSession(database.url);
      const [{ index = null } = {}] = await session.query<{ index: string | null }>(
        `SELECT to_regclass('dms."UX_Descriptor_UriLowered_ResourceKeyId"')::text AS index`,
      );
      await session.exec(
        index === null
          ? 'ALTER TABLE dms."Descriptor" DROP CONSTRAINT "UX_Descriptor_Uri_Discriminator"'
          : `DROP INDEX ${index}`,
      );
      await session.exec(`UPDATE dms."Descriptor" SET "Uri" = '${uri}' WHERE "CodeValue" = 'Tenth'`);
      await session.close();
      const written = client.write('Ed-Fi:GradeLevelDescriptor', ninth);
      if (index === null) expect(await written).toBe(uuid);
      else expect(await refusal(written)).toBe('two documents have one key: the database lacks a unique key');
    });

    it('is a database of another shape with the same schema hash', async () => {
      const session = await openSession(database.url);
      const [{ hashes = null } = {}] = await session.query<{ hashes: string | null }>(
        `SELECT to_regclass('dms."ReferentialIdentity"')::text AS hashes`,
      );
      await session.exec(
        hashes === null
          ? 'CREATE TABLE dms."ReferentialIdentity" ()'
          : 'ALTER TABLE dms."ReferentialIdentity" RENAME TO "Renamed"',
      );
      await session.close();
      const read = async () => {
        const other = await open(output, database.url);
        return other.read('00000000-0000-4000-8000-000000000000').finally(() => other.end());
      };
      expect(await refusal(read())).toContain('the database has another shape of schema dms');
    });
  });
}
