import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonPath } from '@dms/api-schema';
import { type Fill, full, minimal, some } from '@dms/documents';
import type { Column, ResourceModel } from '@dms/model';
import { compilePageQuery, type QueryOperator, type QueryPredicate } from '@dms/plans';
import { databaseEngines, hasSharedData, random, readSharedJson, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileSchemas, PlanDatabase, type SchemaDocument } from '../test/plan-database.ts';
import { fillPage, positional } from '../test/plan-executor.ts';
import { below, type Json, valueAt } from '../test/plan-rows.ts';

const fixture = (name: string): SchemaDocument =>
  JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../../fixtures/schemas', name, 'ApiSchema.json'), 'utf8'));

interface SchemaSet {
  readonly name: string;
  readonly isThere: boolean;
  readonly schemas: () => SchemaDocument[];
  /** What documents of one resource hold: the first is new, each of the others replaces the one before. */
  readonly series: (half: Fill) => readonly (readonly Fill[])[];
}

const schemaSets: readonly SchemaSet[] = [
  {
    name: 'the campus and athletics schemas',
    isThere: true,
    schemas: () => [fixture('campus'), fixture('athletics')],
    series: (half) => [
      [minimal, full, half, minimal, half, half, full],
      [full, half, half, minimal],
      [minimal, half],
    ],
  },
  {
    name: 'the data standard 5.2 (needs the shared conformance data)',
    isThere: hasSharedData,
    schemas: () => [readSharedJson('inputs', 'ds-5.2-core.json')],
    series: (half) => [[half, full, minimal]],
  },
];

const operators: readonly QueryOperator[] = [
  'Equal',
  'NotEqual',
  'LessThan',
  'LessThanOrEqual',
  'GreaterThan',
  'GreaterThanOrEqual',
];

function aliasesOf({ tablesInDependencyOrder: [root] }: ResourceModel) {
  return new Map(
    root?.columns.flatMap(({ name, storage }) => (storage.kind === 'UnifiedAlias' ? [[name, storage] as const] : [])),
  );
}

/** A query with a filter on every column of a root that has a path, no two of them the same. */
function fullQuery(model: ResourceModel) {
  const [root] = model.tablesInDependencyOrder;
  if (!root) throw new Error('a relational resource has a root');
  const used = new Set<string>();
  const predicates = root.columns
    .filter(({ sourcePath }) => sourcePath !== null)
    .map(({ name, storage, scalarType }, index): QueryPredicate => {
      const stored = storage.kind === 'Stored' ? name : `${storage.presenceColumn} ${storage.canonicalColumn}`;
      const possible = scalarType?.kind === 'String' ? [...operators, 'Like' as const] : operators;
      const turned = possible.map((_, turn) => possible[(index + turn) % possible.length] as QueryOperator);
      const operator = turned.find((candidate) => !used.has(`${stored} ${candidate}`)) as QueryOperator;
      used.add(`${stored} ${operator}`);
      return { column: name, operator, parameterName: `p${index}` };
    });
  return compilePageQuery('pgsql', { rootTable: root.table, predicates, aliases: aliasesOf(model), includeTotalCount: true });
}

/** Every SQL text of the plans of a resource, and of a page query on it. */
function textsOf({ mappingSet }: PlanDatabase, model: ResourceModel): string[] {
  const label = `${model.resourceKey.projectName}:${model.resourceKey.resourceName}`;
  const write = mappingSet.writePlansByResource.get(label)?.tablePlansInDependencyOrder ?? [];
  const read = mappingSet.readPlansByResource.get(label);
  const page = fullQuery(model);
  return [
    ...write.flatMap(({ insertSql, updateSql, deleteByParentSql }) => [insertSql, updateSql, deleteByParentSql]),
    ...(read?.tablePlansInDependencyOrder ?? []).map(({ selectByKeysetSql }) => selectByKeysetSql),
    ...(read?.descriptorProjectionPlansInOrder ?? []).map(({ selectByKeysetSql }) => selectByKeysetSql),
    page.pageDocumentIdSql,
    page.totalCountSql,
  ].filter((sql) => sql !== null);
}

const relational = ({ mappingSet }: PlanDatabase) =>
  mappingSet.model.resources.filter(({ storageKind }) => storageKind === 'RelationalTables');

const labelsOf = ({ mappingSet }: PlanDatabase) => [...mappingSet.writePlansByResource.keys()].sort();

/** One document, replaced again and again: what is read is always exactly what was written last. */
async function expectRoundTrips(database: PlanDatabase, label: string, [first, ...others]: readonly Fill[]): Promise<void> {
  const sample = database.world.create(label, first ?? minimal);
  await database.writeNew();
  expect((await database.read([sample])).get(sample), label).toEqual(sample.document);
  for (const [index, fill] of others.entries()) {
    const next = database.world.vary(sample, fill);
    await database.replace(sample, next, index % 2 === 0 ? {} : { maxRowsPerBatch: 2 });
    expect((await database.read([sample])).get(sample), label).toEqual(next);
  }
}

describe.each(databaseEngines)('plans on $name', ({ open }) => {
  for (const { name, isThere, schemas, series } of schemaSets)
    describe.skipIf(!isThere)(`for ${name}`, () => {
      let connection: TestDatabase;
      let database: PlanDatabase;
      const next = random(1);

      beforeAll(async () => {
        const compiled = compileSchemas(schemas());
        connection = await open();
        await connection.exec(compiled.script);
        database = new PlanDatabase(compiled, connection, next);
        await fillPage(connection, []);
      }, 300_000);

      afterAll(() => connection.close());

      it('the server accepts every text', { timeout: 300_000 }, async () => {
        let count = 0;
        for (const model of relational(database)) {
          const texts = textsOf(database, model).map((sql) => `PREPARE "text${count++}" AS ${positional(sql).text}`);
          await connection.exec(texts.join('')).catch((error: Error) => {
            throw new Error(`${error.message} in one of\n${texts.join('')}`);
          });
        }
        await connection.exec('DEALLOCATE ALL');
        const tables = relational(database).flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder).length;
        // an insert and a select for each table, a page and a count for each resource, an update or a delete beside
        expect(count).toBeGreaterThan(2 * tables + 2 * relational(database).length);
      });

      it('what is written is what is read, and a document replaced leaves exactly the second', {
        timeout: 600_000,
      }, async () => {
        for (const label of labelsOf(database)) {
          for (const fills of series(some(next))) await expectRoundTrips(database, label, fills);
        }
        // whole pages: nothing has touched what was written before
        for (const label of labelsOf(database)) {
          const found = await database.read(database.world.documentsOf(label));
          for (const [sample, document] of found) expect(document, label).toEqual(sample.document);
        }
      });

      it('a page query finds the documents that have the value, in pages, with their number', {
        timeout: 300_000,
      }, async () => {
        let [queries, empty] = [0, 0];
        for (const model of relational(database)) {
          const counts = await expectPages(database, model);
          queries += counts[0];
          empty += counts[1];
        }
        expect(queries).toBeGreaterThan(relational(database).length);
        // a stored value that only another alias shows is not found
        expect(empty).toBeGreaterThan(0);
      });
    });
});

/** How a value of a document is stored; undefined when the query is not for it. */
function filterValue(
  { lookup }: PlanDatabase,
  { kind, targetResource }: Column,
  value: Json,
): string | number | boolean | undefined {
  if (kind === 'DescriptorFk' && targetResource) return lookup.descriptor(targetResource, String(value).toLowerCase());
  return kind === 'Scalar' && typeof value !== 'object' ? value : undefined;
}

/** Filters the documents of a resource; returns how many queries were run, and how many of them found nothing. */
async function expectPages(database: PlanDatabase, model: ResourceModel): Promise<readonly [queries: number, empty: number]> {
  const [root] = model.tablesInDependencyOrder;
  if (!root) return [0, 0];
  const label = `${model.resourceKey.projectName}:${model.resourceKey.resourceName}`;
  const samples = database.world.documentsOf(label);
  const storedIn = ({ name, storage }: Column) => (storage.kind === 'UnifiedAlias' ? storage.canonicalColumn : name);
  let [queries, empty] = [0, 0];
  for (const column of root.columns) {
    const { sourcePath } = column;
    if (!sourcePath) continue;
    const valuesAt = (source: JsonPath) => samples.map(({ document }) => valueAt(document, below(root.jsonScope, source)));
    const own = valuesAt(sourcePath);
    // also what another alias of the same stored column reads where this one reads nothing
    const others = root.columns
      .filter((other) => other !== column && storedIn(other) === storedIn(column))
      .flatMap((other) => (other.sourcePath ? valuesAt(other.sourcePath) : []))
      .filter((value) => !own.includes(value));
    const query = compilePageQuery('pgsql', {
      rootTable: root.table,
      predicates: [{ column: column.name, operator: 'Equal', parameterName: 'wanted' }],
      aliases: aliasesOf(model),
      includeTotalCount: true,
    });
    const run = async (sql: string, parameters: Record<string, unknown>) => {
      const { text, names } = positional(sql);
      const rows = await database.session.queryRows(
        text,
        names.map((name) => parameters[name]),
      );
      return rows.map(([id]) => Number(id));
    };
    for (const value of [own.find((each) => each !== undefined), others.find((each) => each !== undefined)]) {
      const wanted = value === undefined ? undefined : filterValue(database, column, value);
      if (wanted === undefined) continue;
      const ids = samples
        .flatMap((sample, index) => (own[index] === value ? [database.idOf(sample)] : []))
        .sort((a, b) => a - b);
      const where = `${label} ${sourcePath.canonical} = ${JSON.stringify(value)}`;
      expect(await run(query.pageDocumentIdSql, { wanted, offset: 0, limit: 1000 }), where).toEqual(ids);
      expect(await run(query.pageDocumentIdSql, { wanted, offset: 1, limit: 1 }), where).toEqual(ids.slice(1, 2));
      expect(await run(query.totalCountSql ?? '', { wanted }), where).toEqual([ids.length]);
      queries += 1;
      empty += ids.length === 0 ? 1 : 0;
    }
  }
  return [queries, empty];
}
