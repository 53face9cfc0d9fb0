import type { Connection, Limits } from './connection.ts';

/** The same session; each statement has these limits unless it is given others (design 09 §1.4). */
export function limitedConnection(connection: Connection, limits: Limits): Connection {
  const { copyIn } = connection;
  return {
    ...connection,
    execute: (text, own) => connection.execute(text, { ...limits, ...own }),
    query: (text, parameters, own) => connection.query(text, parameters, { ...limits, ...own }),
    queryEach: (texts, own) => connection.queryEach(texts, { ...limits, ...own }),
    queryAll: (statements, own) => connection.queryAll(statements, { ...limits, ...own }),
    copyIn: copyIn && ((text, rows, own) => copyIn(text, rows, { ...limits, ...own })),
  };
}
