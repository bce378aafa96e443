/** The phones of CMUdict without stress, as the dictionary of the recogniser has them. */
const PHONES = new Set(
  'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(
    ' ',
  ),
)
/** What the voice engine distinguishes and the dictionary does not. */
const RENAMED: Readonly<Record<string, string>> = { AX: 'AH', AXR: 'ER' }

/** Phones as flite prints them, in the notation of CMUdict; silence and whatever else is no phone falls away. */
export function toCmuPhones(line: string): string {
  return line
    .toUpperCase()
    .split(/\s+/u)
    .map((phone) => RENAMED[phone] ?? phone)
    .filter((phone) => PHONES.has(phone))
    .join(' ')
}
