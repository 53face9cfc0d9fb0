import { core } from '@dms/model';
import type { ResourceRules } from '../behaviour/resource-behaviour.ts';
import type { StampRules } from '../behaviour/stamp-rules.ts';
import { storedIdentityRows } from '../behaviour/stored-referential-ids.ts';
import { descriptorRows } from '../derived-rows/descriptor-rows.ts';
import { cachedDescriptors } from '../derived-rows/descriptor-witnesses.ts';
import { namingDocuments, referentialIdentities } from '../derived-rows/referential-identities.ts';
import { storedIds } from '../derived-rows/stored-ids.ts';
import { computedReferentialIds } from '../upgrade/computed-rows.ts';
import type { VerificationGeneration } from '../verification-generation.ts';
import { coreRulesV1 } from './core-behaviour.ts';
import { coreRowsV1 } from './core-rows.ts';
import { identityTextsV1 } from './identity-texts.ts';
import { eventSelection, eventsOf } from './journal.ts';

/** An update of any column stamps; each content version is an event of the journal (design 06 §5.2, 07 §9.1). */
const stampRulesV1: StampRules = {
  stampsUnchangedRows: true,
  stampsLeftDocument: false,
  isIdentityOrdered: () => true,
  watch: (session, _model, _inventory, maximum) => ({
    forgetTimes: () => [],
    selections: () => [eventSelection(session, maximum)],
    faults: ([rows = []], stamped, _others, isOne) => {
      const events = eventsOf(rows);
      const repeated = isOne
        ? events.filter(({ documentId: id }, index) => events.findIndex((event) => event.documentId === id) < index)
        : [];
      const last = new Map(events.map(({ documentId, version }) => [documentId, version]));
      const missing = [...stamped].filter(([id, { content }]) => last.get(id) !== content);
      const surplus = [...last.keys()].filter((id) => !stamped.has(id));
      return [
        ...missing.map(([id, { content }]) => `document ${id} has no event ${content} as its last one`),
        ...repeated.map(({ documentId }) => `document ${documentId} has another event`),
        ...surplus.map((id) => `document ${id} has an event without a stamp`),
      ];
    },
  }),
};

const resourceRulesV1: ResourceRules = {
  rows: coreRowsV1,
  stamps: stampRulesV1,
  identities: (inventory) => storedIdentityRows(inventory, identityTextsV1),
  further: () => ({
    select: () => undefined,
    check: () => undefined,
    afterIdentity: () => undefined,
    selectKeyChanges: () => undefined,
    keyChanges: () => undefined,
    beforeDeletions: async () => undefined,
    keptTables: new Set(),
  }),
};

export const generationV1: VerificationGeneration = {
  core: coreRulesV1,
  resources: resourceRulesV1,
  keptRows: [{ table: core.effectiveSchema, columns: ['AppliedAt'] }],
  fillingStatements: () => [],
  refusedDatabases: [],
  documentChecks: [
    descriptorRows(storedIds, [namingDocuments(identityTextsV1), cachedDescriptors]),
    referentialIdentities(identityTextsV1),
  ],
  computedIdentities: computedReferentialIds,
  storedId: (referentialId) => referentialId,
};
