import { defaultMappingVersion, generationPurposes, type MappingVersion, serviceMappingVersion } from '@dms/api-schema';
import { shellWord } from '@dms/diagnostics';

/** The commands to run after a `dms.json` was written, as people type them. */
interface NextCommands {
  readonly emit: string;
  readonly verify: string;
  readonly provision: string;
}

/** The environment variable with the connection in examples of commands. */
const variable = 'DATABASE';

/** The words with which a user runs the program, unless a package manager has started it. */
export const usualProgram = 'dms-ddl';

/**
 * The commands of the command line. `config` is the `dms.json` or its folder; undefined if commands find it themselves.
 *
 * @param program the words with which the user runs the program
 */
export function commandsOfLine(config?: string, program = usualProgram): NextCommands {
  const of = config === undefined ? '' : ` ${shellWord(config)}`;
  return {
    emit: `${program} emit${of}`,
    verify: `${program} verify${of}`,
    provision: `${program} provision${of} --connection-env ${variable} --create-database --dry-run`,
  };
}

/** The commands as targets of Nx. */
export function commandsOfNx(project: string): NextCommands {
  const run = (target: string) => `npx nx run ${shellWord(project)}:${target}`;
  return {
    emit: run('emit-ddl'),
    verify: run('verify-db'),
    provision: `${run('provision-db')} --connectionEnv=${variable} --dryRun`,
  };
}

/**
 * The next commands with a comment for each; on Windows the comment comes first, because cmd has no comments behind
 * commands.
 */
export function nextLines(
  { emit, verify, provision }: NextCommands,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  const steps = [
    [emit, 'write the scripts'],
    [verify, 'prove them on databases of their own'],
    [provision, `say what would be made in the database that the variable ${variable} names`],
  ] as const;
  if (platform === 'win32') return ['Next:', ...steps.flatMap(([command, what]) => [`To ${what}:`, `  ${command}`])];
  const width = Math.max(emit.length, verify.length);
  return ['Next:', ...steps.map(([command, what]) => `  ${command.padEnd(width)}  # ${what}`)];
}

/** The last lines of `init` and of the Nx generator: the purpose of the generation, and the next commands. */
export const closingLines = (version: MappingVersion, commands: NextCommands): readonly string[] => [
  `Mapping version ${version}: ${generationPurposes[version]}. It can be changed in dms.json until a database is provisioned.`,
  ...nextLines(commands),
  'Before artifacts are committed: a .gitattributes in their folder, with the line "* -text", keeps Git from changing them.',
];

/**
 * The line about the generation of a run if nobody chose one: a database has one generation for its life.
 *
 * @param way how to choose the generation of the service
 * @param codes why the service's generation refuses the set; empty if it does not
 */
export function unchosenVersionText(way: string, codes: readonly string[] = []): string {
  const needed = `the Data Management Service needs ${serviceMappingVersion}`;
  return codes.length === 0
    ? `Mapping ${defaultMappingVersion}; ${needed}: ${way}`
    : `Mapping ${defaultMappingVersion}, the only one that suits this set; ${needed}, which refuses it: ${codes.join(', ')}`;
}
