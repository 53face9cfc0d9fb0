/** Disjoint sets of texts; when two sets are joined, either may be the name of the result. */
export class Unions {
  private readonly above = new Map<string, string>();

  find(place: string): string {
    let found = place;
    for (let next = this.above.get(found); next !== undefined; next = this.above.get(found)) found = next;
    return found;
  }

  join(left: string, right: string): void {
    const [one, other] = [this.find(left), this.find(right)];
    if (one !== other) this.above.set(one, other);
  }

  /** The texts of all sets. */
  get places(): readonly string[] {
    return [...new Set([...this.above].flat())];
  }
}
