import { expect, test } from 'vitest';
import type { ScratchWorkspace } from './scratch-workspace.ts';
import { hasTerminal, type TerminalAnswer } from './terminal.ts';

/**
 * Tests of the prompts of the generators. They are the same for each version of Nx, although each version prompts in
 * its own way.
 *
 * @param workspaceOf a workspace with the plugin and the schema projects campus and athletics, in folders of `schemas`
 */
export function testPrompts(workspaceOf: () => ScratchWorkspace): void {
  async function generated(args: readonly string[], answers: readonly TerminalAnswer[]): Promise<string> {
    const { exitCode, screen } = await workspaceOf().nxOnTerminal(['g', ...args], answers);
    expect(exitCode, screen).toBe(0);
    return screen;
  }

  test.runIf(hasTerminal)(
    'mapping-set asks for a name, databases and schemas, and uses what is typed and checked',
    async () => {
      await generated(
        ['nx-dms:mapping-set'],
        [
          { asked: 'What is the name of the mapping set?', keys: 'typed\r' },
          // the space bar unchecks the first choice
          { asked: 'SQL Server', keys: ' \r' },
          { asked: 'Which generation', keys: '\r' },
          // down to the extension, which may be missing
          { asked: 'Which schemas', keys: '\u001b[B \r' },
        ],
      );
      expect(JSON.parse(workspaceOf().read('mapping-sets/typed/dms.json'))).toMatchObject({
        name: 'typed',
        schemas: ['../../schemas/campus'],
        dialects: ['mssql'],
        mappingVersion: 'v1',
      });
      workspaceOf().remove('mapping-sets/typed');
    },
  );

  test.runIf(hasTerminal)('mapping-set uses all schemas and both databases if only Enter is pressed', async () => {
    await generated(
      ['nx-dms:mapping-set', 'entered'],
      [
        { asked: 'SQL Server', keys: '\r' },
        { asked: 'Which generation', keys: '\r' },
        { asked: 'Which schemas', keys: '\r' },
      ],
    );
    expect(JSON.parse(workspaceOf().read('mapping-sets/entered/dms.json'))).toMatchObject({
      schemas: ['../../schemas/campus', '../../schemas/athletics'],
      dialects: ['pgsql', 'mssql'],
    });
    workspaceOf().remove('mapping-sets/entered');
  });

  test.runIf(hasTerminal)('schema asks for a file until one is named', async () => {
    await generated(
      ['nx-dms:schema', '--directory=typed', '--name=typed'],
      [
        { asked: 'Which ApiSchema file, folder or package', keys: '\r' },
        { asked: 'does not match the schema', keys: 'schemas/campus\r' },
      ],
    );
    expect(workspaceOf().read('typed/ApiSchema.json')).toBe(workspaceOf().read('schemas/campus/ApiSchema.json'));
    workspaceOf().remove('typed');
  });

  test.runIf(hasTerminal)('init asks nothing', async () => {
    expect(await generated(['nx-dms:init'], [])).not.toContain('?');
  });
}
