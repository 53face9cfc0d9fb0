import type { Cancellation } from './cancellation.ts';
import type { Printer } from './terminal.ts';

/** What a command finds around it. */
export interface CommandContext {
  /** Makes the printer that the options of a command ask for. */
  readonly printerFor: (options: { readonly json?: boolean }) => Printer;
  readonly cancellation: Cancellation;
}
