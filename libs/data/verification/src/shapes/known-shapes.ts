import { compareOrdinal, groupBy, sha256Hex } from '@dms/values';
import type { ShapeMember } from './representatives.ts';

/*
 * Shapes that an earlier run has proved (design 09b §2.6). A key is the hash of all that a trial of a shape depends on, so
 * a shape with another text, another fact or another reading, or on another engine, is not known.
 */

/** The keys of earlier runs, and what made them. */
export interface KnownShapes {
  /** The build of the product. Another build may have other checks. */
  readonly version: string;
  /** Keys of shapes and classes; a key of a whole run is followed by what the run counted. */
  readonly keys: ReadonlySet<string>;
}

/** The number of hex digits of a key. */
const keyLength = 64;

/** Derives keys of shapes. They differ for other checks, for another engine, and for a set with other keys. */
export class ShapeKeys {
  /** The hash of what all keys share: the keys of a set are a text of megabytes. */
  private readonly maker: string;
  /** What follows each key. */
  private readonly known: ReadonlyMap<string, string>;

  constructor({ version, keys }: KnownShapes, ...surroundings: readonly string[]) {
    this.maker = sha256Hex(JSON.stringify([version, ...surroundings]));
    this.known = new Map([...keys].map((key) => [key.slice(0, keyLength), key.slice(keyLength)]));
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

  /** The key of the documents and views of a resource. */
  ofDocuments(dependsOn: string): string {
    return this.keyOf('documents', dependsOn);
  }

  isKnown(key: string): boolean {
    return this.known.has(key);
  }

  /** The key of a run of a script, with what it counted; the hash between them shows that the counts are whole. */
  ofRun(input: string, counts: string): string {
    return `${this.keyOf('run', input)} ${this.keyOf('counts', counts)} ${counts}`;
  }

  /** What an earlier run of a script has counted; null if there was none. */
  countsOfRun(input: string): string | null {
    const key = this.keyOf('run', input);
    const rest = this.known.get(key) ?? '';
    const counts = rest.slice(keyLength + 2);
    return key + rest === this.ofRun(input, counts) ? counts : null;
  }

  private keyOf(kind: string, content: string): string {
    return sha256Hex(JSON.stringify([this.maker, kind, content]));
  }
}

/** Without known shapes. */
export const noKeys = new ShapeKeys({ version: '', keys: new Set() });
