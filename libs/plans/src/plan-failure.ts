import { resourceLabel } from '@dms/api-schema';
import { type DetailValue, type DiagnosticCode, fail } from '@dms/diagnostics';
import type { ResourceModel } from '@dms/model';

/** Throws a plan diagnostic about a resource; the message starts with its label. */
export function failPlan(
  code: DiagnosticCode,
  { resourceKey }: Pick<ResourceModel, 'resourceKey'>,
  operation: 'read' | 'write',
  text: string,
  details: { readonly [name: string]: DetailValue } = {},
): never {
  const resource = resourceLabel(resourceKey);
  const message = `${resource}: cannot compile the ${operation} plan: ${text}.`;
  fail(code, message, { resource }, { resource, operation, ...details });
}

/**
 * A plan needs a resource with tables of its own: throws `PLAN_STORAGE_UNSUPPORTED` for a descriptor resource (design
 * 08 §6.1).
 */
export function checkStorageKind(model: ResourceModel, operation: 'read' | 'write'): void {
  const { storageKind } = model;
  if (storageKind !== 'RelationalTables')
    failPlan('PLAN_STORAGE_UNSUPPORTED', model, operation, `its storage is ${storageKind}`, { storageKind });
}
