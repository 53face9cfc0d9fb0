/** Values that are no document ids: for a place that was never used, and for one whose identity was removed. */
const free = 0;
const removed = -1;

const firstCapacity = 1 << 12;

/** The table grows when more than this share of its places is in use. */
const fullness = 0.6;

/** An odd number that distributes the bits of a uuid. */
const spread = 0x9e3779b1;

/**
 * Document ids by referential id: a hash table in typed arrays with 24 bytes per place, so that a million identities
 * fit into 50 MB. The bits of an id choose its place.
 */
export class IdentityTable {
  private capacity = firstCapacity;
  private keys = new Uint32Array(4 * firstCapacity);
  /** Document ids, {@link free} or {@link removed}. */
  private ids = new Float64Array(firstCapacity);
  private readonly wanted = new Uint32Array(4);
  private count = 0;

  get size(): number {
    return this.count;
  }

  get(referentialId: string): number | undefined {
    words(referentialId, this.wanted);
    const id = this.ids[this.place()] ?? free;
    return id > 0 ? id : undefined;
  }

  /** Removes an identity if it leads to this document. */
  remove(referentialId: string, documentId: number): void {
    words(referentialId, this.wanted);
    const place = this.place();
    // not `free`, because the search for later places continues here
    if (this.ids[place] === documentId) this.ids[place] = removed;
  }

  /** Ids are positive and below 2^53. */
  set(referentialId: string, documentId: number): void {
    if (!(Number.isSafeInteger(documentId) && documentId > 0)) throw new Error(`${documentId} is not a document id`);
    if (this.count >= this.capacity * fullness) this.grow();
    words(referentialId, this.wanted);
    this.put(documentId);
  }

  private put(documentId: number): void {
    const place = this.place();
    if (this.ids[place] === free) this.count += 1;
    this.keys.set(this.wanted, 4 * place);
    this.ids[place] = documentId;
  }

  /** The place of a key, or the free place where it belongs. */
  private place(): number {
    const { keys, ids, wanted, capacity } = this;
    const [a, b, c, d] = wanted;
    // uuids that others made may have equal ends
    const mixed = Math.imul(Math.imul(Math.imul(a ?? 0, spread) ^ (b ?? 0), spread) ^ (c ?? 0), spread) ^ (d ?? 0);
    for (let place = (mixed ^ (mixed >>> 16)) & (capacity - 1); ; place = (place + 1) & (capacity - 1)) {
      const at = 4 * place;
      if (ids[place] === free) return place;
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d) return place;
    }
  }

  private grow(): void {
    const { keys, ids, capacity } = this;
    this.capacity = 2 * capacity;
    this.keys = new Uint32Array(4 * this.capacity);
    this.ids = new Float64Array(this.capacity);
    this.count = 0;
    for (let place = 0; place < capacity; place += 1) {
      const id = ids[place] ?? 0;
      if (id <= 0) continue;
      this.wanted.set(keys.subarray(4 * place, 4 * place + 4));
      this.put(id);
    }
  }
}
const hyphen = '-'.charCodeAt(0);

/** The four words of a uuid. It is read digit by digit, because texts of its parts would be garbage. */
function words(uuid: string, into: Uint32Array): void {
  let word = 0;
  let digits = 0;
  let position = 0;
  for (let index = 0; index < uuid.length; index += 1) {
    const unit = uuid.charCodeAt(index);
    if (unit === hyphen) continue;
    // the low bits of a digit count from 0, those of a letter of either case from 1
    word = (word << 4) | (unit > 0x39 ? (unit & 0xf) + 9 : unit & 0xf);
    digits += 1;
    if (digits < 8) continue;
    into[position] = word;
    position += 1;
    [word, digits] = [0, 0];
  }
}
