import type { QualifiedResourceName } from '@dms/model';
import { lowerCased } from './referential-id.ts';

/** An element of an identity: its path in the resource, and the text that is hashed. */
export interface IdentityValue {
  readonly path: string;
  readonly value: string;
}

/** An identity by which a document is looked up. */
export interface SoughtIdentity {
  /** Names the identity in answers, whether or not the database stores it. */
  readonly referentialId: string;
  readonly resource: QualifiedResourceName;
  readonly identity: () => readonly IdentityValue[];
}

/** The identity of a descriptor is its URI in lower case. */
export const descriptorIdentity =
  (uri: string): SoughtIdentity['identity'] =>
  () => [{ path: '$.descriptor', value: lowerCased(uri) }];
