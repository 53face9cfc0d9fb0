import { sharedFile } from '@dms/testing';
import { type EmittedSet, emitterOf } from './emitted.ts';

/** The published fixtures of the second generation, and whether they pass strict mode (design 15 §7.4). */
export const fixturesV2: Readonly<Record<string, boolean>> = {
  minimal: true,
  polymorphic: true,
  'profile-root-only-merge': true,
  'stable-key-extension-child-collections': true,
  'top-level-reference-backed-collection': true,
  'profile-collection-aligned-extension': true,
  'profile-collection-aligned-extension-with-doc-ref': true,
  'profile-nested-and-root-extension-children': true,
  nested: false,
  ext: false,
  'referential-identity': false,
  values: false,
  visits: false,
  rivers: false,
  'ds-5.2': true,
};

/** The set of a published fixture. */
export const emitFixtureV2 = (fixture: string): Promise<EmittedSet> =>
  emitterOf('v2', fixturesV2[fixture] ?? true).folder(sharedFile('fixtures-v2', fixture, 'inputs'));
