import { hasSharedData, readSharedJson } from '@dms/testing';
import { canonicalText, parseJson, sha256Hex, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../test/failures.ts';
import {
  type ApiSchemaDocument,
  buildEffectiveSchema,
  convertLegacySchema,
  effectiveSchemaHash,
  effectiveSchemaManifestText,
  parseJsonPath,
  resourceKeySeedHash,
} from '../index.ts';

const vectors = hasSharedData ? readSharedJson('design', 'vectors', 'effective-schema.json') : undefined;

// biome-ignore lint/suspicious/noExplicitAny: test vectors are read as they are
type SchemaVector = any;

const documents = (files: unknown[]): ApiSchemaDocument[] =>
  files.map((root, index) => ({ file: `file-${index}.json`, root: toJsonValue(root) }));

describe.runIf(hasSharedData)('test vectors of design 01 (needs the shared conformance data)', () => {
  it.each<SchemaVector>(vectors?.canonicalJson.valid ?? [])('canonical JSON: $name', ({ input, canonical, sha256 }) => {
    const text = canonicalText(parseJson(input, 'vector'));
    expect(text).toBe(canonical);
    expect(sha256Hex(text)).toBe(sha256);
    expect(canonicalText(parseJson(text, 'again'))).toBe(text);
  });

  it.each<SchemaVector>(vectors?.canonicalJson.invalid ?? [])('refused JSON: $name', ({ input, error }) => {
    expect(failureOf(() => parseJson(input, 'vector')).code).toBe(error);
  });

  it.each<SchemaVector>(vectors?.jsonPath.valid ?? [])('JSONPath $input', ({ input, segments, canonical }) => {
    const result = parseJsonPath(input);
    if ('reason' in result) throw new Error(result.reason);
    expect(result.path.canonical).toBe(canonical);
    expect(result.path.segments.map((segment) => (segment.kind === 'property' ? segment.name : '*'))).toEqual(segments);
  });

  it.each<SchemaVector>(vectors?.jsonPath.invalid ?? [])('no JSONPath: "$input"', ({ input, reason }) => {
    const result = parseJsonPath(input);
    expect(result).toMatchObject({ reason });
    if ('reason' in result) expect(result.offset).toBeLessThanOrEqual(input.length);
  });

  it.each<SchemaVector>(vectors?.effectiveHashPreimages ?? [])(
    'effective hash: $name',
    ({ lines, effectiveSchemaHash: expected }) => {
      const schemaComponents = lines.slice(3).map((line: string) => {
        const [projectEndpointName = '', projectName = '', projectVersion = '', extension, projectHash = ''] =
          line.split('|');
        return {
          projectEndpointName,
          projectName,
          projectVersion,
          isExtensionProject: extension === 'true',
          projectHash,
        };
      });
      const fingerprintVersion = lines[1].slice('relationalMappingVersion='.length);
      const apiSchemaFormatVersion = lines[2].slice('apiSchemaFormatVersion='.length);
      expect(effectiveSchemaHash({ fingerprintVersion, apiSchemaFormatVersion, schemaComponents })).toBe(expected);
    },
  );

  it.each<SchemaVector>(vectors?.seedHashPreimages ?? [])(
    'seed hash: $name',
    ({ lines, resourceKeySeedHash: expected }) => {
      const keys = lines.slice(1).map((line: string) => {
        const [id, projectName = '', resourceName = '', resourceVersion = ''] = line.split('|');
        return { id: Number(id), projectName, resourceName, resourceVersion, isAbstract: false };
      });
      expect(Buffer.from(resourceKeySeedHash(keys)).toString('hex')).toBe(expected);
    },
  );

  it.each<SchemaVector>(vectors?.schemaSets ?? [])('schema set $name', ({ files, expected, equivalentInputs }) => {
    for (const input of [
      files,
      ...(equivalentInputs ?? []).map((equivalent: { files: unknown[] }) => equivalent.files),
    ]) {
      const set = buildEffectiveSchema(documents(input));
      set.projects.forEach((project, index) => {
        const { canonical } = expected.projects[index];
        if (canonical !== undefined) expect(canonicalText(project.projectSchema)).toBe(canonical);
      });
      expect(set.info.schemaComponents.map(({ projectHash }) => projectHash)).toEqual(
        expected.projects.map((project: { projectHash: string }) => project.projectHash),
      );
      expect(set.info.effectiveSchemaHash).toBe(expected.effectiveSchemaHash);
      expect(set.info.resourceKeys).toEqual(expected.resourceKeys);
      expect(Buffer.from(set.info.resourceKeySeedHash).toString('hex')).toBe(expected.resourceKeySeedHash);
      expect(effectiveSchemaManifestText(set.info)).toBe(expected.manifest);
      expect(effectiveSchemaManifestText(set.info, { includeResourceKeys: false })).toBe(
        expected.manifestWithoutResourceKeys,
      );
    }
  });

  it('every schema-set mutation gives the listed hashes', () => {
    const base = vectors.schemaSets.find((set: { name: string }) => set.name === 'minimal-core').files[0];
    const changes: Record<string, (root: typeof base) => void> = {
      'projectSchema.description becomes "x"': (root) => Object.assign(root.projectSchema, { description: 'x' }),
      'maxLength of widgetCode becomes 31': (root) =>
        Object.assign(root.projectSchema.resourceSchemas.widgets.jsonSchemaForInsert.properties.widgetCode, {
          maxLength: 31,
        }),
      'apiSchemaVersion becomes "1.0.1"': (root) => Object.assign(root, { apiSchemaVersion: '1.0.1' }),
      'projectVersion becomes "1.0.1"': (root) => Object.assign(root.projectSchema, { projectVersion: '1.0.1' }),
      'resourceName Widget becomes Wodget': (root) =>
        Object.assign(root.projectSchema.resourceSchemas.widgets, { resourceName: 'Wodget' }),
      'isDescriptor becomes true': (root) =>
        Object.assign(root.projectSchema.resourceSchemas.widgets, { isDescriptor: true }),
      'unknown extra root member is added next to projectSchema': (root) => Object.assign(root, { comment: 'x' }),
    };
    let compared = 0;
    for (const mutation of vectors.mutations) {
      const change = changes[mutation.change];
      if (!change) continue;
      const root = structuredClone(base);
      change(root);
      const { info } = buildEffectiveSchema(documents([root]));
      expect(info.effectiveSchemaHash, mutation.change).toBe(mutation.effectiveSchemaHash);
      expect(Buffer.from(info.resourceKeySeedHash).toString('hex'), mutation.change).toBe(mutation.resourceKeySeedHash);
      compared += 1;
    }
    expect(compared).toBe(vectors.mutations.length - 1);
  });

  it.each<SchemaVector>(vectors?.failures ?? [])('refused set: $name', ({ files, error, expected }) => {
    const wanted = error ?? expected.error;
    const { code, ...details } = wanted;
    const failure = failureOf(() => buildEffectiveSchema(documents(files)));
    expect(failure.code).toBe(code);
    expect(failure.diagnostics[0].details).toMatchObject(details);
  });

  it('converts the legacy vector', () => {
    const { input, expectedArrayUniquenessConstraints, expectedIsRequired, expectedIsPartOfIdentity } =
      vectors.legacyConversion;
    const { schemas } = convertLegacySchema({ file: 'legacy.json', root: toJsonValue(input) });
    expect(schemas).toHaveLength(1);
    const project = JSON.parse(canonicalText(schemas[0]?.root ?? null)).projectSchema;
    for (const [endpoint, constraints] of Object.entries(expectedArrayUniquenessConstraints)) {
      expect(project.resourceSchemas[endpoint].arrayUniquenessConstraints).toEqual(constraints);
    }
    for (const [endpoint, flags] of Object.entries<Record<string, boolean>>(expectedIsRequired)) {
      for (const [key, isRequired] of Object.entries(flags)) {
        const entry = project.resourceSchemas[endpoint].documentPathsMapping[key];
        expect(entry.isRequired, key).toBe(isRequired);
        expect(entry.isPartOfIdentity, key).toBe(expectedIsPartOfIdentity[endpoint][key]);
      }
    }
    expect(project.projectEndpointName).toBe('toy');
    expect(project.resourceNameMapping).toEqual({ Kit: 'kits' });
  });
});
