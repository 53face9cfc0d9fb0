import { type Diagnostic, diagnostic } from '@dms/diagnostics';

/** Lets a command that must not be interrupted end by itself when its process receives a signal. */
export interface Cancellation {
  /**
   * Returns a signal that is aborted when the process receives a signal to end; the process then ends with the command.
   */
  hold(): AbortSignal;
}

interface ProcessCancellation extends Cancellation {
  /** Exit code of the signal that arrived while a command held the process; otherwise null. */
  exitCode(): number | null;
}

/** A closed terminal, or a broken connection to it, sends SIGHUP; Ctrl+Break sends SIGBREAK, on Windows only. */
const signalExitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143, SIGBREAK: 149 } as const;

const signals = Object.keys(signalExitCodes) as readonly (keyof typeof signalExitCodes)[];

/** Milliseconds that a command may take to end after a signal; also the limit for a commit that has begun. */
const patience = 30_000;

const gaveUp = `The command did not end within ${patience / 1000} s after the signal, so the process ends. What it was committing may be committed.`;

/** The members of `process` that are used here. */
interface SignalledProcess {
  on(event: keyof typeof signalExitCodes, listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * Ends the process on SIGHUP, SIGINT, SIGTERM and SIGBREAK with 129, 130, 143 and 149: at once or, if a command holds
 * the process, when the command has cancelled its work. A second signal ends the process without waiting, and so does a
 * command that has not ended within 30 s (design 09 §2.8).
 *
 * @param onGiveUp called before the process ends without its command
 */
export function watchSignals(
  process: SignalledProcess,
  onGiveUp: (diagnostic: Diagnostic) => void,
): ProcessCancellation {
  let held: AbortController | null = null;
  let received: number | null = null;
  for (const signal of signals) {
    process.on(signal, () => {
      const code = signalExitCodes[signal];
      // both the kernel and the shell send it when a terminal is closed
      if (signal === 'SIGHUP' && received !== null) return;
      if (held === null || received !== null) {
        process.exit(code);
        return;
      }
      received = code;
      held.abort();
      setTimeout(() => {
        onGiveUp(diagnostic('DB_CANCELLED', gaveUp));
        process.exit(code);
      }, patience).unref();
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
