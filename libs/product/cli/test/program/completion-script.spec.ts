import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shells } from '../../src/commands/completion.ts';
import { ran } from '../ran.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-completion-'));
const files = new Map<string, string>();

beforeAll(async () => {
  for (const shell of shells) {
    const { code, out } = await ran(['completion', shell]);
    expect(code).toBe(0);
    files.set(shell, path.join(scratch, shell));
    writeFileSync(path.join(scratch, shell), out);
  }
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const isInstalled = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

function printed(shell: string, script: string): string {
  const { stdout, stderr } = spawnSync(shell, ['-c', script], { encoding: 'utf8', cwd: scratch });
  expect(stderr).toBe('');
  return stdout;
}

describe.runIf(isInstalled('bash'))('bash (needs bash)', () => {
  /** The words that are offered for the last of these words. */
  const offered = (...words: readonly string[]) => {
    const typed = words.map((word) => `'${word}'`).join(' ');
    const script = `. ./bash; COMP_WORDS=(dms-ddl ${typed}); COMP_CWORD=${words.length}; _dms_ddl; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return printed('bash', script)
      .split('\n')
      .filter((word) => word !== '');
  };

  it('completes commands', () => {
    expect(offered('em')).toEqual(['emit']);
    expect(offered('pack', 'bu')).toEqual(['build']);
    expect(offered('')).toEqual(expect.arrayContaining(['emit', 'verify', 'completion', 'help']));
  });

  it('completes options of the command', () => {
    expect(offered('emit', '--ch')).toEqual(['--check']);
    expect(offered('hash', '--ch')).toEqual([]);
    expect(offered('emit', '--schema', 'x', '--')).toEqual(
      expect.arrayContaining(['--output', '--json', '--quiet', '--help']),
    );
  });

  it('completes values of options', () => {
    expect(offered('emit', '--dialect', '')).toEqual(['pgsql', 'mssql']);
    expect(offered('provision', '--if-same', 's')).toEqual(['skip']);
    expect(offered('hash', '--report', '')).toEqual(['sarif', 'github']);
    expect(offered('pack', 'build', '--dialect', 'm')).toEqual(['mssql']);
  });

  it('completes an argument that is one of a few words', () => {
    expect(offered('completion', '')).toEqual([...shells]);
    expect(offered('completion', 'z')).toEqual(['zsh']);
    expect(offered('help', 'comp')).toEqual(['completion']);
    expect(offered('upgrade', 'help', 'pl')).toEqual(['plan']);
    expect(offered('completion', 'zsh', '')).toEqual([]);
  });

  it('leaves files to the shell', () => {
    expect(offered('emit', '--schema', '')).toEqual([]);
    expect(printed('bash', '. ./bash; complete -p dms-ddl')).toBe(
      'complete -o bashdefault -o default -F _dms_ddl dms-ddl\n',
    );
  });
});

it('has a function for each command of zsh, which completes its first argument', () => {
  const script = readFileSync(files.get('zsh') ?? '', 'utf8');
  const called = [...script.matchAll(/\) (_dms_ddl_\w+) ;;/g)].map(([, name]) => name);
  expect(called.length).toBeGreaterThan(20);
  expect(called.filter((name) => !script.includes(`\n${name}() {`))).toEqual([]);
  expect(script).toMatch(/\n_dms_ddl_completion\(\) \{[^}]*'1:value:\(bash zsh fish powershell\)'/);
});

describe.runIf(isInstalled('zsh'))('zsh (needs zsh)', () => {
  it('reads the script', () => {
    expect(printed('zsh', 'autoload -Uz compinit && compinit -D -u && . ./zsh && echo $_comps[dms-ddl]')).toBe(
      '_dms_ddl\n',
    );
  });
});

describe.runIf(isInstalled('fish'))('fish (needs fish)', () => {
  const offered = (line: string) =>
    printed('fish', `source ./fish; complete --do-complete '${line}'`)
      .split('\n')
      .map((text) => text.split('\t')[0]);

  it('completes commands, options and values', () => {
    expect(offered('dms-ddl em')).toContain('emit');
    expect(offered('dms-ddl completion ')).toEqual(expect.arrayContaining([...shells]));
    expect(offered('dms-ddl emit --ch')).toContain('--check');
    expect(offered('dms-ddl emit --dialect ')).toEqual(expect.arrayContaining(['pgsql', 'mssql']));
  });
});

describe('PowerShell', () => {
  const script = () => readFileSync(files.get('powershell') ?? '', 'utf8');
  /** The words of a table of the script by the command that they follow. */
  function table(name: string): ReadonlyMap<string, readonly string[]> {
    const [, lines = ''] = new RegExp(`\\$${name} = & \\{\\n([^]*?)\\n {4}\\$table\\n`).exec(script()) ?? [];
    const found = [...lines.matchAll(/\$table\['([^']*)'\] = @\((.*)\)/g)];
    return new Map(
      found.map(([, key = '', words = '']) => [key, [...words.matchAll(/'([^']*)'/g)].map(([, word = '']) => word)]),
    );
  }

  it('has tables of commands, options and values', () => {
    expect(table('commands').get('')).toEqual(expect.arrayContaining(['emit', 'upgrade', 'help']));
    expect(table('commands').get('upgrade')).toEqual(expect.arrayContaining(['plan', 'apply']));
    expect(table('options').get('upgrade plan')).toEqual(expect.arrayContaining(['--before', '--help']));
    expect(table('options').get('hash')).not.toContain('--check');
    expect(table('arguments').get('completion')).toEqual([...shells]);
    expect(table('choices').get('emit --dialect')).toEqual(['pgsql', 'mssql']);
  });

  it('opens and closes every bracket outside of texts', () => {
    const code = script()
      .replaceAll(/^#.*$/gm, '')
      .replaceAll(/'[^']*'|"[^"]*"/g, '');
    const open: string[] = [];
    const closing: Readonly<Record<string, string>> = { ')': '(', '}': '{', ']': '[' };
    for (const [each] of code.matchAll(/[()[\]{}]/g)) {
      if (!(each in closing)) open.push(each);
      else expect(open.pop()).toBe(closing[each]);
    }
    expect(open).toEqual([]);
    expect(code).not.toMatch(/['"]/);
  });

  it.runIf(spawnSync('pwsh', ['-NoProfile', '-Command', '1']).status === 0)('offers words (needs pwsh)', () => {
    const offered = (line: string) => {
      const words = `(TabExpansion2 '${line}' ${line.length}).CompletionMatches.CompletionText -join ' '`;
      const { stdout } = spawnSync('pwsh', ['-NoProfile', '-Command', `. ./powershell.ps1; ${words}`], {
        encoding: 'utf8',
        cwd: scratch,
      });
      return stdout.trim();
    };
    writeFileSync(path.join(scratch, 'powershell.ps1'), script());
    expect(offered('dms-ddl em')).toBe('emit');
    expect(offered('dms-ddl emit --ch')).toBe('--check');
    expect(offered('dms-ddl emit --dialect ')).toBe('pgsql mssql');
    expect(offered('dms-ddl completion z')).toBe('zsh');
  });
});

it('knows every command and option in every shell', async () => {
  const { out } = await ran(['--help']);
  const commands = [...out.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name as string);
  expect(commands.length).toBeGreaterThan(8);
  for (const shell of shells) {
    const { out: script } = await ran(['completion', shell]);
    for (const command of commands) expect(script, shell).toContain(command);
    for (const option of ['scratch-database', 'report-file', 'connection-env']) expect(script, shell).toContain(option);
  }
});

it('no other shell is known', async () => {
  const { code, err } = await ran(['completion', 'tcsh']);
  expect([code, err]).toEqual([2, expect.stringContaining('Allowed choices are bash, zsh, fish, powershell')]);
});
