import type { Diagnostic } from '@dms/diagnostics';
import type { CheckedDocument } from '@dms/documents';
import { mustExist } from '@dms/model';
import type { DocumentQueue, InputDocument, QueuePlace, WaitingDocument } from './document-queue.ts';
import type { OnReject } from './load-report.ts';

/** Writes documents of a resource. Documents whose targets are missing wait, or are rejected if `waiting` is null. */
export type WriteDocuments = (
  label: string,
  waiting: WaitingDocuments | null,
  read: (refuse: OnReject) => AsyncIterable<InputDocument>,
) => Promise<void>;

interface CircleSteps {
  readonly write: WriteDocuments;
  /** The documents of a resource, in the order of the input. */
  readonly inputs: (label: string) => (refuse: OnReject) => AsyncIterable<InputDocument>;
  /** Waits until the database has taken or refused everything that was written. */
  readonly settle: () => Promise<void>;
}

/**
 * Loads the resources of a circle (design 14a §1.2). A document that refers to missing ones waits until they are stored.
 * Documents that still wait at the end are tried again, in rounds, because another session may have stored their
 * targets; a round that stores nothing is the last, and the documents that are left are then rejected.
 */
export async function loadCircle(
  labels: readonly string[],
  waiting: WaitingDocuments,
  { write, inputs, settle }: CircleSteps,
): Promise<void> {
  for (const label of labels) {
    await write(label, waiting, inputs(label));
    await settle();
  }
  do {
    while (waiting.ready.length > 0) {
      for (const label of waiting.ready) await write(label, waiting, () => waiting.takeReady(label));
      if (waiting.ready.length === 0) await settle();
    }
    if (waiting.isEmpty) return;
  } while (waiting.nextRound());
  waiting.end();
  for (const label of waiting.ready) await write(label, null, () => waiting.takeReady(label));
}

interface Waiting {
  readonly label: string;
  readonly place: QueuePlace;
  /** Its referential id. */
  readonly id: string;
  /** How many of the targets that it lacked are still missing. */
  missing: number;
  /** Whether it may not wait again: nothing was stored while it waited, and a later document could take its place. */
  isGivenUp: boolean;
  /** The next document with the same identity, which waits for this one. */
  next: Waiting | null;
}

/** The documents of an identity that wait, in the order of the input. */
interface Line {
  readonly first: Waiting;
  readonly last: Waiting;
}

/**
 * Documents of a circle that refer to documents which are not stored yet. Their texts are in queues; memory holds only
 * the identity, the missing targets and the place of each. A document is ready when the last target that it lacked was
 * stored, so none is read again before that. Later documents of an identity wait for an earlier one, because the last
 * one must win.
 */
export class WaitingDocuments {
  /** How many documents were stored since the round began. */
  loaded = 0;
  /** The resources of the circle, and the abstract resources that they belong to. */
  readonly resources: ReadonlySet<string>;
  private readonly newQueue: () => DocumentQueue;
  private readonly queues = new Map<string, DocumentQueue>();
  private readonly lines = new Map<string, Line>();
  private readonly byTarget = new Map<string, Waiting[]>();
  private readonly readyOf = new Map<string, Waiting[]>();
  /** The documents that were read from a queue and have no outcome yet. */
  private readonly read = new WeakMap<InputDocument, Waiting>();

  constructor(resources: ReadonlySet<string>, newQueue: () => DocumentQueue) {
    this.resources = resources;
    this.newQueue = newQueue;
  }

  get isEmpty(): boolean {
    return this.lines.size === 0;
  }

  /** Makes a document wait if an earlier one of its identity does. */
  async waitsBehind(label: string, input: InputDocument, id: string): Promise<boolean> {
    const line = this.lines.get(id);
    if (line === undefined || this.read.get(input) === line.first) return false;
    this.append(await this.added(label, input, id));
    return true;
  }

  /** Makes a document wait if all missing targets are documents of the circle, and it has not waited in vain before. */
  async waitsFor(
    label: string,
    input: WaitingDocument,
    { referentialId, targets }: CheckedDocument,
    diagnostics: readonly Diagnostic[],
  ): Promise<boolean> {
    if (!diagnostics.every((diagnostic) => this.isMissing(diagnostic))) return false;
    const known = this.read.get(input as InputDocument);
    if (known?.isGivenUp) return false;
    const waiting = known ?? (await this.added(label, input, referentialId));
    if (known === undefined) this.append(waiting);
    const places = new Set(diagnostics.map(({ where }) => where.path));
    const missing = new Set(targets.filter(({ place }) => places.has(place)).map((target) => target.referentialId));
    waiting.missing = missing.size;
    for (const id of missing) {
      const list = this.byTarget.get(id);
      if (list) list.push(waiting);
      else this.byTarget.set(id, [waiting]);
    }
    return true;
  }

  /** Called when a document is stored: makes the documents ready that waited for nothing else. */
  stored(input: InputDocument, { referentialId, superclass }: CheckedDocument): void {
    this.loaded += 1;
    for (const id of [referentialId, ...(superclass === null ? [] : [superclass.referentialId])]) {
      const named = this.byTarget.get(id) ?? [];
      this.byTarget.delete(id);
      for (const waiting of named) {
        waiting.missing -= 1;
        if (waiting.missing === 0) this.makeReady(waiting);
      }
    }
    this.settled(input, referentialId);
  }

  /** Called when a document is stored, or never will be: makes the next document of its identity ready. */
  settled(input: InputDocument, id: string): void {
    const line = this.lines.get(id);
    // a document that has never waited has no place in a line
    if (line === undefined || this.read.get(input) !== line.first) return;
    const { next } = line.first;
    if (next === null) this.lines.delete(id);
    else {
      this.lines.set(id, { first: next, last: line.last });
      this.makeReady(next);
    }
  }

  /** The resources that have documents which are ready. */
  get ready(): readonly string[] {
    return [...this.readyOf].filter(([, list]) => list.length > 0).map(([label]) => label);
  }

  /** The documents of a resource that are ready now, in the order in which they began to wait. */
  async *takeReady(label: string): AsyncGenerator<InputDocument> {
    const list = (this.readyOf.get(label) ?? []).sort((a, b) => a.place.offset - b.place.offset);
    this.readyOf.set(label, []);
    let position = 0;
    for await (const input of this.queueOf(label).readAt(list.map(({ place }) => place))) {
      this.read.set(input, mustExist(list[position++], 'a document that waits'));
      yield input;
    }
  }

  /**
   * Begins another round, in which the first waiting document of each identity is tried again. After a round that
   * stored nothing, a document for which another one waits may not wait again. Returns false if such a round would
   * change nothing.
   */
  nextRound(): boolean {
    const isStuck = this.loaded === 0;
    const lines = [...this.lines.values()];
    if (isStuck && !lines.some(({ first }) => first.next !== null)) return false;
    this.loaded = 0;
    this.byTarget.clear();
    for (const { first } of lines) {
      if (isStuck) first.isGivenUp = first.next !== null;
      this.makeReady(first);
    }
    return true;
  }

  /** Makes all documents ready, for the last time: none of them waits any more. */
  end(): void {
    this.byTarget.clear();
    for (const { first } of this.lines.values()) this.makeReady(first);
    this.lines.clear();
  }

  /** Forgets all documents. */
  async remove(): Promise<void> {
    for (const queue of this.queues.values()) await queue.remove();
  }

  private isMissing({ code, details }: Diagnostic): boolean {
    return (
      code === 'DOCUMENT_REFERENCE_UNRESOLVED' &&
      typeof details.target === 'string' &&
      this.resources.has(details.target)
    );
  }

  private queueOf(label: string): DocumentQueue {
    const queue = this.queues.get(label) ?? this.newQueue();
    this.queues.set(label, queue);
    return queue;
  }

  private async added(label: string, input: WaitingDocument, id: string): Promise<Waiting> {
    const place = await this.queueOf(label).add(input);
    return { label, place, id, missing: 0, isGivenUp: false, next: null };
  }

  private append(waiting: Waiting): void {
    const line = this.lines.get(waiting.id);
    if (line) line.last.next = waiting;
    this.lines.set(waiting.id, { first: line?.first ?? waiting, last: waiting });
  }

  private makeReady(waiting: Waiting): void {
    const list = this.readyOf.get(waiting.label);
    if (list) list.push(waiting);
    else this.readyOf.set(waiting.label, [waiting]);
  }
}
