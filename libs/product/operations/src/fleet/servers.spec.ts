import { type PersistentTarget, parseTarget } from '@dms/databases';
import { expect, it } from 'vitest';
import { serversOf } from './servers.ts';

const addresses: Readonly<Record<string, readonly string[]>> = {
  localhost: ['::1', '127.0.0.1'],
  '127.0.0.1': ['127.0.0.1'],
  'db.example.org': ['192.0.2.7'],
  'db-alias.example.org': ['192.0.2.7'],
  'both.example.org': ['192.0.2.7', '192.0.2.8'],
  'second.example.org': ['192.0.2.8'],
  'other.example.org': ['192.0.2.9'],
};

const find = async (host: string) => {
  const found = addresses[host];
  if (found === undefined) throw new Error(`no address for ${host}`);
  return found;
};

function targetOf(text: string): PersistentTarget {
  const { target } = parseTarget(text, 'pgsql');
  if (target.kind !== 'server' && target.kind !== 'embedded') throw new Error(target.kind);
  return target as PersistentTarget;
}

/** For each connection, the first one with the same server. */
async function firstWithServer(...texts: readonly string[]): Promise<readonly (string | undefined)[]> {
  const targets = texts.map(targetOf);
  const servers = await serversOf(targets, find);
  const names = targets.map((target) => servers.get(target));
  return names.map((name) => texts[names.indexOf(name)]);
}

const at = (host: string, port = 5432) => `postgres://app@${host}:${port}/one`;

it('is one for all names with one address, and another for another port', async () => {
  const given = [at('db.example.org'), at('DB-alias.example.org'), at('db.example.org', 5433), at('other.example.org')];
  expect(await firstWithServer(...given)).toEqual([given[0], given[0], given[2], given[3]]);
});

it('is one for names that share an address with a third', async () => {
  const given = [at('db.example.org'), at('second.example.org'), at('both.example.org')];
  expect(await firstWithServer(...given)).toEqual([given[0], given[0], given[0]]);
});

it('is one for all names of this machine', async () => {
  const given = [at('localhost'), at('127.0.0.1')];
  expect(await firstWithServer(...given)).toEqual([given[0], given[0]]);
});

it('is one of its own for a name without an address', async () => {
  const given = [at('none.example.org'), at('db.example.org'), at('none.example.org'), at('none-2.example.org')];
  expect(await firstWithServer(...given)).toEqual([given[0], given[1], given[0], given[3]]);
});
