import { readdirSync, readFileSync } from 'node:fs';
import { deriveModel } from '@dms/derivation';
import { qualified, type RelationalModelSet } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { countBy, type Document, hasSharedData, readSharedJson, schemaSet, sharedFile, tablesOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from '../../src/index.ts';
import type { Inventory } from '../../src/inventory.ts';
import { isPrefix } from '../lists.ts';

interface Numbers {
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
}

const derived = new Map<SqlDialect, Numbers>();

/** The data standard 5.2 alone, derived once per dialect. */
function standard(dialect: SqlDialect): Numbers {
  const known = derived.get(dialect);
  if (known) return known;
  const { model } = deriveModel(schemaSet(readSharedJson('inputs', 'ds-5.2-core.json')), dialect);
  const numbers = { model, inventory: deriveInventory(model) };
  derived.set(dialect, numbers);
  return numbers;
}

const foreignKeys = (model: RelationalModelSet) =>
  tablesOf(model).flatMap((table) =>
    table.constraints.flatMap((constraint) => (constraint.kind === 'ForeignKey' ? [{ table, key: constraint }] : [])),
  );

const isShortened = ({ name }: { name: string }) => /_[0-9a-f]{10}$/.test(name);

const fixtureFolder = (fixture: string) => sharedFile('fixtures', fixture, 'inputs');

describe.runIf(hasSharedData)('the acceptance counts of §9 (need the shared conformance data)', () => {
  it.each(
    [
      ['minimal', 2, 2],
      ['ext', 5, 5],
      ['nested', 4, 4],
      ['polymorphic', 8, 10],
    ].flatMap(([fixture, indexes, triggers]) =>
      dialects.map((dialect) => [fixture, dialect, indexes, triggers] as const),
    ),
  )('hold for the fixture %s in %s: %i indexes and %i triggers', (fixture, dialect, indexes, triggers) => {
    const folder = fixtureFolder(String(fixture));
    const documents = readdirSync(folder).map(
      (name): Document => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')),
    );
    const inventory = deriveInventory(deriveModel(schemaSet(...documents), dialect).model);
    expect([inventory.indexes.length, inventory.triggers.length]).toEqual([indexes, triggers]);
  });

  it('are 140 natural, 72 reference and 288 array uniques by their full names, for the data standard 5.2', () => {
    const uniques = standard('mssql').inventory.indexes.filter(({ kind }) => kind === 'UniqueConstraint');
    const kindOf = ({ name, table }: { name: string; table: { name: string } }) =>
      name === `UX_${table.name}_NK` ? 'natural' : name === `UX_${table.name}_RefKey` ? 'reference' : 'array';
    expect(countBy(uniques, kindOf)).toEqual({ natural: 140, reference: 72, array: 288 });
  });

  describe.each(dialects)('for the data standard 5.2 in %s', (dialect) => {
    const isPgsql = dialect === 'pgsql';

    it('are 467 tables: 138 roots, 327 children, 2 of abstract identities', () => {
      const { model } = standard(dialect);
      const sizes = model.resources
        .map(({ tablesInDependencyOrder }) => tablesInDependencyOrder.length)
        .filter((count) => count > 0);
      expect(sizes).toHaveLength(138);
      expect(sizes.reduce((sum, count) => sum + count - 1, 0)).toBe(327);
      expect(model.abstractIdentityTables).toHaveLength(2);
    });

    it('are 1868 indexes: 467 primary, 500 unique, 900 support, 1 explicit', () => {
      const { indexes } = standard(dialect).inventory;
      expect(indexes).toHaveLength(1868);
      expect(countBy(indexes, ({ kind }) => kind)).toEqual({
        PrimaryKey: 467,
        UniqueConstraint: 500,
        ForeignKeySupport: 900,
        Explicit: 1,
      });
    });

    it(`are ${isPgsql ? 715 : 137} shortened names of support indexes`, () => {
      const support = standard(dialect).inventory.indexes.filter(({ kind }) => kind === 'ForeignKeySupport');
      expect(support.filter(isShortened)).toHaveLength(isPgsql ? 715 : 137);
    });

    it('are 479 suppressed foreign keys: 467 by the primary key, 12 by a natural key; 66 tables have no support index', () => {
      const { model, inventory } = standard(dialect);
      const keys = foreignKeys(model);
      expect(keys).toHaveLength(1379);
      const primary = keys.filter(({ table, key }) =>
        isPrefix(
          key.columns,
          table.key.columns.map(({ name }) => name),
        ),
      );
      expect(primary).toHaveLength(467);
      expect(primary.filter(({ key }) => qualified(key.targetTable) === 'dms.Document')).toHaveLength(140);
      const unique = keys.filter(
        ({ table, key }) =>
          !primary.some((entry) => entry.key === key) &&
          table.constraints.some(
            (constraint) => constraint.kind === 'Unique' && isPrefix(key.columns, constraint.columns),
          ),
      );
      expect(unique).toHaveLength(12);
      expect(new Set(unique.map(({ key }) => qualified(key.targetTable)))).toEqual(new Set(['dms.Descriptor']));
      expect(unique.map(({ table, key }) => `${table.table.name}(${key.columns.join()})`)).toContain(
        'GradingPeriod(GradingPeriodDescriptor_DescriptorId)',
      );
      const withSupport = new Set(
        inventory.indexes.filter(({ kind }) => kind === 'ForeignKeySupport').map(({ table }) => qualified(table)),
      );
      expect(tablesOf(model).filter(({ table }) => !withSupport.has(qualified(table)))).toHaveLength(66);
    });

    it(`are 1379 foreign keys, ${isPgsql ? 77 : 22} of them with an update cascade, ${isPgsql ? 'one' : 'none'} deferrable`, () => {
      const all = foreignKeys(standard(dialect).model);
      const keys = all.map(({ key }) => key);
      expect(keys.filter(({ onUpdate }) => onUpdate === 'Cascade')).toHaveLength(isPgsql ? 77 : 22);
      expect(all.filter(({ key }) => key.deferrable).map(({ table }) => table.table.name)).toEqual(
        // EducationContent references itself in its collection of derivative sources
        isPgsql ? ['EducationContentDerivativeSourceEducationContent'] : [],
      );
      expect(keys.filter(({ onDelete }) => onDelete === 'Cascade')).toHaveLength(467);
    });

    it('are 645 triggers: 465 stamps, 138 identities (19 with an alias), 19 abstract, 23 of the hierarchy, no fallback', () => {
      const { triggers } = standard(dialect).inventory;
      expect(triggers).toHaveLength(645);
      expect(countBy(triggers, ({ kind }) => kind)).toEqual({
        DocumentStamping: 465,
        ReferentialIdentityMaintenance: 138,
        AbstractIdentityMaintenance: 19,
        AuthHierarchyMaintenance: 23,
      });
      const stamps = triggers.filter(({ kind }) => kind === 'DocumentStamping');
      expect(countBy(stamps, ({ keyColumns }) => (keyColumns.join() === 'DocumentId' ? 'DocumentId' : 'root'))).toEqual(
        {
          DocumentId: 138,
          root: 327,
        },
      );
      expect(
        triggers.filter(
          (trigger) => trigger.kind === 'ReferentialIdentityMaintenance' && trigger.superclassAlias !== null,
        ),
      ).toHaveLength(19);
      expect(
        countBy(
          triggers.flatMap((trigger) => (trigger.kind === 'AbstractIdentityMaintenance' ? [trigger] : [])),
          ({ targetTable }) => targetTable.name,
        ),
      ).toEqual({ EducationOrganizationIdentity: 9, GeneralStudentProgramAssociationIdentity: 10 });
      expect(
        countBy(
          triggers.flatMap((trigger) => (trigger.kind === 'AuthHierarchyMaintenance' ? [trigger] : [])),
          ({ triggerEvent }) => triggerEvent,
        ),
      ).toEqual({ Insert: 9, Delete: 9, Update: 5 });
    });

    it(`are ${isPgsql ? 64 : 0} shortened names of triggers`, () => {
      const { triggers } = standard(dialect).inventory;
      expect(countBy(triggers.filter(isShortened), ({ kind }) => kind)).toEqual(
        isPgsql ? { DocumentStamping: 43, ReferentialIdentityMaintenance: 19, AbstractIdentityMaintenance: 2 } : {},
      );
    });

    it('are 157 identity blocks: 66 descriptor elements in 52 blocks, 21 blocks with an alias column, no path twice', () => {
      const { model, inventory } = standard(dialect);
      const blocks = inventory.triggers.flatMap((trigger) => {
        if (trigger.kind !== 'ReferentialIdentityMaintenance') return [];
        const table = tablesOf(model).find((candidate) => qualified(candidate.table) === qualified(trigger.table));
        const aliases = new Set(
          table?.columns.flatMap(({ name, storage }) => (storage.kind === 'UnifiedAlias' ? [name] : [])),
        );
        const own = { isOwn: true, elements: trigger.identityElements, aliases };
        return trigger.superclassAlias
          ? [own, { isOwn: false, elements: trigger.superclassAlias.identityElements, aliases }]
          : [own];
      });
      expect(blocks).toHaveLength(157);
      expect(blocks.flatMap(({ elements }) => elements).filter(({ isDescriptor }) => isDescriptor)).toHaveLength(66);
      const withDescriptor = blocks.filter(({ elements }) => elements.some(({ isDescriptor }) => isDescriptor));
      expect(countBy(withDescriptor, ({ isOwn }) => (isOwn ? 'own' : 'alias'))).toEqual({ own: 42, alias: 10 });
      expect(blocks.filter(({ elements, aliases }) => elements.some(({ column }) => aliases.has(column)))).toHaveLength(
        21,
      );
      const paths = blocks.map(({ elements }) => elements.map(({ identityJsonPath }) => identityJsonPath.canonical));
      expect(paths.filter((list) => new Set(list).size !== list.length)).toEqual([]);
    });

    it('are 3 resources with an identity path that feeds two columns (§4.1)', () => {
      const { model } = standard(dialect);
      const twice = model.resources.filter(({ identityElements, tablesInDependencyOrder: [root] }) =>
        identityElements.some(
          ({ identityJsonPath: path }) =>
            (root?.columns.filter(({ sourcePath }) => sourcePath?.canonical === path.canonical).length ?? 0) > 1,
        ),
      );
      expect(twice.map(({ resourceKey }) => resourceKey.resourceName)).toEqual([
        'Section',
        'SurveySectionResponseEducationOrganizationTargetAssociation',
        'SurveySectionResponseStaffTargetAssociation',
      ]);
    });

    it('are not abstract mappings from an alias (§7.4)', () => {
      const { model, inventory } = standard(dialect);
      const sources = inventory.triggers.flatMap((trigger) =>
        trigger.kind === 'AbstractIdentityMaintenance'
          ? trigger.targetColumnMappings.map(({ sourceColumn }) =>
              tablesOf(model)
                .find(({ table }) => qualified(table) === qualified(trigger.table))
                ?.columns.find(({ name }) => name === sourceColumn),
            )
          : [],
      );
      expect(sources.length).toBeGreaterThanOrEqual(19);
      expect(sources.filter((column) => column?.storage.kind !== 'Stored')).toEqual([]);
    });

    it('are the entities of §5.5', () => {
      const { authEdOrgHierarchy } = standard(dialect).inventory;
      const lines = authEdOrgHierarchy?.entities.map(({ entityName, table, identityColumn, parentFks }) => {
        expect(qualified(table)).toBe(`edfi.${entityName}`);
        const parents = parentFks.map(({ denormalizedParentIdColumn }) => denormalizedParentIdColumn);
        return [entityName, identityColumn, parents.join(', ')];
      });
      expect(lines).toEqual([
        ['CommunityOrganization', 'CommunityOrganizationId', ''],
        ['CommunityProvider', 'CommunityProviderId', 'CommunityOrganization_CommunityOrganizationId'],
        ['EducationOrganizationNetwork', 'EducationOrganizationNetworkId', ''],
        ['EducationServiceCenter', 'EducationServiceCenterId', 'StateEducationAgency_StateEducationAgencyId'],
        [
          'LocalEducationAgency',
          'LocalEducationAgencyId',
          'EducationServiceCenter_EducationServiceCenterId, ParentLocalEducationAgency_LocalEducationAgencyId, StateEducationAgency_StateEducationAgencyId',
        ],
        ['OrganizationDepartment', 'OrganizationDepartmentId', 'ParentEducationOrganization_EducationOrganizationId'],
        ['PostSecondaryInstitution', 'PostSecondaryInstitutionId', ''],
        ['School', 'SchoolId', 'LocalEducationAgency_LocalEducationAgencyId'],
        ['StateEducationAgency', 'StateEducationAgencyId', ''],
      ]);
    });

    it('are the identity of Section and the projection of SurveyQuestion (§4.1, §4.2)', () => {
      const { triggers } = standard(dialect).inventory;
      const identity = (name: string) => triggers.find((trigger) => trigger.name === `TR_${name}_ReferentialIdentity`);
      const section = identity('Section');
      expect(
        section?.kind === 'ReferentialIdentityMaintenance' &&
          section.identityElements.map(({ column, identityJsonPath }) => [column, identityJsonPath.canonical]),
      ).toEqual([
        ['CourseOffering_LocalCourseCode', '$.courseOfferingReference.localCourseCode'],
        ['CourseOffering_SchoolReferenceSchoolId', '$.courseOfferingReference.schoolId'],
        ['CourseOffering_SchoolYear', '$.courseOfferingReference.schoolYear'],
        ['CourseOffering_SessionName', '$.courseOfferingReference.sessionName'],
        ['SectionIdentifier', '$.sectionIdentifier'],
      ]);
      const question = identity('SurveyQuestion');
      expect(
        question?.kind === 'ReferentialIdentityMaintenance' && question.identityElements.map(({ column }) => column),
      ).toEqual(['QuestionCode', 'Survey_Namespace', 'Survey_SurveyIdentifier']);
      expect(question?.identityProjectionColumns).toEqual([
        'QuestionCode',
        'Namespace_Unified',
        'SurveyIdentifier_Unified',
      ]);
    });
  });
});
