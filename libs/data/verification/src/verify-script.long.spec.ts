import { readdirSync } from 'node:fs';
import { type Connection, openDatabase, parseTarget, type Target } from '@dms/databases';
import { deriveMapping } from '@dms/ods';
import { givenScript, textOf, trusted } from '@dms/sql';
import {
  abstractResource,
  build,
  hasSharedData,
  isThorough,
  openSession,
  room,
  schemaSetOf,
  serverUrl,
  sharedFile,
  shareOf,
  subclassOf,
  usualGenerations,
  withSchool,
} from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { inputOf, inputOfDocuments, ownInput, ownWithViews } from '../test/inputs.ts';
import { allPassed, codesOf, skippedFor, stepsOf } from '../test/report-steps.ts';
import { type VerificationInput, verificationText, verifyScript } from './index.ts';

const embedded: Target = { kind: 'embedded', dialect: 'pgsql', folder: null };
let server: Target;
let url: string;

let own: VerificationInput;

const course = build.resource('Course', {
  identityJsonPaths: ['$.courseCode'],
  jsonSchemaForInsert: build.object({ courseCode: build.string(20), title: build.string(60) }, ['courseCode']),
});

/** Small inputs, with few tables, for tests of single steps. */
const small = {
  v1: inputOfDocuments([withSchool(course)], 'pgsql', 'v1'),
  v2: inputOfDocuments([withSchool(course)], 'pgsql', 'v2'),
};

/** The steps of a run with the mapping of an ODS in which every step passed. */
const allWithViews = [...allPassed.slice(0, -1), 'reporting passed'];

beforeAll(async () => {
  own = await ownInput('pgsql');
  url = await serverUrl();
  server = parseTarget(url, 'pgsql').target;
});

async function databasesOfServer(): Promise<string[]> {
  const session = await openSession(url);
  const rows = await session.query<{ name: string }>('SELECT datname::text AS name FROM pg_database ORDER BY 1');
  await session.close();
  return rows.map(({ name }) => name);
}

describe('verification of the schemas of this repository', () => {
  it('passes on the embedded engine, with two databases at most at a time', async () => {
    const { mapping: ods } = deriveMapping(schemaSetOf('v1', [withSchool(course)]));
    const opened = new Set<Connection>();
    let most = 0;
    const open: typeof openDatabase = async (target, options) => {
      const connection = await openDatabase(target, options);
      opened.add(connection);
      most = Math.max(most, opened.size);
      const close = () => {
        opened.delete(connection);
        return connection.close();
      };
      return { ...connection, close };
    };
    const knownShapes = { version: '1', keys: new Set<string>() };
    const report = await verifyScript(embedded, { ...small.v1, ods }, { open, knownShapes });
    expect([stepsOf(report), report.diagnostics]).toEqual([allWithViews, []]);
    expect(most).toBeLessThanOrEqual(2);
    expect(report.engine).toMatchObject({ kind: 'embedded', product: 'PostgreSQL' });
    expect([report.diff, report.behaviour.failures, report.behaviour.tablesSkipped]).toEqual([
      { differences: [], renames: [] },
      [],
      [],
    ]);
    const tables = small.v1.model.resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder);
    expect(report.behaviour.tablesFilled).toBe(tables.length);
    // what this run has proved is not tried again, which the report does not show; another script has other runs
    const ofShapes = report.behaviour.provedShapes.filter((key) => !key.includes(' '));
    const keys = new Set([...ofShapes, ...(report.triedDocuments?.keys ?? [])]);
    const again = await verifyScript(embedded, { ...small.v1, ods }, { knownShapes: { ...knownShapes, keys } });
    expect(report.behaviour.knownShapes).toBe(0);
    expect(again.behaviour.knownShapes).toBeGreaterThan(0);
    expect([report.triedDocuments?.known, again.triedDocuments?.known]).toEqual([0, report.documents?.resources]);
    expect(verificationText(again)).toBe(verificationText(report));
  });

  it('a report says which trials were left out, also with a file of shapes that another set has proved', async () => {
    // the key of both resources
    const withLetters = (length: number) => {
      const work = {
        ...subclassOf('Core:Work'),
        identityJsonPaths: ['$.letter'],
        allowIdentityUpdates: true,
        jsonSchemaForInsert: build.object({ letter: build.string(length) }, ['letter']),
      };
      const resources = ['Book', 'Film'].map((name) => build.resource(name, work));
      const abstractResources = { Work: abstractResource(['$.letter']) };
      return inputOfDocuments([build.project('Core', resources, { abstractResources })], 'pgsql', 'v1');
    };
    const knownTo = (keys: readonly string[]) => ({ knownShapes: { version: '1', keys: new Set(keys) } });
    const { behaviour } = await verifyScript(embedded, withLetters(20), knownTo([]));
    expect(behaviour.provedShapes.length).toBeGreaterThan(0);
    const allTried = { ...knownTo(behaviour.provedShapes), everyShape: true };
    const every = (await verifyScript(embedded, withLetters(20), allTried)).behaviour;
    expect([behaviour.knownShapes, every.knownShapes]).toEqual([0, 0]);
    expect(every.shapes).toEqual({
      ...Object(behaviour.shapes),
      tried: every.tablesFilled,
      columnsTried: every.tablesFilled,
    });
    const alone = await verifyScript(embedded, withLetters(1), knownTo([]));
    const { tablesSkipped, provedShapes } = alone.behaviour;
    expect([tablesSkipped.length > 0, provedShapes.length]).toEqual([true, 1]);
    for (const [keys, known] of [
      [behaviour.provedShapes, 0],
      [provedShapes, 'all'],
    ] as const) {
      const after = await verifyScript(embedded, withLetters(1), knownTo(keys));
      expect(after.behaviour.knownShapes).toBe(known);
      expect(verificationText(after)).toBe(verificationText(alone));
    }
  });

  it('reports an input whose views cannot be made as a failure of the documents', async () => {
    const { mapping } = deriveMapping(schemaSetOf('v1', [withSchool(course)]));
    const ods = { ...mapping, tables: [...mapping.tables, ...mapping.tables] };
    const knownShapes = { version: '1', keys: new Set<string>() };
    const report = await verifyScript(embedded, { ...small.v1, ods }, { knownShapes });
    expect(codesOf(report)).toEqual(['ODS_VIEW_NAME_TAKEN']);
    expect(stepsOf(report)).toContain('documents failed');
  });

  it('passes on the embedded engine in a generation without referential ids, documents and reporting views included', async () => {
    const { mapping: ods } = deriveMapping(schemaSetOf('v2-natural', [withSchool(course)]));
    const report = await verifyScript(embedded, {
      ...inputOfDocuments([withSchool(course)], 'pgsql', 'v2-natural'),
      ods,
    });
    expect([stepsOf(report), report.diagnostics]).toEqual([allWithViews, []]);
    expect([report.relationalMappingVersion, report.behaviour.tablesSkipped]).toEqual(['v2-natural', []]);
  });

  // another test covers the first generation on the embedded engine
  it.each(usualGenerations())('passes on a server in %s, documents and reporting views included', async (version) => {
    const { input, ods } = await ownWithViews(version);
    const report = await verifyScript(server, { ...input, ods });
    expect([stepsOf(report), report.diagnostics]).toEqual([allWithViews, []]);
    expect([report.relationalMappingVersion, report.documents?.failures]).toEqual([version, []]);
    expect([report.diff.differences, report.behaviour.tablesSkipped]).toEqual([[], []]);
    const tables = input.model.resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder);
    expect(report.behaviour.tablesFilled).toBe(tables.length);
    if (isThorough)
      expect(verificationText(await verifyScript(server, { ...input, ods }))).toBe(verificationText(report));
  });

  it('names the rows that an ODS does not take', async () => {
    const documents = [withSchool(course, room)];
    const { mapping: ods } = deriveMapping(schemaSetOf('v2', documents));
    // a key to codes of courses, which are not codes of rooms
    const wrong = {
      columns: ['roomCode'],
      targetTable: { schema: 'edfi', name: 'Course' },
      targetColumns: ['courseCode'],
    };
    const tables = ods.tables.map((table) => (table.name === 'Room' ? { ...table, foreignKeys: [wrong] } : table));
    const input = inputOfDocuments(documents, 'pgsql', 'v2');
    const report = await verifyScript(server, { ...input, ods: { ...ods, tables } });
    expect(stepsOf(report).at(-1)).toBe('reporting failed');
    expect(codesOf(report)).toEqual(['VERIFY_REPORTING']);
    expect(report.diagnostics[0]?.message).toMatch(
      /^edfi\.Room \(roomCode\): a row has no row of edfi\.Course \(courseCode\)/,
    );
  });

  it('passes on a server, compared with the embedded engine as well, and leaves no database there', async () => {
    const scratchDatabase = `dms_verify_own${process.pid}`;
    const report = await verifyScript(server, small.v1, { reference: true, scratchDatabase });
    expect([stepsOf(report), report.diagnostics]).toEqual([allPassed, []]);
    expect(report.engine.kind).toBe('server');
    expect(await databasesOfServer()).not.toContain(scratchDatabase);
    const { host, port } = new URL(url);
    const text = verificationText(report);
    for (const name of ['dms_verify_', host, port]) expect(text.includes(name)).toBe(false);
    const { behaviour } = JSON.parse(text);
    const tables = small.v1.model.resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder);
    expect(behaviour.shapes).toMatchObject({ tables: tables.length, without_form: [] });
    expect([behaviour.shapes.tried, behaviour.shapes.columns_tried].every((count) => count > 0)).toBe(true);
  });

  it('keeps the database where that is asked, names it, and mentions it the next time', async () => {
    const kept: string[] = [];
    const scratchDatabase = `dms_verify_kept${process.pid}`;
    await verifyScript(
      server,
      { ...own, script: '' },
      { keep: true, scratchDatabase, onKept: (name) => void kept.push(name) },
    );
    expect(kept).toEqual([scratchDatabase]);
    expect(await databasesOfServer()).toContain(scratchDatabase);
    const notices: unknown[] = [];
    const again = verifyScript(server, own, { scratchDatabase, onNotice: ({ code }) => void notices.push(code) });
    await expect(again).rejects.toThrow('exists. Verification works in a database of its own');
    expect(notices).toEqual(['VERIFY_LEFTOVER']);
    const session = await openSession(url);
    await session.exec(`DROP DATABASE ${scratchDatabase}`);
    await session.close();
  });

  it('throws what reading the input threw, ends the start of the engine, and makes nothing on a server', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const open: typeof openDatabase = (target, options) => {
      signals.push(options?.signal);
      return openDatabase(target, options);
    };
    const unreadable = async (target: Target) => {
      await expect(verifyScript(target, Promise.reject(new Error('not readable')), { open })).rejects.toThrow(
        'not readable',
      );
      return signals.splice(0).map((signal) => signal?.aborted);
    };
    expect(new Set(await unreadable(embedded))).toEqual(new Set([true]));
    expect(await unreadable(server)).toEqual([]);
  });

  it('checks only the text of a script for SQL Server without a server, and says so', async () => {
    const report = await verifyScript({ kind: 'static', dialect: 'mssql' }, await ownInput('mssql'));
    expect(stepsOf(report)).toEqual(
      allPassed.map((step, index) => (index === 0 ? step : skippedFor('no server', step))),
    );
    expect([report.result, report.engine, report.diagnostics]).toEqual([
      'passed',
      { kind: 'static', product: null, version: null },
      [],
    ]);
  });
});

describe('verification of the second generation', () => {
  it.each([
    ['the singleton rows', /IF NOT FOUND THEN\n +refusal := 'The row of dms\.DataStoreIdentity[^;]+;\n +ELSIF/, 'IF'],
    ['the column of the first generation', /a\.attname = 'Etag'/, "a.attname = 'Tag'"],
  ])('fails where the script does not look for %s', async (_what, from, to) => {
    const script = small.v2.script.replace(from, to);
    expect(script).not.toBe(small.v2.script);
    const report = await verifyScript(server, { ...small.v2, script }, { documents: 0 });
    expect(stepsOf(report)).toContain('rejects-other-schema failed');
    expect(codesOf(report)).toEqual(['VERIFY_ACCEPTS_OTHER_SCHEMA']);
  });

  it('fails where a second run draws another source identity', async () => {
    const script = `${small.v2.script}UPDATE "dms"."DataStoreIdentity" SET "SourceIdentity" = gen_random_uuid();\n\n`;
    const report = await verifyScript(server, { ...small.v2, script }, { documents: 0 });
    expect(codesOf(report)).toEqual(['VERIFY_NOT_IDEMPOTENT']);
  });
});

describe.runIf(hasSharedData)(
  'published schema sets of the second generation (needs the shared conformance data)',
  () => {
    const folder = ['fixtures-v2', 'ds-5.2', 'inputs', 'ds-5.2-core.v2.json'];

    it.each(
      shareOf(
        [
          'minimal',
          'polymorphic',
          'stable-key-extension-child-collections',
          'profile-nested-and-root-extension-children',
        ],
        4,
      ),
    )('%s passes', async (name) => {
      const names = readdirSync(sharedFile('fixtures-v2', name, 'inputs'));
      const files = names.map((file) => sharedFile('fixtures-v2', name, 'inputs', file));
      const report = await verifyScript(server, await inputOf(files, 'pgsql', 'v2'));
      expect([stepsOf(report), report.diagnostics]).toEqual([allPassed, []]);
      expect(report.behaviour.tablesSkipped).toEqual([]);
    });

    if (isThorough)
      it('core 5.2 passes on the embedded engine: every table is filled, nothing differs', async () => {
        const report = await verifyScript(embedded, await inputOf([sharedFile(...folder)], 'pgsql', 'v2'));
        expect([stepsOf(report), report.diagnostics]).toEqual([allPassed, []]);
        expect(report.diff.differences).toEqual([]);
        const { documents, tablesFilled, tablesSkipped } = report.behaviour;
        expect({ documents, tablesFilled, tablesSkipped }).toEqual({
          documents: 138,
          tablesFilled: 465,
          tablesSkipped: [],
        });
      });

    if (isThorough)
      it('the text of core 5.2 for SQL Server passes', async () => {
        const report = await verifyScript(
          { kind: 'static', dialect: 'mssql' },
          await inputOf([sharedFile(...folder)], 'mssql', 'v2'),
        );
        expect([report.result, report.diagnostics]).toEqual(['passed', []]);
      });
  },
);

describe.runIf(hasSharedData)('published schema sets (needs the shared conformance data)', () => {
  it.each(shareOf(['minimal', 'nested', 'ext', 'polymorphic'], 4))('%s passes', async (name) => {
    const { apiSchemaFiles } = await import(sharedFile('fixtures', name, 'fixture.json'), {
      with: { type: 'json' },
    }).then((module) => module.default as { apiSchemaFiles: string[] });
    const files = apiSchemaFiles.map((file) => sharedFile('fixtures', name, 'inputs', file));
    const report = await verifyScript(server, await inputOf(files, 'pgsql'));
    expect([stepsOf(report), report.diagnostics]).toEqual([allPassed, []]);
    expect([report.behaviour.tablesSkipped, report.behaviour.failures]).toEqual([[], []]);
  });

  if (isThorough)
    it('core 5.2 passes on a server: every table is filled, nothing differs', async () => {
      const report = await verifyScript(server, await inputOf([sharedFile('inputs', 'ds-5.2-core.json')], 'pgsql'));
      expect([stepsOf(report), report.diagnostics]).toEqual([allPassed, []]);
      const { documents, tablesFilled, tablesSkipped, failures } = report.behaviour;
      expect({ documents, tablesFilled, tablesSkipped, failures }).toEqual({
        documents: 138,
        tablesFilled: 465,
        tablesSkipped: [],
        failures: [],
      });
    });
});

/** The statement that begins with a text, to its end. */
function statement(script: string, start: string, end = ';\n'): string {
  const from = script.indexOf(start);
  if (from < 0) throw new Error(`the script has no ${start}`);
  return script.slice(from, script.indexOf(end, from) + end.length);
}

describe('what is wrong with a script', () => {
  // all these mistakes are found before or after the documents step, so that needs no random documents
  const verify = (change: (script: string) => string) =>
    verifyScript(server, { ...small.v1, script: change(small.v1.script) }, { documents: 0 });
  const after = (report: Awaited<ReturnType<typeof verify>>) =>
    stepsOf(report).filter((step) => !step.includes('passed'));

  it('a statement that ends the transaction: static, S4', async () => {
    const report = await verify((script) => `${script}COMMIT;\n\n`);
    expect(stepsOf(report).slice(0, 2)).toEqual(['static failed', 'rolls-back skipped: after static']);
    expect(report.diagnostics.map(({ code, message }) => [code, message.slice(0, 2)])).toEqual([
      ['VERIFY_STATIC', 'S4'],
    ]);
    expect(report.result).toBe('failed');
  });

  it('a script that is not the one of the manifest: static, S13', async () => {
    const report = await verifyScript(server, { ...small.v1, scriptSha256: '0'.repeat(64) });
    expect(report.diagnostics.map(({ message }) => message.slice(0, 7))).toEqual(['S13: th']);
  });

  it('a failing statement that does not fail: rolls-back, and what else was seen counts for nothing', async () => {
    const failing = 'SELECT 1/0;\n';
    const report = await verifyScript(embedded, small.v1, {
      open: async (...options) => {
        const connection = await openDatabase(...options);
        const execute: Connection['execute'] = (script, limits) => {
          const text = textOf(script);
          return connection.execute(text.endsWith(failing) ? trusted(text.slice(0, -failing.length)) : script, limits);
        };
        return { ...connection, execute };
      },
      documents: 0,
    });
    expect(stepsOf(report)).toEqual(
      allPassed.map((step, index) => {
        if (index === 0) return step;
        return index === 1 ? 'rolls-back failed' : skippedFor('after rolls-back', step);
      }),
    );
    expect(codesOf(report)).toEqual(['VERIFY_NOT_ATOMIC']);
    expect([report.behaviour.documents, report.diff.differences]).toEqual([0, []]);
  });

  it('a document that is not stored as it was written: documents, beside which the others have a copy', async () => {
    const spoil = `CREATE FUNCTION edfi.spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."Title" := 'x'; RETURN NEW; END $$;
      CREATE TRIGGER spoil BEFORE INSERT ON edfi."Course" FOR EACH ROW EXECUTE FUNCTION edfi.spoil()`;
    const copies: unknown[] = [];
    let copied = '';
    const report = await verifyScript(embedded, small.v1, {
      open: async (target, options) => {
        const connection = await openDatabase(target, options);
        if (options?.place === copied) {
          copies.push(await connection.query(trusted('SELECT "EffectiveSchemaHash" FROM dms."EffectiveSchema"')));
        }
        const copyTo = async (place: string) => {
          await connection.copyTo?.(place);
          copied = place;
          await connection.execute(givenScript(spoil));
        };
        return { ...connection, copyTo };
      },
    });
    expect(copies).toEqual([[{ EffectiveSchemaHash: small.v1.model.effectiveSchema.effectiveSchemaHash }]]);
    expect(after(report)).toEqual([
      'documents failed',
      'rejects-other-schema skipped: after documents',
      'reporting skipped: after documents',
    ]);
    expect(new Set(report.documents?.failures.map(({ resource, phase }) => `${resource} ${phase}`))).toContain(
      'Ed-Fi:Course read',
    );
  });

  it('a statement that fails: apply, with its line; the run before left nothing', async () => {
    const report = await verify((script) => `${script}CREATE TABLE "edfi"."School" (a int);\n\n`);
    expect(stepsOf(report).slice(0, 4)).toEqual([
      'static passed',
      'rolls-back passed',
      'apply failed',
      'catalog skipped: after apply',
    ]);
    expect(codesOf(report)).toEqual(['DB_SQL']);
  });

  const withoutJournal = (script: string) =>
    ['Insert', 'Update'].reduce(
      (text, event) => text.replace(statement(text, `CREATE OR REPLACE TRIGGER "TR_Document_Journal_${event}"`), ''),
      script,
    );

  it('no journal: the catalog differs, gate and seeds are looked at all the same', async () => {
    const report = await verify(withoutJournal);
    expect(after(report)).toEqual([
      'catalog failed',
      'reapply skipped: after catalog',
      'core-behaviour skipped: after catalog',
      'resource-behaviour skipped: after catalog',
      'documents skipped: after catalog',
      'rejects-other-schema skipped: after catalog',
      'reporting skipped: after catalog',
    ]);
    expect(report.diff.differences.map(({ object, change }) => `${object} ${change}`)).toEqual([
      'trigger missing',
      'trigger missing',
    ]);
  });

  if (isThorough)
    it('no journal, on the embedded engine: what follows is not begun there either', async () => {
      const begun: string[] = [];
      const onStep = (step: string) => void begun.push(step);
      const report = await verifyScript(embedded, { ...small.v1, script: withoutJournal(small.v1.script) }, { onStep });
      expect(after(report).at(-1)).toBe('rejects-other-schema skipped: after catalog');
      expect(begun.slice(begun.indexOf('catalog'))).toEqual(['catalog', 'seed', 'gate', 'rolls-back']);
      expect(report.documents).toBeNull();
    });

  it('an emptied body: the catalog names the function', async () => {
    const report = await verify((script) => {
      const journal = statement(script, 'CREATE OR REPLACE FUNCTION "dms"."TF_Document_Journal"()', '$func$;');
      return script.replace(
        journal,
        journal.replace(/\$func\$[\s\S]*\$func\$/, '$func$\nBEGIN\n    RETURN NULL;\nEND\n$func$'),
      );
    });
    expect(report.diff.differences.map(({ path, field }) => [path[0], field])).toEqual([
      ['dms.TF_Document_Journal()', 'body'],
    ]);
  });

  it('seed rows of something else: catalog, seed and gate', async () => {
    const report = await verify(
      (script) => `${script}UPDATE "dms"."ResourceKey" SET "ResourceName" = 'Other' WHERE "ResourceKeyId" = 1;\n\n`,
    );
    expect(after(report).slice(0, 4)).toEqual([
      'catalog failed',
      'reapply skipped: after catalog',
      'seed failed',
      'gate failed',
    ]);
    expect(codesOf(report)).toEqual(['VERIFY_CATALOG_DIFFERS', 'PROVISION_SEED_MISMATCH', 'VERIFY_GATE']);
  });

  it('a second run that changes something: reapply', async () => {
    const report = await verify(
      (script) => `${script}UPDATE "dms"."EffectiveSchema" SET "AppliedAt" = clock_timestamp();\n\n`,
    );
    expect(after(report)[0]).toBe('reapply failed');
    expect(codesOf(report)).toEqual(['VERIFY_NOT_IDEMPOTENT']);
  });

  it('a key that is another one in the model: static, S20', async () => {
    const wrong = own.model.resources.map((resource) => ({
      ...resource,
      tablesInDependencyOrder: resource.tablesInDependencyOrder.map((table) => ({
        ...table,
        constraints: table.constraints.map((key) =>
          key.name === 'FK_CourseOffering_School_RefKey' && key.kind === 'ForeignKey'
            ? { ...key, targetColumns: key.targetColumns.map(() => 'DocumentId' as (typeof key.targetColumns)[number]) }
            : key,
        ),
      })),
    }));
    const report = await verifyScript(server, { ...own, model: { ...own.model, resources: wrong } });
    expect(report.diagnostics).toMatchObject([
      { code: 'VERIFY_STATIC', details: { id: 'S20' }, message: expect.stringContaining('campus.CourseOffering') },
    ]);
  });

  it('no refusal of another schema: the last step before the views', async () => {
    const report = await verify(
      (script) =>
        script.slice(0, script.indexOf('-- Preflight')) +
        script.slice(script.indexOf('-- Phase 1') - '-- '.length - 59),
    );
    expect(after(report)).toEqual(['rejects-other-schema failed', 'reporting skipped: after rejects-other-schema']);
    expect(codesOf(report)).toEqual(['VERIFY_ACCEPTS_OTHER_SCHEMA']);
  });
});
