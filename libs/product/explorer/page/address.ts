import { useLayoutEffect, useState } from 'preact/hooks';

/** The contents of the address fragment: the parts of the path, and options. */
export interface PageAddress {
  /** The fragment as it was read, with the `#`. */
  readonly hash: string;
  readonly parts: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

/** A part that this page did not write may have an invalid encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Reads `#/resource/Ed-Fi/Section?path=…`. */
function readAddress(hash: string): PageAddress {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const pairs = query === '' ? [] : query.split('&').map((pair) => pair.split('=', 2));
  return {
    hash,
    parts: path === '' ? [] : path.split('/').map(decoded),
    options: new Map(pairs.map(([name = '', value = '']) => [decoded(name), decoded(value)])),
  };
}

/** The path with further options; options that are null or empty are left out. */
export function withOptions(href: string, options: Readonly<Record<string, string | null>>): string {
  const [path = '', query = ''] = href.split('?', 2);
  const all = new URLSearchParams(query);
  for (const [name, value] of Object.entries(options)) {
    if (value === null || value === '') all.delete(name);
    else all.set(name, value);
  }
  const text = all.toString().replaceAll('+', '%20');
  return text === '' ? path : `${path}?${text}`;
}

/** The address of the page, as it changes. */
export function useAddress(): PageAddress {
  const [address, setAddress] = useState(() => readAddress(location.hash));
  // before the page is drawn: an address that changes right after must not be missed
  useLayoutEffect(() => {
    const changed = () => setAddress(readAddress(location.hash));
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return address;
}
