import type { InputDocument } from './document-queue.ts';
import type { Refuse } from './resource-load.ts';
import type { WaitingDocuments } from './waiting-documents.ts';

/** Writes documents of a resource. Those that lack others wait, unless `waiting` is null: then they are rejected. */
export type WriteDocuments = (
  label: string,
  waiting: WaitingDocuments | null,
  read: (refuse: Refuse) => AsyncIterable<InputDocument>,
) => Promise<void>;

interface CircleSteps {
  readonly write: WriteDocuments;
  /** The documents of a resource, in the order of the input. */
  readonly inputs: (label: string) => (refuse: Refuse) => AsyncIterable<InputDocument>;
  /** Waits until the database has taken or refused everything that was written. */
  readonly settle: () => Promise<void>;
}

/**
 * Loads the resources of a circle (design 14 §4.2). A document that names missing ones waits until they are stored.
 * What still waits at the end is tried again, in rounds, because another session may have stored what it names; a round
 * that stores nothing is the last, and what is left is then rejected.
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
