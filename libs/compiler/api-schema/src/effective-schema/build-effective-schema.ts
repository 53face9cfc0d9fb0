import { type Diagnostic, failIfAny } from '@dms/diagnostics';
import { isJsonObject, type JsonObject, type JsonValue } from '@dms/values';
import type { ApiSchemaDocument } from '../load.ts';
import {
  type CheckedApiSchema,
  checkSchemaSet,
  formatVersionNotes,
  sharedDescriptorNotes,
} from './check-schema-set.ts';
import type { EffectiveProject, EffectiveSchemaOptions, EffectiveSchemaSet } from './effective-schema.ts';
import { numberedSet, stripProject, withFile } from './effective-schema-set.ts';

/**
 * The effective schema set of one core and any number of extension documents (design 01): checked, fingerprinted, its
 * resources numbered. The documents are not changed, and their order does not affect the result. Throws the `INPUT_*`
 * and `RESOURCE_KEY_*` codes, all diagnostics together.
 */
export function buildEffectiveSchema(
  documents: readonly ApiSchemaDocument[],
  options: EffectiveSchemaOptions = {},
): EffectiveSchemaSet {
  const { schemas, found } = checkSchemaSet(documents, options);
  // after an error, the readable rest is searched for further errors
  if (found.length > 0) failIfAny(examineSchemaSet(documents, options).found);
  const { set, repeated } = numberedSet(
    schemas[0]?.apiSchemaVersion ?? '',
    schemas.map(stripProject),
    options.mappingVersion,
  );
  failIfAny(withFile(repeated, schemas));
  return set;
}

/** The result of checking a list of documents. */
export interface ExaminedSchemaSet {
  readonly found: readonly Diagnostic[];
  /** Warnings about the documents. */
  readonly notes: readonly Diagnostic[];
  /** The part of the documents that can be derived: the whole set, or its usable rest if there are diagnostics. */
  readonly set: EffectiveSchemaSet;
  /** Whether `set` is complete: a resource that it lacks is then in none of the documents. */
  readonly isWhole: boolean;
}

/**
 * The schema set of documents and all its diagnostics. If there are any, the set has the part that can still be
 * derived, so that later steps find their errors too (design 01).
 *
 * @param options.isWhole whether `documents` are all given files; false if some could not be read
 */
export function examineSchemaSet(
  documents: readonly ApiSchemaDocument[],
  { isWhole = true, ...options }: EffectiveSchemaOptions & { readonly isWhole?: boolean } = {},
): ExaminedSchemaSet {
  const { schemas, found, isComplete } = checkSchemaSet(documents, { ...options, isWhole });
  const isRight = found.length === 0 && isWhole;
  const usable = isRight ? schemas.map(stripProject) : usablePart(schemas);
  const { set, repeated } = numberedSet(schemas[0]?.apiSchemaVersion ?? '', usable, options.mappingVersion);
  // parts are missing after a file without a usable name, a second project with the same name, or a resource without a
  // name
  const lacksPart =
    !isComplete || usable.length < schemas.length || found.some(({ code }) => code === 'INPUT_RESOURCE_MALFORMED');
  return {
    found: [...found, ...withFile(repeated, schemas)],
    notes: [...formatVersionNotes(schemas), ...sharedDescriptorNotes(schemas)],
    set,
    isWhole: !lacksPart,
  };
}

/** The part of projects with errors that can be derived: each project name once, and each resource that has a name. */
function usablePart(schemas: readonly CheckedApiSchema[]): EffectiveProject[] {
  const names = new Set<string>();
  return schemas.flatMap((schema) => {
    const { projectName, projectEndpointName } = schema;
    const own = [`name ${projectName}`, `endpoint ${projectEndpointName}`];
    if (projectName === '' || projectEndpointName === '' || own.some((name) => names.has(name))) return [];
    for (const name of own) names.add(name);
    const resources = [...schema.resourceSchemas].flatMap(([key, entry]): [string, JsonObject][] => {
      if (key === '' || !isJsonObject(entry)) return [];
      const name = entry.get('resourceName');
      if (typeof name !== 'string' || name.trim() === '') return [];
      if (typeof entry.get('isResourceExtension') === 'boolean') return [[key, entry]];
      return schema.isExtensionProject ? [] : [[key, new Map([...entry, ['isResourceExtension', false]])]];
    });
    const abstracts = [...schema.abstractResources].filter(([key, entry]) => key !== '' && isJsonObject(entry));
    const projectSchema = new Map<string, JsonValue>([
      ...schema.projectSchema,
      ['resourceSchemas', new Map(resources)],
      ['abstractResources', new Map(abstracts)],
    ]);
    return [{ ...stripProject({ ...schema, projectSchema }), projectVersion: schema.projectVersion || '0' }];
  });
}
