import { core } from '../libs/compiler/model/src/index.ts';
import type { CheckingGeneration } from '../libs/data/checking/src/checking-generation.ts';
import { descriptorContradictions } from '../libs/data/checking/src/derived-rows/descriptor-rows.ts';
import type { VerificationGeneration } from '../libs/data/verification/src/verification-generation.ts';

/* Separate from natural-keys.ts, because the imports of this file wait for the generations that come from there. */

/** The check of rows for the generation `bare` of stub-generation.long.spec.ts, whose databases have no identity tables. */
export const withoutStoredIds = (first: CheckingGeneration): CheckingGeneration => ({
  ...first,
  documentChecks: [descriptorContradictions],
});

/** Verification for the same generation. */
export const withoutIdentityRows = (first: VerificationGeneration): VerificationGeneration => ({
  ...first,
  core: {
    ...first.core,
    tables: first.core.tables.filter(({ name }) => name !== core.referentialIdentity.name),
    ownedTables: first.core.ownedTables.filter((name) => name !== core.referentialIdentity.name),
    identities: { inserts: () => [], checkFunctions: async () => undefined },
  },
  resources: {
    ...first.resources,
    identities: () => ({
      takesInfinity: false,
      select: () => undefined,
      check: () => undefined,
      selectOf: () => undefined,
      keptOf: () => [],
      checkOf: () => undefined,
    }),
  },
  computedIdentities: () => [],
  storedId: () => null,
});
