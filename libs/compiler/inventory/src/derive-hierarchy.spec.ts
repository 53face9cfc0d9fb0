import { qualified, type RelationalModelSet } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { build, expectDiagnostic, fields, modelOf, resourceOf, shortName, tableOf, withResource } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { derive } from '../test/derived.ts';
import { triggerNames } from '../test/inventory-lookup.ts';
import { deriveInventory } from './index.ts';

const {
  array,
  descriptor,
  descriptorPath,
  ext,
  extensionOf,
  integer,
  object,
  project,
  reference,
  resource,
  string,
  uri,
} = build;

const idOf = (name: string) => `${name.charAt(0).toLowerCase()}${name.slice(1)}Id`;

/** A reference object `$.{property}` to the organization `target`, whose id is named `id`. */
interface Parent {
  readonly key: string;
  readonly property: string;
  readonly target: string;
  readonly id: string;
}

const parent = (target: string, key = target, id = idOf(target)): Parent => ({
  key,
  property: `${key.charAt(0).toLowerCase()}${key.slice(1)}Reference`,
  target: `Ed-Fi:${target}`,
  id,
});

/** The members and properties that references to parents need. */
function parentMembers(parents: readonly Parent[]): { mapping: build.JsonRecord; properties: build.JsonRecord } {
  return {
    mapping: Object.fromEntries(
      parents.map(({ key, property, target, id }) => [
        key,
        reference(target, [[`$.${id}`, `$.${property}.${id}`]], false),
      ]),
    ),
    properties: Object.fromEntries(parents.map(({ property, id }) => [property, fields({ [id]: integer() })])),
  };
}

/**
 * A subclass of `Ed-Fi:EducationOrganization`, identified by `{name}Id`, with optional references to parents in its
 * root.
 */
function organization(
  name: string,
  parents: readonly Parent[] = [],
  members: build.JsonRecord = {},
  more: build.JsonRecord = {},
  moreMapping: build.JsonRecord = {},
) {
  const { mapping, properties } = parentMembers(parents);
  return resource(name, {
    isSubclass: true,
    superclassProjectName: 'Ed-Fi',
    superclassResourceName: 'EducationOrganization',
    superclassIdentityJsonPath: '$.educationOrganizationId',
    identityJsonPaths: [`$.${idOf(name)}`],
    documentPathsMapping: { ...mapping, ...moreMapping },
    jsonSchemaForInsert: object({ [idOf(name)]: integer(), ...properties, ...more }, [idOf(name)]),
    ...members,
  });
}

const abstractOrganization = { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } };

const core = (resources: readonly build.BuiltResource[], abstractResources: build.JsonRecord = abstractOrganization) =>
  project('Ed-Fi', resources, { abstractResources });

/** Entities as `Name table id <- parent ids`. */
function entityLines(model: RelationalModelSet): string[] | null {
  const hierarchy = deriveInventory(model).authEdOrgHierarchy;
  if (!hierarchy) return null;
  return hierarchy.entities.map(({ entityName, table, identityColumn, parentFks }) => {
    const parents = parentFks.map(({ denormalizedParentIdColumn }) => denormalizedParentIdColumn);
    return `${entityName} ${qualified(table)} ${identityColumn} <- ${parents.join(', ')}`;
  });
}

const hierarchyTriggers = (model: RelationalModelSet) =>
  triggerNames(deriveInventory(model)).filter((line) => line.includes('_AuthHierarchy_'));

const explicitIndexes = (model: RelationalModelSet) =>
  deriveInventory(model).indexes.filter(({ kind }) => kind === 'Explicit');

const hierarchyIndex = {
  name: 'IX_EducationOrganizationIdToEducationOrganizationId_Target',
  table: { schema: 'auth', name: 'EducationOrganizationIdToEducationOrganizationId' },
  kind: 'Explicit',
  isUnique: false,
  keyColumns: ['TargetEducationOrganizationId'],
  includeColumns: ['SourceEducationOrganizationId'],
};

describe('the hierarchy', () => {
  it.each(dialects)(
    'is null without an abstract EducationOrganization, and there is no auth object, in %s (case 32)',
    (dialect) => {
      const party = resource('Person', {
        isSubclass: true,
        superclassProjectName: 'Ed-Fi',
        superclassResourceName: 'Party',
        identityJsonPaths: ['$.partyId'],
        jsonSchemaForInsert: fields({ partyId: integer() }),
      });
      const concrete = resource('EducationOrganization', {
        identityJsonPaths: ['$.educationOrganizationId'],
        jsonSchemaForInsert: fields({ educationOrganizationId: integer() }),
      });
      const { inventory } = derive(dialect, core([party, concrete], { Party: { identityJsonPaths: ['$.partyId'] } }));
      expect(inventory.authEdOrgHierarchy).toBeNull();
      expect(inventory.indexes.filter(({ table }) => table.schema === 'auth')).toEqual([]);
      expect(inventory.triggers.filter(({ kind }) => kind === 'AuthHierarchyMaintenance')).toEqual([]);
    },
  );

  it('is empty, without auth objects, for a union view without members', () => {
    const model = modelOf([core([organization('School')])], 'pgsql');
    const changed = {
      ...model,
      abstractUnionViews: model.abstractUnionViews.map((view) => ({ ...view, unionArms: [] })),
    };
    expect(deriveInventory(changed).authEdOrgHierarchy).toEqual({ entities: [] });
    expect(explicitIndexes(changed)).toEqual([]);
    expect(hierarchyTriggers(changed)).toEqual([]);
  });

  it.each(dialects)(
    'of leaves has insert and delete triggers and the index, first of all, in %s (case 33)',
    (dialect) => {
      const { model, inventory } = derive(
        dialect,
        core([organization('School'), organization('LocalEducationAgency')]),
      );
      expect(inventory.authEdOrgHierarchy).toEqual({
        entities: [
          {
            entityName: 'LocalEducationAgency',
            table: { schema: 'edfi', name: 'LocalEducationAgency' },
            identityColumn: 'LocalEducationAgencyId',
            parentFks: [],
          },
          {
            entityName: 'School',
            table: { schema: 'edfi', name: 'School' },
            identityColumn: 'SchoolId',
            parentFks: [],
          },
        ],
      });
      expect(hierarchyTriggers(model)).toEqual([
        'edfi.LocalEducationAgency TR_LocalEducationAgency_AuthHierarchy_Delete',
        'edfi.LocalEducationAgency TR_LocalEducationAgency_AuthHierarchy_Insert',
        'edfi.School TR_School_AuthHierarchy_Delete',
        'edfi.School TR_School_AuthHierarchy_Insert',
      ]);
      expect(inventory.indexes[0]).toEqual(hierarchyIndex);
      expect(explicitIndexes(model)).toHaveLength(1);
    },
  );

  it.each(dialects)(
    'of an entity with a parent has an update trigger too, each with its event, in %s (case 34)',
    (dialect) => {
      const { model, inventory } = derive(
        dialect,
        core([organization('School', [parent('District')]), organization('District')]),
      );
      expect(entityLines(model)).toEqual([
        'District edfi.District DistrictId <- ',
        'School edfi.School SchoolId <- District_DistrictId',
      ]);
      const entity = inventory.authEdOrgHierarchy?.entities[1];
      expect(
        inventory.triggers.filter(({ kind, table }) => kind === 'AuthHierarchyMaintenance' && table.name === 'School'),
      ).toEqual(
        (['Delete', 'Insert', 'Update'] as const).map((triggerEvent) => ({
          name: `TR_School_AuthHierarchy_${triggerEvent}`,
          table: { schema: 'edfi', name: 'School' },
          kind: 'AuthHierarchyMaintenance',
          keyColumns: [],
          identityProjectionColumns: [],
          entity,
          triggerEvent,
        })),
      );
      expect(
        hierarchyTriggers(model)
          .filter((line) => line.includes('District'))
          .map((line) => line.split('_').at(-1)),
      ).toEqual(['Delete', 'Insert']);
    },
  );

  it('is that of the first project by name that has an abstract EducationOrganization', () => {
    const inProject = (projectName: string, name: string, isExtension: boolean) =>
      project(
        projectName,
        [
          resource(name, {
            isSubclass: true,
            superclassProjectName: projectName,
            superclassResourceName: 'EducationOrganization',
            identityJsonPaths: ['$.educationOrganizationId'],
            jsonSchemaForInsert: fields({ educationOrganizationId: integer() }),
          }),
        ],
        { abstractResources: abstractOrganization, isExtension },
      );
    const { model } = derive('pgsql', inProject('Zeta', 'School', false), inProject('Alpha', 'Academy', true));
    expect(model.abstractUnionViews).toHaveLength(2);
    expect(entityLines(model)).toEqual(['Academy alpha.Academy EducationOrganizationId <- ']);
    expect(hierarchyTriggers(model)).toHaveLength(2);
  });

  it('takes members from all projects, sorted by name', () => {
    const sample = project('Sample', [organization('Academy', [parent('School')])], { isExtension: true });
    const { model } = derive('pgsql', core([organization('School'), organization('District')]), sample);
    expect(entityLines(model)).toEqual([
      'Academy sample.Academy AcademyId <- School_SchoolId',
      'District edfi.District DistrictId <- ',
      'School edfi.School SchoolId <- ',
    ]);
    expect(hierarchyTriggers(model)).toContain('sample.Academy TR_Academy_AuthHierarchy_Update');
  });

  it('lists its entities by name, whatever the order of the arms', () => {
    const model = modelOf([core([organization('School'), organization('Agency'), organization('District')])], 'pgsql');
    const reversed = {
      ...model,
      abstractUnionViews: model.abstractUnionViews.map((view) => ({
        ...view,
        unionArms: [...view.unionArms].reverse(),
      })),
    };
    expect(entityLines(reversed)?.map((line) => line.split(' ')[0])).toEqual(['Agency', 'District', 'School']);
  });

  it('names its triggers by the resource, not by the table', () => {
    const { model } = derive(
      'pgsql',
      core([organization('School', [], { relational: { rootTableNameOverride: 'Institution' } })]),
    );
    expect(triggerNames(deriveInventory(model))).toEqual([
      'edfi.Institution TR_Institution_AbstractIdentity',
      'edfi.Institution TR_Institution_ReferentialIdentity',
      'edfi.Institution TR_Institution_Stamp',
      'edfi.Institution TR_School_AuthHierarchy_Delete',
      'edfi.Institution TR_School_AuthHierarchy_Insert',
    ]);
  });

  it('takes the id of an entity from the position of the first scalar of the abstract identity', () => {
    const school = resource('School', {
      isSubclass: true,
      superclassProjectName: 'Ed-Fi',
      superclassResourceName: 'EducationOrganization',
      identityJsonPaths: ['$.educationOrganizationId', '$.kindDescriptor', '$.note'],
      documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') },
      jsonSchemaForInsert: fields({ educationOrganizationId: integer(), kindDescriptor: uri(), note: string() }),
    });
    const abstract = {
      EducationOrganization: { identityJsonPaths: ['$.kindDescriptor', '$.educationOrganizationId', '$.note'] },
    };
    const { model } = derive('pgsql', core([descriptor('KindDescriptor'), school], abstract));
    expect(tableOf(model, 'edfi.EducationOrganizationIdentity').columns.map(({ name }) => name)).toEqual([
      'DocumentId',
      'KindDescriptor',
      'EducationOrganizationId',
      'Note',
      'Discriminator',
    ]);
    expect(entityLines(model)).toEqual(['School edfi.School EducationOrganizationId <- ']);
  });
});

describe('the parents of an entity', () => {
  it('are sorted by column name, whatever the references are called in the document', () => {
    const { model } = derive(
      'pgsql',
      core([
        organization('State'),
        organization('Center'),
        organization('District', [parent('State'), parent('District', 'ParentDistrict'), parent('Center')]),
      ]),
    );
    expect(entityLines(model)?.find((line) => line.startsWith('District'))).toBe(
      'District edfi.District DistrictId <- Center_CenterId, ParentDistrict_DistrictId, State_StateId',
    );
  });

  it('are sorted by column name, even if their objects in the document sort differently', () => {
    // the column is named after the key, the object after the property
    const parents = [
      { ...parent('State', 'Zone'), property: 'areaReference' },
      { ...parent('Center', 'Area'), property: 'zoneReference' },
    ];
    const { model } = derive(
      'pgsql',
      core([organization('State'), organization('Center'), organization('District', parents)]),
    );
    expect(resourceOf(model, 'Ed-Fi:District').documentReferenceBindings.map(({ fkColumn }) => fkColumn)).toEqual([
      'Zone_DocumentId',
      'Area_DocumentId',
    ]);
    expect(entityLines(model)?.find((line) => line.startsWith('District'))).toBe(
      'District edfi.District DistrictId <- Area_CenterId, Zone_StateId',
    );
  });

  it('are references to any member of the family: others, the resource itself, the abstract resource', () => {
    const abstract = parent('EducationOrganization', 'Owner', 'educationOrganizationId');
    const { model } = derive('pgsql', core([organization('School', [parent('School', 'Main'), abstract])]));
    expect(entityLines(model)).toEqual(['School edfi.School SchoolId <- Main_SchoolId, Owner_EducationOrganizationId']);
  });

  it('are not references to resources outside the family', () => {
    const person = resource('Person', {
      identityJsonPaths: ['$.personId'],
      jsonSchemaForInsert: fields({ personId: integer() }),
    });
    const { model } = derive('pgsql', core([person, organization('School', [parent('Person')])]));
    expect(entityLines(model)).toEqual(['School edfi.School SchoolId <- ']);
    expect(hierarchyTriggers(model)).toHaveLength(2);
  });

  it('are not references from outside the family', () => {
    const { mapping, properties } = parentMembers([parent('School')]);
    const course = resource('Course', {
      identityJsonPaths: ['$.code'],
      documentPathsMapping: mapping,
      jsonSchemaForInsert: object({ code: string(), ...properties }, ['code']),
    });
    const { model } = derive('pgsql', core([organization('School'), course]));
    expect(entityLines(model)).toEqual(['School edfi.School SchoolId <- ']);
  });

  it('are not references from a child table (case 35)', () => {
    const item = '$.partners[*].districtReference.districtId';
    const school = organization(
      'School',
      [],
      {},
      { partners: array(fields({ districtReference: fields({ districtId: integer() }) })) },
      { District: reference('Ed-Fi:District', [['$.districtId', item]], false) },
    );
    const { model } = derive('pgsql', core([organization('District'), school]));
    expect(resourceOf(model, 'Ed-Fi:School').documentReferenceBindings.map(({ table }) => table.name)).toEqual([
      'SchoolPartner',
    ]);
    expect(entityLines(model)).toEqual(['District edfi.District DistrictId <- ', 'School edfi.School SchoolId <- ']);
    expect(hierarchyTriggers(model)).toHaveLength(4);
  });

  it('are not references from an extension table (case 35)', () => {
    const sample = project(
      'Sample',
      [
        extensionOf('School', {
          documentPathsMapping: {
            District: reference(
              'Ed-Fi:District',
              [['$.districtId', '$._ext.sample.districtReference.districtId']],
              false,
            ),
          },
          jsonSchemaForInsert: object({
            _ext: ext('sample', object({ districtReference: fields({ districtId: integer() }) })),
          }),
        }),
      ],
      { isExtension: true },
    );
    const { model } = derive('pgsql', core([organization('District'), organization('School')]), sample);
    expect(resourceOf(model, 'Ed-Fi:School').documentReferenceBindings.map(({ table }) => table.name)).toEqual([
      'SchoolExtension',
    ]);
    expect(entityLines(model)?.[1]).toBe('School edfi.School SchoolId <- ');
    expect(hierarchyTriggers(model)).toHaveLength(4);
  });

  it('are parents too where the reference stands in an object within the root table', () => {
    const school = organization(
      'School',
      [],
      {},
      { affiliation: object({ districtReference: fields({ districtId: integer() }) }) },
      {
        District: reference('Ed-Fi:District', [['$.districtId', '$.affiliation.districtReference.districtId']], false),
      },
    );
    expect(entityLines(derive('pgsql', core([organization('District'), school])).model)?.[1]).toBe(
      'School edfi.School SchoolId <- District_DistrictId',
    );
  });

  it('are the columns of the references as they are, also when they are aliases', () => {
    const district = organization('District', [parent('State'), parent('State', 'Payer')], {
      equalityConstraints: [{ sourceJsonPath: '$.stateReference.stateId', targetJsonPath: '$.payerReference.stateId' }],
    });
    const { model } = derive('pgsql', core([organization('State'), district]));
    const aliases = tableOf(model, 'edfi.District').columns.filter(({ storage }) => storage.kind === 'UnifiedAlias');
    expect(aliases.map(({ name }) => name).sort()).toEqual(['Payer_StateId', 'State_StateId']);
    expect(entityLines(model)?.[0]).toBe('District edfi.District DistrictId <- Payer_StateId, State_StateId');
  });

  it('are sorted by full name, although pgsql shortens both names to the other order', () => {
    const start = 'OrganizationThatIsResponsibleForTheOperationOfTheSchoolOn';
    const fullName = (day: string) => `${start}${day}_DistrictId`;
    // the first two days whose full names sort in one order and the hashes at the end of the shortened names in the
    // other
    const days = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `${letter}Days`);
    const [first = '', second = ''] =
      days
        .flatMap((day) => days.filter((later) => later > day).map((later) => [day, later]))
        .find(([a = '', b = '']) => shortName(fullName(a)) > shortName(fullName(b))) ?? [];
    expect(first).not.toBe('');
    const documents = core([
      organization('District'),
      organization('School', [parent('District', `${start}${second}`), parent('District', `${start}${first}`)]),
    ]);
    const parents = (dialect: SqlDialect) =>
      derive(dialect, documents).inventory.authEdOrgHierarchy?.entities[1]?.parentFks.map(
        ({ denormalizedParentIdColumn }) => denormalizedParentIdColumn,
      );
    expect(parents('mssql')).toEqual([fullName(first), fullName(second)]);
    expect(parents('pgsql')).toEqual([shortName(fullName(first)), shortName(fullName(second))]);
  });
});

describe('a table with every kind of trigger', () => {
  it('has them in the order of their names (§6)', () => {
    const { inventory } = derive(
      'mssql',
      core([organization('School', [parent('School', 'Parent')], { allowIdentityUpdates: true })]),
    );
    expect(triggerNames(inventory, 'edfi.School')).toEqual([
      'TR_School_AbstractIdentity',
      'TR_School_AuthHierarchy_Delete',
      'TR_School_AuthHierarchy_Insert',
      'TR_School_AuthHierarchy_Update',
      'TR_School_PropagateIdentity',
      'TR_School_ReferentialIdentity',
      'TR_School_Stamp',
    ]);
  });
});

describe('a hierarchy that cannot be had', () => {
  const schoolModel = (dialect: SqlDialect = 'pgsql') =>
    modelOf([core([organization('School', [parent('District')]), organization('District')])], dialect);

  it('is AUTH_NO_IDENTITY_COLUMN for an abstract identity without a scalar', () => {
    const school = resource('School', {
      isSubclass: true,
      superclassProjectName: 'Ed-Fi',
      superclassResourceName: 'EducationOrganization',
      identityJsonPaths: ['$.kindDescriptor'],
      documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') },
      jsonSchemaForInsert: fields({ kindDescriptor: uri() }),
    });
    const abstract = { EducationOrganization: { identityJsonPaths: ['$.kindDescriptor'] } };
    const model = modelOf([core([descriptor('KindDescriptor'), school], abstract)], 'pgsql');
    expectDiagnostic(() => deriveInventory(model), 'AUTH_NO_IDENTITY_COLUMN', 'Ed-Fi:EducationOrganization');
  });

  it.each([
    ['a text', string(20)],
    ['a date', { type: 'string', format: 'date' }],
    ['a flag', { type: 'boolean' }],
    ['a decimal', { type: 'number' }],
  ])('is AUTH_NO_IDENTITY_COLUMN for an id that is %s', (_, schema) => {
    const school = resource('School', {
      isSubclass: true,
      superclassProjectName: 'Ed-Fi',
      superclassResourceName: 'EducationOrganization',
      identityJsonPaths: ['$.educationOrganizationId'],
      decimalPropertyValidationInfos:
        schema.type === 'number' ? [{ path: '$.educationOrganizationId', totalDigits: 9, decimalPlaces: 0 }] : [],
      jsonSchemaForInsert: object({ educationOrganizationId: schema }, ['educationOrganizationId']),
    });
    const model = modelOf([core([school])], 'pgsql');
    expectDiagnostic(() => deriveInventory(model), 'AUTH_NO_IDENTITY_COLUMN', 'Ed-Fi:EducationOrganization');
  });

  it('is AUTH_NO_IDENTITY_COLUMN for a member whose arm has no column at the place of the id', () => {
    const model = schoolModel();
    const changed: RelationalModelSet = {
      ...model,
      abstractUnionViews: model.abstractUnionViews.map((view) => ({
        ...view,
        unionArms: view.unionArms.map((arm) => ({
          ...arm,
          projections: arm.projections.map((projection, index) =>
            index === 1 && arm.concreteMember.resourceName === 'School'
              ? { kind: 'StringLiteral' as const, value: '255901' }
              : projection,
          ),
        })),
      })),
    };
    expectDiagnostic(() => deriveInventory(changed), 'AUTH_NO_IDENTITY_COLUMN', 'Ed-Fi:School');
  });

  it('is AUTH_PARENT_IDENTITY_COUNT for a reference to the family with two identity parts (case 36)', () => {
    const twoPart = (name: string, more: build.JsonRecord = {}, documentPathsMapping: build.JsonRecord = {}) =>
      resource(name, {
        isSubclass: true,
        superclassProjectName: 'Ed-Fi',
        superclassResourceName: 'EducationOrganization',
        identityJsonPaths: ['$.educationOrganizationId', '$.country'],
        documentPathsMapping,
        jsonSchemaForInsert: object({ educationOrganizationId: integer(), country: string(), ...more }, [
          'educationOrganizationId',
          'country',
        ]),
      });
    const abstract = { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId', '$.country'] } };
    const school = twoPart(
      'School',
      { districtReference: fields({ educationOrganizationId: integer(), country: string() }) },
      {
        District: reference(
          'Ed-Fi:District',
          [
            ['$.educationOrganizationId', '$.districtReference.educationOrganizationId'],
            ['$.country', '$.districtReference.country'],
          ],
          false,
        ),
      },
    );
    for (const dialect of dialects)
      expectDiagnostic(
        () => deriveInventory(modelOf([core([twoPart('District'), school], abstract)], dialect)),
        'AUTH_PARENT_IDENTITY_COUNT',
        'Ed-Fi:School',
        '2',
      );
  });

  it('is AUTH_PARENT_IDENTITY_COUNT for a reference to the family without identity parts', () => {
    const model = withResource(schoolModel(), 'Ed-Fi:School', ({ documentReferenceBindings }) => ({
      documentReferenceBindings: documentReferenceBindings.map((binding) => ({ ...binding, identityBindings: [] })),
    }));
    expectDiagnostic(() => deriveInventory(model), 'AUTH_PARENT_IDENTITY_COUNT', 'Ed-Fi:School', '0');
  });
});
