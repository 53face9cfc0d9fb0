import { type Connection, onLent, openDatabase, parseTarget } from '@dms/databases';
import { getReadPlan, getWritePlan } from '@dms/plans';
import { ownSchema, RecordedMssql, serverError } from '@dms/testing';
import { canonicalText } from '@dms/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compiled, json, named } from '../test/bench.ts';
import { plain, staff } from '../test/campus-documents.ts';
import {
  type DocumentStore,
  descriptorReferentialId,
  insertDescriptors,
  openDocuments,
  referentialIdOf,
} from './index.ts';

const { plans } = compiled([ownSchema('campus'), ownSchema('athletics')], 'mssql');
const people = named('Campus:Staff');
const write = getWritePlan(plans.mappingSet, people);
const read = getReadPlan(plans.mappingSet, people);

const document = json(
  '{"staffUniqueId":"s1","familyName":"O\'Neil","givenName":"[x]","isActive":true,"payrollNumber":9223372036854775807,"hourlyRate":12345.60,"lastSignedInAt":"2030-01-01T02:00:00.1234567+02:00","contactNumbers":[{"phoneNumber":"1","textCapable":false},{"phoneNumber":"2"}]}',
);

const documentRow = (ReferentialId: string) => ({
  DocumentId: '7',
  DocumentUuid: 'aaaaaaaa-0000-4000-8000-000000000007',
  ResourceKeyId: plans.of(people).resourceKey.id,
  ContentVersion: '41',
  ReferentialId,
});

describe('documents on SQL Server, as its driver is given them', () => {
  /** The answers of the server to its next requests, in order. */
  let answers: (readonly (readonly object[])[] | Error)[];
  let recorded: RecordedMssql;
  let connection: Connection;
  let store: DocumentStore;

  beforeEach(async () => {
    answers = [];
    let isOpen = false;
    recorded = new RecordedMssql((text) => {
      if (!isOpen || /^(?:connect|commit|rollback|SET )/.test(text)) return undefined;
      if (text.includes('snapshot_isolation_state')) return [[{ allowed: 1 }]];
      if (text.includes('dm_tran_locks')) return undefined;
      const answer = answers.shift() ?? [];
      if (answer instanceof Error) throw answer;
      return answer;
    });
    const { target } = parseTarget('mssql://sa:x@localhost/dms', 'mssql');
    connection = await openDatabase(target as never, { load: recorded.load });
    isOpen = true;
    recorded.sent.length = 0;
    store = openDocuments(connection, plans, { retry: { delay: () => 0 } });
  });

  afterEach(() => connection.close());

  /** Texts of requests with the values of their parameters. */
  function requests() {
    return recorded.sent
      .filter((line) => /^(?:query|batch) /.test(line) && !line.includes('snapshot_isolation_state'))
      .map((line) => {
        const kind = line.slice(0, 5);
        const end = kind === 'query' ? line.lastIndexOf(' {"p1"') : line.length;
        const parameters: Record<string, unknown> = kind === 'query' ? JSON.parse(line.slice(end + 1)) : {};
        return { kind, text: line.slice(6, end), values: Object.values(parameters) };
      });
  }

  it('a new document: found, inserted, its rows in the texts of the plans', async () => {
    const uuid = 'bbbbbbbb-0000-4000-8000-000000000001';
    answers = [[[]], [[{ DocumentId: '9', DocumentUuid: uuid }]], [[{ DocumentId: '9', ContentVersion: '50' }]]];
    const written = await store.upsert(people, document, { uuid });
    expect(written).toEqual({ kind: 'inserted', uuid, documentId: '9', contentVersion: 50n });
    const [find, insert, rows] = requests();
    expect(recorded.sent.map((line) => line.split(' ')[0])).toEqual(['begin', 'query', 'query', 'query', 'commit']);
    expect(find?.text).toContain('WITH (UPDLOCK, ROWLOCK)');
    expect(find?.values).toEqual([referentialIdOf(plans, people, document)]);
    expect(insert?.text).toMatch(/^INSERT INTO \[dms\]\.\[Document\] .* ORDER BY v\.\[Position\];\nSELECT /);
    expect(insert?.values).toEqual([uuid, String(plans.of(people).resourceKey.id), uuid]);

    const root = write.tablePlansInDependencyOrder.find(({ tableModel }) => tableModel.table.name === 'Staff')!;
    const phones = write.tablePlansInDependencyOrder.find(({ tableModel }) => tableModel.table.name === 'StaffPhone')!;
    // the text of the plan, with the placeholders of the driver for its names
    const planned = root.columnBindings.reduce(
      (text, { parameterName }, index) =>
        text
          .replace(`    @${parameterName}\n`, `    @p${index + 1}\n`)
          .replace(`    @${parameterName},`, `    @p${index + 1},`),
      root.insertSql,
    );
    expect(rows?.text.startsWith(planned)).toBe(true);
    const width = phones.columnBindings.length;
    const first = root.columnBindings.length;
    const tuple = (row: number) =>
      `(\n${Array.from({ length: width }, (_, index) => `    @p${first + row * width + index + 1}`).join(',\n')}\n)`;
    expect(rows?.text.slice(planned.length)).toContain(`VALUES\n${tuple(0)},\n${tuple(1)}\n;`);
    const byColumn = Object.fromEntries(
      root.columnBindings.map(({ column }, index) => [column.name, rows?.values[index]]),
    );
    expect(byColumn).toMatchObject({
      DocumentId: '9',
      StaffUniqueId: 's1',
      FamilyName: "O'Neil",
      GivenName: '[x]',
      IsActive: true,
      PayrollNumber: '9223372036854775807',
      HourlyRate: '12345.6',
      LastSignedInAt: '2030-01-01T00:00:00.1234567',
      HiredOn: null,
    });
    const phoneRow = (row: number) =>
      Object.fromEntries(
        phones.columnBindings.map(({ column }, index) => [column.name, rows?.values[first + row * width + index]]),
      );
    expect([phoneRow(0), phoneRow(1)]).toEqual([
      { Staff_DocumentId: '9', Ordinal: '0', Label: null, PhoneNumber: '1', TextCapable: false },
      { Staff_DocumentId: '9', Ordinal: '1', Label: null, PhoneNumber: '2', TextCapable: null },
    ]);
    expect(rows?.values).toHaveLength(first + 2 * width + 1);
    expect(rows?.text.slice(-200)).toContain('FROM [dms].[Document] WHERE [DocumentId] IN (@p');
  });

  it('a new document through the pool of a program: the same requests', async () => {
    const uuid = 'bbbbbbbb-0000-4000-8000-000000000001';
    const written = () => [
      [[]],
      [[{ DocumentId: '9', DocumentUuid: uuid }]],
      [[{ DocumentId: '9', ContentVersion: '50' }]],
    ];
    answers = written();
    await store.upsert(people, document, { uuid });
    const own = [...recorded.sent];
    recorded.sent.length = 0;
    answers = written();
    const result = await onLent(recorded.pool() as never, (lent) =>
      openDocuments(lent, plans).upsert(people, document, { uuid }),
    );
    expect(result).toEqual({ kind: 'inserted', uuid, documentId: '9', contentVersion: 50n });
    expect(recorded.sent).toEqual(own);
  });

  it('a document that is there is read by the texts of the plan, without numbers and dates of the client', async () => {
    answers = [[[documentRow('x')]], read.tablePlansInDependencyOrder.map(() => [])];
    await store.read(['aaaaaaaa-0000-4000-8000-000000000007']);
    const [, hydration] = requests();
    expect(hydration?.kind).toBe('batch');
    expect(hydration?.text).toMatch(
      /^DROP TABLE IF EXISTS \[#page\]; CREATE TABLE \[#page\] \(\[DocumentId\] bigint NOT NULL PRIMARY KEY\);\nINSERT INTO \[#page\] \(\[DocumentId\]\) VALUES \(7\);\n/,
    );
    const converts = /^(?:Decimal|Int64|Date|Time|DateTime)$/;
    for (const { tableModel, selectByKeysetSql } of read.tablePlansInDependencyOrder) {
      const isPlain = !tableModel.columns.some(({ scalarType }) => converts.test(scalarType?.kind ?? ''));
      if (isPlain) expect(hydration?.text).toContain(selectByKeysetSql);
      else {
        // the same text except for the conversions
        const without = hydration?.text.replace(
          /CONVERT\(nvarchar\(\d+\), (r\.\[\w+\]|t\.\[\w+\])(?:, \d+)?\)(?: \+ N'Z')? AS \[\w+\]/g,
          '$1',
        );
        expect(without).toContain(selectByKeysetSql);
      }
    }
    for (const { selectByKeysetSql } of read.descriptorProjectionPlansInOrder)
      expect(hydration?.text).toContain(selectByKeysetSql);
    expect(hydration?.text).toContain("CONVERT(nvarchar(27), r.[LastSignedInAt], 126) + N'Z' AS [LastSignedInAt]");
  });

  it('a walk asks for all descriptors once, and for the documents of each page', async () => {
    const { ReferentialId: _, ...row } = documentRow('x');
    const root = { DocumentId: '7', StaffUniqueId: 's1', FamilyName: 'Ng', GivenName: 'Ada', IsActive: true };
    const phone = (Ordinal: number) => ({ Staff_DocumentId: '7', Ordinal, PhoneNumber: `${Ordinal}` });
    const tables = read.tablePlansInDependencyOrder.map(({ tableModel: { table } }) =>
      table.name === 'Staff' ? [root] : table.name === 'StaffPhone' ? [phone(0), phone(2)] : [],
    );
    answers = [[[row], [{ DescriptorId: '3', Uri: 'uri://x#a' }]], tables, [[]]];
    const [found] = await store.scan(people, { limit: 500 });
    // a position without a row is not an element (design 14 §3)
    expect(canonicalText(found!.document)).toBe(
      canonicalText(
        plain({
          staffUniqueId: 's1',
          familyName: 'Ng',
          givenName: 'Ada',
          isActive: true,
          contactNumbers: [{ phoneNumber: '0' }, { phoneNumber: '2' }],
        }),
      ),
    );
    expect(await store.scan(people, { after: '7', limit: 500 })).toEqual([]);
    const [first, hydration, second, ...rest] = requests();
    const { id } = plans.of(people).resourceKey;
    expect(first?.text).toMatch(
      /^SELECT d\.\[DocumentId\],.* WHERE EXISTS \(SELECT 1 FROM \[campus\]\.\[Staff\] r WHERE r\.\[DocumentId\] = d\.\[DocumentId\]\) AND d\.\[ResourceKeyId\] = @p1 AND d\.\[DocumentId\] > @p2 AND .* ROWS ONLY;\nSELECT TOP \(@p5\) \[DocumentId\] AS \[DescriptorId\], \[Uri\] FROM \[dms\]\.\[Descriptor\];$/,
    );
    expect(first?.values).toEqual([String(id), '0', '-1', '500', '10000']);
    expect(hydration?.text).toContain('CREATE TABLE [#page]');
    expect(hydration?.text).not.toContain('[Uri]');
    expect(second?.text).not.toContain('[Descriptor]');
    expect(second?.values).toEqual([String(id), '7', '-1', '500']);
    // the second transaction needs no more queries
    expect(rest.map(({ text }) => text)).toEqual(['SET NOEXEC OFF;']);
  });

  it('what the server reads back is the document', async () => {
    const root = {
      DocumentId: '7',
      StaffUniqueId: 's1',
      FamilyName: "O'Neil",
      GivenName: '[x]',
      IsActive: true,
      PayrollNumber: '9223372036854775807',
      HourlyRate: '12345.60',
      LastSignedInAt: '2030-01-01T00:00:00.1234567Z',
    };
    const phones = [
      { Staff_DocumentId: '7', Ordinal: 0, PhoneNumber: '1', TextCapable: false, Label: null },
      { Staff_DocumentId: '7', Ordinal: 1, PhoneNumber: '2', TextCapable: null, Label: null },
    ];
    const tables = read.tablePlansInDependencyOrder.map(({ tableModel: { table } }) =>
      table.name === 'Staff' ? [root] : table.name === 'StaffPhone' ? phones : [],
    );
    answers = [[[documentRow('x')]], [...tables, []]];
    const [found] = await store.read(['aaaaaaaa-0000-4000-8000-000000000007']);
    // the document as read has the same rows: writing it again changes nothing
    expect(canonicalText(found!.document)).toBe(
      canonicalText(document).replace('12345.60', '12345.6').replace('02:00:00.1234567+02:00', '00:00:00.1234567Z'),
    );
    const id = referentialIdOf(plans, people, document);
    answers = [[[documentRow(id)]], [[documentRow(id)], ...tables, []], []];
    recorded.sent.length = 0;
    expect(await store.upsert(people, found!.document)).toMatchObject({ kind: 'unchanged', contentVersion: 41n });
    expect(
      requests().some(({ text }) => /^(?:INSERT|UPDATE|DELETE)/m.test(text.replace(/^INSERT INTO \[#page\].*$/m, ''))),
    ).toBe(false);
  });

  it.each([
    ['a deadlock', 1205, 'Transaction was deadlocked', 'DB_DEADLOCK'],
    ['a lock that was waited for too long', 1222, 'Lock request time out period exceeded.', 'DB_LOCK_TIMEOUT'],
    [
      'the lock of the hierarchy',
      50_000,
      'No lock on auth.X: another session writes education organizations. Run the transaction again.',
      'DB_SQL',
    ],
  ])('%s is tried again, three times', async (_name, number, message, code) => {
    const refused = () => serverError(number, message);
    answers = [refused(), refused(), refused(), refused()];
    await expect(store.upsert(people, plain(staff))).rejects.toThrow(code);
    expect(recorded.sent.filter((line) => line.startsWith('begin'))).toHaveLength(4);
    expect(recorded.sent.filter((line) => line === 'rollback')).toHaveLength(4);
  });

  it('a constraint is named by the JSON paths of its columns', async () => {
    const uuid = 'bbbbbbbb-0000-4000-8000-000000000001';
    const refusal = serverError(
      2627,
      "Violation of UNIQUE KEY constraint 'UX_Staff_NK'. Cannot insert duplicate key in object 'campus.Staff'.",
    );
    answers = [[[]], [[{ DocumentId: '9', DocumentUuid: uuid }]], refusal, [[]]];
    await expect(store.upsert(people, plain(staff), { uuid })).rejects.toMatchObject({
      diagnostics: [{ code: 'DOCUMENT_EXISTS', details: { constraint: 'UX_Staff_NK', paths: ['$.staffUniqueId'] } }],
    });
  });

  it('a removal that a key refuses names who refers to it', async () => {
    const conflict = serverError(
      547,
      'The DELETE statement conflicted with the REFERENCE constraint "FK_Section_Staff". The conflict occurred in database "dms".',
    );
    answers = [[[documentRow('x')]], conflict, [[documentRow('x')]], [[{ Position: 0 }]]];
    await expect(store.remove('aaaaaaaa-0000-4000-8000-000000000007')).rejects.toMatchObject({
      diagnostics: [
        {
          code: 'DOCUMENT_IN_USE',
          details: { constraint: 'FK_Section_Staff', resources: [expect.stringMatching(/^\w+:\w+$/)] },
        },
      ],
    });
  });

  it('long lists go in pieces of what a request takes', async () => {
    const documents = Array.from({ length: 2500 }, (_, index) => ({
      document: plain({ ...staff, staffUniqueId: `s${index}` }),
    }));
    answers = [[[]], [[]], new Error('enough')];
    await store.upsertBatch(people, documents).catch(() => undefined);
    const [first, second] = requests();
    // the second request repeats its last value
    expect([first?.values.length, second?.values.length]).toEqual([2000, 512]);
    expect(first?.text).toContain('@p2000)');
    expect(second?.text).toContain('IN (@p1, ');
  });

  it('descriptors go in with their documents and identities', async () => {
    let uuid = '';
    recorded.sent.length = 0;
    const answered = new RecordedMssql((text, parameters) => {
      if (!text.startsWith('INSERT INTO [dms].[Document]')) return undefined;
      uuid = String(parameters.p1);
      return [[{ DocumentId: '3', DocumentUuid: uuid }]];
    });
    const { target } = parseTarget('mssql://sa:x@localhost/dms', 'mssql');
    const other = await openDatabase(target as never, { load: answered.load });
    const resource = named('Campus:TermDescriptor');
    await insertDescriptors(other, plans, [{ resource, namespace: 'uri://x', codeValue: 'A', shortDescription: 'a' }]);
    await other.close();
    const last = answered.sent.filter((line) => line.startsWith('query ')).at(-1) ?? '';
    expect(last).toContain(
      'INSERT INTO [dms].[Descriptor] ([DocumentId], [Namespace], [CodeValue], [ShortDescription], [Description], [EffectiveBeginDate], [EffectiveEndDate], [Discriminator], [Uri]) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9);',
    );
    const { p10, ...values } = JSON.parse(last.slice(last.lastIndexOf(' {"p1"'))) as Record<string, unknown>;
    expect(Object.values(values)).toEqual([
      '3',
      'uri://x',
      'A',
      'a',
      null,
      null,
      null,
      'TermDescriptor',
      'uri://x#A',
      '3',
      String(plans.mappingSet.resourceKeyIdByResource.get('Campus:TermDescriptor')),
    ]);
    expect(p10).toBe(descriptorReferentialId(resource, 'uri://x#A'));
  });
});
