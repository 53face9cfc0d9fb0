import { isPathName, type JsonPath } from '@dms/api-schema';
import { isJsonArray, isJsonObject, JsonNumber, type JsonValue } from '@dms/files';
import type { DocumentLeaf } from '@dms/model';
import { jsonTypes } from '@dms/sql';

/**
 * The place of a value in one document: a JSONPath with the positions in its arrays. Names outside of the grammar are
 * quoted.
 */
export const memberPlace = (place: string, name: string) =>
  isPathName(name) ? `${place}.${name}` : `${place}[${JSON.stringify(name)}]`;

export const elementPlace = (place: string, index: number) => `${place}[${index}]`;

/** The place of a path in the row at `place`, whose table has the scope `scope`. */
export const placeInRow = (place: string, scope: JsonPath, path: string) => place + path.slice(scope.canonical.length);

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
export const isNumberLeaf = (leaf: DocumentLeaf): boolean =>
  leaf.value === 'scalar' && jsonTypes[leaf.scalarType.kind] === 'number';

/** A stored value, as the document has it. */
export const shownStored = (leaf: DocumentLeaf, value: string | boolean): string =>
  isNumberLeaf(leaf) ? String(value) : JSON.stringify(value);
