import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Connection, driverCodeOf } from '@dms/databases';
import type { Diagnostic } from '@dms/diagnostics';
import { checkDocument } from '@dms/documents';
import { givenScript, trusted } from '@dms/sql';
import { build, dumpedTexts, type MainGeneration, mainGenerations, random, seeds } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, compiled, type LoadableSet, server } from '../../test/bench.ts';
import { dumpDocuments } from '../dumping/dump-documents.ts';
import { Batch } from './batch.ts';
import { loadDocuments, loadGroups } from './load-documents.ts';
import type { LoadDocumentsOptions, LoadReject } from './load-report.ts';

/* Several connections that load one resource (design 14a §1.2). */

const { array, integer, object, project, reference, resource, string } = build;

/** Organizations have one space of identities, and a hierarchy. */
const organization = (name: string, id: string, members = {}, mapping = {}) =>
  resource(name, {
    isSubclass: true,
    superclassProjectName: 'Ed-Fi',
    superclassResourceName: 'EducationOrganization',
    superclassIdentityJsonPath: '$.educationOrganizationId',
    identityJsonPaths: [`$.${id}`],
    documentPathsMapping: mapping,
    jsonSchemaForInsert: object({ [id]: integer(), note: string(), ...members }, [id]),
  });

const schema = project(
  'Ed-Fi',
  [
    organization('District', 'districtId'),
    organization('League', 'leagueId'),
    organization(
      'School',
      'schoolId',
      { districtReference: object({ districtId: integer() }, ['districtId']) },
      { District: reference('Ed-Fi:District', [['$.districtId', '$.districtReference.districtId']], false) },
    ),
    resource('Student', {
      identityJsonPaths: ['$.studentId'],
      arrayUniquenessConstraints: [{ paths: ['$.phones[*].number'] }],
      jsonSchemaForInsert: object(
        { studentId: string(), note: string(), phones: array(object({ number: string() }, ['number'])) },
        ['studentId'],
      ),
    }),
    resource('Enrolment', {
      identityJsonPaths: ['$.studentReference.studentId', '$.schoolReference.schoolId'],
      documentPathsMapping: {
        Student: reference('Ed-Fi:Student', [['$.studentId', '$.studentReference.studentId']]),
        School: reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]),
      },
      jsonSchemaForInsert: object(
        {
          note: string(),
          studentReference: object({ studentId: string() }, ['studentId']),
          schoolReference: object({ schoolId: integer() }, ['schoolId']),
        },
        ['studentReference', 'schoolReference'],
      ),
    }),
    resource('Link', {
      identityJsonPaths: ['$.linkId'],
      documentPathsMapping: { Next: reference('Ed-Fi:Link', [['$.linkId', '$.nextReference.linkId']], false) },
      jsonSchemaForInsert: object({ linkId: integer(), nextReference: object({ linkId: integer() }, ['linkId']) }, [
        'linkId',
      ]),
    }),
  ],
  { abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } } },
);

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'dms-jobs-spec-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const place = (...names: string[]) => path.join(scratch, ...names);
const file = (name: string, lines: readonly unknown[]) => {
  mkdirSync(path.dirname(place(name)), { recursive: true });
  const texts = lines.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
  writeFileSync(place(name), texts.map((text) => `${text}\n`).join(''));
  return place(name);
};

/** A connection that lets `around` decide when requests are sent. */
function watched(
  connection: Connection,
  around: (
    texts: readonly string[],
    send: () => ReturnType<Connection['queryAll']>,
  ) => ReturnType<Connection['queryAll']>,
): Connection {
  return Object.create(connection, {
    queryAll: {
      value: (statements: Parameters<Connection['queryAll']>[0]) =>
        around(
          statements.map(({ pieces }) => pieces[0] ?? ''),
          () => connection.queryAll(statements),
        ),
    },
  });
}

class Target {
  readonly set: LoadableSet;
  private readonly bench: Bench;
  private readonly connections: readonly [Connection, ...Connection[]];
  /** The codes with which the server refused requests. */
  readonly refusals: (string | null)[] = [];
  private dumps = 0;

  private constructor(set: LoadableSet, bench: Bench, others: readonly Connection[]) {
    this.set = set;
    this.bench = bench;
    this.connections = [bench.connection, ...others];
  }

  static async open(version: MainGeneration): Promise<Target> {
    const set = compiled([schema], version);
    const bench = await server.open(set.script);
    return new Target(set, bench, [await bench.open(), await bench.open(), await bench.open()]);
  }

  close = () => this.bench.close();

  /** Loads files and returns everything that a run reports. Uuids of new documents are random. */
  async load(
    paths: readonly string[],
    jobs: number,
    options: LoadDocumentsOptions = {},
    around: (connection: Connection, index: number) => Connection = (connection) => connection,
  ) {
    const rejects: LoadReject[] = [];
    const warnings: Diagnostic[] = [];
    const used = this.connections.slice(0, jobs).map((connection, index) =>
      watched(around(connection, index), async (_, send) => {
        try {
          return await send();
        } catch (error) {
          this.refusals.push(driverCodeOf(error));
          throw error;
        }
      }),
    ) as [Connection, ...Connection[]];
    const summary = await loadDocuments(used, this.set.plans, paths, {
      isContinued: true,
      batchLength: 4,
      onReject: (reject) => void rejects.push(reject),
      onDiagnostic: (warning) => void warnings.push(warning),
      ...options,
    });
    const told = JSON.stringify({ summary, rejects: rejects.map((each) => ({ ...each, document: null })), warnings });
    return { summary, rejects, told: JSON.parse(told.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid')) };
  }

  async dump(): Promise<Record<string, string>> {
    this.dumps += 1;
    const folder = place(`dump-${this.dumps}`);
    await dumpDocuments(this.bench.connection, this.set.plans, folder);
    return dumpedTexts(folder);
  }

  async count(table = 'dms."Document"'): Promise<number> {
    const [row] = await this.bench.connection.query<{ n: number }>(trusted(`SELECT count(*)::int AS n FROM ${table}`));
    return row?.n ?? -1;
  }

  /** The pairs of the hierarchy. */
  async hierarchy(): Promise<unknown> {
    return this.bench.connection.query(
      trusted('SELECT * FROM auth."EducationOrganizationIdToEducationOrganizationId" t ORDER BY t::text'),
    );
  }

  async empty(): Promise<void> {
    const tables = await this.bench.connection.query<{ name: string }>(
      trusted(
        `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables WHERE table_schema = 'auth'`,
      ),
    );
    await this.bench.connection.execute(
      givenScript(`TRUNCATE TABLE ${['dms."Document"', ...tables.map(({ name }) => name)].join(', ')} CASCADE`),
    );
    this.refusals.length = 0;
  }
}

/** Delays some requests, so that batches end in any order. */
const unsteady = (seed: number) => (connection: Connection, index: number) => {
  const next = random(seed * 10 + index);
  return watched(connection, async (_, send) => {
    if (next() < 0.2) await new Promise((resolve) => setTimeout(resolve, 8 * next()));
    return send();
  });
};

const transient = new Set(['40001', '40P01', '55P03']);

/** An input with everything that makes the order of documents matter. */
function randomInput(seed: number) {
  const next = random(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  const sometimes = (share: number) => next() < share;
  const note = () => ({ note: `n${below(1000)}`, ...(sometimes(0.05) ? { unknown: below(9) } : {}) });
  const organizationId = () => 1 + below(70);
  const documents = {
    District: () => ({ districtId: organizationId(), ...note() }),
    League: () => ({ leagueId: organizationId(), ...note() }),
    School: () => ({
      schoolId: sometimes(0.05) ? 'x' : organizationId(),
      ...note(),
      ...(sometimes(0.7) ? { districtReference: { districtId: organizationId() } } : {}),
    }),
    Student: () => ({
      studentId: `s${below(60)}`,
      ...note(),
      phones: Array.from({ length: below(3) }, (_, index) => ({ number: `${index % (sometimes(0.1) ? 1 : 9)}` })),
    }),
    Enrolment: () => ({
      ...note(),
      studentReference: { studentId: `s${below(70)}` },
      schoolReference: { schoolId: organizationId() },
    }),
    Link: () => ({ linkId: below(12), ...(sometimes(0.5) ? { nextReference: { linkId: below(14) } } : {}) }),
  };
  const names = Object.keys(documents) as (keyof typeof documents)[];
  const records = (count: number) =>
    Array.from({ length: count }, () => {
      const name = names[below(names.length)]!;
      // uuids too may occur twice; with them, resources are loaded one after another
      const uuid =
        seed % 2 === 1 && sometimes(0.3) ? { uuid: `aaaaaaaa-0000-4000-8000-0000000000${10 + below(60)}` } : {};
      return { resource: `Ed-Fi:${name}`, document: documents[name](), ...uuid };
    });
  const plain = (name: keyof typeof documents, count: number) =>
    Array.from({ length: count }, () => (sometimes(0.04) ? '{"broken": ' : documents[name]()));
  file('in/ed-fi/schools.jsonl', plain('School', 20));
  file('in/ed-fi/students.jsonl', plain('Student', 40));
  return { before: file('before.jsonl', records(30)), paths: [file('mixed.jsonl', records(70)), place('in')] };
}

describe('groups of resources that could refuse each other', () => {
  const { model } = compiled([schema]).plans.mappingSet;
  /** The resources that come before another one, for an input with some resources, and uuids for some. */
  const before = (label: string, present: readonly string[], identified: readonly string[] = []) => {
    const among = (labels: readonly string[]) => (each: string) => labels.some((own) => each === `Ed-Fi:${own}`);
    const groups = loadGroups(model, { hasDocuments: among(present), hasUuids: among(identified) });
    const own = groups.find(({ labels }) => labels.includes(`Ed-Fi:${label}`));
    return new Set(own?.after.flatMap((each) => groups[each]?.labels ?? []));
  };
  const order = loadGroups(model, { hasDocuments: () => false, hasUuids: () => false }).flatMap(({ labels }) => labels);
  const inOrder = (...names: readonly string[]) =>
    order.filter((label) => names.includes(label.slice(6))).map((label) => label.slice(6));

  it('have documents with the same superclass', () => {
    const [first = '', second = ''] = inOrder('District', 'League');
    expect(before(second, [first, second])).toContain(`Ed-Fi:${first}`);
    expect(before(second, [second])).not.toContain(`Ed-Fi:${first}`);
    expect(before(first, [first, second])).not.toContain(`Ed-Fi:${second}`);
  });

  it('have documents with uuids', () => {
    const [first = '', second = ''] = inOrder('Student', 'Link');
    expect(before(second, [first, second], [first, second])).toContain(`Ed-Fi:${first}`);
    expect(before(second, [first, second], [second])).not.toContain(`Ed-Fi:${first}`);
  });
});

it('documents with the same identity, uuid or identity of the superclass are not written at the same time', () => {
  const { plans } = compiled([schema]);
  const name = { projectName: 'Ed-Fi', resourceName: 'School' };
  const keysOf = (schoolId: number, uuid?: string) => {
    const batch = new Batch();
    const document = toJsonValue({ schoolId });
    const input = { document, uuid, file: 'a', line: 1, size: 1, again: () => document };
    batch.add({ kind: 'document', number: 1, input, checked: checkDocument(plans, name, document), ofSchema: null });
    return batch.keys;
  };
  const { referentialId, superclass } =
    checkDocument(plans, name, toJsonValue({ schoolId: 1 })).document ?? expect.unreachable();
  expect(keysOf(1)).toEqual(new Set([referentialId, superclass?.referentialId]));
  const given = 'AAAAAAAA-0000-4000-8000-000000000001';
  const shared = (one: ReadonlySet<string>, other: ReadonlySet<string>) => [...one].filter((key) => other.has(key));
  expect(shared(keysOf(2, given), keysOf(3, given.toLowerCase()))).toHaveLength(1);
  expect(shared(keysOf(2, given), keysOf(3))).toEqual([]);
});

describe('several connections', () => {
  const targets = new Map<MainGeneration, Target>();
  let target: Target;
  beforeAll(async () => {
    for (const version of mainGenerations) targets.set(version, await Target.open(version));
  });
  afterAll(async () => {
    for (const each of targets.values()) await each.close();
  });
  const use = async (version: MainGeneration) => {
    target = targets.get(version) ?? expect.unreachable();
    await target.empty();
  };
  beforeEach(() => use('v1'));

  const students = (count: number) =>
    file(
      'students.jsonl',
      Array.from({ length: count }, (_, index) => student(`s${index}`)),
    );
  const student = (studentId: string, more = {}) => ({ resource: 'Ed-Fi:Student', document: { studentId, ...more } });

  it.each(mainGenerations.flatMap((version) => seeds(2).map((seed) => [version, seed] as const)))(
    'load what one connection loads, and report the same in the same order (%s, seed %i)',
    async (version, seed) => {
      await use(version);
      const { before, paths } = randomInput(seed);
      const onExisting = (['skip', 'fail', 'replace'] as const)[seed % 3];
      const options: LoadDocumentsOptions = { onExisting, ignoreUnknown: seed % 2 === 0 };
      const run = async (jobs: number) => {
        await target.empty();
        await target.load([before], 1, { onExisting: 'replace' });
        const { told } = await target.load(paths, jobs, options, jobs > 1 ? unsteady(seed) : undefined);
        return { told, dump: await target.dump(), hierarchy: await target.hierarchy() };
      };
      const expected = await run(1);
      expect(expected.told.summary.total.rejected).toBeGreaterThan(10);
      expect(await run(4)).toEqual(expected);
      expect(target.refusals.filter((code) => transient.has(code ?? ''))).toEqual([]);
    },
  );

  it('report resources in their order, even if a later one is written first', async () => {
    const groups = loadGroups(target.set.plans.mappingSet.model, { hasDocuments: () => true, hasUuids: () => false });
    const names = groups.flatMap(({ labels }) => labels.map((label) => label.slice(6)));
    const [first = '', second = ''] = names.filter((name) => name === 'Student' || name === 'District');
    const documents = { Student: { studentId: 's1' }, District: { districtId: 1 } };
    const records = Object.entries(documents).flatMap(([name, document]) => [
      { resource: `Ed-Fi:${name}`, document },
      { resource: `Ed-Fi:${name}`, document: { ...document, unknown: 1 } },
    ]);
    let isWritten = () => {};
    const written = new Promise<void>((resolve) => {
      isWritten = resolve;
    });
    const { rejects } = await target.load([file('two.jsonl', records)], 2, {}, (connection) =>
      watched(connection, async (texts, send) => {
        const writes = (name: string) => texts.some((text) => text.startsWith(`INSERT INTO "edfi"."${name}"`));
        if (writes(first)) await written;
        const answers = await send();
        if (writes(second)) isWritten();
        return answers;
      }),
    );
    expect(rejects.map(({ resource: label }) => label)).toEqual([`Ed-Fi:${first}`, `Ed-Fi:${second}`]);
  });

  it('write batches of one resource at the same time', async () => {
    const begun = new Set<number>();
    let meet = () => {};
    const met = new Promise<void>((resolve) => {
      meet = resolve;
    });
    // no batch is committed before batches of three connections have begun
    const { summary } = await target.load([students(24)], 3, {}, (connection, index) =>
      watched(connection, async (texts, send) => {
        if (texts.includes('BEGIN')) begun.add(index);
        if (begun.size === 3) meet();
        if (texts.includes('COMMIT')) await met;
        return send();
      }),
    );
    expect(summary.total).toMatchObject({ inserted: 24, rejected: 0 });
  });

  it('without --continue, report the first document that is not loaded; what later batches stored stays', async () => {
    const records = Array.from({ length: 80 }, (_, index) =>
      student(`s${index}`, [9, 14, 17, 18, 22].includes(index) ? { x: 1 } : {}),
    );
    const input = file('some.jsonl', records);
    for (let turn = 0; turn < 5; turn += 1) {
      await target.empty();
      const { summary, rejects } = await target.load([input], 4, { isContinued: false });
      // the document is in the third batch
      expect(rejects.map(({ line }) => line)).toEqual([10]);
      expect(summary).toMatchObject({ isStopped: true, total: { rejected: 1 } });
      const stored = await target.count();
      expect(summary.total.inserted).toBe(stored);
      expect(stored).toBeGreaterThanOrEqual(11);
      expect(stored).toBeLessThan(70);
    }
    const corrected = await target.load([students(80)], 4, { onExisting: 'skip' });
    expect(corrected.rejects).toEqual([]);
    expect(await target.count()).toBe(80);
  });

  it('without --continue, end at an element that cannot be read', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => (index === 13 ? '{' : { studentId: `s${index}` }));
    file('in/ed-fi/students.jsonl', lines);
    const { summary, rejects } = await target.load([place('in')], 4, { isContinued: false });
    expect(rejects.map(({ line }) => line)).toEqual([14]);
    expect(summary).toMatchObject({ isStopped: true, total: { inserted: 13, rejected: 1 } });
    expect(await target.count()).toBe(13);
  });

  it('that are cancelled leave whole batches, and the next run continues', async () => {
    const abort = new AbortController();
    const ended = target.load([students(400)], 4, {
      signal: abort.signal,
      onProgress: ({ documents }) => {
        if (documents >= 60) abort.abort();
      },
    });
    await expect(ended).rejects.toMatchObject({ code: 'DB_CANCELLED' });
    const stored = await target.count();
    expect(stored).toBeGreaterThanOrEqual(60);
    expect(stored).toBeLessThan(400);
    expect(stored % 4).toBe(0);
    const { summary } = await target.load([place('students.jsonl')], 4, { onExisting: 'skip' });
    expect(summary.total).toMatchObject({ inserted: 400 - stored, skipped: stored, rejected: 0 });
    expect(await target.count('dms."ReferentialIdentity"')).toBe(400);
  });

  it('end with the error of one of them, after the others have finished', async () => {
    let requests = 0;
    const open = new Set<number>();
    const failing = target.load([students(100)], 4, {}, (connection, index) =>
      watched(connection, async (_, send) => {
        requests += 1;
        if (requests === 10) throw new Error('the cable is cut');
        open.add(index);
        return send().finally(() => open.delete(index));
      }),
    );
    await expect(failing).rejects.toThrow('the cable is cut');
    expect(open.size).toBe(0);
    expect((await target.count()) % 4).toBe(0);
  });
});
