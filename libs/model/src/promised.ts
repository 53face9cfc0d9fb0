/**
 * A value that the invariants of a model promise (design 02 §18). They are checked where a model enters, so where one is missing
 * the program is wrong: an exception, not a diagnostic.
 */
export function promised<Value>(value: Value | null | undefined, what: string): Value {
  if (value === null || value === undefined) throw new Error(`${what} is missing, which no sound model shows`);
  return value;
}
