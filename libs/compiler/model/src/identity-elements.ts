import { resourceLabel } from '@dms/api-schema';
import type { IdentityBlock, IdentityElement, RelationalModelSet, ResourceModel } from './model.ts';
import { mustExist } from './must-exist.ts';

/** The identity of a resource under the paths of its superclass; a renamed identity has one path (design 02 §18). */
function superclassElements({ superclass, identityElements }: ResourceModel): readonly IdentityElement[] {
  const renamed = superclass?.identityJsonPath;
  return renamed ? identityElements.map((element) => ({ ...element, identityJsonPath: renamed })) : identityElements;
}

/** The identities of the documents of each resource: its own, and that of its superclass (design 05 §4.1, §4.3). */
export class Identities {
  private readonly keys: ReadonlyMap<string, RelationalModelSet['effectiveSchema']['resourceKeys'][number]>;

  constructor({ effectiveSchema }: Pick<RelationalModelSet, 'effectiveSchema'>) {
    this.keys = new Map(effectiveSchema.resourceKeys.map((key) => [resourceLabel(key), key]));
  }

  own({ resourceKey: { id, projectName, resourceName }, identityElements }: ResourceModel): IdentityBlock {
    return { resourceKeyId: id, projectName, resourceName, identityElements };
  }

  /**
   * The identity as a document of the superclass; the columns of its elements are those of the resource itself. Null
   * without a superclass.
   */
  ofSuperclass(resource: ResourceModel): IdentityBlock | null {
    if (!resource.superclass) return null;
    const label = resourceLabel(resource.superclass.resource);
    const { id, projectName, resourceName } = mustExist(this.keys.get(label), `the resource key of ${label}`);
    return { resourceKeyId: id, projectName, resourceName, identityElements: superclassElements(resource) };
  }
}

/**
 * Identities by `Project:Resource`: of concrete resources and, through their subclasses, of abstract resources. A
 * subclass may have more identity elements than others; references can only have the elements of the smallest identity.
 */
export function identityBlocksByResource(model: RelationalModelSet): ReadonlyMap<string, IdentityBlock> {
  const identities = new Identities(model);
  const blocks = new Map<string, IdentityBlock>();
  for (const resource of model.resources) {
    if (resource.storageKind === 'SharedDescriptorTable') continue;
    blocks.set(resourceLabel(resource.resourceKey), identities.own(resource));
    const general = identities.ofSuperclass(resource);
    if (!general) continue;
    const label = resourceLabel(general);
    const known = blocks.get(label);
    if (known && known.identityElements.length <= general.identityElements.length) continue;
    blocks.set(label, general);
  }
  return blocks;
}
