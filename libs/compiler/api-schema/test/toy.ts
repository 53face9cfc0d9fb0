import type { Diagnostic } from '@dms/diagnostics';
import { build } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { type ApiSchemaDocument, buildEffectiveSchema } from '../src/index.ts';
import { failuresOf } from './failures.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests break documents in ways that no type allows
export type Root = any;

/** A core `Toy` with one resource `widgets`, changed by the test. */
export function toy(change: (root: Root) => void = () => undefined): Root {
  const root = structuredClone(build.project('Toy', [build.resource('Widget')])) as Root;
  change(root);
  return root;
}

/** An extension with one resource `boxes`, changed by the test. */
export function extension(name: string, change: (root: Root) => void = () => undefined): Root {
  const root = structuredClone(build.project(name, [build.resource('Box')], { isExtension: true })) as Root;
  change(root);
  return root;
}

export const documents = (roots: readonly Root[]): ApiSchemaDocument[] =>
  roots.map((root, index) => ({ file: `schemas/${index}.json`, root: toJsonValue(root) }));

export const failuresOfSet = (
  roots: readonly Root[],
  options?: { requireSingleCore: boolean },
): readonly Diagnostic[] => failuresOf(() => buildEffectiveSchema(documents(roots), options));

export const codesAndMembers = (found: readonly Diagnostic[]) =>
  found.map(({ code, details }) => [code, details.member]);
