import { expect } from 'vitest';

/** Expects equal values whose members are in the same order. */
export function expectSameJson(actual: unknown, expected: unknown): void {
  expect(actual).toEqual(expected);
  expect(JSON.stringify(actual)).toBe(JSON.stringify(expected));
}
