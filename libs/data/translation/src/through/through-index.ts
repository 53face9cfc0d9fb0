import { compareBy, type JsonObject, type JsonValue } from '@dms/files';
import type { CompiledTranslation } from '../compile/compile-translation.ts';
import { comparedText, valueText } from '../compile/conversion.ts';
import type { ThroughPlaces } from '../compile/new-identity.ts';
import type { Place } from '../places/set-places.ts';
import type { EarlierDocument } from '../translate/draft.ts';
import { valueAt } from '../translate/growing-document.ts';

type Found = ReadonlyMap<string, JsonValue>;

interface Index {
  readonly list: ThroughPlaces;
  /** Different identities by the texts of `where`. */
  readonly found: Map<string, Map<string, Found>>;
}

/** What `through` finds: identities by the values that documents have in common (design 20 §2.3). */
export class ThroughIndex {
  private readonly all: CompiledTranslation;
  private readonly byEntry: readonly (readonly Index[])[];
  private readonly byResource = new Map<string, Index[]>();

  constructor(all: CompiledTranslation) {
    this.all = all;
    const lists = new Map<unknown, Index>();
    this.byEntry = all.newIdentities.map((identity) =>
      identity.through.map((list) => {
        const known = lists.get(list);
        if (known) return known;
        const index: Index = { list, found: new Map() };
        lists.set(list, index);
        this.byResource.set(list.resource, [...(this.byResource.get(list.resource) ?? []), index]);
        return index;
      }),
    );
  }

  private key(places: readonly Place[], document: JsonObject): string | null {
    const texts: string[] = [];
    for (const place of places) {
      const value = valueAt(document, place.path);
      const text = value === undefined || !place.leaf ? undefined : valueText(this.all.before.plans, place.leaf, value);
      if (text === undefined) return null;
      texts.push(text);
    }
    return JSON.stringify(texts);
  }

  /** Remembers an earlier document that may be asked for. */
  add({ resource, document }: EarlierDocument): void {
    for (const { list, found } of this.byResource.get(resource) ?? []) {
      const key = this.key(
        list.where.map(({ there }) => there),
        document,
      );
      if (key === null) continue;
      const identity = new Map<string, JsonValue>();
      const texts: string[] = [];
      for (const { to, from, conversion } of list.identity) {
        const value = valueAt(document, from.path);
        const later = value === undefined ? undefined : conversion.convert(value);
        if (value === undefined || later === undefined) break;
        identity.set(to, later);
        texts.push(comparedText(this.all.before, from, value));
      }
      if (identity.size < list.identity.length) continue;
      const known = found.get(key) ?? new Map<string, Found>();
      found.set(key, known);
      const text = JSON.stringify(texts);
      if (!known.has(text)) known.set(text, identity);
    }
  }

  /** The identities of the first list under which documents are found, in the order of their texts. */
  find(entry: number, document: JsonObject): readonly Found[] | null {
    for (const { list, found } of this.byEntry[entry] ?? []) {
      const key = this.key(
        list.where.map(({ here }) => here),
        document,
      );
      const known = key === null ? undefined : found.get(key);
      if (known && known.size > 0) return [...known].sort(compareBy(([text]) => text)).map(([, identity]) => identity);
    }
    return null;
  }
}
