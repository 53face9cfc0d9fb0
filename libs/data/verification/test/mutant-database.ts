import { type Connection, introspectHere } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { fittingCopies, qualified } from '@dms/model';
import { staticFindings } from '@dms/script-checks';
import { givenScript } from '@dms/sql';
import { type DatabaseOfSpec, serverEngine } from '@dms/testing';
import { groupBy } from '@dms/values';
import { BehaviourSession } from '../src/behaviour/behaviour-session.ts';
import { checkCoreBehaviour } from '../src/behaviour/core-behaviour.ts';
import { recordedLength } from '../src/behaviour/core-tables.ts';
import { stillReferredTo } from '../src/behaviour/deletion-checks.ts';
import { DocumentRows } from '../src/behaviour/document-rows.ts';
import { Failures } from '../src/behaviour/failures.ts';
import { noKeyLeft, WorldKeys } from '../src/behaviour/keys.ts';
import { checkResourceBehaviour } from '../src/behaviour/resource-behaviour.ts';
import { buildWorld } from '../src/behaviour/world.ts';
import { allOrNones, foreignKeysOf } from '../src/behaviour/world-tables.ts';
import { generations } from '../src/generations.ts';
import type { VerificationInput } from '../src/index.ts';
import { readShapes, type TableChoice } from '../src/shapes/table-shapes.ts';
import type { BehaviourFailure } from '../src/verification-report.ts';
import { forMoves, forSeveral } from './body-mutants.ts';
import { type ExplainedVerdict, verdictOn } from './explained-mutants.ts';
import type { ScriptMutant } from './script-mutants.ts';

class Seen extends Error {}

/** Ends the checks at the first failure, because one is enough. */
export class FirstFailure extends Failures {
  override add(...failure: Parameters<Failures['add']>): void {
    super.add(...failure);
    throw new Seen();
  }
}

/** Which tables are tried: every one, those that stand for others of their shape, or those that the changes name. */
export type TablesTried = 'every' | 'by shape' | 'changed';

/**
 * Chooses the tables that changes name, by themselves or by a function of their triggers. Whole runs try them too, so
 * what these trials see is seen by a whole run.
 */
export function changedTables(
  { catalog }: Pick<VerificationInput, 'catalog'>,
  changes: readonly string[],
): TableChoice {
  const named = new Set(
    changes.flatMap((change) =>
      [...change.matchAll(/"?(\w+)"?\."?(\w+)"?/g)].map(([, schema = '', name = '']) => qualified({ schema, name })),
    ),
  );
  const isNamed = (table: (typeof catalog.tables)[number]) =>
    named.has(qualified(table)) || table.triggers.some((trigger) => named.has(trigger.function ?? ''));
  const tables = new Set(catalog.tables.filter(isNamed).map(qualified));
  const { size } = tables;
  const counts = { tables: size, shapes: size, tried: size, columnsTried: size, withoutForm: [] };
  const none = { known: new Set<string>(), standsFor: new Map<string, string[]>(), knownShapes: 0, proved: [] };
  return () => ({ triggers: tables, columns: tables, counts, ...none });
}

/**
 * The failures of the behaviour steps in a database after some changes, which are rolled back; `failures` gets them and
 * all that the steps left out. Throws if the engine refuses a change.
 */
export async function behaviourFailures(
  connection: Connection,
  input: VerificationInput,
  changes: readonly string[],
  failures: Failures,
  tried: TablesTried = 'every',
): Promise<readonly BehaviourFailure[]> {
  const { core, resources } = generations[input.model.effectiveSchema.relationalMappingVersion];
  const session = new BehaviourSession(connection, {});
  await connection.begin();
  try {
    for (const change of changes) await connection.execute(givenScript(change));
    await connection.execute(givenScript('SAVEPOINT core'));
    await checkCoreBehaviour(session, input, failures, core);
    await connection.execute(givenScript('ROLLBACK TO SAVEPOINT core'));
    const chosen: Readonly<Record<TablesTried, () => TableChoice | null | Promise<TableChoice | string>>> = {
      every: () => null,
      'by shape': async () => {
        // the catalog shares the mistake, so a comparison with it finds nothing
        const { catalog } = await introspectHere(connection);
        return readShapes(session, { ...input, catalog }, catalog);
      },
      changed: () => changedTables(input, changes),
    };
    const shapes = await chosen[tried]();
    const { tablesSkipped } = await checkResourceBehaviour(session, input, failures, resources, shapes);
    for (const { table, reason } of tablesSkipped) failures.leaveOut(table, reason);
  } catch (error) {
    if (!(error instanceof Seen)) throw error;
  } finally {
    await connection.rollback();
    await connection.execute(givenScript('DEALLOCATE ALL'));
  }
  return failures.list;
}

/** `refused`: no engine accepts the script. `survived`: no check finds the change. */
export type MutantFate = 'found' | 'refused' | 'survived';

/** Changes that show only in a statement on several documents, or on one of several. */
const ofSeveralDocuments =
  /: (?:one of several rows|one version for several rows|an arm is missing) \||: another comparison \| .* <> ANY \(documents\)/;

/** Changes that show only in rows of the worlds: updates without a new value, and records of deletions. */
const ofRowsAsTheyAre = /^DocumentStamping: .*(?:IF FOUND|IF OLD\.|INSERT INTO "tracked_changes)/;

/** Tables without a row in the worlds of a schema set, and names of columns and constraints that belong to them. */
interface AbsentRows {
  readonly tables: ReadonlySet<string>;
  readonly parts: ReadonlySet<string>;
}

/**
 * The databases in which the mutants of a schema set are tried: one with the correct script, and one without objects.
 */
export class MutantDatabase {
  private readonly right: DatabaseOfSpec;
  private readonly empty: DatabaseOfSpec;
  private readonly input: VerificationInput;
  private absent: AbsentRows | undefined;
  /** What the checks of the last mutant left out. */
  private untried: Failures['untried'] = [];

  private constructor(right: DatabaseOfSpec, empty: DatabaseOfSpec, input: VerificationInput) {
    this.right = right;
    this.empty = empty;
    this.input = input;
  }

  static async open(input: VerificationInput): Promise<MutantDatabase> {
    const right = await serverEngine.open(input.script);
    const empty = await serverEngine.open('SELECT 1');
    // a changed loop may be endless
    for (const { connection } of [right, empty]) await connection.execute(givenScript("SET statement_timeout = '20s'"));
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
    this.untried = failures.untried;
    return staticFindings({ ...this.input, ...made(), scriptSha256: null }).length > 0 ? 'found' : 'survived';
  }

  /** A table of the set, by its qualified name. */
  private tableOf(name: string) {
    return this.input.model.resources
      .flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder)
      .find(({ table }) => qualified(table) === name);
  }

  private isBelowRoot(table: string): boolean {
    return (this.tableOf(table)?.jsonScope.segments.length ?? 0) > 0;
  }

  /** Whether the report says that something was left out, for a reason with this end. */
  private isUntried(what: string, reason = noKeyLeft): boolean {
    return this.untried.some((each) => each.table === what && each.reason.endsWith(reason));
  }

  /** Whether the report says that no statement on several documents was tried for the resource of a table. */
  private isOfOneDocument(table: string): boolean {
    const own = this.input.model.resources.find(({ tablesInDependencyOrder }) =>
      tablesInDependencyOrder.some((each) => qualified(each.table) === table),
    );
    const [root] = own?.tablesInDependencyOrder ?? [];
    return root !== undefined && this.isUntried(`${qualified(root.table)}, rows of three documents`);
  }

  /** Whether a value is used only in part that the report names as not tried with all its neighbours. */
  private isOfTakenValues(name: string, table: string): boolean {
    const [, column] = /: a value is (?:compared|copied) in part \| .*?\b(?:[not]|OLD|NEW)\."(\w+)"/.exec(name) ?? [];
    return this.isUntried(`${table}.${column}, values that other rows have`);
  }

  /** Whether a part of a text of a descriptor is all that its record has room for. */
  private isOfShortRecord(name: string): boolean {
    const [, column, length] = /> left\(\w+\."(Namespace|CodeValue)", (\d+)\)/.exec(name) ?? [];
    return column !== undefined && Number(length) >= recordedLength(this.input.inventory, column);
  }

  /** Whether no statement of the script writes a column for new values of a key: the key of the resource never changes. */
  private isNeverWritten(table: string, column: string): boolean {
    const [schema, name] = table.split('.');
    const inserts = this.input.script.split(`INSERT INTO "${schema}"."${name}" (`).slice(1);
    const columns = inserts.flatMap((text) => text.slice(0, text.indexOf(')')).match(/(?<=")\w+(?=")/g) ?? []);
    return table.startsWith('tracked_changes_') && column.startsWith('New') && !columns.includes(column);
  }

  /** Whether a body looks for rows of waiting documents in a table that is nearer to the root than its own table. */
  private isOfGoneRows(name: string): boolean {
    // the change may also contain the next condition
    const [, own, schema, table] =
      / \| (\S+) .*? EXISTS \(SELECT 1 FROM "(\w+)"\."(\w+)" AS r WHERE r\."\w+" = ANY \(documents\)/.exec(name) ?? [];
    const depthOf = (place: string) =>
      this.tableOf(place)?.jsonScope.segments.filter(({ kind }) => kind === 'anyElement').length ?? 0;
    return own !== undefined && depthOf(own) > depthOf(`${schema}.${table}`);
  }

  /** The explanation of the last mutant, if it survived in these databases. */
  async verdictOn(name: string): Promise<ExplainedVerdict> {
    const known = verdictOn(name);
    if (known.verdict !== 'not explained') return known;
    this.absent ??= await this.absentRows();
    const [, table = '', part = ''] = / \| (\S+) (\S+)/.exec(name) ?? [];
    const reasons: readonly (readonly [isReason: boolean, why: string])[] = [
      [this.absent.tables.has(table), 'the report says that its table has no row'],
      [this.absent.parts.has(`${table} ${part}`), 'the report says that the target of this reference has no row'],
      [
        (ofSeveralDocuments.test(name) || name.endsWith(forSeveral)) && this.isOfOneDocument(table),
        'the report says that rows of several documents were not tried: their keys have too few values',
      ],
      [
        / one resource of a set \|/.test(name) && this.input.model.effectiveSchema.resourceKeys.length === 1,
        'the schema set has one resource',
      ],
      [
        name.endsWith(forMoves) && this.isUntried(`${table}, a row moved to another document`),
        'the report says that no row was moved to another document: its keys have too few values',
      ],
      [
        this.isNeverWritten(table, part),
        'the key of the resource never changes, so no statement writes its new values',
      ],
      [this.isOfShortRecord(name), 'the record of the key has room for no more'],
      [this.isOfGoneRows(name), 'rows of a table nearer to the root are gone before, in every statement'],
      [
        this.isOfTakenValues(name, table),
        'the report says that other rows have some of the values near each other: its key has too few values',
      ],
      [
        ofRowsAsTheyAre.test(name) && this.isBelowRoot(table) && this.isUntried(`${table}, with optional values`, ''),
        'the report says that a world has no row of its table: its keys have too few values',
      ],
      [
        /INSERT INTO "tracked_changes/.test(name) && this.isUntried(`${table}, a deletion`, stillReferredTo),
        'the report says that the row could not be deleted: other rows refer to it',
      ],
    ];
    const why = reasons.find(([isReason]) => isReason)?.[1];
    return why === undefined ? known : { verdict: 'equivalent', why };
  }

  /**
   * The tables for which the world has no row, and tables derived only from their rows; and the columns and constraints
   * of references to them.
   */
  private async absentRows(): Promise<AbsentRows> {
    const { connection } = this.right;
    const { model } = fittingCopies(this.input.model);
    const { inventory } = this.input;
    const session = new BehaviourSession(connection, {});
    await connection.begin();
    try {
      const { skipped } = await buildWorld({
        session,
        documents: new DocumentRows(session),
        input: { ...this.input, model },
        failures: new Failures(),
        coreRows: generations[model.effectiveSchema.relationalMappingVersion].resources.rows,
        keys: WorldKeys.of({ ...this.input, model }),
      });
      const tables = new Set(skipped.map(({ table }) => table));
      const abstracts = inventory.triggers.filter((trigger) => trigger.kind === 'AbstractIdentityMaintenance');
      for (const [target, sources] of groupBy(abstracts, ({ targetTable }) => qualified(targetTable)))
        if (sources.every(({ table }) => tables.has(qualified(table)))) tables.add(target);
      for (const { table, sourceTable } of inventory.trackedChangeTables)
        if (tables.has(qualified(sourceTable))) tables.add(qualified(table));
      const own = model.resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder);
      const parts = own.flatMap((owner) => {
        const { table } = owner;
        const keys = foreignKeysOf(owner).filter(({ targetTable }) => tables.has(qualified(targetTable)));
        const columns = new Set<string>(keys.flatMap((key) => [...key.columns]));
        const checks = allOrNones(owner).filter(({ fkColumn }) => columns.has(fkColumn));
        const members = checks.flatMap(({ dependentColumns }) => dependentColumns);
        return [...[...keys, ...checks].map(({ name }) => name), ...columns, ...members].map(
          (name) => `${qualified(table)} ${name}`,
        );
      });
      return { tables, parts: new Set(parts) };
    } finally {
      await connection.rollback();
    }
  }

  private async isAccepted(connection: Connection, statements: readonly string[]): Promise<boolean> {
    await connection.begin();
    try {
      for (const statement of statements) await connection.execute(givenScript(statement));
      return true;
    } catch (error) {
      if (!(error instanceof DmsError)) throw error;
      return false;
    } finally {
      await connection.rollback();
    }
  }
}
