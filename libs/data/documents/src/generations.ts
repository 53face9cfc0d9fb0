import type { MappingVersion } from '@dms/model';
import type { ValueRules } from '@dms/plans';
import type { DocumentGeneration } from './document-generation.ts';
import { documentGenerationV1 } from './v1/document-generation.ts';
import { documentGenerationV2 } from './v2/document-generation.ts';
import { documentGenerationV2Natural } from './v2-natural/document-generation.ts';

export const generations: Readonly<Record<MappingVersion, DocumentGeneration>> = {
  v1: documentGenerationV1,
  v2: documentGenerationV2,
  'v2-natural': documentGenerationV2Natural,
};

/** The rules of a generation for storing the values of documents. */
export const valueRulesOf = (version: MappingVersion): ValueRules => generations[version].values;
