import { type Document, everything, hasSharedData, once, ownSchema, readSharedJson } from '@dms/testing';

export const ownSet = once(() => [ownSchema('campus'), ownSchema('athletics')] as readonly Document[]);

/** The data standard 5.2 alone. */
export const standard = once(() => [readSharedJson('inputs', 'ds-5.2-core.json')] as readonly Document[]);

/** What the rules are tried on: the schemas of this repository, one with everything, and the standard where it is there. */
export const testSets: readonly (readonly [string, () => readonly Document[]])[] = [
  ['own', ownSet],
  ['everything', () => everything],
  ...(hasSharedData ? ([['standard', standard]] as const) : []),
];
