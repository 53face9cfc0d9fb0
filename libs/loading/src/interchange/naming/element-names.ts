import pluralize from 'pluralize';

/*
 * How the name of an element becomes the name of a property (design 14 §7.1). Both come from one name of the standard.
 * The element keeps the whole name. The property drops what the class around it already says.
 */

/** Where the words of a name in Pascal case begin: 0, 3 and 12 in `IEPPlacementDate`. */
function wordStarts(name: string): number[] {
  const starts = [0];
  for (let index = 1; index < name.length; index += 1) {
    const isUpper = /[A-Z]/.test(name.charAt(index));
    const isAfterLower = /[a-z0-9]/.test(name.charAt(index - 1));
    const isBeforeLower = /[a-z]/.test(name.charAt(index + 1));
    if (isUpper && (isAfterLower || isBeforeLower)) starts.push(index);
  }
  return starts;
}

/** The possible role names of an inlined element: `CumulativeEarned` and `Cumulative` for `CumulativeEarnedCredits`. */
export function roleNames(elementName: string): string[] {
  return wordStarts(elementName)
    .slice(1)
    .reverse()
    .map((start) => elementName.slice(0, start));
}

/** Drops from the beginning of a name the last words of an owner. Tries the longest run of words first. */
function withoutOwner(name: string, owners: readonly string[]): string[] {
  const starts = new Set(wordStarts(name));
  const found: string[] = [];
  for (const owner of owners) {
    for (const start of wordStarts(owner)) {
      const words = owner.slice(start);
      if (name.startsWith(words) && starts.has(words.length)) found.push(name.slice(words.length));
    }
  }
  return found;
}

/** Drops a role that the name repeats: `FundFundDimension` becomes `FundDimension`. */
function withoutRepeatedRole(name: string): string[] {
  return wordStarts(name)
    .slice(1)
    .flatMap((start) => (name.startsWith(name.slice(0, start), start) ? [name.slice(start)] : []));
}

/**
 * Lists the names that the property of an element can have. The first one that the model has is right.
 *
 * @param owners names of the classes around the element; the property can drop them
 * @param roles role names of the inlined element around it; the property can begin with one
 */
export function propertyNames(elementName: string, owners: readonly string[], roles: readonly string[]): string[] {
  const names = [...roles.map((role) => `${role}${elementName}`), elementName];
  return [...new Set(names.flatMap((name) => [name, ...withoutOwner(name, owners), ...withoutRepeatedRole(name)]))];
}

/** Lists the names that an array of such properties can have. */
export function arrayNames(name: string): string[] {
  // the standard has `staffs`
  return [...new Set([pluralize(name), `${name}s`, name])];
}
