import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defineDatabase } from '@dms/catalog';
import { checkData } from '@dms/checking';
import { openDatabase, parseTarget } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { givenScript, trusted } from '@dms/sql';
import {
  type Answer,
  type Document,
  dumpedTexts,
  type MainGeneration,
  mainGenerations,
  mssqlServerText,
  openMssqlDatabase,
  ownSchema,
  ownSchemasV2,
  RecordedMssql,
  seeds,
  serverError,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compiled, type LoadableSet, server } from '../../test/bench.ts';
import { BulkTarget, RecordFiles } from '../../test/bulk-target.ts';
import { guildSchemas } from '../../test/guild-set.ts';
import { mssqlBulkOnPostgres } from '../../test/mssql-bulk-on-postgres.ts';
import { dumpDocuments } from '../dumping/dump-documents.ts';
import { loadDocuments } from '../loading/load-documents.ts';
import type { LoadReject } from '../loading/load-report.ts';

/*
 * Runs the statements of a bulk load for SQL Server on PostgreSQL, after translating them, and records the requests to
 * the driver. `libs/product/operations/src/sent-texts.long.spec.ts` checks the texts. The last tests need a SQL Server.
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-mssql-bulk-spec-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const files = new RecordFiles(scratch);

const schemas: Readonly<Record<MainGeneration, readonly Document[]>> = {
  v1: [ownSchema('campus'), ownSchema('athletics')],
  v2: ownSchemasV2.map(ownSchema),
};

const definitionOf = ({ plans: { mappingSet, inventory } }: Pick<LoadableSet, 'plans'>) =>
  defineDatabase(mappingSet.model, inventory);

interface Loaded {
  readonly name: string;
  readonly version: MainGeneration;
  readonly schemas: readonly Document[];
  /** The root table of a resource. */
  readonly root: readonly [schema: string, name: string];
}

const sets: readonly Loaded[] = [
  { name: 'the first generation', version: 'v1', schemas: schemas.v1, root: ['campus', 'School'] },
  { name: 'the second generation', version: 'v2', schemas: schemas.v2, root: ['edfi', 'School'] },
  { name: 'guilds, with a circle', version: 'v2', schemas: guildSchemas, root: ['core', 'Guild'] },
];

describe.each(sets)('a load in bulk into SQL Server of $name', ({ version, schemas: ofSet, root: [schema, name] }) => {
  let target: BulkTarget;
  let own: LoadableSet;

  beforeAll(async () => {
    const pgsql = compiled(ofSet, version);
    own = compiled(ofSet, version, 'mssql');
    target = new BulkTarget(await server.open(pgsql.script), pgsql);
  });
  afterAll(() => target.bench.close());

  /** Loads as into a SQL Server; returns the statements, the result and the rejects. */
  const load = async (paths: readonly string[], others: readonly string[] = []) => {
    const sent: string[] = [];
    const rejects: LoadReject[] = [];
    const definitions = { mssql: definitionOf(own), pgsql: definitionOf(target.set) };
    const bulk = mssqlBulkOnPostgres(await target.bench.open(), {
      definitions,
      sent: (text) => sent.push(text),
      others,
    });
    const summary = await loadDocuments([target.bench.connection], own.plans, paths, {
      bulk,
      isContinued: true,
      onReject: (reject) => void rejects.push(reject),
    });
    const told = rejects.map(({ line, resource, diagnostics }) => [
      line,
      resource,
      diagnostics.map(({ code }) => code),
    ]);
    return { sent, summary, told };
  };

  it('writes the rows of a plain load', async () => {
    const [seed = 1] = seeds(1);
    const paths = [files.sample(target.set, 100, seed), files.shapes(target.set, seed)];
    await target.empty();
    const plain = await target.load(paths, false);
    const rows = await target.rows();
    expect(Object.values(rows).flat().length).toBeGreaterThan(500);
    await target.empty();
    const { sent, summary, told } = await load(paths);
    expect(told).toEqual(plain.told);
    expect(summary).toEqual(plain.summary);
    const written = await target.rows();
    expect(Object.keys(written)).toEqual(Object.keys(rows));
    for (const [name, ofTable] of Object.entries(written)) expect(ofTable, name).toEqual(rows[name]);
    expect(await target.disabled()).toBe(0);
    const { model } = target.set.plans.mappingSet;
    const { inventory } = target.set.plans;
    const input = { model, inventory, catalog: emitDdl(model, inventory).catalog };
    // each statement of SQL Server has a time of its own, where the journal of PostgreSQL has that of the transaction
    const found = await checkData(target.bench.connection, input);
    expect(found.filter(({ kind }) => kind !== 'journal')).toEqual([]);
    if (version === 'v1') {
      const lost = await target.bench.connection.query(
        trusted(`SELECT FROM dms."Document" d WHERE NOT EXISTS (SELECT FROM dms."DocumentChangeEvent" t
          WHERE t."DocumentId" = d."DocumentId" AND t."ChangeVersion" = d."ContentVersion" AND t."ResourceKeyId" = d."ResourceKeyId")`),
      );
      expect(lost).toEqual([]);
    }
    // each table gets its rows by the statement for it, and nothing else is sent for a document
    expect(sent.filter((text) => /INSERT INTO/.test(text)).length).toBeLessThan(summary.total.inserted);
  });

  it('adds to what is there, and rejects what is there already', async () => {
    await target.empty();
    const paths = [files.sample(target.set, 100, 7)];
    const first = await load(paths);
    const { summary, told } = await load(paths);
    expect(summary.total.inserted).toBe(0);
    expect(told.length).toBe(summary.total.rejected);
    expect(new Set(told.flatMap(([, , codes]) => codes))).toEqual(new Set(['DOCUMENT_EXISTS']));
    expect(first.summary.total.inserted).toBeGreaterThan(100);
  });

  it('writes one time into all columns of a document', async () => {
    await target.empty();
    await load([files.sample(target.set, 100, 8)]);
    const document =
      'dms."Document" d WHERE NOT EXISTS (SELECT FROM dms."Descriptor" s WHERE s."DocumentId" = d."DocumentId")';
    const odd = `${document} AND (d."ContentLastModifiedAt", d."CreatedAt") IS DISTINCT FROM (d."IdentityLastModifiedAt", d."IdentityLastModifiedAt")`;
    expect([(await target.count(document)) > 50, await target.count(odd)]).toEqual([true, 0]);
    if (version === 'v1') return;
    const root = `${schema}."${name}" t JOIN dms."Document" d USING ("DocumentId")`;
    const mirrored = `${root} WHERE (t."ContentVersion", t."ContentLastModifiedAt") = (d."ContentVersion", d."ContentLastModifiedAt")`;
    expect(await target.count(root)).toBeGreaterThan(0);
    expect(await target.count(mirrored)).toBe(await target.count(root));
  });

  it('refuses a user who may not alter the tables', async () => {
    await target.empty();
    const others = ['[dms].[Document]', `[${schema}].[${name}]`];
    await expect(load([files.sample(target.set, 100, 9)], others)).rejects.toThrow(
      expect.objectContaining({
        code: 'LOAD_BULK_UNSUPPORTED',
        message: expect.stringContaining('loader does not own dms.Document and 1 other table. Connect as the owner'),
      }),
    );
  });
});

describe('a load in bulk, as the driver of SQL Server is given it', () => {
  const { plans } = compiled(schemas.v1, 'v1', 'mssql');
  const file = files.records('one.jsonl', {
    resource: 'Campus:District',
    document: { districtId: 1, districtName: 'x' },
  });

  /** Loads one document into a server that answers like this, or refuses. */
  const load = async (answer: Answer) => {
    const usual: Answer = (text) => {
      if (text.includes('@@SPID')) return [[{ id: 51 }]];
      if (text.includes('sys.identity_columns')) return [[{ last: '41' }]];
      if (text.includes('SYSUTCDATETIME')) return [[{ now: '2030-01-01T00:00:00.1234567' }]];
      return text.includes('HAS_PERMS_BY_NAME') ? [[]] : undefined;
    };
    const recorded = new RecordedMssql((text, parameters) => answer(text, parameters) ?? usual(text, parameters));
    const { target } = parseTarget('mssql://sa:x@localhost/dms', 'mssql');
    const open = () => openDatabase(target as never, { load: recorded.load });
    const connection = await open();
    const bulk = await open();
    recorded.sent.length = 0;
    const work = loadDocuments([connection], plans, [file], { bulk });
    const summary = await work.catch((error: unknown) => error);
    return {
      summary,
      recorded,
      steps: recorded.sent.filter((line) => !/^query SELECT|^batch SELECT @@SPID/.test(line)),
    };
  };

  it('locks, switches triggers off, inserts, switches them on and commits', async () => {
    const { summary, recorded, steps } = await load(() => undefined);
    expect(summary).toMatchObject({ total: { inserted: 1 } });
    expect(steps.map((line) => line.split(' ').slice(0, 6).join(' '))).toEqual([
      'begin 2',
      'batch SELECT TOP (1) 1 AS',
      expect.stringMatching(/^batch ALTER TABLE \[campus\]\.\[District\] DISABLE TRIGGER/),
      'batch SELECT CONVERT(nvarchar(27), SYSUTCDATETIME(), 126) AS',
      'batch SELECT CONVERT(nvarchar(20), COALESCE(CONVERT(bigint, q.last_value), 0))',
      'query SET IDENTITY_INSERT [dms].[Document] ON; INSERT',
      'query INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId],',
      expect.stringMatching(/^query INSERT INTO \[campus\]\.\[District\]/),
      expect.stringMatching(/^batch ALTER TABLE \[campus\]\.\[District\] ENABLE TRIGGER/),
      'commit',
    ]);
    const [document, identity] = recorded.queries.slice(-3);
    const time = '2030-01-01T00:00:00.1234567';
    expect(document?.declarations).toBe('@p1 nvarchar(max)');
    const key = String(plans.of({ projectName: 'Campus', resourceName: 'District' }).resourceKey.id);
    expect(JSON.parse(String(document?.values[0]))).toEqual([['42', expect.any(String), key, time, time, time]]);
    // the district, and the organization that it is
    expect(JSON.parse(String(identity?.values[0]))).toEqual([
      [expect.any(String), '42', key],
      [expect.any(String), '42', expect.any(String)],
    ]);
  });

  it('rolls back where the server refuses a row', async () => {
    const { summary, steps } = await load((text) => {
      if (text.startsWith('INSERT INTO [campus].[District]'))
        throw serverError(547, 'The INSERT statement conflicted.');
      return undefined;
    });
    expect(summary).toMatchObject({ code: 'DOCUMENT_REFUSED', message: expect.stringContaining('Campus:District') });
    expect(steps.slice(-2)).toEqual(['rollback', expect.stringMatching(/^batch SET NOEXEC OFF/)]);
    expect(steps).not.toContain('commit');
  });

  it('begins again after a deadlock', async () => {
    let locks = 0;
    const { summary, steps } = await load((text) => {
      if (!text.includes('TABLOCKX')) return undefined;
      locks += 1;
      if (locks === 1) throw serverError(1205, 'deadlocked');
      return [[]];
    });
    expect(summary).toMatchObject({ total: { inserted: 1 } });
    expect(steps.filter((line) => /^(?:begin|commit|rollback)/.test(line))).toEqual([
      'begin 2',
      'rollback',
      'begin 2',
      'commit',
    ]);
  });
});

/** The table in which each generation records a written document. */
const journals: Readonly<Record<MainGeneration, string>> = {
  v1: '[dms].[DocumentChangeEvent]',
  v2: '[dms].[DocumentProjectionWork]',
};

describe.skipIf(mssqlServerText === undefined)('a load in bulk into a SQL Server (needs DMS_TEST_MSSQL_URL)', () => {
  it.each([...mainGenerations])('of %s leaves what a plain load leaves', async (version) => {
    const { plans, script } = compiled(schemas[version], version, 'mssql');
    const { mappingSet, inventory } = plans;
    const { catalog } = emitDdl(mappingSet.model, inventory);
    const paths = [files.sample({ plans, script }, 100, 1), files.shapes({ plans, script }, 1)];
    const loaded = async (name: string, isBulk: boolean) => {
      const connection = await openMssqlDatabase(mssqlServerText ?? '');
      try {
        await connection.execute(givenScript(script));
        const { total } = await loadDocuments([connection], plans, paths, {
          bulk: isBulk ? connection : undefined,
          isContinued: true,
        });
        expect(await checkData(connection, { model: mappingSet.model, inventory, catalog })).toEqual([]);
        const folder = path.join(scratch, version, name);
        await dumpDocuments(connection, plans, folder);
        const count = async (text: string) =>
          (await connection.query<{ n: number }>(trusted(`SELECT COUNT(*) AS [n] FROM ${text}`)))[0]?.n;
        return {
          loaded: { total, texts: dumpedTexts(folder), disabled: await count('sys.triggers WHERE is_disabled = 1') },
          documents: await count('[dms].[Document]'),
          journal: await count(journals[version]),
        };
      } finally {
        await connection.close();
      }
    };
    const plain = await loaded('plain', false);
    expect(plain.loaded.total.inserted).toBeGreaterThan(100);
    const bulk = await loaded('bulk', true);
    expect(bulk.loaded).toEqual(plain.loaded);
    // a plain load leaves one more event for each table of a document, and neither fills a queue that is off
    expect(bulk.journal).toBe(version === 'v1' ? bulk.documents : plain.journal);
  });
});
