import { derive, everything } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { Identities, identityBlocksByResource } from './identity-elements.ts';
import { mustExist } from './must-exist.ts';

const model = derive('pgsql', everything);
const named = (name: string) =>
  mustExist(
    model.resources.find(({ resourceKey }) => resourceKey.resourceName === name),
    name,
  );
const school = named('School');
const paths = (label: string, resources = model.resources) =>
  identityBlocksByResource({ ...model, resources })
    .get(label)
    ?.identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical);

describe('identities by resource', () => {
  it('are those of concrete resources, and those of abstract resources under their paths', () => {
    expect(paths('Ed-Fi:School')).toEqual(['$.schoolId']);
    expect(paths('Ed-Fi:Organization')).toEqual(['$.organizationId']);
    expect(paths('Ed-Fi:KindDescriptor')).toBeUndefined();
    const blocks = identityBlocksByResource(model);
    expect(blocks.get('Ed-Fi:Organization')).toMatchObject({ projectName: 'Ed-Fi', resourceName: 'Organization' });
    expect(blocks.get('Ed-Fi:Organization')?.resourceKeyId).not.toBe(blocks.get('Ed-Fi:School')?.resourceKeyId);
  });

  it('of an abstract resource are the smallest of its members, in any order', () => {
    const session = named('Session');
    const superclass = { ...mustExist(school.superclass, 'the superclass of School'), identityJsonPath: null };
    const larger = { ...session, superclass };
    expect(session.identityElements.length).toBeGreaterThan(school.identityElements.length);
    for (const members of [
      [larger, school],
      [school, larger],
    ])
      expect(paths('Ed-Fi:Organization', members)).toEqual(['$.organizationId']);
    // where both have the same size, those of the first
    const renamed = { ...school, superclass };
    expect(paths('Ed-Fi:Organization', [school, renamed])).toEqual(['$.organizationId']);
    expect(paths('Ed-Fi:Organization', [renamed, school])).toEqual(['$.schoolId']);
  });

  it('of a superclass are null without one', () => {
    expect(new Identities(model).ofSuperclass(named('Session'))).toBeNull();
  });
});
