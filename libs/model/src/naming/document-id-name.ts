/** Whether a full-length column name is that of a document id (design 03 §3.2). */
export function isDocumentIdName(column: string): boolean {
  return column === 'DocumentId' || column.endsWith('_DocumentId');
}
