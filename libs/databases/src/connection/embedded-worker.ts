/**
 * What runs in the worker of an embedded database. The engine blocks its thread and knows no time limit: it is given up by
 * ending the thread (design 09 §1.4). The text is that of a CommonJS module, so that it needs no file of its own in a bundle;
 * `workerData` says where the engine is, which folder holds the data and which types arrive as text or integer.
 */
export const embeddedWorker = `
'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const { PGlite } = require(workerData.engine);
const { pgcrypto } = require(workerData.pgcrypto);

const parsers = {};
for (const oid of workerData.textOids) parsers[oid] = (value) => value;
for (const oid of workerData.integerOids) {
  parsers[oid] = (value) => (Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value));
}

const members = ['code', 'message', 'severity', 'position', 'detail', 'constraint'];
const failureOf = (error) => Object.fromEntries(members.map((member) => [member, error && error[member]]));

let database;

async function answer({ kind, text, parameters, queries }) {
  if (kind === 'open') {
    database = await PGlite.create({ dataDir: workerData.folder ?? undefined, extensions: { pgcrypto } });
    return [];
  }
  if (kind === 'close') {
    await database.close();
    return [];
  }
  if (kind === 'queries') {
    const results = [];
    for (const query of queries) {
      // without parameters the simple protocol saves two messages
      const run = query.parameters.length === 0 ? database.exec(query.text, { parsers }).then(([only]) => only) : database.query(query.text, query.parameters, { parsers });
      const result = await run;
      results.push(result ? result.rows : []);
    }
    return results;
  }
  if (kind === 'query') return [(await database.query(text, parameters, { parsers })).rows];
  return (await database.exec(text, { parsers })).map(({ rows }) => rows);
}

parentPort.on('message', (request) => {
  answer(request).then(
    (results) => parentPort.postMessage({ id: request.id, results }),
    (error) => parentPort.postMessage({ id: request.id, failure: failureOf(error) }),
  );
});
`;
