/*
 * The part that the product uses of the package `mssql`: the package is optional, so its own types are not available
 * (design 09 §1.5).
 */

export interface MssqlConfiguration {
  readonly server: string;
  readonly port?: number;
  readonly database: string;
  readonly user?: string;
  readonly password?: string;
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  /** Called with each session that the pool opens. */
  readonly beforeConnect: (session: MssqlSession) => void;
  readonly pool: { readonly max: number; readonly min: number };
  readonly options: {
    readonly appName: string;
    readonly encrypt: boolean | 'strict';
    readonly trustServerCertificate: boolean;
    readonly instanceName?: string;
    readonly enableArithAbort: boolean;
    readonly abortTransactionOnError: boolean;
  };
}

interface MssqlSession {
  on(event: 'end', listener: () => void): unknown;
  /** Each error of the server, also those of a login, of which the driver itself reports only the text. */
  on(event: 'errorMessage', listener: (error: { readonly number: number }) => void): unknown;
}

export interface MssqlResult {
  readonly recordsets: readonly (readonly Readonly<Record<string, unknown>>[])[];
}

export interface MssqlRequest {
  /** `type` is how the value is sent; without it the driver sends a text as `nvarchar` and a boolean as `bit`. */
  input(name: string, type: unknown, value: unknown): MssqlRequest;
  input(name: string, value: unknown): MssqlRequest;
  /** Calls a procedure with the inputs, in their order. */
  execute(procedure: string): Promise<MssqlResult>;
  /** Sends a plain batch. */
  batch(text: string): Promise<MssqlResult>;
  cancel(): void;
  /** The messages that the server prints. */
  on(event: 'info', listener: (info: { readonly message: string }) => void): unknown;
}

export interface DriverTransaction {
  begin(isolationLevel?: number): Promise<unknown>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  on(event: 'rollback' | 'error', listener: () => void): unknown;
}

interface DriverPool {
  connect(): Promise<unknown>;
  close(): Promise<void>;
  on(event: 'error', listener: () => void): unknown;
}

/** The types of the driver, in which values are sent. */
export interface MssqlTypes {
  readonly NVarChar: unknown;
  readonly Bit: unknown;
}

export interface MssqlDriver extends MssqlTypes {
  readonly ConnectionPool: new (configuration: MssqlConfiguration) => DriverPool;
  readonly Transaction: new (pool: DriverPool) => DriverTransaction;
  readonly Request: new (parent: DriverPool | DriverTransaction) => MssqlRequest;
  readonly ISOLATION_LEVEL: { readonly READ_COMMITTED: number; readonly SNAPSHOT: number };
}

/** A value and the SQL type that it is declared with; null where the value decides. */
export interface MssqlParameter {
  readonly value: unknown;
  readonly type: string | null;
}

/**
 * Runs a text with parameters (design 09 §1.5). Values are sent as text, and the server converts each to its declared
 * type before it runs the statement: the client would declare a text by its own length, and would turn decimals into
 * floating-point numbers and moments into `Date`s, which lose digits. `types` is null if the driver is not available.
 */
export function executeWithParameters(
  types: MssqlTypes | null,
  request: MssqlRequest,
  text: string,
  parameters: readonly MssqlParameter[],
): Promise<MssqlResult> {
  const input = (name: string, type: keyof MssqlTypes, value: unknown) =>
    types === null ? request.input(name, value) : request.input(name, types[type], value);
  input('statement', 'NVarChar', text);
  input('params', 'NVarChar', declarations(parameters));
  parameters.forEach(({ value }, index) => {
    const name = `p${index + 1}`;
    if (typeof value === 'boolean') input(name, 'Bit', value);
    else input(name, 'NVarChar', value === null || value === undefined ? null : String(value));
  });
  return request.execute('sp_executesql');
}

/** The types of parameters as `sp_executesql` declares them: `@p1 bigint, @p2 nvarchar(75)`. */
const declarations = (parameters: readonly MssqlParameter[]): string =>
  parameters.map(({ value, type }, index) => `@p${index + 1} ${type ?? typeOfValue(value)}`).join(', ');

/**
 * The declared lengths of texts without a column; longer texts are `nvarchar(max)`. Few lengths result in few plans.
 */
const textLengths = [50, 400, 4000] as const;

/** The SQL type of a value that has no declared type. */
function typeOfValue(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return 'bit';
    case 'bigint':
      return 'bigint';
    case 'number':
      return Number.isInteger(value) ? 'bigint' : 'float';
    default: {
      const needed = value === null || value === undefined ? 0 : String(value).length;
      return `nvarchar(${textLengths.find((length) => needed <= length) ?? 'max'})`;
    }
  }
}

/** A part of a SQL Server script that is sent at once. */
export interface ScriptBatch {
  readonly text: string;
  /** The line of the script at which it begins, from 1. */
  readonly line: number;
}

/**
 * Splits a script at its separators: lines that contain only `GO`, in any case. Batches are trimmed, and empty ones are
 * dropped (design 06 §2.3).
 */
export function scriptBatches(script: string): readonly ScriptBatch[] {
  const batches: ScriptBatch[] = [];
  let lines: string[] = [];
  const finish = (nextLine: number) => {
    const first = lines.findIndex((line) => line.trim() !== '');
    if (first >= 0) batches.push({ text: lines.join('\n').trim(), line: nextLine - lines.length + first });
    lines = [];
  };
  const all = script.split(/\r\n|\r|\n/);
  all.forEach((line, index) => {
    if (line.trim().toUpperCase() === 'GO') finish(index + 1);
    else lines.push(line);
  });
  finish(all.length + 1);
  return batches;
}
