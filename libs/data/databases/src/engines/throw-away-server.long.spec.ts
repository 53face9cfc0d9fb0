import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { failureOf } from '../../test/engines.ts';
import { isFailure } from '../failures/failure.ts';
import { startServer } from './throw-away-server.ts';

describe('a server for the task', () => {
  it.skipIf(process.platform === 'win32')('on this machine leaves nothing when its start is cancelled', async () => {
    // other tests start servers in the usual folder
    const scratch = mkdtempSync(path.join(tmpdir(), 'dms-throw-away-'));
    vi.stubEnv('TMPDIR', scratch);
    const target = { kind: 'embeddedServer', dialect: 'pgsql' } as const;
    const task = new AbortController();
    const starting = failureOf(() => startServer(target, { signal: task.signal }));
    await expect.poll(() => readdirSync(scratch), { interval: 5, timeout: 30_000 }).not.toEqual([]);
    task.abort();
    expect(isFailure(await starting, 'DB_CANCELLED')).toBe(true);
    vi.unstubAllEnvs();
    await expect.poll(() => readdirSync(scratch), { timeout: 30_000 }).toEqual([]);
    rmSync(scratch, { recursive: true });
  });
});
