import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { blocksOfGuide } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/*
 * The script of docs/ci.md with typical pull requests of a repository, and the shell steps of its workflow. The
 * end-to-end tests run the page with Nx.
 */

const repository = fileURLToPath(new URL('../../../../..', import.meta.url));
const page = readFileSync(path.join(repository, 'docs/ci.md'), 'utf8');
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-ci-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const clone = path.join(scratch, 'clone');
const programs = path.join(scratch, 'bin');
const temporary = path.join(scratch, 'tmp');

function shell(command: string, cwd = clone) {
  const env = { ...process.env, PATH: `${programs}:${process.env.PATH}`, TMPDIR: temporary };
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd, encoding: 'utf8', env });
  return { status, text: `${stdout}${stderr}` };
}

function done(command: string): string {
  const { status, text } = shell(command);
  expect(status, `${command}\n${text}`).toBe(0);
  return text;
}

const commit = (message: string) => done(`git add . && git commit --quiet --allow-empty --message '${message}'`);
const impact = () => readFileSync(path.join(clone, 'impact.md'), 'utf8');
const set = path.join(clone, 'sets/schools/dms.json');
const schema = path.join(clone, 'schemas/campus/ApiSchema.json');

/** The worktrees and temporary files that a run leaves behind, besides the file that it writes. */
const left = () => [done('git worktree list').trim().split('\n').length, readdirSync(temporary)];
const nothing = [1, []];

beforeAll(() => {
  for (const folder of [clone, programs, temporary]) mkdirSync(folder);
  // npx runs only dms-ddl in this test
  const program = path.join(repository, 'libs/product/cli/bin/dms-ddl.mjs');
  writeFileSync(
    path.join(programs, 'npx'),
    `#!/bin/sh\nprogram=$1; shift\nif [ "$program" = dms-ddl ]; then exec '${process.execPath}' '${program}' "$@"; fi\n`,
  );
  chmodSync(path.join(programs, 'npx'), 0o755);
  const script = blocksOfGuide(page).find(({ file }) => file === 'ci.sh')?.content ?? '';
  writeFileSync(path.join(clone, 'ci.sh'), script);
  writeFileSync(path.join(clone, '.gitignore'), 'impact.md\n');
  done('git init --quiet --initial-branch=main && git config user.name ci && git config user.email ci@example.org');
  commit('start');
});

describe('the script', () => {
  it('says of the first pull request that the set is new', () => {
    mkdirSync(path.dirname(schema), { recursive: true });
    cpSync(path.join(repository, 'fixtures/schemas/campus/ApiSchema.json'), schema);
    mkdirSync(path.dirname(set), { recursive: true });
    writeFileSync(set, '{ "schemas": ["../../schemas/campus"], "dialects": ["pgsql"] }');
    commit('the set');
    done('sh ci.sh HEAD~1');
    expect(impact()).toBe('## Schema impact: sets/schools/dms.json is new, so no database has an earlier one\n');
    expect(left()).toEqual(nothing);
  });

  it('says of the second one what it changes', () => {
    const root = JSON.parse(readFileSync(schema, 'utf8'));
    root.projectSchema.resourceSchemas.schools.jsonSchemaForInsert.properties.city = { type: 'string', maxLength: 30 };
    writeFileSync(schema, JSON.stringify(root));
    commit('a city');
    done('sh ci.sh HEAD~1');
    expect(impact()).toContain('column added: `campus.School.City` varchar(30)');
    expect(left()).toEqual(nothing);
  });

  it('says of one without a change of schemas that nothing changes', () => {
    commit('notes');
    done('sh ci.sh HEAD~1');
    expect(impact()).toMatch(/^## Schema impact/);
    expect(impact()).not.toContain('column added');
    expect(left()).toEqual(nothing);
  });

  it('leaves nothing behind where a schema cannot be compiled', () => {
    writeFileSync(schema, '{');
    commit('a mistake');
    expect(shell('sh ci.sh HEAD~1').status).not.toBe(0);
    expect(left()).toEqual(nothing);
  });
});

const [, workflow = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(page) ?? [];
const steps = workflow.slice(workflow.indexOf('    steps:')).split(/^ {6}(?=- |#)/m);

describe('the workflow', () => {
  it('leaves out of pull requests from forks what needs a secret or a right to write', () => {
    const privileged = steps.filter((step) => /upload-sarif|GH_TOKEN|secrets\./.test(step));
    expect(privileged).toHaveLength(2);
    for (const step of privileged) expect(step).toMatch(/^ +if: .*env\.IS_FORK == 'false'/m);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub Actions, which evaluates it
    expect(workflow).toContain('IS_FORK: ${{ github.event.pull_request.head.repo.full_name != github.repository }}');
  });

  it.each(['-v2.db', '-v6.db', '.db'])(
    'names the index %s of a restored cache after the machine that reads it',
    (end) => {
      const [, lines = ''] = /- run: \|\n([\s\S]*machine-id[\s\S]*?done)/.exec(workflow) ?? [];
      const folder = path.join(scratch, `cache${end}`);
      const data = path.join(folder, '.nx/workspace-data');
      mkdirSync(data, { recursive: true });
      for (const name of [`abc123${end}`, `abc123${end}-wal`]) writeFileSync(path.join(data, name), '');
      const id = path.join(folder, 'machine-id');
      writeFileSync(id, 'f00d\n');
      for (const _ of ['restored', 'again']) {
        const { status, text } = shell(lines.replace('/etc/machine-id', id), folder);
        expect([status, text]).toEqual([0, '']);
        expect(readdirSync(data).sort()).toEqual([`f00d${end}`, `f00d${end}-wal`]);
      }
      rmSync(data, { recursive: true });
      expect(shell(lines.replace('/etc/machine-id', id), folder).status).toBe(0);
      expect(existsSync(data)).toBe(false);
    },
  );
});
