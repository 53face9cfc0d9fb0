/**
 * Adds the items of a list to another one. `list.push(...items)` passes them as arguments, and a list of more than
 * about 100,000 is then a `RangeError`.
 */
export function append<Item>(list: Item[], items: Iterable<Item>): void {
  for (const item of items) list.push(item);
}
