import { resourceLabel } from '@dms/api-schema';
import { type DiagnosticCode, fail } from '@dms/diagnostics';
import { type FullNames, modelIndex, mustExist, type RelationalModelSet, type ResourceModel } from '@dms/model';
import { isInteger } from '@dms/sql';
import { compareBy, compareOrdinal } from '@dms/values';
import type { AuthEdOrgEntity, AuthEdOrgHierarchy } from './hierarchy.ts';

const hierarchyRoot = 'EducationOrganization';

function report(code: DiagnosticCode, label: string, text: string): never {
  fail(code, `${label}: ${text}.`, { resource: label }, { resource: label });
}

/** The columns of a member that hold the ids of its parents: references of its root table to the family. */
function parentColumns(resource: ResourceModel, family: ReadonlySet<string>, names: FullNames): string[] {
  const [root] = resource.tablesInDependencyOrder;
  const label = resourceLabel(resource.resourceKey);
  if (!root) return [];
  const columns = resource.documentReferenceBindings
    .filter(
      ({ table, targetResource }) =>
        table.schema === root.table.schema &&
        table.name === root.table.name &&
        family.has(resourceLabel(targetResource)),
    )
    .map(({ identityBindings, referenceObjectPath }) => {
      const [only, ...others] = identityBindings;
      if (!only || others.length > 0) {
        const text = `the reference ${referenceObjectPath.canonical} to the education organization family has ${identityBindings.length} identity bindings instead of one`;
        return report('AUTH_PARENT_IDENTITY_COUNT', label, text);
      }
      return only.column;
    });
  return columns.sort((a, b) => compareOrdinal(names.column(root.table, a), names.column(root.table, b)));
}

/**
 * The education organizations of a model with their parents; null without an abstract `EducationOrganization` (design
 * 05 §5).
 */
export function deriveHierarchy(model: RelationalModelSet, names: FullNames): AuthEdOrgHierarchy | null {
  const view = model.abstractUnionViews.find(({ resourceKey }) => resourceKey.resourceName === hierarchyRoot);
  if (!view) return null;
  const label = resourceLabel(view.resourceKey);
  const { resources, abstracts } = modelIndex(model);
  const identity = mustExist(abstracts.get(label), `the identity table of ${label}`);
  const position = identity.table.columns.findIndex(({ kind, name }) => kind === 'Scalar' && name !== 'Discriminator');
  if (position < 0)
    report('AUTH_NO_IDENTITY_COLUMN', label, 'the abstract identity table has no scalar identity column');
  const { name, scalarType } = mustExist(identity.table.columns[position], `the id column of ${label}`);
  if (!scalarType || !isInteger(scalarType.kind)) {
    const text = `the identity column ${name} is of the type ${scalarType?.kind}, but the ids of education organizations are integers`;
    report('AUTH_NO_IDENTITY_COLUMN', label, text);
  }
  const family = new Set([label, ...view.unionArms.map((arm) => resourceLabel(arm.concreteMember))]);
  const entities = view.unionArms.map((arm): AuthEdOrgEntity => {
    const member = resourceLabel(arm.concreteMember);
    const resource = mustExist(resources.get(member), `the model of ${member}, an arm of ${label},`);
    const projection = arm.projections[position];
    if (projection?.kind !== 'SourceColumn')
      return report('AUTH_NO_IDENTITY_COLUMN', member, 'its union arm projects no identity column');
    return {
      entityName: arm.concreteMember.resourceName,
      table: arm.fromTable,
      identityColumn: projection.column,
      parentFks: parentColumns(resource, family, names).map((column) => ({ denormalizedParentIdColumn: column })),
    };
  });
  return { entities: entities.sort(compareBy(({ entityName }) => entityName)) };
}
