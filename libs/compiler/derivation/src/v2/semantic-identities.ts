import { arrayDepth, type JsonPath, pathOf } from '@dms/api-schema';
import { listOfNames } from '@dms/diagnostics';
import { compareOrdinal } from '@dms/values';
import type {
  DraftColumn,
  DraftForeignKey,
  DraftSemanticIdentity,
  DraftTable,
  DraftUnique,
} from '../draft/draft-table.ts';
import { type DraftResource, type ModelDraft, relationalResources } from '../draft/model-draft.ts';
import { failResource } from '../input/resource-entry.ts';
import { forEachArrayUniqueness, type MappedUniqueness, type UniqueValue } from '../passes/derive-constraints.ts';

/**
 * Gives every collection its semantic identity: the values that distinguish the rows of a parent (design 15 §7.1–7.3).
 */
export function deriveSemanticIdentities(draft: ModelDraft): void {
  forEachArrayUniqueness(draft, identifyByUniqueness);
  for (const resource of relationalResources(draft)) {
    for (const table of resource.tables)
      if (isCollection(table) && table.semanticIdentity.length === 0) identifyByReference(resource, table);
  }
}

/**
 * A collection must have only one uniqueness rule, because a second one would distinguish its rows differently (design
 * 15 §7.2).
 */
function identifyByUniqueness({ resource, input, table, values }: MappedUniqueness): void {
  if (!isCollection(table)) return;
  const identity = identityOf(table, values);
  if (table.semanticIdentity.length === 0) {
    table.semanticIdentity = identity;
    table.semanticIdentitySource = 'ArrayUniquenessConstraint';
    return;
  }
  const known = listed(table.semanticIdentity);
  const other = listed(identity);
  if (known === other) return;
  const scope = table.scope.canonical;
  const text = `the items of ${scope} of ${resource.label} have two identities: ${known}; ${other}; keep one uniqueness rule`;
  failResource('COLLECTION_IDENTITY_AMBIGUOUS', input.label, text, scope, { scope, identities: [known, other] });
}

const isCollection = ({ kind }: DraftTable) => kind === 'Collection' || kind === 'ExtensionCollection';

const identityOf = (table: DraftTable, values: readonly UniqueValue[]): DraftSemanticIdentity[] =>
  values.map(({ path, column }) => ({ relativePath: relativePath(table, path), column }));

/** A path below the scope of the table, relative to one of its rows. */
function relativePath({ scope, qualified }: DraftTable, path: JsonPath): JsonPath {
  const rest = pathOf(path.segments.slice(scope.segments.length));
  if (arrayDepth(rest) > 0) throw new Error(`${path.canonical} crosses an array below the scope of ${qualified}`);
  return rest;
}

const listed = (identity: readonly DraftSemanticIdentity[]) =>
  identity.map((part) => `${part.relativePath.canonical} (${part.column.name})`).join(', ');

/** Without a uniqueness rule, the only reference of a collection distinguishes its rows (design 15 §7.3). */
function identifyByReference(resource: DraftResource, table: DraftTable): void {
  const [binding, ...others] = resource.bindings.filter((candidate) => candidate.table === table);
  if (!binding || others.length > 0) return;
  table.semanticIdentity = binding.identityBindings.map(({ referenceJsonPath }) => ({
    relativePath: relativePath(table, referenceJsonPath),
    column: binding.fkColumn,
  }));
  table.semanticIdentitySource = 'ReferenceFallback';
}

/** Refuses collections without a semantic identity: `COLLECTION_IDENTITY_MISSING` (design 15 §7.4). */
export function checkSemanticIdentities(draft: ModelDraft): void {
  const unidentified = relationalResources(draft).flatMap((resource) =>
    resource.tables
      .filter((table) => isCollection(table) && table.semanticIdentity.length === 0)
      .map((table) => ({ resource, table })),
  );
  draft.diagnostics.forEach(unidentified, ({ resource, table }) => {
    const scope = table.scope.canonical;
    const candidates = resource.bindings
      .filter((binding) => binding.table === table)
      .map(({ referenceObjectPath }) => referenceObjectPath.canonical)
      .sort(compareOrdinal);
    const reason =
      candidates.length === 0
        ? 'no arrayUniquenessConstraints entry names it'
        : `no arrayUniquenessConstraints entry names it, and several references could: ${listOfNames(candidates)}`;
    const text = `nothing distinguishes the items of ${scope}: ${reason}; add an entry, or take the set for v1 (--mapping-version v1), the only generation that it suits as it is`;
    failResource('COLLECTION_IDENTITY_MISSING', table.origin.label, text, scope, { scope, candidates });
  });
}

/**
 * Adds the uniques of collections that do not come from their uniqueness rules: over the semantic identity, over the
 * order, and over the columns that the keys of child tables reference (design 15 §7.5). An existing unique is not added
 * again.
 */
export function deriveCollectionUniques(draft: ModelDraft): void {
  for (const { tables } of relationalResources(draft)) {
    for (const table of tables) {
      const values = table.semanticIdentity.map(({ column }) => column);
      if (values.some((column) => !table.parentLocator.includes(column)))
        addUnique(table, 'SemanticIdentity', [...table.parentLocator, ...values]);
    }
    for (const table of tables) {
      const ordinal = [...table.columns.values()].find(({ kind }) => kind === 'Ordinal');
      if (ordinal) addUnique(table, 'SiblingOrder', [...table.parentLocator, ordinal]);
    }
    const parents = new Set(
      tables.flatMap((table) => table.constraints.filter(isParentKey).map(({ target }) => target)),
    );
    for (const table of parents) addUnique(table, 'ParentTarget', [...table.rowIdentity, ...table.rootLocator]);
  }
}

function addUnique(table: DraftTable, purpose: DraftUnique['purpose'], columns: readonly DraftColumn[]): void {
  table.addConstraint({ kind: 'Unique', purpose, columns: [...new Set(columns)] });
}

/** Whether a constraint is the key to the parent table, with more columns than the parent's row id. */
const isParentKey = (constraint: DraftTable['constraints'][number]): constraint is DraftForeignKey =>
  constraint.kind === 'ForeignKey' && constraint.purpose.kind === 'Parent' && constraint.columns.length === 2;
