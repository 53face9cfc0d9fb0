import { pascalCase, singularize } from '@dms/model';
import { compareOrdinal } from '@dms/values';

/** The collection base name of an array property without override: `possibleResponses` → `PossibleRespons`. */
export function defaultCollectionName(arrayProperty: string): string {
  return pascalCase(singularize(arrayProperty));
}

/**
 * `prefix` itself and every suffix of it that starts at a word: `StudentCTEProgram` → itself, `CTEProgram`, `Program`.
 */
export function pascalSuffixes(prefix: string): string[] {
  const isUpper = (character: string) => /\p{Lu}/u.test(character);
  const isLower = (character: string) => /\p{Ll}/u.test(character);
  if (prefix === '') return [];
  const suffixes = [prefix];
  for (let index = 1; index < prefix.length; index += 1) {
    if (isUpper(prefix.charAt(index)) && (isLower(prefix.charAt(index - 1)) || isLower(prefix.charAt(index + 1)))) {
      suffixes.push(prefix.slice(index));
    }
  }
  return suffixes;
}

/** The names that shorten a collection override (design 03 §4.3). */
export interface CollectionContext {
  readonly rootBaseName: string;
  /** Effective base names of the enclosing collections, outermost first. */
  readonly parentBaseNames: readonly string[];
  /** Further root names that the override may repeat: the base root of an extension table. */
  readonly additionalRoots: readonly string[];
  /** `pascalCase(superclassResourceName)`, or null; used only if the override is not the default name. */
  readonly superclassBaseName: string | null;
}

/**
 * The name that a collection adds to its table name. Its override may repeat a prefix that the table name already has;
 * the longest such prefix is removed (design 03 §4.3). `equalsPrefix` tells that the override equals the prefix, so
 * that nothing would remain.
 */
export function reduceCollectionOverride(
  arrayProperty: string,
  override: string,
  context: CollectionContext,
): { baseName: string } | { equalsPrefix: string } {
  const name = pascalCase(override);
  const parents = context.parentBaseNames.join('');
  const superclass = name === defaultCollectionName(arrayProperty) ? null : context.superclassBaseName;
  const additional = [...context.additionalRoots, ...(superclass === null ? [] : [superclass])];
  const prefixes = [
    context.rootBaseName + parents,
    context.rootBaseName,
    parents,
    ...additional.flatMap((root) => [root + parents, root]),
  ].filter((prefix) => prefix !== '');
  const suffixes = [...new Set(prefixes.flatMap(pascalSuffixes))].sort(
    (a, b) => b.length - a.length || compareOrdinal(a, b),
  );
  const repeated = suffixes.find((suffix) => name.startsWith(suffix));
  if (repeated === undefined) return { baseName: name };
  return name === repeated ? { equalsPrefix: repeated } : { baseName: name.slice(repeated.length) };
}
