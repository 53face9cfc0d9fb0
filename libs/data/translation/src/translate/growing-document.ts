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

  /** Sets the value of a place. */
  set(path: string, positions: readonly number[], value: JsonValue): void {
    // documents that differ only in their identity are made one after another
    this.put(path, positions, () => ({ value }), true);
  }

  /** Keeps an object or array at a place, also if no value arrives in it. */
  keep(path: string, positions: readonly number[], kind: 'object' | 'array'): void {
    this.put(path, positions, () => (kind === 'array' ? new GrowingArray() : new GrowingObject()), false);
  }

  private put(path: string, positions: readonly number[], make: () => Growing, replaces: boolean): void {
    const names = pathSteps(path);
    const within = (index: number) => () => (names[index + 1] === everyItem ? new GrowingArray() : new GrowingObject());
    let at: Growing = this.root;
    let star = 0;
    for (const [index, name] of names.entries()) {
      const isLast = index === names.length - 1;
      const makePart = isLast ? make : within(index);
      if (name === everyItem) {
        if (!(at instanceof GrowingArray)) return;
        at = kept(at.items, positions[star] ?? 0, makePart);
        star += 1;
      } else {
        if (!(at instanceof GrowingObject)) return;
        if (isLast && replaces) {
          at.set(name, make());
          return;
        }
        at = kept(at, name, makePart);
      }
    }
  }

  grown(): JsonObject {
    return grown(this.root) as JsonObject;
  }
}

/** The part with a key, which is made if there is none. */
function kept<Key>(parts: Map<Key, Growing>, key: Key, make: () => Growing): Growing {
  const part = parts.get(key) ?? make();
  parts.set(key, part);
  return part;
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
