import { Argument, type Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { completionScript, type Shell, shells } from '../completion-script.ts';
import { addCommand } from './help-groups.ts';

/** Adds `dms-ddl completion`. */
export function addCompletion(program: Command, { printerFor }: CommandContext): void {
  const summary = 'print a script that completes commands in a shell';
  addCommand(program, { name: 'completion', group: 'machine', summary })
    .description(
      'Prints a script that completes commands, options and their values. For every new shell:\n' +
        '  bash  eval "$(dms-ddl completion bash)"       in ~/.bashrc\n' +
        '  zsh   eval "$(dms-ddl completion zsh)"        in ~/.zshrc, after compinit\n' +
        '  fish  dms-ddl completion fish | source        in ~/.config/fish/config.fish',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices([...shells]))
    .addHelpText('after', '\nExample:\n  dms-ddl completion bash > dms-ddl.bash')
    .action((shell: Shell, options: { readonly json?: boolean }) => {
      const script = completionScript(shell, program);
      printerFor(options).answer([script.trimEnd()], { command: 'completion', shell, script });
    });
}
