import type { MappingVersion } from '@dms/model';
import { type Document, ownSchema } from '@dms/testing';

/** The schemas of this repository, and the schemas that they are upgraded from. */
export const ownSets: Readonly<
  Record<MappingVersion, { readonly before: readonly Document[]; readonly after: readonly Document[] }>
> = {
  v1: { before: [ownSchema('campus')], after: [ownSchema('campus'), ownSchema('athletics')] },
  v2: { before: [ownSchema('district')], after: [ownSchema('district'), ownSchema('transport')] },
  'v2-natural': { before: [ownSchema('district')], after: [ownSchema('district'), ownSchema('transport')] },
};
