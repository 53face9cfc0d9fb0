import { expect, test } from 'vitest';
import { packFormatText } from './pack-format.ts';

test('messages become types: absent messages, choices and optional numbers are null, enumerations are numbers', () => {
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
  expect(text).toContain(`export const packageName = 'a.b';

export const doorKind = {
  unspecified: 0,
  sliding: 1,
} as const;

export type EmptyMessage = Readonly<Record<string, never>>;

export interface HouseMessage {
  readonly streetName: string;
  readonly doors: readonly number[];
  readonly number: number | null;
  readonly flat: EmptyMessage | null;
  readonly gabled: HouseMessage | null;
  readonly area: Uint64;
}
`);
});
