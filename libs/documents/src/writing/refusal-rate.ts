/**
 * How many documents of a resource the database refuses, and how many to write together so that looking for them costs least. Each
 * transaction costs about as much as some documents, and each refused one makes the others of its part be written again.
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
    return this.refused === 0 ? Number.POSITIVE_INFINITY : Math.ceil(Math.sqrt((6 * this.documents) / this.refused));
  }
}
