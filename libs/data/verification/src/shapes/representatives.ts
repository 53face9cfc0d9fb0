import { compareOrdinal } from '@dms/values';

/*
 * Which members of a shape are tried (design 09b §2.6). A member is proved equal if each of its facts is a fact of a tried
 * member whose lists cannot be read in another way than its own.
 */

/** A member of a shape. */
export interface ShapeMember {
  readonly name: string;
  readonly facts: ReadonlySet<string>;
  readonly readings: readonly ReadonlySet<string>[];
}

const readingCount = (readings: ShapeMember['readings']) => readings.reduce((sum, each) => sum + each.size, 0);

/** Whether lists with some readings could be none but the lists with others. */
const isWithin = (some: ShapeMember['readings'], others: ShapeMember['readings']): boolean =>
  some.every((each, place) => [...each].every((reading) => others[place]?.has(reading)));

/** Whether others prove a member: each of its facts is a fact of one whose lists cannot be read in another way. */
export const isProvedBy = (others: readonly ShapeMember[], member: ShapeMember): boolean => {
  const proving = others.filter(({ readings }) => isWithin(readings, member.readings));
  return proving.length > 0 && [...member.facts].every((fact) => proving.some(({ facts }) => facts.has(fact)));
};

/** The members whose lists have the same readings, and their facts that no representative has yet. */
interface AlikeMembers {
  readonly readings: ShapeMember['readings'];
  readonly open: Set<string>;
}

/** A fact that every member has: its text is one of the shape. */
const isOfShape = '';

/**
 * The members that are tried for all: at least two if there are two, so that a mistake that all share is tried with two
 * sets of values. Members that cannot hold every trial are tried only where no other proves them.
 */
export function representativesOf<Member extends ShapeMember>(
  members: readonly Member[],
  isAble: (member: Member) => boolean,
): readonly Member[] {
  const signature = ({ readings }: Member) => JSON.stringify(readings.map((each) => [...each]));
  const alike = new Map<string, AlikeMembers>();
  for (const member of members) {
    const known = alike.get(signature(member)) ?? { readings: member.readings, open: new Set([isOfShape]) };
    alike.set(signature(member), known);
    for (const fact of member.facts) known.open.add(fact);
  }
  const provedBy = new Map(
    [...alike].map(([key, { readings }]) => [
      key,
      [...alike.values()].filter((other) => isWithin(readings, other.readings)),
    ]),
  );
  const candidates = members
    .filter(isAble)
    .toSorted(
      (left, right) =>
        readingCount(left.readings) - readingCount(right.readings) || compareOrdinal(left.name, right.name),
    )
    .map((member) => ({ member, facts: [isOfShape, ...member.facts], proved: provedBy.get(signature(member)) ?? [] }));
  const chosen: Member[] = [];
  for (;;) {
    let best: (typeof candidates)[number] | undefined;
    let most = 0;
    for (const candidate of candidates) {
      let gain = 0;
      for (const { open } of candidate.proved) for (const fact of candidate.facts) if (open.has(fact)) gain += 1;
      if (gain > most) [best, most] = [candidate, gain];
    }
    if (!best) break;
    chosen.push(best.member);
    for (const { open } of best.proved) for (const fact of best.facts) open.delete(fact);
  }
  // what no able member proves is tried where it is
  for (const member of members) {
    const open = alike.get(signature(member))?.open;
    if (open && open.size > 0 && [isOfShape, ...member.facts].some((fact) => open.has(fact))) chosen.push(member);
  }
  const second = candidates.find(({ member }) => !chosen.includes(member));
  if (chosen.length === 1 && second) chosen.push(second.member);
  return chosen;
}
