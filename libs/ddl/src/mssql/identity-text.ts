import type { IdentityElement } from '@dms/model';
import type { IdentityTexts } from '../body-renderer.ts';
import { descriptorTable, literal, q } from './body-text.ts';

/**
 * Removes the trailing zeros of a text with a decimal point: zeros become blanks, the blanks on the right are cut, and
 * the others become zeros again.
 */
export function trimmedZeros(text: string): string {
  const zerosCut = `REPLACE(RTRIM(REPLACE(${text}, N'0', N' ')), N' ', N'0')`;
  return `REPLACE(RTRIM(REPLACE(${zerosCut}, N'.', N' ')), N' ', N'.')`;
}

/** The text of an identity value, equal in both dialects and independent of session settings (design 07 §9.2). */
export function identityText(
  { column, scalarType, isDescriptor }: IdentityElement,
  row: string,
  texts: IdentityTexts,
): string {
  const value = `${row}.${q(column)}`;
  if (isDescriptor) {
    return `(SELECT LOWER(d.${q('Uri')}) FROM ${descriptorTable} AS d WHERE d.${q('DocumentId')} = ${value})`;
  }
  switch (scalarType.kind) {
    case 'String':
      return value;
    case 'Int32':
    case 'Int64':
      return `CAST(${value} AS nvarchar(20))`;
    case 'Boolean':
      return `CASE WHEN ${value} = 1 THEN ${literal('true')} ELSE ${literal('false')} END`;
    case 'Decimal':
      return scalarType.decimal?.scale === 0
        ? `CAST(${value} AS nvarchar(50))`
        : trimmedZeros(`CAST(${value} AS nvarchar(50))`);
    case 'Date':
      return texts.date(value);
    case 'Time':
      return texts.time(value);
    case 'DateTime':
      return texts.dateTime(value);
  }
}

/** The texts of dates, which have no infinity. */
export const calendarTexts: Pick<IdentityTexts, 'date' | 'dateTime'> = {
  date: (value) => `CONVERT(nvarchar(10), ${value}, 23)`,
  dateTime: (value) => `CONVERT(nvarchar(19), ${value}, 126) + ${literal('Z')}`,
};
