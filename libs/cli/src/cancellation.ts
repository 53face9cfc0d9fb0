/** Lets a command that must not be interrupted finish in its own way when its process receives a signal to end. */
export interface Cancellation {
  /** From now on a signal aborts what this returns, and the process ends when the command does. */
  hold(): AbortSignal;
}

export interface ProcessCancellation extends Cancellation {
  /** Exit code of the signal that came while a command held the process; otherwise null. */
  exitCode(): number | null;
}

const signalExitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** The members of `process` that are used here. */
export interface SignalledProcess {
  on(event: keyof typeof signalExitCodes, listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * Ends the process on SIGINT and SIGTERM with 130 and 143: at once or, where a command holds it, when the command has cancelled
 * its work. A second signal ends the process without waiting (design 09 §2.8).
 */
export function watchSignals(process: SignalledProcess): ProcessCancellation {
  let held: AbortController | null = null;
  let received: number | null = null;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const code = signalExitCodes[signal];
      if (held === null || received !== null) {
        process.exit(code);
        return;
      }
      received = code;
      held.abort();
    });
  }
  return {
    hold() {
      held ??= new AbortController();
      return held.signal;
    },
    exitCode: () => received,
  };
}
