/** Collects the derived members of a conversion. */
export class ConversionLog {
  readonly counts = new Map<string, number>();
  readonly notes: string[] = [];

  count(member: string): void {
    this.counts.set(member, (this.counts.get(member) ?? 0) + 1);
  }

  note(resource: string, text: string): void {
    this.notes.push(`${resource}: ${text}`);
  }
}
