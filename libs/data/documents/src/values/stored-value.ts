import type { ScalarType } from '@dms/model';
import type { ValueRules } from '@dms/plans';
import { kindFacts, ofKinds, type SqlDialect } from '@dms/sql';
import { type JsonValue, jsonText } from '@dms/values';
import { type ValueConversion, valueKinds, valueLimits } from './value-kinds.ts';

/**
 * A stored value, with a unique text for each value: two values are equal if and only if their texts are. Numbers stay
 * texts all the way from the document to the parameter; null is an absent value.
 */
export type StoredValue = string | boolean | null;

/** A value of a document in the form in which it is compared and hashed (design 14 §1). */
export function storedValue(
  value: JsonValue,
  type: ScalarType,
  dialect: SqlDialect,
  rules: ValueRules,
): ValueConversion {
  const kind = valueKinds[type.kind];
  return kind.stored(value, type, valueLimits[dialect], rules) ?? { reason: `is not ${kind.expected}` };
}

/** A value of a database in the same form; an end of time keeps the form of the database. */
export function valueFromDatabase(value: unknown, { kind }: ScalarType): StoredValue {
  return value === null || value === undefined ? null : valueKinds[kind].fromDatabase(value);
}

/**
 * Functions that convert the values of a column of a type to the values that a document shows. Undefined for a value
 * that the column accepts and a document cannot hold (design 14 §3).
 */
export const jsonFromDatabase = ofKinds((kind) => valueKinds[kind].json);

/** Functions that convert them to JSON text. */
export const jsonTextFromDatabase = ofKinds((kind) => {
  const { json, jsonText: direct } = valueKinds[kind];
  return (
    direct ??
    ((value: unknown) => {
      const shown = json(value);
      return shown === undefined ? undefined : jsonText(shown);
    })
  );
});

/** The text of a stored value in a hashed name (design 07 §9.2), without fractions of a second. */
export function hashedText(value: string | boolean, { kind }: ScalarType): string {
  const text = String(value);
  switch (kindFacts[kind].textForm) {
    case 'time':
      return text.slice(0, 'HH:MM:SS'.length);
    case 'dateTime':
      return `${text.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length)}Z`;
    case 'text':
    case 'integer':
    case 'decimal':
    case 'boolean':
    case 'date':
      return text;
  }
}
