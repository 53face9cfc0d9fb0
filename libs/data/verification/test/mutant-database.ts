import type { Connection } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { staticFindings } from '@dms/script-checks';
import { type ProvisionedDatabase, serverEngine } from '@dms/testing';
import { BehaviourSession } from '../src/behaviour/behaviour-session.ts';
import { checkCoreBehaviour } from '../src/behaviour/core-behaviour.ts';
import { Failures } from '../src/behaviour/failures.ts';
import { checkResourceBehaviour } from '../src/behaviour/resource-behaviour.ts';
import { generations } from '../src/generations.ts';
import type { VerificationInput } from '../src/index.ts';
import type { BehaviourFailure } from '../src/verification-report.ts';
import type { ScriptMutant } from './script-mutants.ts';

class Seen extends Error {}

/** Stops at the first failure, which is enough. */
export class FirstFailure extends Failures {
  override add(...failure: Parameters<Failures['add']>): void {
    super.add(...failure);
    throw new Seen();
  }
}

/**
 * What the steps of behaviour find in a database after some changes, which are undone. Throws if the engine refuses a
 * change.
 */
export async function behaviourFailures(
  connection: Connection,
  input: VerificationInput,
  changes: readonly string[],
  failures: Failures,
): Promise<readonly BehaviourFailure[]> {
  const { core, resources } = generations[input.model.effectiveSchema.relationalMappingVersion];
  const session = new BehaviourSession(connection, {});
  await connection.begin();
  try {
    for (const change of changes) await connection.execute(change);
    await connection.execute('SAVEPOINT core');
    await checkCoreBehaviour(session, input.model, failures, core);
    await connection.execute('ROLLBACK TO SAVEPOINT core');
    await checkResourceBehaviour(session, input, failures, resources);
  } catch (error) {
    if (!(error instanceof Seen)) throw error;
  } finally {
    await connection.rollback();
    await connection.execute('DEALLOCATE ALL');
  }
  return failures.list;
}

/** `refused`: no engine accepts the script. `survived`: no check finds the change. */
export type MutantFate = 'found' | 'refused' | 'survived';

/** The databases in which the mutants of a schema set are tried: one with the right script, and one without objects. */
export class MutantDatabase {
  private readonly right: ProvisionedDatabase;
  private readonly empty: ProvisionedDatabase;
  private readonly input: VerificationInput;

  private constructor(right: ProvisionedDatabase, empty: ProvisionedDatabase, input: VerificationInput) {
    this.right = right;
    this.empty = empty;
    this.input = input;
  }

  static async open(input: VerificationInput): Promise<MutantDatabase> {
    const right = await serverEngine.open(input.script);
    const empty = await serverEngine.open('SELECT 1');
    // a changed loop may have no end
    for (const { connection } of [right, empty]) await connection.execute("SET statement_timeout = '20s'");
    return new MutantDatabase(right, empty, input);
  }

  async close(): Promise<void> {
    await this.right.close();
    await this.empty.close();
  }

  async fateOf({ changes, made }: ScriptMutant): Promise<MutantFate> {
    const { connection } = changes ? this.right : this.empty;
    const input = { ...this.input, ...(changes ? {} : made()) };
    const statements = changes ?? [input.script];
    let isMade = false;
    const failures = new FirstFailure();
    try {
      await behaviourFailures(connection, input, [...statements, 'SELECT 1'], failures);
    } catch (error) {
      if (!(error instanceof DmsError)) throw error;
      isMade = await this.isAccepted(connection, statements);
      return isMade ? 'found' : 'refused';
    }
    if (failures.list.length > 0) return 'found';
    return staticFindings({ ...this.input, ...made(), scriptSha256: null }).length > 0 ? 'found' : 'survived';
  }

  private async isAccepted(connection: Connection, statements: readonly string[]): Promise<boolean> {
    await connection.begin();
    try {
      for (const statement of statements) await connection.execute(statement);
      return true;
    } catch (error) {
      if (!(error instanceof DmsError)) throw error;
      return false;
    } finally {
      await connection.rollback();
    }
  }
}
