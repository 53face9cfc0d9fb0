import {
  type IdentityBlock,
  type IdentityElement,
  namePartsOf,
  referentialIdNamespace,
  type ScalarType,
} from '@dms/model';
import { kindFacts } from '@dms/sql';
import { v5 } from 'uuid';

/*
 * Referential ids as this program computes them, because the function of the database and its rules for letter case may
 * be wrong (design 07 §9.2, 16 §6.4).
 */

/** A row of `dms.ReferentialIdentity`: a document and its referential id. */
export interface ReferentialRow {
  readonly referentialId: string;
  readonly documentId: string;
  readonly resourceKeyId: string;
}

/** The values of a row by column, as the engine shows them. */
export type ShownValues = Readonly<Record<string, string | null>>;

/** A row of a root table. */
export interface ShownRow {
  readonly documentId: string;
  readonly values: ShownValues;
}

/** The differences between the generations in hashed names. */
export interface HashedTexts {
  identityTime(shown: string): string;
  /** Whether an infinite date or date-time has a referential id. */
  readonly takesInfinity?: boolean;
  /** Whether an infinite date or date-time is hashed as the engine shows it, not as the moment that it represents. */
  readonly hashesInfinity?: boolean;
}

/**
 * The texts that the triggers of the service's own tool hash differently from ours (design 16 §6.4): `infinity` on
 * PostgreSQL, and times without their fraction on SQL Server.
 */
export const serviceTexts: HashedTexts = {
  identityTime: (shown) => shown.slice(0, 'HH:MM:SS'.length),
  hashesInfinity: true,
};

/** The moments that infinite dates and date-times stand for, as a hashed name has them. */
export const endsOfTime = {
  Date: ['0001-01-01', '9999-12-31'],
  DateTime: ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'],
} as const satisfies Partial<Record<ScalarType['kind'], readonly [first: string, last: string]>>;

/** UUID version 5 of a name; the namespace is passed as bytes, because the package refuses ours as a text. */
export function uuidOf(namespace: string, name: string): string {
  return v5(name, Buffer.from(namespace.replaceAll('-', ''), 'hex'));
}

/** The row of `dms.ReferentialIdentity` that a row of a root table requires for an identity. */
export function referentialRow(
  block: IdentityBlock,
  { documentId, values }: ShownRow,
  uris: ReadonlyMap<string, string>,
  texts: HashedTexts,
): ReferentialRow {
  const parts = namePartsOf(block).map((part) =>
    part.kind === 'text' ? part.text : valueText(part.element, values[part.element.column] ?? '', uris, texts),
  );
  return {
    referentialId: uuidOf(referentialIdNamespace, parts.join('')),
    documentId,
    resourceKeyId: String(block.resourceKeyId),
  };
}

/** The text of a value in a hashed name (design 07 §9.2), from the text that the engine shows. */
function valueText(
  { scalarType: { kind }, isDescriptor }: IdentityElement,
  shown: string,
  uris: ReadonlyMap<string, string>,
  { identityTime, hashesInfinity = false }: HashedTexts,
): string {
  if (isDescriptor) return (uris.get(shown) ?? '').toLowerCase();
  if ((kind === 'Date' || kind === 'DateTime') && shown.endsWith('infinity')) {
    const [first, last] = endsOfTime[kind];
    return hashesInfinity ? shown : shown.startsWith('-') ? first : last;
  }
  switch (kindFacts[kind].textForm) {
    case 'text':
    case 'integer':
      return shown;
    case 'decimal':
      return withoutTrailingZeros(shown);
    case 'boolean':
      return shown === 'true' || shown === '1' ? 'true' : 'false';
    case 'date':
      return shown.slice(0, 'YYYY-MM-DD'.length);
    case 'time':
      return identityTime(shown);
    case 'dateTime':
      return `${shown.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length).replace(' ', 'T')}Z`;
  }
}

/** A number as text, or a time, without the zeros at the end of its fraction. */
export const withoutTrailingZeros = (text: string) =>
  text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '').replace(/^-0$/, '0') : text;
