import type { Cancellation } from './cancellation.ts';
import type { Printer } from './output/printer.ts';

/** What a command finds around it. */
export interface CommandContext {
  /** The printer of the run, which does what the options of the command ask for; they are those that every command has. */
  readonly printerFor: (options: { readonly json?: boolean }) => Printer;
  readonly cancellation: Cancellation;
}
