import type { Diagnostic } from '@dms/diagnostics';
import type { Node } from 'jsonc-parser';
import { deepest, firstText, memberOf, memberSegments, membersOf, pointerSegments, type Segments } from './json-place.ts';

/** The member of a resource that contains a mistake, by the prefix of its code; for all other codes it is the JSON schema. */
const membersByCode: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(IDENTITY|TRG)_/, ['identityJsonPaths']],
  [/^ABSTRACT_/, ['superclassIdentityJsonPath', 'identityJsonPaths']],
  [/^DECIMAL_/, ['decimalPropertyValidationInfos']],
  [/^ARRAY_UNIQUENESS_/, ['arrayUniquenessConstraints']],
  [/^KU_/, ['equalityConstraints']],
  [/^OVERRIDE_/, ['relational']],
  [/^(REFERENCE|DESCRIPTOR|PROPAGATION|EXTENSION_BASE|AUTH)_/, ['documentPathsMapping']],
];

/** The resource that a diagnostic names, `Project:Resource`, in its ApiSchema file. */
function resourceIn(root: Node, label: string): Node | undefined {
  const project = memberOf(root, 'projectSchema');
  const start = `${memberOf(project, 'projectName')?.value}:`;
  const name = label.startsWith(start) ? label.slice(start.length) : label.slice(label.indexOf(':') + 1);
  const resources = membersOf(memberOf(project, 'resourceSchemas'));
  const named = resources.find(([, value]) => memberOf(value, 'resourceName')?.value === name);
  const keyed = named ?? resources.find(([key]) => key === name);
  return keyed?.[1] ?? memberOf(memberOf(project, 'abstractResources'), name);
}

/** Converts `$.a[*].b`, a path into documents, to a path into their JSON schema. */
function schemaSegments(path: string): Segments {
  const names = [...path.matchAll(/\[\*\]|\["?([^\]"]+)"?\]|\.([^.[\]]+)/g)];
  return names.flatMap(([, quoted, name]) => {
    const property = quoted ?? name;
    return property === undefined ? ['items'] : ['properties', property];
  });
}

/** Where a resource mentions a path into its documents: in the member of the code, or in its JSON schema. */
function documentPathIn(resource: Node, path: string, code: string): Node {
  const members = membersByCode.find(([codes]) => codes.test(code))?.[1] ?? [];
  const isBelow = (text: string) => text.startsWith(`${path}.`) || text.startsWith(`${path}[`);
  for (const isMatch of [(text: string) => text === path, isBelow]) {
    for (const member of members.flatMap((name) => memberOf(resource, name) ?? [])) {
      const found = firstText(member, isMatch);
      if (found !== undefined) return found;
    }
  }
  const schema = memberOf(resource, 'jsonSchemaForInsert');
  return schema === undefined ? resource : deepest(schema, schemaSegments(path));
}

function inResource(resource: Node, { code, where: { path }, details }: Diagnostic): Node {
  const { mappingKey } = details;
  const mapping = memberOf(resource, 'documentPathsMapping');
  const mapped = memberOf(mapping, typeof mappingKey === 'string' ? mappingKey : (path ?? ''));
  if (mapped !== undefined) return firstText(mapped, (text) => text === path) ?? mapped;
  if (path === undefined) return resource;
  return path.startsWith('$') ? documentPathIn(resource, path, code) : deepest(resource, memberSegments(path));
}

/**
 * The value in an input file that a diagnostic is about: by a JSON pointer (`dms.json`), by the resource and a path into its
 * documents or members, or by the members of the file. For a missing value, the object that should contain it.
 */
export function placeOf(root: Node, entry: Diagnostic): Node {
  const { resource: label, path } = entry.where;
  if (path?.startsWith('/')) return deepest(root, pointerSegments(path));
  const isFromRoot = path?.startsWith('projectSchema') ?? false;
  const resource = label === undefined || isFromRoot ? undefined : resourceIn(root, label);
  if (resource !== undefined) return inResource(resource, entry);
  return path === undefined || path.startsWith('$') ? root : deepest(root, memberSegments(path));
}
