import { expect, test } from 'vitest';
import { packFormatText } from './pack-format.ts';

test('enumerations become values, and the schema has no package', () => {
  const text = packFormatText(`syntax = "proto3"; package a.b;
    enum DoorKind { DOOR_KIND_UNSPECIFIED = 0; DOOR_KIND_SLIDING = 1; }`);
  expect(text).toContain(`export const doorKind = {
  unspecified: 0,
  sliding: 1,
} as const;
`);
  expect(text).toMatch(/export const packSchema = \{\s*"nested": \{\s*"DoorKind": /);
});
