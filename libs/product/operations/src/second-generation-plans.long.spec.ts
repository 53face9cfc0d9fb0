import { deriveModel } from '@dms/derivation';
import type { RelationalModelSet, ResourceModel } from '@dms/model';
import {
  compileMappingSet,
  compilePageQuery,
  compilePartitionQuery,
  type MappingSet,
  type Paging,
  type QueryPredicate,
  queryAliases,
} from '@dms/plans';
import { dialectRules, qualifiedName } from '@dms/sql';
import {
  build,
  type Document,
  hasSharedData,
  ownSchema,
  schemaSetOf,
  sharedSet,
  usualDatabaseEngines,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';

const rules = dialectRules.pgsql;

async function modelOf(documents: readonly Document[] | undefined): Promise<RelationalModelSet> {
  const set = documents ? schemaSetOf('v2', documents) : await sharedSet('v2', 'fixtures-v2', 'ds-5.2');
  return deriveModel(set, 'pgsql', { strict: documents === undefined }).model;
}

/** The tables of a model, and those of `dms` that plans name, reduced to the columns that a text needs to be parsed. */
function bareTables({ resources }: RelationalModelSet): string {
  const tables = resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder);
  const schemas = [...new Set(['dms', ...tables.map(({ table }) => table.schema)])];
  return [
    ...schemas.map((schema) => `CREATE SCHEMA ${rules.quote(schema)};`),
    'CREATE TABLE "dms"."Document" ("DocumentId" bigint PRIMARY KEY, "DocumentUuid" uuid, "ResourceKeyId" smallint);',
    'CREATE TABLE "dms"."Descriptor" ("DocumentId" bigint PRIMARY KEY, "Uri" text);',
    ...tables.map(({ table, columns }) => {
      const list = columns.map(
        ({ name, scalarType }) => `${rules.quote(name)} ${scalarType ? rules.typeName(scalarType) : ''}`,
      );
      return `CREATE TABLE ${qualifiedName(rules, table)} (${list.join(', ')});`;
    }),
  ].join('\n');
}

/** Page queries in every mode, with filters on the uuid and on every column of the root that has a path. */
function pageTexts({ tablesInDependencyOrder: [root] }: ResourceModel): string[] {
  if (!root) throw new Error('a relational resource has a root');
  const seen = new Set<string>();
  const columns = root.columns.filter(({ name, sourcePath, storage }) => {
    const place = storage.kind === 'Stored' ? name : `${storage.presenceColumn} ${storage.canonicalColumn}`;
    const isNew = sourcePath !== null && !seen.has(place);
    seen.add(place);
    return isNew;
  });
  const predicates: QueryPredicate[] = [
    { target: 'DocumentUuid', operator: 'Equal', parameterName: 'uuid' },
    ...columns.map(({ name, scalarType }, index): QueryPredicate => {
      return { column: name, operator: 'Equal', parameterName: `p${index}`, scalarKind: scalarType?.kind ?? null };
    }),
  ];
  const documents = { rootTable: root.table, predicates, aliases: queryAliases(root) };
  const modes: readonly Paging[] = [
    { includeTotalCount: true, orderBy: 'ContentVersion' },
    { mode: 'cursor' },
    { mode: 'unpaged' },
  ];
  return [
    ...modes.flatMap((mode) => {
      const { pageDocumentIdSql, totalCountSql } = compilePageQuery('pgsql', { ...documents, ...mode });
      return totalCountSql === null ? [pageDocumentIdSql] : [pageDocumentIdSql, totalCountSql];
    }),
    compilePartitionQuery('pgsql', documents).partitionSql,
  ];
}

/** Every SQL text of the plans of a resource, and of page queries on it. */
function textsOf({ writePlansByResource, readPlansByResource }: MappingSet, model: ResourceModel): string[] {
  const label = `${model.resourceKey.projectName}:${model.resourceKey.resourceName}`;
  const write = writePlansByResource.get(label)?.tablePlansInDependencyOrder ?? [];
  const read = readPlansByResource.get(label);
  const reads = [
    ...(read?.tablePlansInDependencyOrder ?? []),
    ...(read?.descriptorProjectionPlansInOrder ?? []),
    ...(read?.documentReferenceLookup ? [read.documentReferenceLookup] : []),
  ];
  return [
    ...write.flatMap(({ insertSql, updateSql, deleteByParentSql, collectionMergePlan: merge }) => [
      insertSql,
      updateSql,
      deleteByParentSql,
      merge?.updateByStableRowIdentitySql ?? null,
      merge?.deleteByStableRowIdentitySql ?? null,
    ]),
    ...reads.flatMap(({ selectByKeysetSql, selectBySingleDocumentSql }) => [
      selectByKeysetSql,
      selectBySingleDocumentSql,
    ]),
    ...pageTexts(model),
  ].filter((sql) => sql !== null);
}

/** A text of a plan with its parameters written as `$n`. */
function positional(sql: string): string {
  const names: string[] = [];
  return sql.replace(/@([A-Za-z_][A-Za-z0-9_]*)/g, (_, name: string) => {
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
}

const schemaSets = [
  { name: 'the campus and athletics schemas', isThere: true, schemas: [ownSchema('campus'), ownSchema('athletics')] },
  { name: 'the data standard 5.2 (needs the shared conformance data)', isThere: hasSharedData, schemas: undefined },
];

const { array, descriptor, descriptorPath, integer, object, reference, resource, uri } = build;

/** Two references and two descriptors on the root, one of each in a collection. */
const visits = [
  build.project('Ed-Fi', [
    descriptor('KindDescriptor'),
    resource('Room', {
      identityJsonPaths: ['$.roomId'],
      jsonSchemaForInsert: object({ roomId: integer() }, ['roomId']),
    }),
    resource('Visit', {
      identityJsonPaths: ['$.visitId'],
      arrayUniquenessConstraints: [{ paths: ['$.stops[*].stopId'] }],
      documentPathsMapping: {
        One: descriptorPath('Ed-Fi:KindDescriptor', '$.oneDescriptor'),
        Two: descriptorPath('Ed-Fi:KindDescriptor', '$.twoDescriptor'),
        StopKind: descriptorPath('Ed-Fi:KindDescriptor', '$.stops[*].kindDescriptor'),
        Room: reference('Ed-Fi:Room', [['$.roomId', '$.roomReference.roomId']]),
        OtherRoom: reference('Ed-Fi:Room', [['$.roomId', '$.otherRoomReference.roomId']]),
        StopRoom: reference('Ed-Fi:Room', [['$.roomId', '$.stops[*].roomReference.roomId']]),
      },
      jsonSchemaForInsert: object(
        {
          visitId: integer(),
          oneDescriptor: uri(),
          twoDescriptor: uri(),
          roomReference: object({ roomId: integer() }, ['roomId']),
          otherRoomReference: object({ roomId: integer() }, ['roomId']),
          stops: array(
            object(
              { stopId: integer(), kindDescriptor: uri(), roomReference: object({ roomId: integer() }, ['roomId']) },
              ['stopId'],
            ),
          ),
        },
        ['visitId'],
      ),
    }),
  ]),
];

// documents in plans are tested where the plans run: @dms/documents
describe.each(usualDatabaseEngines())('plans of the second generation on $name', ({ open }) => {
  for (const { name, isThere, schemas } of schemaSets)
    it.skipIf(!isThere)(`the server accepts every text for ${name}`, async () => {
      const model = await modelOf(schemas);
      const mappingSet = compileMappingSet(model);
      const relational = model.resources.filter(({ storageKind }) => storageKind === 'RelationalTables');
      const connection = await open();
      try {
        await connection.exec(bareTables(model));
        await connection.exec('CREATE TEMP TABLE "page" ("DocumentId" bigint PRIMARY KEY)');
        let count = 0;
        for (const each of relational) {
          const texts = textsOf(mappingSet, each).map((sql) => `PREPARE "text${count++}" AS ${positional(sql)}`);
          await connection.exec(texts.join('')).catch((error: Error) => {
            throw new Error(`${error.message} in one of\n${texts.join('')}`);
          });
        }
        const tables = relational.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder).length;
        // an insert and two selects per table, five queries per resource, and also updates and deletes
        expect(count).toBeGreaterThan(3 * tables + 5 * relational.length);
      } finally {
        await connection.close();
      }
    });

  it('find the descriptors and documents of a page, and of one document', async () => {
    const model = await modelOf(visits);
    const { readPlansByResource } = compileMappingSet(model);
    const read = readPlansByResource.get('Ed-Fi:Visit');
    const [projection] = read?.descriptorProjectionPlansInOrder ?? [];
    const lookup = read?.documentReferenceLookup;
    if (!projection?.selectBySingleDocumentSql || !lookup) throw new Error('the plan has no projections');
    const connection = await open();
    const idsOf = async (sql: string, column: string, documentId?: number) => {
      const rows = await connection.query(positional(sql), documentId === undefined ? undefined : [documentId]);
      return rows.map((row) => Number(row[column]));
    };
    try {
      await connection.exec(bareTables(model));
      await connection.exec('CREATE TEMP TABLE "page" ("DocumentId" bigint PRIMARY KEY)');
      // rooms 1 to 4, kinds 11 to 14
      await connection.exec(
        'INSERT INTO "dms"."Document" ("DocumentId", "ResourceKeyId") SELECT n, 1 FROM generate_series(1, 4) AS n; INSERT INTO "dms"."Descriptor" SELECT n, \'uri\' FROM generate_series(11, 14) AS n',
      );
      const visit = (id: number, one: string, two: string, room: string, other: string) =>
        `INSERT INTO "edfi"."Visit" ("DocumentId", "OneDescriptor_DescriptorId", "TwoDescriptor_DescriptorId", "Room_DocumentId", "OtherRoom_DocumentId") VALUES (${id}, ${one}, ${two}, ${room}, ${other});`;
      const stop = (visitId: number, kind: string, room: string) =>
        `INSERT INTO "edfi"."VisitStop" ("Visit_DocumentId", "KindDescriptor_DescriptorId", "StopRoom_DocumentId") VALUES (${visitId}, ${kind}, ${room});`;
      await connection.exec(
        [
          visit(101, '12', '11', '3', 'NULL'),
          visit(102, '11', 'NULL', '4', '3'),
          stop(101, '14', '1'),
          stop(102, 'NULL', '3'),
        ].join(''),
      );
      await connection.exec('INSERT INTO "page" VALUES (101), (102)');
      expect(await idsOf(projection.selectByKeysetSql, 'DescriptorId')).toEqual([11, 12, 14]);
      expect(await idsOf(lookup.selectByKeysetSql, 'DocumentId')).toEqual([1, 3, 4]);
      expect(await idsOf(projection.selectBySingleDocumentSql, 'DescriptorId', 102)).toEqual([11]);
      expect(await idsOf(lookup.selectBySingleDocumentSql, 'DocumentId', 101)).toEqual([1, 3]);
    } finally {
      await connection.close();
    }
  });

  it('begin partitions: at most so many, of at least that size, each with a document that is there', async () => {
    // document ids with gaps, as after deletes
    const documentIds = Array.from({ length: 10 }, (_, index) => 7 * index + 3);
    const connection = await open();
    const starts = async (number: number, minimum: number) => {
      const { partitionSql } = compilePartitionQuery('pgsql', {
        rootTable: { schema: 'edfi', name: 'School' },
        predicates: [],
      });
      const rows = await connection.query(positional(partitionSql), [number, minimum]);
      return rows.map(({ DocumentId }) => documentIds.indexOf(Number(DocumentId)));
    };
    try {
      await connection.exec('CREATE SCHEMA "edfi"; CREATE TABLE "edfi"."School" ("DocumentId" bigint PRIMARY KEY)');
      await connection.exec(`INSERT INTO "edfi"."School" VALUES ${documentIds.map((id) => `(${id})`).join(', ')}`);
      // 10 documents: 3 ranges have 4, 4 and 2; 4 ranges have 3, 3, 3 and 1
      expect(await starts(3, 1)).toEqual([0, 4, 8]);
      expect(await starts(4, 1)).toEqual([0, 3, 6, 9]);
      expect(await starts(4, 5)).toEqual([0, 5]);
      expect(await starts(20, 1)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(await starts(1, 1)).toEqual([0]);
      expect(await starts(3, 100)).toEqual([0]);
      await connection.exec('DELETE FROM "edfi"."School"');
      expect(await starts(3, 1)).toEqual([]);
    } finally {
      await connection.close();
    }
  });
});
