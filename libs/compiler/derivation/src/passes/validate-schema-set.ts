import { abstractResourceSchema, type DocumentPathEntry, readFormat, resourceLabel } from '@dms/api-schema';
import { alternatives, type Diagnostic, diagnostic } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { compareOrdinal, groupBy, isJsonObject, repeated } from '@dms/values';
import type { ModelDraft } from '../draft/model-draft.ts';
import {
  failResource,
  identityTexts,
  malformedMember,
  missingResource,
  type ResourceEntry,
  resourceDiagnostic,
  superclassName,
} from '../input/resource-entry.ts';

/**
 * Runs the set-level checks in their fixed order (design 02 §3), with a diagnostic for every place. Reads the raw
 * entries and adds nothing.
 */
export function validateSchemaSet(draft: ModelDraft): void {
  for (const rule of [
    checkShape,
    checkNames,
    checkResourceKeys,
    checkReferenceTargets,
    checkReferenceIdentityPaths,
    checkSubclassSchemas,
    checkSubclassKinds,
    checkRenames,
    checkPhysicalSchemas,
  ]) {
    draft.diagnostics.add(rule(draft));
  }
}

function checkShape(draft: ModelDraft): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const project of draft.set.projects) {
    for (const [member, value] of [
      ['projectEndpointName', project.projectEndpointName],
      ['projectName', project.projectName],
      ['projectVersion', project.projectVersion],
    ] as const) {
      if (value.trim() === '')
        diagnostics.push(
          diagnostic(
            'APISCHEMA_INVALID',
            `${member} of the project ${project.projectName} is blank.`,
            {},
            { field: member },
          ),
        );
    }
    const resources = project.projectSchema.get('resourceSchemas');
    if (!isJsonObject(resources)) {
      diagnostics.push(
        diagnostic(
          'APISCHEMA_INVALID',
          `${project.projectName}: resourceSchemas must be an object.`,
          {},
          { field: 'resourceSchemas' },
        ),
      );
      continue;
    }
    for (const [key, entry] of resources) {
      const name = isJsonObject(entry) ? entry.get('resourceName') : undefined;
      const label = `${project.projectName}:${typeof name === 'string' && key !== '' ? name : key}`;
      if (key === '' || !isJsonObject(entry))
        diagnostics.push(
          resourceDiagnostic('APISCHEMA_INVALID', label, 'an entry of resourceSchemas needs a key and an object', key, {
            field: key,
          }),
        );
      else if (typeof entry.get('isResourceExtension') !== 'boolean') {
        diagnostics.push(
          resourceDiagnostic(
            'APISCHEMA_INVALID',
            label,
            'isResourceExtension must be true or false',
            'isResourceExtension',
            {
              field: 'isResourceExtension',
            },
          ),
        );
      }
    }
  }
  for (const entry of draft.entries.abstract) {
    const read = readFormat(abstractResourceSchema, entry.json);
    if (!('findings' in read)) continue;
    for (const finding of read.findings) diagnostics.push(malformedMember(entry.label, finding));
  }
  return diagnostics;
}

function checkNames(draft: ModelDraft): Diagnostic[] {
  const first = new Map<string, ResourceEntry>();
  const diagnostics: Diagnostic[] = [];
  for (const entry of [
    ...draft.entries.concrete.filter((candidate) => !candidate.isResourceExtension),
    ...draft.entries.abstract,
  ]) {
    const other = first.get(entry.label);
    first.set(entry.label, other ?? entry);
    if (!other) continue;
    const place = ({ isAbstract, key }: ResourceEntry) =>
      `${isAbstract ? 'abstractResources' : 'resourceSchemas'}.${key}`;
    const locations = [place(other), place(entry)].sort();
    diagnostics.push(
      resourceDiagnostic(
        'RESOURCE_KEY_DUPLICATE',
        entry.label,
        `two resources have this name: ${locations.join(' and ')}`,
        undefined,
        { locations },
      ),
    );
  }
  return diagnostics;
}

function checkResourceKeys(draft: ModelDraft): Diagnostic[] {
  // a resource without a name, or one of two with the same name, has no key
  if (draft.diagnostics.found.length > 0) return [];
  const { known } = draft.entries;
  const keys = draft.set.info.resourceKeys;
  const labels = keys.map(resourceLabel);
  const listed = new Set(labels);
  const missing = [...known.keys()].filter((label) => !listed.has(label)).sort();
  const extra = labels.filter((label) => !known.has(label)).sort();
  const duplicate = repeated(labels).sort();
  const repeatedIds = repeated(keys.map((key) => String(key.id))).sort();
  const wrongFlag = keys
    .filter((key) => known.has(resourceLabel(key)) && known.get(resourceLabel(key))?.isAbstract !== key.isAbstract)
    .map(resourceLabel)
    .sort();
  const details = { missing, extra, duplicate: [...duplicate, ...repeatedIds], wrongFlag };
  const parts = Object.entries(details).filter(([, list]) => list.length > 0);
  if (parts.length === 0) return [];
  const text = parts.map(([name, list]) => `${name}: ${list.join(', ')}`).join('; ');
  return [
    diagnostic('RESOURCE_KEYS_INCONSISTENT', `The resource keys do not fit the schema set: ${text}.`, {}, details),
  ];
}

function checkReferenceTargets(draft: ModelDraft): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  forEachMappingEntry(draft, (entry, key, value) => {
    if (value.kind === 'scalar') return;
    const target = resourceLabel(value.target);
    const known = draft.entries.known.get(target);
    if (known !== undefined) {
      if (value.kind === 'descriptor' || known.json.get('isDescriptor') !== true) return;
      draft.documentPaths.refuse(value);
      const text = `documentPathsMapping["${key}"] refers to the descriptor ${target}; a descriptor is named by its URI (isDescriptor: true)`;
      diagnostics.push(
        resourceDiagnostic('REFERENCE_TARGET_UNKNOWN', entry.label, text, key, { mappingKey: key, target }),
      );
      return;
    }
    draft.documentPaths.refuse(value);
    // the target may be in a part that could not be read
    if (!draft.isWhole) return;
    const path = value.kind === 'descriptor' ? ` (${value.path})` : '';
    const text = `documentPathsMapping["${key}"]${path} refers to ${target}, which no project of the set has${missingResource(target, draft.entries)}`;
    diagnostics.push(
      resourceDiagnostic(
        'REFERENCE_TARGET_UNKNOWN',
        entry.label,
        text,
        value.kind === 'descriptor' ? value.path : key,
        {
          mappingKey: key,
          target,
        },
      ),
    );
  });
  return diagnostics;
}

/** Calls `check` for the mapping entries of all resources, abstract ones and extensions included. */
function forEachMappingEntry(
  draft: ModelDraft,
  check: (entry: ResourceEntry, key: string, value: DocumentPathEntry) => void,
): void {
  for (const entry of [...draft.entries.concrete, ...draft.entries.abstract]) {
    for (const [key, value] of draft.documentPaths.entriesOf(entry)) check(entry, key, value);
  }
}

function checkReferenceIdentityPaths(draft: ModelDraft): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  forEachMappingEntry(draft, (entry, key, value) => {
    if (value.kind !== 'reference') return;
    const paths = draft.documentPaths.pathsOf(entry, key, value);
    const target = draft.entries.known.get(resourceLabel(value.target));
    // a document reference to a descriptor was refused before
    if (!target || target.json.get('isDescriptor') === true) return;
    const identity = new Set(identityTexts(target));
    for (const { identityJsonPath } of paths) {
      if (identity.has(identityJsonPath.canonical)) continue;
      draft.documentPaths.refuse(value);
      const text = `documentPathsMapping["${key}"] names ${identityJsonPath.canonical}, which is not an identity path of ${target.label}${alternatives(identityJsonPath.canonical, identity)}`;
      diagnostics.push(
        resourceDiagnostic('REFERENCE_IDENTITY_PATH_UNKNOWN', entry.label, text, identityJsonPath.canonical, {
          mappingKey: key,
          identityJsonPath: identityJsonPath.canonical,
          target: target.label,
        }),
      );
    }
  });
  return diagnostics;
}

function checkSubclassSchemas(draft: ModelDraft): Diagnostic[] {
  return subclasses(draft)
    .filter((entry) => !isJsonObject(entry.json.get('jsonSchemaForInsert')))
    .map((entry) =>
      resourceDiagnostic(
        'ABSTRACT_SCHEMA_MISSING',
        entry.label,
        'a subclass needs an object jsonSchemaForInsert',
        'jsonSchemaForInsert',
      ),
    );
}

function subclasses(draft: ModelDraft): ResourceEntry[] {
  return draft.entries.concrete.filter((entry) => entry.json.get('isSubclass') === true);
}

/** A descriptor has no table, so an abstract resource could not take its identity from one (design 03 §9.1). */
function checkSubclassKinds(draft: ModelDraft): Diagnostic[] {
  return subclasses(draft)
    .filter((entry) => entry.json.get('isDescriptor') === true)
    .map((entry) =>
      resourceDiagnostic(
        'ABSTRACT_MEMBER_IS_DESCRIPTOR',
        entry.label,
        'a descriptor cannot be a subclass, because it has no table; set isSubclass to false',
        'isSubclass',
      ),
    );
}

function checkRenames(draft: ModelDraft): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const entry of subclasses(draft)) {
    const renamed = entry.json.get('superclassIdentityJsonPath');
    if (typeof renamed !== 'string') continue;
    const own = identityTexts(entry);
    if (own.length !== 1) {
      const { projectName, resourceName } = superclassName(entry);
      const reason = `it has ${own.length} identity paths (superclass ${projectName}:${resourceName})`;
      diagnostics.push(arityDiagnostic(entry, reason, own.length));
      continue;
    }
    const superclass = draft.diagnostics.attempt(() => abstractSuperclass(draft, entry, superclassName(entry)));
    if (!superclass) continue;
    const declared = identityTexts(superclass);
    const [identity] = declared;
    if (identity === undefined || declared.length > 1)
      diagnostics.push(
        arityDiagnostic(entry, `${superclass.label} has ${declared.length} identity paths`, declared.length),
      );
    else if (identity !== renamed) {
      const text = `superclassIdentityJsonPath is ${renamed}, but the identity of ${superclass.label} is ${identity}`;
      diagnostics.push(
        resourceDiagnostic('ABSTRACT_RENAME_MISMATCH', entry.label, text, renamed, {
          superclass: superclass.label,
          paths: [renamed, identity],
        }),
      );
    }
  }
  return diagnostics;
}

function arityDiagnostic(entry: ResourceEntry, reason: string, count: number): Diagnostic {
  const text = `superclassIdentityJsonPath renames a single identity path, but ${reason}`;
  return resourceDiagnostic('ABSTRACT_RENAME_ARITY', entry.label, text, 'superclassIdentityJsonPath', { count });
}

function checkPhysicalSchemas(draft: ModelDraft): Diagnostic[] {
  const bySchema = groupBy(draft.entries.projects, ({ physicalSchema }) => physicalSchema);
  const diagnostics: Diagnostic[] = [];
  for (const [schema, projects] of [...bySchema].sort(([a], [b]) => compareOrdinal(a, b))) {
    const names = projects.map(({ projectEndpointName }) => projectEndpointName).sort();
    const isReserved = schema === 'dms' || schema === 'auth';
    if (names.length === 1 && !isReserved) continue;
    const reason = isReserved ? `which holds objects of the tool itself` : 'which can hold only one project';
    const text = `The endpoint names ${names.map((name) => `"${name}"`).join(' and ')} give the database schema "${schema}", ${reason}; rename one of them.`;
    const project = mustExist(projects.at(-1), `a project of ${schema}`).projectName;
    const where = { path: 'projectSchema.projectEndpointName' };
    diagnostics.push(diagnostic('PHYSICAL_SCHEMA_COLLISION', text, where, { schema, endpoints: names, project }));
  }
  return diagnostics;
}

/**
 * The abstract superclass of a subclass, by the name that it declares (design 03 §9.1); undefined if it may be in a
 * part of the files that could not be read.
 */
export function abstractSuperclass(
  draft: ModelDraft,
  entry: ResourceEntry,
  { projectName, resourceName }: ReturnType<typeof superclassName>,
): ResourceEntry | undefined {
  const isName = (value: string | undefined): value is string => value !== undefined && value.trim() !== '';
  if (!isName(projectName) || !isName(resourceName)) {
    const member = isName(projectName) ? 'superclassResourceName' : 'superclassProjectName';
    const text = `a subclass needs a non-empty ${member}`;
    return failResource('ABSTRACT_SUPERCLASS_INVALID', entry.label, text, member, { member });
  }
  const label = resourceLabel({ projectName, resourceName });
  const superclass = draft.entries.known.get(label);
  if (!superclass && !draft.isWhole) return undefined;
  if (!superclass) {
    const isOfSet = draft.entries.projects.some((project) => project.projectName === projectName);
    const advice = isOfSet ? alternatives(label, abstractLabels(draft)) : missingResource(label, draft.entries);
    return failResource(
      'ABSTRACT_SUPERCLASS_UNKNOWN',
      entry.label,
      `its superclass ${label} is not in the schema set${advice}`,
      undefined,
      { superclass: label },
    );
  }
  if (!superclass.isAbstract) {
    return failResource(
      'ABSTRACT_SUPERCLASS_NOT_ABSTRACT',
      entry.label,
      `its superclass ${label} is not abstract`,
      undefined,
      {
        superclass: label,
      },
    );
  }
  return superclass;
}

const abstractLabels = (draft: ModelDraft) => draft.entries.abstract.map((entry) => entry.label);
