import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';

/**
 * Specs that `npm test` leaves to `npm run test:rest` because they take long. A rule that they rely on has a spec of its own which
 * `npm test` runs.
 */
const slowSpecs = [
  // searches
  '**/{random-*,invariants,model-invariants,trigger-invariants,planted-mistakes,mutated-scripts,made-objects,behaviour,corrupted-rows,corrupted-bytes}.spec.ts',
  'libs/upgrade/src/{plan-effects,observed-locks,concurrent-upgrades,rule-evolutions,adopting/service-set,preparing/prepared-evolutions}.spec.ts',
  'libs/databases/src/introspection/manual-changes.spec.ts',
  'libs/ddl/src/mssql/failing-client.spec.ts',
  // the published data standard, and every resource of it; smaller sets have the same rules
  '**/{conformance,data-standard,published-*,renamed-standard,every-resource,sampled-documents}.spec.ts',
  'libs/ddl/src/v2/{numbers,core-catalog,service-catalog,new-rows}.spec.ts',
  'libs/derivation/src/propagation/data-standard-cascades.spec.ts',
  'libs/explorer/src/{index-reason,identity-change}.spec.ts',
  'libs/samples/src/sample-coverage.spec.ts',
  'libs/packs/src/{round-trip,v2/round-trip}.spec.ts',
  'libs/ddl/src/mssql/static-checks.spec.ts',
  'libs/pipeline/src/{sent-texts,second-generation-plans,databases/plans-on-postgres,steps/impact-of-edits}.spec.ts',
  // the same in the other generation, or by another way
  'libs/upgrade/src/{renames,renames-v2,second-generation,evolutions}.spec.ts',
  'libs/bulk/src/{second-generation,bulk/equal-rows,bulk/mssql-bulk,loading/plans-by-index}.spec.ts',
  'libs/cli/src/{second-generation-documents,adopt-command,load-from-ods,load-fleet}.spec.ts',
  'libs/ods/src/{round-trip,reading/mssql-server}.spec.ts',
  'libs/databases/src/introspection/round-trip.spec.ts',
  'libs/verification/src/{verify-script,derived-rows/check-data,documents/document-round-trips,upgrade/verify-upgrade}.spec.ts',
  'libs/ddl/src/{mssql/scenarios,v2/mssql/scenarios,v2/adopted-scenarios}.spec.ts',
  // pages in a browser, and guides with all their commands
  'libs/explorer/test/browser/{model-page,narrow-and-paper,diagram-view,difference-view,identity-view,search-view}.spec.ts',
  'libs/cli/src/*-guide.spec.ts',
  // processes of their own, which are killed, start often or fill their memory
  '**/{killed-*,memory,small-heap}.spec.ts',
  'libs/cli/src/{process,signals,package,embedded-folder-commands}.spec.ts',
  'libs/databases/src/{connection/{postgres-server,embedded-archive,embedded-folder,full-disk},provisioning/server-provisioning}.spec.ts',
  'libs/upgrade/src/adopting/{adopt,adopt-on-server}.spec.ts',
  'tools/logical-kinds.spec.ts',
];

/** Imports of what a quick run takes a smaller share of: seeds or engines. */
const shared = /import \{[^}]*\b(?:databaseEngines|provisionedEngines|propertyRuns|seeds|shareOf|isQuick)\b[^}]*\} from/;

/**
 * The spec files of a tier. `quick` is `npm test`: every rule, with a share of each search. `rest` is what that leaves: the slow
 * specs, and those that took a share: their searches with more runs, and the engines that the quick run left out. Any other value is all of them.
 *
 * @param {string} tier
 * @returns {(patterns: readonly string[]) => string[]} the files of the tier that the patterns match, as paths from the root
 */
export function specsOfTier(tier) {
  const found = (/** @type {readonly string[]} */ patterns) =>
    globSync([...patterns], { ignore: ['**/node_modules/**', '**/dist/**'] }).sort();
  if (tier !== 'quick' && tier !== 'rest') return found;
  const slow = new Set(found(slowSpecs));
  const isOfTier = (/** @type {string} */ file) =>
    tier === 'quick' ? !slow.has(file) : slow.has(file) || shared.test(readFileSync(file, 'utf8'));
  return (patterns) => found(patterns).filter(isOfTier);
}
