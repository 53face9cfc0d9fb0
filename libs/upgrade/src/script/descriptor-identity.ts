import { childPath, rootPath } from '@dms/api-schema';
import type { IdentityBlock, QualifiedResourceName } from '@dms/model';

/** A descriptor resource by its number and names, from which referential ids are computed. */
export interface NumberedDescriptor extends QualifiedResourceName {
  readonly id: number;
}

/** A renamed descriptor; the ids that are stored were computed from its earlier name. */
export interface HashedDescriptor {
  readonly before: NumberedDescriptor;
  readonly after: NumberedDescriptor;
}

/**
 * What the referential ids of a descriptor are computed from: the lower-cased URI in its row of `dms.Descriptor`
 * (design 09 §8.2).
 */
export function descriptorBlock({ id, projectName, resourceName }: NumberedDescriptor): IdentityBlock {
  const uri = {
    column: 'DocumentId',
    identityJsonPath: childPath(rootPath, 'descriptor'),
    scalarType: { kind: 'Int64', maxLength: null, decimal: null },
    isDescriptor: true,
  } as const;
  return { resourceKeyId: id, projectName, resourceName, identityElements: [uri] };
}
