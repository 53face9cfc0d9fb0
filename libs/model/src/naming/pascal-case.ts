const plainName = /^[A-Za-z][A-Za-z0-9]*$/;
const letterOrDigit = /[\p{L}\p{Nd}]/u;

/** One-to-one upper case; a letter whose upper case is longer than one unit (`ß`) stays as it is. */
function upperUnit(unit: string): string {
  const upper = unit.toUpperCase();
  return upper.length === 1 ? upper : unit;
}

/**
 * Removes everything except letters and digits and upper-cases the first letter of each run; the rest keeps its case
 * (design 03 §2.2). Works on UTF-16 code units, so surrogate halves separate.
 */
export function pascalCase(text: string): string {
  // nearly every name is already plain ASCII camel case
  if (plainName.test(text)) return text.charAt(0).toUpperCase() + text.slice(1);
  let out = '';
  let upperNext = true;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charAt(index);
    if (!letterOrDigit.test(unit)) upperNext = true;
    else {
      out += upperNext ? upperUnit(unit) : unit;
      upperNext = false;
    }
  }
  return out;
}

/** `pascalCase` of each name, concatenated. */
export function pascalCaseAll(names: readonly string[]): string {
  return names.map(pascalCase).join('');
}
