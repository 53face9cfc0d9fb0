import { qualified, type ScalarType } from '@dms/model';
import { abstractResource, build, edFi, keyed, type modelOf, subclassOf } from '@dms/testing';

const { integer } = build;

export const organization = 'Ed-Fi:EducationOrganization';
export const organizationId = '$.educationOrganizationId';
export const abstractResources = { EducationOrganization: abstractResource([organizationId]) };

/** A member that renames the abstract identity to `{name}Id`. */
export const renamed = (name: string, type: build.JsonRecord = integer(), members: build.JsonRecord = {}) => {
  const property = `${name.charAt(0).toLowerCase()}${name.slice(1)}Id`;
  return keyed(name, { [property]: type }, { ...subclassOf(organization, organizationId), ...members });
};

export const withMembers = (...members: build.BuiltResource[]) => [edFi(members, { abstractResources })];

export const armsOf = (model: ReturnType<typeof modelOf>) =>
  model.abstractUnionViews.flatMap(({ unionArms }) =>
    unionArms.map(({ fromTable, projections }) => [
      qualified(fromTable),
      ...projections.map((projection) =>
        projection.kind === 'SourceColumn' ? projection.column : `'${projection.value}'`,
      ),
    ]),
  );

export const type = (kind: ScalarType['kind'], more: Partial<ScalarType> = {}): ScalarType => ({
  kind,
  maxLength: null,
  decimal: null,
  ...more,
});
