import { counted, fail } from '@dms/diagnostics';
import { compareOrdinal, repeated } from '@dms/files';
import { resourceKeyLimit } from './constants.ts';
import type { EffectiveSchemaInfo } from './effective-schema.ts';

/** Lists how a finished info breaks its contract (design 01 §8); empty when it is valid. */
export function effectiveSchemaIssues(info: EffectiveSchemaInfo): string[] {
  const issues: string[] = [];
  const check = (holds: boolean, text: string) => {
    if (!holds) issues.push(text);
  };
  check(info.apiSchemaFormatVersion.trim() !== '', 'apiSchemaFormatVersion is blank');
  check(/^[0-9a-f]{64}$/.test(info.effectiveSchemaHash), 'effectiveSchemaHash is not 64 lower-case hex digits');
  check(
    info.resourceKeySeedHash.length === 32,
    `resourceKeySeedHash has ${counted(info.resourceKeySeedHash.length, 'byte')} instead of 32`,
  );
  check(
    info.resourceKeyCount >= 0 && info.resourceKeyCount <= resourceKeyLimit,
    `resourceKeyCount ${info.resourceKeyCount} is out of range`,
  );
  check(
    info.resourceKeyCount === info.resourceKeys.length,
    `resourceKeyCount ${info.resourceKeyCount} is not the number of keys (${info.resourceKeys.length})`,
  );
  check(info.schemaComponents.length > 0, 'there is no schema component');
  const endpoints = info.schemaComponents.map((component) => component.projectEndpointName);
  check(
    endpoints.every((name, index) => {
      const before = endpoints[index - 1];
      return before === undefined || compareOrdinal(before, name) < 0;
    }),
    'schema components are not strictly ascending by endpoint name',
  );
  for (const component of info.schemaComponents)
    check(component.projectHash !== '', `projectHash of ${component.projectEndpointName} is empty`);
  for (const id of repeated(info.resourceKeys.map((key) => key.id))) issues.push(`resource key id ${id} occurs twice`);
  // no name contains a line feed, so it separates the two parts
  const names = info.resourceKeys.map(({ projectName, resourceName }) => `${projectName}\n${resourceName}`);
  for (const name of repeated(names)) issues.push(`resource key ${name.replace('\n', ':')} occurs twice`);
  return issues;
}

/** Throws `EFFECTIVE_SCHEMA_INVALID` with all issues together. Call it before anything is written from an info. */
export function assertEffectiveSchema(info: EffectiveSchemaInfo): void {
  const issues = effectiveSchemaIssues(info);
  if (issues.length > 0)
    fail('EFFECTIVE_SCHEMA_INVALID', `The effective schema breaks its contract: ${issues.join('; ')}.`, {}, { issues });
}
