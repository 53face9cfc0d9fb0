import type { IdentityElement } from '@dms/model';
import type { IdentityTexts } from '../body-renderer.ts';
import { descriptorTable, literal, q } from './body-text.ts';

/** The text of an identity value, equal in both dialects and independent of session settings (design 07 §9.2). */
export function identityText(
  { column, scalarType, isDescriptor }: IdentityElement,
  row: string,
  texts: IdentityTexts,
): string {
  const value = `${row}.${q(column)}`;
  if (isDescriptor) {
    return `(SELECT pg_catalog.lower(d.${q('Uri')}) FROM ${descriptorTable} AS d WHERE d.${q('DocumentId')} = ${value})`;
  }
  switch (scalarType.kind) {
    case 'String':
      return value;
    case 'Int32':
    case 'Int64':
    case 'Boolean':
      return `${value}::pg_catalog.text`;
    case 'Decimal':
      return scalarType.decimal?.scale === 0
        ? `${value}::pg_catalog.text`
        : `pg_catalog.trim_scale(${value})::pg_catalog.text`;
    case 'Date':
      return texts.date(value);
    case 'Time':
      return texts.time(value);
    case 'DateTime':
      return texts.dateTime(value);
  }
}

/** The texts of values that exist in the calendar. */
export const calendarTexts: Pick<IdentityTexts, 'date' | 'dateTime'> = {
  date: (value) => `pg_catalog.to_char(${value}, ${literal('YYYY-MM-DD')})`,
  dateTime: (value) =>
    `pg_catalog.to_char(${value} AT TIME ZONE ${literal('UTC')}, ${literal('YYYY-MM-DD"T"HH24:MI:SS"Z"')})`,
};
