import { qualified, type ResourceModel } from '@dms/model';
import type { Comparison } from '../comparing/comparison.ts';
import { isWithin } from '../renaming/renaming.ts';

/* What an upgrade itself does to the values of documents (design 12 §3.8). */

/** A resource of both sets. */
export interface ResourcePair {
  readonly before: ResourceModel;
  readonly after: ResourceModel;
  /** `Project:Resource` in each set. */
  readonly earlier: string;
  readonly owner: string;
  /** Paths of the later set by paths of the earlier set. */
  readonly renamed: (path: string) => string;
}

/** Paths of documents, as the later set names them. */
export interface ContentChanges {
  /** Those that have a table or a column in the earlier set. */
  readonly had: ReadonlySet<string>;
  /** Those that have one in the later set. */
  readonly has: ReadonlySet<string>;
  /** New paths to which the upgrade gives values, such as copies of the identity of a target. */
  readonly filled: ReadonlySet<string>;
  /** Paths whose values become values of another type. */
  readonly converted: ReadonlySet<string>;
  /** Paths whose values are lost: the later set has no place for them, or no type that they fit. */
  readonly lost: ReadonlySet<string>;
  /** Everything that is filled, converted or lost. */
  readonly all: ReadonlySet<string>;
}

/** The paths that have a table or a column. */
const placesOf = ({ tablesInDependencyOrder }: ResourceModel, renamed: (path: string) => string): ReadonlySet<string> =>
  new Set(
    tablesInDependencyOrder.flatMap(({ columns, jsonScope }) => [
      renamed(jsonScope.canonical),
      ...columns.flatMap(({ sourcePath }) => (sourcePath === null ? [] : [renamed(sourcePath.canonical)])),
    ]),
  );

/** Finds what the upgrade does to the values of a resource. */
export function contentChanges(
  { values }: Pick<Comparison, 'values'>,
  { before, after, renamed }: ResourcePair,
): ContentChanges {
  const had = placesOf(before, renamed);
  const has = placesOf(after, (path) => path);
  const filled = new Set<string>();
  const converted = new Set<string>();
  const lost = new Set([...had].filter((path) => !has.has(path)));
  for (const { table, columns } of after.tablesInDependencyOrder)
    for (const { name, sourcePath } of columns) {
      if (sourcePath === null) continue;
      const { canonical: path } = sourcePath;
      const retyped = values.retyped(qualified(table), name);
      if (retyped !== null) (retyped.conversion === null ? lost : converted).add(path);
      else if (!had.has(path) && values.of(qualified(table), name).kind !== 'null') filled.add(path);
    }
  return { had, has, filled, converted, lost, all: new Set([...filled, ...converted, ...lost]) };
}

/**
 * Whether a value may be gone that documents had: its own values are lost, or it is an object, values inside it are
 * lost, and none that is left is always there. An array stays while it has items, and it may have been empty.
 */
export function losesAllOf({ lost, had }: ContentChanges, path: string, after: ResourceModel): boolean {
  if (lost.has(path)) return true;
  const inside = (each: string) => (isWithin(each, path) ? each.slice(path.length) : null);
  const isLost = [...lost].some((each) => {
    const rest = each === path ? null : inside(each);
    return rest !== null && !rest.replace(/\[\*\]$/, '').includes('[*]');
  });
  if (!isLost) return false;
  return !after.tablesInDependencyOrder.some(({ columns }) =>
    columns.some(({ sourcePath, isNullable }) => {
      if (sourcePath === null || isNullable || !had.has(sourcePath.canonical)) return false;
      return inside(sourcePath.canonical)?.includes('[*]') === false;
    }),
  );
}
