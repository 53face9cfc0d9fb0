/** One renaming of a sequence; between two of them every name is taken once. */
export interface RenameStep {
  readonly from: string;
  readonly to: string;
}

/**
 * An order of renamings in which none meets a name that is there: through a temporary name where they go in a circle. `taken` are
 * names that stay; `compared` says which names are one to the engine.
 */
export function renameOrder(
  renames: readonly RenameStep[],
  taken: Iterable<string>,
  compared: (name: string) => string,
): readonly RenameStep[] {
  const present = new Set([...taken, ...renames.map(({ from }) => from)].map(compared));
  const reserved = new Set([...present, ...renames.map(({ to }) => compared(to))]);
  const steps: RenameStep[] = [];
  const move = (from: string, to: string) => {
    present.delete(compared(from));
    present.add(compared(to));
    steps.push({ from, to });
  };
  let waiting = [...renames];
  let temporary = 0;
  while (waiting.length > 0) {
    const free = waiting.filter(({ from, to }) => compared(from) === compared(to) || !present.has(compared(to)));
    if (free.length > 0) {
      const [{ from, to }] = free as [RenameStep];
      move(from, to);
      waiting = waiting.filter((entry) => entry.from !== from);
      continue;
    }
    const [first, ...others] = waiting as [RenameStep, ...RenameStep[]];
    let name: string;
    do {
      temporary += 1;
      name = `Upgrade_${temporary}`;
    } while (reserved.has(compared(name)));
    reserved.add(compared(name));
    move(first.from, name);
    waiting = [...others, { from: name, to: first.to }];
  }
  return steps;
}

/** A name that is none of `taken`. */
export function freeName(taken: ReadonlySet<string>, compared: (name: string) => string): string {
  for (let number = 1; ; number += 1) {
    const name = `Upgrade_Old_${number}`;
    if (!taken.has(compared(name))) return name;
  }
}
