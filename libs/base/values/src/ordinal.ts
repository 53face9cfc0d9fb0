/** Compares by UTF-16 code unit, the order of everything in an artifact (design 01, conventions). */
export function compareOrdinal(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares by the first key that differs. */
export function compareBy<Item>(...keys: readonly ((item: Item) => string)[]): (a: Item, b: Item) => number {
  return (a, b) => {
    for (const key of keys) {
      const order = compareOrdinal(key(a), key(b));
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** Orders named items ordinally. */
export const byName = compareBy<{ readonly name: string }>(({ name }) => name);

/** Orders items of schemas ordinally: by schema, then by name. */
export const bySchemaAndName = compareBy<{ readonly schema: string; readonly name: string }>(
  ({ schema }) => schema,
  ({ name }) => name,
);
