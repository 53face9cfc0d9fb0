import { randomUUID } from 'node:crypto';
import { resourceLabel } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { mustExist, type QualifiedResourceName } from '@dms/model';
import type { MappingSet } from '@dms/plans';
import { generations } from '../generations.ts';
import { descriptorReferentialId } from '../identity/referential-id.ts';
import { queryStatements } from '../statements/query-statements.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { type Moments, storedEnd } from '../values/ends-of-time.ts';

/** A date as its column stores it. */
export const storedDate = (date: string | null, ends: Moments): string | null => date && storedEnd(date, 'Date', ends);

/** A new descriptor whose values fit their columns. */
export interface NewDescriptor {
  readonly resource: QualifiedResourceName;
  readonly namespace: string;
  readonly codeValue: string;
  readonly shortDescription: string;
  readonly description?: string | null | undefined;
  readonly effectiveBeginDate?: string | null | undefined;
  readonly effectiveEndDate?: string | null | undefined;
}

/** The facts of a mapping set that the rows of descriptors need. */
export interface DescriptorKeys extends Pick<MappingSet, 'resourceKeyIdByResource'> {
  readonly key: Pick<MappingSet['key'], 'relationalMappingVersion'>;
}

/**
 * Inserts descriptors, their documents and identities (design 09 §8.3), in two round trips and in the transaction of
 * the caller. None of them may exist yet.
 */
export async function insertDescriptors(
  connection: Connection,
  { mappingSet }: { readonly mappingSet: DescriptorKeys },
  descriptors: readonly NewDescriptor[],
): Promise<void> {
  if (descriptors.length === 0) return;
  const statements = documentStatements[connection.dialect];
  const { resourceKeyIdByResource } = mappingSet;
  const documents = descriptors.map(({ resource }) => {
    const label = resourceLabel(resource);
    return { uuid: randomUUID(), resourceKeyId: mustExist(resourceKeyIdByResource.get(label), `the key of ${label}`) };
  });
  const rows = (await queryStatements(connection, statements.insertDocuments(documents))).flat();
  const ids = new Map(rows.map(({ DocumentUuid, DocumentId }) => [String(DocumentUuid), String(DocumentId)]));
  const { descriptors: rules, values } = generations[mappingSet.key.relationalMappingVersion];
  const ends = values.endsOfTime[connection.dialect];
  const inserted = descriptors.map((descriptor, index) => {
    const { uuid, resourceKeyId } = mustExist(documents[index], 'the document of a descriptor');
    const uri = `${descriptor.namespace}#${descriptor.codeValue}`;
    return {
      documentId: mustExist(ids.get(uuid), 'the id of a new document'),
      resourceKeyId,
      referentialId: descriptorReferentialId(descriptor.resource, uri),
      namespace: descriptor.namespace,
      codeValue: descriptor.codeValue,
      shortDescription: descriptor.shortDescription,
      description: descriptor.description ?? null,
      effectiveBeginDate: storedDate(descriptor.effectiveBeginDate ?? null, ends),
      effectiveEndDate: storedDate(descriptor.effectiveEndDate ?? null, ends),
      discriminator: descriptor.resource.resourceName,
      uri,
    };
  });
  await connection.queryAll([
    ...statements.insertDescriptors(rules.columns, inserted),
    ...rules.identities[connection.dialect].insert(inserted),
  ]);
}
