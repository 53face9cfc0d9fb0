import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jsonText } from '@dms/canonical-json';
import type { Connection } from '@dms/databases';
import { sampleDocuments } from '@dms/samples';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, type Compiled, engines, ownSet } from '../../test/bench.ts';
import { type LoadOptions, loadDocuments } from '../loading/load-documents.ts';
import type { LoadReject } from '../loading/load-report.ts';

const server = engines.find(({ isServer }) => isServer);
const embedded = engines.find(({ isServer }) => !isServer);
if (!server || !embedded) throw new Error('an engine is missing');

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-bulk-spec-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const file = (name: string, ...records: readonly unknown[]) => {
  mkdirSync(scratch, { recursive: true });
  writeFileSync(path.join(scratch, name), records.map((each) => `${JSON.stringify(each)}\n`).join(''));
  return path.join(scratch, name);
};

const sample = (set: Compiled, documents: number, seed: number) => {
  const lines = [...sampleDocuments(set.plans.mappingSet.model, { documents, seed })].map(
    ({ resource, document }) => `{"resource":${JSON.stringify(resource)},"document":${jsonText(document)}}\n`,
  );
  const name = path.join(scratch, `sample-${seed}.jsonl`);
  writeFileSync(name, lines.join(''));
  return name;
};

const district = (districtId: number, more = {}) => ({
  resource: 'Campus:District',
  document: { districtId, districtName: `District ${districtId}`, ...more },
});

/** A database, and loads into it. */
class Target {
  readonly bench: Bench;
  readonly set: Compiled;
  private bulk: Connection | undefined;

  constructor(bench: Bench, set: Compiled) {
    this.bench = bench;
    this.set = set;
  }

  async load(paths: readonly string[], isBulk: boolean, options: LoadOptions = {}) {
    const rejects: LoadReject[] = [];
    if (isBulk) this.bulk ??= await this.bench.open({ forCopies: true });
    const summary = await loadDocuments([this.bench.connection], this.set.plans, paths, {
      ...{ isContinued: true, bulk: isBulk ? this.bulk : undefined },
      onReject: (reject) => void rejects.push(reject),
      ...options,
    });
    const told = rejects.map(({ line, resource, problems }) => [line, resource, problems.map(({ code }) => code)]);
    return { summary, told };
  }

  async count(table = 'dms."Document"'): Promise<number> {
    const [row] = await this.bench.connection.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
    return row?.n ?? -1;
  }

  /** All rows of all tables but versions, times and uuids, which no two runs share. A document id is shown as the identity of the document. */
  async rows(): Promise<Record<string, readonly string[]>> {
    const identity = (column: string) =>
      `(SELECT i."ReferentialId" FROM dms."ReferentialIdentity" i JOIN dms."Document" d USING ("DocumentId", "ResourceKeyId") WHERE i."DocumentId" = t.${column})`;
    const tables = await this.bench.connection.query<{ name: string; columns: readonly string[] }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name, array_agg(quote_ident(column_name) ORDER BY ordinal_position) AS columns
        FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
        WHERE table_schema IN ('campus', 'athletics', 'auth', 'dms') AND table_type = 'BASE TABLE' AND table_name <> 'DocumentChangeEvent'
          AND column_name NOT IN ('DocumentUuid', 'ContentVersion', 'IdentityVersion', 'ContentLastModifiedAt', 'IdentityLastModifiedAt', 'CreatedAt', 'AppliedAt')
        GROUP BY 1 ORDER BY 1`,
    );
    const all: Record<string, readonly string[]> = {};
    for (const { name, columns } of tables) {
      const shown = columns.map((column) =>
        /(?:DocumentId|_DescriptorId)"?$/.test(column) ? identity(column) : `t.${column}`,
      );
      const text = `SELECT ROW(${shown.join(', ')})::text AS row FROM ${name} t`;
      const rows = await this.bench.connection.query<{ row: string }>(text);
      all[name] = rows.map(({ row }) => row).sort();
    }
    return all;
  }

  /** Triggers that are off, of those of the script. */
  async disabled(): Promise<number> {
    const [row] = await this.bench.connection.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'`,
    );
    return row?.n ?? -1;
  }

  async empty(): Promise<void> {
    const tables = await this.bench.connection.query<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables WHERE table_schema = 'auth'`,
    );
    const names = ['dms."Document"', 'dms."DocumentChangeEvent"', ...tables.map(({ name }) => name)];
    await this.bench.connection.execute(
      `TRUNCATE TABLE ${names.join(', ')} CASCADE; ALTER TABLE dms."Document" ALTER COLUMN "DocumentId" RESTART`,
    );
  }
}

describe('load --bulk', () => {
  let target: Target;
  beforeAll(async () => {
    const set = ownSet();
    target = new Target(await server.open(set.script), set);
  }, 120_000);
  afterAll(() => target.bench.close());
  beforeEach(() => target.empty());
  afterEach(async () => {
    expect(await target.disabled()).toBe(0);
  });

  it.each([1, 2])(
    'leaves the rows that a plain load leaves (seed %d)',
    async (seed) => {
      const wrong = file(
        `wrong-${seed}.jsonl`,
        district(900_000_001),
        district(900_000_001),
        { resource: 'Campus:School', document: { schoolId: 900_000_001, schoolName: 'has the id of a district' } },
        {
          resource: 'Campus:School',
          document: { schoolId: 900_000_002, schoolName: 'x', districtReference: { districtId: 900_000_009 } },
        },
        district(900_000_003, { none: 1 }),
        district(900_000_004, { districtName: 'a\tb\\c\nd\re \\N' }),
      );
      const paths = [sample(target.set, 400, seed), wrong];
      const plain = await target.load(paths, false);
      const [rows, events] = [await target.rows(), await target.count('dms."DocumentChangeEvent"')];
      await target.empty();
      const bulk = await target.load(paths, true);
      expect(bulk.told).toEqual(plain.told);
      expect(bulk.told.length).toBe(4);
      expect(bulk.summary).toEqual(plain.summary);
      expect(await target.rows()).toEqual(rows);
      // an event for each document, where a plain load leaves one more for each child table
      const versions = await target.bench.connection.query(
        `SELECT FROM dms."Document" d WHERE NOT EXISTS
        (SELECT FROM dms."DocumentChangeEvent" e WHERE e."DocumentId" = d."DocumentId" AND e."ChangeVersion" = d."ContentVersion")`,
      );
      expect(versions).toEqual([]);
      expect(await target.count('dms."DocumentChangeEvent"')).toBe(await target.count());
      expect(events).toBeGreaterThan(await target.count());
    },
    120_000,
  );

  it('adds to what is there, and skips or refuses what is there already', async () => {
    await target.load([file('first.jsonl', district(1), district(2))], false);
    const school = {
      resource: 'Campus:School',
      document: { schoolId: 9, schoolName: 'x', districtReference: { districtId: 1 } },
    };
    const second = file('second.jsonl', district(2), district(3), school);
    const refused = await target.load([second], true);
    expect(refused.told).toEqual([[1, 'Campus:District', ['DOCUMENT_EXISTS']]]);
    expect(refused.summary.total).toMatchObject({ inserted: 2, rejected: 1 });
    const skipped = await target.load([second], true, { onExisting: 'skip' });
    expect(skipped.summary.total).toMatchObject({ inserted: 0, skipped: 3, rejected: 0 });
    expect(await target.count()).toBe(4);
  });

  it('loads no document where one is rejected and the run is not to go on', async () => {
    const input = file('stopped.jsonl', district(1), district(2, { none: 1 }), district(3));
    const { summary } = await target.load([input], true, { isContinued: false });
    expect(summary).toMatchObject({ isStopped: true, total: { inserted: 0, rejected: 1 } });
    expect(await target.count()).toBe(0);
  });

  it('loads no document where the database refuses a row, and says of which resource', async () => {
    await target.bench.connection.execute('ALTER TABLE campus."District" ADD CONSTRAINT "Odd" CHECK ("DistrictId" <> 3)');
    try {
      const work = target.load([file('odd.jsonl', district(1), district(3))], true);
      await expect(work).rejects.toThrow(
        expect.objectContaining({
          code: 'DOCUMENT_REFUSED',
          message: expect.stringMatching(
            /The database refuses a row of a document of Campus:District, so nothing is loaded.*Odd/,
          ),
        }),
      );
      expect(await target.count()).toBe(0);
    } finally {
      await target.bench.connection.execute('ALTER TABLE campus."District" DROP CONSTRAINT "Odd"');
    }
  });

  it('waits until nobody else writes documents', async () => {
    const other = await target.bench.open();
    await other.begin();
    await other.execute('LOCK TABLE dms."Document" IN ROW EXCLUSIVE MODE');
    const bulk = await target.bench.open({ forCopies: true });
    const waiting = loadDocuments([target.bench.connection], target.set.plans, [file('waits.jsonl', district(5))], {
      bulk,
    });
    const blocked = async () => {
      const [row] = await target.bench.connection.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted',
      );
      return row?.n ?? 0;
    };
    while ((await blocked()) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await other.commit();
    expect((await waiting).total.inserted).toBe(1);
  });

  it('refuses to replace', async () => {
    const work = target.load([file('replace.jsonl', district(1))], true, { onExisting: 'replace' });
    await expect(work).rejects.toThrow(expect.objectContaining({ code: 'LOAD_BULK_UNSUPPORTED' }));
  });
});

it('load --bulk refuses the embedded engine', async () => {
  const set = ownSet();
  const bench = await embedded.open(set.script);
  try {
    const work = loadDocuments([bench.connection], set.plans, [file('a.jsonl', district(1))], { bulk: bench.connection });
    await expect(work).rejects.toThrow(
      expect.objectContaining({ code: 'LOAD_BULK_UNSUPPORTED', message: expect.stringContaining('PostgreSQL server') }),
    );
  } finally {
    await bench.close();
  }
}, 60_000);
