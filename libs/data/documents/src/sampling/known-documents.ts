import { type NextNumber, pick } from './sample-values.ts';
import { type Scalar, scalarText } from './schema-facts.ts';

/** The values of a document's identity, by the paths of a resource. */
export type KnownIdentity = ReadonlyMap<string, Scalar>;

/** Documents of one target with equal values at some paths. */
interface KeyIndex {
  readonly paths: readonly string[];
  /** Paths that must have the same value, because a row that refers to such a document stores it once. */
  readonly equal: readonly (readonly string[])[];
  readonly byValues: Map<string, KnownIdentity[]>;
}

/**
 * The possible targets of references: identities of a resource, or of the members of an abstract resource, found by any
 * part of their values. Keeps at most `limit` of them, a uniform random sample of all that were added, so that memory
 * stays bounded.
 */
export class KnownDocuments {
  private readonly identities: KnownIdentity[] = [];
  private readonly indexes = new Map<string, KeyIndex>();
  private readonly limit: number;
  private readonly next: NextNumber;
  private added = 0;

  constructor(limit: number, next: NextNumber) {
    this.limit = limit;
    this.next = next;
  }

  add(identity: KnownIdentity): void {
    this.added += 1;
    if (this.identities.length < this.limit) this.identities.push(identity);
    else {
      const slot = Math.floor(this.next() * this.added);
      const old = this.identities[slot];
      if (!old) return;
      this.identities[slot] = identity;
      for (const index of this.indexes.values()) removeFrom(index, old);
    }
    for (const index of this.indexes.values()) addTo(index, identity);
  }

  /** A document with the wanted values and the same value in each group of paths; none of `taken`. */
  find(
    wanted: KnownIdentity,
    groups: Iterable<readonly string[]>,
    taken: ReadonlySet<KnownIdentity> | undefined,
  ): KnownIdentity | undefined {
    const paths = [...wanted.keys()].sort();
    const equal = [...groups].filter((group) => group.length > 1);
    const signature = JSON.stringify([paths, equal]);
    const index = this.indexes.get(signature) ?? { paths, equal, byValues: new Map<string, KnownIdentity[]>() };
    if (!this.indexes.has(signature)) {
      this.indexes.set(signature, index);
      for (const identity of this.identities) addTo(index, identity);
    }
    const found = index.byValues.get(valuesKey(paths, wanted)) ?? [];
    const first = pick(found, this.next);
    if (!first || !taken?.has(first)) return first;
    return found.find((identity) => !taken.has(identity));
  }
}

function removeFrom(index: KeyIndex, identity: KnownIdentity): void {
  const key = valuesKey(index.paths, identity);
  const list = index.byValues.get(key);
  const position = list?.indexOf(identity) ?? -1;
  if (!list || position < 0) return;
  if (list.length === 1) index.byValues.delete(key);
  else list.splice(position, 1);
}

function valuesKey(paths: readonly string[], identity: KnownIdentity): string {
  return paths.map((path) => scalarText(identity.get(path) ?? '')).join('\n');
}

function addTo(index: KeyIndex, identity: KnownIdentity): void {
  if (!belongs(index, identity)) return;
  const key = valuesKey(index.paths, identity);
  const list = index.byValues.get(key);
  if (list) list.push(identity);
  else index.byValues.set(key, [identity]);
}

function belongs({ equal }: KeyIndex, identity: KnownIdentity): boolean {
  return equal.every((group) => new Set(group.map((path) => scalarText(identity.get(path) ?? ''))).size === 1);
}
