/**
 * A value that the invariants of a model guarantee (design 02 §18). They are checked when a model is read, so a missing value
 * is a bug: it throws an exception, not a diagnostic.
 */
export function promised<Value>(value: Value | null | undefined, what: string): Value {
  if (value === null || value === undefined) throw new Error(`${what} is missing, which no sound model shows`);
  return value;
}
