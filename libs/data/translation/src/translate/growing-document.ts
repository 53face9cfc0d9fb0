import { everyItem, pathSteps } from '@dms/api-schema';
import { isJsonArray, JsonNumber, type JsonObject, type JsonValue } from '@dms/values';

/** An object under construction. */
class GrowingObject extends Map<string, Growing> {}

/** An array under construction, by position in the earlier document. */
class GrowingArray {
  readonly items = new Map<number, Growing>();
}

type Growing = GrowingObject | GrowingArray | { readonly value: JsonValue };

/** A document that is made value by value, at paths with positions. */
export class GrowingDocument {
  private readonly root = new GrowingObject();

  /** Sets a value at a place, or ensures that there is an object or an array. */
  set(path: string, positions: readonly number[], value: JsonValue | 'object' | 'array', isContainer = false): void {
    const names = pathSteps(path);
    let at: Growing = this.root;
    let star = 0;
    for (const [index, name] of names.entries()) {
      const isLast = index === names.length - 1;
      const following = names[index + 1];
      const make = (): Growing =>
        !isLast
          ? following === everyItem
            ? new GrowingArray()
            : new GrowingObject()
          : isContainer
            ? value === 'array'
              ? new GrowingArray()
              : new GrowingObject()
            : { value: value as JsonValue };
      let next: Growing | undefined;
      if (name === everyItem) {
        if (!(at instanceof GrowingArray)) return;
        const position = positions[star] ?? 0;
        star += 1;
        next = at.items.get(position);
        if (!next) {
          next = make();
          at.items.set(position, next);
        }
      } else {
        if (!(at instanceof GrowingObject)) return;
        next = at.get(name);
        // documents that differ only in their identity are made one after another
        if (!next || (isLast && !isContainer)) {
          next = make();
          at.set(name, next);
        }
      }
      at = next;
    }
  }

  grown(): JsonObject {
    return grown(this.root) as JsonObject;
  }
}

function grown(part: Growing): JsonValue {
  if (part instanceof GrowingObject) return new Map([...part].map(([name, each]) => [name, grown(each)]));
  if (part instanceof GrowingArray) return [...part.items].sort(([a], [b]) => a - b).map(([, each]) => grown(each));
  return part.value;
}

/** The number of texts, numbers and booleans in a document. */
export function countValues(value: JsonValue): number {
  if (typeof value === 'string' || typeof value === 'boolean' || value instanceof JsonNumber) return 1;
  if (isJsonArray(value)) return value.reduce<number>((sum, each) => sum + countValues(each), 0);
  if (value instanceof Map) {
    let sum = 0;
    for (const each of value.values()) sum += countValues(each);
    return sum;
  }
  return 0;
}

/** Whether {@link countValues} is greater than 0. */
export function hasValues(value: JsonValue): boolean {
  if (isJsonArray(value)) return value.some(hasValues);
  if (!(value instanceof Map)) return value !== null;
  for (const each of value.values()) if (hasValues(each)) return true;
  return false;
}

/** A path with positions. */
export function placeAt(path: string, positions: readonly number[]): string {
  if (positions.length === 0) return path;
  let star = 0;
  return path.replace(/\[\*\]/g, () => {
    const position = positions[star] ?? 0;
    star += 1;
    return `[${position}]`;
  });
}
