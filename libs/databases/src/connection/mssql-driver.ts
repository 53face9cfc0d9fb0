/* What is used from the package `mssql`: it is optional, so its types are not available (design 09 §1.5). */

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

export interface MssqlSession {
  on(event: 'end', listener: () => void): unknown;
}

export interface MssqlResult {
  readonly recordsets: readonly (readonly Readonly<Record<string, unknown>>[])[];
}

export interface MssqlRequest {
  /** `type` is how the value is sent. */
  input(name: string, type: unknown, value: unknown): MssqlRequest;
  /** Calls a procedure with the inputs, in their order. */
  execute(procedure: string): Promise<MssqlResult>;
  /** As a plain batch. */
  batch(text: string): Promise<MssqlResult>;
  cancel(): void;
  /** What the server prints. */
  on(event: 'info', listener: (info: { readonly message: string }) => void): unknown;
}

export interface MssqlTransaction {
  begin(isolationLevel: number): Promise<unknown>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  on(event: 'rollback' | 'error', listener: () => void): unknown;
}

export interface MssqlPool {
  connect(): Promise<unknown>;
  close(): Promise<void>;
  on(event: 'error', listener: () => void): unknown;
}

export interface MssqlDriver {
  readonly ConnectionPool: new (configuration: MssqlConfiguration) => MssqlPool;
  readonly Transaction: new (pool: MssqlPool) => MssqlTransaction;
  readonly Request: new (parent: MssqlPool | MssqlTransaction) => MssqlRequest;
  readonly ISOLATION_LEVEL: { readonly READ_COMMITTED: number; readonly SNAPSHOT: number };
  readonly NVarChar: unknown;
  readonly Bit: unknown;
}
