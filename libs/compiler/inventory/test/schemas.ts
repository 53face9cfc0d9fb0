import { type build, numbered, subclassOf } from '@dms/testing';

/** A resource of the education organization family, identified by one integer property. */
export const organization = (
  name: string,
  id: string,
  members: build.JsonRecord = {},
  properties: build.JsonRecord = {},
) =>
  numbered(
    name,
    id,
    { ...subclassOf('Ed-Fi:EducationOrganization', '$.educationOrganizationId'), ...members },
    properties,
  );
