import { expect, test } from 'vitest';
import { packFormatText } from './pack-format.ts';

test('enumerations become values, messages their fields', () => {
  const text = packFormatText(`syntax = "proto3"; package a.b;
    enum DoorKind { DOOR_KIND_UNSPECIFIED = 0; DOOR_KIND_SLIDING = 1; }
    message Door { DoorKind kind = 1; repeated Door next_doors = 2; optional uint32 width = 3; }
    message Opening { oneof kind { Door door = 4; bool is_free = 1000; } }
    message Nothing {}`);
  expect(text).toContain(`export const doorKind = {
  unspecified: 0,
  sliding: 1,
} as const;
`);
  expect(text).toContain(`export const packMessages = {
  Door: { kind: 'int32 1', nextDoors: 'repeated Door 2', width: 'optional uint32 3' },
  Opening: { door: 'choice Door 4', isFree: 'choice bool 1000' },
  Nothing: {},
} as const;
`);
});
