import { expect, test } from 'vitest';
import { packFormatText } from './pack-format.ts';

test('enumerations become values, and the schema has no package', () => {
  const text = packFormatText(`syntax = "proto3"; package a.b;
    enum DoorKind { DOOR_KIND_UNSPECIFIED = 0; DOOR_KIND_SLIDING = 1; }
    message Empty {}
    message House {
      string street_name = 1;
      repeated DoorKind doors = 2;
      optional uint32 number = 3;
      oneof roof { Empty flat = 4; House gabled = 5; }
      uint64 area = 6;
    }`);
  expect(text).toContain(`export const doorKind = {
  unspecified: 0,
  sliding: 1,
} as const;
`);
  expect(text).toMatch(/export const packSchema = \{\s*"nested": \{\s*"DoorKind": /);
});
