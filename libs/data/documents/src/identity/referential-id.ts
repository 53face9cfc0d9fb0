import { hash } from 'node:crypto';
import { type QualifiedResourceName, referentialIdNamespace, type ScalarType } from '@dms/model';
import { comparedForm, type TextEquality } from '@dms/values';
import { hashedText } from '../values/stored-value.ts';
import { isAscii, lowerCased, lowerCasedAscii } from './descriptor-case.ts';

const namespace = Buffer.from(referentialIdNamespace.replaceAll('-', ''), 'hex');

/** Holds the namespace and the text that is hashed with it. */
let hashed = Buffer.alloc(1_024, namespace);

/**
 * UUID version 5 of an identity text. A load hashes two or more texts per document, and the library takes twice as long
 * as this: it encodes text character by character and makes an object for each hash.
 */
export function referentialIdOfText(text: string): string {
  // a code unit has at most three bytes
  const room = namespace.length + 3 * text.length;
  if (room > hashed.length) hashed = Buffer.alloc(2 * room, namespace);
  const length = namespace.length + hashed.write(text, namespace.length);
  return nameUuid(hashed.subarray(0, length));
}

/** The UUID of version 5 (RFC 9562) of the bytes of a namespace and the name behind them. */
export function nameUuid(bytes: Uint8Array): string {
  const digits = hash('sha1', bytes, 'hex');
  // the version, and the two bits of the variant
  const variant = ((Number.parseInt(digits.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-5${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

/** The texts of identities of a generation. Identities with equal texts are equal in the database. */
export interface KeyTexts {
  /** The text of a URI. */
  uri(uri: string): string;
  /** The text of another value. */
  scalar(value: string | boolean, type: ScalarType): string;
  /** The form of a text between the others of its identity. */
  part(text: string): string;
  /**
   * Whether the database may regard a part of an identity as equal to one with another text; null if equal identities
   * always have equal texts.
   */
  readonly isInDoubt: ((equality: TextEquality, value: IdentityValue) => boolean) | null;
}

/** The texts that are hashed into stored referential ids (design 07 §9.2, 14a §4.2). */
export const storedTexts: KeyTexts = { uri: lowerCased, scalar: hashedText, part: (text) => text, isInDoubt: null };

/**
 * The texts where the database finds documents by their values (design 22 §4.3). They only join identities that are
 * equal in every database: all others are left to the database. It may join URIs with characters beyond ASCII, and
 * all texts where it does not compare them exactly.
 */
export const valueTexts: KeyTexts = {
  uri: lowerCasedAscii,
  scalar: String,
  part: JSON.stringify,
  isInDoubt: (equality, { kind, raw }) =>
    equality === 'exact' ? kind === 'Descriptor' && !isAscii(String(raw)) : kind === 'Descriptor' || kind === 'String',
};

/**
 * Texts for comparing identities in memory only. URIs ignore letter case, other texts follow `equality`. A database may
 * join more of them, or fewer.
 */
export const memoryTexts = (equality: TextEquality): KeyTexts => ({
  ...valueTexts,
  uri: lowerCased,
  scalar: (value, { kind }) => (kind === 'String' ? comparedForm[equality](String(value)) : String(value)),
});

/** The referential id of a descriptor in a database that stores it; the letter case of its URI does not matter. */
export const descriptorReferentialId = (descriptor: QualifiedResourceName, uri: string) =>
  descriptorId(descriptor, lowerCased(uri));

/** The text of a URI is the only one in the identity of a descriptor (design 14a §4.2). */
const descriptorId = ({ projectName, resourceName }: QualifiedResourceName, text: string) =>
  referentialIdOfText(`${projectName}${resourceName}$.descriptor=${text}`);

/**
 * Referential ids of recent identities. Many documents refer to the same descriptors, schools and sessions, and looking
 * an id up is cheaper than hashing again.
 */
export class ReferentialIds {
  private readonly ids = new Map<string, string>();
  /** The ids of descriptors by their URIs as written, so that not even the text to hash is needed. */
  private readonly descriptors = new Map<QualifiedResourceName, Map<string, string>>();
  private count = 0;
  private readonly texts: KeyTexts;
  private readonly limit: number;

  constructor(texts: KeyTexts, limit = 10_000) {
    this.texts = texts;
    this.limit = limit;
  }

  ofDescriptor(descriptor: QualifiedResourceName, uri: string): string {
    const known = this.descriptors.get(descriptor)?.get(uri);
    if (known !== undefined) return known;
    if (this.count >= this.limit) {
      this.descriptors.clear();
      this.count = 0;
    }
    const id = descriptorId(descriptor, this.texts.uri(uri));
    const ids = this.descriptors.get(descriptor) ?? new Map<string, string>();
    this.descriptors.set(descriptor, ids.set(uri, id));
    this.count += 1;
    return id;
  }

  of(text: string): string {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = referentialIdOfText(text);
    if (this.ids.size >= this.limit) this.ids.clear();
    this.ids.set(text, id);
    return id;
  }
}

/** An element of an identity: its path in the resource, and its text. */
export interface IdentityValue {
  readonly path: string;
  readonly value: string;
  /** The value as the document has it; a descriptor is its URI. */
  readonly raw: string | boolean;
  readonly kind: ScalarType['kind'] | 'Descriptor';
}

/** An identity by which a document is looked up. */
export interface SoughtIdentity {
  /** Identifies the identity in results, whether or not the database stores it. */
  readonly referentialId: string;
  readonly resource: QualifiedResourceName;
  readonly identity: () => readonly IdentityValue[];
}

/** The identity of a descriptor is its URI in lower case. */
export const descriptorIdentity =
  (uri: string): SoughtIdentity['identity'] =>
  () => [{ path: '$.descriptor', value: lowerCased(uri), raw: uri, kind: 'Descriptor' }];
