import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Starts slow test files before others. Otherwise the other workers would wait for a slow file at the end, because
 * without earlier runs Vitest only knows the sizes of files. `long` are ends of the paths of such files, the longest
 * first; `projects` are names of projects in the order in which they start.
 */
export function longFilesFirst(long: readonly string[], projects: readonly string[] = []): typeof BaseSequencer {
  const rankOf = ({ moduleId }: TestSpecification) => {
    const index = long.findIndex((name) => moduleId.endsWith(name));
    return index < 0 ? long.length : index;
  };
  const placeOf = ({ project }: TestSpecification) => projects.indexOf(project.name);
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]) {
      const sorted = await super.sort(files);
      return sorted.sort((a, b) => placeOf(a) - placeOf(b) || rankOf(a) - rankOf(b));
    }
  };
}
