/** `make` when it is first asked for: a failure is that of the test that asks, not of the whole file. */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
