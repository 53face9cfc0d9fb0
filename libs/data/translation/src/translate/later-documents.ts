import { labelledResource } from '@dms/api-schema';
import type { Diagnostic } from '@dms/diagnostics';
import { checkDocument, type DocumentPlans } from '@dms/documents';
import { compareBy, JsonNumber, type JsonObject, type JsonValue } from '@dms/values';
import type { CompiledTranslation } from '../compile/compile-translation.ts';
import { pathName } from '../places/place-name.ts';
import type { ResourcePlaces } from '../places/set-places.ts';
import type { EarlierDocument, GivenValue, RejectProblem } from './draft.ts';
import { identitiesOf, identityText, identityTexts, knownTexts, newUuid } from './identity-texts.ts';
import { descriptorName } from './translate-document.ts';

/** The place of a reference in a later document, with the document or descriptor to which it refers. */
interface NamedTarget {
  readonly place: string;
  readonly referentialId: string;
}

/** The result of checking a document against the later set. */
export type LaterCheck =
  | { readonly problem: RejectProblem }
  | { readonly problem: null; readonly identities: readonly string[]; readonly targets: readonly NamedTarget[] };

/** The facts about a checked document that a further check may need. */
interface CheckedLater {
  /** The errors that its check against the model found; none for a descriptor. */
  readonly ofModel: readonly Diagnostic[];
  /** Its earlier document, if there is one. */
  earlier(): EarlierDocument | null;
}

/** The errors in a document or descriptor of a resource. */
export type CheckLater = (resource: string, document: JsonObject, facts: CheckedLater) => readonly Diagnostic[];

const requiredOfDescriptor = ['codeValue', 'namespace'] as const;

/** The identities of documents of the later set, and the check whether the set accepts them. */
export class LaterDocuments {
  private readonly all: CompiledTranslation;
  private readonly plans: DocumentPlans;
  private readonly further: CheckLater;
  private readonly repeatedParts = new Map<string, readonly (readonly (readonly string[])[])[]>();

  constructor(all: CompiledTranslation, further: CheckLater) {
    this.all = all;
    this.plans = all.after.plans;
    this.further = further;
  }

  isDescriptor(resource: string): boolean {
    return this.all.after.resources.get(resource)?.kind === 'descriptor';
  }

  /** The text by which documents are united; null if the document lacks a part of its identity. */
  unitingText(resource: string, document: JsonObject): string | null {
    if (this.isDescriptor(resource)) return descriptorName(document);
    const places = this.all.after.resources.get(resource);
    const texts = places ? identityTexts(this.plans, places, document) : null;
    return texts && identityText('', texts);
  }

  /** The identities of a document; empty if it lacks a part. */
  identities(resource: string, document: JsonObject): readonly string[] {
    const places = this.all.after.resources.get(resource);
    if (!places) return [];
    if (places.kind === 'descriptor') {
      const name = descriptorName(document);
      return name === null ? [] : [this.plans.referentialIds.ofDescriptor(labelledResource(resource), name)];
    }
    const texts = identityTexts(this.plans, places, document);
    return texts ? identitiesOf(this.all.after, places, texts) : [];
  }

  /**
   * The identities by which references refer to a document that is not made. If the document lacks parts of its
   * identity, they may follow from other parts, because one member of a reference can stand for several parts.
   */
  namedIdentities(resource: string, document: JsonObject): readonly string[] {
    const own = this.identities(resource, document);
    const places = this.all.after.resources.get(resource);
    if (own.length > 0 || !places || places.kind === 'descriptor') return own;
    const texts = knownTexts(this.plans, places, document);
    const found = this.repeatedPartsOf(places).flatMap((repeated) => {
      const all = new Map(texts);
      for (const parts of repeated) {
        const text = parts.map((path) => texts.get(path)).find((each) => each !== undefined);
        for (const path of parts) if (text !== undefined && !all.has(path)) all.set(path, text);
      }
      return all.size === places.identity.length ? identitiesOf(this.all.after, places, all) : [];
    });
    return [...new Set(found)];
  }

  /** For each reference to a resource, the groups of identity parts that one member stands for. */
  private repeatedPartsOf({ label, superclass }: ResourcePlaces): readonly (readonly (readonly string[])[])[] {
    const known = this.repeatedParts.get(label);
    if (known) return known;
    const found: (readonly (readonly string[])[])[] = [];
    for (const { places } of this.all.after.resources.values())
      for (const { kind, reference, target } of places.values()) {
        if (kind !== 'reference' || (target !== label && target !== superclass)) continue;
        const several = (reference?.parts ?? []).filter(({ identityPaths }) => identityPaths.length > 1);
        if (several.length > 0) found.push(several.map(({ identityPaths }) => identityPaths));
      }
    this.repeatedParts.set(label, found);
    return found;
  }

  /** The uuid of a new document (design 20 §3). */
  newUuid(resource: string, document: JsonObject): string | null {
    const places = this.all.after.resources.get(resource);
    if (!places) return null;
    if (places.kind === 'descriptor') {
      const texts = ['codeValue', 'namespace'].map(
        (name) => [`$.${name}`, textOf(document, name).toLowerCase()] as const,
      );
      return newUuid(identityText(resource, new Map(texts)));
    }
    const texts = identityTexts(this.all.after.exact, places, document);
    return texts && newUuid(identityText(resource, texts));
  }

  /** Checks whether the later set accepts a document, like `load` (design 14 §1). */
  check(resource: string, document: JsonObject, earlier: () => EarlierDocument | null = () => null): LaterCheck {
    const refused = (place: string, text: string): LaterCheck => ({
      problem: { code: 'TRANSLATION_REFUSED', place: pathName(resource, place), text },
    });
    const firstOf = (diagnostics: readonly Diagnostic[]) => {
      const [first] = [...diagnostics].sort(compareBy(({ where }) => where.path ?? ''));
      if (!first) return undefined;
      // the place is not repeated in the text
      const place = first.where.path ?? '$';
      const said = `${resource} ${place} `;
      const text = first.message.startsWith(said) ? first.message.slice(said.length) : first.message;
      return refused(place, text.replace(/\.$/, ''));
    };
    if (this.isDescriptor(resource)) {
      const lacking = requiredOfDescriptor.find((name) => textOf(document, name) === '');
      if (lacking !== undefined) return refused(`$.${lacking}`, 'is required');
      const problem = firstOf(this.further(resource, document, { ofModel: [], earlier }));
      return problem ?? { problem: null, identities: this.identities(resource, document), targets: [] };
    }
    const { document: checked, diagnostics } = checkDocument(this.plans, labelledResource(resource), document);
    const problem = firstOf([...diagnostics, ...this.further(resource, document, { ofModel: diagnostics, earlier })]);
    if (problem) return problem;
    if (!checked) return refused('$', 'is refused');
    return {
      problem: null,
      identities: [checked.referentialId, ...(checked.superclass ? [checked.superclass.referentialId] : [])],
      targets: checked.targets.map(({ place, referentialId }) => ({ place, referentialId })),
    };
  }

  /** The descriptor or school year that a rule gave (design 20 §2.5); null for any other value. */
  given({ resource, value }: GivenValue): JsonObject | null {
    if (this.isDescriptor(resource)) {
      if (typeof value !== 'string') return null;
      const at = value.indexOf('#');
      const codeValue = value.slice(at + 1);
      return new Map([
        ['namespace', value.slice(0, at)],
        ['codeValue', codeValue],
        ['shortDescription', codeValue],
      ]);
    }
    if (!resource.endsWith(':SchoolYearType') || !(value instanceof JsonNumber)) return null;
    const year = Number(value.lexeme);
    return new Map<string, JsonValue>([
      ['schoolYear', value],
      ['currentSchoolYear', false],
      ['schoolYearDescription', `${year - 1}-${year}`],
    ]);
  }
}

const textOf = (document: JsonObject, name: string): string => {
  const value = document.get(name);
  return typeof value === 'string' ? value : '';
};
