const snake = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/;

const camel = (name: string): string =>
  snake.test(name) ? name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : name;

/** A value of a JSON file with the names of members that `--json` has: files write `effective_schema_hash`. */
export function camelMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelMembers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [camel(name), camelMembers(member)]));
}
