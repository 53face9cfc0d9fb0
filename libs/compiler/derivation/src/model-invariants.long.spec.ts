import type { EffectiveSchemaSet } from '@dms/api-schema';
import { brokenInvariants, integerWidthDifferences, type RelationalModelSet, type Table } from '@dms/model';
import { dialects } from '@dms/sql';
import {
  build,
  type Document,
  derive,
  everything,
  hasSharedData,
  ownSchema,
  random,
  readSharedJson,
  schemaSet,
  seeds,
  shuffled,
  shuffledList,
  tablesOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { expectColumnsPerScalar, expectTablesPerArray } from '../test/scopes-and-scalars.ts';
import { deriveModel } from './derive-model.ts';

const small: readonly (readonly [string, readonly Document[]])[] = [
  ['a schema with everything', everything],
  ['the campus and athletics fixtures', [ownSchema('campus'), ownSchema('athletics')]],
];

/** Expects that two large values are equal; their texts are compared first, which is much faster. */
function expectEqual(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual).toEqual(expected);
}

function expectOrderIndependence(documents: readonly Document[], seed: number): void {
  const other = shuffledList(documents, random(seed)).map((document) => shuffled(document as build.JsonRecord, seed));
  expect(JSON.stringify(other), 'the shuffle changes something').not.toBe(JSON.stringify(documents));
  for (const dialect of dialects) expectEqual(derive(dialect, other), derive(dialect, documents));
}

/** A set as text, which shows the order of the members of every object. */
function imageOf(set: EffectiveSchemaSet): string {
  return JSON.stringify(set, (_, value: unknown) => (value instanceof Map ? { members: [...value] } : value));
}

function expectPureDerivation(documents: readonly Document[]): void {
  for (const dialect of dialects) {
    const set = schemaSet(...documents);
    const before = imageOf(set);
    const first = deriveModel(set, dialect);
    expect(imageOf(set) === before, 'the input is as it was').toBe(true);
    expectEqual(deriveModel(set, dialect), first);
  }
}

/** The model without the parts that chapter 11 decides per dialect. */
function withoutPropagation(model: RelationalModelSet): unknown {
  const plain = (table: Table): Table => ({
    ...table,
    constraints: table.constraints.map((constraint) =>
      constraint.kind === 'ForeignKey' ? { ...constraint, onUpdate: 'NoAction', deferrable: false } : constraint,
    ),
  });
  return {
    ...model,
    dialect: null,
    resources: model.resources.map((resource) => ({
      ...resource,
      tablesInDependencyOrder: resource.tablesInDependencyOrder.map(plain),
    })),
    abstractIdentityTables: model.abstractIdentityTables.map(({ resourceKey, table }) => ({
      resourceKey,
      table: plain(table),
    })),
  };
}

/** The keys that cascade updates, by their first column, a document id; all these columns have short names. */
const cascades = (model: RelationalModelSet) =>
  tablesOf(model).flatMap(({ jsonScope, constraints }) =>
    constraints.flatMap((constraint) =>
      constraint.kind === 'ForeignKey' && constraint.onUpdate === 'Cascade'
        ? [`${jsonScope.canonical} ${constraint.columns[0]} → ${constraint.targetTable.name}`]
        : [],
    ),
  );

describe.each(small)('the model of %s', (_, documents) => {
  it.each(dialects)('has no violation of an invariant in %s', (dialect) => {
    expect(brokenInvariants(derive(dialect, documents))).toEqual([]);
  });

  it.each(seeds(4))('does not depend on the order of projects, entries and members (shuffle %i)', (seed) => {
    expectOrderIndependence(documents, seed);
  });

  it('is the same when it is derived twice, and its input is not changed', () => {
    expectPureDerivation(documents);
  });

  it('cascades in pgsql wherever it cascades in mssql', () => {
    expect(cascades(derive('pgsql', documents))).toEqual(expect.arrayContaining(cascades(derive('mssql', documents))));
  });

  it('has a base table for the root and for every array outside _ext', () => {
    expectTablesPerArray(derive('pgsql', documents), documents);
  });

  it('has a column for every scalar outside _ext but the members of a link', () => {
    expectColumnsPerScalar(derive('pgsql', documents), documents);
  });

  it('has integers of one width on both sides of every key', () => {
    expect(integerWidthDifferences(derive('pgsql', documents))).toEqual([]);
  });
});

it('the models of a schema with short names differ between the dialects in update actions only', () => {
  const pgsql = derive('pgsql', everything);
  const mssql = derive('mssql', everything);
  expect([...pgsql.shortenedNames, ...pgsql.propagationFallbacks, ...mssql.propagationFallbacks]).toEqual([]);
  expect(cascades(mssql)).not.toEqual(cascades(pgsql));
  expect(withoutPropagation(mssql)).toEqual(withoutPropagation(pgsql));
});

describe.runIf(hasSharedData)('the models of the data standard (need the shared conformance data)', () => {
  // read by the first test that needs them, because there is nothing to read without the shared data
  const read = new Map<string, readonly Document[]>();
  const documentsOf = (...files: readonly string[]): readonly Document[] => {
    const key = files.join();
    const documents = read.get(key) ?? files.map((file): Document => readSharedJson('inputs', file));
    read.set(key, documents);
    return documents;
  };
  const core = 'ds-5.2-core.json';
  const tpdm = 'tpdm-1.1-extension.json';

  describe.each([
    ['5.2', [core]],
    // TPDM declares int64 where the core has plain integers
    ['5.2 with TPDM 1.1', [core, tpdm]],
  ] as const)('%s', (_, files) => {
    const documents = () => documentsOf(...files);

    it.each(dialects)('have no violation of an invariant in %s', (dialect) => {
      expect(brokenInvariants(derive(dialect, documents()))).toEqual([]);
    });

    it('do not depend on the order of projects, entries and members', () => {
      expectOrderIndependence(documents(), 42);
    });

    it('are the same when they are derived twice, and their input is not changed', () => {
      expectPureDerivation(documents());
    });

    it('have a base table for the root and for every array outside _ext', () => {
      expectTablesPerArray(derive('pgsql', documents()), documents());
    });

    it('have a column for every scalar outside _ext but the members of a link', () => {
      expectColumnsPerScalar(derive('pgsql', documents()), documents());
    });

    it('have integers of one width on both sides of every key', () => {
      expect(integerWidthDifferences(derive('pgsql', documents()))).toEqual([]);
    });
  });

  it('with TPDM leave the core tables as they are, but for what TPDM refers to or constrains', () => {
    const plain = derive('pgsql', documentsOf(core));
    const extended = derive('pgsql', documentsOf(core, tpdm));
    const found = new Map(tablesOf(extended).map((table) => [`${table.table.schema}.${table.table.name}`, table]));
    for (const table of tablesOf(plain)) {
      const name = `${table.table.schema}.${table.table.name}`;
      const { constraints, ...facts } = table;
      const { constraints: others, ...otherFacts } = found.get(name) as Table;
      expect(otherFacts, name).toEqual(facts);
      expect(others, name).toEqual(expect.arrayContaining([...constraints]));
      const added = others.filter((other) => !constraints.some((constraint) => constraint.name === other.name));
      expect(
        added.every(({ kind }) => kind === 'Unique'),
        `${name}: ${added.map((constraint) => constraint.name)}`,
      ).toBe(true);
    }
  });
});

describe('keys to an abstract identity table', () => {
  it('have its integer width, also where its members differ among themselves', () => {
    const member = (name: string, format: 'int32' | 'int64') =>
      build.resource(name, {
        isSubclass: true,
        superclassProjectName: 'Ed-Fi',
        superclassResourceName: 'Organization',
        identityJsonPaths: ['$.organizationId'],
        jsonSchemaForInsert: build.object({ organizationId: build.integer(format) }, ['organizationId']),
      });
    const visit = build.resource('Visit', {
      documentPathsMapping: {
        Host: build.reference('Ed-Fi:Organization', [['$.organizationId', '$.hostReference.organizationId']]),
      },
      jsonSchemaForInsert: build.object({ hostReference: build.object({ organizationId: build.integer() }) }),
    });
    const model = derive('pgsql', [
      build.project('Ed-Fi', [member('Narrow', 'int32'), member('Wide', 'int64'), visit], {
        abstractResources: { Organization: { identityJsonPaths: ['$.organizationId'] } },
      }),
    ]);
    expect(integerWidthDifferences(model)).toEqual([]);
    expect(brokenInvariants(model)).toEqual([]);
  });
});
