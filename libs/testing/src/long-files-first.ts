import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Starts test files that take long before others: whoever came to one of them at the end would let the other workers wait, and where
 * Vitest has not run files before it goes by their size.
 *
 * @param long ends of the paths of such files, the longest first
 * @param projects names in the order in which projects start
 */
export function longFilesFirst(long: readonly string[], projects: readonly string[] = []): typeof BaseSequencer {
  const rankOf = ({ moduleId }: TestSpecification) => {
    const index = long.findIndex((name) => moduleId.endsWith(name));
    return index < 0 ? long.length : index;
  };
  const placeOf = ({ project }: TestSpecification) => projects.indexOf(project.name);
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      const sorted = await super.sort(files);
      return sorted.sort((a, b) => placeOf(a) - placeOf(b) || rankOf(a) - rankOf(b));
    }
  };
}
