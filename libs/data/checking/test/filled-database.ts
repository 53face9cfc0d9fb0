import { labelledResource } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { documentPlans, generateDocuments, insertDescriptors, openDocuments } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import type { CheckedSet } from '../src/index.ts';

/** Writes generated documents of every resource to PostgreSQL. */
export async function fillWithSamples(connection: Connection, { model, inventory }: CheckedSet): Promise<void> {
  const plans = documentPlans(compileMappingSet(model), inventory);
  const { documents, descriptors } = generateDocuments(model, 20, { random: 1 });
  await connection.begin();
  await insertDescriptors(
    connection,
    plans,
    descriptors.map(({ resource, document }) => {
      const text = (name: string) => String(document.get(name));
      const fields = {
        namespace: text('namespace'),
        codeValue: text('codeValue'),
        shortDescription: text('codeValue'),
      };
      return { resource: labelledResource(resource), ...fields };
    }),
  );
  await connection.commit();
  const store = openDocuments(connection, plans);
  for (const { resource, document } of documents) await store.upsert(labelledResource(resource), document);
}
