import type { ImportPackage } from '@dms/databases';

type Rows = readonly object[];

/** What the server of a recording answers to a text; rows of one recordset or of several. Throws what the driver would. */
export type Answer = (text: string, parameters: Readonly<Record<string, unknown>>) => readonly Rows[] | undefined;

/** A driver like the package `mssql` that sends nothing and remembers everything. */
export class RecordedMssql {
  /** What was sent, in order: `batch …`, `query …`, `begin`, `commit`, `rollback`, `connect`, `close`, `cancel`. */
  readonly sent: string[] = [];
  readonly configurations: unknown[] = [];
  private readonly answer: Answer;

  constructor(answer: Answer = () => undefined) {
    this.answer = answer;
  }

  /** The texts of the batches alone. */
  get batches(): string[] {
    return this.sent.filter((line) => line.startsWith('batch ')).map((line) => line.slice('batch '.length));
  }

  readonly load: ImportPackage = async (name) => {
    if (name !== 'mssql') throw new Error(`${name} is not recorded`);
    return { default: this.driver() };
  };

  private driver() {
    const { sent, configurations } = this;
    const usual: Answer = (text, { p1 }) => {
      if (text.includes('ProductVersion')) return [[{ version: '16.0.1000.6', edition: 3 }]];
      if (text.includes('HAS_PERMS_BY_NAME')) return [[{ allowed: 1 }]];
      if (text.includes('AS lowered FROM OPENJSON')) {
        return [(JSON.parse(String(p1)) as string[]).map((each) => ({ lowered: each.toLowerCase() }))];
      }
      return undefined;
    };
    const reply = (text: string, parameters: Readonly<Record<string, unknown>> = {}) => ({
      recordsets: this.answer(text, parameters) ?? usual(text, parameters) ?? [],
    });
    class ConnectionPool {
      constructor(configuration: unknown) {
        configurations.push(configuration);
      }
      async connect() {
        sent.push('connect');
        reply('connect');
      }
      async close() {
        sent.push('close');
      }
      on() {}
    }
    class Transaction {
      async begin(level: number) {
        sent.push(`begin ${level}`);
      }
      async commit() {
        sent.push('commit');
        reply('commit');
      }
      async rollback() {
        sent.push('rollback');
        reply('rollback');
      }
      on() {}
    }
    class Request {
      private readonly parameters: Record<string, unknown> = {};
      private fail: ((error: Error) => void) | null = null;
      input(name: string, value: unknown) {
        this.parameters[name] = value;
        return this;
      }
      async query(text: string) {
        sent.push(`query ${text} ${JSON.stringify(this.parameters)}`);
        return reply(text, this.parameters);
      }
      batch(text: string) {
        sent.push(`batch ${text}`);
        // a text that never ends by itself
        if (text.includes('WAITFOR')) {
          return new Promise<never>((_resolve, reject) => {
            this.fail = reject;
          });
        }
        return (async () => reply(text))();
      }
      cancel() {
        sent.push('cancel');
        this.fail?.(Object.assign(new Error('Canceled.'), { code: 'ECANCEL' }));
      }
    }
    return { ConnectionPool, Transaction, Request, ISOLATION_LEVEL: { READ_COMMITTED: 2 } };
  }
}

/** What the driver throws for an error of the server. */
export function serverError(number: number, message: string, lineNumber = 1): Error {
  return Object.assign(new Error(message), { code: 'EREQUEST', number, lineNumber });
}
