import { columnType } from '@dms/catalog';
import { counted } from '@dms/diagnostics';

/** Types of columns as JSON schemas name them. */
const schemaTypes: Readonly<Record<string, string>> = {
  smallint: 'an integer',
  int: 'an integer (int32)',
  integer: 'an integer (int32)',
  bigint: 'an integer (int64)',
  boolean: 'a boolean',
  bit: 'a boolean',
  date: 'a date',
  time: 'a time',
  'time without time zone': 'a time',
  'timestamp with time zone': 'a date-time',
  datetime2: 'a date-time',
};

/** A type of a catalog as the schemas have it: `a string of at most 40 characters`. */
export function shownType(type: string): string {
  const { name, arguments: given } = columnType(type);
  const [first, places = '0'] = given;
  if (name === 'varchar' || name === 'nvarchar' || name === 'text')
    return first === undefined || first === 'max'
      ? 'a string'
      : `a string of at most ${counted(Number(first), 'character')}`;
  if (name !== 'numeric' && name !== 'decimal') return schemaTypes[name] ?? `a value of type ${type}`;
  return first === undefined
    ? 'a number'
    : `a number of at most ${counted(Number(first), 'digit')}, ${places} of them after the decimal point`;
}
