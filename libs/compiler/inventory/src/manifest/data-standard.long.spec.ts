import { readFileSync } from 'node:fs';
import { buildEffectiveSchema, loadApiSchemaFiles } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { hasSharedData, readSharedJson, sharedFile } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { resourceDetail } from './model-manifest.ts';

describe.runIf(hasSharedData)('the data standard 5.2 (needs the shared conformance data)', () => {
  it('derives every resource as expected, member order included', async () => {
    const set = buildEffectiveSchema(await loadApiSchemaFiles([{ file: sharedFile('inputs', 'ds-5.2-core.json') }]));
    const { model } = deriveModel(set, 'pgsql');
    const label = ({ resource }: { resource: { project_name: string; resource_name: string } }) =>
      `${resource.project_name}:${resource.resource_name}`;
    const expected = new Map<string, unknown>(
      readSharedJson('fixtures', 'ds-5.2', 'expected', 'resources.pgsql.json').resources.map((resource: never) => [
        label(resource),
        resource,
      ]),
    );
    const actual = model.resources.map((resource) => {
      const { document_reference_bindings: _, ...rest } = resourceDetail(resource);
      return rest;
    });
    expect(actual.map(label).sort()).toEqual([...expected.keys()].sort());
    for (const resource of actual) {
      const wanted = expected.get(label(resource));
      const isEqual = JSON.stringify(resource) === JSON.stringify(wanted);
      if (!isEqual) expect(JSON.parse(JSON.stringify(resource)), label(resource)).toEqual(wanted);
      expect(isEqual, `${label(resource)}: member order`).toBe(true);
    }
  });

  it('numbers its resources as expected', async () => {
    const { info } = buildEffectiveSchema(
      await loadApiSchemaFiles([{ file: sharedFile('inputs', 'ds-5.2-core.json') }]),
    );
    const expected = JSON.parse(
      readFileSync(sharedFile('fixtures', 'ds-5.2', 'expected', 'resource-keys.json'), 'utf8'),
    );
    expect(info.resourceKeyCount).toBe(expected.resource_key_count);
    expect(Buffer.from(info.resourceKeySeedHash).toString('hex')).toBe(expected.resource_key_seed_hash);
    expect(info.resourceKeys.map((key) => [key.id, key.projectName, key.resourceName, key.resourceVersion])).toEqual(
      expected.resource_keys.map((key: Record<string, unknown>) => [
        key.resource_key_id,
        key.project_name,
        key.resource_name,
        key.resource_version,
      ]),
    );
  });
});
