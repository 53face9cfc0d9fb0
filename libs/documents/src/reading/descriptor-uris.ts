import type { Row } from '@dms/databases';

/**
 * URIs of descriptors by document id, as a connection has seen them (design 14 §2). Ids are never given twice, and a descriptor keeps
 * its URI.
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

  /** Whether it has all descriptors that there were at some time; others may have come since. */
  get isComplete(): boolean {
    return this.hasAll;
  }

  /** Whether nobody has asked for any yet, or all are forgotten. */
  get areUnasked(): boolean {
    return this.isEmpty && !this.hasAll;
  }

  get(documentId: string): string | undefined {
    return this.uris.get(documentId);
  }

  /** Takes what projections answered; what a page needs stays at least until it is rendered. */
  remember(answers: readonly (readonly Row[])[]): void {
    if (this.uris.size >= this.limit) this.forget();
    this.add(answers);
  }

  /** Takes what was answered when as many as the limit were asked for. */
  rememberAll(answer: readonly Row[]): void {
    this.add([answer]);
    this.hasAll = answer.length < this.limit;
  }

  forget(): void {
    this.uris.clear();
    this.hasAll = false;
  }

  private add(answers: readonly (readonly Row[])[]): void {
    for (const answer of answers) for (const { DescriptorId, Uri } of answer) this.uris.set(String(DescriptorId), String(Uri));
  }
}
