import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DmsError } from '@dms/diagnostics';
import { lookupAmong, readMappingSet, reasonOnDisk, resolveSchemas } from '@dms/operations';
import type { ProjectConfiguration } from 'nx/src/devkit-exports';
import { expect, test } from 'vitest';
import { emptySchema, temporaryWorkspace } from '../test/temporary-workspace.ts';
import { type FileFacts, inferProjects } from './inference/create-nodes.ts';
import { ContentHashes, openFileCache } from './inference/file-cache.ts';
import { readOptions } from './inference/options.ts';
import { schemaProjectsOf } from './schema-projects.ts';
import { linkedSchema } from './unseen-files.ts';

test('schema projects are known by their target, whatever their name and its prefix', () => {
  const options = { source: 's', output: 'o' };
  const executor = 'nx-dms:normalize-schema';
  const found = schemaProjectsOf({
    b: { root: 'x', targets: { 'dms-normalize-schema': { executor, options } } },
    a: { root: 'y', targets: { 'normalize-schema': { executor, options } } },
    c: { root: 'z', targets: { 'normalize-schema': { executor: 'other:normalize-schema', options } } },
    d: { root: 'w' },
  });
  expect(found).toEqual([
    { name: 'a', root: 'y', files: ['s'], source: 's', output: 'o', target: 'normalize-schema' },
    { name: 'b', root: 'x', files: ['s'], source: 's', output: 'o', target: 'dms-normalize-schema' },
  ]);
});

test('an entry of schemas means the same to a task and to a command', async () => {
  const files = {
    'nx.json': {
      plugins: [
        'other',
        { plugin: 'nx-dms', exclude: ['schemas/left/**', '!**/kept/*', '**/out/*.json', 'schemas/core/**'] },
        { plugin: 'nx-dms', exclude: ['schemas/out/**'] },
      ],
    },
    '.git/worktrees/wt/commondir': '../..\n',
    'wt/.git': 'gitdir: ../.git/worktrees/wt\n',
    'wt/schemas/core/ApiSchema.json': emptySchema('Core'),
    'schemas/out/ApiSchema.json': emptySchema('Out', true),
    'schemas/left/kept/ApiSchema.json': emptySchema('Kept', true),
    'schemas/core/ApiSchema.json': emptySchema('Core'),
    'schemas/core/notes.json': {},
    'schemas/TPDM/api-schema-1.json': emptySchema('TPDM', true),
    'schemas/named/ApiSchema.json': emptySchema('Named', true),
    'schemas/named/project.json': { name: '@state/own' },
    'schemas/two/ApiSchema.json': emptySchema('Two', true),
    'schemas/two/b-ApiSchema.json': emptySchema('Two', true),
    'schemas/other/plain.json': emptySchema('Other', true),
    'sets/dms/near/ApiSchema.json': emptySchema('Near', true),
  };
  const root = temporaryWorkspace(files);
  const found = await inferProjects(
    // Nx applies the patterns of nx.json
    Object.keys(files).filter((name) => /ApiSchema|api-schema/.test(name) && !name.includes('/out/')),
    {
      workspaceRoot: root,
      options: readOptions(undefined),
      tool: { kind: 'locked' },
      isIgnoredHashed: true,
      cache: openFileCache<FileFacts>(path.join(root, '.cache/facts.json'), []),
      hashes: new ContentHashes(),
    },
  );
  const projects = Object.fromEntries(
    found.flatMap(([, { projects: made = {} }]) =>
      Object.values(made).map((project) => [project.name ?? '', project as ProjectConfiguration]),
    ),
  );
  mkdirSync(path.join(root, 'sets/dms'), { recursive: true });
  const config = path.join(root, 'sets/dms/dms.json');

  const ofTask = (entry: string) => {
    const { resolved, diagnostics } = resolveSchemas(
      [entry],
      'sets/dms/dms.json',
      lookupAmong(schemaProjectsOf(projects)),
      {
        spellingOf: () => undefined,
        reasonAt: (place) => linkedSchema(root, place) ?? reasonOnDisk(root, place),
      },
    );
    return diagnostics[0]?.message ?? resolved[0]?.source;
  };
  const ofCommand = async (entry: string) => {
    writeFileSync(config, JSON.stringify({ schemas: [entry] }));
    try {
      const { schemas } = await readMappingSet(config);
      return path.relative(root, schemas[0] ?? '').replaceAll('\\', '/');
    } catch (error) {
      return (error as DmsError).diagnostics[0].message;
    }
  };

  const entries = [
    ['../../schemas/core', 'schemas/core/ApiSchema.json'],
    ['schemas/core', 'schemas/core/ApiSchema.json'],
    ['core', 'schemas/core/ApiSchema.json'],
    ['../../schemas/core/ApiSchema.json', 'schemas/core/ApiSchema.json'],
    ['schemas/core/ApiSchema.json', 'schemas/core/ApiSchema.json'],
    ['tpdm', 'schemas/TPDM/api-schema-1.json'],
    ['@state/own', 'schemas/named/ApiSchema.json'],
    ['near', 'sets/dms/near/ApiSchema.json'],
    ['TPDM', /did you mean "..\/..\/schemas\/TPDM"/],
    ['named', /did you mean "..\/..\/schemas\/named"/],
    ['schemas/core/notes.json', /is not the ApiSchema file of its folder; did you mean "..\/..\/schemas\/core"/],
    ['schemas/two/ApiSchema.json', /one of several ApiSchema files of its folder: ApiSchema.json, b-ApiSchema.json/],
    ['schemas/other/plain.json', /a file that is not named like an ApiSchema file/],
    ['schemas/other', /a folder without a file that is named like an ApiSchema file/],
    ['kept', 'schemas/left/kept/ApiSchema.json'],
    [
      'schemas/out',
      /whose file Nx does not see: "exclude" of nx-dms in nx.json leaves out schemas\/out\/ApiSchema.json\./,
    ],
    ['schemas/out/ApiSchema.json', /"exclude" of nx-dms in nx.json leaves out/],
    ['wt/schemas/core', /does not see: wt\/schemas\/core\/ApiSchema.json is in another worktree of this repository\./],
    ['nowhere', /neither a schema project nor its folder/],
    [
      path.posix.join(root, 'schemas/core'),
      /a place outside of the workspace, or an absolute path, by which Nx finds no project/,
    ],
  ] as const;
  for (const [entry, expected] of entries) {
    const meant = ofTask(entry);
    expect(meant).toMatch(expected);
    expect(await ofCommand(entry), entry).toBe(meant);
  }
});

test('an entry whose file Nx does not see says why', () => {
  const root = temporaryWorkspace({
    'nx.json': { plugins: [{ plugin: 'nx-dms', include: ['sets/**'] }] },
    '.gitignore': 'secret/\n',
    'schemas/out/ApiSchema.json': emptySchema('Out'),
    'sets/secret/ApiSchema.json': emptySchema('Out'),
    'sets/new/ApiSchema.json': emptySchema('Out'),
  });
  const reasons = ['schemas/out', 'sets/secret/ApiSchema.json', 'sets/new'].map(
    (place) => reasonOnDisk(root, place)?.text,
  );
  expect(reasons).toEqual([
    'whose file Nx does not see: "include" of nx-dms in nx.json leaves out schemas/out/ApiSchema.json. If it is new, run: npx nx reset',
    'whose file Nx does not see: a pattern of .gitignore or .nxignore in the workspace leaves out sets/secret.',
    'whose file Nx does not see: "include" of nx-dms in nx.json leaves out sets/new/ApiSchema.json. If it is new, run: npx nx reset',
  ]);
});
