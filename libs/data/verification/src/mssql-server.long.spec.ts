import { openDatabase, parseTarget, scriptBatches, type Target } from '@dms/databases';
import {
  type Answer,
  hasSharedData,
  mainGenerations,
  mssqlServerText,
  provisionedMssql,
  RecordedMssql,
  readSharedJson,
  recordedSystemViews,
  sentTextFindings,
  sentTextScope,
  serverError,
  sharedFile,
} from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { inputOf, ownInput } from '../test/inputs.ts';
import { allPassed, codesOf, stepsOf } from '../test/report-steps.ts';
import { BehaviourSession } from './behaviour/behaviour-session.ts';
import { Failures } from './behaviour/failures.ts';
import { checkResourceBehaviour } from './behaviour/resource-behaviour.ts';
import { generations } from './generations.ts';
import { type VerificationInput, verificationText, verifyScript } from './index.ts';

/*
 * Without a SQL Server, the statements that verification sends are compared with design 09b §2. The recorded server
 * remembers whether the script was committed and then has its objects and seeds; it keeps no rows of documents, so the
 * behaviour steps fail there.
 */

const target: Target = parseTarget('mssql://sa:geheim7@h:1444/d', 'mssql').target;
let input: VerificationInput;

beforeAll(async () => {
  input = await ownInput('mssql');
});

/** A server that has the objects of the script once it was committed; `own` answers first. */
function serverWith(own: Answer = () => undefined, of: VerificationInput = input): RecordedMssql {
  const { model, script, catalog } = of;
  const [first] = scriptBatches(script);
  const answer: Answer = (text, parameters) => {
    const answered = own(text, parameters);
    if (answered) return answered;
    if (text === 'SELECT 1/0;') throw serverError(8134, 'Divide by zero error encountered.');
    return text.includes('is_read_committed_snapshot_on') ? [[]] : undefined;
  };
  return provisionedMssql({ info: model.effectiveSchema, script, catalog }, answer, (sent) => {
    const begun = sent.indexOf(`batch ${first?.text}`);
    return begun >= 0 && sent.indexOf('commit', begun) >= 0;
  });
}

const verify = (recorded: RecordedMssql, options: object = {}, of: VerificationInput = input) =>
  verifyScript(target, of, { load: recorded.load, retryDelays: [], ...options });

describe('the texts of a run', () => {
  it.each([...mainGenerations])('of %s pass the static checks for texts outside of the script', async (version) => {
    const own = await ownInput('mssql', version);
    const recorded = serverWith(undefined, own);
    await verify(recorded, {}, own);
    const scope = sentTextScope(own.catalog, recordedSystemViews());
    const ofScript = new Set(scriptBatches(own.script).map(({ text }) => text));
    const texts = [...new Set(recorded.batches)].filter((text) => !ofScript.has(text));
    expect(texts.length).toBeGreaterThan(25);
    const found = texts.flatMap((text) => {
      // the recorded server returns no ids, so texts contain NaN
      const faults = sentTextFindings({ text: text.replaceAll('NaN', '1'), declarations: '' }, scope);
      return faults.length === 0 ? [] : [`${[...new Set(faults)].join('; ')} in: ${text.slice(0, 300)}`];
    });
    expect(found).toEqual([]);
  });
});

describe('settings of the server', () => {
  const setting = (code: string) =>
    serverWith((text) => (text.includes(`N'${code}'`) ? [[{ code, object: 'x', detail: '140' }]] : undefined));

  it.each(['DB_NESTED_TRIGGERS', 'DB_COMPATIBILITY_LEVEL'])(
    'that keep triggers from working end the run before the script: %s',
    async (code) => {
      const recorded = setting(code);
      const error: unknown = await verify(recorded).catch((thrown: unknown) => thrown);
      expect((error as { code?: string }).code).toBe(code);
      expect(recorded.sent.some((line) => line.includes('CREATE TABLE'))).toBe(false);
      expect(recorded.sent.some((line) => line.includes('DROP DATABASE'))).toBe(true);
    },
  );

  it('that only matter to users are reported', async () => {
    const told: string[] = [];
    await verify(setting('DB_RECURSIVE_TRIGGERS'), { onNotice: ({ code }: { code: string }) => void told.push(code) });
    expect(told).toContain('DB_RECURSIVE_TRIGGERS');
  });
});

describe('the compile time of a deletion', () => {
  const times = (cpu: number, elapsed: number) =>
    `SQL Server parse and compile time: \n   CPU time = ${cpu} ms, elapsed time = ${elapsed} ms.`;

  async function noted(prints: (text: string) => readonly string[]) {
    const recorded = serverWith();
    recorded.prints = prints;
    const notes: unknown[] = [];
    await verify(recorded, { onNotice: (note: unknown) => notes.push(note) });
    return { notes, recorded };
  }

  it('is noted as the server measures it', async () => {
    const { notes, recorded } = await noted((text) =>
      text.startsWith('DELETE FROM [dms].[Document] WHERE [DocumentId] = -1') ? [times(0, 1), times(640, 812)] : [],
    );
    expect(notes).toMatchObject([
      {
        code: 'VERIFY_COMPILE_TIME',
        message:
          'The deletion of a document was compiled in 812 ms (640 ms of CPU). It is compiled once as long as its plan is kept.',
        details: { cpuMilliseconds: 640, elapsedMilliseconds: 812 },
      },
    ]);
    const measured = recorded.batches.filter((text) => /STATISTICS TIME|= -1 OPTION/.test(text));
    expect(measured).toEqual([
      'SET STATISTICS TIME ON;',
      'DELETE FROM [dms].[Document] WHERE [DocumentId] = -1 OPTION (RECOMPILE);',
      'SET STATISTICS TIME OFF;',
    ]);
  });

  it('is not noted where the server prints none', async () => {
    expect((await noted(() => [])).notes).toEqual([]);
  });
});

describe('verification on SQL Server', () => {
  it('works in a database of its own, from creation to drop, with every step up to behaviour', async () => {
    const recorded = serverWith();
    const report = await verify(recorded, { scratchDatabase: 'a]b' });
    expect(stepsOf(report).slice(0, 8)).toEqual([
      'static passed',
      'rolls-back passed',
      'apply passed',
      'catalog passed',
      'reapply passed',
      'seed passed',
      'gate passed',
      'core-behaviour failed',
    ]);
    expect(codesOf(report)).toEqual(['VERIFY_BEHAVIOUR']);
    expect(report.engine).toEqual({ kind: 'server', product: 'SQL Server', version: '16.0' });
    const statements = recorded.batches.filter((text) => /\b(?:CREATE|ALTER|DROP) DATABASE\b/.test(text));
    expect(statements).toEqual([
      'CREATE DATABASE [a]]b]',
      'ALTER DATABASE [a]]b] SET READ_COMMITTED_SNAPSHOT ON',
      'ALTER DATABASE [a]]b] SET ALLOW_SNAPSHOT_ISOLATION ON',
      'ALTER DATABASE [a]]b] SET SINGLE_USER WITH ROLLBACK IMMEDIATE',
      'DROP DATABASE [a]]b]',
    ]);
    expect(recorded.configurations).toMatchObject([
      { database: 'master' },
      { database: 'master' },
      { database: 'a]b' },
      { database: 'master' },
    ]);
    expect(verificationText(report)).not.toMatch(/a\]b|geheim7|h:1444/);
  });

  it('sends the failing statement as one more batch of the first run, which is rolled back', async () => {
    const recorded = serverWith();
    await verify(recorded);
    const batches = scriptBatches(input.script).map(({ text }) => `batch ${text}`);
    const failing = recorded.sent.indexOf('batch SELECT 1/0;');
    expect(recorded.sent.slice(failing - batches.length, failing)).toEqual(batches);
    expect(recorded.sent.slice(failing + 1, failing + 3)).toEqual(['rollback', 'batch SET NOEXEC OFF;']);
    expect(recorded.sent.filter((line) => line === 'batch SELECT 1/0;')).toHaveLength(1);
  });

  it('runs each statement of behaviour in a transaction of its own, and reads values as text', async () => {
    const recorded = serverWith();
    await verify(recorded);
    const insert = recorded.sent.findIndex((line) => line.startsWith('batch INSERT INTO [dms].[Document] '));
    expect(recorded.sent.slice(insert - 1, insert + 3)).toEqual([
      'begin 2',
      expect.stringMatching(
        /^batch INSERT INTO \[dms\]\.\[Document\] \(\[DocumentUuid\], \[ResourceKeyId\]\) VALUES \(N'00000000-0000-4000-8000-0000000000\d\d', N'\d+'\);$/,
      ),
      'commit',
      expect.stringMatching(/^batch SELECT CONVERT\(nvarchar\(4000\), \[DocumentId\], 126\) AS \[DocumentId\] FROM/),
    ]);
  });

  it('takes a refusal for the expected one by number and constraint', async () => {
    const refused = (constraint: string) =>
      serverWith((text) => {
        if (text.startsWith('INSERT INTO [dms].[Document] ') && text.includes("N'32000'")) {
          throw serverError(547, `The INSERT statement conflicted with the FOREIGN KEY constraint "${constraint}".`);
        }
        return undefined;
      });
    const found = async (constraint: string) => {
      const { behaviour } = await verify(refused(constraint));
      return behaviour.failures.filter(({ check, found: text }) => check === 'C6' && text.includes('547')).length;
    };
    expect([await found('FK_Document_ResourceKey'), await found('FK_Another')]).toEqual([0, 1]);
  });

  it('finds what a failing script has left', async () => {
    const recorded = serverWith((text) =>
      text.includes('FROM sys.objects o JOIN sys.schemas s') && text.includes('is_ms_shipped')
        ? [[{ schema: 'dbo', kind: 'table', n: 2 }]]
        : undefined,
    );
    const report = await verify(recorded);
    expect(stepsOf(report)[1]).toBe('rolls-back failed');
    expect(report.diagnostics.map(({ code, details }) => [code, details.left])).toEqual([
      ['VERIFY_NOT_ATOMIC', ['2 table in dbo']],
    ]);
    expect(recorded.batches.at(-1)).toMatch(/^DROP DATABASE \[dms_verify_[0-9a-f]{12}\]$/);
  });
});

describe('the statements of resource behaviour on SQL Server', () => {
  /** Every value that is read is 1, and there are no events: the world is built, and most checks fail. */
  const answer: Answer = (text) => {
    if (text.startsWith('SELECT COUNT(*)')) return text.split('\n').map(() => [{ n: 0 }]);
    if (!text.startsWith('SELECT CONVERT')) return undefined;
    return text.split('\n').map((query) => {
      const columns = [...query.matchAll(/, 126\) AS \[([^\]]+)\]/g)].map(([, name]) => [name, '1']);
      return query.includes('DocumentChangeEvent') ? [] : [Object.fromEntries(columns)];
    });
  };
  let sent: readonly string[];
  let failures: Failures;
  let documents: number;

  beforeAll(async () => {
    const recorded = new RecordedMssql(answer);
    const connection = await openDatabase(target as Exclude<Target, { kind: 'static' }>, { load: recorded.load });
    const from = recorded.sent.length;
    failures = new Failures();
    ({ documents } = await checkResourceBehaviour(
      new BehaviourSession(connection, {}),
      input,
      failures,
      generations.v1.resources,
    ));
    sent = recorded.sent.slice(from);
  });

  // the rows that are read after each change with the same text are read in the transaction of a step
  const isChange = (line: string) => /^batch (?:INSERT|UPDATE|DELETE)/.test(line) && !line.includes('\nSELECT ');
  const changes = () => sent.filter(isChange);

  it('fill every table, in a transaction for each change, with texts alone as values', () => {
    expect([documents, failures.conflicts]).toEqual([
      input.model.resources.filter(({ tablesInDependencyOrder }) => tablesInDependencyOrder.length > 0).length,
      [],
    ]);
    for (const [index, line] of sent.entries()) {
      if (isChange(line)) expect(sent[index - 1]).toBe('begin 2');
    }
    const inserted = new Set(
      changes().flatMap((line) => [...line.matchAll(/INSERT INTO (\[\w+\]\.\[\w+\])/g)].map(([, table]) => table)),
    );
    for (const { tablesInDependencyOrder } of input.model.resources) {
      for (const { table } of tablesInDependencyOrder) expect(inserted).toContain(`[${table.schema}].[${table.name}]`);
    }
    expect(changes().filter((line) => / VALUES \((?!\(SELECT|N')/.test(line))).toEqual([]);
  });

  it('insert a document with its root row, look by text, and try the same identity for another document', () => {
    const root = changes().find((line) => line.includes('INSERT INTO [campus].[Student] (')) ?? '';
    const id = (uuid: string) => `(SELECT [DocumentId] FROM [dms].[Document] WHERE [DocumentUuid] = N'${uuid}')`;
    const [uuid] = /0{8}-0000-4000-8000-\d{12}/.exec(root) ?? [''];
    const document = changes().find((line) => line.includes(`VALUES (N'${uuid}'`));
    expect(document).toMatch(
      /^batch INSERT INTO \[dms\]\.\[Document\] \(\[DocumentUuid\], \[ResourceKeyId\]\) VALUES \(N'[-\d]+', N'\d+'\);$/,
    );
    expect(root).toContain(` VALUES (${id(uuid)}, N'`);
    const read = sent.slice(sent.indexOf(root)).find((line) => line.includes('SELECT CONVERT')) ?? '';
    expect(read).toContain('CONVERT(nvarchar(4000), [StudentUniqueId], 126) AS [StudentUniqueId]');
    expect(read).toContain(`FROM [campus].[Student] WHERE [DocumentId] = ${id(uuid)};`);
    const second =
      /INSERT INTO \[campus\]\.\[Student\] \([^)]+\) SELECT \(SELECT [^;]+ FROM \[campus\]\.\[Student\] WHERE \[DocumentId\] = 1;$/;
    expect(changes().filter((line) => second.test(line))).not.toEqual([]);
  });

  it('set columns to themselves, with rows and without, and delete every document', () => {
    const phone = changes().filter((line) => line.startsWith('batch UPDATE [campus].[StaffPhone] SET '));
    expect(phone.find((line) => !line.includes('WHERE'))).toMatch(
      /^batch UPDATE \[campus\]\.\[StaffPhone\] SET (\[\w+\]) = \1;$/,
    );
    expect(changes().filter((line) => /^batch UPDATE .+ WHERE 1 = 0;/.test(line)).length).toBeGreaterThan(0);
    const deleted = changes()
      .filter((line) => line.startsWith('batch DELETE FROM [dms].[Document] WHERE [DocumentId] = '))
      .flatMap((line) => line.match(/DELETE FROM \[dms\]\.\[Document\] WHERE \[DocumentId\] = [^;]+;/g) ?? []);
    // the documents of both worlds, each with its descriptor, and a spare document of each
    expect(deleted.length).toBe(2 * (documents + 1) + documents);
  });
});

describe.runIf(mssqlServerText)('verification on SQL Server itself (needs DMS_TEST_MSSQL_URL)', () => {
  const server = () => {
    const found = parseTarget(mssqlServerText ?? '', 'mssql').target;
    expect(found.kind).toBe('server');
    return found;
  };
  const patience = 900_000;

  it(
    'passes for the schemas of this repository, every step, compared with a second database as well',
    async () => {
      const report = await verifyScript(server(), input, { reference: true });
      expect([stepsOf(report), report.diagnostics]).toEqual([allPassed, []]);
      expect(report.engine).toMatchObject({ kind: 'server', product: 'SQL Server' });
    },
    patience,
  );

  describe.runIf(hasSharedData)('published schema sets (needs the shared conformance data)', () => {
    const files = (name: string) =>
      (readSharedJson('fixtures', name, 'fixture.json').apiSchemaFiles as string[]).map((file) =>
        sharedFile('fixtures', name, 'inputs', file),
      );

    it.each([
      ...['minimal', 'nested', 'ext', 'polymorphic'].map((name) => [name, () => files(name)] as const),
      ['core 5.2', () => [sharedFile('inputs', 'ds-5.2-core.json')]] as const,
    ])(
      '%s passes',
      async (_name, filesOf) => {
        const report = await verifyScript(server(), await inputOf(filesOf(), 'mssql'));
        expect([stepsOf(report), report.diagnostics]).toEqual([allPassed, []]);
      },
      patience,
    );
  });
});
