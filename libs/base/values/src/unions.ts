import { groupBy } from './group-by.ts';

/** Disjoint sets of items; when two sets are joined, an item of either names the result. */
export class Unions<Item> {
  private readonly above = new Map<Item, Item>();

  /** The item that names the set of an item; the item itself if nothing was joined to it. */
  find(item: Item): Item {
    let found = item;
    for (let next = this.above.get(found); next !== undefined; next = this.above.get(found)) found = next;
    // later ways to the name are short
    for (let at = item; at !== found; ) {
      const next = this.above.get(at) ?? found;
      this.above.set(at, found);
      at = next;
    }
    return found;
  }

  join(left: Item, right: Item): void {
    const [one, other] = [this.find(left), this.find(right)];
    if (one !== other) this.above.set(one, other);
  }

  /** The sets of two or more items. */
  get groups(): readonly (readonly Item[])[] {
    const items = new Set([...this.above.keys(), ...this.above.values()]);
    return [...groupBy(items, (item) => this.find(item)).values()];
  }
}
