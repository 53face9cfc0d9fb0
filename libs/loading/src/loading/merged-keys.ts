import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { type CheckedDocument, identityDescriptors } from '@dms/documents';
import type { InputDocument } from './document-queue.ts';

/* Keys of an input that are one key in the database (design 14 §4.2). */

/** How keys are spelled, by their referential ids. */
export class Spellings {
  private readonly first = new Map<string, string>();

  /** Adds a key; returns how the first one with this id is spelled if it is spelled otherwise, otherwise null. */
  add(id: string, spelling: string): string | null {
    const before = this.first.get(id);
    if (before === undefined) this.first.set(id, spelling);
    return before === undefined || before === spelling ? null : before;
  }
}

/** The keys of a run that were found to be one with others. */
export class MergedKeys {
  /** How many there are. */
  count = 0;
  private readonly descriptors = new Set<string>();
  private readonly spellings = new Spellings();

  addDescriptor(referentialId: string): void {
    this.count += 1;
    this.descriptors.add(referentialId);
  }

  /** Whether documents can have one key: only such descriptors make one key of two. */
  get canMerge(): boolean {
    return this.descriptors.size > 0;
  }

  /**
   * `LOAD_KEYS_MERGED` for a document that has the key of an earlier one, because both name descriptors that are one.
   */
  problemOf(label: string, checked: CheckedDocument, { file, line }: InputDocument): Diagnostic | null {
    const named = identityDescriptors(checked);
    if (!named.some(({ referentialId }) => this.descriptors.has(referentialId))) return null;
    const own = named.map(({ uri }) => uri).join(', ');
    const before = this.spellings.add(checked.referentialId, own);
    if (before === null) return null;
    this.count += 1;
    const values = checked.identity().map(({ path, value }) => `${path} = ${value}`);
    const text = `${label} with ${values.join(', ')}: an earlier document has the same key, with ${before} where this one has ${own}. These are the same descriptors here, so the database takes one of the two documents.`;
    return diagnostic('LOAD_KEYS_MERGED', text, { file, line, resource: label }, { key: own, other: before });
  }
}
