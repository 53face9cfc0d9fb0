import { readFileSync } from 'node:fs';
import { resourceLabel } from '@dms/api-schema';
import { storedDocuments } from '@dms/documents';
import { type MainGeneration, readSharedJson, serverEngine, sharedFile } from '@dms/testing';
import { deriveEarlier, type EarlierMapping } from '../src/index.ts';
import {
  completeTranslation,
  type EarlierSet,
  earlierSet,
  type GivenDocument,
  generatedDocuments,
  replaceDocuments,
} from './earlier-views.ts';
import { publishedSchoolYears } from './round-trip.ts';

/** The published 5.2 with TPDM 1.1, as files of both generations. */
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

export function publishedMove(version: MainGeneration): PublishedMove {
  const before = earlierSet(files52[version].map(input), version);
  const after = earlierSet([input('ds-6.1-core.json')], version);
  const translation = completeTranslation(rules(), before, after);
  return { before, after, translation, earlier: deriveEarlier(before.mapping, after.mapping, translation, '') };
}

/** The published samples of 5.2 that a set accepts, and generated documents, because nothing is published for TPDM. */
export async function publishedSamples(set: EarlierSet): Promise<readonly GivenDocument[]> {
  const { connection, close } = await serverEngine.open(set.script);
  try {
    const given = [...publishedSchoolYears, ...generatedDocuments(set, 1)];
    const published = ['descriptors', 'samples'].map((folder) => sharedFile('inputs', 'samples-5.2', folder));
    await replaceDocuments(connection, set.plans, given, { others: published, isContinued: true });
    const documents: GivenDocument[] = [];
    await connection.begin('reading');
    for (const resource of set.model.resources)
      for await (const page of storedDocuments({ ...connection, isInTransaction: true }, set.plans, resource))
        documents.push(...page.map(({ document }) => ({ resource: resourceLabel(resource.resourceKey), document })));
    await connection.rollback();
    return documents;
  } finally {
    await close();
  }
}
