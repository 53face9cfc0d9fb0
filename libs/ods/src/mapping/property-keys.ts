import { groupBy } from '@dms/files';
import { pascalCase, pascalCaseAll, singularize } from '@dms/model';
import { isReference, type Leaf, leafName, type PathStep, withoutDescriptor } from './leaves.ts';
import { singulars, withoutEnding } from './names.ts';

const arraysOf = (leaf: Leaf): readonly PathStep[] => leaf.steps.filter(({ kind }) => kind === 'array');

/** The name of one item of an array. */
export const itemName = (array: Pick<PathStep, 'name'>) => pascalCase(singularize(array.name));

/** Whether the key is the JSON steps run together: `PeriodsBeginDate` for `$.periods[*].beginDate`. */
function areSteps(leaf: Leaf, [key = '']: readonly string[]): boolean {
  const names = leaf.steps.filter(({ kind }) => kind !== 'extension').map(({ name }) => name);
  return !isReference(leaf) && names.length > 1 && pascalCaseAll(names) === key;
}

/**
 * Whether the key is an item of the array and the target run together: `ContactPerson` for
 * `$.contacts[*].personReference`.
 */
function isItemWithTarget(leaf: Leaf, [key = '']: readonly string[], array: PathStep, hasOthers: boolean): boolean {
  if (leaf.kind !== 'reference' || !hasOthers) return false;
  return singulars(array.name).some((name) => pascalCase(name) + leaf.target.resourceName === key);
}

/** The segment of a leaf that is all there is in its array. */
function onlySegment(leaf: Leaf, array: PathStep): string {
  if (leaf.kind !== 'descriptor') return leafName(leaf);
  const { resourceName } = leaf.target;
  const role = singulars(array.name)
    .map((name) => withoutEnding(pascalCase(name), withoutDescriptor(resourceName)))
    .find((before) => before !== undefined);
  return (role ?? '') + resourceName;
}

/** The last segment of a leaf that is named for its value. */
export function ownSegment(leaf: Leaf): string {
  if (leaf.kind === 'descriptor' || leaf.kind === 'reference') return leaf.target.resourceName;
  return leaf.kind === 'schoolYear' ? 'SchoolYear' : leafName(leaf);
}

/**
 * The leaves with property paths as keys (design 19 §2.1). Some files have keys that run JSON steps together; such a
 * key is replaced by the path that other leaves of the array show, or that follows from the names of the arrays.
 */
export function withPropertyKeys(leaves: readonly Leaf[]): readonly Leaf[] {
  const below = groupBy(
    leaves.flatMap((leaf) => arraysOf(leaf).map((array) => ({ array, leaf }))),
    ({ array }) => array.path,
  );
  const isOnly = (array: PathStep) => below.get(array.path)?.length === 1;
  const isRunTogether = (leaf: Leaf) => {
    const array = arraysOf(leaf).at(-1);
    if (array === undefined || leaf.key.length > 1) return false;
    return areSteps(leaf, leaf.key) || isItemWithTarget(leaf, leaf.key, array, !isOnly(array));
  };
  const proper = new Set(leaves.filter((leaf) => !isRunTogether(leaf)));
  // the segment for the array in the property path of another leaf
  const shownSegment = (array: PathStep, depth: number) =>
    below.get(array.path)?.find(({ leaf }) => proper.has(leaf) && leaf.key.length > depth + 1)?.leaf.key[depth];
  return leaves.map((leaf) => {
    if (proper.has(leaf)) return leaf;
    const key: string[] = [];
    const arrays = arraysOf(leaf);
    for (const [depth, array] of arrays.entries()) {
      const shown = shownSegment(array, depth);
      if (shown === undefined && depth === arrays.length - 1 && isOnly(array))
        return { ...leaf, key: [...key, onlySegment(leaf, array)] };
      key.push(shown ?? itemName(array));
    }
    return { ...leaf, key: [...key, ownSegment(leaf)] };
  });
}
