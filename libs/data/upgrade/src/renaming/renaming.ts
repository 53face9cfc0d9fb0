import { labelledResource } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@dms/files';
import { isWithin, type PlaceName, placeName, placeNotation } from '@dms/translation';

/**
 * What the objects of the earlier set are called in the later set. Objects without a rename keep their names (design 12
 * §11).
 */
export interface Renaming {
  /** The renames that were asked for. */
  readonly renames: readonly Rename[];
  project(name: string): string;
  /** `Project:Resource`. */
  resource(label: string): string;
  /** A path in the documents of a resource; `resource` is its name in the earlier set. */
  path(resource: string, path: string): string;
}

export const noRenaming: Renaming = {
  renames: [],
  project: (name) => name,
  resource: (label) => label,
  path: (_resource, path) => path,
};

/** Names of the later set by names of the earlier set. */
export type Names = ReadonlyMap<string, string>;

/** The parts of a renaming. */
export interface RenamedNames {
  readonly projects: Names;
  /** By `Project:Resource`. */
  readonly resources: Names;
  /** Paths and beginnings of paths, by resource of the earlier set. */
  readonly paths: ReadonlyMap<string, Names>;
  /** Members of `_ext`, by resource of the earlier set. */
  readonly extensionKeys: ReadonlyMap<string, Names>;
  /** Whole paths whose name follows from other renames, by resource of the earlier set. */
  readonly implied: ReadonlyMap<string, Names>;
}

/**
 * A path in an extension that repeats the path of a collection of its resource, to extend the items of that collection
 * (design 03 §10.4).
 */
interface MirroredPath {
  /** `$._ext.` and the key of the extension. */
  readonly extension: string;
  /** The path that is repeated, as the resource itself has it. */
  readonly own: string;
  /** What the extension adds: `._ext.` and so on. */
  readonly added: string;
}

function mirroredPath(path: string): MirroredPath | undefined {
  const [, extension = '', own = '', added = ''] = /^(\$\._ext\.[^.[]+)(\..*?)(\._ext\..*)$/.exec(path) ?? [];
  return own.includes('[*]') ? { extension, own: `$${own}`, added } : undefined;
}

function renamedPath(names: RenamedNames, resource: string, path: string): string {
  const { paths, extensionKeys, implied } = names;
  const known = implied.get(resource)?.get(path);
  if (known !== undefined) return known;
  const keys = extensionKeys.get(resource);
  const withKeys = (text: string) =>
    keys === undefined
      ? text
      : text.replace(/\._ext\.([^.[]+)/g, (whole, key: string) => (keys.has(key) ? `._ext.${keys.get(key)}` : whole));
  const mirrored = mirroredPath(path);
  const repeated = mirrored === undefined ? '' : path.slice(0, -mirrored.added.length);
  // the innermost renamed object decides
  const [before = '', after = ''] = [...(paths.get(resource) ?? [])]
    .filter(([object]) => isWithin(path, object) && object.length > repeated.length)
    .reduce((best, entry) => (entry[0].length > best[0].length ? entry : best), ['', '']);
  if (before !== '' || mirrored === undefined) return `${after}${withKeys(path.slice(before.length))}`;
  const { extension, own, added } = mirrored;
  return `${withKeys(extension)}${renamedPath(names, resource, own).slice(1)}${withKeys(added)}`;
}

/** Makes a renaming from names. */
export function makeRenaming(names: RenamedNames, renames: readonly Rename[]): Renaming {
  const project = (name: string) => names.projects.get(name) ?? name;
  return {
    renames,
    project,
    resource(label) {
      const { projectName, resourceName } = labelledResource(label);
      return names.resources.get(label) ?? `${project(projectName)}:${resourceName}`;
    },
    path: (resource, path) => renamedPath(names, resource, path),
  };
}

/** The name of an object in the earlier set and its name in the later set, as a user writes them (design 12 §11). */
export interface Rename {
  readonly before: string;
  readonly after: string;
}

/** Reads the name of an object. Throws `UPGRADE_RENAME_INVALID`. */
export function parseObjectName(text: string): PlaceName {
  const name = placeName(text);
  if (name !== undefined) return name;
  const message = `${JSON.stringify(text)} does not name an object of a schema set; write ${placeNotation}.`;
  return fail('UPGRADE_RENAME_INVALID', message, {}, { text });
}

/** Reads a rename, `<before>=<after>`. Throws `UPGRADE_RENAME_INVALID`. */
export function parseRename(text: string): Rename {
  const [before = '', after, ...rest] = text.split('=');
  if (after === undefined || rest.length > 0) {
    const message = `${JSON.stringify(text)} is not a rename; write <before>=<after>, each as ${placeNotation}.`;
    fail('UPGRADE_RENAME_INVALID', message, {}, { text });
  }
  parseObjectName(before);
  parseObjectName(after);
  return { before, after };
}

export const renameText = ({ before, after }: Rename) => `${before}=${after}`;

/** The option that asks for a rename, quoted so that any shell accepts it. */
export const renameOption = (rename: Rename) => `--rename '${renameText(rename)}'`;

/** A value of a document without parts, with its path and the positions of the array elements along the path. */
interface Leaf {
  readonly path: string;
  readonly positions: readonly number[];
  readonly value: JsonValue;
}

const isEmpty = (value: JsonValue) =>
  isJsonObject(value) ? value.size === 0 : isJsonArray(value) && value.length === 0;

function leaves(value: JsonValue, path: string, positions: readonly number[]): Leaf[] {
  if (!isEmpty(value) && isJsonObject(value))
    return [...value].flatMap(([name, member]) => leaves(member, `${path}.${name}`, positions));
  if (!isEmpty(value) && isJsonArray(value))
    return value.flatMap((element, index) => leaves(element, `${path}[*]`, [...positions, index]));
  return [{ path, positions, value }];
}

/** An object or an array under construction; the tag distinguishes it from JSON objects, which are maps too. */
class Branch extends Map<string, Branch | JsonValue> {}

function grown(branch: Branch): JsonValue {
  const entries = [...branch].map(([name, part]): [string, JsonValue] => [
    name,
    part instanceof Branch ? grown(part) : part,
  ]);
  const isArray = entries.length > 0 && entries.every(([name]) => name.startsWith('['));
  return isArray ? entries.map(([, element]) => element) : new Map(entries);
}

/**
 * Converts a document of the earlier set to the later set: each value moves to the path that it has there (design 12
 * §11).
 */
export function renamedDocument(renaming: Renaming, resource: string, document: JsonObject): JsonObject {
  const root = new Branch();
  for (const { path, positions, value } of leaves(document, '$', [])) {
    const rest = [...positions];
    const later = renaming.path(resource, path);
    const steps = later
      .split(/(?=\[\*\])|\./)
      .slice(1)
      .map((step) => (step === '[*]' ? `[${rest.shift()}]` : step));
    let branch = root;
    for (const step of steps.slice(0, -1)) {
      const next = branch.get(step);
      if (next instanceof Branch) branch = next;
      else {
        const made = new Branch();
        branch.set(step, made);
        branch = made;
      }
    }
    const last = steps.at(-1);
    // a document without members is a single leaf
    if (last !== undefined) branch.set(last, value);
  }
  return grown(root) as JsonObject;
}
