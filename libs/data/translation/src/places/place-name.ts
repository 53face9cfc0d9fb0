/** A name in the notation of places (design 12 §11): of a project, a resource, or a path in its documents. */
export interface PlaceName {
  readonly project: string;
  /** `Project:Resource`; null for a project. */
  readonly resource: string | null;
  /** `$.path`; null for a project and a resource. */
  readonly path: string | null;
}

/** The notation of places, for messages. */
export const placeNotation = 'Project, Project:Resource, or Project:Resource.$.path';

const namePattern = /^([^:=]+)(?::([^:=]+?)(?:\.(\$\.[^=]+))?)?$/;

/**
 * The place that a text names; undefined if the text does not have the form of a name: it lacks the project, has a blank
 * at the end of a part, or its path is malformed.
 */
export function placeName(text: string): PlaceName | undefined {
  const [, project, name, path] = namePattern.exec(text) ?? [];
  if (project === undefined || [project, name ?? ''].some(hasOuterBlank)) return undefined;
  if (/(?:^|\.)\$/.test(project) || (path !== undefined && !isPath(path))) return undefined;
  return { project, resource: name === undefined ? null : `${project}:${name}`, path: path ?? null };
}

const hasOuterBlank = (text: string) => text !== text.trim();

/** The kind of object that a name names. */
export const placeKind = ({ resource, path }: PlaceName): 'project' | 'resource' | 'path' =>
  path !== null ? 'path' : resource !== null ? 'resource' : 'project';

/** The name of a path in the documents of a resource. */
export const pathName = (resource: string, path: string) => `${resource}.${path}`;

/** A place in the notation of files; the reverse of {@link placeName}. */
export const placeText = ({ project, resource, path }: PlaceName): string =>
  resource === null ? project : path === null ? resource : pathName(resource, path);

/** The object or item around a path; undefined for the document itself. */
export function outerPath(path: string): string | undefined {
  const end = path.lastIndexOf('.');
  return end < 0 ? undefined : path.slice(0, end);
}

/** The objects and items around a path, innermost first. */
export function objectsAround(path: string): readonly string[] {
  const found: string[] = [];
  for (let at = outerPath(path); at !== undefined; at = outerPath(at)) found.push(at);
  return found;
}

/** The number of collections on a path, including its own end. */
export const depthOf = (path: string) => path.split('[*]').length - 1;

/**
 * A path in an extension that copies the path of a collection of its resource, to extend the items of that collection
 * (design 03 §10.4).
 */
interface MirroredPath {
  /** `$._ext.` and the key of the extension. */
  readonly extension: string;
  /** The path of the collection in the resource itself. */
  readonly own: string;
  /** The path that the extension adds: `._ext.` and so on. */
  readonly added: string;
}

export function mirroredPath(path: string): MirroredPath | undefined {
  const [, extension = '', own = '', added = ''] = /^(\$\._ext\.[^.[]+)(\..*?)(\._ext\..*)$/.exec(path) ?? [];
  return own.includes('[*]') ? { extension, own: `$${own}`, added } : undefined;
}

const memberForm = String.raw`[^\s.[\]:=]+(?:\[\*\])?`;
const pathForm = new RegExp(String.raw`^\$(?:\.${memberForm})+$`);

/** Whether a text is a path in a document, with `[*]` for the items of collections. */
export const isPath = (text: string) => pathForm.test(text);
