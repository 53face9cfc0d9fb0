import { build, expectRejected, modelOf, resourceOf, tableNames } from '@dms/testing';
import { describe, expect, it } from 'vitest';

const school = (properties: build.JsonRecord) =>
  build.resource('School', { jsonSchemaForInsert: build.object(properties) });
const withSchool = (properties: build.JsonRecord) => build.project('Ed-Fi', [school(properties)]);
const extension = (name: string, endpoint = name.toLowerCase()) =>
  build.project(name, [], { endpoint, isExtension: true });

const ext = (...keys: string[]) =>
  build.object(Object.fromEntries(keys.map((key) => [key, build.object({ x: build.string() })])));

const sites = (properties: build.JsonRecord, ...extensions: ReturnType<typeof extension>[]) =>
  resourceOf(modelOf([withSchool(properties), ...extensions]), 'Ed-Fi:School').extensionSites.map(
    ({ owningScope, extensionPath, projectKeys }) => [owningScope.canonical, extensionPath.canonical, projectKeys],
  );

describe('the extension sites of a base schema', () => {
  it('are recorded at every object that has _ext, by owning scope, with sorted project keys', () => {
    expect(
      sites(
        {
          home: build.object({ _ext: ext('sample') }),
          addresses: build.array(
            build.object({ periods: build.array(build.object({ _ext: ext('sample') })), _ext: ext('sample') }),
          ),
          _ext: ext('tpdm', 'sample'),
        },
        extension('Sample'),
        extension('TPDM'),
      ),
    ).toEqual([
      ['$', '$._ext', ['sample', 'tpdm']],
      ['$.addresses[*]', '$.addresses[*]._ext', ['sample']],
      ['$.addresses[*].periods[*]', '$.addresses[*].periods[*]._ext', ['sample']],
      ['$.home', '$.home._ext', ['sample']],
    ]);
  });

  it('are not searched for below _ext', () => {
    const nested = build.object({ sample: build.object({ inner: build.object({ _ext: ext('unknown') }) }) });
    expect(sites({ _ext: nested }, extension('Sample'))).toEqual([['$', '$._ext', ['sample']]]);
  });

  it('make no tables', () => {
    const model = modelOf([withSchool({ _ext: ext('sample') }), extension('Sample')]);
    expect(tableNames(resourceOf(model, 'Ed-Fi:School'))).toEqual(['edfi.School']);
  });

  it('are none without _ext', () => {
    expect(sites({ name: build.string() })).toEqual([]);
  });

  it('are not recorded for a resource extension, whose schema is all extension', () => {
    const extended = build.extensionOf('School', {
      jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({ x: build.string() })) }),
    });
    const model = modelOf([withSchool({}), build.project('Sample', [extended], { isExtension: true })]);
    expect(resourceOf(model, 'Ed-Fi:School').extensionSites).toEqual([]);
  });
});

describe('a project key of a site', () => {
  it('matches an endpoint name in any case, else a project name in any case', () => {
    expect(sites({ _ext: ext('SAMPLE') }, extension('Other', 'sample'))).toEqual([['$', '$._ext', ['SAMPLE']]]);
    expect(sites({ _ext: ext('sampleproject') }, extension('SampleProject', 'sp'))).toEqual([
      ['$', '$._ext', ['sampleproject']],
    ]);
  });

  it('matches the endpoint name of one project rather than the project name of another', () => {
    expect(sites({ _ext: ext('sample') }, extension('One', 'sample'), extension('Sample', 'two'))).toEqual([
      ['$', '$._ext', ['sample']],
    ]);
  });

  const fault = (names: readonly (string | readonly string[])[]) =>
    ({ code: 'EXTENSION_KEY_UNRESOLVED', resource: 'Ed-Fi:School', names }) as const;

  it('must name some project', () => {
    expectRejected(
      [withSchool({ addresses: build.array(build.object({ _ext: ext('missing') })) })],
      fault(['missing', '$.addresses[*]._ext']),
    );
  });

  it('must name an extension project', () => {
    expectRejected([withSchool({ _ext: ext('ed-fi') })], fault(['ed-fi', '$._ext']));
  });

  it('must not name several projects; then all candidates are listed', () => {
    expectRejected(
      [withSchool({ _ext: ext('sample') }), extension('Sample', 'two'), extension('SAMPLE', 'one')],
      fault(['sample', '$._ext', ['one', 'two']]),
    );
  });
});
