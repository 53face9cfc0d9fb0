import type { Connection } from '@dms/databases';
import { generations } from '../generations.ts';
import type { DocumentPlans } from '../resource-plans.ts';
import {
  type DescriptorScan,
  type ExistingDescriptor,
  existingDescriptors,
} from '../statements/descriptor-statements.ts';
import { queryStatements } from '../statements/query-statements.ts';

/** The next descriptors of a resource by document id, for a scan of all of them (design 14 §4.3, 17 §8). */
export async function scanDescriptors(
  connection: Connection,
  { version }: DocumentPlans,
  scan: Omit<DescriptorScan, 'hasVersion'>,
): Promise<readonly ExistingDescriptor[]> {
  const { repeatsDocument: hasVersion, identities } = generations[version].descriptors;
  const [rows = []] = await queryStatements(connection, [identities[connection.dialect].scan({ ...scan, hasVersion })]);
  return existingDescriptors(rows);
}
