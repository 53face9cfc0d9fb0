import type { Row } from '@dms/databases';

/**
 * URIs of descriptors by document id, as seen by a connection (design 14 §2). Ids are never reused, and a descriptor
 * keeps its URI.
 */
export class DescriptorUris {
  private readonly uris = new Map<string, string>();
  private hasAll = false;
  readonly limit: number;

  constructor(limit = 10_000) {
    this.limit = limit;
  }

  get isEmpty(): boolean {
    return this.uris.size === 0;
  }

  /** Whether it had all descriptors at some time; others may have been added to the database since. */
  get isComplete(): boolean {
    return this.hasAll;
  }

  /** Whether no URI has been requested yet, or all were forgotten. */
  get areUnasked(): boolean {
    return this.isEmpty && !this.hasAll;
  }

  get(documentId: string): string | undefined {
    return this.uris.get(documentId);
  }

  /** Adds the results of projections; the URIs that a page needs stay at least until it is assembled. */
  remember(answers: readonly (readonly Row[])[]): void {
    if (this.uris.size >= this.limit) this.forget();
    this.add(answers);
  }

  /** Adds the result of a query with a limit of `limit` URIs. */
  rememberAll(answer: readonly Row[]): void {
    this.add([answer]);
    this.hasAll = answer.length < this.limit;
  }

  forget(): void {
    this.uris.clear();
    this.hasAll = false;
  }

  private add(answers: readonly (readonly Row[])[]): void {
    for (const answer of answers)
      for (const { DescriptorId, Uri } of answer) this.uris.set(String(DescriptorId), String(Uri));
  }
}
