import type { TableWritePlan } from '@dms/plans';
import { describe, expect, it } from 'vitest';
import { named } from '../../test/bench.ts';
import { plansOf } from '../../test/school-set.ts';
import { sent } from '../../test/statements.ts';
import { type DescriptorRow, descriptorColumns } from './document-statements.ts';
import { storedDescriptorIds, storedReferentialIds } from './identity-statements.ts';
import { pgsqlStatements as statements } from './pgsql-statements.ts';

/* The statements of documents for PostgreSQL (design 14 §3): a list is an array in one parameter. */

const { read, write } = plansOf('pgsql', 'Core:School');

function tablePlan(name: string, resource = write): TableWritePlan {
  const plan = resource.tablePlansInDependencyOrder.find(({ tableModel }) => tableModel.table.name === name);
  if (!plan) throw new Error(name);
  return plan;
}

const ids = ['1', '2'];
const uuids = ['aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000002'];
const identities = storedReferentialIds.pgsql;
const lockOwn = (documents: readonly { readonly referentialId: string }[]) =>
  identities.lockOwn(documents as never, null)?.statements ?? [];
const sought = uuids.map((referentialId) => ({ referentialId, resource: named('Core:School'), identity: () => [] }));
const uuidList = `{"${uuids[0]}","${uuids[1]}"}`;

describe('documents', () => {
  it('are found by any number of referential ids with one statement', () => {
    expect(identities.findTargets(sought).statements.map(sent)).toEqual([
      [
        'SELECT "ReferentialId"::text AS "ReferentialId", "DocumentId" FROM "dms"."ReferentialIdentity" WHERE "ReferentialId" IN (SELECT unnest(?::text::uuid[]))',
        uuidList,
      ],
    ]);
    expect(identities.findTargets([]).statements).toEqual([]);
  });

  it('have referential ids in lower case, however the driver returns them', () => {
    const answers = [uuids.map((id, index) => ({ ReferentialId: id.toUpperCase(), DocumentId: index }))];
    expect(identities.findTargets(sought).read(answers)).toEqual(
      uuids.map((referentialId, index) => ({ referentialId, documentId: String(index) })),
    );
  });

  it.each([
    ['referential id', lockOwn(sought), 'i."ReferentialId"'],
    ['uuid', identities.lockByUuid(uuids), 'd."DocumentUuid"'],
  ])(
    'are locked by %s in the order of their ids, in a mode that still allows new references',
    (_, [lock, ...others], by) => {
      expect(others).toEqual([]);
      const [text, ...parameters] = sent(lock!);
      expect(parameters).toEqual([uuidList]);
      expect(text).toMatch(
        /^SELECT d\."DocumentId", d\."DocumentUuid"::text AS "DocumentUuid", d\."ResourceKeyId", d\."ContentVersion", /,
      );
      expect(text).toContain(
        'LEFT JOIN "dms"."ReferentialIdentity" i ON i."DocumentId" = d."DocumentId" AND i."ResourceKeyId" = d."ResourceKeyId"',
      );
      expect(
        text.endsWith(
          ` WHERE ${by} IN (SELECT unnest(?::text::uuid[])) ORDER BY d."DocumentId" FOR NO KEY UPDATE OF d`,
        ),
      ).toBe(true);
    },
  );

  it.each([
    ['id', statements.documentsById(ids), 'd."DocumentId" IN (SELECT unnest(?::text::bigint[]))', '{"1","2"}'],
    ['uuid', identities.documentsByUuid(uuids), 'd."DocumentUuid" IN (SELECT unnest(?::text::uuid[]))', uuidList],
  ])('are read by %s without a lock', (_, [found, ...others], condition, list) => {
    expect(others).toEqual([]);
    const [text, ...parameters] = sent(found!);
    expect(parameters).toEqual([list]);
    expect(text.endsWith(` WHERE ${condition}`)).toBe(true);
    expect(text).not.toContain('FOR ');
  });

  it('are scanned without those that have no root row', () => {
    const root = { schema: 'edfi', name: 'School' };
    const scan = { resourceKeyId: 3, root, readsRoot: false, after: '7', before: null, since: '5', limit: 500 };
    expect(sent(statements.scanDocuments(scan))).toEqual([
      'SELECT d."DocumentId", d."DocumentUuid"::text AS "DocumentUuid", d."ResourceKeyId", d."ContentVersion" FROM "dms"."Document" d WHERE EXISTS (SELECT 1 FROM "edfi"."School" r WHERE r."DocumentId" = d."DocumentId" OFFSET 0) AND d."ResourceKeyId" = ? AND d."DocumentId" > ? AND d."ContentVersion" > ? ORDER BY d."DocumentId" LIMIT ?',
      3,
      '7',
      '5',
      500,
    ]);
  });

  it('are inserted with the keys of their resources, and their ids are returned', () => {
    const documents = [
      { uuid: uuids[0]!, resourceKeyId: 3 },
      { uuid: uuids[1]!, resourceKeyId: 4 },
    ];
    const [insert, ...others] = statements.insertDocuments(documents);
    expect(others).toEqual([]);
    expect(insert?.hasRows).toBe(true);
    expect(sent(insert!)).toEqual([
      'INSERT INTO "dms"."Document" ("DocumentUuid", "ResourceKeyId") SELECT * FROM unnest(?::text::uuid[], ?::text::smallint[]) RETURNING "DocumentId", "DocumentUuid"::text AS "DocumentUuid"',
      uuidList,
      '{"3","4"}',
    ]);
  });

  it('are read for their versions, and removed', () => {
    expect(statements.contentVersions(ids).map(sent)).toEqual([
      [
        'SELECT "DocumentId", "ContentVersion" FROM "dms"."Document" WHERE "DocumentId" IN (SELECT unnest(?::text::bigint[]))',
        '{"1","2"}',
      ],
    ]);
    expect(statements.removeDocuments(uuids).map(sent)).toEqual([
      ['DELETE FROM "dms"."Document" WHERE "DocumentUuid" IN (SELECT unnest(?::text::uuid[]))', uuidList],
    ]);
  });
});

describe('descriptors', () => {
  it('are inserted with their identities', () => {
    const row: DescriptorRow = {
      documentId: '7',
      resourceKeyId: 3,
      referentialId: uuids[0]!,
      namespace: 'uri://x',
      codeValue: 'say "a\\b"',
      shortDescription: 'NULL',
      description: null,
      effectiveBeginDate: '2030-01-01',
      effectiveEndDate: null,
      discriminator: 'KindDescriptor',
      uri: 'uri://x#a',
    };
    expect(statements.insertDescriptors(descriptorColumns, [row]).map(sent)).toEqual([
      [
        'INSERT INTO "dms"."Descriptor" ("DocumentId", "Namespace", "CodeValue", "ShortDescription", "Description", "EffectiveBeginDate", "EffectiveEndDate", "Discriminator", "Uri") SELECT * FROM unnest(?::text::bigint[], ?::text::varchar[], ?::text::varchar[], ?::text::varchar[], ?::text::varchar[], ?::text::date[], ?::text::date[], ?::text::varchar[], ?::text::varchar[])',
        '{"7"}',
        '{"uri://x"}',
        '{"say \\"a\\\\b\\""}',
        '{"NULL"}',
        '{NULL}',
        '{"2030-01-01"}',
        '{NULL}',
        '{"KindDescriptor"}',
        '{"uri://x#a"}',
      ],
    ]);
    expect(storedDescriptorIds.pgsql.insert([row]).map(sent)).toEqual([
      [
        'INSERT INTO "dms"."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId") SELECT * FROM unnest(?::text::uuid[], ?::text::bigint[], ?::text::smallint[])',
        `{"${uuids[0]}"}`,
        '{"7"}',
        '{"3"}',
      ],
    ]);
  });

  it('are read with their URIs, up to a limit', () => {
    expect(sent(statements.descriptorUris(10))).toEqual([
      'SELECT "DocumentId" AS "DescriptorId", "Uri" FROM "dms"."Descriptor" LIMIT ?',
      10,
    ]);
  });
});

describe('rows', () => {
  const address = tablePlan('SchoolAddress');
  const root = tablePlan('School');

  it('are inserted as one array per column, with the type of the column', () => {
    const rows = [
      ['7', '0', 'Main'],
      ['7', '1', null],
    ];
    expect(statements.insertRows(address, rows).map(sent)).toEqual([
      [
        'INSERT INTO "core"."SchoolAddress" ("School_DocumentId", "Ordinal", "Street") SELECT * FROM unnest(?::text::bigint[], ?::text::integer[], ?::text::varchar[])',
        '{"7","7"}',
        '{"0","1"}',
        '{"Main",NULL}',
      ],
    ]);
  });

  it('are inserted in batches of the size given by the plan', () => {
    const plan = { ...address, bulkInsertBatching: { ...address.bulkInsertBatching, maxRowsPerBatch: 2 } };
    const rows = ['0', '1', '2'].map((ordinal) => ['7', ordinal, 'x']);
    expect(statements.insertRows(plan, rows).map(({ parameters }) => parameters[1])).toEqual(['{"0","1"}', '{"2"}']);
    expect(statements.insertRows(plan, [])).toEqual([]);
  });

  it('use every type without a length, because the server would truncate to it', () => {
    const types: readonly string[] = [
      'DocumentId bigint',
      'A_Present boolean',
      'A_Unified integer',
      'B_Present boolean',
      'Place_DocumentId bigint',
      'Place_PlaceId integer',
      'KindDescriptor_DescriptorId bigint',
      'ClosesAt time',
      'IsOpen boolean',
      'Name varchar',
      'OpensAt timestamp with time zone',
      'Rate numeric',
      'SchoolId integer',
    ];
    const row = root.columnBindings.map(({ column }) => (column.scalarType?.kind === 'Boolean' ? true : '1'));
    const [text, ...parameters] = sent(statements.insertRows(root, [row])[0]!);
    const casts = [...text.matchAll(/\?::text::([a-z ]+)\[\]/g)].map(([, type]) => type);
    expect(root.columnBindings.map(({ column }, index) => `${column.name} ${casts[index]}`)).toEqual(types);
    expect(parameters).toEqual(row.map((each) => (each === true ? '{true}' : '{"1"}')));
  });

  it('use bigint and integer for key columns without a type in the model', () => {
    const untyped = address.columnBindings.map((binding) =>
      binding.column.kind === 'Scalar' ? binding : { ...binding, column: { ...binding.column, scalarType: null } },
    );
    const [text] = sent(statements.insertRows({ ...address, columnBindings: untyped }, [['7', '0', 'x']])[0]!);
    expect(text).toContain('unnest(?::text::bigint[], ?::text::integer[], ?::text::varchar[])');
  });

  it('are updated by their keys, and no key column changes', () => {
    const extension = tablePlan('SchoolExtension');
    expect(statements.updateRows(extension, [['7', 'x']]).map(sent)).toEqual([
      [
        'UPDATE "sample"."SchoolExtension" t SET "Motto" = n."Motto" FROM unnest(?::text::bigint[], ?::text::varchar[]) AS n ("DocumentId", "Motto") WHERE t."DocumentId" = n."DocumentId"',
        '{"7"}',
        '{"x"}',
      ],
    ]);
    const pieces = { ...extension, bulkInsertBatching: { ...extension.bulkInsertBatching, maxRowsPerBatch: 1 } };
    expect(
      statements.updateRows(pieces, [
        ['7', 'x'],
        ['8', 'y'],
      ]),
    ).toHaveLength(2);
  });

  it('with several key columns are found by all of them', () => {
    const [text] = sent(statements.updateRows(address, [['7', '0', 'x']])[0]!);
    expect(text).toContain('SET "Street" = n."Street" FROM');
    expect(text).toContain('WHERE t."School_DocumentId" = n."School_DocumentId" AND t."Ordinal" = n."Ordinal"');
  });

  it('without columns outside the key are never updated', () => {
    expect(statements.updateRows(tablePlan('SchoolExtensionAddress'), [['7', '0']])).toEqual([]);
  });

  it('of documents are deleted by the column with the document id', () => {
    expect(statements.deleteRows(address.tableModel.table, 'School_DocumentId', ids).map(sent)).toEqual([
      [
        'DELETE FROM "core"."SchoolAddress" WHERE "School_DocumentId" IN (SELECT unnest(?::text::bigint[]))',
        '{"1","2"}',
      ],
    ]);
  });

  it('of documents lose references', () => {
    const table = { schema: 's', name: 'T' } as never;
    expect(statements.emptyColumns(table, ['A_DocumentId', 'A_Key'], ids).map(sent)).toEqual([
      [
        'UPDATE "s"."T" SET "A_DocumentId" = NULL, "A_Key" = NULL WHERE "DocumentId" IN (SELECT unnest(?::text::bigint[]))',
        '{"1","2"}',
      ],
    ]);
  });
});

describe('reading', () => {
  const page = 'WITH "page" ("DocumentId") AS MATERIALIZED (SELECT i FROM unnest(\'{1,2}\'::bigint[]) i)\n';
  const hydrate = (tables: boolean, uris: boolean) => statements.hydrate(read, ids, { tables, uris });

  it('reads the tables, the URIs or both with the texts of the plan', () => {
    const tables = read.tablePlansInDependencyOrder.map(({ selectByKeysetSql }) => [page + selectByKeysetSql]);
    const uris = read.descriptorProjectionPlansInOrder.map(({ selectByKeysetSql }) => [page + selectByKeysetSql]);
    expect([tables.length, uris.length]).toEqual([6, 1]);
    expect(hydrate(true, false).map(sent)).toEqual(tables);
    expect(hydrate(false, true).map(sent)).toEqual(uris);
    expect(hydrate(true, true).map(sent)).toEqual([...tables, ...uris]);
    expect(hydrate(false, false)).toEqual([]);
  });

  it('receives rows of tables as arrays and rows of URIs as objects', () => {
    expect(statements.hydratesArrays).toBe(true);
    expect(hydrate(true, true).map(({ asArrays }) => asArrays === true)).toEqual([...Array(6).fill(true), false]);
  });

  it('sees one snapshot', () => {
    const { begin, beginReading, commit } = statements.transaction ?? {};
    expect([begin, beginReading, commit].map((statement) => statement?.pieces)).toEqual([
      ['BEGIN'],
      ['BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'],
      ['COMMIT'],
    ]);
  });

  it('checks each referring column once', () => {
    const table = tablePlan('School').tableModel.table;
    const places = [
      { table, column: 'A' },
      { table: { ...table, name: table.schema }, column: 'B"C' },
    ];
    expect(sent(statements.referrers(places, uuids))).toEqual([
      'WITH gone AS (SELECT "DocumentId" FROM "dms"."Document" WHERE "DocumentUuid" IN (SELECT unnest(?::text::uuid[])))\n' +
        '(SELECT 0 AS "Position" FROM "core"."School" WHERE "A" IN (SELECT "DocumentId" FROM gone) LIMIT 1)\n' +
        'UNION ALL\n' +
        '(SELECT 1 AS "Position" FROM "core"."core" WHERE "B""C" IN (SELECT "DocumentId" FROM gone) LIMIT 1)',
      uuidList,
    ]);
  });
});
