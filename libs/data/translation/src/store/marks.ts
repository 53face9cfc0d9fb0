/** Marks of items that are numbered from 0, one bit for each. */
export class Marks {
  private bytes = new Uint8Array(64);

  add(index: number): void {
    const at = index >>> 3;
    if (at >= this.bytes.length) {
      const larger = new Uint8Array(Math.max(at + 1, 2 * this.bytes.length));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[at] = (this.bytes[at] ?? 0) | (1 << (index & 7));
  }

  has(index: number): boolean {
    return ((this.bytes[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }
}
