import { defaultMappingVersion, serviceMappingVersion } from '@dms/api-schema';
import type { Context } from '../operation/context.ts';
import type { SchemaSource } from './source.ts';

/** Tells people which generation a run takes where nobody chose one: a database has one generation for its life. */
export function noteUnchosenVersion(
  { mappingVersion }: Pick<SchemaSource, 'mappingVersion'>,
  { onNotice }: Pick<Context, 'onNotice'>,
): void {
  if (mappingVersion !== undefined) return;
  const [taken, other] = [defaultMappingVersion, serviceMappingVersion];
  onNotice?.(`Mapping ${taken}; the Data Management Service needs ${other}: --mapping-version ${other}`);
}
