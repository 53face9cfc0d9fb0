import type { Diagnostic } from '@dms/diagnostics';

/* Problems of documents, compared by rule and path (design 12 §3.8). */

/** A place in a document without its positions. */
export const pathOf = (place: string): string => place.replace(/\[[0-9]+\]/g, '[*]');

/** The keywords of JSON schemas that state one rule in two ways. */
const sameRule: Readonly<Record<string, string>> = {
  exclusiveMaximum: 'maximum',
  exclusiveMinimum: 'minimum',
  const: 'enum',
};

/** A place under its later name, at the same positions. */
function renamedPlace(place: string, renamed: (path: string) => string): string {
  const positions = place.match(/\[[0-9]+\]/g) ?? [];
  if (!place.startsWith('$')) return place;
  let next = 0;
  return renamed(pathOf(place)).replace(/\[\*\]/g, (whole) => positions[next++] ?? whole);
}

/** The rule that a problem is about, whatever it asks for, without its place. */
export function ruleOfProblem({ code, details }: Diagnostic, renamed = (path: string) => path): string {
  const { keyword, otherPath, paths } = details;
  const rule = typeof keyword === 'string' ? (sameRule[keyword] ?? keyword) : '';
  const others = [
    ...(typeof otherPath === 'string' ? [pathOf(otherPath)] : []),
    ...(Array.isArray(paths) ? paths.map(String) : []),
  ];
  return [code, rule, ...others.map(renamed).sort()].join('\n');
}

function keyOf(problem: Diagnostic, renamed: (path: string) => string): string {
  const { path = '' } = problem.where;
  return `${ruleOfProblem(problem, renamed)}\n${renamedPlace(path, renamed)}`;
}

/**
 * The problems of a document in the later set that it did not have in the earlier one, under the earlier names of its
 * paths.
 */
export function newProblems(
  later: readonly Diagnostic[],
  earlier: readonly Diagnostic[],
  renamed: (path: string) => string,
): readonly Diagnostic[] {
  const known = new Set(earlier.map((problem) => keyOf(problem, renamed)));
  return later.filter((problem) => !known.has(keyOf(problem, (path) => path)));
}
