import { resourceLabel } from '@dms/api-schema';
import type { JsonObject } from '@dms/files';
import type { QualifiedResourceName } from '@dms/model';
import { generations } from '../generations.ts';
import type { DocumentPlans } from '../resource-plans.ts';
import { hashedText, storedValue } from '../values/stored-value.ts';
import { ownIdentity } from './identity-sources.ts';
import { lowerCased, referentialIdOfText } from './referential-id.ts';
import { descriptorIdentity, type IdentityValue, type SoughtIdentity } from './sought-identity.ts';

/**
 * The identity that a key names in the form of recorded changes (design 17 §8): values by path without `$.`, and a
 * descriptor as its URI. Null if the key lacks a value, or has one that no document can have.
 */
export function keyIdentity(
  all: DocumentPlans,
  resource: QualifiedResourceName,
  key: JsonObject,
): SoughtIdentity | null {
  if (!all.labels.includes(resourceLabel(resource))) {
    const uri = key.get('descriptor');
    if (typeof uri !== 'string') return null;
    return {
      referentialId: all.referentialIds.ofDescriptor(resource, uri),
      resource,
      identity: descriptorIdentity(uri),
    };
  }
  const { own } = ownIdentity(all.of(resource));
  const values: IdentityValue[] = [];
  let text = '';
  for (const part of own.parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const { path } = part;
    const value = key.get(path.replace(/^\$\./, ''));
    if (value === undefined || value === null) return null;
    if (part.value === 'descriptor') {
      if (typeof value !== 'string') return null;
      values.push({ path, value: lowerCased(value) });
      text += lowerCased(value);
      continue;
    }
    const stored = storedValue(value, part.scalarType, all.dialect, generations[all.version].values);
    if (stored.fault !== undefined) return null;
    const hashed = hashedText(stored.value, part.scalarType);
    values.push({ path, value: hashed });
    text += hashed;
  }
  return { referentialId: referentialIdOfText(text), resource, identity: () => values };
}
