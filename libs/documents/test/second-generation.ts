import type { SqlDialect } from '@dms/sql';
import { type Document, ownSchema } from '@dms/testing';
import { type Compiled, compiled } from './bench.ts';

type Constraint = Readonly<Record<string, unknown>>;

interface EditedResource {
  arrayUniquenessConstraints: Constraint[];
  securableElements: Record<string, unknown>;
}

/**
 * The schema with more rules about what tells elements apart, by endpoint, and without the paths of persons: the second generation has
 * persons in one project only.
 */
function withConstraints(schema: Document, added: Readonly<Record<string, readonly Constraint[]>>): Document {
  const copy = structuredClone(schema) as { projectSchema: { resourceSchemas: Record<string, EditedResource> } };
  for (const resource of Object.values(copy.projectSchema.resourceSchemas))
    for (const person of ['Student', 'Staff', 'Contact'])
      if (resource.securableElements) resource.securableElements[person] = [];
  for (const [endpoint, constraints] of Object.entries(added))
    copy.projectSchema.resourceSchemas[endpoint]?.arrayUniquenessConstraints.push(...constraints);
  return copy;
}

const within = (paths: readonly string[], basePath: string, inner: string): Constraint => ({
  paths,
  nestedConstraints: [{ basePath, paths: [inner] }],
});

/** The schemas of this repository, in which something tells the elements of every collection apart. */
export const mergeableSchemas = (): readonly Document[] => {
  const [facilities, numbers] = ['$._ext.athletics.facilities[*]', '$._ext.athletics.contactNumbers[*]'];
  const contacts = '$.guardianContacts[*]';
  return [
    withConstraints(ownSchema('campus'), {
      assessments: [{ paths: ['$.gradeLevelDescriptors[*]'] }],
      studentSectionAttendanceEvents: [
        within([`${contacts}.contactedAt`], contacts, '$.deliveryConfirmationAttempts[*].attemptNumber'),
      ],
    }),
    withConstraints(ownSchema('athletics'), {
      schools: [within([`${facilities}.facilityName`], facilities, '$.supportedSportDescriptors[*]')],
      staff: [within([`${numbers}.phoneNumber`], numbers, '$._ext.athletics.callWindows[*].startTime')],
    }),
  ];
};

const sets = new Map<SqlDialect, Compiled>();

/** The same, compiled once per dialect. */
export function mergeableSet(dialect: SqlDialect = 'pgsql'): Compiled {
  const found = sets.get(dialect) ?? compiled(mergeableSchemas(), dialect, 'v2');
  sets.set(dialect, found);
  return found;
}
