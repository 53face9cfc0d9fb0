import { quotedWord } from '@dms/diagnostics';
import { Argument, type Command, type Option } from 'commander';
import { addCommand } from './help.ts';
import type { CommandContext } from './operation-command.ts';
import { wordsAfter } from './options-of-shape.ts';

/** Adds `dms-ddl completion`. */
export function addCompletion(program: Command, { printerFor }: CommandContext): void {
  const summary = 'print a script that completes commands in a shell';
  addCommand(program, { name: 'completion', group: 'machine', summary })
    .description(
      'Prints a script that completes commands, options and their values. For every new shell:\n' +
        '  bash  eval "$(dms-ddl completion bash)"       in ~/.bashrc\n' +
        '  zsh   eval "$(dms-ddl completion zsh)"        in ~/.zshrc, after compinit\n' +
        '  fish  dms-ddl completion fish | source        in ~/.config/fish/config.fish\n' +
        '  powershell  dms-ddl completion powershell | Out-String | Invoke-Expression   in the file of $PROFILE',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices([...shells]))
    .addHelpText('after', '\nExample:\n  dms-ddl completion bash > dms-ddl.bash')
    .action((shell: Shell, options: { readonly json?: boolean }) => {
      const script = completionScript(shell, program);
      printerFor(options).answer([script.trimEnd()], { command: 'completion', shell, script });
    });
}

/** Shells whose completion can be written. */
export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;

type Shell = (typeof shells)[number];

/** The words that may follow a command. */
interface CompletedCommand {
  /** The words of the command after the program name, such as `upgrade plan`; empty for the program itself. */
  readonly words: readonly string[];
  readonly summary: string;
  readonly commands: readonly { readonly name: string; readonly summary: string }[];
  /** The possible values of its first argument; if empty, arguments are texts or files. */
  readonly choices: readonly string[];
  readonly options: readonly CompletedOption[];
}

interface CompletedOption {
  readonly flags: readonly string[];
  readonly summary: string;
  /** The possible values; if empty, the value is a text or a file. */
  readonly choices: readonly string[];
  readonly takesValue: boolean;
}

const flagsOf = (options: readonly CompletedOption[]) => options.flatMap(({ flags }) => flags);

/**
 * The bash script has tables of commands, options, first arguments and values of options, by the words before them.
 * Everything else is completed with files.
 */
function bashScript(program: string, commands: readonly CompletedCommand[]): string {
  const name = `_${program.replaceAll('-', '_')}`;
  const cases = (entries: readonly (readonly [string, readonly string[]])[]) =>
    entries.map(([key, words]) => `    ${quotedWord(key)}) echo ${quotedWord(words.join(' '))} ;;`).join('\n');
  const subcommands = commands.map(
    ({ words, commands: below }) => [words.join(' '), below.map((each) => each.name)] as const,
  );
  const options = commands.map(({ words, options: own }) => [words.join(' '), flagsOf(own)] as const);
  const firstArguments = commands.map(({ words, choices: first }) => [words.join(' '), first] as const);
  const choices = commands.flatMap(({ words, options: own }) =>
    own
      .filter((option) => option.choices.length > 0)
      .flatMap((option) => option.flags.map((flag) => [[...words, flag].join(' '), option.choices] as const)),
  );
  return `# bash completion of ${program}
${name}_commands() {
  case "$1" in
${cases(subcommands.filter(([, words]) => words.length > 0))}
  esac
}
${name}_options() {
  case "$1" in
${cases(options)}
  esac
}
${name}_arguments() {
  case "$1" in
${cases(firstArguments.filter(([, first]) => first.length > 0))}
  esac
}
${name}_choices() {
  case "$1" in
${cases(choices)}
  esac
}
${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command='' word words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ " $(${name}_commands "$command") " == *" $word "* ]] && command="\${command:+$command }$word"
  done
  words="$(${name}_choices "\${command:+$command }$previous")"
  if [[ -z $words && $current == -* ]]; then words="$(${name}_options "$command")"; fi
  if [[ -z $words && $previous != -* ]]; then words="$(${name}_commands "$command")"; fi
  if [[ -z $words && $previous == "\${command##* }" ]]; then words="$(${name}_arguments "$command")"; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -o bashdefault -F ${name} ${program}
`;
}

/** Escapes characters that zsh would read as the end of a description. */
const zshText = (text: string) => text.replaceAll('\n', ' ').replaceAll(/([\\:[\]])/g, '\\$1');

function zshOptions(options: readonly CompletedOption[]): string[] {
  return options.flatMap(({ flags, summary, choices, takesValue }) => {
    const values = choices.length > 0 ? `(${choices.join(' ')})` : '_files';
    const value = takesValue ? `:value:${values}` : '';
    return flags.map((flag) => quotedWord(`*${flag}[${zshText(summary)}]${value}`));
  });
}

function zshScript(program: string, commands: readonly CompletedCommand[]): string {
  const functionOf = (words: readonly string[]) => ['', program, ...words].join('_').replaceAll('-', '_');
  const functions = commands.map(({ words, commands: below, choices, options }) => {
    const own = zshOptions(options).map((option) => `    ${option}`);
    const argument = choices.length > 0 ? `    '1:value:(${choices.join(' ')})'` : "    '*:file:_files'";
    if (below.length === 0) return `${functionOf(words)}() {\n  _arguments \\\n${[...own, argument].join(' \\\n')}\n}`;
    const names = below.map((each) => `    ${quotedWord(`${each.name}:${zshText(each.summary)}`)}`).join('\n');
    const arms = below.map(({ name }) => `        ${name}) ${functionOf([...words, name])} ;;`).join('\n');
    return `${functionOf(words)}() {
  local -a commands=(
${names}
  )
  local state line
  _arguments -C \\
${own.join(' \\\n')} \\
    '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $line[1] in
${arms}
      esac ;;
  esac
}`;
  });
  return `#compdef ${program}\n${functions.join('\n')}\ncompdef ${functionOf([])} ${program}\n`;
}

function fishScript(program: string, commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ words, commands: below, choices: first, options }) => {
    const names = below.map((each) => each.name);
    const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`);
    const none = names.length === 0 ? [] : [`not __fish_seen_subcommand_from ${names.join(' ')}`];
    const condition = [...seen, ...none].join('; and ');
    const when = condition === '' ? '' : ` -n ${quotedWord(condition)}`;
    const start = `complete -c ${program}${when}`;
    return [
      ...below.map(({ name, summary }) => `${start} -f -a ${name} -d ${quotedWord(summary)}`),
      ...(first.length === 0 ? [] : [`${start} -f -a ${quotedWord(first.join(' '))}`]),
      ...options.map(({ flags, summary, choices, takesValue }) => {
        const [long = '', short] = flags;
        const value = choices.length > 0 ? ` -x -a ${quotedWord(choices.join(' '))}` : takesValue ? ' -r' : '';
        return `${start} -l ${long.slice(2)}${short === undefined ? '' : ` -s ${short.slice(1)}`} -d ${quotedWord(summary)}${value}`;
      }),
    ];
  });
  return `# fish completion of ${program}\n${lines.join('\n')}\n`;
}

/** A text that PowerShell reads literally; it accepts typographic quotes as quotes, too. */
const powerShellText = (text: string) => `'${text.replaceAll(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;

/**
 * The PowerShell script has the same tables as the bash script. If it offers no word, PowerShell completes names of
 * files. Tables of PowerShell ignore letter case, but options do not, so the script uses dictionaries.
 */
function powerShellScript(program: string, commands: readonly CompletedCommand[]): string {
  const list = (words: readonly string[]) => `@(${words.map(powerShellText).join(', ')})`;
  const table = (entries: readonly (readonly [string, readonly string[]])[]) =>
    entries
      .filter(([, words]) => words.length > 0)
      .map(([key, words]) => `    $table[${powerShellText(key)}] = ${list(words)}`)
      .join('\n');
  const tables: Readonly<Record<string, readonly (readonly [string, readonly string[]])[]>> = {
    commands: commands.map(({ words, commands: below }) => [words.join(' '), below.map(({ name }) => name)]),
    options: commands.map(({ words, options }) => [words.join(' '), flagsOf(options)]),
    arguments: commands.map(({ words, choices }) => [words.join(' '), choices]),
    choices: commands.flatMap(({ words, options }) =>
      options.flatMap(({ flags, choices }) => flags.map((flag) => [[...words, flag].join(' '), choices] as const)),
    ),
  };
  const made = Object.entries(tables).map(
    ([name, entries]) =>
      `  $${name} = & {\n    $table = New-Object 'System.Collections.Generic.Dictionary[string,object]'\n${table(entries)}\n    $table\n  }`,
  );
  return `# PowerShell completion of ${program}
Register-ArgumentCompleter -Native -CommandName ${powerShellText(program)} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
${made.join('\n')}
  $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  $command = ''
  $previous = ''
  foreach ($word in ($words | Select-Object -Skip 1)) {
    $next = ("$command $word").Trim()
    if ($commands.ContainsKey($command) -and $commands[$command] -ccontains $word) { $command = $next }
    $previous = $word
  }
  $offered = @()
  $choice = ("$command $previous").Trim()
  if ($choices.ContainsKey($choice)) { $offered = $choices[$choice] }
  elseif ($wordToComplete -like '-*') { if ($options.ContainsKey($command)) { $offered = $options[$command] } }
  elseif ($previous -notlike '-*') {
    if ($commands.ContainsKey($command)) { $offered = $commands[$command] }
    elseif ($arguments.ContainsKey($command) -and $previous -ceq ($command -split ' ')[-1]) { $offered = $arguments[$command] }
  }
  $offered | Where-Object { $_.StartsWith($wordToComplete, [StringComparison]::Ordinal) } |
    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
`;
}

const scripts: Readonly<Record<Shell, (program: string, commands: readonly CompletedCommand[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powerShellScript,
};

/**
 * The script that completes commands, options and their values in a shell. It is made from the commands themselves, so
 * the program does not run while the user types. If a value is not one of a few words, the shell completes files.
 */
export function completionScript(shell: Shell, program: Command): string {
  return scripts[shell](program.name(), completedCommands(program));
}

function completedCommands(command: Command, words: readonly string[] = []): CompletedCommand[] {
  const help = command.createHelp();
  const visible = help.visibleCommands(command);
  const commands = visible.map((each) => ({ name: each.name(), summary: each.summary() || each.description() }));
  const choices = command.registeredArguments[0]?.argChoices ?? [];
  const options = help.visibleOptions(command).map(completedOption);
  // commander adds the command help, which is not among the commands of the program
  const added = visible.filter((each) => !command.commands.includes(each));
  return [
    { words, summary: command.summary(), commands, choices, options },
    ...command.commands.flatMap((each) => completedCommands(each, [...words, each.name()])),
    ...added.map((each) => ({
      words: [...words, each.name()],
      summary: each.description(),
      commands: [],
      choices: command.commands.map((other) => other.name()),
      options: [],
    })),
  ];
}

function completedOption(option: Option): CompletedOption {
  return {
    flags: [option.long, option.short].filter((flag) => flag !== undefined && flag !== null),
    summary: option.description,
    choices: wordsAfter(option),
    takesValue: option.required || option.optional,
  };
}
