/** A mistake in a script: in one of its statements, a text is replaced by another. */
export interface PlantedMistake {
  readonly what: string;
  readonly statement: StatementStart;
  readonly from: string | RegExp;
  readonly to: string;
}

/**
 * The start of a statement, and the changes that turn a database of the right statement into a database of the wrong
 * one.
 */
export interface StatementStart {
  readonly text: string;
  changes(right: string, wrong: string): readonly string[];
}

/** A script with a mistake, and the changes that put the mistake into a database of the right script. */
export interface Planted {
  readonly script: string;
  readonly changes: readonly string[];
}

/** Plants a mistake. Throws if the statement does not contain the text, so a mistake is always a difference. */
export function planted(script: string, { what, statement, from, to }: PlantedMistake): Planted {
  const start = script.indexOf(statement.text);
  if (start < 0) throw new Error(`${what}: the script has no ${statement.text}`);
  const isRoutine = statement.text.includes(' FUNCTION ');
  const end = isRoutine ? script.indexOf('\n$func$;', start) + '\n$func$'.length : script.indexOf(';\n', start);
  // a constraint belongs to a statement that alters its table
  const isConstraint = statement.text.startsWith('ADD ');
  const begin = isConstraint ? script.lastIndexOf('ALTER TABLE', start) : start;
  const right = script.slice(begin, end);
  const wrong = right.replace(from, to);
  if (wrong === right) throw new Error(`${what}: the statement has no ${from}`);
  return { script: script.slice(0, begin) + wrong + script.slice(end), changes: statement.changes(right, wrong) };
}

const replaced: StatementStart['changes'] = (_right, wrong) => [wrong];

function changedConstraint(right: string, wrong: string): string[] {
  const [, table, name] = /^ALTER TABLE (\S+)\s+ADD CONSTRAINT ("[^"]+")/.exec(right) ?? [];
  return [`ALTER TABLE ${table} DROP CONSTRAINT ${name}`, wrong];
}

/**
 * The changes for the lines of a table that differ: constraints, and the type, expression and nullability of columns.
 */
function changedTable(right: string, wrong: string): string[] {
  const table = /^CREATE TABLE IF NOT EXISTS (\S+)/.exec(right)?.[1];
  const lines = (text: string) => text.split('\n').map((line) => line.trim().replace(/,$/, ''));
  const before = lines(right);
  const after = lines(wrong);
  return after.flatMap((line, index) => {
    const old = before[index];
    if (line === old) return [];
    const constraint = /^CONSTRAINT ("[^"]+")/.exec(line)?.[1];
    if (constraint !== undefined)
      return [`ALTER TABLE ${table} DROP CONSTRAINT ${constraint}`, `ALTER TABLE ${table} ADD ${line}`];
    const { name, type, expression, nullability } = columnOf(line);
    const was = columnOf(old ?? '');
    const change = [
      ...(type === was.type ? [] : [`TYPE ${type}`]),
      ...(expression === was.expression ? [] : [`SET EXPRESSION AS (${expression})`]),
      ...(nullability === was.nullability ? [] : [`${nullability === 'NOT NULL' ? 'SET' : 'DROP'} NOT NULL`]),
    ];
    return change.map((each) => `ALTER TABLE ${table} ALTER COLUMN ${name} ${each}`);
  });
}

function columnOf(line: string) {
  const [, name, type, expression, nullability] =
    /^("[^"]+") (.*?)(?: GENERATED ALWAYS AS \((.*)\) STORED)?(?: (NOT NULL|NULL))?$/.exec(line) ?? [];
  return { name, type, expression, nullability };
}

/** The start of the statements of a script, by the kind of object that they make. */
export const statements = {
  routine: (schema: string, name: string): StatementStart => ({
    text: `CREATE OR REPLACE FUNCTION "${schema}"."${name}"()`,
    changes: replaced,
  }),
  trigger: (name: string): StatementStart => ({ text: `CREATE OR REPLACE TRIGGER "${name}"`, changes: replaced }),
  /** For a mistake that omits the whole trigger. */
  missingTrigger: (name: string): StatementStart => ({
    text: `CREATE OR REPLACE TRIGGER "${name}"`,
    changes: (right) => [`DROP TRIGGER "${name}" ON ${/ ON (\S+)/.exec(right)?.[1]}`],
  }),
  missingIndex: (schema: string, name: string): StatementStart => ({
    text: `CREATE INDEX IF NOT EXISTS "${name}"`,
    changes: () => [`DROP INDEX "${schema}"."${name}"`],
  }),
  uniqueIndex: (schema: string, name: string): StatementStart => ({
    text: `CREATE UNIQUE INDEX IF NOT EXISTS "${name}"`,
    changes: (_right, wrong) => [`DROP INDEX "${schema}"."${name}"`, wrong],
  }),
  view: (schema: string, name: string): StatementStart => ({
    text: `CREATE OR REPLACE VIEW "${schema}"."${name}"`,
    changes: replaced,
  }),
  table: (schema: string, name: string): StatementStart => ({
    text: `CREATE TABLE IF NOT EXISTS "${schema}"."${name}"`,
    changes: changedTable,
  }),
  /** For a mistake in the number type of a sequence. */
  sequence: (schema: string, name: string): StatementStart => ({
    text: `CREATE SEQUENCE IF NOT EXISTS "${schema}"."${name}"`,
    changes: (_right, wrong) => [`ALTER SEQUENCE "${schema}"."${name}" AS ${/ AS (\w+)/.exec(wrong)?.[1]}`],
  }),
  constraint: (name: string): StatementStart => ({ text: `ADD CONSTRAINT "${name}"`, changes: changedConstraint }),
} as const;

/** Replaces a whole statement by one that does nothing. */
export const whole = { from: /^[\s\S]+$/, to: 'SELECT 1' } as const;

/** Replaces a constraint by one that accepts every row. */
export const lost = { from: /(ADD CONSTRAINT "[^"]+") [\s\S]+$/, to: '$1 CHECK (true)' } as const;
