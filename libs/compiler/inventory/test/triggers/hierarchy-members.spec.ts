import { dialects } from '@dms/sql';
import { build, resourceOf, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { derive } from '../derived.ts';
import { triggerNames, triggerOf } from '../inventory-lookup.ts';

const { array, integer, object, project, reference, resource, string } = build;

const whole = (properties: build.JsonRecord): build.JsonRecord => object(properties, Object.keys(properties));

const idOf = (name: string) => `${name.charAt(0).toLowerCase()}${name.slice(1)}Id`;

const superclass = {
  isSubclass: true,
  superclassProjectName: 'Ed-Fi',
  superclassResourceName: 'EducationOrganization',
  superclassIdentityJsonPath: '$.educationOrganizationId',
};

/** A member with the id `{name}Id` and an optional reference `$.{target}Reference` to each target, by its id. */
const member = (name: string, targets: readonly string[] = [], members: build.JsonRecord = {}) => {
  const parents = targets.map((label) => ({ label, id: idOf(label.split(':')[1] ?? '') }));
  return resource(name, {
    ...superclass,
    identityJsonPaths: [`$.${idOf(name)}`],
    documentPathsMapping: Object.fromEntries(
      parents.map(({ label, id }, index) => [
        `Parent${index}`,
        reference(label, [[`$.${id}`, `$.r${index}.${id}`]], false),
      ]),
    ),
    jsonSchemaForInsert: object(
      {
        [idOf(name)]: integer(),
        ...Object.fromEntries(parents.map(({ id }, index) => [`r${index}`, whole({ [id]: integer() })])),
      },
      [idOf(name)],
    ),
    ...members,
  });
};

const core = (
  resources: readonly build.BuiltResource[],
  abstract: build.JsonRecord = {},
  name = 'EducationOrganization',
) =>
  project('Ed-Fi', resources, {
    abstractResources: { [name]: { identityJsonPaths: ['$.educationOrganizationId'], ...abstract } },
  });

/** Entities as `Name schema.Table id <- parent ids`. */
const entitiesOf = (...documents: readonly build.JsonRecord[]) =>
  derive('pgsql', ...documents).inventory.authEdOrgHierarchy?.entities.map(
    ({ entityName, table, identityColumn, parentFks }) =>
      `${entityName} ${table.schema}.${table.name} ${identityColumn} <- ${parentFks.map((key) => key.denormalizedParentIdColumn).join(', ')}`,
  );

const hierarchyTriggers = (...documents: readonly build.JsonRecord[]) =>
  triggerNames(derive('pgsql', ...documents).inventory).filter((name) => /_AuthHierarchy_/.test(name));

describe('the abstract resource of the hierarchy (design 05 §5.1)', () => {
  it.each(['educationOrganization', 'EducationOrganizations', 'Organization'])(
    'is not %s: the name is exact',
    (name) => {
      const found = member('School', [], { superclassResourceName: name });
      const { inventory } = derive('pgsql', core([found], {}, name));
      expect(inventory.authEdOrgHierarchy).toBeNull();
      expect(inventory.indexes.filter(({ kind }) => kind === 'Explicit')).toEqual([]);
    },
  );

  it.each(dialects)('is found by its name whatever its tables are called, in %s', (dialect) => {
    const { inventory, model } = derive(
      dialect,
      core([member('School')], { relational: { rootTableNameOverride: 'Institution' } }),
    );
    expect(tableOf(model, 'edfi.InstitutionIdentity').columns[1]?.name).toBe('EducationOrganizationId');
    expect(inventory.authEdOrgHierarchy?.entities).toHaveLength(1);
    expect(inventory.indexes.filter(({ table }) => table.schema === 'auth').map(({ name }) => name)).toEqual([
      'IX_EducationOrganizationIdToEducationOrganizationId_Target',
    ]);
  });

  it.each(dialects)(
    'brings one index and no trigger of the schema auth: its primary key is not an entry (§2.2), in %s',
    (dialect) => {
      const { inventory } = derive(dialect, core([member('School', ['Ed-Fi:Agency']), member('Agency')]));
      expect(inventory.indexes.filter(({ table }) => table.schema === 'auth')).toHaveLength(1);
      expect(inventory.indexes[0]?.table.schema).toBe('auth');
      expect(inventory.triggers.filter(({ table }) => table.schema === 'auth')).toEqual([]);
    },
  );
});

describe('the entities of the hierarchy (design 05 §5.2)', () => {
  it('are by name in ordinal order', () => {
    const names = ['Lab', 'LEA', 'School', 'SchoolB', 'School2'];
    const found = entitiesOf(core(names.map((name) => member(name))));
    expect(found?.map((line) => line.split(' ')[0])).toEqual(['LEA', 'Lab', 'School', 'School2', 'SchoolB']);
  });

  it('may have one name in two projects', () => {
    const sample = project('Sample', [member('School', ['Ed-Fi:School'])], { isExtension: true });
    expect([...(entitiesOf(core([member('School')]), sample) ?? [])].sort()).toEqual([
      'School edfi.School SchoolId <- ',
      'School sample.School SchoolId <- Parent0_SchoolId',
    ]);
    expect(hierarchyTriggers(core([member('School')]), sample)).toEqual([
      'edfi.School TR_School_AuthHierarchy_Delete',
      'edfi.School TR_School_AuthHierarchy_Insert',
      'sample.School TR_School_AuthHierarchy_Delete',
      'sample.School TR_School_AuthHierarchy_Insert',
      'sample.School TR_School_AuthHierarchy_Update',
    ]);
  });

  it('may have a parent in an extension project, which is of the family too', () => {
    const sample = project('Sample', [member('Academy')], { isExtension: true });
    expect(entitiesOf(core([member('School', ['Sample:Academy'])]), sample)).toEqual([
      'Academy sample.Academy AcademyId <- ',
      'School edfi.School SchoolId <- Parent0_AcademyId',
    ]);
  });

  it('may have their own id from a reference, whose target is a parent then', () => {
    const annex = member('Annex', [], {
      identityJsonPaths: ['$.schoolReference.schoolId'],
      documentPathsMapping: { School: reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]) },
      jsonSchemaForInsert: whole({ schoolReference: whole({ schoolId: integer() }) }),
    });
    expect(entitiesOf(core([member('School'), annex]))).toEqual([
      'Annex edfi.Annex School_SchoolId <- School_SchoolId',
      'School edfi.School SchoolId <- ',
    ]);
  });

  it('are hierarchical by a reference to the abstract resource alone', () => {
    const department = member('Department', ['Ed-Fi:EducationOrganization']);
    expect(entitiesOf(core([department]))).toEqual([
      'Department edfi.Department DepartmentId <- Parent0_EducationOrganizationId',
    ]);
    expect(hierarchyTriggers(core([department])).at(-1)).toBe('edfi.Department TR_Department_AuthHierarchy_Update');
  });

  it('keep a parent in the root beside a reference in a collection', () => {
    const found = member('School', [], {
      documentPathsMapping: {
        Agency: reference('Ed-Fi:Agency', [['$.agencyId', '$.agencyReference.agencyId']], false),
        Partner: reference('Ed-Fi:Agency', [['$.agencyId', '$.partners[*].agencyReference.agencyId']]),
      },
      jsonSchemaForInsert: object(
        {
          schoolId: integer(),
          agencyReference: whole({ agencyId: integer() }),
          partners: array(whole({ agencyReference: whole({ agencyId: integer() }) })),
        },
        ['schoolId'],
      ),
    });
    const documents = core([found, member('Agency')]);
    expect(resourceOf(derive('pgsql', documents).model, 'Ed-Fi:School').documentReferenceBindings).toHaveLength(2);
    expect(entitiesOf(documents)?.at(-1)).toBe('School edfi.School SchoolId <- Agency_AgencyId');
  });

  it('are not resources that only refer to the family', () => {
    const cohort = resource('Cohort', {
      identityJsonPaths: ['$.name'],
      documentPathsMapping: {
        School: reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']], false),
      },
      jsonSchemaForInsert: object({ name: string(), schoolReference: whole({ schoolId: integer() }) }, ['name']),
    });
    expect(entitiesOf(core([member('School'), cohort]))).toEqual(['School edfi.School SchoolId <- ']);
  });
});

describe('the triggers of an entity (design 05 §3.3, §5.3)', () => {
  it.each(dialects)('fire for one event each and know no key and no projection, in %s', (dialect) => {
    const { inventory } = derive(dialect, core([member('School', ['Ed-Fi:School'])]));
    const found = inventory.triggers.filter(({ kind }) => kind === 'AuthHierarchyMaintenance');
    expect(found.map((trigger) => 'triggerEvent' in trigger && trigger.triggerEvent)).toEqual([
      'Delete',
      'Insert',
      'Update',
    ]);
    for (const { keyColumns, identityProjectionColumns } of found)
      expect([keyColumns, identityProjectionColumns]).toEqual([[], []]);
    expect(triggerOf(inventory, 'edfi.School', 'DocumentStamping').keyColumns).toEqual(['DocumentId']);
  });
});
