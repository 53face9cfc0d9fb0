import type { DocumentSchemas } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import type { Diagnostic } from '@dms/diagnostics';
import type { OnExisting } from '@dms/documents';
import type { LoadProgress, LoadReject } from './load-report.ts';

export interface LoadOptions {
  /** `fail` by default, and `replace` for an input with deletes and changed keys. */
  readonly onExisting?: OnExisting | undefined;
  /** The most documents of one transaction; 500 by default. */
  readonly batchLength?: number | undefined;
  /** Continues after a reject; otherwise loading ends with the batch of the first reject. */
  readonly isContinued?: boolean | undefined;
  /** Members and elements that the model does not have are left out, with a warning. */
  readonly ignoreUnknown?: boolean | undefined;
  /** The schemas that an API checks documents with (design 14 §1.1); without them only the model is checked. */
  readonly schemas?: DocumentSchemas | undefined;
  /**
   * A session for copies (`forCopies`): it writes all documents in one transaction, or none (design 14 §8). Descriptors
   * are written before, as always.
   */
  readonly bulk?: Connection | undefined;
  /**
   * From how many bytes of input for a table a load in bulk checks its foreign keys when all rows are there; 256 KiB by
   * default.
   */
  readonly postponedFrom?: number | undefined;
  /** Called with the input files before they are read. */
  readonly onFiles?: ((files: readonly string[]) => Promise<void>) | undefined;
  readonly onReject?: ((reject: LoadReject) => Promise<void> | void) | undefined;
  readonly onDiagnostic?: ((entry: Diagnostic) => void) | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}
