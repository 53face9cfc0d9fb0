import { resourceLabel } from '@dms/api-schema';
import { type Diagnostic, type DiagnosticLocation, diagnostic } from '@dms/diagnostics';
import { modelIndex, qualified, type RelationalModelSet, type ResourceModel } from '@dms/model';
import { cachedByObject } from '@dms/values';
import type { ReplacedPart } from '../document-generation.ts';
import { generations } from '../generations.ts';
import type { DocumentPlans, ResourcePlans } from '../resource-plans.ts';

/**
 * `DOCUMENT_IDENTITY_CHANGED` if a replacement has another identity and the resource does not allow that; otherwise
 * null.
 */
export function changedIdentity(
  all: DocumentPlans,
  plans: ResourcePlans,
  replacement: ReplacedPart,
  where: DiagnosticLocation,
): Diagnostic | null {
  const { model } = plans.shape;
  if (
    !generations[plans.version].writing.changesIdentity(plans, replacement) ||
    identityMayChange(all.mappingSet.model, model)
  )
    return null;
  const uuid = replacement.found.DocumentUuid;
  const paths = plans.identity.identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical);
  const text = `${plans.label} ${uuid} has another identity (${paths.join(', ')}), and documents of this resource keep theirs. Remove it and write a new one.`;
  return diagnostic(
    'DOCUMENT_IDENTITY_CHANGED',
    text,
    { ...where, resource: plans.label },
    { resource: plans.label, uuid, paths },
  );
}

/**
 * Whether the identity of a document may change: either its referrers follow (design 11), or no document can refer to
 * the resource. The model shows this only in its foreign keys.
 */
export function identityMayChange(
  model: RelationalModelSet,
  { tablesInDependencyOrder, superclass }: ResourceModel,
): boolean {
  const follows = copiedIdentities(model);
  const [root] = tablesInDependencyOrder;
  if (!root) return false;
  const own = follows.get(qualified(root.table));
  const abstract = superclass ? modelIndex(model).abstracts.get(resourceLabel(superclass.resource)) : undefined;
  const asAbstract = abstract ? follows.get(qualified(abstract.table.table)) : undefined;
  // on PostgreSQL, a reference to the abstract resource always follows, so it does not show what the member resource
  // allows
  return own ?? asAbstract === undefined;
}

/** The tables whose identity other tables copy, and whether the copies follow. */
const copiedIdentities = cachedByObject((model: RelationalModelSet): ReadonlyMap<string, boolean> => {
  const follows = new Map<string, boolean>();
  const { tables, foreignKeysOf } = modelIndex(model);
  for (const { targetTable, onDelete, onUpdate } of tables.flatMap(({ table }) => foreignKeysOf(table))) {
    if (onDelete === 'Cascade') continue;
    const target = qualified(targetTable);
    follows.set(target, (follows.get(target) ?? false) || onUpdate === 'Cascade');
  }
  for (const { targetTable } of model.propagationFallbacks) follows.set(qualified(targetTable), true);
  return follows;
});
