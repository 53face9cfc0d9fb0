import { labelledResource } from '@dms/api-schema';
import { isJsonArray, type JsonObject, type JsonValue } from '@dms/values';
import type { CompiledTranslation } from '../compile/compile-translation.ts';
import { comparedText } from '../compile/conversion.ts';
import { pathName } from '../places/place-name.ts';
import type { Place } from '../places/set-places.ts';

interface Conflict {
  readonly place: string;
  readonly values: JsonValue[];
}

interface TellingPaths {
  /** The paths whose values distinguish the items of a collection; null if all values do. */
  readonly paths: ReadonlySet<string> | null;
}

/** Unites documents that have the same identity, in their order (design 20 §2.3). */
export class Union {
  readonly document: Map<string, JsonValue> = new Map();
  readonly conflicts = new Map<string, Conflict>();
  private readonly places: ReadonlyMap<string, Place>;
  private readonly all: CompiledTranslation;
  private readonly resource: string;
  /** By the path of the collection. */
  private readonly tellingPaths = new Map<string, TellingPaths>();

  constructor(all: CompiledTranslation, resource: string) {
    this.all = all;
    this.resource = resource;
    this.places = all.after.resources.get(resource)?.places ?? new Map();
  }

  add(document: JsonObject): void {
    this.object(this.document, document, '$', '$');
  }

  private object(into: Map<string, JsonValue>, from: JsonObject, path: string, at: string): void {
    for (const [name, value] of from) {
      const known = into.get(name);
      const [own, ownAt] = [`${path}.${name}`, `${at}.${name}`];
      if (isJsonArray(value)) {
        const items = isJsonArray(known) ? [...known] : [];
        into.set(name, this.items(items, value, `${own}[*]`, ownAt));
      } else if (value instanceof Map) {
        const next = known instanceof Map ? known : new Map<string, JsonValue>();
        into.set(name, next);
        this.object(next, value, own, ownAt);
      } else if (known === undefined) into.set(name, value);
      else this.compare(known, value, own, ownAt);
    }
  }

  private compare(known: JsonValue, value: JsonValue, path: string, at: string): void {
    const place = this.places.get(path);
    const text = comparedText(this.all.after, place, value);
    if (comparedText(this.all.after, place, known) === text) return;
    const conflict = this.conflicts.get(at) ?? { place: pathName(this.resource, at), values: [known] };
    this.conflicts.set(at, conflict);
    if (!conflict.values.some((each) => comparedText(this.all.after, place, each) === text))
      conflict.values.push(value);
  }

  private items(into: JsonValue[], from: readonly JsonValue[], path: string, at: string): JsonValue[] {
    const known = new Map(into.map((item, index) => [this.itemText(item, path), index]));
    for (const item of from) {
      const index = known.get(this.itemText(item, path));
      const same = index === undefined ? undefined : into[index];
      if (same instanceof Map && item instanceof Map) this.object(same, item, path, `${at}[${index}]`);
      else if (same === undefined) into.push(item instanceof Map ? copied(item) : item);
    }
    return into;
  }

  /** The text that distinguishes an item: the values of a uniqueness constraint or of a reference, or all values. */
  private itemText(item: JsonValue, path: string): string {
    if (!(item instanceof Map)) return comparedText(this.all.after, this.places.get(path), item);
    const telling = this.tellingPaths.get(path) ?? this.pathsThatTell(path);
    this.tellingPaths.set(path, telling);
    return this.texts(item, path, telling.paths);
  }

  private pathsThatTell(path: string): TellingPaths {
    const { shape } = this.all.after.plans.of(labelledResource(this.resource));
    const table = shape.tables.find((each) => each.scope.path === path);
    const unique = table?.uniques.find(({ parts }) => parts.some(({ kind }) => kind !== 'ordinal'));
    const leaves = unique?.parts.flatMap((part) => {
      if (part.kind === 'leaf') return table?.leaves[part.slot] ?? [];
      if (part.kind === 'reference') return table?.references[part.index]?.parts.map(({ leaf }) => leaf) ?? [];
      return [];
    });
    return { paths: leaves ? new Set(leaves.map((leaf) => leaf.path)) : null };
  }

  private texts(item: JsonObject, path: string, only: ReadonlySet<string> | null): string {
    const found: string[] = [];
    const visit = (value: JsonValue, own: string) => {
      if (value instanceof Map) for (const [name, each] of value) visit(each, `${own}.${name}`);
      else if (isJsonArray(value)) for (const each of value) visit(each, `${own}[*]`);
      else if (value !== null && (only === null || only.has(own)))
        found.push(JSON.stringify([own, comparedText(this.all.after, this.places.get(own), value)]));
    };
    visit(item, path);
    return found.sort().join();
  }
}

const copied = (value: JsonObject): JsonObject =>
  new Map([...value].map(([name, each]) => [name, each instanceof Map ? copied(each) : each]));
