import { resourceLabel } from '@dms/api-schema';
import type { JsonObject } from '@dms/canonical-json';
import type { QualifiedResourceName } from '@dms/model';
import { generations } from '../generations.ts';
import type { DocumentPlans } from '../resource-plans.ts';
import { hashedText, storedValue } from '../values/stored-value.ts';
import { ownIdentity } from './identity-sources.ts';
import { lowerCased, referentialIdOfText } from './referential-id.ts';

/**
 * The referential id of a key in the form of recorded changes (design 17 §8): values by path without `$.`, and a descriptor as its URI. Null
 * if the key lacks a value, or has one that no document can have.
 */
export function keyReferentialId(all: DocumentPlans, resource: QualifiedResourceName, key: JsonObject): string | null {
  if (!all.labels.includes(resourceLabel(resource))) {
    const uri = key.get('descriptor');
    return typeof uri === 'string' ? all.referentialIds.ofDescriptor(resource, uri) : null;
  }
  const { own } = ownIdentity(all.of(resource));
  let text = '';
  for (const part of own) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const value = key.get(part.path.canonical.replace(/^\$\./, ''));
    if (value === undefined || value === null) return null;
    if (part.value === 'descriptor') {
      if (typeof value !== 'string') return null;
      text += lowerCased(value);
      continue;
    }
    const stored = storedValue(value, part.scalarType, all.dialect, generations[all.version].values);
    if (stored.fault !== undefined) return null;
    text += hashedText(stored.value, part.scalarType);
  }
  return referentialIdOfText(text);
}
