import { setTimeout as delay } from 'node:timers/promises';
import { errorText } from '../failures/failure.ts';
import { isSqlState } from '../failures/pgsql-failure.ts';
import type { Interrupted } from './interruption.ts';

/** The events of a client of `pg` that tell about its connection. An `error` to which nobody listens ends the process. */
export interface ClientEvents {
  on(event: 'error' | 'end', listener: (error?: unknown) => void): unknown;
  removeListener(event: 'error' | 'end', listener: (error?: unknown) => void): unknown;
}

/** What a client has said about its connection while nothing ran. */
export interface HeardErrors {
  /** The first error; undefined while the connection is there. */
  lost(): unknown;
  /**
   * The reason of a failure in a session that the server ended while nothing ran: the message that the server sent
   * then. Later failures only say that the session has ended.
   */
  reasonOf(interrupted: Interrupted): Interrupted;
  /** Waits until a lost connection has ended, after which the client emits no error. */
  ended(): Promise<void>;
  /** Stops listening; of a lost connection that has not ended yet, when it ends. */
  stop(isLost: boolean): void;
}

/** How long a lost connection may take to end, in milliseconds: the socket ends right after the last message. */
const endingPatience = 1_000;

/** Lost clients that have a listener until their connection ends; a second one is not needed. */
const ending = new WeakSet<object>();

/** Listens to the errors of a client of `pg`, which may be a program's own (design 09 §1.5.1). */
export function hearErrors(client: Partial<ClientEvents>): HeardErrors {
  let first: unknown;
  let farewell: unknown;
  let isOver = (client as { readonly _ended?: boolean })._ended === true;
  const onError = (error: unknown) => {
    first ??= error;
    if (errorText(error, 'code') !== undefined) farewell ??= error;
  };
  const removed = () => {
    client.removeListener?.('error', onError);
    client.removeListener?.('end', onEnd);
  };
  let tellEnd = () => {};
  const end = new Promise<void>((resolve) => {
    tellEnd = resolve;
  });
  const onEnd = () => {
    isOver = true;
    ending.delete(client);
    removed();
    tellEnd();
  };
  client.on?.('error', onError);
  client.on?.('end', onEnd);
  return {
    lost: () => first,
    reasonOf: (interrupted) =>
      farewell !== undefined && interrupted.by === null && !isSqlState(errorText(interrupted.error, 'code'))
        ? { ...interrupted, error: farewell }
        : interrupted,
    ended: async () => {
      if (isOver || client.on === undefined || ending.has(client)) return;
      const stopped = new AbortController();
      await Promise.race([end, delay(endingPatience, undefined, { signal: stopped.signal }).catch(() => undefined)]);
      stopped.abort();
    },
    stop: (isLost) => {
      if (isLost && !isOver && !ending.has(client)) ending.add(client);
      else removed();
    },
  };
}
