import { pascalCase, physicalSchemaName, singularize } from '@dms/model';
import { dialectRules, limitIdentifier, type SqlDialect } from '@dms/sql';
import { hasSharedData, readSharedJson } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { defaultCollectionName, pascalSuffixes, reduceCollectionOverride } from './collection-name.ts';
import { arrayUniquenessName, arrayUniquenessTokens } from './constraint-name.ts';

const vectors = hasSharedData ? readSharedJson('design', 'vectors', 'names.json') : undefined;

// biome-ignore lint/suspicious/noExplicitAny: test vectors are read as they are
type NameVector = any;

describe.runIf(hasSharedData)('test vectors of design 03 (needs the shared conformance data)', () => {
  it('has entries of every kind that is checked here', () => {
    const kinds = [
      'schemaNames',
      'pascalCase',
      'singularize',
      'collectionSegments',
      'pascalSuffixes',
      'collectionOverrides',
      'constraintNames',
      'arrayUniquenessBaseNames',
    ];
    expect(kinds.filter((kind) => !(vectors[kind].length > 0))).toEqual([]);
    expect(vectors.collectionSegments).toHaveLength(140);
  });

  it.each<NameVector>(vectors?.schemaNames ?? [])(
    'physical schema of the endpoint name "$endpointName"',
    ({ endpointName, schema }) => {
      expect(physicalSchemaName(endpointName)).toBe(schema);
    },
  );

  it.each<NameVector>(vectors?.pascalCase ?? [])('PascalCase of "$input"', ({ input, output }) => {
    expect(pascalCase(input)).toBe(output);
  });

  it.each<NameVector>(vectors?.singularize ?? [])('singular of "$input"', ({ input, singular, baseName }) => {
    expect(singularize(input)).toBe(singular);
    expect(defaultCollectionName(input)).toBe(baseName);
  });

  it.each<NameVector>(vectors?.collectionSegments ?? [])('collection base name of "$input"', ({ input, baseName }) => {
    expect(defaultCollectionName(input)).toBe(baseName);
  });

  it.each<NameVector>(vectors?.pascalSuffixes ?? [])('Pascal suffixes of "$input"', ({ input, suffixes }) => {
    expect(pascalSuffixes(input)).toEqual(suffixes);
  });

  it.each<NameVector>(vectors?.collectionOverrides ?? [])(
    'the override "$override" of $segment below $rootBaseName $parentBaseNames',
    ({ segment, override, baseName, error, ...context }) => {
      const reduced = reduceCollectionOverride(segment, override, context);
      if (error === undefined) expect(reduced).toEqual({ baseName });
      else {
        expect(error).toBe('OVERRIDE_EQUALS_PREFIX');
        expect(reduced).toEqual({ equalsPrefix: expect.any(String) });
      }
    },
  );

  it.each<NameVector>(vectors?.constraintNames ?? [])(
    '$dialect constraint name $final',
    ({ dialect, baseName, signature, final }) => {
      expect(limitIdentifier(dialectRules[dialect as SqlDialect], baseName, () => signature)).toBe(final);
    },
  );

  it.each<NameVector>(vectors?.arrayUniquenessBaseNames ?? [])(
    'array uniqueness of $table over $columns',
    ({ table, columns, tokens, baseName }) => {
      expect(arrayUniquenessTokens(columns)).toEqual(tokens);
      expect(arrayUniquenessName(table, columns)).toBe(baseName);
      expect(arrayUniquenessName(table, [...columns].reverse())).toBe(baseName);
    },
  );
});
