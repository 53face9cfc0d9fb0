import { labelledResource, valueAt } from '@dms/api-schema';
import { type DocumentPlans, nameUuid, referentialIdOfText } from '@dms/documents';
import { namePartsOf } from '@dms/model';
import { compareOrdinal, type JsonObject } from '@dms/values';
import { valueText } from '../compile/conversion.ts';
import type { ResourcePlaces, SetPlaces } from '../places/set-places.ts';

/** The texts of the present parts of the identity of a document, by path (design 07 §9.2). */
export function knownTexts(
  plans: DocumentPlans,
  places: ResourcePlaces,
  document: JsonObject,
): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const path of places.identity) {
    const leaf = places.places.get(path)?.leaf;
    const value = valueAt(document, path);
    const text = leaf && value !== undefined ? valueText(plans, leaf, value) : undefined;
    if (text !== undefined) texts.set(path, text);
  }
  return texts;
}

/** The texts of all parts of the identity; null if the document lacks a part. */
export function identityTexts(
  plans: DocumentPlans,
  places: ResourcePlaces,
  document: JsonObject,
): ReadonlyMap<string, string> | null {
  const texts = knownTexts(plans, places, document);
  return texts.size === places.identity.length ? texts : null;
}

/** The identity with these texts by path, in a concrete or an abstract resource. */
function namedIdentity(plans: DocumentPlans, label: string, texts: ReadonlyMap<string, string>): string | null {
  let text = '';
  for (const part of namePartsOf(plans.identityOf(labelledResource(label)))) {
    const own = part.kind === 'text' ? part.text : texts.get(part.element.identityJsonPath.canonical);
    if (own === undefined) return null;
    text += part.kind === 'text' ? own : plans.texts.part(own);
  }
  return referentialIdOfText(text);
}

/** The identities by which references find a document: its own, and the one of its superclass. */
export function identitiesOf(set: SetPlaces, places: ResourcePlaces, texts: ReadonlyMap<string, string>): string[] {
  const own = namedIdentity(set.plans, places.label, texts);
  const found = own === null ? [] : [own];
  const general = places.superclass === null ? undefined : set.resources.get(places.superclass);
  if (!general) return found;
  const [onlyHere] = places.identity;
  const [onlyThere] = general.identity;
  const renamed =
    general.identity.length === 1 && places.identity.length === 1 && onlyHere !== undefined && onlyThere !== undefined
      ? new Map([[onlyThere, texts.get(onlyHere) ?? '']])
      : texts;
  const superclass = namedIdentity(set.plans, general.label, renamed);
  return superclass === null ? found : [...found, superclass];
}

/** The text of an identity: paths in ordinal order with their values. */
export const identityText = (label: string, texts: ReadonlyMap<string, string>): string =>
  `${label}|${[...texts]
    .sort(([a], [b]) => compareOrdinal(a, b))
    .map(([path, text]) => `${path}=${text}`)
    .join('#')}`;

const namespace = Buffer.from('6d0f3b2a3c5e5b0e9f2e2b7b6a1c7d11', 'hex');

/** The uuid of a new document: UUID version 5 of the text of its identity (design 20 §3). */
export const newUuid = (text: string): string => nameUuid(Buffer.concat([namespace, Buffer.from(text)]));
