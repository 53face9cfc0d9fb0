import type { Share, Source, Tally } from '../translate/draft.ts';
import type { Settled } from '../translate/translate-document.ts';
import type { PlaceCounts, ValueCounts } from './translation-report.ts';

/** Values that later documents have lost: of which earlier document, and under which of its tallies. */
interface Lost {
  readonly tally: number;
  readonly rule: string;
  readonly fate: 'dropped' | 'rejected';
}

/** The accounting of a run (design 20 §5.1). Values count as carried until their last document is rejected. */
export class Accounts {
  readonly values = { read: 0, carried: 0, dropped: 0, rejected: 0 };
  readonly rules = new Map<string, ValueCounts>();
  readonly places = new Map<string, PlaceCounts>();
  /** By number of the earlier document. */
  readonly lost = new Map<number, Lost[]>();
  /** How many of the documents that share values are rejected, by earlier document and tally. */
  private readonly partly = new Map<string, number>();

  private add(rule: string, fate: keyof ValueCounts, count: number): void {
    const own = this.rules.get(rule) ?? { carried: 0, dropped: 0, rejected: 0 };
    this.rules.set(rule, own);
    own[fate] += count;
    this.values[fate] += count;
  }

  private addPlaces(places: ReadonlyMap<string, number>, fate: Lost['fate']): void {
    for (const [place, count] of places) {
      const own = this.places.get(place) ?? { dropped: 0, rejected: 0 };
      this.places.set(place, own);
      own[fate] += count;
    }
  }

  /** Counts the values of an earlier document. */
  read({ tallies }: Settled): void {
    for (const { rule, fate, count, places } of tallies) {
      this.values.read += count;
      this.add(rule, fate === 'made' ? 'carried' : fate, count);
      if (fate !== 'made') this.addPlaces(places, fate);
    }
  }

  private move(source: Source, { tally, rule, count }: Share, fate: Lost['fate'], under = rule): void {
    this.add(rule, 'carried', -count);
    this.add(under, fate, count);
    const known = this.lost.get(source.number) ?? [];
    this.lost.set(source.number, known);
    known.push({ tally, rule: under, fate });
  }

  /** A later document is not written. */
  reject(source: Source, shares: readonly Share[]): void {
    for (const share of shares) {
      const key = `${source.number} ${share.tally}`;
      const rejected = (this.partly.get(key) ?? 0) + 1;
      if (rejected < share.drafts) this.partly.set(key, rejected);
      else this.move(source, share, 'rejected');
    }
  }

  /** A later document gives way to another one, under a rule. */
  drop(source: Source, shares: readonly Share[], rule: string): void {
    for (const share of shares) this.move(source, share, 'dropped', rule);
  }

  /** Adds the places of what an earlier document has lost; all its tallies have theirs. */
  placeLost(lost: readonly Lost[], tallies: readonly Tally[]): void {
    for (const { tally, fate } of lost) this.addPlaces(tallies[tally]?.places ?? new Map(), fate);
  }
}
