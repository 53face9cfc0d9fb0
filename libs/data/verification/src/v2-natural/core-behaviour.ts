import { core } from '@dms/model';
import { isRefusedWith, outcomeText } from '../behaviour/behaviour-session.ts';
import type { CoreIdentities, CoreRules } from '../behaviour/core-checks.ts';
import type { CoreTableFacts } from '../behaviour/core-tables.ts';
import { checkSecondCore, coreRulesV2 } from '../v2/core-behaviour.ts';
import { coreFactsV2 } from '../v2/core-tables.ts';
import type { OtherResourceRefusal } from '../v2/descriptor-checks.ts';
import { checkFoldedDescriptors } from './folded-descriptors.ts';

const descriptorKey = 'FK_Descriptor_DocumentResourceKey';

/** A key to the id and the resource key of a document (design 22 §2.1). */
const factsOf = (facts: CoreTableFacts): CoreTableFacts =>
  facts.name === core.descriptor.name
    ? { ...facts, uniques: {}, references: [{ name: descriptorKey, column: 'DocumentId', target: 'Document' }] }
    : facts;

const isIdentity = (name: string) => name === core.referentialIdentity.name;

/** No referential ids are stored, and no function computes them. */
const noIdentities: CoreIdentities = { inserts: () => [], checkFunctions: async () => undefined };

/** The foreign key of the table refuses the row. */
const refusedByKey: OtherResourceRefusal = ({ dialect }) => {
  const { foreignKey } = dialect.codes;
  const expected = `${foreignKey} ${descriptorKey}`;
  return {
    expected,
    textOf: (outcome = null) => (isRefusedWith(outcome, foreignKey, descriptorKey) ? expected : outcomeText(outcome)),
  };
};

/** The core of the second generation without referential ids (design 22 §2). */
export const coreRulesV2Natural: CoreRules = {
  ...coreRulesV2,
  tables: coreFactsV2.filter(({ name }) => !isIdentity(name)).map(factsOf),
  ownedTables: coreRulesV2.ownedTables.filter((name) => !isIdentity(name)),
  descriptorKey: ['Uri'],
  identities: noIdentities,
  async run(checks) {
    await checkSecondCore(checks, refusedByKey);
    await checkFoldedDescriptors(checks);
  },
};
