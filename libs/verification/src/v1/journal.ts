import { coreV1 } from '@dms/model';
import type { BehaviourSession } from '../behaviour/behaviour-session.ts';
import type { RowText, Selection } from '../verification-dialect.ts';

/** A row of the journal. */
export interface ChangeEvent {
  readonly documentId: number;
  readonly version: number;
  readonly resourceKeyId: number;
  /** As the engine shows it. */
  readonly createdAt: string;
}

/** What `eventsOf` reads: the events after a version. */
export const eventSelection = (session: BehaviourSession, version: number): Selection => ({
  table: coreV1.documentChangeEvent,
  columns: ['ChangeVersion', 'DocumentId', 'ResourceKeyId', 'CreatedAt'],
  where: `${session.quote('ChangeVersion')} > ${version}`,
});

/** In the order of their versions. */
export function eventsOf(rows: readonly RowText[]): readonly ChangeEvent[] {
  return rows
    .map((row) => ({
      documentId: Number(row.DocumentId),
      version: Number(row.ChangeVersion),
      resourceKeyId: Number(row.ResourceKeyId),
      createdAt: row.CreatedAt ?? '',
    }))
    .sort((left, right) => left.version - right.version || left.documentId - right.documentId);
}
