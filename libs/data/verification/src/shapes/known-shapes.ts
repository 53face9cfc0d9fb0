import { compareOrdinal, groupBy, sha256Hex } from '@dms/values';
import type { ShapeMember } from './representatives.ts';

/*
 * Shapes that an earlier run has proved (design 09b §2.6). A key is the hash of all that a trial of a shape depends on, so
 * a shape with another text, another fact or another reading, or on another engine, is not known.
 */

/** The keys of an earlier run, and what made them. */
export interface KnownShapes {
  /** The build of the product. Another build may have other checks. */
  readonly version: string;
  readonly keys: ReadonlySet<string>;
}

/** Derives keys of shapes. They differ for other checks, for another engine, and for a set with other keys. */
export class ShapeKeys {
  /** The hash of what all keys share: the keys of a set are a text of megabytes. */
  private readonly maker: string;
  private readonly known: ReadonlySet<string>;

  constructor({ version, keys }: KnownShapes, ...surroundings: readonly string[]) {
    this.maker = sha256Hex(JSON.stringify([version, ...surroundings]));
    this.known = keys;
  }

  /** The key of the shape of some tables: of its text, and of the facts that hold for each reading. */
  ofTriggers(shape: string, members: readonly ShapeMember[]): string {
    const alike = [...groupBy(members, ({ readings }) => JSON.stringify(readings.map((each) => [...each].sort())))];
    const facts = alike
      .map(([readings, some]) => [readings, [...new Set(some.flatMap((each) => [...each.facts]))].sort()] as const)
      .sort(([left], [right]) => compareOrdinal(left, right));
    return this.keyOf('triggers', JSON.stringify([shape, facts]));
  }

  /** The key of a class of columns, keys or checks. */
  ofClass(name: string): string {
    return this.keyOf('class', name);
  }

  isKnown(key: string): boolean {
    return this.known.has(key);
  }

  private keyOf(kind: string, content: string): string {
    return sha256Hex(JSON.stringify([this.maker, kind, content]));
  }
}

/** Without known shapes. */
export const noKeys = new ShapeKeys({ version: '', keys: new Set() });
