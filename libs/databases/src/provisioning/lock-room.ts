import { counted } from '@dms/diagnostics';
import type { Limits } from '../connection/connection.ts';
import type { LockTable } from '../connection/lock-table.ts';
import type { EmbeddedTarget, ServerTarget } from '../target/target.ts';
import type { OnWaiting } from './provisioning-dialect.ts';

interface Room {
  used: number;
  readonly waiting: Set<() => void>;
}

/** The locks that transactions of this process take, by server. */
const rooms = new Map<string, Room>();

export interface LockRoomOptions extends Limits {
  readonly target: Pick<ServerTarget, 'kind' | 'host' | 'port'> | Pick<EmbeddedTarget, 'kind'>;
  /** Null where the server has no lock table of a fixed size: then nothing is waited for. */
  readonly table: LockTable | null;
  readonly needed: number;
  readonly onWaiting?: OnWaiting | undefined;
}

const fits = ({ used }: Room, needed: number, { usual }: LockTable) => used === 0 || used + needed <= usual;

/**
 * Runs `work`, which takes locks in one transaction, when the lock table of the server has room beside the other work
 * of this process: a fleet changes several databases of a server at once (design 09 §1.9). One is always allowed. A
 * cancelled task does not wait.
 */
export async function inLockRoom<Result>(
  { target, table, needed, onWaiting, signal }: LockRoomOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  if (table === null || target.kind !== 'server') return work();
  const key = `${target.host.toLowerCase()}:${target.port}`;
  const room = rooms.get(key) ?? { used: 0, waiting: new Set() };
  rooms.set(key, room);
  if (!fits(room, needed, table)) {
    onWaiting?.(
      `other databases of this run: each takes about ${counted(needed, 'lock')}, and the lock table of the server holds about ${table.usual}; raise max_locks_per_transaction, or lower --concurrency-per-server`,
    );
  }
  while (!fits(room, needed, table) && signal?.aborted !== true) {
    await new Promise<void>((resolve) => {
      const wake = () => {
        room.waiting.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      room.waiting.add(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }
  room.used += needed;
  try {
    return await work();
  } finally {
    room.used -= needed;
    for (const wake of [...room.waiting]) wake();
    if (room.used === 0 && room.waiting.size === 0) rooms.delete(key);
  }
}
