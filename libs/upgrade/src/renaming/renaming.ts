import { labelledResource } from '@dms/api-schema';
import type { Rename } from './rename.ts';

/** What the objects of the earlier set are called in the later one; what no rename names keeps its name (design 12 §11). */
export interface Renaming {
  /** The renames that were asked for. */
  readonly renames: readonly Rename[];
  project(name: string): string;
  /** `Project:Resource`. */
  resource(label: string): string;
  /** A path of the documents of a resource, which is named as in the earlier set. */
  path(resource: string, path: string): string;
}

export const noRenaming: Renaming = {
  renames: [],
  project: (name) => name,
  resource: (label) => label,
  path: (_resource, path) => path,
};

/** Names of the later set by those of the earlier one. */
export type Names = ReadonlyMap<string, string>;

/** What a renaming is made of. */
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

/** Whether a path is that of an object, or of something in it. */
export const isWithin = (path: string, object: string) =>
  path === object || (path.startsWith(object) && /^[.[]/.test(path.slice(object.length)));

function renamedPath({ paths, extensionKeys, implied }: RenamedNames, resource: string, path: string): string {
  const known = implied.get(resource)?.get(path);
  if (known !== undefined) return known;
  // the innermost object says it
  const [before = '', after = ''] = [...(paths.get(resource) ?? [])]
    .filter(([object]) => isWithin(path, object))
    .reduce((best, entry) => (entry[0].length > best[0].length ? entry : best), ['', '']);
  const keys = extensionKeys.get(resource);
  const rest = path.slice(before.length);
  if (keys === undefined) return `${after}${rest}`;
  return `${after}${rest.replace(/\._ext\.([^.[]+)/g, (whole, key: string) => (keys.has(key) ? `._ext.${keys.get(key)}` : whole))}`;
}

/** The renaming that some names make. */
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
