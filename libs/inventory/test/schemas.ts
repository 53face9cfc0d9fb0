import { deriveModel } from '@dms/derivation';
import type { SqlDialect } from '@dms/sql';
import { build } from '@dms/testing';
import { schemaSet } from './inventory.ts';

const { integer, object, project, reference, resource } = build;

type JsonRecord = build.JsonRecord;

/** An object schema whose properties are all required. */
export const whole = (properties: JsonRecord): JsonRecord => object(properties, Object.keys(properties));

/** A resource identified by one integer property. */
export function keyed(name: string, id: string, members: JsonRecord = {}, properties: JsonRecord = {}): build.BuiltResource {
  return resource(name, {
    identityJsonPaths: [`$.${id}`],
    jsonSchemaForInsert: object({ [id]: integer(), ...properties }, [id]),
    ...members,
  });
}

/** Members of a subclass of a resource of `Ed-Fi`, with its renamed identity path where it has one. */
export const memberOf = (superclassResourceName: string, renamed?: string): JsonRecord => ({
  isSubclass: true,
  superclassProjectName: 'Ed-Fi',
  superclassResourceName,
  ...(renamed === undefined ? {} : { superclassIdentityJsonPath: renamed }),
});

/** A resource of the family of education organizations, identified by one integer property. */
export const organization = (name: string, id: string, members: JsonRecord = {}, properties: JsonRecord = {}) =>
  keyed(name, id, { ...memberOf('EducationOrganization', '$.educationOrganizationId'), ...members }, properties);

export const core = (resources: readonly build.BuiltResource[], abstractResources: JsonRecord = {}) =>
  project('Ed-Fi', resources, { abstractResources });

export const modelOf = (documents: readonly JsonRecord[], dialect: SqlDialect = 'pgsql') =>
  deriveModel(schemaSet(...documents), dialect).model;

export const schoolReference = reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]);

export const schoolObject = object({ schoolId: integer() }, ['schoolId']);
