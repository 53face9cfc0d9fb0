import type { Connection } from '@dms/databases';

/** A connection that records the statements sent through it. */
export interface RecordedWrites {
  readonly connection: Connection;
  /** The writing statements since the last call: kind and table, with the number of rows of lists. */
  taken(): readonly string[];
  /** Round trips since the last call. */
  roundTrips(): number;
}

/** The number of rows that a statement with lists writes. */
const rowCount = ([first]: readonly unknown[]) =>
  typeof first === 'string' && first.startsWith('{') ? first.split(',').length : 1;

export function recordedWrites(inner: Connection): RecordedWrites {
  let writes: string[] = [];
  let trips = 0;
  const connection = new Proxy(inner, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name !== 'queryAll') return typeof value === 'function' ? value.bind(target) : value;
      return (...parameters: Parameters<Connection['queryAll']>) => {
        trips += 1;
        for (const { pieces, parameters: values } of parameters[0]) {
          const match = /^(INSERT|UPDATE|DELETE)(?: INTO| FROM)? "\w+"\."(\w+)"/.exec(pieces[0] ?? '');
          if (match) writes.push(`${match[1]} ${match[2]} ${rowCount(values)}`);
        }
        return target.queryAll(...parameters);
      };
    },
  });
  const reset = <Value>(read: () => Value, clear: () => void) => {
    const result = read();
    clear();
    return result;
  };
  return {
    connection,
    taken: () =>
      reset(
        () => writes,
        () => {
          writes = [];
        },
      ),
    roundTrips: () =>
      reset(
        () => trips,
        () => {
          trips = 0;
        },
      ),
  };
}
