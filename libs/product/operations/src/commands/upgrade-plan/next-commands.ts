import type { TargetSources } from '@dms/databases';
import { shellWord } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { flagOf } from '../../declaring/option.ts';
import type { EstimatedPlan, PlanOptions } from './planned-upgrade.ts';

/** Facts besides the options of a plan. */
interface PlanSurroundings {
  /** The words with which the user runs the program. */
  readonly program: string;
  /** The named database; undefined if none was named. */
  readonly sources: TargetSources | undefined;
  /** The dialect that the connection text reveals. */
  readonly shown: SqlDialect | undefined;
  /** The dialects of the later artifacts. */
  readonly held: readonly SqlDialect[];
  /** The translations of the product between the versions of both sets. */
  readonly fitting: readonly string[];
}

/**
 * The commands to run after a plan, in their order (design 12 §7): the same plan with a translation of the product,
 * with a permission or with a database, then the preparation, the dry run and the upgrade. Empty if the database
 * already has the later set, or if the upgrade is impossible. The commands name the dialect if the artifacts have
 * several and the connection reveals none; with a collation, each dialect of the plan has its commands.
 */
export function nextCommands(
  given: PlanOptions,
  known: PlanSurroundings,
  plans: readonly EstimatedPlan[],
  isRefused: boolean,
): readonly string[] {
  if (plans.some(({ plan: each, state }) => each.verdict === 'impossible' || state === 'after')) return [];
  const { before, after, translation, rename, allowLoss, allowInvalid, rejects, output: folder } = given;
  const { sources: named, shown, held, fitting, program } = known;
  const adopt = given.adopt || undefined;
  const [only] = plans.length === 1 ? plans : [];
  const planned = only?.plan.dialect;
  const ofSeveral = held.length > 1 ? planned : undefined;
  const { collation } = only ?? given;
  if (plans.some(({ plan: each }) => each.unpermitted.length > 0)) {
    // a translation of the product keeps the data that it carries
    const isCarried = translation === undefined && rename === undefined && fitting.length > 0;
    const way = isCarried ? { translation: fitting } : { translation, rename, allowLoss: 'all' };
    return [
      commandText(program, 'plan', {
        before,
        after,
        dialect: ofSeveral,
        collation,
        ...way,
        allowInvalid,
        adopt,
        output: folder,
      }),
    ];
  }
  // only the commands for a database of SQL Server accept the collation
  if (planned === undefined && collation !== undefined)
    return plans.flatMap((each) => nextCommands(given, known, [each], isRefused));
  const isTaken = planned === held[0] || planned === shown;
  const whole = { before, after, dialect: isTaken ? undefined : ofSeveral, collation, translation, rename };
  const database = databaseOptions(named ?? {});
  const asked = { ...whole, allowLoss, allowInvalid, adopt, ...database };
  const again = commandText(program, 'plan', { ...asked, rejects, output: folder });
  if (isRefused) return [again];
  const canBePrepared = plans.some(({ plan: { statements } }) =>
    statements.some(({ preparation }) => preparation !== undefined),
  );
  return [
    ...(named === undefined ? [again] : []),
    ...(canBePrepared ? [commandText(program, 'prepare', { ...whole, allowLoss, ...database })] : []),
    commandText(program, 'apply', { ...asked, rejects, dryRun: true }),
    commandText(program, 'apply', { ...asked, rejects }),
  ];
}

/** A command as a user runs it, with the options that have a value. */
function commandText(program: string, command: string, options: Readonly<Record<string, unknown>>): string {
  const words = Object.entries(options).flatMap(([name, value]) =>
    [value].flat().flatMap((each) => {
      if (each === undefined) return [];
      return each === true ? [flagOf(name)] : [flagOf(name), shellWord(String(each))];
    }),
  );
  return [program, 'upgrade', command, ...words].join(' ');
}

/** The options for the named database, without a connection text, which may contain a password. */
const databaseOptions = ({ connectionEnv, connectionFile }: TargetSources) =>
  connectionFile !== undefined && connectionEnv === undefined
    ? { connectionFile }
    : { connectionEnv: connectionEnv ?? 'DATABASE' };
