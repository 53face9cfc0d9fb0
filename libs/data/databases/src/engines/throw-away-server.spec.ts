import { describe, expect, it } from 'vitest';
import { failureOf } from '../../test/engines.ts';
import { isFailure } from '../failures/failure.ts';
import { type StartedServer, startServer } from './throw-away-server.ts';

const container = { kind: 'container', dialect: 'pgsql', image: 'postgres:17' } as const;

/**
 * The package `testcontainers` with a container that becomes ready when the test says so, and a record of the calls.
 */
function recordedContainers() {
  const asked: string[] = [];
  const startupTimes: number[] = [];
  let ready = () => {};
  const isReady = new Promise<void>((resolve) => {
    ready = resolve;
  });
  class GenericContainer {
    constructor(image: string) {
      asked.push(image);
    }
    withEnvironment() {
      return this;
    }
    withExposedPorts() {
      return this;
    }
    withWaitStrategy() {
      return this;
    }
    withStartupTimeout(milliseconds: number) {
      startupTimes.push(milliseconds);
      return this;
    }
    async start() {
      await isReady;
      return { getHost: () => 'here', getMappedPort: () => 5555, stop: async () => void asked.push('stop') };
    }
  }
  const load = async () => ({ GenericContainer, Wait: { forLogMessage: () => undefined } });
  return { asked, startupTimes, ready, load };
}

const place = ({ target }: StartedServer) => [target.host, target.port, target.connectTimeout];

describe('a server for the task', () => {
  it('has the time that it needs to start and to answer', async () => {
    const { load, ready, startupTimes } = recordedContainers();
    const starting = startServer(container, { load });
    ready();
    expect(place(await starting)).toEqual(['here', 5555, 3_600_000]);
    // a limit of days: a container that ends reports that itself
    expect(startupTimes[0]).toBeGreaterThan(7 * 86_400_000);
  });

  it('is not waited for by a task that is cancelled, and stopped when it starts all the same', async () => {
    const { load, ready, asked } = recordedContainers();
    const task = new AbortController();
    const starting = failureOf(() => startServer(container, { load, signal: task.signal }));
    task.abort();
    expect(isFailure(await starting, 'DB_CANCELLED')).toBe(true);
    expect(asked).toEqual(['postgres:17']);
    ready();
    await expect.poll(() => asked).toEqual(['postgres:17', 'stop']);
  });
});
