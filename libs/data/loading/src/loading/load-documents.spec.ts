import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Connection } from '@dms/databases';
import type { Diagnostic } from '@dms/diagnostics';
import { sampleDocuments } from '@dms/documents';
import { givenScript, trusted } from '@dms/sql';
import { build, dumpedTexts } from '@dms/testing';
import { type JsonObject, parseJson, toJsonValue } from '@dms/values';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, compiled, type LoadableSet, ownSet, server, usualProvisionedEngines } from '../../test/bench.ts';
import { dumpDocuments } from '../dumping/dump-documents.ts';
import { DocumentFolder } from '../files/document-folder.ts';
import { loadDocuments } from './load-documents.ts';
import type { LoadDocumentsOptions, LoadReject } from './load-report.ts';

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'dms-load-spec-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const place = (...names: string[]) => path.join(scratch, ...names);
const file = (name: string, content: string | Buffer) => {
  mkdirSync(path.dirname(place(name)), { recursive: true });
  writeFileSync(place(name), content);
  return place(name);
};
const lines = (...values: readonly unknown[]) => values.map((each) => `${JSON.stringify(each)}\n`).join('');

class Loader {
  readonly rejects: LoadReject[] = [];
  readonly bench: Bench;
  readonly set: LoadableSet;
  private readonly other: Connection | undefined;
  constructor(bench: Bench, set: LoadableSet, other?: Connection) {
    this.bench = bench;
    this.set = set;
    this.other = other;
  }
  async load(paths: readonly string[], options: LoadDocumentsOptions = {}) {
    this.rejects.length = 0;
    const connection = this.bench.connection;
    const connections = this.other === undefined ? ([connection] as const) : ([connection, this.other] as const);
    const onReject = (reject: LoadReject) => void this.rejects.push(reject);
    return loadDocuments(connections, this.set.plans, paths, { isContinued: true, onReject, ...options });
  }
  async count(): Promise<number> {
    const [row] = await this.bench.connection.query<{ n: number }>(
      trusted('SELECT count(*)::int AS n FROM dms."Document"'),
    );
    return row?.n ?? -1;
  }
  /**
   * Removes everything but the fingerprint: all tables of resources refer to documents, those of authorization to
   * nothing.
   */
  async empty(): Promise<void> {
    const tables = await this.bench.connection.query<{ name: string }>(
      trusted(
        `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables WHERE table_schema = 'auth'`,
      ),
    );
    await this.bench.connection.execute(
      givenScript(`TRUNCATE TABLE ${['dms."Document"', ...tables.map(({ name }) => name)].join(', ')} CASCADE`),
    );
  }
  writeSample(folder: string, documents: number, seed = 1): Promise<void> {
    const { model } = this.set.plans.mappingSet;
    return DocumentFolder.write(folder, model, async (output) => {
      for (const { resource, document } of sampleDocuments(model, { documents, seed }))
        await output.add(resource, document);
    });
  }
}

const school = (schoolId: number, more = {}) => ({ schoolId, schoolName: `School ${schoolId}`, ...more });

describe.each(usualProvisionedEngines())('a round trip on $name', ({ open }) => {
  let loader: Loader;
  beforeAll(async () => {
    const set = ownSet();
    const bench = await open(set.script);
    const other = await bench.open();
    // the embedded engine has only one session
    loader = new Loader(bench, set, other === bench.connection ? undefined : other);
  });
  afterAll(() => loader.bench.close());

  it('a dump of what was loaded loads into the same, byte for byte', async () => {
    await loader.writeSample(place('sample'), 300);
    const first = await loader.load([place('sample')]);
    expect(loader.rejects).toEqual([]);
    expect(first.isStopped).toBe(false);
    expect(first.total).toMatchObject({ replaced: 0, unchanged: 0, skipped: 0, rejected: 0 });
    expect(await loader.count()).toBe(first.total.inserted);
    const { connection } = loader.bench;
    const dumped = await dumpDocuments(connection, loader.set.plans, place('first'));
    expect(dumped.resources.reduce((sum, { documents }) => sum + documents, 0)).toBe(first.total.inserted);
    await loader.empty();
    await loader.load([place('first')]);
    expect(loader.rejects).toEqual([]);
    await dumpDocuments(connection, loader.set.plans, place('second'));
    expect(dumpedTexts(place('second'))).toEqual(dumpedTexts(place('first')));
    const texts = (folder: string) => Object.values(dumpedTexts(folder)).flatMap((text) => text.trimEnd().split('\n'));
    // the documents are those of the sample, up to the order of members
    expect(texts(place('first')).length).toBe(texts(place('sample')).length);
  });
});

describe('loading', () => {
  let loader: Loader;
  beforeAll(async () => {
    const set = ownSet();
    loader = new Loader(await server.open(set.script), set);
  });
  afterAll(() => loader.bench.close());
  beforeEach(() => loader.empty());

  it('again, it skips, replaces or refuses what is there', async () => {
    await loader.writeSample(place('sample'), 60);
    const { total } = await loader.load([place('sample')]);
    expect(loader.rejects).toEqual([]);
    const skipped = await loader.load([place('sample')], { onExisting: 'skip' });
    expect(skipped.total).toMatchObject({ inserted: 0, rejected: 0 });
    expect(skipped.total.skipped + skipped.total.unchanged).toBe(total.inserted);
    const replaced = await loader.load([place('sample')], { onExisting: 'replace' });
    expect(replaced.total).toMatchObject({ inserted: 0, replaced: 0, unchanged: total.inserted });
    await loader.load([place('sample')]);
    expect(new Set(loader.rejects.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)))).toEqual(
      new Set(['DOCUMENT_EXISTS']),
    );
  });

  it('refuses what the schemas refuse, and says each problem once', async () => {
    const path = file(
      'a.jsonl',
      lines(
        { resource: 'Campus:District', document: { districtId: 1, districtName: 'A' } },
        { resource: 'Campus:District', document: { districtId: 2, districtName: '' } },
        { resource: 'Campus:District', document: { districtId: 3, districtName: ' u9 ', webSite: 'x' } },
        { resource: 'Campus:District', document: { districtId: 4 } },
        {
          resource: 'Campus:TermDescriptor',
          document: { namespace: 'uri://x.org/Term', codeValue: 'Fall', shortDescription: 'Fall' },
        },
      ),
    );
    const terms = toJsonValue({ properties: { shortDescription: { pattern: '^[a-z]+$' } } }) as JsonObject;
    const schemas = new Map([...loader.set.schemas, ['Campus:TermDescriptor', [terms]]]);
    const { total } = await loader.load([path], { schemas });
    expect(total).toMatchObject({ inserted: 1, rejected: 4 });
    const told = loader.rejects.map(({ line, diagnostics }) => [
      line,
      diagnostics.map(({ code, where }) => `${code} ${where.path}`),
    ]);
    expect(told).toEqual([
      [5, ['DOCUMENT_SCHEMA_VIOLATED $.shortDescription']],
      [2, ['DOCUMENT_SCHEMA_VIOLATED $.districtName', 'DOCUMENT_SCHEMA_VIOLATED $.districtName']],
      [3, ['DOCUMENT_PROPERTY_UNKNOWN $.webSite', 'DOCUMENT_SCHEMA_VIOLATED $.districtName']],
      [4, ['DOCUMENT_VALUE_MISSING $.districtName']],
    ]);
    expect(loader.rejects[2]?.diagnostics.map(({ where }) => where.line)).toEqual([3, 3]);
    // without the schemas documents are checked against the model only
    expect((await loader.load([path], { onExisting: 'skip' })).total).toMatchObject({ inserted: 2, rejected: 2 });
  });

  it('stops before anything is written where a schema cannot be used', async () => {
    const path = file('a.jsonl', lines({ resource: 'Campus:School', document: school(1) }));
    const schemas = new Map([['Campus:School', [new Map([['type', 'thing']])]]]);
    await expect(loader.load([path], { schemas })).rejects.toThrow(
      expect.objectContaining({ code: 'DOCUMENT_SCHEMA_INVALID' }),
    );
    expect(await loader.count()).toBe(0);
  });

  it('interchanges: documents and descriptors in any order, with references by id', async () => {
    const elements = [
      '<School><SchoolId>2</SchoolId><SchoolName>S</SchoolName><DistrictReference ref="d"/></School>',
      '<District id="d"><DistrictId>1</DistrictId><DistrictName>D</DistrictName></District>',
      '<TermDescriptor><CodeValue>Fall</CodeValue><Namespace>uri://x.org/Term</Namespace></TermDescriptor>',
    ];
    const text = `<InterchangeEducationOrganization>${elements.join('')}</InterchangeEducationOrganization>`;
    file('folder/campus/a.xml.gz', gzipSync(text));
    const { resources } = await loader.load([place('folder')]);
    expect(loader.rejects).toEqual([]);
    expect(resources.map(({ resource, inserted }) => [resource, inserted])).toEqual([
      ['Campus:District', 1],
      ['Campus:School', 1],
      ['Campus:TermDescriptor', 1],
    ]);
    const [row] = await loader.bench.connection.query<{ n: number }>(
      trusted('SELECT count(*)::int AS n FROM campus."School" WHERE "District_DistrictId" = 1'),
    );
    expect(row?.n).toBe(1);
  });

  it('interchanges: rejects name file, line and element, and leave the others alone', async () => {
    const broken = file(
      'broken.xml',
      '<InterchangeStudent>\n<District><DistrictId>5</DistrictId><DistrictName>D</DistrictName></District>\n<x',
    );
    const elements = ['<District><DistrictId>1</DistrictId>', '<Nam>D</Nam></District>', '<Distrikt/>'];
    const wrong = file('wrong.xml', `<InterchangeStudent>\n${elements.join('\n')}\n</InterchangeStudent>`);
    const other = file('other.xml', '<html/>');
    const { total } = await loader.load([
      broken,
      wrong,
      other,
      file('d.jsonl', lines({ resource: 'Campus:District', document: { districtId: 6, districtName: 'D' } })),
    ]);
    expect(total).toMatchObject({ inserted: 2, rejected: 4 });
    expect(
      loader.rejects.map(({ file: name, line, resource, diagnostics: [{ code, where }] }) => [
        path.basename(name),
        line,
        resource,
        code,
        where.line,
        where.path,
      ]),
    ).toEqual([
      ['broken.xml', 3, null, 'INTERCHANGE_MALFORMED', 3, undefined],
      ['wrong.xml', 2, 'Campus:District', 'INTERCHANGE_ELEMENT_UNKNOWN', 3, '/InterchangeStudent/District[1]/Nam'],
      ['wrong.xml', 4, null, 'DOCUMENT_RESOURCE_UNKNOWN', 4, '/InterchangeStudent/Distrikt[1]'],
      ['other.xml', 1, null, 'INTERCHANGE_MALFORMED', 1, undefined],
    ]);
    // without --continue the first of them ends the run
    await loader.empty();
    const stopped = await loader.load([broken, wrong], { isContinued: false });
    expect(stopped).toMatchObject({ isStopped: true, total: { inserted: 0, rejected: 1 } });
  });

  it('interchanges: leaves out unknown elements on request, with a warning', async () => {
    const element = '<District><DistrictId>1</DistrictId><DistrictName>D</DistrictName><Motto>M</Motto></District>';
    const warnings: Diagnostic[] = [];
    const { total } = await loader.load([file('a.xml', `<InterchangeStudent>${element}</InterchangeStudent>`)], {
      ignoreUnknown: true,
      onDiagnostic: (warning) => void warnings.push(warning),
    });
    expect(total).toMatchObject({ inserted: 1, rejected: 0 });
    expect(warnings).toMatchObject([{ code: 'INTERCHANGE_ELEMENT_UNKNOWN', class: 'W' }]);
  });

  it('documents of all forms of files, in any order, packed or not', async () => {
    const descriptor = { namespace: 'uri://x.org/Term', codeValue: 'Fall', shortDescription: 'Fall' };
    const paths = [
      file(
        'mixed.jsonl',
        lines(
          { resource: 'Campus:School', document: school(2) },
          { resource: 'Campus:District', document: { districtId: 1, districtName: 'D' } },
        ),
      ),
      file(
        'list.json.gz',
        gzipSync(
          JSON.stringify([
            { resource: 'Campus:School', document: school(3), uuid: '0123ABCD-0000-4000-8000-000000000003' },
            { resource: 'TermDescriptor', ...descriptor },
          ]),
        ),
      ),
      file('descriptors.json', JSON.stringify({ gradeLevelDescriptors: [descriptor] })),
      file(
        'descriptors.xml',
        `<InterchangeDescriptors><SubjectDescriptor><CodeValue>x</CodeValue><Namespace>n</Namespace></SubjectDescriptor></InterchangeDescriptors>`,
      ),
    ];
    file('folder/campus/schools.jsonl.gz', gzipSync(lines(school(4))));
    file('folder/Campus/School.json', JSON.stringify([school(5)]));
    file('folder/campus/notes.txt', 'not looked at');
    file('folder/campus/termDescriptors.jsonl', lines({ ...descriptor, codeValue: 'Spring' }));
    file(
      'folder/more.jsonl',
      lines({ resource: 'Campus:TermDescriptor', document: { ...descriptor, codeValue: 'Summer' } }),
    );
    const { total, resources } = await loader.load([...paths, place('folder')]);
    expect(loader.rejects).toEqual([]);
    expect(total).toMatchObject({ inserted: 10 });
    expect(resources.map(({ resource, inserted }) => [resource, inserted])).toEqual([
      ['Campus:District', 1],
      ['Campus:GradeLevelDescriptor', 1],
      ['Campus:School', 4],
      ['Campus:SubjectDescriptor', 1],
      ['Campus:TermDescriptor', 3],
    ]);
    const [row] = await loader.bench.connection.query<{ n: number }>(
      trusted(
        `SELECT count(*)::int AS n FROM dms."Document" WHERE "DocumentUuid" = '0123abcd-0000-4000-8000-000000000003'`,
      ),
    );
    expect(row?.n).toBe(1);
  });

  it('a bad document costs only itself, and its message says where it stands', async () => {
    const good = Array.from({ length: 30 }, (_, index) => school(100 + index));
    const all: unknown[] = [...good.slice(0, 10), { schoolName: 'no id' }, ...good.slice(10)];
    file(
      'in/campus/schools.jsonl',
      `${lines(...all)}{"schoolId": oops}\n${lines({ ...school(7), districtReference: { districtId: 404 } })}`,
    );
    const { total } = await loader.load([place('in')]);
    expect(total).toMatchObject({ inserted: 30, rejected: 3 });
    const found = loader.rejects.map(({ line, resource, diagnostics: [{ code, where }] }) => ({
      line,
      resource,
      code,
      path: where.path,
      file: where.file,
    }));
    const schools = place('in', 'campus', 'schools.jsonl');
    expect(found).toEqual([
      { line: 11, resource: 'Campus:School', code: 'DOCUMENT_VALUE_MISSING', path: '$.schoolId', file: schools },
      { line: 32, resource: 'Campus:School', code: 'INPUT_JSON_INVALID', path: undefined, file: schools },
      {
        line: 33,
        resource: 'Campus:School',
        code: 'DOCUMENT_REFERENCE_UNRESOLVED',
        path: '$.districtReference',
        file: schools,
      },
    ]);
    expect(loader.rejects[0]?.document).toEqual(parseJson('{"schoolName":"no id"}', 'x'));
  });

  it('what the database refuses costs only itself among many, and is reported in the terms of the document', async () => {
    await loader.load([file('schools.jsonl', lines({ resource: 'Campus:School', document: school(1234) }))]);
    const count = 2_000;
    const leagues = Array.from({ length: count }, (_, index) => ({
      athleticLeagueId: index + 1,
      leagueName: `L${index}`,
    }));
    file('in/athletics/athleticLeagues.jsonl', lines(...leagues));
    const { total } = await loader.load([place('in')]);
    expect(total).toMatchObject({ inserted: count - 1, rejected: 1 });
    const leagueFile = place('in', 'athletics', 'athleticLeagues.jsonl');
    expect(loader.rejects).toMatchObject([
      {
        diagnostics: [
          {
            code: 'DOCUMENT_EXISTS',
            where: { file: leagueFile, line: 1234, resource: 'Athletics:AthleticLeague', path: '$.athleticLeagueId' },
            message: expect.stringMatching(
              /^Athletics:AthleticLeague with \$\.athleticLeagueId = "1234" has the same identity as Campus:School [0-9a-f-]{36}, /,
            ),
          },
        ],
      },
    ]);
    expect(await loader.count()).toBe(count);
  });

  it('a key that refuses what a document names is reported with the path of the reference', async () => {
    await loader.load([
      file(
        'schools.jsonl',
        lines({ resource: 'Campus:School', document: school(1) }, { resource: 'Campus:School', document: school(2) }),
      ),
    ]);
    // the identity is still there, as for a session that looked it up before the removal
    await loader.bench.connection.execute(
      givenScript(
        `ALTER TABLE campus."School" DISABLE TRIGGER USER; DELETE FROM campus."School" WHERE "SchoolId" = 2; ALTER TABLE campus."School" ENABLE TRIGGER USER`,
      ),
    );
    const period = (schoolId: number) => ({ classPeriodName: 'P', schoolReference: { schoolId } });
    file('in/campus/classPeriods.jsonl', lines(period(1), period(2)));
    const { total } = await loader.load([place('in')]);
    expect(loader.rejects).toMatchObject([
      {
        diagnostics: [
          {
            code: 'DOCUMENT_REFUSED',
            where: {
              file: place('in', 'campus', 'classPeriods.jsonl'),
              line: 2,
              resource: 'Campus:ClassPeriod',
              path: '$.schoolReference',
            },
            message: expect.stringMatching(
              /constraint \w+ over \$\.schoolReference, \$\.schoolReference\.schoolId: .*foreign key/,
            ),
          },
        ],
      },
    ]);
    expect(total).toMatchObject({ inserted: 1, rejected: 1 });
  });

  it('a limit of the server for statements ends it, and the message says to raise that limit', async () => {
    const { connection } = loader.bench;
    await connection.execute(
      givenScript(`CREATE FUNCTION public.slowly() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(20); RETURN NEW; END';
CREATE TRIGGER slowly BEFORE INSERT ON campus."School" FOR EACH ROW EXECUTE FUNCTION public.slowly()`),
    );
    const schools = file('schools.jsonl', lines({ resource: 'Campus:School', document: school(1) }));
    await connection.execute(givenScript("SET statement_timeout = '50ms'"));
    try {
      await expect(loader.load([schools])).rejects.toMatchObject({
        code: 'DB_TIMEOUT',
        message: expect.stringContaining('raise statement_timeout for this role or database'),
      });
    } finally {
      await connection.execute(
        givenScript('RESET statement_timeout; DROP TRIGGER slowly ON campus."School"; DROP FUNCTION public.slowly()'),
      );
    }
    expect(loader.rejects).toEqual([]);
  });

  it('ends at the first reject unless it continues; the rest of the batch is stored', async () => {
    file('in/campus/schools.jsonl', lines(school(1), {}, school(2)));
    const { isStopped, total } = await loader.load([place('in')], { isContinued: false });
    expect(isStopped).toBe(true);
    expect(total).toMatchObject({ inserted: 2, rejected: 1 });
  });

  it('reports records that are not documents, each with its line', async () => {
    const records = [
      5,
      { document: {} },
      { resource: 'Campus:School' },
      { resource: 'Campus:Schol', document: {} },
      { resource: 'Campus:School', document: school(1), uuid: 'x' },
    ];
    await loader.load([file('a.jsonl', lines(...records))]);
    expect(loader.rejects.map(({ line, diagnostics: [{ code, message }] }) => [line, code, message])).toEqual([
      [1, 'DOCUMENT_RESOURCE_UNKNOWN', expect.stringContaining('not an object')],
      [2, 'DOCUMENT_RESOURCE_UNKNOWN', expect.stringContaining('"resource"')],
      // records without a known resource come first
      [4, 'DOCUMENT_RESOURCE_UNKNOWN', expect.stringContaining('; did you mean "Campus:School"?')],
      [3, 'DOCUMENT_RESOURCE_UNKNOWN', expect.stringContaining('"document"')],
      [5, 'DOCUMENT_VALUE_INVALID', expect.stringContaining('not a uuid')],
    ]);
    await loader.load([file('b.json', `[${JSON.stringify({ resource: 'Campus:School', document: school(1) })} 5]`)]);
    expect(loader.rejects).toMatchObject([{ file: place('b.json'), diagnostics: [{ code: 'INPUT_JSON_INVALID' }] }]);
  });

  it('keeps the uuid of the record of a descriptor, and refuses a malformed one', async () => {
    const uuid = 'b5d0e8f4-9a4c-4c5e-8c3a-0d8f9d2b7a12';
    const of = (codeValue: string, own: unknown) => ({
      resource: 'Campus:TermDescriptor',
      uuid: own,
      document: { namespace: 'uri://campus.example/TermDescriptor', codeValue, shortDescription: codeValue },
    });
    await loader.load([file('kept.jsonl', lines(of('KeptId', uuid), of('WrongId', 'x'), of('NoId', null)))]);
    expect(
      loader.rejects.map(({ line, record, diagnostics: [{ code, where }] }) => [line, code, where.path, record]),
    ).toEqual([[2, 'DOCUMENT_VALUE_INVALID', '$.uuid', expect.any(Map)]]);
    const stored = await loader.bench.connection.query<{ code: string }>(
      trusted(
        `SELECT d."CodeValue" AS code FROM dms."Descriptor" d JOIN dms."Document" t USING ("DocumentId") WHERE t."DocumentUuid" = '${uuid}'`,
      ),
    );
    expect(stored).toEqual([{ code: 'KeptId' }]);
  });

  it('reports records with a mistake of their own in the order of the input, among the documents', async () => {
    const of = (document: object, more = {}) => ({ resource: 'Campus:School', document, ...more });
    const uuid = 'b5d0e8f4-9a4c-4c5e-8c3a-0d8f9d2b7a11';
    const records = [
      of({ schoolId: 'no number' }),
      of(school(1), { uuid: 4711 }),
      of(school(2), { uuid }),
      { resource: 'Campus:School', uuid },
      of({}),
      { resource: 'Campus:TermDescriptor' },
      of(school(3), { uuid: 'x' }),
    ];
    const summary = await loader.load([file('a.jsonl', lines(...records))]);
    expect(summary.total).toMatchObject({ inserted: 1, rejected: 6 });
    // descriptors are a group of their own, before all others
    expect(loader.rejects.map(({ line }) => line)).toEqual([6, 1, 2, 4, 5, 7]);
    // without --continue the documents before the first mistake are stored
    await loader.empty();
    const stopped = await loader.load(
      [file('b.jsonl', lines(of(school(9)), of(school(1), { uuid: 'x' }), of(school(8))))],
      {
        isContinued: false,
        batchLength: 1,
      },
    );
    expect(stopped).toMatchObject({ isStopped: true, total: { inserted: 1, rejected: 1 } });
  });

  it('descriptors that are wrong or differ are reported; the others are stored', async () => {
    const term = (codeValue: string, more = {}) => ({
      namespace: 'n',
      codeValue,
      shortDescription: codeValue,
      ...more,
    });
    file(
      'in/campus/termDescriptors.jsonl',
      lines(term('a'), term('x'.repeat(51)), term('a', { description: 'other' }), term('b')),
    );
    const { total } = await loader.load([place('in')]);
    expect(total).toMatchObject({ inserted: 2, rejected: 2 });
    expect(loader.rejects.map(({ line, diagnostics: [{ code }] }) => [line, code])).toEqual([
      [2, 'SEED_VALUE'],
      [3, 'SEED_CONFLICT'],
    ]);
    const again = await loader.load([place('in')], { onExisting: 'replace' });
    expect(again.total).toMatchObject({ unchanged: 2, replaced: 1, rejected: 1 });
  });

  it('files and folders that hold nothing for it end it before anything is written', async () => {
    file('empty/readme.md', '');
    await expect(loader.load([place('empty')])).rejects.toMatchObject({ code: 'INPUT_NO_FILES' });
    await expect(loader.load([place('nowhere')])).rejects.toMatchObject({ code: 'INPUT_FILE_NOT_FOUND' });
    file('in/campus/schols.jsonl', '');
    await expect(loader.load([place('in')])).rejects.toMatchObject({ code: 'DOCUMENT_RESOURCE_UNKNOWN' });
  });

  it.each([1, 40, 90])('a run that ended after %i documents goes on where it was', async (documents) => {
    await loader.writeSample(place('sample'), 100);
    const lineCount = Object.values(dumpedTexts(place('sample'))).reduce(
      (sum, text) => sum + text.split('\n').length - 1,
      0,
    );
    const broken = new AbortController();
    const ended = loader.load([place('sample')], {
      signal: broken.signal,
      onProgress: (progress) => {
        if (progress.documents >= documents) broken.abort();
      },
    });
    await expect(ended).rejects.toMatchObject({ code: 'DB_CANCELLED' });
    const before = await loader.count();
    const { total } = await loader.load([place('sample')], { onExisting: 'skip' });
    expect(loader.rejects).toEqual([]);
    expect(before).toBeLessThan(lineCount);
    expect(total.inserted).toBe(lineCount - before);
    expect(await loader.count()).toBe(lineCount);
  });

  it('is cancelled between two batches', async () => {
    file('in/campus/schools.jsonl', lines(school(1)));
    const signal = AbortSignal.abort();
    await expect(loader.load([place('in')], { signal })).rejects.toMatchObject({ code: 'DB_CANCELLED' });
    expect(await loader.count()).toBe(0);
  });
});

/** The documents of one file of a dump. */
async function dumped({ bench, set }: Loader, name: string): Promise<unknown[]> {
  await dumpDocuments(bench.connection, set.plans, place('out'));
  const texts = dumpedTexts(place('out'))[name]?.trimEnd().split('\n') ?? [];
  return texts.map((text) => JSON.parse(text));
}

describe('circles', () => {
  const { integer, object, project, reference, resource } = build;
  const named = (name: string, id: string, target: string, targetId: string) =>
    resource(name, {
      identityJsonPaths: [`$.${id}`],
      documentPathsMapping: {
        Next: reference(`Ed-Fi:${target}`, [[`$.${targetId}`, `$.nextReference.${targetId}`]], false),
      },
      jsonSchemaForInsert: object({ [id]: integer(), nextReference: object({ [targetId]: integer() }, [targetId]) }, [
        id,
      ]),
    });
  const set = compiled([
    project('Ed-Fi', [
      named('Odd', 'oddId', 'Even', 'evenId'),
      named('Even', 'evenId', 'Odd', 'oddId'),
      named('Link', 'linkId', 'Link', 'linkId'),
    ]),
  ]);
  let loader: Loader;
  beforeAll(async () => {
    loader = new Loader(await server.open(set.script), set);
  });
  afterAll(() => loader.bench.close());
  beforeEach(() => loader.empty());

  it('are loaded when what they name is there, whatever the order', async () => {
    const link = (linkId: number, next?: number) => ({
      linkId,
      ...(next === undefined ? {} : { nextReference: { linkId: next } }),
    });
    // backwards, so that each one waits for the next
    file('in/ed-fi/links.jsonl', lines(link(4, 3), link(3, 2), link(2, 1), link(1)));
    file('in/ed-fi/odds.jsonl', lines({ oddId: 3, nextReference: { evenId: 2 } }, { oddId: 1 }));
    file(
      'in/ed-fi/evens.jsonl',
      lines({ evenId: 4, nextReference: { oddId: 3 } }, { evenId: 2, nextReference: { oddId: 1 } }),
    );
    const { total } = await loader.load([place('in')]);
    expect(loader.rejects).toEqual([]);
    expect(total).toMatchObject({ inserted: 8, rejected: 0 });
  });

  it('leave over what names nothing that is there, with its line', async () => {
    file(
      'in/ed-fi/links.jsonl',
      lines({ linkId: 1 }, { linkId: 2, nextReference: { linkId: 404 } }, { linkId: 3, nextReference: { linkId: 2 } }),
    );
    const { total } = await loader.load([place('in')]);
    expect(total).toMatchObject({ inserted: 1, rejected: 2 });
    expect(loader.rejects.map(({ line, diagnostics: [{ code }] }) => [line, code])).toEqual([
      [2, 'DOCUMENT_REFERENCE_UNRESOLVED'],
      [3, 'DOCUMENT_REFERENCE_UNRESOLVED'],
    ]);
  });

  it('keep the order of documents that name those before them', async () => {
    const chain = Array.from({ length: 12 }, (_, index) => ({
      linkId: 20 - index,
      ...(index % 3 === 0 ? {} : { nextReference: { linkId: 21 - index } }),
    }));
    file('in/ed-fi/links.jsonl', lines(...chain));
    await loader.load([place('in')]);
    expect(loader.rejects).toEqual([]);
    expect(await dumped(loader, 'ed-fi/links.jsonl')).toEqual(chain);
  });
});

describe('in a circle', () => {
  const { integer, object, project, reference, resource, string } = build;
  const unit = (name: string, id: string) =>
    resource(name, {
      isSubclass: true,
      superclassProjectName: 'Ed-Fi',
      superclassResourceName: 'Unit',
      superclassIdentityJsonPath: '$.unitId',
      identityJsonPaths: [`$.${id}`],
      documentPathsMapping: { Parent: reference('Ed-Fi:Unit', [['$.unitId', '$.parentReference.unitId']], false) },
      jsonSchemaForInsert: object(
        { [id]: integer(), note: string(), parentReference: object({ unitId: integer() }, ['unitId']) },
        [id],
      ),
    });
  const set = compiled([
    project('Ed-Fi', [unit('Department', 'departmentId')], {
      abstractResources: { Unit: { identityJsonPaths: ['$.unitId'] } },
    }),
  ]);
  const department = (departmentId: number, note: string, parent?: number) => ({
    departmentId,
    note,
    ...(parent === undefined ? {} : { parentReference: { unitId: parent } }),
  });
  let loader: Loader;
  beforeAll(async () => {
    loader = new Loader(await server.open(set.script), set);
  });
  afterAll(() => loader.bench.close());
  beforeEach(() => loader.empty());
  const stored = () => dumped(loader, 'ed-fi/departments.jsonl');

  it('documents keep their order after one that they name through its superclass', async () => {
    const order = [department(1, 'a'), department(2, 'b', 1), department(3, 'c')];
    file('in/ed-fi/departments.jsonl', lines(...order));
    await loader.load([place('in')]);
    expect(await stored()).toEqual(order);
  });

  it('the last document of an identity stays, also where an earlier one has to wait', async () => {
    file(
      'in/ed-fi/departments.jsonl',
      lines(department(1, 'first', 2), department(1, 'second'), department(2, 'other')),
    );
    const { total } = await loader.load([place('in')], { onExisting: 'replace' });
    expect(loader.rejects).toEqual([]);
    expect(total).toMatchObject({ inserted: 2, replaced: 1 });
    expect(await stored()).toContainEqual(department(1, 'second'));
  });

  it('what waits for an earlier document of its identity is loaded when that one cannot be', async () => {
    file(
      'in/ed-fi/departments.jsonl',
      lines(
        department(1, 'first', 404),
        department(1, 'second'),
        department(2, 'other', 1),
        department(3, 'lost', 404),
      ),
    );
    const { total } = await loader.load([place('in')], { onExisting: 'replace', isContinued: true });
    expect(loader.rejects.map(({ line }) => line)).toEqual([1, 4]);
    expect(total).toMatchObject({ inserted: 2, rejected: 2 });
    expect(await stored()).toEqual([department(1, 'second'), department(2, 'other', 1)]);
  });
});

describe('a dump', () => {
  let loader: Loader;
  beforeAll(async () => {
    const set = ownSet();
    loader = new Loader(await server.open(set.script), set);
  });
  afterAll(() => loader.bench.close());

  it('takes the resources that are asked for, and what was written since', async () => {
    file('in/campus/schools.jsonl', lines(school(1), school(2)));
    file('in/campus/students.jsonl', lines());
    await loader.load([place('in')]);
    const { connection } = loader.bench;
    const [row] = await connection.query<{ v: string }>(
      trusted('SELECT max("ContentVersion")::text AS v FROM dms."Document"'),
    );
    file('more/campus/schools.jsonl', lines(school(3)));
    await loader.load([place('more')]);
    const { plans } = loader.set;
    expect(
      await dumpDocuments(connection, plans, place('a'), { resources: ['Campus:School'], since: BigInt(row?.v ?? 0) }),
    ).toEqual({ resources: [{ resource: 'Campus:School', documents: 1 }], unreadable: [] });
    expect(dumpedTexts(place('a'))).toEqual({ 'campus/schools.jsonl': expect.stringContaining('"schoolId":3') });
    expect((await dumpDocuments(connection, plans, place('b'), { resources: ['Campus:Student'] })).resources).toEqual(
      [],
    );
    expect(() => dumpDocuments(connection, plans, place('c'), { resources: ['Campus:Schol'] })).toThrow(
      expect.objectContaining({ code: 'DOCUMENT_RESOURCE_UNKNOWN' }),
    );
  });
});
