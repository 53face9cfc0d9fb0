import type { Cancellation } from './cancellation.ts';
import type { Printer } from './output/printer.ts';
import type { Terminal } from './terminal.ts';

/** The environment of a command. */
export interface CommandContext {
  /** The printer of the run. It follows the options that every command has. */
  readonly printerFor: (options: { readonly json?: boolean }) => Printer;
  readonly cancellation: Cancellation;
  /** Absent where nobody can answer. */
  readonly ask?: Terminal['ask'];
}
