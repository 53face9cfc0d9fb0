import type { Connection } from '@dms/databases';
import { givenScript } from '@dms/sql';

/** A connection whose transactions are savepoints, so that a test can roll back all of its work. */
export function nestedConnection(inner: Connection): Connection {
  const changed: Partial<Connection> = {
    begin: () => inner.execute(givenScript('SAVEPOINT inner_work')),
    commit: () => inner.execute(givenScript('RELEASE SAVEPOINT inner_work')),
    rollback: () => inner.execute(givenScript('ROLLBACK TO SAVEPOINT inner_work; RELEASE SAVEPOINT inner_work')),
  };
  return new Proxy(inner, {
    get: (target, property) => {
      if (property in changed) return changed[property as keyof Connection];
      const value = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
