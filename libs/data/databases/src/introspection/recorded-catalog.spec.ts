import { diffCatalogs } from '@dms/catalog';
import { textOf } from '@dms/sql';
import {
  catalogRecording,
  catalogRecordingText,
  documentedCatalog,
  type MainGeneration,
  mainGenerations,
  RecordedMssql,
  recordCatalog,
  recordedSet,
  recordSystemViews,
  serverError,
  systemViewRecording,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { parseTarget } from '../addressing/parse-target.ts';
import type { DatabaseTarget } from '../addressing/target.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { mssqlCatalog } from './mssql-catalog.ts';
import { mssqlQueries } from './mssql-queries.ts';

/* Answers of a SQL Server, as documented or as recorded (design 09a §1.4). */

describe.each<MainGeneration>([...mainGenerations])('the recorded catalog of %s', (version) => {
  const recording = catalogRecording(version);
  const set = recordedSet(version);

  it('is that of the script of today; otherwise run: npx tsx tools/mssql/record.ts', () => {
    expect(recording.scriptSha256).toBe(set.scriptSha256);
  });

  it('is what the script was made from', () => {
    const { catalog, diagnostics } = mssqlCatalog(recording.answers, set.catalog.fingerprint);
    expect(diffCatalogs(set.catalog, catalog).differences).toEqual([]);
    expect(diagnostics).toEqual([]);
    expect(set.catalog.tables.length).toBeGreaterThan(20);
  });

  it('has an answer for every query', () => {
    expect(Object.keys(recording.answers)).toEqual(Object.keys(mssqlQueries));
  });
});

describe('the recorded catalog of the second generation', () => {
  it('has the objects that the first generation lacks', () => {
    const { tableTypes, columns, sequences } = catalogRecording('v2').answers;
    expect(tableTypes.map(({ name }) => name).sort()).toEqual(['BigIntTable', 'UniqueIdentifierTable']);
    expect(columns.filter(({ collation_name }) => collation_name !== null).map(({ name }) => name)).toEqual([
      'ProjectionLifecycleState',
    ]);
    expect(sequences).toHaveLength(2);
  });
});

/** The JavaScript type in which the client returns a SQL type. */
const clientTypes: Readonly<Record<string, string>> = {
  bit: 'boolean',
  tinyint: 'number',
  smallint: 'number',
  int: 'number',
};
/** Columns that a query names itself, with their types. */
const ownColumns: Readonly<Record<string, string>> = {
  type_name: 'sysname',
  object_id: 'int',
  owner_id: 'int',
  part: 'sysname',
  text: 'nvarchar(max)',
  index_type: 'tinyint',
  computed_definition: 'nvarchar(max)',
  default_name: 'sysname',
  default_definition: 'nvarchar(max)',
  // cast from sql_variant
  seed_value: 'varchar(40)',
  increment_value: 'varchar(40)',
  start_value: 'varchar(40)',
  increment: 'varchar(40)',
  minimum_value: 'varchar(40)',
  maximum_value: 'varchar(40)',
};

describe.each<MainGeneration>([...mainGenerations])('the recorded values of %s', (version) => {
  const { views } = systemViewRecording();
  const recording = catalogRecording(version);

  it.each(Object.entries(mssqlQueries))('of %s have the types of their columns', (name, query) => {
    const own = [...textOf(query).matchAll(/sys\.(\w+)/g)].map(([view]) => views[view]?.columns ?? {});
    const wrong = recording.answers[name as keyof typeof mssqlQueries].flatMap((row) =>
      Object.entries(row).flatMap(([column, value]) => {
        const type = ownColumns[column] ?? own.find((columns) => column in columns)?.[column];
        const found = value === null ? 'null' : typeof value;
        return found === 'null' || found === (clientTypes[type ?? ''] ?? 'string')
          ? []
          : [`${column} ${type}: ${found}`];
      }),
    );
    expect(wrong).toEqual([]);
  });
});

describe('recording a server', () => {
  const target = parseTarget('mssql://sa:pw@h/d', 'mssql').target as DatabaseTarget;
  const open = (recorded: RecordedMssql) => openDatabase(target, { load: recorded.load, retryDelays: [] });

  it.each<MainGeneration>([...mainGenerations])(
    'keeps the results of the queries about a database of %s',
    async (version) => {
      const { answers, scriptSha256 } = documentedCatalog(version);
      const recorded = new RecordedMssql((text) =>
        text.includes('FROM sys.schemas s WHERE')
          ? Object.keys(mssqlQueries).map((name) => answers[name as never])
          : undefined,
      );
      const found = await recordCatalog(await open(recorded), 'SQL Server 16.0', version);
      expect(found).toEqual({ recordedFrom: 'SQL Server 16.0', scriptSha256, answers });
      expect(JSON.parse(catalogRecordingText(found))).toMatchObject({ recordedFrom: 'SQL Server 16.0' });
      // the script ran first
      expect(recorded.sent.indexOf('commit')).toBeGreaterThan(recorded.sent.indexOf('begin 2'));
    },
  );

  it('keeps the columns of the views that are known', async () => {
    const column = (name: string, type: string, length = 0) => ({
      view: 'schemas',
      column: name,
      type,
      length,
      scale: 0,
    });
    const answer = [column('name', 'sysname', 256), column('note', 'nvarchar', -1), column('code', 'char', 2)];
    const recorded = new RecordedMssql((text) =>
      text.includes('sys.all_views') ? [[...answer, { ...column('x', 'int'), view: 'unread' }]] : undefined,
    );
    const { recordedFrom, views } = await recordSystemViews(await open(recorded), 'SQL Server 16.0');
    expect(recordedFrom).toBe('SQL Server 16.0');
    expect(views['sys.schemas']?.columns).toEqual({ name: 'sysname', note: 'nvarchar(max)', code: 'char(2)' });
    expect(views['sys.schemas']?.source).toMatch(/^https:\/\/learn\.microsoft\.com\//);
    expect(views['sys.unread']).toBeUndefined();
  });

  it('keeps nothing of a server on which the script fails', async () => {
    const recorded = new RecordedMssql((text) => {
      if (text.includes('CREATE TABLE')) throw serverError(2714, 'There is already an object.');
      return undefined;
    });
    await expect(recordCatalog(await open(recorded), 'x', 'v1')).rejects.toThrow('DB_SQL');
  });
});
