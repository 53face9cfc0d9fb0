import { readFileSync } from 'node:fs';
import path from 'node:path';
import { effectiveSchemaManifestText, readEffectiveSchemaManifest } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { modelText, type RelationalModelSet, readModel } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import {
  type build,
  diagnosticsOf,
  hasSharedData,
  once,
  propertyRuns,
  readSharedJson,
  schemaSet,
  schemaSets,
  seeds,
  shuffled,
} from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mappingSetFindings, sqlTextFindings } from '../test/plan-invariants.ts';
import {
  compileMappingSet,
  compilePageQuery,
  type MappingSet,
  mappingSetManifestText,
  type PageQuerySpecification,
  plansText,
  type QueryOperator,
  type QueryPredicate,
} from './index.ts';

type PlannedDocuments = readonly build.JsonRecord[];

const modelOf = (documents: PlannedDocuments, dialect: SqlDialect) =>
  deriveModel(schemaSet(...documents), dialect).model;

const fixture = (name: string): build.JsonRecord =>
  JSON.parse(
    readFileSync(path.resolve(import.meta.dirname, '../../../../fixtures/schemas', name, 'ApiSchema.json'), 'utf8'),
  );

/** All texts that are written from a mapping set. */
const textsOf = (mappingSet: MappingSet) => [mappingSetManifestText([mappingSet]), plansText(mappingSet)];

function expectInvariants(documents: PlannedDocuments): void {
  for (const dialect of dialects) {
    expect(mappingSetFindings(compileMappingSet(modelOf(documents, dialect))), dialect).toEqual([]);
  }
}

/**
 * Invariant 1: the same texts for the same model again, for files and members in another order, and for the model read
 * back from its file.
 */
function expectSameTexts(documents: PlannedDocuments, dialect: SqlDialect, seed: number): void {
  const set = schemaSet(...documents);
  const { model } = deriveModel(set, dialect);
  const texts = textsOf(compileMappingSet(model));
  expect(textsOf(compileMappingSet(model)), 'compiled again').toEqual(texts);
  const other = documents.map((document) => shuffled(document, seed));
  expect(
    textsOf(compileMappingSet(modelOf(seed % 2 === 0 ? other : other.reverse(), dialect))),
    `seed ${seed}`,
  ).toEqual(texts);
  const manifest = readEffectiveSchemaManifest(
    Buffer.from(effectiveSchemaManifestText(set.info)),
    'effective-schema.manifest.json',
  );
  const file = `relational-model.${dialect}.json`;
  expect(textsOf(compileMappingSet(readModel(modelText(model), file, dialect, manifest))), 'read back').toEqual(texts);
}

const operators: readonly QueryOperator[] = [
  'Equal',
  'NotEqual',
  'LessThan',
  'LessThanOrEqual',
  'GreaterThan',
  'GreaterThanOrEqual',
  'Like',
];

/** Queries that a server could send: filters on columns of a root table, with its aliases resolved. */
function querySpecifications(model: RelationalModelSet): PageQuerySpecification[] {
  return model.resources.flatMap(({ tablesInDependencyOrder: [root] }) => {
    if (!root) return [];
    const aliases = new Map(
      root.columns.flatMap(({ name, storage }) => (storage.kind === 'UnifiedAlias' ? [[name, storage] as const] : [])),
    );
    const predicates = root.columns
      .filter(({ sourcePath }) => sourcePath !== null)
      .map(
        ({ name }, index): QueryPredicate => ({
          column: name,
          operator: operators[index % operators.length] as QueryOperator,
          parameterName: `p${(index * 7) % 101}`,
        }),
      );
    return [{ rootTable: root.table, predicates, aliases, includeTotalCount: true }];
  });
}

describe('the invariants of design 08 §15', () => {
  it.each([
    ['campus', ['campus']],
    ['campus and athletics', ['campus', 'athletics']],
  ])('2 to 15 and 17 hold for the schemas %s', (_, schemas) => {
    expectInvariants(schemas.map(fixture));
  });

  it('2 to 15 and 17 hold for random schema sets', () => {
    fc.assert(
      fc.property(schemaSets(), (documents) => expectInvariants(documents)),
      { numRuns: propertyRuns(20) },
    );
  });

  it('2 to 15 and 17 hold for larger random schema sets', () => {
    fc.assert(
      fc.property(schemaSets({ size: 'large' }), (documents) => expectInvariants(documents)),
      { numRuns: propertyRuns(6) },
    );
  });

  it.each(dialects)(
    '1: the order of files and members is irrelevant, a model file as good as the model, in %s',
    (dialect) => {
      for (const seed of seeds(3)) expectSameTexts([fixture('campus'), fixture('athletics')], dialect, seed);
      fc.assert(
        fc.property(schemaSets(), fc.nat(), (documents, seed) => expectSameTexts(documents, dialect, seed)),
        { numRuns: propertyRuns(8) },
      );
    },
  );

  it('16: the order of predicates is irrelevant for a page query, and its text is canonical', () => {
    const specifications = fc
      .tuple(schemaSets(), fc.constantFrom(...dialects), fc.nat())
      .map(([documents, dialect, pick]) => {
        const all = querySpecifications(modelOf(documents, dialect));
        return { dialect, specification: all[pick % all.length] };
      })
      .filter(({ specification }) => specification !== undefined);
    const shuffledOnes = specifications.chain(({ dialect, specification }) =>
      fc.record({
        dialect: fc.constant(dialect),
        specification: fc.constant(specification as PageQuerySpecification),
        order: fc.shuffledSubarray([...(specification?.predicates ?? [])], {
          minLength: specification?.predicates.length ?? 0,
        }),
      }),
    );
    fc.assert(
      fc.property(shuffledOnes, ({ dialect, specification, order }) => {
        const compile = (predicates: readonly QueryPredicate[]) => {
          try {
            return compilePageQuery(dialect, { ...specification, predicates });
          } catch (error) {
            // the only allowed error: two filters on aliases of the same column with the same gate and operator
            const [found] = diagnosticsOf(() => {
              throw error;
            });
            return found?.code;
          }
        };
        const expected = compile(specification.predicates);
        expect(compile(order)).toEqual(expected);
        if (typeof expected !== 'object') expect(expected).toBe('PLAN_QUERY_DUPLICATE');
        else
          for (const sql of [expected.pageDocumentIdSql, expected.totalCountSql])
            expect(sqlTextFindings(sql ?? '')).toEqual([]);
      }),
      { numRuns: propertyRuns(20) },
    );
  });
});

/** Mapping sets of some random schema sets, the same in every run. */
const sample = once(() =>
  fc.sample(schemaSets(), { numRuns: 30, seed: 5 }).map((documents) => compileMappingSet(modelOf(documents, 'pgsql'))),
);

describe('the random schema sets', () => {
  it.each<[string, (mappingSet: MappingSet) => boolean]>([
    [
      'synthetic flags',
      (set) => plansOf(set).some((plan) => members(plan).some(({ presenceIsSynthetic }) => presenceIsSynthetic)),
    ],
    [
      'gates that are foreign keys',
      (set) =>
        plansOf(set).some((plan) =>
          members(plan).some((member) => member.presenceColumn !== null && !member.presenceIsSynthetic),
        ),
    ],
    [
      'descriptor members',
      (set) => plansOf(set).some((plan) => members(plan).some(({ kind }) => kind === 'descriptor')),
    ],
    ['nested collections', (set) => plansOf(set).some(({ tableModel }) => tableModel.key.columns.length > 2)],
    [
      'grouped reference fields',
      (set) =>
        set.model.resources.some(({ documentReferenceBindings }) =>
          documentReferenceBindings.some(
            ({ identityBindings }) =>
              new Set(identityBindings.map(({ referenceJsonPath }) => referenceJsonPath.canonical)).size <
              identityBindings.length,
          ),
        ),
    ],
  ])('hold %s, so that their rules are put to the test', (_, shows) => {
    expect(sample().filter(shows).length).toBeGreaterThan(0);
  });
});

const plansOf = ({ writePlansByResource }: MappingSet) =>
  [...writePlansByResource.values()].flatMap(({ tablePlansInDependencyOrder }) => tablePlansInDependencyOrder);
const members = ({ keyUnificationPlans }: ReturnType<typeof plansOf>[number]) =>
  keyUnificationPlans.flatMap(({ membersInOrder }) => membersInOrder);

describe.runIf(hasSharedData)('the invariants of design 08 §15 (needs the shared conformance data)', () => {
  const core = () => readSharedJson('inputs', 'ds-5.2-core.json');

  it('hold for the data standard 5.2', () => expectInvariants([core()]));

  it('hold for the data standard 5.2 with TPDM 1.1', () => {
    const model = modelOf([core(), readSharedJson('inputs', 'tpdm-1.1-extension.json')], 'mssql');
    expect(mappingSetFindings(compileMappingSet(model))).toEqual([]);
  });

  it('make the order of the members of the data standard 5.2 irrelevant', () => expectSameTexts([core()], 'pgsql', 1));
});
