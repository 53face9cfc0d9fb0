import type * as Files from 'node:fs';
import type * as Promised from 'node:fs/promises';

/* A file system that refuses the same changes as Windows: for `vi.mock` of `node:fs` and `node:fs/promises`. */

export const system = {
  /** Files that another program has open. */
  open: new Set<string>(),
  /** Whether a scanner blocks the next change. */
  scanned: (): boolean => false,
};

const refusal = (code: string, call: string, file: string) =>
  Object.assign(new Error(`${code}: operation not permitted, ${call} '${file}'`), { code, syscall: call, path: file });

/** Refuses to move or remove open files, folders with open files, and files that a scanner reads. */
function expectFree(call: string, ...files: readonly string[]): void {
  for (const file of files)
    if ([...system.open].some((each) => each === file || each.startsWith(`${file}/`)))
      throw refusal('EPERM', call, file);
  if (system.scanned()) throw refusal('EBUSY', call, files[0] ?? '');
}

export const refusingPromises = (real: typeof Promised) => ({
  ...real,
  rename: async (from: string, to: string) => {
    expectFree('rename', from, to);
    return real.rename(from, to);
  },
  rm: async (file: string, options: object) => {
    expectFree('unlink', file);
    return real.rm(file, options);
  },
});

export const refusing = (real: typeof Files) => ({
  ...real,
  renameSync: (from: string, to: string) => {
    expectFree('rename', from, to);
    real.renameSync(from, to);
  },
  rmSync: (file: string, options: object) => {
    expectFree('unlink', file);
    real.rmSync(file, options);
  },
});
