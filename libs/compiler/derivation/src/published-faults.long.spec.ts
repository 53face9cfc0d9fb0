import { type build, codesOf, failureOf, hasSharedData, modelOf, readSharedJson } from '@dms/testing';
import { describe, expect, it } from 'vitest';

const input = (name: string): build.JsonRecord => readSharedJson('inputs', 'faults', name);

/* Schema sets that once led to an internal error, or to a script that a server refuses. */
describe.runIf(hasSharedData)('published schema sets that are wrong (needs the shared conformance data)', () => {
  it.each([
    ['REFERENCE_EXTENSION_SCOPE_MISSING', ['array-scope-core.json', 'array-scope-extension.json']],
    ['ARRAY_UNIQUENESS_PATH_NOT_IN_SCHEMA', ['array-uniqueness-path.json']],
    ['ABSTRACT_MEMBER_IS_DESCRIPTOR', ['descriptor-subclass.json']],
    ['REFERENCE_TYPE_MISMATCH', ['reference-type.json']],
  ])('are %s: %s', (code, files) => {
    expect(codesOf(failureOf(() => modelOf(files.map(input))))).toEqual([code]);
  });
});
