/* Random content of clubs (test/club-set.ts), small enough that two contents often have equal items. */

type NextRandom = () => number;

const int = (next: NextRandom, below: number) => Math.floor(next() * below);

/** Some of the values 0, 1, …, without duplicates, in random order. */
function some(next: NextRandom, below: number): number[] {
  const values = Array.from({ length: below }, (_, index) => index).filter(() => next() < 0.5);
  for (let index = values.length - 1; index > 0; index -= 1) {
    const other = int(next, index + 1);
    [values[index], values[other]] = [values[other] ?? 0, values[index] ?? 0];
  }
  return values;
}

const maybe = <Value>(next: NextRandom, value: () => Value): Value | undefined => (next() < 0.5 ? value() : undefined);

/** An object without the members that are undefined. */
const object = (members: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

const list = <Value>(values: readonly Value[]) => (values.length === 0 ? undefined : values);

const noteOf = (next: NextRandom) => maybe(next, () => `n${int(next, 3)}`);

/** A club with this identity; persons 1 to 4 and kinds A to D must exist. */
export function randomClub(next: NextRandom, clubId: number): Record<string, unknown> {
  const members = some(next, 5).map((memberNumber) =>
    object({
      memberNumber,
      title: noteOf(next),
      stays: list(some(next, 4).map((day) => object({ beginsOn: `2030-01-0${day + 1}`, note: noteOf(next) }))),
    }),
  );
  const companions = members.map(() =>
    maybe(next, () =>
      object({
        badge: noteOf(next),
        keys: list(some(next, 3).map((keyNumber) => object({ keyNumber, note: noteOf(next) }))),
      }),
    ),
  );
  // an object without values is not stored, and trailing items that are not stored are not shown
  const shown = companions.map((companion) =>
    companion && Object.keys(companion).length > 0 ? { _ext: { sample: companion } } : {},
  );
  while (shown.length > 0 && Object.keys(shown.at(-1) ?? {}).length === 0) shown.pop();
  const sample = object({
    motto: noteOf(next),
    awards: list(some(next, 4).map((index) => object({ awardName: `a${index}`, note: noteOf(next) }))),
    members: list(shown),
  });
  const places = some(next, 4).map((index) =>
    object({ name: `p${index >> 1}`, area: index % 2 === 0 ? undefined : 'east' }),
  );
  return object({
    clubId,
    note: noteOf(next),
    leaderReference: maybe(next, () => ({ personId: 1 + int(next, 4) })),
    sizeDescriptor: maybe(next, () => `uri://x/KindDescriptor#${'ABCD'[int(next, 4)]}`),
    kindDescriptors: list(some(next, 4).map((index) => `uri://x/KindDescriptor#${'ABCD'[index]}`)),
    guests: list(some(next, 4).map((index) => object({ guestReference: { personId: index + 1 }, note: noteOf(next) }))),
    places: list(places),
    members: list(members),
    _ext: Object.keys(sample).length > 0 ? { sample } : undefined,
  });
}

/** The values that distinguish the items of each array, by the array's name. */
const identities: Readonly<Record<string, (element: Record<string, unknown>) => unknown>> = {
  members: ({ memberNumber }) => memberNumber,
  stays: ({ beginsOn }) => beginsOn,
  guests: ({ guestReference }) => JSON.stringify(guestReference),
  places: ({ name, area }) => JSON.stringify([name, area ?? null]),
  awards: ({ awardName }) => awardName,
  keys: ({ keyNumber }) => keyNumber,
};

/**
 * The path to each item of a club: its identity and the identities of the items around it. Keys are below the member
 * with their index.
 */
export function elementsOf(club: Readonly<Record<string, unknown>>): Set<string> {
  const found = new Set<string>();
  const walk = (way: string, holder: Readonly<Record<string, unknown>>) => {
    for (const [name, identity] of Object.entries(identities)) {
      const elements = holder[name];
      if (!Array.isArray(elements) || (way === 'sample' && name === 'members')) continue;
      for (const element of elements) {
        const own = `${way}/${name}:${identity(element)}`;
        found.add(own);
        walk(own, element);
      }
    }
  };
  walk('', club);
  for (const kind of (club.kindDescriptors as readonly string[] | undefined) ?? [])
    found.add(`/kindDescriptors:${kind}`);
  const sample = (club._ext as { sample?: Record<string, unknown> } | undefined)?.sample;
  if (sample) {
    walk('', { awards: sample.awards });
    const members = (club.members as readonly { memberNumber: number }[] | undefined) ?? [];
    const companions = (sample.members as readonly { _ext?: { sample?: Record<string, unknown> } }[] | undefined) ?? [];
    for (const [index, companion] of companions.entries())
      walk(`/members:${members[index]?.memberNumber}`, { keys: companion._ext?.sample?.keys });
  }
  return found;
}
