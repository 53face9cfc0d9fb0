import { type MappingVersion, mappingVersions } from '@dms/api-schema';
import { DmsError } from '@dms/diagnostics';
import { dialects, type SqlDialect } from '@dms/sql';
import {
  type Document,
  ownProjects,
  ownSchema,
  propertyRuns,
  type SchemaMutant,
  schemaMutants,
  schemaSets,
  shareOf,
} from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputOfDocuments } from '../test/inputs.ts';
import { staticFindings } from './static-findings.ts';

/* The script of every set that `emit` accepts creates every table, function and column that it names. */

/** The findings in the script of a set; null for a set that is refused. */
function findingsOf(
  documents: readonly Document[],
  version: MappingVersion,
  dialect: SqlDialect,
  strict: boolean,
): string[] | null {
  try {
    return staticFindings(inputOfDocuments(documents, dialect, version, strict)).map(
      ({ id, text }) => `${id}: ${text}`,
    );
  } catch (error) {
    if (error instanceof DmsError) return null;
    throw error;
  }
}

/** The findings in the scripts of mutants, and the number of scripts. */
function diagnosticsOf(mutants: readonly SchemaMutant[], version: MappingVersion) {
  let scripts = 0;
  const faults = mutants.flatMap(({ name, documents }) =>
    dialects.flatMap((dialect) => {
      const findings = findingsOf(documents, version, dialect, true);
      if (findings !== null) scripts += 1;
      return (findings ?? []).slice(0, 3).map((finding) => `${name}, ${dialect}: ${finding}`);
    }),
  );
  return { scripts, faults };
}

describe.each(mappingVersions)('scripts name only what they make, %s', (version) => {
  const mutants = schemaMutants(ownProjects[version].map((name) => ownSchema(name)));

  it('of sets with one change', () => {
    const tried = shareOf(mutants, 40);
    const { scripts, faults } = diagnosticsOf(tried, version);
    expect(faults).toEqual([]);
    // some mutants are refused; in a share of them, it is only certain that not all are refused
    expect(scripts).toBeGreaterThan(0);
  });

  it('of random sets', () => {
    fc.assert(
      fc.property(schemaSets(), (documents) => {
        // few random sets pass strict mode
        for (const dialect of dialects) expect(findingsOf(documents, version, dialect, false) ?? []).toEqual([]);
      }),
      { numRuns: propertyRuns(8) },
    );
  });
});

it('sets whose associations secure nobody have all views, and scripts that make what these name', () => {
  const unsecured = schemaMutants([ownSchema('district')]).filter(({ name }) =>
    /^Ed-Fi(?::StudentContactAssociation)?: (?:nothing|without) secur/.test(name),
  );
  const { scripts, faults } = diagnosticsOf(unsecured, 'v2');
  expect(faults).toEqual([]);
  expect([unsecured.length, scripts]).toEqual([4, 8]);
  for (const { documents } of unsecured)
    expect(inputOfDocuments(documents, 'pgsql', 'v2', true).inventory.authViews.map(({ arms }) => arms.length)).toEqual(
      [1, 2, 1, 1, 4, 3, 2, 2],
    );
});
