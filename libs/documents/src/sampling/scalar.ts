import { JsonNumber } from '@dms/files';

/** A JSON value without members. */
export type Scalar = string | boolean | JsonNumber;

/** Texts are equal if and only if the values are, because generated numbers have only one form. */
export function scalarText(value: Scalar): string {
  return value instanceof JsonNumber ? value.lexeme : JSON.stringify(value);
}
