import { core } from '@dms/model';
import type { IdentityRows } from '../behaviour/derived-rows.ts';
import type { ResourceRules } from '../behaviour/resource-behaviour.ts';
import { generationV2, refusedDatabasesOf, resourceRulesV2 } from '../v2/generation.ts';
import type { VerificationGeneration } from '../verification-generation.ts';
import { checkAbstractKeys } from './abstract-keys.ts';
import { coreRulesV2Natural } from './core-behaviour.ts';
import { findsDocuments } from './found-documents.ts';

/** No rows of identities follow from documents. */
const noIdentityRows: IdentityRows = {
  takesInfinity: true,
  select: () => undefined,
  check: () => undefined,
  keptOf: () => [],
  selectOf: () => undefined,
  checkOf: () => undefined,
};

const resourceRules: ResourceRules = {
  ...resourceRulesV2,
  identities: () => noIdentityRows,
  further(input, session, failures) {
    const further = resourceRulesV2.further(input, session, failures);
    return {
      ...further,
      async beforeDeletions(world) {
        await failures.during('R19', 'abstract identities', () => checkAbstractKeys(world));
        await further.beforeDeletions(world);
      },
    };
  },
};

/** The second generation without referential ids (design 22). */
export const generationV2Natural: VerificationGeneration = {
  ...generationV2,
  core: coreRulesV2Natural,
  resources: resourceRules,
  refusedDatabases: refusedDatabasesOf({
    what: 'with the table of referential ids',
    statements: ({ sql }) => [sql`CREATE TABLE ${core.referentialIdentity} ("ReferentialId" char(36) NOT NULL)`],
    names: 'ReferentialIdentity',
  }),
  computedIdentities: () => [],
  storedId: () => null,
  probes: findsDocuments,
};
