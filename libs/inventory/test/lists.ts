export const isPrefix = (prefix: readonly string[], list: readonly string[]) =>
  prefix.every((item, index) => list[index] === item);
export const sameList = (a: readonly string[], b: readonly string[]) => a.length === b.length && isPrefix(a, b);

export function repeated(items: readonly string[]): string[] {
  const seen = new Set<string>();
  const found = new Set<string>();
  for (const item of items) (seen.has(item) ? found : seen).add(item);
  return [...found];
}
