import { isMirroredKind } from '@dms/model';
import { armPerColumn, armPerTable } from '../read/projection-arms.ts';
import type { ReadRules } from '../read/read-rules.ts';
import { documentLookup } from './document-lookup.ts';
import { checkReadContract } from './read-contract.ts';

/** Reads the rows of a document, grouped by parent and in order, without the columns that triggers mirror (design 17 §4). */
export const readRulesV2: ReadRules = {
  hydration({ identity: { rootLocator, parentLocator }, columns }) {
    const ordinals = columns.filter(({ kind }) => kind === 'Ordinal').map(({ name }) => name);
    return {
      columns: columns.filter(({ kind }) => !isMirroredKind(kind)),
      orderBy: [...new Set([...rootLocator, ...parentLocator, ...ordinals])],
    };
  },
  readsSingleDocuments: true,
  descriptorArms: ({ readsTablesInOneArm }, columns) => (readsTablesInOneArm ? armPerTable(columns) : armPerColumn(columns)),
  documentLookup,
  checkContract: checkReadContract,
};
