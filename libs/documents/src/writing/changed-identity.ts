import { type Diagnostic, type DiagnosticLocation, diagnostic } from '@dms/diagnostics';
import { generations } from '../generations.ts';
import type { DocumentPlans, ResourcePlans } from '../resource-plans.ts';
import { identityMayChange } from './identity-changes.ts';
import type { Replacement } from './writing-rules.ts';

/** `DOCUMENT_IDENTITY_CHANGED` if a replacement has another identity and the resource does not allow that; otherwise null. */
export function changedIdentity(
  all: DocumentPlans,
  plans: ResourcePlans,
  replacement: Replacement,
  where: DiagnosticLocation,
): Diagnostic | null {
  const { model } = plans.shape;
  if (!generations[plans.version].writing.changesIdentity(plans, replacement) || identityMayChange(all.mappingSet.model, model))
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
