/**
 * A value that must exist because the invariants of a model (design 02 §18) or the surrounding code guarantee it. A
 * missing value is a bug, so it throws an exception, not a diagnostic.
 *
 * @param what the name of the value in the message
 */
export function mustExist<Value>(value: Value | null | undefined, what: string): Value {
  if (value === null || value === undefined) throw new Error(`${what} is missing`);
  return value;
}
