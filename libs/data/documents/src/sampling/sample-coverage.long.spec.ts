import { documentSchemas } from '@dms/api-schema';
import { type Column, qualified, type RelationalModelSet } from '@dms/model';
import {
  type Document,
  derive,
  fixtureDocumentsV2,
  hasSharedData,
  type MainGeneration,
  mainGenerations,
  modelV2,
  ownSchema,
  ownSchemas,
  ownSchemasV2,
  readSharedJson,
  schemaSetOf,
} from '@dms/testing';
import { canonicalText, type JsonObject } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { diagnosticsOf, inRow, relational, rowsOf, Written } from '../../test/sampling/one-world.ts';
import { sampleDocuments } from './sample-documents.ts';

/** The columns without a value in any document, including columns of tables without rows. */
class Coverage {
  private readonly model: RelationalModelSet;
  private readonly missing = new Map<string, Map<string, Set<Column>>>();

  constructor(model: RelationalModelSet) {
    this.model = model;
    for (const { resourceKey, tablesInDependencyOrder } of relational(model)) {
      const tables = tablesInDependencyOrder.map(
        ({ table, columns }) => [qualified(table), new Set(columns.filter(({ sourcePath }) => sourcePath))] as const,
      );
      this.missing.set(`${resourceKey.projectName}:${resourceKey.resourceName}`, new Map(tables));
    }
  }

  add(resource: string, document: JsonObject): void {
    const missing = this.missing.get(resource);
    const found = relational(this.model).find(
      ({ resourceKey }) => `${resourceKey.projectName}:${resourceKey.resourceName}` === resource,
    );
    for (const table of found?.tablesInDependencyOrder ?? []) {
      const columns = missing?.get(qualified(table.table));
      if (!columns || columns.size === 0) continue;
      for (const row of rowsOf(document, table))
        for (const column of columns)
          if (column.sourcePath && inRow(row, table, column.sourcePath) !== undefined) columns.delete(column);
    }
  }

  get empty(): string[] {
    return [...this.missing.values()].flatMap((tables) =>
      [...tables].flatMap(([table, columns]) => [...columns].map(({ name }) => `${table}.${name}`)),
    );
  }
}

const models: Readonly<Record<MainGeneration, (documents: readonly Document[]) => RelationalModelSet>> = {
  v1: (documents) => derive('pgsql', documents),
  v2: (documents) => modelV2(documents),
};

const standard = (version: MainGeneration): readonly Document[] => [
  ...(version === 'v1' ? [readSharedJson('inputs', 'ds-5.2-core.json')] : fixtureDocumentsV2('ds-5.2')),
  readSharedJson('inputs', 'tpdm-1.1-extension.json'),
];

const own: Readonly<Record<MainGeneration, readonly Document[]>> = {
  v1: ownSchemas.map((name) => ownSchema(name)),
  v2: ownSchemasV2.map((name) => ownSchema(name)),
};

const sets = mainGenerations.flatMap((version) => [
  {
    name: `the schemas of this repository, ${version}`,
    version,
    documents: () => own[version],
    count: 1500,
    isThere: true,
  },
  {
    name: `the data standard 5.2 with an extension, ${version} (needs the shared conformance data)`,
    version,
    documents: () => standard(version),
    count: 5000,
    isThere: hasSharedData,
  },
]);

describe.each(sets.filter(({ isThere }) => isThere))('a sample of $name', ({ version, documents, count }) => {
  it('fills every table and column, and keeps every rule', () => {
    const schemaFiles = documents();
    const model = models[version](schemaFiles);
    const schemas = documentSchemas(schemaSetOf(version, schemaFiles));
    const coverage = new Coverage(model);
    const written = new Written(model);
    const descriptorMembers = new Set<string>();
    const faults: string[] = [];
    for (const { kind, resource, document } of sampleDocuments(model, { documents: count, seed: 1, schemas })) {
      if (kind === 'descriptor') {
        for (const name of document.keys()) descriptorMembers.add(name);
        continue;
      }
      coverage.add(resource, document);
      faults.push(...diagnosticsOf(written, resource, document));
      if (!written.add(resource, document)) faults.push(`${resource} is there already: ${canonicalText(document)}`);
    }
    expect(faults).toEqual([]);
    // nothing is missing: every table and column can be filled
    expect(coverage.empty).toEqual([]);
    expect([...descriptorMembers].sort()).toEqual([
      'codeValue',
      'description',
      'effectiveBeginDate',
      'effectiveEndDate',
      'namespace',
      'shortDescription',
    ]);
  });
});
