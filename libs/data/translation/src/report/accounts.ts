import type { NumberFile } from '../store/number-file.ts';
import type { Share, Source, Tally } from '../translate/draft.ts';
import type { Settled } from '../translate/translate-document.ts';
import type { PlaceCounts, ReportedValues } from './translation-report.ts';

const fates = ['dropped', 'rejected'] as const;

/** The fate of values that later documents have lost. */
type LostFate = (typeof fates)[number];

/** The accounting of a run (design 20 §5.1). Values count as carried until their last document is rejected. */
export class Accounts {
  readonly values = { read: 0, carried: 0, dropped: 0, rejected: 0 };
  readonly rules = new Map<string, ReportedValues>();
  readonly places = new Map<string, PlaceCounts>();
  /** Rows of the number of the earlier document, the tally and the fate of lost values. */
  private readonly lost: NumberFile;
  /** The number of rejected documents among those that share values, by earlier document and tally. */
  private readonly partly = new Map<string, number>();

  constructor(lost: NumberFile) {
    this.lost = lost;
  }

  private add(rule: string, fate: keyof ReportedValues, count: number): void {
    const own = this.rules.get(rule) ?? { carried: 0, dropped: 0, rejected: 0 };
    this.rules.set(rule, own);
    own[fate] += count;
    this.values[fate] += count;
  }

  private addPlaces(places: ReadonlyMap<string, number>, fate: LostFate): void {
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

  private move(source: Source, { tally, rule, count }: Share, fate: LostFate, under = rule): void {
    this.add(rule, 'carried', -count);
    this.add(under, fate, count);
    this.lost.add(source.number, tally, fates.indexOf(fate));
  }

  /** Counts the values of a later document that is not written. */
  reject(source: Source, shares: readonly Share[]): void {
    for (const share of shares) {
      const key = `${source.number} ${share.tally}`;
      const rejected = (this.partly.get(key) ?? 0) + 1;
      if (rejected < share.drafts) this.partly.set(key, rejected);
      else {
        this.partly.delete(key);
        this.move(source, share, 'rejected');
      }
    }
  }

  /** Counts the values of a later document that is dropped in favor of another one, under a rule. */
  drop(source: Source, shares: readonly Share[], rule: string): void {
    for (const share of shares) this.move(source, share, 'dropped', rule);
  }

  /**
   * Adds the places of the lost values of earlier documents; `talliesOf` returns all tallies of a document, with their
   * places.
   */
  async placeLost(talliesOf: (number: number) => Promise<readonly Tally[]>): Promise<void> {
    let [known, tallies]: [number, readonly Tally[]] = [-1, []];
    for (const [number = 0, tally = 0, fate = 0] of this.lost.all()) {
      if (number !== known) [known, tallies] = [number, await talliesOf(number)];
      this.addPlaces(tallies[tally]?.places ?? new Map(), fates[fate] ?? 'rejected');
    }
  }
}
