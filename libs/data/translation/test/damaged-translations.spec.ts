import { readFileSync } from 'node:fs';
import { breakingRelease, damagedMembers, memberByMember, modelOf, propertyRuns, random } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileTranslation, placeName, type SetPlaces } from '../src/index.ts';
import { filledSet, translated } from './translated.ts';

/* A damaged file is refused with a code and a place, or it is another translation (design 20 §4). */

const text = readFileSync(breakingRelease.translation, 'utf8');
const model = (files: readonly string[]) => modelOf(files.map((file) => JSON.parse(readFileSync(file, 'utf8'))));

describe('a damaged translation', () => {
  let before: SetPlaces;
  let after: SetPlaces;
  let documents: ReturnType<typeof filledSet>['documents'];
  beforeAll(() => {
    ({ places: before, documents } = filledSet(model(breakingRelease.before), 2));
    after = filledSet(model(breakingRelease.after), 2).places;
  });

  /** Checks a file, and translates with it if it is whole. Returns the codes that it is refused with. */
  async function codesOf(what: string, file: string): Promise<readonly string[]> {
    const json: unknown = JSON.parse(file);
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return [];
    const { translation, problems } = compileTranslation([json as Record<string, unknown>], before, after);
    expect([what, translation === null]).toEqual([what, problems.length > 0]);
    for (const { code, rules, place } of problems) {
      expect([what, code]).toEqual([what, expect.stringMatching(/^TRANSLATION_/)]);
      expect([what, rules.length > 0 || placeName(place) !== undefined]).toEqual([what, true]);
    }
    if (translation) expect([what, (await translated(translation, documents)).broken]).toEqual([what, []]);
    return problems.map(({ code }) => code);
  }

  it('in one member is refused, or holds the laws', async () => {
    const codes = new Set<string>();
    for (const { what, text: damaged } of memberByMember(text, propertyRuns(1_000)))
      for (const code of await codesOf(what, damaged)) codes.add(code);
    for (const code of ['INVALID', 'VERSIONS', 'INCOMPLETE', 'UNKNOWN']) expect(codes).toContain(`TRANSLATION_${code}`);
  });

  it('in several members is refused, or holds the laws', async () => {
    const codes: (readonly string[])[] = [];
    for (let seed = 0; seed < propertyRuns(1_000); seed += 1)
      codes.push(await codesOf(`seed ${seed}`, damagedMembers(text, random(seed))));
    expect(codes.filter((each) => each.length > 0).length).toBeGreaterThan(propertyRuns(1_000) / 2);
  });
});
