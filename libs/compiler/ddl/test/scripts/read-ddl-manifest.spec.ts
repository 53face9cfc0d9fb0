import { DmsError } from '@dms/diagnostics';
import { describe, expect, it } from 'vitest';
import { ddlManifestText, readDdlManifest } from '../../src/ddl-manifest.ts';

/* The file ddl.manifest.json, read back (design 06 §8). */

const fingerprint = { effectiveSchemaHash: 'a'.repeat(64), relationalMappingVersion: 'v1' } as const;
const text = ddlManifestText(fingerprint, [{ dialect: 'pgsql', script: 'SELECT 1;\n' }]);

function refused(spoilt: string): string {
  try {
    readDdlManifest(spoilt, 'out/ddl.manifest.json');
  } catch (error) {
    if (error instanceof DmsError) return `${error.code} ${error.diagnostics[0].message}`;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a DDL manifest read back', () => {
  it('says what was written', () => {
    expect(readDdlManifest(text, 'file')).toEqual({
      ...fingerprint,
      scripts: [{ dialect: 'pgsql', normalizedSha256: expect.stringMatching(/^[0-9a-f]{64}$/), statementCount: 1 }],
    });
  });

  it('of an unknown mapping version is MAPPING_VERSION_UNKNOWN', () => {
    expect(refused(text.replace('"v1"', '"v9"'))).toMatch(
      /^MAPPING_VERSION_UNKNOWN out\/ddl\.manifest\.json: .*"v9".*v1/,
    );
  });

  it('of a generation that does not belong to its mapping version is MAPPING_VERSION_UNKNOWN', () => {
    const natural = ddlManifestText({ ...fingerprint, relationalMappingVersion: 'v2-natural' }, []);
    expect(readDdlManifest(natural, 'file').relationalMappingVersion).toBe('v2-natural');
    expect(refused(natural.replace('"v2"', '"v1"'))).toBe(
      'MAPPING_VERSION_UNKNOWN out/ddl.manifest.json: the generation v2-natural does not belong to the mapping version v1. Emit the artifacts again.',
    );
    expect(refused(natural.replace('"v2-natural"', '"v9"'))).toContain('the mapping version is "v9"');
  });

  it('may hold no script', () => {
    expect(readDdlManifest(ddlManifestText(fingerprint, []), 'file').scripts).toEqual([]);
  });

  it.each([
    ['text', '{', 'the root: '],
    ['dialect', text.replace('"pgsql"', '"oracle"'), 'ddl.0.dialect: '],
    ['hash', text.replace('a'.repeat(64), 'A'), 'effective_schema_hash: expected 64 lower-case hex digits'],
    ['count', text.replace(/"statement_count": *1/, '"statement_count": -1'), 'ddl.0.statement_count: '],
  ])('with another %s is refused', (_what, spoilt, found) => {
    expect(refused(spoilt)).toMatch(
      /^MODEL_FILE_INVALID out\/ddl\.manifest\.json is not a DDL manifest: .*emit the artifacts again\.$/,
    );
    expect(refused(spoilt)).toContain(found);
  });
});
