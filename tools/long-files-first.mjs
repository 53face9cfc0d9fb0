import { BaseSequencer } from 'vitest/node';

/**
 * Starts slow test files before others. A slow file at the end would keep the other workers waiting, and without earlier runs
 * Vitest only knows the size of files.
 *
 * @param {readonly string[]} long ends of the paths of such files, the longest first
 * @param {readonly string[]} projects names in the order in which projects start
 * @returns {typeof BaseSequencer}
 */
export function longFilesFirst(long, projects = []) {
  const rankOf = ({ moduleId }) => {
    const index = long.findIndex((name) => moduleId.endsWith(name));
    return index < 0 ? long.length : index;
  };
  const placeOf = ({ project }) => projects.indexOf(project.name);
  return class extends BaseSequencer {
    async sort(files) {
      const sorted = await super.sort(files);
      return sorted.sort((a, b) => placeOf(a) - placeOf(b) || rankOf(a) - rankOf(b));
    }
  };
}
