import { resourceLabel } from '@dms/api-schema';
import type { ResourceModel } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { expectDiagnostic, handMade, hasSharedData, readSharedJson } from '@dms/testing';
import { sha256Hex } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { type VectorModel, vectorResource } from '../test/vector-models.ts';
import {
  bulkInsertBatching,
  compilePageQuery,
  compileReadPlan,
  compileWritePlan,
  manifestResources,
  mappingSetManifestText,
  type QueryOperator,
} from './index.ts';
import { normalizePlanSql, planSqlHash } from './manifest-parts.ts';
import { deduplicateNames, parameterNames, sanitizeParameterName } from './parameter-names.ts';

const { descriptorResource } = handMade;

interface VectorSql {
  readonly sql: string;
  readonly sha256: string;
}

interface ExpectedPlans {
  readonly write: readonly {
    readonly table: unknown;
    readonly insert: VectorSql;
    readonly update: VectorSql | null;
    readonly delete_by_parent: VectorSql | null;
  }[];
  readonly read: readonly { readonly table: unknown; readonly select_by_keyset: VectorSql }[];
  readonly descriptor_projection: readonly VectorSql[];
  readonly manifest_entry: unknown;
}

interface VectorParameter {
  readonly role: string;
  readonly parameter_name: string;
}

interface PlanVectors {
  readonly resources: readonly {
    readonly id: string;
    readonly model: VectorModel;
    readonly expected: Readonly<Record<SqlDialect, ExpectedPlans>>;
  }[];
  readonly manifests: readonly {
    readonly id: string;
    readonly effective_schema_hash: string;
    readonly relational_mapping_version: string;
    readonly dialects: readonly SqlDialect[];
    readonly resources_in_order: readonly {
      readonly project_name: string;
      readonly resource_name: string;
      readonly has_plans: boolean;
    }[];
    readonly file_utf8_length: number;
    readonly file_sha256: string;
    readonly text?: string;
  }[];
  readonly parameter_naming: readonly {
    readonly columns_in_order: readonly string[];
    readonly parameter_names_in_order: readonly string[];
  }[];
  readonly sanitize: readonly { readonly candidate: string; readonly sanitized: string }[];
  readonly dedup: readonly { readonly names: readonly string[]; readonly result: readonly string[] }[];
  readonly batching: readonly {
    readonly dialect: SqlDialect;
    readonly parameters_per_row: number;
    readonly max_rows_per_batch: number;
    readonly max_parameters_per_command: number;
  }[];
  readonly batching_errors: readonly { readonly dialect: SqlDialect; readonly parameters_per_row: number }[];
  readonly page_queries: readonly {
    readonly spec: {
      readonly root_table: { readonly schema: string; readonly name: string };
      readonly predicates: readonly {
        readonly column: string;
        readonly operator: QueryOperator;
        readonly parameter_name: string;
      }[];
      readonly unified_alias_mappings: Readonly<
        Record<string, { readonly canonical: string; readonly presence: string | null }>
      >;
      readonly include_total_count: boolean;
    };
    readonly expected: Readonly<
      Record<
        SqlDialect,
        {
          readonly page_document_id: VectorSql;
          readonly total_count: VectorSql | null;
          readonly page_parameters_in_order: readonly VectorParameter[];
        }
      >
    >;
  }[];
  readonly hash_normalization: readonly {
    readonly input: string;
    readonly normalized: string;
    readonly sha256: string;
  }[];
}

const vectors: PlanVectors | undefined = hasSharedData ? readSharedJson('design', 'vectors', 'plans.json') : undefined;

/** The entries of a list of the vectors; empty if the list is absent. */
function entries<Name extends keyof PlanVectors>(name: Name): readonly PlanVectors[Name][number][] {
  return vectors?.[name] ?? [];
}

/** One case per entry and dialect, with a name for the report. */
function inBoth<Entry>(list: readonly Entry[], nameOf: (entry: Entry, index: number) => string) {
  return list.flatMap((entry, index) =>
    dialects.map((dialect) => ({ entry, dialect, name: `${nameOf(entry, index)} in ${dialect}` })),
  );
}

const vectorSql = (sql: string): VectorSql => ({ sql, sha256: planSqlHash(sql) });
const sqlOrNull = (sql: string | null) => (sql === null ? null : vectorSql(sql));

const firstGeneration = { effectiveSchema: { relationalMappingVersion: 'v1' as const } };
const withoutCapabilities = { queryCapabilities: new Map(), descriptorQueryCapabilities: new Map() };

const modelsById = new Map(entries('resources').map(({ id, model }) => [id, vectorResource(model)]));

function compiled(model: ResourceModel, dialect: SqlDialect): ExpectedPlans {
  const write = compileWritePlan(dialect, model);
  const read = compileReadPlan(dialect, model);
  const label = resourceLabel(model.resourceKey);
  const [entry] = manifestResources({
    model: { ...firstGeneration, resources: [model] },
    writePlansByResource: new Map([[label, write]]),
    readPlansByResource: new Map([[label, read]]),
    ...withoutCapabilities,
  });
  return {
    write: write.tablePlansInDependencyOrder.map((plan) => ({
      table: plan.tableModel.table,
      insert: vectorSql(plan.insertSql),
      update: sqlOrNull(plan.updateSql),
      delete_by_parent: sqlOrNull(plan.deleteByParentSql),
    })),
    read: read.tablePlansInDependencyOrder.map((plan) => ({
      table: plan.tableModel.table,
      select_by_keyset: vectorSql(plan.selectByKeysetSql),
    })),
    descriptor_projection: read.descriptorProjectionPlansInOrder.map(({ selectByKeysetSql }) =>
      vectorSql(selectByKeysetSql),
    ),
    manifest_entry: entry,
  };
}

describe.runIf(hasSharedData)('the vectors of design 08 (needs the shared conformance data)', () => {
  it('hold 9 resources with 19 tables', () => {
    expect(modelsById.size).toBe(9);
    expect([...modelsById.values()].flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder)).toHaveLength(19);
  });

  it.each(inBoth(entries('resources'), ({ id }) => id))(
    'plans of $name: texts, hashes, manifest entry',
    ({ entry, dialect }) => {
      const model = modelsById.get(entry.id) as ResourceModel;
      expect(compiled(model, dialect)).toEqual(entry.expected[dialect]);
    },
  );

  it.each(entries('manifests'))('manifest $id: length and hash of the file', (entry) => {
    const resources = entry.resources_in_order.map(({ project_name, resource_name, has_plans }, index) => {
      const label = `${project_name}:${resource_name}`;
      const model = has_plans ? modelsById.get(`${entry.id}/${resource_name}`) : descriptorResource(label, index + 1);
      if (!model) throw new Error(`the vectors hold no model of ${entry.id}/${resource_name}`);
      return model;
    });
    const written = mappingSetManifestText(
      entry.dialects.map((dialect) => {
        const relational = resources.filter(({ storageKind }) => storageKind === 'RelationalTables');
        const plans = <Plan>(compile: (dialect: SqlDialect, model: ResourceModel) => Plan) =>
          new Map(
            relational.map((model) => {
              const { projectName, resourceName } = model.resourceKey;
              return [`${projectName}:${resourceName}`, compile(dialect, model)] as const;
            }),
          );
        return {
          key: {
            effectiveSchemaHash: entry.effective_schema_hash,
            dialect,
            relationalMappingVersion: 'v1' as const,
          },
          // in reverse order, because the order of the model must not matter
          model: { ...firstGeneration, resources: resources.toReversed() },
          writePlansByResource: plans(compileWritePlan),
          readPlansByResource: plans(compileReadPlan),
          ...withoutCapabilities,
        };
      }),
    );
    const text = written.replaceAll('"v1"', JSON.stringify(entry.relational_mapping_version));
    if (entry.text !== undefined) expect(text).toBe(entry.text);
    expect(Buffer.byteLength(text)).toBe(entry.file_utf8_length);
    expect(sha256Hex(text)).toBe(entry.file_sha256);
  });

  it('one manifest is there with its full text', () => {
    expect(entries('manifests').filter(({ text }) => text !== undefined)).toHaveLength(1);
  });

  it.each(entries('parameter_naming'))('parameter names of $columns_in_order', (entry) => {
    expect(parameterNames(entry.columns_in_order)).toEqual(entry.parameter_names_in_order);
  });

  it.each(entries('sanitize'))('"$candidate" is cleaned to "$sanitized"', ({ candidate, sanitized }) => {
    expect(sanitizeParameterName(candidate)).toBe(sanitized);
  });

  it.each(entries('dedup'))('$names are made distinct', ({ names, result }) => {
    expect(deduplicateNames(names)).toEqual(result);
  });

  it.each(entries('batching'))('$dialect takes $max_rows_per_batch rows of $parameters_per_row parameters', (entry) => {
    expect(bulkInsertBatching(entry.dialect, entry.parameters_per_row)).toEqual({
      maxRowsPerBatch: entry.max_rows_per_batch,
      parametersPerRow: entry.parameters_per_row,
      maxParametersPerCommand: entry.max_parameters_per_command,
    });
  });

  it.each(entries('batching_errors'))('$dialect takes no row of $parameters_per_row parameters', (entry) => {
    const code = entry.parameters_per_row < 1 ? 'PLAN_BATCH_WIDTH' : 'PLAN_BATCH_TOO_WIDE';
    expectDiagnostic(() => bulkInsertBatching(entry.dialect, entry.parameters_per_row), code, entry.dialect);
  });

  it.each(inBoth(entries('page_queries'), (_, index) => `page query ${index + 1}`))('$name', ({ entry, dialect }) => {
    const { spec } = entry;
    const expected = entry.expected[dialect];
    const plan = compilePageQuery(dialect, {
      rootTable: spec.root_table,
      predicates: spec.predicates.map(({ column, operator, parameter_name }) => ({
        column,
        operator,
        parameterName: parameter_name,
      })),
      aliases: new Map(
        Object.entries(spec.unified_alias_mappings).map(([column, { canonical, presence }]) => [
          column,
          { canonicalColumn: canonical, presenceColumn: presence },
        ]),
      ),
      includeTotalCount: spec.include_total_count,
    });
    const parameters = (list: typeof plan.pageParametersInOrder) =>
      list.map(({ role, parameterName }) => ({ role, parameter_name: parameterName }));
    expect(vectorSql(plan.pageDocumentIdSql)).toEqual(expected.page_document_id);
    expect(sqlOrNull(plan.totalCountSql)).toEqual(expected.total_count);
    expect(parameters(plan.pageParametersInOrder)).toEqual(expected.page_parameters_in_order);
    expect(plan.totalCountParametersInOrder && parameters(plan.totalCountParametersInOrder)).toEqual(
      expected.total_count && expected.page_parameters_in_order.filter(({ role }) => role === 'filter'),
    );
  });

  it.each(entries('hash_normalization'))('the hash of $input', ({ input, normalized, sha256 }) => {
    expect(normalizePlanSql(input)).toBe(normalized);
    expect(planSqlHash(input)).toBe(sha256);
  });
});
