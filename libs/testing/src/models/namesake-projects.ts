import { type OwnSchema, ownSchema } from '../own-fixtures.ts';

/** The cores of this repository, each with its extension. */
const extensions = { campus: ['athletics', 'Athletics'], district: ['transport', 'Transport'] } as const;

type Core = keyof typeof extensions;

/** A schema of this repository whose project is renamed. */
export const renamedSchema = (name: OwnSchema, projectName: string, later: string) =>
  JSON.parse(
    JSON.stringify(ownSchema(name))
      .replaceAll(projectName, later)
      .replaceAll(projectName.toLowerCase(), later.toLowerCase()),
  );

/**
 * A core and two extensions that share every name except that of the project: resources, descriptors, endpoints,
 * members below `_ext`, tables. Each also has a resource and a descriptor with names of the core.
 */
export function namesakeProjects(core: Core): ReturnType<typeof ownSchema>[] {
  const [file, projectName] = extensions[core];
  const { projectSchema } = ownSchema(core);
  const [endpoint = '', descriptor] =
    Object.entries<{ readonly isDescriptor: boolean }>(projectSchema.resourceSchemas).find(
      ([, { isDescriptor }]) => isDescriptor,
    ) ?? [];
  const student = {
    resourceName: 'Student',
    isDescriptor: false,
    isResourceExtension: false,
    isSubclass: false,
    isSchoolYearEnumeration: false,
    allowIdentityUpdates: false,
    identityJsonPaths: ['$.code'],
    arrayUniquenessConstraints: [],
    equalityConstraints: [],
    decimalPropertyValidationInfos: [],
    documentPathsMapping: {
      Code: { isReference: false, path: '$.code', isRequired: true, isPartOfIdentity: true },
    },
    jsonSchemaForInsert: {
      type: 'object',
      properties: { code: { type: 'string', maxLength: 10 } },
      required: ['code'],
    },
  };
  const extensionsOf = ['Twin', 'Twins'].map((name) => {
    const schema = renamedSchema(file, projectName, name);
    Object.assign(schema.projectSchema.resourceSchemas, { [endpoint]: descriptor, students: student });
    return schema;
  });
  return [ownSchema(core), ...extensionsOf];
}
