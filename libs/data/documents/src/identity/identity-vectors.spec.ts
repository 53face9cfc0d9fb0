import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ScalarType } from '@dms/model';
import { documentRulesOf } from '@dms/plans';
import { JsonNumber, type JsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { hashedText, storedValue } from '../values/stored-value.ts';
import { lowerCased } from './descriptor-case.ts';
import { descriptorReferentialId, referentialIdOfText } from './referential-id.ts';

/* The identities of `fixtures/clients/identities.json`, with which clients in other languages are tested. */

interface IdentityVector {
  readonly about: string;
  readonly resource: { readonly projectName: string; readonly resourceName: string };
  readonly parts: readonly { readonly path: string; readonly form: string; readonly value: string }[];
  readonly text: string;
  readonly referentialId: string;
}

const file = path.resolve(import.meta.dirname, '../../../../../fixtures/clients/identities.json');
const vectors: readonly IdentityVector[] = JSON.parse(readFileSync(file, 'utf8'));

const kinds: Readonly<Record<string, ScalarType['kind']>> = {
  text: 'String',
  integer: 'Int64',
  decimal: 'Decimal',
  boolean: 'Boolean',
  date: 'Date',
  dateTime: 'DateTime',
  time: 'Time',
};

const json = (value: string, kind: ScalarType['kind']): JsonValue => {
  if (kind === 'Boolean') return value === 'true';
  return ['Int64', 'Decimal'].includes(kind) ? new JsonNumber(value) : value;
};

function textOf({ form, value }: IdentityVector['parts'][number]): string {
  const kind = kinds[form];
  if (kind === undefined) return lowerCased(value);
  const type = { kind, maxLength: null, decimal: null };
  const stored = storedValue(json(value, kind), type, 'pgsql', documentRulesOf('v1').values);
  return stored.reason ?? hashedText(stored.value, type);
}

describe('the identity of', () => {
  it.each(vectors)('$about', ({ resource, parts, text, referentialId }) => {
    const elements = parts.map((part) => `${part.path}=${textOf(part)}`).join('#');
    expect(`${resource.projectName}${resource.resourceName}${elements}`).toBe(text);
    expect(referentialIdOfText(text)).toBe(referentialId);
    const [only] = parts;
    if (only?.path === '$.descriptor') expect(descriptorReferentialId(resource, only.value)).toBe(referentialId);
  });

  it('every form of a value is among them', () => {
    const forms = new Set(vectors.flatMap(({ parts }) => parts.map(({ form }) => form)));
    expect(forms).toEqual(new Set([...Object.keys(kinds), 'descriptor']));
  });
});
