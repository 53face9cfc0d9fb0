import type { MadeChange } from '../ops/effect.ts';

/** The changes between two sets; operations look up here which of them they make. */
export class FoundChanges {
  private readonly byPlace = new Map<string, MadeChange[]>();

  constructor(changes: readonly MadeChange[]) {
    for (const change of changes) {
      const place = placeText(change.path);
      const known = this.byPlace.get(place);
      if (known) known.push(change);
      else this.byPlace.set(place, [change]);
    }
  }

  /** The changes of some kinds at a place; the kinds are those of a union of changes. */
  at<Kinds extends { readonly kind: string }>(
    path: readonly string[],
    ...kinds: readonly Kinds['kind'][]
  ): readonly MadeChange[] {
    return (this.byPlace.get(placeText(path)) ?? []).filter(({ kind }) => kinds.includes(kind));
  }
}

const placeText = (path: readonly string[]) => JSON.stringify(path);
