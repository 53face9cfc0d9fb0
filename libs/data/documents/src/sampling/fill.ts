import { isWithin } from '@dms/api-schema';
import type { NextNumber } from './sample-values.ts';

/** The amount of optional content in documents. */
export interface SampleFill {
  /** The choices for one document of a resource. */
  choicesFor(resource: string): Choices;
}

/** The choices for one document. */
export interface Choices {
  /** Whether the optional member at a path is present. */
  has(path: string): boolean;
  /** The largest number of items of an array; fewer if no more can be different. */
  length(): number;
  /** Records that a chosen member at a path is not possible. */
  takeBack(path: string): void;
  /** Records that the document is not made. */
  undo(): void;
}

const chosen = (has: (path: string) => boolean, length: number): SampleFill => {
  const choices: Choices = { has, length: () => length, takeBack: () => undefined, undo: () => undefined };
  return { choicesFor: () => choices };
};

/** Only required content. */
export const minimal: SampleFill = chosen(() => false, 1);

/** All content, with two items in every array. */
export const full: SampleFill = chosen(() => true, 2);

/** All content but one optional member, with two items in every array. */
export const fullWithout = (absent: string): SampleFill => chosen((path) => path !== absent, 2);

/** Only required content, and one optional member with what is around it. */
export const minimalWith = (member: string): SampleFill => chosen((path) => isWithin(member, path), 1);

/** All content; adds the paths of the optional members of a resource to `paths`. */
export function recordingOptional(resource: string, paths: Set<string>): SampleFill {
  const choices = full.choicesFor(resource);
  const recording: Choices = {
    ...choices,
    has: (path) => {
      paths.add(path);
      return choices.has(path);
    },
  };
  return { choicesFor: (each) => (each === resource ? recording : choices) };
}

/** How often the member at a path could have been present, and how often it was. */
interface Count {
  chances: number;
  present: number;
}

/**
 * A share of all content, with one to three items per array. Each of the first documents of a resource has some of its
 * members, and after a few documents every member has been present, whether the resource has many members or few.
 */
export function evenly(next: NextNumber, share = 0.5): SampleFill {
  const byResource = new Map<string, Map<string, Count>>();
  return {
    choicesFor: (resource) => {
      const counts = byResource.get(resource) ?? new Map<string, Count>();
      byResource.set(resource, counts);
      return new EvenChoices(counts, next, share);
    },
  };
}

class EvenChoices implements Choices {
  private readonly counts: Map<string, Count>;
  private readonly next: NextNumber;
  private readonly share: number;
  private readonly asked: { readonly count: Count; isPresent: boolean }[] = [];

  constructor(counts: Map<string, Count>, next: NextNumber, share: number) {
    this.counts = counts;
    this.next = next;
    this.share = share;
  }

  has(path: string): boolean {
    let count = this.counts.get(path);
    if (!count) {
      count = { chances: 0, present: 0 };
      this.counts.set(path, count);
    }
    const missing = count.chances * this.share - count.present;
    const isPresent = this.next() < this.share + missing;
    count.chances += 1;
    if (isPresent) count.present += 1;
    this.asked.push({ count, isPresent });
    return isPresent;
  }

  length(): number {
    return Math.floor(this.next() * 3) + 1;
  }

  takeBack(path: string): void {
    const count = this.counts.get(path);
    const entry = this.asked.findLast((each) => each.count === count && each.isPresent);
    if (!entry) return;
    entry.isPresent = false;
    entry.count.present -= 1;
  }

  undo(): void {
    for (const { count, isPresent } of this.asked.splice(0)) {
      count.chances -= 1;
      if (isPresent) count.present -= 1;
    }
  }
}
