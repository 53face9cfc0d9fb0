import { projectSlug, usualProjectName } from '@dms/operations';
import { compareOrdinal, groupBy, sha256Hex } from '@dms/values';

/** A folder that becomes a project. */
interface NamedFolder {
  /** Relative to the workspace; `.` is the workspace itself. */
  readonly root: string;
  /** The project name that a file in the folder gives. */
  readonly explicit: string | undefined;
}

export interface ProjectName {
  readonly name: string;
  /** The folders that would get the same name; the project must then be given a unique name. */
  readonly namesakes: readonly string[];
}

/**
 * Names projects (design 10 §4.2): by a file in the folder, otherwise by the base name of the folder. Such a name does
 * not depend on other folders. Two projects with the same name would stop every command of Nx. So all of them except
 * one are named after their whole path until the conflict is resolved, and their tasks fail. The exception is the
 * project with an explicit name, otherwise the topmost one, and of several the first. If exactly one of them has the
 * name explicitly, it has no error.
 *
 * @param folders the folders, each once
 * @param workspaceName the base name of the workspace, for a project in the workspace itself
 */
export function projectNames(folders: readonly NamedFolder[], workspaceName: string): ReadonlyMap<string, ProjectName> {
  const pathOf = (root: string) => (root === '.' ? workspaceName : root);
  const wanted = folders.map(({ root, explicit }) => {
    const name = explicit ?? usualProjectName(pathOf(root));
    return { root, name, isExplicit: explicit !== undefined };
  });
  const depth = (root: string) => (root === '.' ? 0 : root.split('/').length);
  wanted.sort((a, b) => depth(a.root) - depth(b.root) || compareOrdinal(a.root, b.root));
  const byName = groupBy(wanted, ({ name }) => name);
  const taken = new Set(byName.keys());
  const names = new Map<string, ProjectName>();
  for (const [name, claimants] of byName) {
    const [keeper, ...others] = [
      ...claimants.filter((each) => each.isExplicit),
      ...claimants.filter((each) => !each.isExplicit),
    ];
    if (!keeper) continue;
    const namesakes = (of: string) => claimants.map(({ root }) => root).filter((root) => root !== of);
    const isRight = claimants.filter(({ isExplicit }) => isExplicit).length === 1;
    names.set(keeper.root, { name, namesakes: isRight ? [] : namesakes(keeper.root) });
    for (const { root } of others) {
      const long = projectSlug(pathOf(root));
      const free = long !== '' && !taken.has(long) ? long : `${long || 'project'}-${sha256Hex(root).slice(0, 8)}`;
      taken.add(free);
      names.set(root, { name: free, namesakes: namesakes(root) });
    }
  }
  return names;
}
