export const isPrefix = (prefix: readonly string[], list: readonly string[]) =>
  prefix.every((item, index) => list[index] === item);
export const sameList = (a: readonly string[], b: readonly string[]) => a.length === b.length && isPrefix(a, b);
