import { readFileSync } from 'node:fs';
import type { MappingVersion } from '@dms/api-schema';
import { readSharedJson } from '@dms/testing';
import { deriveEarlier, type EarlierMapping } from '../src/index.ts';
import { completeTranslation, type EarlierSet, earlierSet } from './earlier-views.ts';

/** The published 5.2 with TPDM 1.1, as the files of both generations say it. */
export const files52 = {
  v1: ['ds-5.2-core.json', 'tpdm-1.1-extension.json'],
  v2: ['ds-5.2-core.later.json', 'tpdm-1.1-extension.later.json'],
} as const;

const rules = () =>
  JSON.parse(readFileSync(new URL('../../translation/data/ed-fi-5.2-to-6.1.json', import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >;

const input = (name: string) => readSharedJson('inputs', name);

/** The move from 5.2 with TPDM to 6.1. */
export interface PublishedMove {
  readonly before: EarlierSet;
  readonly after: EarlierSet;
  readonly translation: ReturnType<typeof completeTranslation>;
  readonly earlier: EarlierMapping;
}

export function publishedMove(version: MappingVersion): PublishedMove {
  const before = earlierSet(files52[version].map(input), version);
  const after = earlierSet([input('ds-6.1-core.json')], version);
  const translation = completeTranslation(rules(), before, after);
  return { before, after, translation, earlier: deriveEarlier(before.mapping, after.mapping, translation, '') };
}
