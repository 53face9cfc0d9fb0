import { openDatabase, parseTarget } from '@dms/databases';
import { givenScript, textOf, trusted } from '@dms/sql';
import {
  type Answer,
  type MssqlOdsOnPostgres,
  mssqlOdsOnPostgres,
  ownSchemaFile,
  ownSchemas,
  ownSchemasV2,
  RecordedMssql,
  serverError,
  shortenedNames,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CopiedOds, copiedOds } from '../../test/copied-ods.ts';
import { type CompiledOds, compiledFiles, fittedSamples } from '../../test/round-trip.ts';
import { type OdsChange, readOds } from '../index.ts';
import { mssqlReading } from './reading-dialect.ts';

/*
 * An ODS on SQL Server, tested without a server: its statements are translated and run on PostgreSQL, and a recording
 * driver keeps the texts that are sent. `libs/product/operations/src/sent-texts.long.spec.ts` checks the texts;
 * `mssql-server.long.spec.ts` needs a server.
 */

const ownNames = { v1: ownSchemas, v2: ownSchemasV2 };

describe.each(['v1', 'v2'] as const)(
  'an ODS with the documents of a database in %s, read by the statements of SQL Server',
  (version) => {
    let set: CompiledOds;
    let ods: CopiedOds;
    let session: MssqlOdsOnPostgres;
    beforeAll(async () => {
      set = await compiledFiles(version, ...ownNames[version].map(ownSchemaFile));
      ods = await copiedOds(set, fittedSamples(set, 200));
      session = mssqlOdsOnPostgres(ods.connection, shortenedNames(set.mapping));
    });
    afterAll(() => ods.close());

    it('has the documents that the statements of PostgreSQL find', async () => {
      const own = await ods.read();
      const { found, reading } = await ods.read({}, session);
      expect(reading.documents).toBeGreaterThan(150);
      expect(found).toEqual(own.found);
      // SQL Server keeps four decimal places of money
      const { losses, diagnostics: _diagnostics, ...rest } = own.reading;
      expect(reading).toMatchObject({ ...rest, losses: losses.filter(({ code }) => code !== 'ODS_MONEY_ROUNDED') });
    });

    it('closes what it opens, and sends nothing that writes', () => {
      const names = session.sent.map(
        (text) => /^(?:SELECT|EXEC \S+|DECLARE @cursor .* EXEC sys\.sp_cursoropen)/.exec(text)?.[0],
      );
      expect([...new Set(names.map((name) => name?.replace(/^DECLARE.*;/, '')))].sort()).toEqual([
        ' EXEC sys.sp_cursoropen',
        'EXEC sys.sp_cursorclose',
        'EXEC sys.sp_cursorfetch',
        'SELECT',
      ]);
      expect(session.cursors.size).toBe(0);
      const opened = session.sent.filter((text) => text.includes('sp_cursoropen'));
      expect(opened.length).toBeGreaterThan(20);
      expect(new Set(opened).size).toBe(opened.length);
    });

    it('reads what has changed', async () => {
      const roots = set.mapping.tables.filter(({ kind }) => ['root', 'base', 'descriptorBase'].includes(kind));
      const student = roots.find(({ name }) => name === 'Student');
      const schema = `${student?.schema}_ods`;
      const version = 9_007_199_254_740_993n;
      await ods.connection.execute(
        givenScript(`${roots
          .map(
            ({ schema, pgsqlName }) =>
              `ALTER TABLE ${schema}_ods.${pgsqlName} ADD changeversion bigint NOT NULL DEFAULT 1;`,
          )
          .join('\n')}
UPDATE ${schema}.student SET changeversion = ${version - 1n};
CREATE SCHEMA tracked_changes_${schema};
CREATE TABLE tracked_changes_${schema}.student (oldstudentusi int, oldstudentuniqueid varchar(32), newstudentusi int, newstudentuniqueid varchar(32),
  id uuid, changeversion bigint, discriminator varchar(128));
INSERT INTO tracked_changes_${schema}.student VALUES (-1, 'O''Neil 水', NULL, NULL, gen_random_uuid(), ${version}, NULL)`),
      );
      const read = async (session?: MssqlOdsOnPostgres) => {
        const changes: OdsChange[] = [];
        const options = { since: 1n, onChange: async (change: OdsChange) => void changes.push(change) };
        return { changes, ...(await ods.read(options, session)) };
      };
      const own = await read();
      const { found, reading, changes } = await read(session);
      expect(reading.lastVersion).toBe(version);
      expect(found).toEqual(own.found);
      // school years have no version
      expect(reading.resources.map(({ resource }) => resource.split(':')[1])).toEqual(['SchoolYearType', 'Student']);
      expect(reading.documents).toBeGreaterThan(0);
      expect(changes).toEqual(own.changes);
      expect(changes).toMatchObject([{ kind: 'delete', changeVersion: version, row: { key: { StudentUSI: '-1' } } }]);
      expect(session.cursors.size).toBe(0);
    });
  },
);

describe('the order of keys', () => {
  const key = (kind: 'string' | 'date' | 'bigint', type: string, isNullable = false) =>
    textOf(mssqlReading.sortKey(trusted('t.[K]'), kind, { type, isNullable }));

  it('is that of bytes in UTF-8, and NULL comes last', () => {
    const collation = 'Latin1_General_100_CI_AS_SC_UTF8';
    expect(key('string', 'nvarchar')).toBe(
      `CONVERT(varbinary(2550), CONVERT(varchar(2550), t.[K] COLLATE ${collation}))`,
    );
    expect(key('string', 'char')).toContain('RTRIM(CONVERT(nvarchar(max), t.[K]))');
    expect(key('date', 'date', true)).toBe('CASE WHEN t.[K] IS NULL THEN 1 ELSE 0 END, t.[K]');
    expect(key('bigint', 'int')).toBe('t.[K]');
  });
});

describe('values', () => {
  it.each([
    ['decimal', 'decimal', 'CONVERT(nvarchar(50), x)'],
    ['money', 'money', 'CONVERT(nvarchar(30), x, 2)'],
    ['money', 'decimal', 'CONVERT(nvarchar(50), x)'],
    ['date', 'date', 'CONVERT(nvarchar(10), x, 23)'],
    ['time', 'time', 'CONVERT(nvarchar(16), CONVERT(time(7), x), 121)'],
    ['timestamp', 'datetime2', 'CONVERT(nvarchar(27), CONVERT(datetime2(7), x), 121)'],
    ['timestamp', 'datetime', 'CONVERT(nvarchar(27), CONVERT(datetime2(7), CONVERT(datetime2(3), x)), 121)'],
    ['timestamp', 'datetimeoffset', "CONVERT(nvarchar(27), CONVERT(datetime2(7), SWITCHOFFSET(x, N'+00:00')), 121)"],
    ['uuid', 'uniqueidentifier', 'LOWER(CONVERT(nvarchar(36), x))'],
    ['string', 'nvarchar', 'x'],
    ['string', 'varchar', 'CONVERT(nvarchar(max), x)'],
    ['boolean', 'bit', 'x'],
    ['int', 'tinyint', 'x'],
  ] as const)('of %s in a column of type %s are read with all digits', (kind, actual, text) => {
    expect(textOf(mssqlReading.value(trusted('x'), kind, actual))).toBe(text);
    expect(mssqlReading.typesFor[kind]).toContain(actual);
  });
});

describe('what the driver of SQL Server is given', () => {
  let set: CompiledOds;
  beforeAll(async () => {
    set = await compiledFiles('v2', ...ownSchemasV2.map(ownSchemaFile));
  });

  /** An ODS with one descriptor and two school years, and nothing else. */
  function server(own: Answer = () => undefined) {
    const catalog = set.mapping.tables.flatMap((table) =>
      table.columns.map((column) => ({
        schema: table.schema,
        table: mssqlReading.tableName(table),
        column: mssqlReading.columnName(column),
        type: mssqlReading.typesFor[column.type.kind][0],
        isNullable: column.isNullable,
      })),
    );
    const years = [1990, 2000].map((year) => ({ year, current: year === 2000 }));
    const yearTable = set.mapping.tables.find(({ kind }) => kind === 'schoolYear' || /^SchoolYear/.test(kind));
    const yearColumns = yearTable?.columns.filter(({ content }) => content.kind !== 'fixed') ?? [];
    const rows: Readonly<Record<string, readonly object[]>> = {
      '[edfi].[SchoolYearType]': years.map(({ year, current }) =>
        Object.fromEntries(
          yearColumns.map(({ name, type }, index) => [
            `c${index}`,
            type.kind === 'boolean' ? current : name === 'SchoolYear' ? year : String(year),
          ]),
        ),
      ),
    };
    const open: string[] = [];
    const recorded = new RecordedMssql((text, parameters) => {
      const answered = own(text, parameters);
      if (answered !== undefined) return answered;
      if (text.includes('snapshot_isolation_state')) return [[{ allowed: 1 }]];
      if (text.includes('sys.objects')) return [catalog];
      const tableIn = (sent: string) => Object.keys(rows).find((name) => sent.includes(`FROM ${name}`));
      if (text.includes('COUNT_BIG'))
        return text
          .split(';\n')
          .filter((each) => each !== '')
          .map((each) => [{ rows: String(rows[tableIn(each) ?? '']?.length ?? 0) }]);
      if (text.includes('sp_cursoropen')) {
        open.push(tableIn(text) ?? '');
        return [[], [{ cursor: 180150000 + open.length }]];
      }
      const [, number] = /sp_cursorfetch 1801500(\d+)/.exec(text) ?? [];
      if (number !== undefined) return [rows[open[Number(number) - 1] ?? ''] ?? []];
      return undefined;
    });
    return recorded;
  }

  async function reading(recorded: RecordedMssql) {
    const { target } = parseTarget('mssql://sa:x@localhost/EdFi_Ods', 'mssql');
    const connection = await openDatabase(target as never, { load: recorded.load });
    recorded.sent.length = 0;
    const documents: unknown[] = [];
    const write = async (document: unknown) => void documents.push(document);
    const options = { onRefused: (diagnostics: readonly { message: string }[]) => expect(diagnostics).toEqual([]) };
    const result = await readOds(connection, set.mapping, set.model, write, options).catch((error: unknown) => error);
    await connection.close();
    return { result, documents };
  }

  it('is one transaction in a snapshot, each cursor opened, read and closed, and the end of the transaction', async () => {
    const recorded = server();
    const { result, documents } = await reading(recorded);
    expect(result).toMatchObject({ documents: 2, lastVersion: null });
    expect(documents).toHaveLength(2);
    const kinds = recorded.sent.map((line) =>
      line
        .replace(/^batch (?:DECLARE .*; EXEC|EXEC) sys\.(\S+).*$/s, '$1')
        .split(' ', 2)
        .join(' '),
    );
    expect(kinds[1]).toBe('begin 5');
    expect(kinds.filter((kind) => kind === 'sp_cursoropen').length).toBe(
      kinds.filter((kind) => kind === 'sp_cursorclose').length,
    );
    expect(kinds.slice(kinds.indexOf('sp_cursoropen'), kinds.indexOf('sp_cursoropen') + 3)).toEqual([
      'sp_cursoropen',
      'sp_cursorfetch',
      'sp_cursorclose',
    ]);
    expect(kinds.slice(-3)).toEqual(['rollback', 'batch SET', 'close']);
    expect(kinds).not.toContain('commit');
    // nothing is read before the transaction or after it, and nothing is written
    expect(recorded.sent.join('\n')).not.toMatch(/\b(?:INSERT|UPDATE|DELETE|MERGE|INTO|CREATE|ALTER|DROP)\b/);
  });

  it('is nothing where the database does not allow snapshots', async () => {
    const recorded = server((text) => (text.includes('snapshot_isolation_state') ? [[{ allowed: 0 }]] : undefined));
    const { result } = await reading(recorded);
    expect(result).toMatchObject({
      code: 'ODS_SNAPSHOT_OFF',
      message: expect.stringContaining('ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON'),
    });
    expect(recorded.sent.filter((line) => /sys\.objects|sp_cursor|COUNT_BIG/.test(line))).toEqual([]);
    expect(recorded.sent).toContain('rollback');
  });

  it.each([
    ['a query', 'sp_cursoropen', 8623],
    ['a page', 'sp_cursorfetch', 3960],
  ])('ends with its transaction where the server refuses %s', async (_, call, number) => {
    const recorded = server((text) => {
      if (text.includes(call) && (call === 'sp_cursorfetch' || text.includes('[SchoolYearType]')))
        throw serverError(number, 'refused');
      return undefined;
    });
    const { result } = await reading(recorded);
    expect(result).toMatchObject({ code: expect.stringMatching(/^DB_/), message: expect.stringContaining('refused') });
    expect(recorded.sent.slice(-3).map((line) => line.split(' ', 2).join(' '))).toEqual([
      'rollback',
      'batch SET',
      'close',
    ]);
  });
});
