/** One renaming of a sequence; after each renaming every name is unique. */
export interface RenameStep {
  readonly from: string;
  readonly to: string;
}

/** Creates a generator of temporary names: no name twice, and none from `used`, as the engine compares names. */
export function temporaryNames(
  used: Iterable<string>,
  compared: (name: string) => string,
  stem = 'Upgrade',
): () => string {
  const taken = new Set([...used].map(compared));
  let number = 0;
  return () => {
    let name: string;
    do {
      number += 1;
      name = `${stem}_${number}`;
    } while (taken.has(compared(name)));
    return name;
  };
}

/**
 * An order of renames in which no name is already taken. Names that form a circle pass through a temporary name.
 * `taken` are names that stay; names that `compared` maps to the same text are equal to the engine. Steps keep the
 * other members of their entry.
 */
export function renameOrder<Entry extends RenameStep>(
  renames: readonly Entry[],
  taken: Iterable<string>,
  compared: (name: string) => string,
  temporary?: () => string,
): readonly Entry[] {
  const stay = [...taken];
  const nextName = temporary ?? temporaryNames([...stay, ...renames.flatMap(({ from, to }) => [from, to])], compared);
  const present = new Set([...stay, ...renames.map(({ from }) => from)].map(compared));
  const steps: Entry[] = [];
  const move = (entry: Entry) => {
    present.delete(compared(entry.from));
    present.add(compared(entry.to));
    steps.push(entry);
  };
  let waiting = [...renames];
  while (waiting.length > 0) {
    const free = waiting.find(({ from, to }) => compared(from) === compared(to) || !present.has(compared(to)));
    if (free) {
      move(free);
      waiting = waiting.filter((entry) => entry !== free);
      continue;
    }
    const [first, ...others] = waiting as [Entry, ...Entry[]];
    const name = nextName();
    move({ ...first, to: name });
    waiting = [...others, { ...first, from: name }];
  }
  return steps;
}
