/**
 * A value that must exist: the invariants of a model guarantee it (design 02 §18), or the code around it. A missing
 * value is a bug, so it throws an exception, not a diagnostic.
 *
 * @param what the value, for the message
 */
export function mustExist<Value>(value: Value | null | undefined, what: string): Value {
  if (value === null || value === undefined) throw new Error(`${what} is missing`);
  return value;
}
