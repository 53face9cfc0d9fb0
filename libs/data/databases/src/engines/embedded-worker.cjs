'use strict';

/*
 * The program of the worker of an embedded database. The engine blocks its thread and has no time limit: it is stopped
 * by ending the thread (design 09 §1.4). `workerData` says where the engine is, which folder holds the data, whether the
 * database is new, whether it is temporary, and which types arrive as text or integer. A new database is opened from the
 * archive of a new one where there is one; otherwise it is created, and if it is temporary, its archive is returned. The
 * compiled program of the engine is returned too, for the next thread of the process. A refused write to a file of the
 * folder is reported at once. Only their owner may use the files and folders. Output of the engine while it opens its
 * database becomes part of the failure, because the error itself gives no reason.
 */
const fs = require('node:fs');
const path = require('node:path');
const { parentPort, workerData } = require('node:worker_threads');

// the engine may never answer after a write that the disk refused, so the failure is reported while it works
if (workerData.folder !== null) {
  // the engine asks for files that everybody may write
  const { chmodSync, mkdirSync, writeFileSync } = fs;
  const own = (mode) => (typeof mode === 'number' ? mode & ~0o077 : mode);
  fs.chmodSync = (file, mode) => chmodSync(file, own(mode));
  fs.mkdirSync = (folder, options) =>
    mkdirSync(folder, options && typeof options === 'object' ? options : own(options ?? 0o700));
  fs.writeFileSync = (file, data, options) => {
    const isOptions = Boolean(options) && typeof options === 'object';
    return writeFileSync(file, data, isOptions ? { ...options, mode: own(options.mode ?? 0o600) } : options);
  };
  const write = fs.writeSync;
  fs.writeSync = (...taken) => {
    try {
      return write(...taken);
    } catch (error) {
      parentPort.postMessage({ writeFailure: error.code });
      throw error;
    }
  };
}

/*
 * The engine asks for the size of a table before each plan, hundreds of thousands of times in a verification. Nobody else
 * writes to the folder of a temporary database, so what the system said of a file holds until the engine changes it.
 */
if (workerData.folder !== null && workerData.isTemporary) {
  const byPath = new Map();
  const byNumber = new Map();
  const fileAt = (place) => {
    const file = byPath.get(place) ?? { stats: undefined };
    byPath.set(place, file);
    return file;
  };
  const {
    closeSync,
    fstatSync,
    ftruncateSync,
    openSync,
    renameSync,
    truncateSync,
    unlinkSync,
    writeFileSync,
    writeSync,
  } = fs;
  fs.openSync = (place, ...taken) => {
    const number = openSync(place, ...taken);
    byNumber.set(number, fileAt(place));
    return number;
  };
  fs.closeSync = (number) => {
    byNumber.delete(number);
    closeSync(number);
  };
  fs.fstatSync = (number, ...taken) => {
    const file = byNumber.get(number);
    if (file === undefined) return fstatSync(number, ...taken);
    file.stats ??= fstatSync(number, ...taken);
    return file.stats;
  };
  fs.writeSync = (number, bytes, offset, length, position) => {
    const written = writeSync(number, bytes, offset, length, position);
    const file = byNumber.get(number);
    if (file?.stats) {
      // without a position it writes where an earlier call ended
      if (typeof position === 'number') file.stats.size = Math.max(file.stats.size, position + written);
      else file.stats = undefined;
    }
    return written;
  };
  fs.ftruncateSync = (number, length) => {
    ftruncateSync(number, length);
    const file = byNumber.get(number);
    if (file) file.stats = undefined;
  };
  fs.truncateSync = (place, ...taken) => {
    truncateSync(place, ...taken);
    fileAt(place).stats = undefined;
  };
  fs.writeFileSync = (place, ...taken) => {
    writeFileSync(place, ...taken);
    fileAt(place).stats = undefined;
  };
  // a file that is open keeps its content without its name
  fs.unlinkSync = (place) => {
    unlinkSync(place);
    byPath.delete(place);
  };
  fs.renameSync = (from, to) => {
    renameSync(from, to);
    byPath.set(to, fileAt(from));
    byPath.delete(from);
  };
}

const { readdirSync, readFileSync, rmSync } = fs;
const { gunzipSync, gzipSync } = require('node:zlib');
const { PGlite } = require(workerData.engine);
const { pgcrypto } = require(workerData.pgcrypto);

const parsers = {};
for (const oid of workerData.textOids) parsers[oid] = (value) => value;
for (const oid of workerData.integerOids) {
  parsers[oid] = (value) => (Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value));
}

const members = ['code', 'message', 'severity', 'position', 'detail', 'hint', 'where', 'constraint', 'routine'];
// the numbers that the file system of WebAssembly has for what the system says
const causes = { 2: 'EACCES', 19: 'EDQUOT', 22: 'EFBIG', 29: 'EIO', 51: 'ENOSPC', 63: 'EPERM', 69: 'EROFS' };
const isOfFiles = (error) => error?.name === 'ErrnoError';
function failureOf(error) {
  const failure = Object.fromEntries(members.map((member) => [member, error?.[member]]));
  if (!isOfFiles(error)) return { ...failure, said };
  const code = causes[error.errno];
  return { ...failure, code, message: `the file system refused (${code || `number ${error.errno}`})` };
}

let database;

// until the database is open
let said = [];
const onStderr = (text) => {
  said?.push(text);
  return true;
};

async function compiled() {
  try {
    return await WebAssembly.compile(readFileSync(path.join(path.dirname(workerData.engine), 'pglite.wasm')));
  } catch {
    // an engine that keeps it elsewhere finds it itself
    return undefined;
  }
}

// the default is 16 kB; an archive has thousands of such pieces
const inLargePieces = { chunkSize: 2 ** 20 };

// it is read once: a Blob would hold a copy of the bytes and give out another; the engine keeps its options
function asFile(bytes) {
  let left = bytes;
  const arrayBuffer = async () => {
    const { buffer, byteOffset, byteLength } = left;
    left = undefined;
    return byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
  };
  return { type: '', arrayBuffer };
}

/*
 * How many files stay open. In memory that makes no difference. In a folder, it is a quarter of what the process may open,
 * because two engines work at once. The engine cannot number more than 4,096, and keeps 1,000 without a setting. Neither
 * Windows nor a system without a limit reports one.
 */
function openAtOnce() {
  if (workerData.folder === null) return 1000;
  const limit = Number(process.report.getReport().userLimits?.open_files.soft);
  return limit > 0 ? Math.min(3000, Math.max(1000, Math.floor(limit / 4))) : 3000;
}

/*
 * Settings of a temporary database: nothing is ever recovered from its journal. Buffers and journal are copies of files
 * that are in memory, or in the cache of the system.
 */
const temporary = {
  // a database of 5.2 has 3,600 files
  max_files_per_process: String(openAtOnce()),
  shared_buffers: '16MB',
  full_page_writes: 'off',
  min_wal_size: '32MB',
  max_wal_size: '64MB',
  wal_recycle: 'off',
  wal_init_zero: 'off',
};

async function make(archive, pgliteWasmModule) {
  // given with each statement, they would be merged each time with one parser per type of the database
  const settings = workerData.isTemporary ? Object.entries(temporary) : [];
  const options = {
    dataDir: workerData.folder ?? undefined,
    startParams: [...PGlite.defaultStartParams, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    extensions: { pgcrypto },
    pgliteWasmModule,
    parsers,
    onStderr,
  };
  if (archive) {
    try {
      database = await PGlite.create({ ...options, loadDataDir: asFile(gunzipSync(archive, inLargePieces)) });
      return null;
    } catch (error) {
      if (isOfFiles(error)) throw error;
      // an archive that cannot be read is as good as none; what it has left is not
      const left = workerData.folder === null ? [] : readdirSync(workerData.folder);
      for (const name of left) rmSync(path.join(workerData.folder, name), { recursive: true });
    }
  }
  database = await PGlite.create(options);
  if (!workerData.isTemporary || !workerData.isNew) return null;
  const dump = await database.dumpDataDir('none');
  return gzipSync(await dump.arrayBuffer(), { level: 1 });
}

async function answer({ kind, text, parameters, queries, archive }) {
  if (kind === 'open') {
    const program = workerData.program ?? (await compiled());
    const made = await make(archive, program);
    said = undefined;
    return [[{ archive: made, program }]];
  }
  if (kind === 'close') {
    await database.close();
    return [];
  }
  if (kind === 'queries') {
    const results = [];
    for (const query of queries) {
      const options = { rowMode: query.asArrays ? 'array' : 'object' };
      // without parameters the simple protocol saves two messages
      const run =
        query.parameters.length === 0
          ? database.exec(query.text, options).then(([only]) => only)
          : database.query(query.text, query.parameters, options);
      const result = await run;
      results.push(result ? result.rows : []);
    }
    return results;
  }
  if (kind === 'query') return [(await database.query(text, parameters)).rows];
  const results = await database.exec(text);
  return kind === 'queryEach' ? results.map(({ rows }) => rows) : [];
}

parentPort.on('message', (request) => {
  answer(request).then(
    (results) => parentPort.postMessage({ id: request.id, results }),
    (error) => parentPort.postMessage({ id: request.id, failure: failureOf(error) }),
  );
});
