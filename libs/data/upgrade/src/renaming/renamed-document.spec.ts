import { canonicalText, isJsonObject, type JsonObject, toJsonValue } from '@dms/values';
import { expect, it } from 'vitest';
import { renamedDocument } from './renaming.ts';

const renames = [
  ['$._ext.extra', '$._ext.sports'],
  ['$.meetings[*].room.code', '$.sessions[*].place'],
  ['$.meetings[*]._ext.extra', '$.sessions[*]._ext.sports'],
  ['$.meetings[*]', '$.sessions[*]'],
  ['$.one', '$.two'],
  ['$.two', '$.one'],
  ['$.schoolReference.schoolId', '$.schoolReference.siteId'],
] as const;

const names = {
  path(_: string, path: string) {
    const [before, after] = renames.find(([object]) => path.startsWith(object)) ?? ['', ''];
    return after + path.slice(before.length);
  },
};

const document = (value: unknown): JsonObject => {
  const made = toJsonValue(value);
  if (!isJsonObject(made)) throw new Error('not an object');
  return made;
};

const renamed = (value: unknown) => canonicalText(renamedDocument(names, 'Core:Section', document(value)));

it('has its values where the later set has them', () => {
  const earlier = {
    one: 1,
    two: 'b',
    schoolReference: { schoolId: 5 },
    meetings: [{ day: 'Mo', room: { code: 'A' }, _ext: { extra: { led: [true, false] } } }, { day: 'Tu' }],
    _ext: { extra: { motto: 'm' } },
  };
  const later = {
    two: 1,
    one: 'b',
    schoolReference: { siteId: 5 },
    sessions: [{ day: 'Mo', place: 'A', _ext: { sports: { led: [true, false] } } }, { day: 'Tu' }],
    _ext: { sports: { motto: 'm' } },
  };
  expect(renamed(earlier)).toBe(canonicalText(document(later)));
});

it('keeps empty objects and arrays', () => {
  const empty = { tags: [], note: {}, none: null };
  expect(renamed(empty)).toBe(canonicalText(document(empty)));
  expect(renamed({})).toBe('{}');
});
