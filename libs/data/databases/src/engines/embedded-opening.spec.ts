import { expect, it } from 'vitest';
import { openingTrouble } from './embedded.ts';

const logged = (level: string, text: string) => `2026-11-25 22:28:21.148 UTC [42] ${level}:  ${text}`;

it.each([
  ['invalid page in block 0 of relation "base/5/1259"', 'FATAL'],
  ['could not read file "base/5/pg_filenode.map": read 512 of 524', 'FATAL'],
  ['could not open file "global/pg_control": No such file or directory', 'PANIC'],
  ['could not locate a valid checkpoint record at 0/17104F8', 'PANIC'],
])('data that the engine calls damaged are to be copied before they are removed: %s', (text, level) => {
  const trouble = openingTrouble('/data/db', false, [logged('LOG', 'starting'), logged(level, text), 'Aborted()']);
  expect(trouble).toEqual({
    said: `${level}: ${text}`,
    advice:
      'The data in /data/db are damaged. Copy the folder first; then restore a backup, or remove the folder and provision it again.',
  });
});

it.each([
  ['could not open file "base/5/1259": Permission denied', 'EACCES'],
  ['could not open file "base/5/1259": Operation not permitted', 'EPERM'],
  ['could not write to file "pg_wal/1": No space left on device', 'ENOSPC'],
  ['could not write to file "pg_wal/1": Disk quota exceeded', 'EDQUOT'],
  ['could not create file "postmaster.pid": Read-only file system', 'EROFS'],
])('what the file system refuses is not called damage: %s', (text, cause) => {
  const trouble = openingTrouble('/data/db', false, [logged('FATAL', text)]);
  expect(trouble).toMatchObject({ said: `FATAL: ${text}`, cause });
  expect(trouble.advice).not.toMatch(/remove/i);
});

it.each([
  ['another version', ['database files are incompatible with server', 'initialized by PostgreSQL version 12']],
  ['a reason of its own', ['could not create lock file "postmaster.pid": File exists']],
  ['too many files', ['could not open file "base/5/1259": Too many open files']],
  ['no reason', []],
])('nothing else is advised to be removed: %s', (_, [text, detail]) => {
  const lines =
    text === undefined ? [] : [logged('FATAL', text), ...(detail === undefined ? [] : [logged('DETAIL', detail)])];
  const trouble = openingTrouble('/data/db', false, lines);
  expect(trouble.said).toBe(
    text === undefined ? undefined : `FATAL: ${text}${detail === undefined ? '' : ` DETAIL: ${detail}`}`,
  );
  expect(trouble.advice).not.toMatch(/remove/i);
  expect(trouble.cause).toBeUndefined();
});
