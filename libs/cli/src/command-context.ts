import type { Cancellation } from './cancellation.ts';
import type { Printer } from './output/printer.ts';

/** The environment of a command. */
export interface CommandContext {
  /** The printer of the run. It follows the options that every command has. */
  readonly printerFor: (options: { readonly json?: boolean }) => Printer;
  readonly cancellation: Cancellation;
}
