import { isJsonArray, isJsonObject, JsonNumber, type JsonValue } from '@dms/files';
import { jsonTypes } from '@dms/sql';
import type { LeafShape } from '../shape/shapes.ts';

/** A value, shortened for a message. */
export function shown(value: JsonValue | undefined): string {
  const text =
    value instanceof JsonNumber
      ? value.lexeme
      : isJsonArray(value)
        ? 'an array'
        : isJsonObject(value)
          ? 'an object'
          : (JSON.stringify(value) ?? 'nothing');
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** Whether a leaf holds numbers. */
export const isNumberLeaf = (leaf: LeafShape): boolean =>
  leaf.value === 'scalar' && jsonTypes[leaf.scalarType.kind] === 'number';

/** A stored value, as the document has it. */
export const shownStored = (leaf: LeafShape, value: string | boolean): string =>
  isNumberLeaf(leaf) ? String(value) : JSON.stringify(value);
