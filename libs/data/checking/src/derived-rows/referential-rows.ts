import { identityBlocks } from '@dms/ddl';
import { finiteText } from '@dms/documents';
import type { ReferentialIdentityTrigger } from '@dms/inventory';
import { type IdentityElement, namePartsOf, referentialIdNamespace } from '@dms/model';
import { kindFacts } from '@dms/sql';
import { v5 } from 'uuid';

/** A row of `dms.ReferentialIdentity`: a document and its referential id. */
export interface ReferentialRow {
  readonly referentialId: string;
  readonly documentId: string;
  readonly resourceKeyId: string;
}

/** UUID version 5 of a name; the namespace is passed as bytes, because the package refuses ours as a text. */
export function uuidOf(namespace: string, name: string): string {
  return v5(name, Buffer.from(namespace.replaceAll('-', ''), 'hex'));
}

/** A number as text, or a time, without the zeros at the end of its fraction. */
export const withoutTrailingZeros = (text: string) =>
  text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '').replace(/^-0$/, '0') : text;

/** The differences between the generations in hashed names. */
export interface IdentityTexts {
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
export const serviceTexts: IdentityTexts = {
  identityTime: (shown) => shown.slice(0, 'HH:MM:SS'.length),
  hashesInfinity: true,
};

/**
 * The rows of `dms.ReferentialIdentity` that a row of a root table requires: its own and, for a subclass, the row of
 * the superclass. `uris` has the URIs of descriptors by document id.
 */
export function referentialRows(
  trigger: ReferentialIdentityTrigger,
  {
    documentId,
    values: row,
  }: { readonly documentId: string; readonly values: Readonly<Record<string, string | null>> },
  uris: ReadonlyMap<string, string>,
  texts: IdentityTexts,
): ReferentialRow[] {
  return identityBlocks(trigger).map((block) => {
    const name = namePartsOf(block)
      .map((part) =>
        part.kind === 'text' ? part.text : valueText(part.element, row[part.element.column] ?? '', uris, texts),
      )
      .join('');
    return {
      referentialId: uuidOf(referentialIdNamespace, name),
      documentId,
      resourceKeyId: String(block.resourceKeyId),
    };
  });
}

/** The text of a value in a hashed name (design 07 §9.2), from the text that the engine shows. */
function valueText(
  { scalarType, isDescriptor }: IdentityElement,
  shown: string,
  uris: ReadonlyMap<string, string>,
  { identityTime, hashesInfinity = false }: IdentityTexts,
): string {
  if (isDescriptor) return (uris.get(shown) ?? '').toLowerCase();
  const form = kindFacts[scalarType.kind].textForm;
  if (hashesInfinity && isInfinite(shown) && form !== 'text') return shown;
  switch (form) {
    case 'text':
    case 'integer':
      return shown;
    case 'decimal':
      return withoutTrailingZeros(shown);
    case 'boolean':
      return shown === 'true' || shown === '1' ? 'true' : 'false';
    case 'date':
      return finiteText(shown, 'Date').slice(0, 'YYYY-MM-DD'.length);
    case 'time':
      return identityTime(shown);
    case 'dateTime':
      return `${finiteText(shown, 'DateTime').slice(0, 'YYYY-MM-DDTHH:MM:SS'.length).replace(' ', 'T')}Z`;
  }
}

const isInfinite = (shown: string) => shown.endsWith('infinity');
