import { mssqlQueries, parseTarget, scriptBatches, type Target } from '@dms/databases';
import { type Answer, mssqlRows, RecordedMssql, serverError } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { ownInput } from '../test/inputs.ts';
import { codesOf, stepsOf } from '../test/report-steps.ts';
import { type VerificationInput, verificationText, verifyScript } from './index.ts';

/*
 * No SQL Server: what verification sends is compared with design 09 §7. The recorded server knows whether the script was
 * committed and then has its objects and seeds; it keeps no rows of documents, so the steps of behaviour end there.
 */

const target: Target = parseTarget('mssql://sa:geheim7@h:1444/d', 'mssql').target;
let input: VerificationInput;

beforeAll(async () => {
  input = await ownInput('mssql');
});

/** A server on which the script is there once it was committed; `own` answers first. */
function serverWith(own: Answer = () => undefined): RecordedMssql {
  const { model, script, catalog } = input;
  const info = model.effectiveSchema;
  const [first] = scriptBatches(script);
  const rows = mssqlRows(catalog, script);
  const answers: Readonly<Record<string, () => readonly object[]>> = {
    is_read_committed_snapshot_on: () => [{ name: 'x', versioning: true }],
    sp_getapplock: () => [{ r: 0 }],
    '@@TRANCOUNT': () => [{ t: 1, x: 1 }],
    "OBJECT_ID(N'dms.EffectiveSchema', N'U') IS NULL THEN 0": () => {
      const there = isThere() ? 1 : 0;
      return [{ EffectiveSchema: there, ResourceKey: there, SchemaComponent: there }];
    },
    'CAST([EffectiveSchemaSingletonId]': () => [
      {
        id: 1,
        formatVersion: info.apiSchemaFormatVersion,
        hash: info.effectiveSchemaHash,
        count: info.resourceKeyCount,
        seedHash: Buffer.from(info.resourceKeySeedHash).toString('hex'),
      },
    ],
    'SELECT CAST([ResourceKeyId]': () => info.resourceKeys.map(({ isAbstract: _, ...row }) => row),
    'SELECT CAST([EffectiveSchemaHash]': () => info.schemaComponents.map((row) => ({ hash: info.effectiveSchemaHash, ...row })),
  };
  const recorded: RecordedMssql = new RecordedMssql((text, parameters) => {
    const answer = own(text, parameters);
    if (answer) return answer;
    if (text === 'SELECT 1/0;') throw serverError(8134, 'Divide by zero error encountered.');
    if (text.includes(Object.values(mssqlQueries)[1] ?? '')) {
      return Object.keys(mssqlQueries).map((name) => (isThere() ? (rows[name as keyof typeof rows] ?? []) : []));
    }
    const known = Object.keys(answers).find((part) => text.includes(part));
    return known === undefined ? undefined : [answers[known]?.() ?? []];
  });
  /** Whether a transaction of the script has been committed. */
  const isThere = () => {
    const begun = recorded.sent.indexOf(`batch ${first?.text}`);
    return begun >= 0 && recorded.sent.indexOf('commit', begun) >= 0;
  };
  return recorded;
}

const verify = (recorded: RecordedMssql, options: object = {}) =>
  verifyScript(target, input, { load: recorded.load, retryDelays: [], ...options });

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
