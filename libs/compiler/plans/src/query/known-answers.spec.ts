import { dialects, type SqlDialect } from '@dms/sql';
import { handMade, hasSharedData, readSharedJson, readSharedText } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import {
  bulkInsertBatching,
  compilePageQuery,
  insertSql,
  type PageQuerySpecification,
  planDialects,
} from '../index.ts';
import { planSqlHash } from '../manifest-parts.ts';
import { parameterNames } from '../parameter-names.ts';
import { planText } from '../plan-dialect.ts';
import type { Paging, QueriedDocuments } from './page-query.ts';

const association: QueriedDocuments = {
  rootTable: { schema: 'edfi', name: 'StudentSchoolAssociation' },
  predicates: [
    { column: 'SchoolYear', operator: 'GreaterThanOrEqual', parameterName: 'schoolYear' },
    { column: 'Student_StudentUniqueId', operator: 'Equal', parameterName: 'studentUniqueId', scalarKind: 'String' },
  ],
  aliases: new Map([
    ['Student_StudentUniqueId', { canonicalColumn: 'StudentUniqueId_Unified', presenceColumn: 'Student_DocumentId' }],
  ]),
};

const descriptors: QueriedDocuments = {
  rootTable: { schema: 'dms', name: 'Descriptor' },
  predicates: [
    { column: 'ResourceKeyId', operator: 'Equal', parameterName: 'resourceKeyId' },
    { target: 'DocumentUuid', operator: 'Equal', parameterName: 'id' },
    { column: 'Namespace', operator: 'Equal', parameterName: 'namespace', scalarKind: 'String' },
    { column: 'EffectiveEndDate', operator: 'Equal', parameterName: 'effectiveEndDate', scalarKind: 'Date' },
  ],
};

const page = (dialect: SqlDialect, documents: QueriedDocuments, paging: Paging = {}) =>
  compilePageQuery(dialect, { ...documents, ...paging }).pageDocumentIdSql;

function insert(dialect: SqlDialect): string {
  const bindings = ['SchoolId', 'SchoolYear', 'StudentUniqueId'].map((name) => handMade.scalar(name, `$.${name}`));
  const names = parameterNames(bindings.map(({ name }) => name));
  return planText(
    insertSql(
      planDialects[dialect],
      { table: association.rootTable },
      bindings.map((column, index) => ({ column, source: { kind: 'precomputed' }, parameterName: names[index] ?? '' })),
    ),
  );
}

const texts: Readonly<Record<string, (dialect: SqlDialect) => string | null>> = {
  'page-document-id': (dialect) => page(dialect, association),
  'cursor-page-document-id': (dialect) => page(dialect, association, { mode: 'cursor' }),
  'unpaged-candidates': (dialect) => page(dialect, association, { mode: 'unpaged' }),
  'descriptor-page-document-id': (dialect) => page(dialect, descriptors),
  'descriptor-total-count': (dialect) =>
    compilePageQuery(dialect, { ...descriptors, includeTotalCount: true }).totalCountSql,
  'cursor-descriptor-page-document-id': (dialect) => page(dialect, descriptors, { mode: 'cursor' }),
  insert,
};

interface Contracts {
  readonly query_plans: readonly {
    readonly dialect: SqlDialect;
    readonly page_document_id_sql: string;
    readonly page_document_id_sql_sha256: string;
    readonly total_count_sql: string;
    readonly total_count_sql_sha256: string;
    readonly page_parameters_in_order: unknown;
    readonly total_count_parameters_in_order: unknown;
  }[];
  readonly write_parameter_naming: {
    readonly columns_in_order: readonly string[];
    readonly parameter_names_in_order: readonly string[];
  };
  readonly batching: readonly {
    readonly dialect: SqlDialect;
    readonly max_rows_per_batch: number;
    readonly parameters_per_row: number;
    readonly max_parameters_per_command: number;
  }[];
}

const contracts: Contracts | undefined = hasSharedData
  ? readSharedJson('fixtures-v2', 'plans-contracts', 'expected', 'plan-contracts.manifest.json')
  : undefined;

const contractQuery: PageQuerySpecification = {
  rootTable: association.rootTable,
  predicates: [
    { column: 'AliasB', operator: 'GreaterThan', parameterName: 'zParam' },
    { column: 'AliasA', operator: 'Equal', parameterName: 'aParam' },
    { column: 'AliasC', operator: 'LessThan', parameterName: 'mParam' },
  ],
  aliases: new Map([
    ['AliasA', { canonicalColumn: 'CanonicalA', presenceColumn: 'PresenceA' }],
    ['AliasB', { canonicalColumn: 'CanonicalB', presenceColumn: null }],
  ]),
  includeTotalCount: true,
};

describe.runIf(hasSharedData)('the known answers of page queries (needs the shared conformance data)', () => {
  it.each(Object.keys(texts).flatMap((query) => dialects.map((dialect) => [query, dialect] as const)))(
    '%s in %s is byte-equal',
    (query, dialect) => {
      expect(texts[query]?.(dialect)).toBe(
        readSharedText('fixtures-v2', 'plans-sql-text', 'expected', `${dialect}.${query}.sql`),
      );
    },
  );

  it.each(contracts?.query_plans ?? [])('the contract in $dialect: texts, hashes, parameters', (expected) => {
    const plan = compilePageQuery(expected.dialect, contractQuery);
    const parameters = (list: typeof plan.pageParametersInOrder | null) =>
      list?.map(({ role, parameterName }) => ({ role, parameter_name: parameterName }));
    expect(plan.pageDocumentIdSql).toBe(`${expected.page_document_id_sql}\n`);
    expect(planSqlHash(plan.pageDocumentIdSql)).toBe(expected.page_document_id_sql_sha256);
    expect(plan.totalCountSql).toBe(`${expected.total_count_sql}\n`);
    expect(planSqlHash(plan.totalCountSql ?? '')).toBe(expected.total_count_sql_sha256);
    expect(parameters(plan.pageParametersInOrder)).toEqual(expected.page_parameters_in_order);
    expect(parameters(plan.totalCountParametersInOrder)).toEqual(expected.total_count_parameters_in_order);
  });

  it('the contract of both dialects is there, with its names and batches', () => {
    expect(contracts?.query_plans.map(({ dialect }) => dialect).sort()).toEqual(['mssql', 'pgsql']);
    expect(parameterNames(contracts?.write_parameter_naming.columns_in_order ?? [])).toEqual(
      contracts?.write_parameter_naming.parameter_names_in_order,
    );
    for (const { dialect, parameters_per_row, max_rows_per_batch, max_parameters_per_command } of contracts?.batching ??
      []) {
      expect(bulkInsertBatching(dialect, parameters_per_row)).toEqual({
        maxRowsPerBatch: max_rows_per_batch,
        parametersPerRow: parameters_per_row,
        maxParametersPerCommand: max_parameters_per_command,
      });
    }
    expect(contracts?.batching).toHaveLength(2);
  });
});
