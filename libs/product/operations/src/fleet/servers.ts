import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import type { PersistentTarget } from '@dms/databases';

/* Finds the databases of a fleet that are on one server (design 18 §3), whatever names connections give the server. */

/** Looks up the addresses of a host; throws if it has none. */
type FindAddresses = (host: string) => Promise<readonly string[]>;

/**
 * The server of each target: host, port and instance, or the folder of an embedded database. A name that cannot be
 * looked up counts as a separate host.
 */
export async function serversOf(
  targets: readonly PersistentTarget[],
  find: FindAddresses = findAddresses,
): Promise<ReadonlyMap<PersistentTarget, string>> {
  const hostOf = (target: PersistentTarget) => (target.kind === 'embedded' ? [] : [target.host.toLowerCase()]);
  const hosts = await hostsOf([...new Set(targets.flatMap(hostOf))], find);
  const servers = new Map<PersistentTarget, string>();
  for (const target of targets) {
    if (target.kind === 'embedded') {
      if (target.folder !== null) servers.set(target, target.folder);
      continue;
    }
    const instance = 'instance' in target && target.instance !== null ? `\\${target.instance}` : '';
    servers.set(target, `${hosts.get(target.host.toLowerCase())}${instance}:${target.port}`);
  }
  return servers;
}

const findAddresses: FindAddresses = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/** Represents all addresses of this machine, and the folders of its sockets. */
const thisMachine = 'this machine';

/** The host of each name in connections; two names that share an address are one host. */
async function hostsOf(names: readonly string[], find: FindAddresses): Promise<ReadonlyMap<string, string>> {
  const own = ownAddresses();
  const addressesOf = async (name: string): Promise<readonly string[]> => {
    if (name.startsWith('/')) return [thisMachine];
    const found = await withinPatience(find(name), [name]);
    return found.map((address) => (isLoopback(address) || own.has(address) ? thisMachine : address));
  };
  const all = await Promise.all(
    names.map(async (name) => ({ names: new Set([name]), addresses: new Set(await addressesOf(name)) })),
  );
  const hosts: typeof all = [];
  for (const each of all) {
    const known = hosts.filter(({ addresses }) => [...each.addresses].some((address) => addresses.has(address)));
    for (const other of known) {
      for (const name of other.names) each.names.add(name);
      for (const address of other.addresses) each.addresses.add(address);
      hosts.splice(hosts.indexOf(other), 1);
    }
    hosts.push(each);
  }
  return new Map(hosts.flatMap(({ names: same }) => [...same].map((name) => [name, [...same].sort()[0] ?? name])));
}

/** The addresses of the network interfaces of this machine. */
const ownAddresses = (): ReadonlySet<string> =>
  new Set(Object.values(networkInterfaces()).flatMap((each = []) => each.map(({ address }) => address)));

/** Milliseconds until a lookup is given up, and the name counts as a separate host. */
const patience = 3_000;

async function withinPatience<Result>(work: Promise<Result>, otherwise: Result): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Result>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), patience);
  });
  return Promise.race([work.catch(() => otherwise), late]).finally(() => clearTimeout(timer));
}

const isLoopback = (address: string) => /^(?:127\.|::1$|::ffff:127\.)/.test(address);
