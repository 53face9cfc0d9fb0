import type { FuncKeywordDefinition } from 'ajv';
import type { DataValidateFunction } from 'ajv/dist/types/index.js';

/** A text that two values share only if they are equal by JSON Schema: members in any order, numbers by their value. */
function equalityText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(equalityText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${equalityText(member)}`);
  return `{${members.sort().join(',')}}`;
}

/** The positions of the first two equal items; undefined if all differ. */
function equalItems(items: readonly unknown[]): readonly [number, number] | undefined {
  const positions = new Map<string, number>();
  for (const [position, item] of items.entries()) {
    const text = equalityText(item);
    const before = positions.get(text);
    if (before !== undefined) return [before, position];
    positions.set(text, position);
  }
  return undefined;
}

/**
 * The keyword `uniqueItems`, in a time that grows linearly with the items (design 14 §1.1). The keyword of the library
 * compares each item with every other.
 */
export const uniqueItems: FuncKeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  errors: true,
  compile: (isWanted: boolean): DataValidateFunction => {
    const validate: DataValidateFunction = (items: readonly unknown[]) => {
      const equal = isWanted ? equalItems(items) : undefined;
      if (equal === undefined) return true;
      const [first, second] = equal;
      const message = `must NOT have duplicate items (items ## ${first} and ${second} are identical)`;
      validate.errors = [{ keyword: 'uniqueItems', params: { i: second, j: first }, message }];
      return false;
    };
    return validate;
  },
};
