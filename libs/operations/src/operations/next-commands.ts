import type { TargetSources } from '@dms/databases';
import type { SqlDialect } from '@dms/sql';
import type { SurveyedUpgrade, UpgradePlan } from '@dms/upgrade';
import { shellWord } from '../operation/shell-word.ts';

/** A plan, and which of its sets the database has that was queried. */
interface PlannedState {
  readonly plan: UpgradePlan;
  readonly state: SurveyedUpgrade['state'] | null;
}

/** What `upgrade plan` was given. */
export interface PlannedOptions {
  readonly before: string;
  readonly after: string;
  readonly output?: string | undefined;
  readonly allowLoss?: readonly string[] | undefined;
  readonly allowInvalid?: readonly string[] | undefined;
  readonly adopt?: boolean | undefined;
  readonly rename?: readonly string[] | undefined;
  readonly renames?: string | undefined;
}

/** The database that was named. */
export type NamedDatabase = Pick<TargetSources, 'connection' | 'connectionEnv' | 'connectionFile'>;

type Option = readonly [name: string, value?: string];

const commandText = (command: string, options: readonly Option[]) =>
  [
    'dms-ddl',
    'upgrade',
    command,
    ...options.flatMap(([name, value]) => (value === undefined ? [name] : [name, shellWord(value)])),
  ].join(' ');

/** The database, without a connection text: it may have a password. */
function databaseOptions({ connectionEnv, connectionFile }: NamedDatabase): readonly Option[] {
  if (connectionFile !== undefined && connectionEnv === undefined) return [['--connection-file', connectionFile]];
  return [['--connection-env', connectionEnv ?? 'DATABASE']];
}

const repeated = (name: string, values: readonly string[] | undefined): readonly Option[] =>
  (values ?? []).map((value) => [name, value]);

/**
 * The commands that come after a plan, as a user runs them, in their order (design 12 §7): the same plan with a
 * permission or with a database, then the preparation, the dry run and the upgrade. None follows where the database
 * already has the later set, or where nothing can be done.
 */
export function nextCommands(
  given: PlannedOptions,
  named: NamedDatabase | undefined,
  plans: readonly PlannedState[],
  isRefused: boolean,
): readonly string[] {
  if (plans.some(({ plan, state }) => plan.verdict === 'impossible' || state === 'after')) return [];
  const dialects: readonly SqlDialect[] = plans.map(({ plan }) => plan.dialect);
  const sets: readonly Option[] = [
    ['--before', given.before],
    ['--after', given.after],
  ];
  const renames: readonly Option[] = [
    ...repeated('--rename', given.rename),
    ...(given.renames === undefined ? [] : [['--renames', given.renames] as const]),
  ];
  const losses = repeated('--allow-loss', given.allowLoss);
  const invalid = repeated('--allow-invalid', given.allowInvalid);
  const adopt: readonly Option[] = given.adopt ? [['--adopt']] : [];
  const dialect: readonly Option[] =
    dialects.length === 1 && dialects[0] !== undefined ? [['--dialect', dialects[0]]] : [];
  const whole = [...sets, ...dialect, ...renames];
  const output: readonly Option[] = given.output === undefined ? [] : [['--output', given.output]];
  if (plans.some(({ plan }) => plan.unpermitted.length > 0))
    return [commandText('plan', [...whole, ['--allow-loss', 'all'], ...invalid, ...adopt, ...output])];
  const database = databaseOptions(named ?? {});
  const asked = [...whole, ...losses, ...invalid, ...adopt, ...database];
  const plan = commandText('plan', [...asked, ...output]);
  if (isRefused) return [plan];
  const canBePrepared = plans.some((each) => each.plan.statements.some(({ preparation }) => preparation !== undefined));
  return [
    ...(named === undefined ? [plan] : []),
    ...(canBePrepared ? [commandText('prepare', [...whole, ...losses, ...database])] : []),
    commandText('apply', [...asked, ['--dry-run']]),
    commandText('apply', asked),
  ];
}
