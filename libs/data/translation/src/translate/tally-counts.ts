import { pathName } from '../places/place-name.ts';
import type { Tally } from './draft.ts';

/** The fate of some values of an earlier document. */
export interface CountedValues extends Pick<Tally, 'rule' | 'fate' | 'group' | 'count'> {
  /** The place of the values; null for the whole document. */
  readonly path: string | null;
}

/** Counts the values of one earlier document by rule, fate and group, in the order in which the document has them. */
export class TallyCounts {
  private readonly tallies = new Map<string, Tally>();
  private readonly resource: string;
  /** Whether values that are carried are also counted by place. */
  private readonly countsPlaces: boolean;
  private last: Tally | undefined;

  constructor(resource: string, countsPlaces: boolean) {
    this.resource = resource;
    this.countsPlaces = countsPlaces;
  }

  add({ rule, fate, group, count, path }: CountedValues): void {
    if (count === 0) return;
    const tally = this.tallyOf(rule, fate, group);
    tally.count += count;
    // values for an identity that no new document takes are dropped in the end
    if (fate === 'made' && !group?.startsWith('identity ') && !this.countsPlaces) return;
    const place = path === null ? this.resource : pathName(this.resource, path);
    tally.places.set(place, (tally.places.get(place) ?? 0) + count);
  }

  all(): readonly Tally[] {
    return [...this.tallies.values()];
  }

  private tallyOf(rule: string, fate: Tally['fate'], group: string | null): Tally {
    const { last } = this;
    // most values have the fate of the one before them
    if (last && last.rule === rule && last.fate === fate && last.group === group) return last;
    const key = `${rule}\n${fate}\n${group}`;
    const tally = this.tallies.get(key) ?? { rule, fate, group, count: 0, places: new Map<string, number>() };
    this.tallies.set(key, tally);
    this.last = tally;
    return tally;
  }
}
