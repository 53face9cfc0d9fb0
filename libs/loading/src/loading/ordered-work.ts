/** Lets pieces of work, numbered from 0, continue in the order of their numbers. */
export class OrderedWork {
  private current = 0;
  private readonly passed = new Set<number>();
  private waiting: { readonly number: number; readonly resume: () => void }[] = [];

  /** Resolves once all lower numbers have passed. */
  waitFor(number: number): Promise<void> {
    if (number <= this.current) return Promise.resolve();
    return new Promise((resume) => void this.waiting.push({ number, resume }));
  }

  /** Calls after the first have no effect. */
  release(number: number): void {
    if (number < this.current) return;
    this.passed.add(number);
    while (this.passed.delete(this.current)) this.current += 1;
    const ready = this.waiting.filter((each) => each.number <= this.current);
    this.waiting = this.waiting.filter((each) => each.number > this.current);
    for (const { resume } of ready) resume();
  }
}
