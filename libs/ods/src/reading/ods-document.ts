import type { RowPlace } from '@dms/diagnostics';
import type { JsonObject } from '@dms/files';

/** A document of an ODS. */
export interface OdsDocument {
  /** `Project:Resource`. */
  readonly resource: string;
  readonly document: JsonObject;
  /** Its `Id`. */
  readonly uuid: string | null;
  /** The row that it was made from; rows below belong to it. */
  readonly row: () => RowPlace;
}
