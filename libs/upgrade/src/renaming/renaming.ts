import { labelledResource } from '@dms/api-schema';
import type { Rename } from './rename.ts';

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

/** Whether a path leads to an object or to something in it. */
export const isWithin = (path: string, object: string) =>
  path === object || (path.startsWith(object) && /^[.[]/.test(path.slice(object.length)));

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
export function renamingOf(names: RenamedNames, renames: readonly Rename[]): Renaming {
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
