import * as build from '../schema-builder.ts';

/** The core project `Ed-Fi`, physical schema `edfi`. */
export function edFi(resources: readonly build.BuiltResource[], options: build.ProjectOptions = {}): build.JsonRecord {
  return build.project('Ed-Fi', resources, options);
}

/** An extension project, by default `Sample` with the endpoint name `sample`. */
export function extension(
  resources: readonly build.BuiltResource[],
  name = 'Sample',
  options: build.ProjectOptions = {},
): build.JsonRecord {
  return build.project(name, resources, { isExtension: true, ...options });
}

/** A resource with `properties` at its root; `identity` names its identifying properties, which are required. */
export function plain(
  name: string,
  properties: build.JsonRecord,
  identity: readonly string[] = [],
  members: build.JsonRecord = {},
): build.BuiltResource {
  return build.resource(name, {
    identityJsonPaths: identity.map((property) => `$.${property}`),
    jsonSchemaForInsert: build.object(properties, identity),
    ...members,
  });
}

/** A resource that is identified by all of its properties. */
export function keyed(name: string, properties: build.JsonRecord, members: build.JsonRecord = {}): build.BuiltResource {
  return plain(name, properties, Object.keys(properties), members);
}

/** A resource that is identified by one integer property. */
export function numbered(
  name: string,
  identity: string,
  members: build.JsonRecord = {},
  properties: build.JsonRecord = {},
): build.BuiltResource {
  return plain(name, { [identity]: build.integer(), ...properties }, [identity], members);
}

/** An object whose fields are all required, such as a reference object. */
export function fields(properties: build.JsonRecord): build.JsonRecord {
  return build.object(properties, Object.keys(properties));
}

/** A collection whose items have these properties. */
export function rows(properties: build.JsonRecord, required?: readonly string[]): build.JsonRecord {
  return build.array(build.object(properties, required));
}

export function equal(sourceJsonPath: string, targetJsonPath: string): build.JsonRecord {
  return { sourceJsonPath, targetJsonPath };
}

/** An entry of `abstractResources`. */
export function abstractResource(
  identityJsonPaths: readonly string[],
  members: build.JsonRecord = {},
): build.JsonRecord {
  return { identityJsonPaths, ...members };
}

/**
 * The members that make a resource a subclass of the abstract resource `label`; `renamed` is the abstract identity
 * path.
 */
export function subclassOf(label: string, renamed?: string): build.JsonRecord {
  const [superclassProjectName = '', superclassResourceName = ''] = label.split(':');
  return {
    isSubclass: true,
    superclassProjectName,
    superclassResourceName,
    ...(renamed === undefined ? {} : { superclassIdentityJsonPath: renamed }),
  };
}
