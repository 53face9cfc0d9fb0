/** The column by which a row names its document: by its id, or by its uuid. */
export interface RowDocument {
  readonly by: 'id' | 'uuid';
  readonly column: string;
}
