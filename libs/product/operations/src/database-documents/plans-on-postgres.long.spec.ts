import type { ResourceModel } from '@dms/model';
import {
  compileMappingSet,
  compilePageQuery,
  type MappingSet,
  type QueryOperator,
  type QueryPredicate,
} from '@dms/plans';
import { hasSharedData, ownSchema, readSharedJson, usualDatabaseEngines } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compiledScript } from '../../test/compiled-sets.ts';

const schemaSets = [
  {
    name: 'the campus and athletics schemas',
    isThere: true,
    schemas: () => [ownSchema('campus'), ownSchema('athletics')],
  },
  {
    name: 'the data standard 5.2 (needs the shared conformance data)',
    isThere: hasSharedData,
    schemas: () => [readSharedJson('inputs', 'ds-5.2-core.json')],
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

/** A text of a plan with its parameters written as `$n`. */
function positional(sql: string): string {
  const names: string[] = [];
  return sql.replace(/@([A-Za-z_][A-Za-z0-9_]*)/g, (_, name: string) => {
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
}

/** A query with a filter on every column of a root that has a path; all columns differ. */
function fullQuery({ tablesInDependencyOrder: [root] }: ResourceModel) {
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
  const aliases = new Map(
    root.columns.flatMap(({ name, storage }) =>
      storage.kind === 'UnifiedAlias' ? [[name as string, storage] as const] : [],
    ),
  );
  return compilePageQuery('pgsql', { rootTable: root.table, predicates, aliases, includeTotalCount: true });
}

/** Every SQL text of the plans of a resource, and of a page query on it. */
function textsOf({ writePlansByResource, readPlansByResource }: MappingSet, model: ResourceModel): string[] {
  const label = `${model.resourceKey.projectName}:${model.resourceKey.resourceName}`;
  const write = writePlansByResource.get(label)?.tablePlansInDependencyOrder ?? [];
  const read = readPlansByResource.get(label);
  const page = fullQuery(model);
  return [
    ...write.flatMap(({ insertSql, updateSql, deleteByParentSql }) => [insertSql, updateSql, deleteByParentSql]),
    ...(read?.tablePlansInDependencyOrder ?? []).map(({ selectByKeysetSql }) => selectByKeysetSql),
    ...(read?.descriptorProjectionPlansInOrder ?? []).map(({ selectByKeysetSql }) => selectByKeysetSql),
    page.pageDocumentIdSql,
    page.totalCountSql,
  ].filter((sql) => sql !== null);
}

// documents in plans are tested where the plans run: @dms/documents
describe.each(usualDatabaseEngines())('plans on $name', ({ open }) => {
  for (const { name, isThere, schemas } of schemaSets)
    it.skipIf(!isThere)(`the server accepts every text for ${name}`, async () => {
      const { model, script } = compiledScript(schemas(), 'pgsql');
      const mappingSet = compileMappingSet(model);
      const relational = model.resources.filter(({ storageKind }) => storageKind === 'RelationalTables');
      const connection = await open();
      try {
        await connection.exec(script);
        await connection.exec('CREATE TEMP TABLE "page" ("DocumentId" bigint PRIMARY KEY)');
        let count = 0;
        for (const resource of relational) {
          const texts = textsOf(mappingSet, resource).map((sql) => `PREPARE "text${count++}" AS ${positional(sql)}`);
          await connection.exec(texts.join('')).catch((error: Error) => {
            throw new Error(`${error.message} in one of\n${texts.join('')}`);
          });
        }
        const tables = relational.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder).length;
        // an insert and a select per table, a page and a count per resource, and also updates or deletes
        expect(count).toBeGreaterThan(2 * tables + 2 * relational.length);
      } finally {
        await connection.close();
      }
    });
});
