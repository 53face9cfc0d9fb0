import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase, parseTarget } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import { build } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namedDatabases } from '../named-databases.ts';
import { jsonLines, ran } from '../ran.ts';

/* Documents of the second generation, with commands on the command line (design 17 §8, 17a). */

const { array, descriptor, descriptorPath, integer, object, project, reference, resource, string, uri } = build;

const schema = project('Core', [
  descriptor('KindDescriptor'),
  resource('Person', {
    allowIdentityUpdates: true,
    identityJsonPaths: ['$.personId'],
    documentPathsMapping: {},
    jsonSchemaForInsert: object({ personId: integer(), name: string() }, ['personId']),
  }),
  resource('Club', {
    identityJsonPaths: ['$.clubId'],
    documentPathsMapping: {
      Kind: descriptorPath('Core:KindDescriptor', '$.kindDescriptors[*]'),
      Leader: reference('Core:Person', [['$.personId', '$.leaderReference.personId']]),
    },
    arrayUniquenessConstraints: [{ paths: ['$.kindDescriptors[*]'] }, { paths: ['$.members[*].memberNumber'] }],
    queryFieldMapping: {
      leaderId: [{ path: '$.leaderReference.personId', type: 'number' }],
      memberNumber: [{ path: '$.members[*].memberNumber', type: 'number' }],
    },
    jsonSchemaForInsert: object(
      {
        clubId: integer(),
        leaderReference: object({ personId: integer() }, ['personId']),
        kindDescriptors: array(uri()),
        members: array(object({ memberNumber: integer(), title: string() }, ['memberNumber'])),
      },
      ['clubId', 'leaderReference'],
    ),
  }),
]);

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-second-generation-'));
const place = (name: string) => path.join(scratch, name);
const databases = namedDatabases('first', 'second', 'earlier');
const database = (name: string) => ['--artifacts', place('artifacts'), ...databases.connection(name)];

/** The files of a folder by name. */
function contentsOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map(({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      return [path.relative(folder, file), readFileSync(file, 'utf8')];
    }),
  );
}

beforeAll(async () => {
  writeFileSync(place('schema.json'), JSON.stringify(schema));
  const emitted = ['emit', '--schema', place('schema.json'), '--mapping-version', 'v2', '--dialect', 'pgsql'];
  expect(await ran([...emitted, '--output', place('artifacts')])).toMatchObject({ code: 0 });
  for (const name of ['first', 'second'])
    expect(await ran(['provision', ...database(name), '--dialect', 'pgsql'])).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('documents of the second generation from the command line', () => {
  it('a sample is loaded and dumped; the dump is loaded and dumped again, with the same bytes', async () => {
    const sampled = ['sample', '--artifacts', place('artifacts'), '--documents', '60', '--output', place('sample')];
    expect(await ran(sampled)).toMatchObject({ code: 0 });
    const loaded = await ran(['load', place('sample'), ...database('first'), '--json']);
    expect(jsonLines(loaded.out)).toMatchObject([{ command: 'load', total: { rejected: 0 }, isStopped: false }]);
    expect(await ran(['dump', ...database('first'), '--output', place('dump')])).toMatchObject({ code: 0 });
    expect(await ran(['load', place('dump'), ...database('second')])).toMatchObject({ code: 0 });
    expect(await ran(['dump', ...database('second'), '--output', place('again')])).toMatchObject({ code: 0 });
    expect(Object.keys(contentsOf(place('dump')))).toEqual(
      expect.arrayContaining(['core/clubs.jsonl', 'core/people.jsonl', 'core/kindDescriptors.jsonl']),
    );
    expect(contentsOf(place('again'))).toEqual(contentsOf(place('dump')));
  });

  it('the same documents again are unchanged, and a dump since the last version is empty', async () => {
    const count = Object.values(contentsOf(place('dump')))
      .join('')
      .trimEnd()
      .split('\n').length;
    const again = await ran(['load', place('dump'), ...database('first'), '--on-existing', 'replace', '--json']);
    expect(jsonLines(again.out)).toMatchObject([
      { total: { inserted: 0, replaced: 0, unchanged: count, rejected: 0 } },
    ]);
    const found = await ran(['get', 'Core:Club', ...database('first'), '--limit', '100', '--json']);
    const versions = jsonLines(found.out).flatMap((line) =>
      (line as { documents: { contentVersion: number }[] }).documents.map(({ contentVersion }) => contentVersion),
    );
    const since = String(Math.max(...versions));
    const dump = ['dump', ...database('first'), '--since', since, '--resource', 'Core:Club', '--output', place('none')];
    expect(await ran(dump)).toMatchObject({ code: 0, out: expect.stringMatching(/^0 documents of 0 resources/) });
    expect(existsSync(path.join(place('none'), 'core'))).toBe(false);
  });

  it('get reads page by page, filters by query field and says why it cannot filter by another', async () => {
    const get = async (...args: string[]) => {
      const { out } = await ran(['get', 'Core:Club', ...database('first'), '--json', ...args]);
      return jsonLines(out)[0] as { documents: { uuid: string; document: { clubId: number } }[]; next: string | null };
    };
    const all = await get('--limit', '1000');
    const count = all.documents.length;
    expect([count > 4, all.next]).toEqual([true, null]);
    // a full page that is the last page
    expect((await get('--limit', String(count))).next).toBeNull();
    const first = await get('--limit', '3');
    const rest = await get('--limit', '1000', '--cursor', first.next ?? '');
    expect([...first.documents, ...rest.documents]).toEqual(all.documents);
    const [one] = all.documents as unknown as { document: { leaderReference: { personId: number } } }[];
    const leader = one?.document.leaderReference.personId;
    const filtered = await get('--where', `leaderId=${leader}`);
    expect(filtered.documents[0]).toEqual(all.documents[0]);
    expect((await get('--where', 'leaderId=-1')).documents).toEqual([]);
    const refused = await ran(['get', 'Core:Club', ...database('first'), '--where', 'memberNumber=1']);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('error QUERY_FIELD_UNSUPPORTED') });
    expect(refused.err).toContain('memberNumber ($.members[*].memberNumber): it crosses an array scope');
  });

  it('changes prints deletes and changed keys as lines of JSON', async () => {
    const before = await ran(['changes', ...database('first'), '--json']);
    expect([before.code, jsonLines(before.out)]).toEqual([
      0,
      [{ type: 'result', command: 'changes', changes: 0, lastVersion: null }],
    ]);
    const { target } = parseTarget(databases.url('first'), 'pgsql');
    const connection = await openDatabase(target as never);
    const [gone] = await connection.query<{ id: string; clubId: number }>(
      trusted(
        `SELECT d."DocumentUuid"::text AS id, c."ClubId" AS "clubId" FROM core."Club" c JOIN dms."Document" d ON d."DocumentId" = c."DocumentId" LIMIT 1`,
      ),
    );
    await connection.execute(givenScript(`DELETE FROM core."Club" WHERE "ClubId" = ${gone?.clubId}`));
    await connection.execute(
      givenScript(
        `UPDATE core."Person" SET "PersonId" = -5 WHERE "PersonId" = (SELECT min("PersonId") FROM core."Person")`,
      ),
    );
    await connection.close();
    const printed = await ran(['changes', ...database('first')]);
    const lines = jsonLines(printed.out) as { kind: string; changeVersion: number }[];
    expect(lines).toEqual([
      {
        changeVersion: expect.any(Number),
        kind: 'delete',
        resource: 'Core:Club',
        uuid: gone?.id,
        oldKey: { clubId: gone?.clubId },
      },
      expect.objectContaining({ kind: 'keyChange', resource: 'Core:Person', newKey: { personId: -5 } }),
    ]);
    const later = await ran(['changes', ...database('first'), '--since', String(lines[0]?.changeVersion), '--json']);
    expect(jsonLines(later.out)).toMatchObject([
      { kind: 'keyChange' },
      { changes: 1, lastVersion: String(lines[1]?.changeVersion) },
    ]);
    const none = await ran(['changes', ...database('first'), '--since', '999999', '--json']);
    expect(jsonLines(none.out)).toEqual([{ type: 'result', command: 'changes', changes: 0, lastVersion: '999999' }]);
    const one = await ran(['changes', ...database('first'), '--resource', 'Core:Club']);
    expect(jsonLines(one.out)).toEqual(lines.slice(0, 1));
    const file = place('changes.ndjson');
    const inFile = await ran(['changes', ...database('first'), '--output', file]);
    expect([inFile.code, inFile.out]).toEqual([0, `2 changes written to ${file}\n`]);
    expect(readFileSync(file, 'utf8')).toBe(printed.out);
    const wrong = await ran(['changes', ...database('first'), '--resource', 'Core:Klub']);
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('error DOCUMENT_RESOURCE_UNKNOWN') });
  });

  it('a database of the first generation has no changes to print', async () => {
    const emitted = ['emit', '--schema', place('schema.json'), '--mapping-version', 'v1', '--dialect', 'pgsql'];
    expect(await ran([...emitted, '--output', place('artifacts-v1')])).toMatchObject({ code: 0 });
    const connection = ['--artifacts', place('artifacts-v1'), ...databases.connection('earlier')];
    expect(await ran(['provision', ...connection, '--dialect', 'pgsql'])).toMatchObject({ code: 0 });
    const refused = await ran(['changes', ...connection]);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('error CHANGES_NOT_TRACKED') });
  });
});
