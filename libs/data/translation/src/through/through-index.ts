import { valueAt } from '@dms/api-schema';
import { referentialIdOfText } from '@dms/documents';
import { compareBy, isJsonArray, type JsonObject, type JsonValue } from '@dms/values';
import type { CompiledTranslation } from '../compile/compile-translation.ts';
import { comparedText, valueText } from '../compile/conversion.ts';
import type { ThroughPlaces } from '../compile/new-identity.ts';
import type { Place } from '../places/set-places.ts';
import type { HashFile } from '../store/hash-file.ts';
import { shortId } from '../store/id-shares.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { RecordFolder } from '../store/record-folder.ts';
import type { EarlierDocument } from '../translate/draft.ts';

interface FoundIdentities {
  readonly list: ThroughPlaces;
  /** Identities, each with the texts of `where` and its own text. */
  readonly records: RecordFile;
  /** The numbers of the identities by the texts of `where`. */
  readonly hashes: HashFile;
}

/** The hash of a text; other texts may have the same one. */
const hashOf = (text: string): string => shortId(referentialIdOfText(text)).slice(0, 8);

/**
 * The identities that `through` finds by the values that documents have in common (design 20 §2.3). They are stored in
 * files.
 */
export class ThroughIndex {
  private readonly all: CompiledTranslation;
  private readonly byEntry: readonly (readonly FoundIdentities[])[];
  private readonly byResource = new Map<string, FoundIdentities[]>();

  constructor(all: CompiledTranslation, folder: RecordFolder, bufferLimit: number) {
    this.all = all;
    const lists = new Map<unknown, FoundIdentities>();
    this.byEntry = all.newIdentities.map((identity) =>
      identity.through.map((list) => {
        const known = lists.get(list);
        if (known) return known;
        const index: FoundIdentities = { list, records: folder.records(bufferLimit), hashes: folder.hashes() };
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
      const text = value === undefined || !place.leaf ? undefined : valueText(this.all.before.exact, place.leaf, value);
      if (text === undefined) return null;
      texts.push(text);
    }
    return JSON.stringify(texts);
  }

  /** Stores the identity of an earlier document that `through` may find. */
  add({ resource, document }: EarlierDocument): void {
    for (const { list, records, hashes } of this.byResource.get(resource) ?? []) {
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
      const text = JSON.stringify(texts);
      hashes.add(hashOf(key), {
        of: hashOf(text),
        number: records.add({ facts: [key, text], document: identity }),
      });
    }
  }

  /** The identities from the first list that finds any document, in the order of their texts. */
  find(entry: number, document: JsonObject): readonly JsonObject[] | null {
    for (const { list, records, hashes } of this.byEntry[entry] ?? []) {
      const key = this.key(
        list.where.map(({ here }) => here),
        document,
      );
      if (key === null) continue;
      // only one of several equal identities is read
      const numbers = new Map<string, number>();
      for (const { of, number } of hashes.find(hashOf(key))) if (!numbers.has(of)) numbers.set(of, number);
      const found = [...numbers.values()].flatMap((number) => {
        const { facts, document: identity } = records.at(number);
        const [ownKey, text] = isJsonArray(facts) ? facts : [];
        return ownKey === key ? [{ text: String(text), identity }] : [];
      });
      if (found.length > 0) return found.sort(compareBy(({ text }) => text)).map(({ identity }) => identity);
    }
    return null;
  }
}
