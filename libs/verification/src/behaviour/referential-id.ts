import { identityBlocks, namePartsOf, referentialIdNamespace } from '@dms/ddl';
import { finiteText } from '@dms/documents';
import type { ReferentialIdentityTrigger } from '@dms/inventory';
import type { IdentityElement } from '@dms/model';
import { v5 } from 'uuid';
import type { RowText } from '../verification-dialect.ts';

/**
 * UUID version 5 of a name. The namespace is passed as bytes: the namespace of the referential ids has no variant bits,
 * and the package does not accept such a text.
 */
export function uuidOf(namespace: string, name: string): string {
  return v5(name, Buffer.from(namespace.replaceAll('-', ''), 'hex'));
}

/** A number as text, or a time, without the zeros at the end of its fraction. */
export const withoutTrailingZeros = (text: string) =>
  text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '').replace(/^-0$/, '0') : text;

/** What generations write differently in a hashed name. */
export interface IdentityTexts {
  identityTime(shown: string): string;
  /** Whether an infinite date or date-time has a referential id. */
  readonly takesInfinity?: boolean;
  /** Whether an infinite date or date-time is hashed as the engine shows it, not as the moment that it stands for. */
  readonly hashesInfinity?: boolean;
}

/**
 * What the triggers of the service's own tool hash where ours hash something else (design 16 §6.4): `infinity` on
 * PostgreSQL, and times without their fraction on SQL Server.
 */
export const serviceTexts: IdentityTexts = {
  identityTime: (shown) => shown.slice(0, 'HH:MM:SS'.length),
  hashesInfinity: true,
};

const isInfinite = (shown: string) => shown.endsWith('infinity');

/** The text of a value in a hashed name (design 07 §9.2), from the text in which the engine shows it. */
function valueText(
  { scalarType, isDescriptor }: IdentityElement,
  shown: string,
  uris: ReadonlyMap<string, string>,
  { identityTime, hashesInfinity = false }: IdentityTexts,
): string {
  if (isDescriptor) return (uris.get(shown) ?? '').toLowerCase();
  if (hashesInfinity && isInfinite(shown) && scalarType.kind !== 'String') return shown;
  switch (scalarType.kind) {
    case 'String':
    case 'Int32':
    case 'Int64':
      return shown;
    case 'Decimal':
      return withoutTrailingZeros(shown);
    case 'Boolean':
      return shown === 'true' || shown === '1' ? 'true' : 'false';
    case 'Date':
      return finiteText(shown, 'Date').slice(0, 'YYYY-MM-DD'.length);
    case 'Time':
      return identityTime(shown);
    case 'DateTime':
      return `${finiteText(shown, 'DateTime').slice(0, 'YYYY-MM-DDTHH:MM:SS'.length).replace(' ', 'T')}Z`;
  }
}

/** A row of `dms.ReferentialIdentity`: which document has which id. */
export interface ReferentialRow {
  readonly referentialId: string;
  readonly documentId: string;
  readonly resourceKeyId: string;
}

/**
 * The rows of `dms.ReferentialIdentity` that a row of a root table requires: its own and, for a subclass, the row of
 * the superclass. `uris` has the descriptors by document id.
 */
export function referentialRows(
  trigger: ReferentialIdentityTrigger,
  documentId: string,
  row: RowText,
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
