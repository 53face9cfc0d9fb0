import type { ColumnKind } from './model.ts';

const structural: ReadonlySet<ColumnKind> = new Set(['ParentKeyPart', 'Ordinal', 'CollectionKey']);
const mirrored: ReadonlySet<ColumnKind> = new Set(['MirroredContentVersion', 'MirroredContentLastModifiedAt']);

/** Whether a column says what a row is or where it belongs (design 02 §6.6, 15 §4.2). */
export const isStructuralKind = (kind: ColumnKind): boolean => structural.has(kind);

/** Whether a column mirrors a version of the document. Triggers write it, and plans do not (design 15 §4.5). */
export const isMirroredKind = (kind: ColumnKind): boolean => mirrored.has(kind);
