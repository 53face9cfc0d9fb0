import { counted } from '@dms/diagnostics';
import { core, coreSchema, type RelationalModelSet } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import type { Outcome, Selection } from '../verification-dialect.ts';
import { type BehaviourSession, isNamed, refusalText } from './behaviour-session.ts';
import { CoreChecks, type CoreRules } from './core-checks.ts';
import { type CoreReference, type CoreTableFacts, cacheInsert } from './core-tables.ts';
import type { Failures } from './failures.ts';
import { checkRemadeDocuments } from './key-actions.ts';

/** No document has this id, which needs 64 bits. */
const noDocument = '1000000000000000';

/** A version that needs 64 bits. */
const largeVersion = '1000000000000000';

/** Needs 16 bits and, with its two followers, has no resource in any schema set. */
const firstOwnKey = 32_000;

/** A time whose text shows if a column keeps it. */
const instant = { value: '2024-01-02T03:04:05.678Z', shown: ':05.678' } as const;

interface Trial {
  readonly object: string;
  readonly statement: string;
  readonly expected: string;
  readonly isRight: (outcome: Outcome) => boolean;
}

/** The rows that the trials change: two documents of a resource with rows in every table. */
interface Rows {
  readonly documents: readonly [number, number];
  readonly keys: readonly [number, number, number];
}

class CoreTableChecks {
  private readonly checks: CoreChecks;
  private readonly facts: readonly CoreTableFacts[];

  constructor(checks: CoreChecks, facts: readonly CoreTableFacts[]) {
    this.checks = checks;
    this.facts = facts;
  }

  private table(name: string): string {
    return this.checks.session.table({ schema: coreSchema, name });
  }

  private async makeRows(): Promise<Rows> {
    const { session, documents, rules } = this.checks;
    const keys = [firstOwnKey, firstOwnKey + 1, firstOwnKey + 2] as const;
    const [first, second] = keys;
    await session.change(
      ...[first, second].map((key) =>
        session.insertText(
          core.resourceKey,
          new Map([
            ['ResourceKeyId', String(key)],
            ['ProjectName', `Project${key}`],
            ['ResourceName', `Resource${key}`],
            ['ResourceVersion', '1.0.0'],
          ]),
        ),
      ),
    );
    const made = [await documents.insert(first), await documents.insert(first)] as const;
    for (const [index, id] of made.entries())
      await session.change(
        session.insertText(
          core.descriptor,
          new Map([...rules.rows.descriptor(id, first, `Value ${index}`), ['Discriminator', `Verification${index}`]]),
        ),
        cacheInsert(session, rules.rows, id, '{}'),
        ...rules.identities.inserts(session, {
          referentialId: documents.nextUuid(),
          documentId: String(id),
          resourceKeyId: String(index === 0 ? first : second),
        }),
        ...rules.ownedRows(this.checks, id),
      );
    return { documents: made, keys };
  }

  /** The condition of the row that is changed, or of the row that stays. */
  private where({ rowColumn }: CoreTableFacts, { documents, keys }: Rows, isChanged = true): string {
    if (rowColumn === null) return '1 = 1';
    const id = (rowColumn === 'DocumentId' ? documents : keys)[isChanged ? 1 : 0];
    return `${this.checks.session.quote(rowColumn)} = ${id}`;
  }

  private update(facts: CoreTableFacts, rows: Rows, column: string, value: string | null): string {
    const { session } = this.checks;
    return `UPDATE ${this.table(facts.name)} SET ${session.quote(column)} = ${session.literal(value)} WHERE ${this.where(facts, rows)}`;
  }

  /** NULL, and the largest and too large values, in each column. */
  private columns(facts: CoreTableFacts, rows: Rows): Trial[] {
    const { notNull, tooLong, outOfRange } = this.checks.session.dialect.codes;
    // a trigger may write NULL into a column of another table
    const isTable = new RegExp(`\\b${facts.name}\\b`);
    return Object.entries(facts.columns).flatMap(([column, type]): Trial[] => {
      const object = `dms.${facts.name}.${column}`;
      const trial = (value: string | null, expected: string, isRight: Trial['isRight']): Trial => ({
        object,
        statement: this.update(facts, rows, column, value),
        expected,
        isRight,
      });
      const isNullable = type.endsWith('?');
      const trials = [
        isNullable
          ? trial(null, 'NULL accepted', (outcome) => outcome === null)
          : trial(
              null,
              `NULL refused with ${notNull}`,
              (outcome) =>
                outcome?.code === notNull && outcome.message.includes(column) && isTable.test(outcome.message),
            ),
      ];
      if (type.startsWith('id'))
        trials.push(
          trial(noDocument, `${noDocument} not refused with ${outOfRange}`, (outcome) => outcome?.code !== outOfRange),
        );
      const length = Number(/\d+(?=\))/.exec(type)?.[0]);
      if (length > 0)
        trials.push(
          trial(
            'x'.repeat(length),
            `${counted(length, 'character')} not refused with ${tooLong}`,
            (outcome) => outcome?.code !== tooLong,
          ),
          trial(
            'x'.repeat(length + 1),
            `${counted(length + 1, 'character')} refused with ${tooLong}`,
            (outcome) => outcome?.code === tooLong,
          ),
        );
      return trials;
    });
  }

  /** The values of another row in all columns of a unique constraint, and in all but one. */
  private uniques(facts: CoreTableFacts, rows: Rows): Trial[] {
    const { session } = this.checks;
    const { unique } = session.dialect.codes;
    const other = (column: string) =>
      `${session.quote(column)} = (SELECT ${session.quote(column)} FROM ${this.table(facts.name)} WHERE ${this.where(facts, rows, false)})`;
    const statement = (columns: readonly string[]) =>
      `UPDATE ${this.table(facts.name)} SET ${columns.map(other).join(', ')} WHERE ${this.where(facts, rows)}`;
    return Object.entries(facts.uniques ?? {}).flatMap(([name, columns]): Trial[] => {
      const object = `dms.${facts.name} ${name}`;
      const isRefused = (outcome: Outcome) => outcome?.code === unique && isNamed(outcome, name);
      return [
        {
          object,
          statement: statement(columns),
          expected: `the same values twice refused with ${unique}`,
          isRight: isRefused,
        },
        ...columns
          .filter(() => columns.length > 1)
          .map((column) => ({
            object,
            statement: statement(columns.filter((each) => each !== column)),
            expected: `other values of ${column} not refused by this key`,
            isRight: (outcome: Outcome) => !isRefused(outcome),
          })),
      ];
    });
  }

  private refusals(facts: CoreTableFacts, rows: Rows): Trial[] {
    const { session, dialect } = this.checks;
    const { check } = session.dialect.codes;
    return (facts.checks ?? []).flatMap(({ name, column, refused, only }): Trial[] =>
      only !== undefined && only !== dialect
        ? []
        : refused.map((value) => ({
            object: `dms.${facts.name} ${name}`,
            statement: this.update(facts, rows, column, value),
            expected: `${JSON.stringify(value)} refused with ${check}`,
            isRight: (outcome) => outcome?.code === check && isNamed(outcome, name),
          })),
    );
  }

  /** A document whose id needs 64 bits. */
  private largeDocument({ keys: [key] }: Rows): Trial {
    const { documents } = this.checks;
    return {
      object: 'dms.Document.DocumentId',
      statement: documents.insertText(documents.nextUuid(), key, Number(noDocument)),
      expected: `${noDocument} accepted`,
      isRight: (outcome) => outcome === null,
    };
  }

  /** Numbers that need 64 bits: each sequence reaches them, and a new document has such a version. */
  private largeNumbers(rows: Rows): Trial[] {
    const { sequences } = this.checks.rules;
    return [this.largeVersion(rows), ...sequences.map((sequence) => this.largeNumber(sequence))];
  }

  private restart(sequence: QualifiedName): string {
    return `ALTER SEQUENCE ${this.checks.session.table(sequence)} RESTART WITH ${largeVersion}`;
  }

  private largeNumber(sequence: QualifiedName): Trial {
    return {
      object: `dms.${sequence.name}`,
      statement: this.restart(sequence),
      expected: `the number ${largeVersion} accepted`,
      isRight: (outcome) => outcome === null,
    };
  }

  private largeVersion({ keys: [key] }: Rows): Trial {
    const { documents } = this.checks;
    const restart = this.restart(core.changeVersionSequence);
    return {
      object: `dms.${core.changeVersionSequence.name}`,
      statement: `${restart}; ${documents.insertText(documents.nextUuid(), key)}`,
      expected: `a document with the version ${largeVersion} accepted`,
      isRight: (outcome) => outcome === null,
    };
  }

  private references(facts: CoreTableFacts, rows: Rows): Trial[] {
    const { session } = this.checks;
    const code = session.dialect.codes.foreignKey;
    return (facts.references ?? []).flatMap((reference): Trial[] => {
      const { name, column, target } = reference;
      const refused = (what: string, statement: string): Trial => ({
        object: `dms.${facts.name} ${name}`,
        statement,
        expected: `${what} refused with ${code} ${name}`,
        isRight: (outcome) => outcome?.code === code && isNamed(outcome, name),
      });
      if (target === 'ResourceKey')
        return this.keyOfResource(facts, reference, rows).map(({ what, statement }) => refused(what, statement));
      if (target === 'Document') return [refused('an unknown document', this.update(facts, rows, column, noDocument))];
      return [
        refused('an unknown hash', this.update(facts, rows, column, '0'.repeat(64))),
        refused(
          'another hash of the schema',
          `UPDATE ${this.table(target)} SET ${session.quote(column)} = ${session.literal('0'.repeat(64))}`,
        ),
        {
          object: `dms.${facts.name} ${name}`,
          statement: `DELETE FROM ${this.table(target)}`,
          expected: 'the deletion of the schema accepted',
          isRight: (outcome) => outcome === null,
        },
      ];
    });
  }

  /** Deletes and renumbers the resource key that only the rows of one table name. */
  private keyOfResource(facts: CoreTableFacts, { column }: CoreReference, { keys: [own, other, further] }: Rows) {
    const { session } = this.checks;
    const is = (key: number) => `${session.quote(column)} = ${key}`;
    const named = this.facts.filter(
      ({ name, references }) => name !== facts.name && references?.some((each) => each.column === column),
    );
    const away = named.map(({ name }) =>
      name === core.document.name
        ? // the journal of `v1` has one event for each version
          `UPDATE ${this.table(name)} SET ${is(other)}, ${session.quote('ContentVersion')} = ${this.checks.nextVersion} WHERE ${is(own)}`
        : `DELETE FROM ${this.table(name)} WHERE ${is(own)}`,
    );
    const key = session.table(core.resourceKey);
    const after = (statement: string) => [...away, statement].join('; ');
    return [
      { what: 'the deletion of the resource key', statement: after(`DELETE FROM ${key} WHERE ${is(own)}`) },
      {
        what: 'another number of the resource key',
        statement: after(`UPDATE ${key} SET ${is(further)} WHERE ${is(own)}`),
      },
    ];
  }

  /** Each time is kept with its fraction. */
  private async instants(rows: Rows): Promise<void> {
    const { session, failures } = this.checks;
    const changes = this.facts.flatMap((facts) =>
      Object.entries(facts.columns).flatMap(([column, type]) => {
        if (type !== 'instant') return [];
        const selection: Selection = {
          table: { schema: coreSchema, name: facts.name },
          columns: [column],
          where: this.where(facts, rows),
        };
        return [
          { facts, column, statements: [this.update(facts, rows, column, instant.value)], selections: [selection] },
        ];
      }),
    );
    const outcomes = await session.trials(changes);
    for (const [index, { facts, column }] of changes.entries()) {
      const outcome = outcomes[index] ?? [];
      const found = 'code' in outcome ? refusalText(outcome) : (outcome[0]?.[0]?.[column] ?? 'NULL');
      if (!found.includes(instant.shown))
        failures.add('C17', `dms.${facts.name}.${column}`, `a time that ends with ${instant.shown}`, found);
    }
  }

  /** No key of a core table follows a document that gets another id. */
  private async remadeDocuments({ documents }: Rows): Promise<void> {
    const { session, failures } = this.checks;
    const keys = this.facts.flatMap((facts) =>
      (facts.references ?? [])
        .filter(({ target }) => target === 'Document')
        .map(({ name, column }) => ({ name, column, table: { schema: coreSchema, name: facts.name } })),
    );
    const columns = this.facts
      .filter(({ name }) => name === core.document.name)
      .flatMap((facts) => Object.keys(facts.columns));
    await checkRemadeDocuments({ session, failures, check: 'C17', ids: documents, keys, columns });
  }

  async run(): Promise<void> {
    const { session, failures } = this.checks;
    const rows = await this.makeRows();
    const trials = [
      this.largeDocument(rows),
      ...this.largeNumbers(rows),
      ...this.facts.flatMap((facts) => [
        ...this.columns(facts, rows),
        ...this.uniques(facts, rows),
        ...this.refusals(facts, rows),
        ...this.references(facts, rows),
      ]),
    ];
    const outcomes = await session.outcomes(trials.map(({ statement }) => statement));
    for (const [index, { object, expected, isRight }] of trials.entries()) {
      const outcome = outcomes[index] ?? null;
      if (!isRight(outcome)) failures.add('C17', object, expected, refusalText(outcome));
    }
    await this.instants(rows);
    await this.remadeDocuments(rows);
    // SQL Server keeps what is not deleted
    const [first, second] = rows.keys;
    const id = session.quote('ResourceKeyId');
    await session.change(
      `DELETE FROM ${session.table(core.document)}`,
      `DELETE FROM ${session.table(core.resourceKey)} WHERE ${id} IN (${first}, ${second})`,
    );
  }
}

/**
 * C17: every column of a core table refuses NULL unless it is nullable, and has the length or range that it must have;
 * every key, unique constraint and time does what the design says (design 06 §4, 16 §2).
 */
const checkCoreTables = (checks: CoreChecks, facts: readonly CoreTableFacts[]): Promise<void> =>
  new CoreTableChecks(checks, facts).run();

/**
 * The checks of the core of design 09 §7.3; needs at least one resource key. Everything wrong is added to `failures`.
 */
export async function checkCoreBehaviour(
  session: BehaviourSession,
  model: RelationalModelSet,
  failures: Failures,
  rules: CoreRules,
): Promise<void> {
  const checks = new CoreChecks(session, model, failures, rules);
  await checks.run();
  await failures.during('C17', coreSchema, () => checkCoreTables(checks, rules.tables));
  // rows that SQL Server kept must be gone before the next step
  await session.change(`DELETE FROM ${session.table(core.document)}`);
}
