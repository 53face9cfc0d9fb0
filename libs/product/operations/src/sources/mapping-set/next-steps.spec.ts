import { expect, it } from 'vitest';
import { commandsOfLine, nextLines } from './next-steps.ts';

it('has no comment behind a command on Windows, where cmd would take it for arguments', () => {
  const commands = commandsOfLine();
  expect(nextLines(commands, 'win32')).toEqual([
    'Next:',
    'To write the scripts:',
    `  ${commands.emit}`,
    'To prove them on databases of their own:',
    `  ${commands.verify}`,
    'To say what would be made in the database that the variable DATABASE names:',
    `  ${commands.provision}`,
  ]);
  expect(nextLines(commands, 'linux').filter((line) => line.includes('  # '))).toHaveLength(3);
});
