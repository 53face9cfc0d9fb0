/**
 * How many documents cost as much as what each part costs by itself: a savepoint, the round trips, the beginning of
 * each statement.
 */
const costOfPart = 25;

const lengthOf = (documents: number, refused: number) => Math.ceil(Math.sqrt((costOfPart * documents) / refused));

/**
 * How many documents of a resource the database refuses, and how many to write together so that looking for them costs
 * least: each refused one makes the others of its part be written again.
 */
export class RefusalRate {
  private documents = 0;
  private refused = 0;

  add(documents: number, refused: number): void {
    this.documents += documents;
    this.refused += refused;
  }

  /** Infinite until a document is refused; it grows again while none is. */
  get partLength(): number {
    return this.refused === 0 ? Number.POSITIVE_INFINITY : lengthOf(this.documents, this.refused);
  }

  /** The length of the parts of a batch in which at least one document is refused. */
  lengthAfterRefusal(documents: number): number {
    return lengthOf(this.documents + documents, this.refused + 1);
  }
}
