import type { EffectiveSchemaSet } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import type { RelationalModelSet } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import {
  build,
  diagnosticsOf,
  hasSharedData,
  namedOrganization,
  once,
  ownSchema,
  propertyRuns,
  readSharedJson,
  type SchemaSetOptions,
  schemaSet,
  schemaSets,
  seeds,
  shuffled,
  withOrganizations,
} from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from '../../src/index.ts';
import type { DbIndex, Inventory } from '../../src/inventory.ts';
import { modelManifestText } from '../../src/manifest/model-manifest.ts';
import type { DbTrigger } from '../../src/trigger-kinds.ts';
import { dialectFindings } from '../dialect-invariants.ts';
import { invariantFindings } from '../invariants.ts';
import { organization } from '../schemas.ts';

type InvariantDocuments = readonly build.JsonRecord[];

const { array, descriptor, descriptorPath, integer, object, project, reference, resource, string } = build;

interface InventoryResult {
  readonly set: EffectiveSchemaSet;
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
}

function resultOf(documents: InvariantDocuments, dialect: SqlDialect): InventoryResult {
  const set = schemaSet(...documents);
  const { model } = deriveModel(set, dialect);
  return { set, model, inventory: deriveInventory(model) };
}

/** Files in another order, and the members of every object (resources and mappings too) in another order. */
function reordered(documents: InvariantDocuments, seed: number): InvariantDocuments {
  const files = documents.map((document) => shuffled(document, seed));
  return seed % 2 === 0 ? files : files.reverse();
}

const constraintLists = ['equalityConstraints', 'arrayUniquenessConstraints'];

/** The value with reversed lists of constraints; identity paths and reference paths stay as they are. */
function withReversedConstraints(value: build.Json): build.Json {
  if (Array.isArray(value)) return value.map((item: build.Json) => withReversedConstraints(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as build.JsonRecord).map(([name, member]) => {
      const same = withReversedConstraints(member);
      return [name, constraintLists.includes(name) && Array.isArray(same) ? [...same].reverse() : same];
    }),
  );
}

const manifestOf = ({ set, model, inventory }: InventoryResult) => modelManifestText(model, inventory, set.info);

const withoutFingerprint = (inventory: Inventory): unknown => JSON.parse(JSON.stringify(inventory));

function expectInvariants(documents: InvariantDocuments): void {
  const results = { pgsql: resultOf(documents, 'pgsql'), mssql: resultOf(documents, 'mssql') };
  for (const dialect of dialects) {
    const { model, inventory } = results[dialect];
    expect(invariantFindings(model, inventory), dialect).toEqual([]);
  }
  expect(dialectFindings(results.pgsql.inventory, results.mssql.inventory), 'both dialects').toEqual([]);
}

function expectSameWhenReordered(documents: InvariantDocuments, dialect: SqlDialect, seed: number): void {
  const expected = resultOf(documents, dialect);
  const other = reordered(documents, seed);
  expect(manifestOf(resultOf(other, dialect)), `files and members, seed ${seed}`).toBe(manifestOf(expected));
  const reversed = other.map((document) => withReversedConstraints(document) as build.JsonRecord);
  expect(withoutFingerprint(resultOf(reversed, dialect).inventory), `constraints, seed ${seed}`).toEqual(
    withoutFingerprint(expected.inventory),
  );
}

const shared = (name: string): build.JsonRecord => readSharedJson('inputs', name);

/** The documents with their first abstract resource renamed to `EducationOrganization`; undefined if there is none. */
function withEducationOrganization(documents: InvariantDocuments): InvariantDocuments | undefined {
  const names = documents.flatMap(({ projectSchema }) => {
    const { abstractResources } = projectSchema as build.JsonRecord;
    return Object.keys(abstractResources as build.JsonRecord);
  });
  const [first] = names;
  return first === undefined ? undefined : namedOrganization(documents, first);
}

/**
 * The code that design 05 §5.2 requires for a model whose hierarchy lacks an integer id, or whose parents have several
 * parts in their identities.
 */
function reasonAgainstHierarchy(model: RelationalModelSet): string | undefined {
  const label = ({ projectName, resourceName }: { projectName: string; resourceName: string }) =>
    `${projectName}:${resourceName}`;
  const [view] = model.abstractUnionViews.filter(
    ({ resourceKey }) => resourceKey.resourceName === 'EducationOrganization',
  );
  if (!view) return undefined;
  const identity = model.abstractIdentityTables.find(
    ({ resourceKey }) => label(resourceKey) === label(view.resourceKey),
  );
  const id = identity?.table.columns.find(({ kind, sourcePath }) => kind === 'Scalar' && sourcePath !== null);
  if (id?.scalarType?.kind !== 'Int32' && id?.scalarType?.kind !== 'Int64') return 'AUTH_NO_IDENTITY_COLUMN';
  const family = [label(view.resourceKey), ...view.unionArms.map(({ concreteMember }) => label(concreteMember))];
  const parents = model.resources
    .filter(({ resourceKey }) => family.includes(label(resourceKey)))
    .flatMap(({ documentReferenceBindings, tablesInDependencyOrder: [root] }) =>
      documentReferenceBindings.filter(
        ({ table, targetResource }) =>
          table.schema === root?.table.schema &&
          table.name === root.table.name &&
          family.includes(label(targetResource)),
      ),
    );
  return parents.some(({ identityBindings }) => identityBindings.length !== 1)
    ? 'AUTH_PARENT_IDENTITY_COUNT'
    : undefined;
}

/** Whether a rule applies to one of the random sets of a fixed sample. */
function isShown(options: SchemaSetOptions, shows: (result: InventoryResult) => boolean): boolean {
  const sets = fc.sample(schemaSets(options), { numRuns: 25, seed: 5 });
  return sets.some((documents) => shows(resultOf(documents, 'mssql')));
}

function invariantsHoldFor(name: string, documents: () => InvariantDocuments, shuffles: number): void {
  it(`hold for ${name}`, () => expectInvariants(documents()));

  it.each(dialects)(
    `make the order of files, resources, mappings and constraints of ${name} irrelevant in %s`,
    (dialect) => {
      for (const seed of seeds(shuffles)) expectSameWhenReordered(documents(), dialect, seed);
    },
  );
}

describe('the invariants of design 05 §10', () => {
  invariantsHoldFor('the campus schema', () => [ownSchema('campus')], 2);
  invariantsHoldFor('the campus and athletics schemas', () => [ownSchema('campus'), ownSchema('athletics')], 2);

  it('hold for random schema sets', () => {
    fc.assert(
      fc.property(schemaSets(), (documents) => expectInvariants(documents)),
      { numRuns: propertyRuns(25) },
    );
  });

  it('hold for larger random schema sets', () => {
    fc.assert(
      fc.property(schemaSets({ size: 'large' }), (documents) => expectInvariants(documents)),
      { numRuns: propertyRuns(10) },
    );
  });

  it('hold for random schema sets whose identities travel far', () => {
    fc.assert(
      fc.property(schemaSets({ size: 'medium', focus: 'references' }), (documents) => expectInvariants(documents)),
      { numRuns: propertyRuns(15) },
    );
  });

  it('hold for random education organization hierarchies, or the hierarchy is refused for the reason of §5.2', () => {
    fc.assert(
      fc.property(schemaSets({ size: 'large' }), (documents) => {
        const renamed = withEducationOrganization(documents);
        fc.pre(renamed !== undefined);
        // most ids are integers in the second set only
        for (const set of [renamed, withOrganizations(documents)])
          for (const dialect of dialects) {
            const { model } = deriveModel(schemaSet(...set), dialect);
            const reason = reasonAgainstHierarchy(model);
            if (reason === undefined) expect(invariantFindings(model, deriveInventory(model))).toEqual([]);
            else expect(diagnosticsOf(() => deriveInventory(model)).map(({ code }) => code)).toEqual([reason]);
          }
      }),
      { numRuns: propertyRuns(20) },
    );
  });

  it('make the order of everything that has none irrelevant in random schema sets', () => {
    fc.assert(
      fc.property(schemaSets(), fc.nat(), fc.constantFrom(...dialects), (documents, seed, dialect) =>
        expectSameWhenReordered(documents, dialect, seed),
      ),
      { numRuns: propertyRuns(20) },
    );
  });
});

describe('the random schema sets', () => {
  it.each<[string, SchemaSetOptions, (result: InventoryResult) => boolean]>([
    [
      'fallback triggers',
      { focus: 'references', size: 'medium' },
      ({ model }) => model.propagationFallbacks.length > 0,
    ],
    ['shortened names', {}, ({ model }) => model.shortenedNames.length > 0],
    [
      'identity columns that are aliases',
      {},
      ({ inventory }) =>
        inventory.triggers.some(
          (trigger) =>
            trigger.kind === 'ReferentialIdentityMaintenance' &&
            trigger.identityElements.some(({ column }) => !trigger.identityProjectionColumns.includes(column)),
        ),
    ],
    [
      'aliases of a superclass',
      {},
      ({ inventory }) =>
        inventory.triggers.some(
          (trigger) => trigger.kind === 'ReferentialIdentityMaintenance' && trigger.superclassAlias !== null,
        ),
    ],
    [
      'extension tables',
      {},
      ({ model }) =>
        model.resources.some(({ physicalSchema, tablesInDependencyOrder }) =>
          tablesInDependencyOrder.some(({ table }) => table.schema !== physicalSchema),
        ),
    ],
  ])('hold %s, so that their rules are put to the test', (_, options, shows) => {
    expect(isShown(options, shows)).toBe(true);
  });

  it.each<[string, (parents: number) => boolean]>([
    ['without parents', (parents) => parents === 0],
    ['with several parents', (parents) => parents > 1],
  ])('hold hierarchies %s', (_, isSought) => {
    const sets = fc.sample(schemaSets({ size: 'large' }), { numRuns: 60, seed: 1 });
    const holds = sets.some((documents) => {
      const { model } = deriveModel(schemaSet(...withOrganizations(documents)), 'pgsql');
      const hierarchy = reasonAgainstHierarchy(model) === undefined ? deriveInventory(model).authEdOrgHierarchy : null;
      return hierarchy?.entities.some(({ parentFks }) => isSought(parentFks.length)) ?? false;
    });
    expect(holds).toBe(true);
  });
});

describe.runIf(hasSharedData)('the invariants of design 05 §10 (needs the shared conformance data)', () => {
  invariantsHoldFor(
    'the data standard 5.2 with TPDM 1.1',
    () => [shared('ds-5.2-core.json'), shared('tpdm-1.1-extension.json')],
    1,
  );
});

/** Tests of the checks themselves: they must detect one change in a sound inventory. */
describe('an inventory that breaks an invariant', () => {
  const termObject = object({ code: string(), termDescriptor: build.uri() }, ['code', 'termDescriptor']);
  const termReference = (property: string) =>
    reference('Ed-Fi:Term', [
      ['$.code', `$.${property}.code`],
      ['$.termDescriptor', `$.${property}.termDescriptor`],
    ]);
  const documents = [
    project(
      'Ed-Fi',
      [
        descriptor('TermDescriptor'),
        organization('District', 'districtId'),
        organization(
          'School',
          'schoolId',
          {
            allowIdentityUpdates: true,
            documentPathsMapping: {
              District: reference('Ed-Fi:District', [['$.districtId', '$.districtReference.districtId']], false),
              Parent: reference('Ed-Fi:School', [['$.schoolId', '$.parentReference.schoolId']], false),
            },
          },
          {
            districtReference: object({ districtId: integer() }, ['districtId']),
            parentReference: object({ schoolId: integer() }, ['schoolId']),
            grades: array(object({ grade: string() }, ['grade'])),
          },
        ),
        resource('Term', {
          identityJsonPaths: ['$.code', '$.termDescriptor'],
          documentPathsMapping: { Term: descriptorPath('Ed-Fi:TermDescriptor', '$.termDescriptor') },
          jsonSchemaForInsert: termObject,
        }),
        resource('Exam', {
          identityJsonPaths: [
            '$.firstReference.code',
            '$.firstReference.termDescriptor',
            '$.secondReference.code',
            '$.secondReference.termDescriptor',
            '$.room',
          ],
          equalityConstraints: [
            { sourceJsonPath: '$.firstReference.code', targetJsonPath: '$.secondReference.code' },
            { sourceJsonPath: '$.seats', targetJsonPath: '$.places' },
          ],
          documentPathsMapping: { First: termReference('firstReference'), Second: termReference('secondReference') },
          jsonSchemaForInsert: object(
            {
              firstReference: termObject,
              secondReference: termObject,
              room: string(),
              seats: integer(),
              places: integer(),
            },
            ['firstReference', 'secondReference', 'room'],
          ),
        }),
      ],
      { abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } } },
    ),
  ];
  const sound = {
    pgsql: once(() => resultOf(documents, 'pgsql')),
    mssql: once(() => resultOf(documents, 'mssql')),
  };

  type Change = (inventory: Inventory) => Inventory;

  const isNamed =
    (name: string) =>
    ({ name: actual }: { name: string }) =>
      actual === name;

  function onlyOne<Entry extends { name: string }>(list: readonly Entry[], name: string): void {
    if (list.filter(isNamed(name)).length !== 1) throw new Error(`not one entry ${name}`);
  }

  const index =
    (name: string, change: Partial<DbIndex>): Change =>
    (inventory) => {
      onlyOne(inventory.indexes, name);
      return {
        ...inventory,
        indexes: inventory.indexes.map((entry) => (entry.name === name ? { ...entry, ...change } : entry)),
      };
    };
  const trigger =
    (name: string, change: Partial<DbTrigger> | ((entry: DbTrigger) => object)): Change =>
    (inventory) => {
      onlyOne(inventory.triggers, name);
      const changed = (entry: DbTrigger) =>
        ({ ...entry, ...(typeof change === 'function' ? change(entry) : change) }) as DbTrigger;
      return {
        ...inventory,
        triggers: inventory.triggers.map((entry) => (entry.name === name ? changed(entry) : entry)),
      };
    };
  const withoutIndex =
    (name: string): Change =>
    (inventory) => {
      onlyOne(inventory.indexes, name);
      return { ...inventory, indexes: inventory.indexes.filter((entry) => entry.name !== name) };
    };
  const withoutTrigger =
    (name: string): Change =>
    (inventory) => {
      onlyOne(inventory.triggers, name);
      return { ...inventory, triggers: inventory.triggers.filter((entry) => entry.name !== name) };
    };
  const twice = (list: 'indexes' | 'triggers', name: string): Change => {
    return (inventory) => {
      onlyOne<DbIndex | DbTrigger>(inventory[list], name);
      return {
        ...inventory,
        [list]: inventory[list].flatMap((entry) => (entry.name === name ? [entry, entry] : [entry])),
      };
    };
  };
  const elements = (entry: DbTrigger) =>
    entry.kind === 'ReferentialIdentityMaintenance' ? entry.identityElements : [];
  const mappings = (entry: DbTrigger) =>
    entry.kind === 'AbstractIdentityMaintenance' ? entry.targetColumnMappings : [];
  const updates = (entry: DbTrigger) => (entry.kind === 'IdentityPropagationFallback' ? entry.referrerUpdates : []);

  const supportIndex = 'IX_Exam_First_TermDescriptor_DescriptorId';

  it.each(dialects)('is not the one that the checks are tried on, in %s', (dialect) => {
    const { model, inventory } = sound[dialect]();
    expect(invariantFindings(model, inventory)).toEqual([]);
    expect(dialectFindings(sound.pgsql().inventory, sound.mssql().inventory)).toEqual([]);
    const kinds = new Set(inventory.triggers.map(({ kind }) => kind));
    expect(kinds.size).toBe(dialect === 'mssql' ? 5 : 4);
  });

  it.each<[string, string, Change]>([
    ['2', 'a table without its primary key', withoutIndex('PK_SchoolGrade')],
    ['2', 'a UNIQUE with other columns', index('UX_Term_RefKey', { keyColumns: ['DocumentId', 'Code'] })],
    ['2', 'a UNIQUE of another name', index('UX_Term_NK', { name: 'UX_Term_Natural' })],
    ['2', 'an index of no table', index('PK_SchoolGrade', { table: { schema: 'edfi', name: 'Gone' } })],
    ['3', 'a foreign key without an index', withoutIndex(supportIndex)],
    ['3', 'an index that another one covers', index(supportIndex, { keyColumns: ['First_DocumentId'] })],
    ['3', 'an index of no foreign key', index(supportIndex, { keyColumns: ['Room', 'First_DocumentId'] })],
    ['§2.2', 'a support index of another name', index(supportIndex, { name: 'IX_Exam_First' })],
    ['4', 'an alias in a support index', index(supportIndex, { keyColumns: ['First_DocumentId', 'First_Code'] })],
    ['4', 'a presence flag in a support index', index(supportIndex, { keyColumns: ['Seats_Present'] })],
    ['4', 'a missing column in a key', index('PK_Term', { keyColumns: ['Gone'] })],
    ['§2.1', 'an index without columns', index('PK_Term', { keyColumns: [] })],
    ['§2.1', 'a unique support index', index(supportIndex, { isUnique: true })],
    ['§2.1', 'a support index with further columns', index(supportIndex, { includeColumns: ['Room'] })],
    ['5', 'a table without a stamp', withoutTrigger('TR_SchoolGrade_Stamp')],
    ['5', 'a table with two stamps', twice('triggers', 'TR_SchoolGrade_Stamp')],
    ['5', 'a root without a referential identity', withoutTrigger('TR_Term_ReferentialIdentity')],
    ['5', 'a child with a projection', trigger('TR_SchoolGrade_Stamp', { identityProjectionColumns: ['Grade'] })],
    ['5', 'a root stamp without a projection', trigger('TR_Term_Stamp', { identityProjectionColumns: [] })],
    ['5', 'a root stamp with another projection', trigger('TR_Term_Stamp', { identityProjectionColumns: ['Code'] })],
    [
      '5',
      'a stamp of an abstract identity table',
      trigger('TR_Term_Stamp', { table: { schema: 'edfi', name: 'EducationOrganizationIdentity' } }),
    ],
    ['§3.2', 'a child stamped by its ordinal', trigger('TR_SchoolGrade_Stamp', { keyColumns: ['Ordinal'] })],
    ['§3.2', 'an identity trigger of another key', trigger('TR_Term_ReferentialIdentity', { keyColumns: ['Code'] })],
    ['§3.2', 'a stamp of another name', trigger('TR_Term_Stamp', { name: 'TR_Term_Stamps' })],
    ['§3.3', 'an identity of another resource', trigger('TR_Term_ReferentialIdentity', { resourceKeyId: 99 })],
    [
      '6',
      'an alias in a projection',
      trigger('TR_Exam_ReferentialIdentity', { identityProjectionColumns: ['First_Code', 'Room'] }),
    ],
    [
      '6',
      'a repeated column in a projection',
      trigger('TR_Term_Stamp', { identityProjectionColumns: ['Code', 'Code'] }),
    ],
    [
      '9',
      'an identity path too few',
      trigger('TR_Term_ReferentialIdentity', (entry) => ({ identityElements: elements(entry).slice(1) })),
    ],
    [
      '9',
      'identity paths in another order',
      trigger('TR_Term_ReferentialIdentity', (entry) => ({ identityElements: [...elements(entry)].reverse() })),
    ],
    [
      '§4.1',
      'a canonical column as identity element',
      trigger('TR_Exam_ReferentialIdentity', (entry) => ({
        identityElements: elements(entry).map((element) =>
          element.column === 'First_Code' ? { ...element, column: 'Code_Unified' } : element,
        ),
      })),
    ],
    [
      '§3.3',
      'a descriptor that is not marked as one',
      trigger('TR_Term_ReferentialIdentity', (entry) => ({
        identityElements: elements(entry).map((element) => ({ ...element, isDescriptor: false })),
      })),
    ],
    [
      '§4.2',
      'a projection in another order',
      trigger('TR_Term_ReferentialIdentity', { identityProjectionColumns: ['TermDescriptor_DescriptorId', 'Code'] }),
    ],
    ['11', 'a subclass without an alias', trigger('TR_School_ReferentialIdentity', { superclassAlias: null })],
    [
      '11',
      'an alias over another column',
      trigger('TR_School_ReferentialIdentity', (entry) => ({
        superclassAlias: {
          resourceKeyId: 1,
          projectName: 'Ed-Fi',
          resourceName: 'EducationOrganization',
          identityElements: elements(entry).map((element) => ({ ...element, column: 'DocumentId' })),
        },
      })),
    ],
    ['§3.2', 'a subclass without an abstract identity trigger', withoutTrigger('TR_District_AbstractIdentity')],
    ['§3.3', 'another discriminator', trigger('TR_District_AbstractIdentity', { discriminatorValue: 'District' })],
    [
      '§4.3',
      'another source of an abstract column',
      trigger('TR_District_AbstractIdentity', (entry) => ({
        targetColumnMappings: mappings(entry).map((mapping) => ({ ...mapping, sourceColumn: 'DocumentId' })),
      })),
    ],
    ['§5.1', 'no hierarchy', (inventory) => ({ ...inventory, authEdOrgHierarchy: null })],
    ['§5.2', 'no entities', (inventory) => ({ ...inventory, authEdOrgHierarchy: { entities: [] } })],
    ['§5.3', 'a hierarchical entity without an update trigger', withoutTrigger('TR_School_AuthHierarchy_Update')],
    ['§5.4', 'no index of the hierarchy', withoutIndex('IX_EducationOrganizationIdToEducationOrganizationId_Target')],
    ['10', 'the same index twice', twice('indexes', 'PK_Term')],
    ['10', 'indexes in another order', (inventory) => ({ ...inventory, indexes: [...inventory.indexes].reverse() })],
    ['10', 'triggers in another order', (inventory) => ({ ...inventory, triggers: [...inventory.triggers].reverse() })],
  ])('is found out by check %s: %s', (check, _, change) => {
    for (const dialect of dialects) {
      const { model, inventory } = sound[dialect]();
      const found = invariantFindings(model, change(inventory));
      expect(
        found.filter((line) => line.startsWith(`${check} `)),
        `${dialect}: ${found.join('\n')}`,
      ).not.toEqual([]);
    }
  });

  it.each<[string, string, Change]>([
    ['8', 'a fallback edge without a trigger', withoutTrigger('TR_School_PropagateIdentity')],
    ['8', 'a fallback trigger without an edge', trigger('TR_School_PropagateIdentity', { referrerUpdates: [] })],
    [
      '8',
      'an update of another column',
      trigger('TR_School_PropagateIdentity', (entry) => ({
        referrerUpdates: updates(entry).map((update) => ({ ...update, referrerFkColumn: 'District_DocumentId' })),
      })),
    ],
    [
      '11',
      'a fallback trigger with another projection',
      trigger('TR_School_PropagateIdentity', { identityProjectionColumns: ['DocumentId'] }),
    ],
  ])('is found out in mssql by check %s: %s', (check, _, change) => {
    const { model, inventory } = sound.mssql();
    expect(invariantFindings(model, change(inventory)).filter((line) => line.startsWith(`${check} `))).not.toEqual([]);
  });

  it('is found out by check 7: a fallback trigger in pgsql', () => {
    const { model, inventory } = sound.pgsql();
    const fallback = sound.mssql().inventory.triggers.filter(({ kind }) => kind === 'IdentityPropagationFallback');
    const found = invariantFindings(model, { ...inventory, triggers: [...inventory.triggers, ...fallback] });
    expect(found.filter((line) => line.startsWith('7 '))).toHaveLength(1);
  });

  it.each<[string, Change]>([
    ['a trigger too few', withoutTrigger('TR_Term_Stamp')],
    ['another projection', trigger('TR_Term_Stamp', { identityProjectionColumns: ['Code'] })],
    ['another element', trigger('TR_Term_ReferentialIdentity', { identityElements: [] })],
  ])('is found out by comparing the dialects: %s', (_, change) => {
    expect(dialectFindings(change(sound.pgsql().inventory), sound.mssql().inventory)).not.toEqual([]);
    expect(dialectFindings(sound.pgsql().inventory, change(sound.mssql().inventory))).not.toEqual([]);
  });
});
