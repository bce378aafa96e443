/** How letters are called. */
const LETTERS: Readonly<Record<string, string>> = {
  a: 'EY',
  b: 'B IY',
  c: 'S IY',
  d: 'D IY',
  e: 'IY',
  f: 'EH F',
  g: 'JH IY',
  h: 'EY CH',
  i: 'AY',
  j: 'JH EY',
  k: 'K EY',
  l: 'EH L',
  m: 'EH M',
  n: 'EH N',
  o: 'OW',
  p: 'P IY',
  q: 'K Y UW',
  r: 'AA R',
  s: 'EH S',
  t: 'T IY',
  u: 'Y UW',
  v: 'V IY',
  w: 'D AH B AH L Y UW',
  x: 'EH K S',
  y: 'W AY',
  z: 'Z IY',
}

/** How letters sound within a word, longest first. */
const SOUNDS: readonly (readonly [letters: RegExp, phones: string])[] = [
  [/^tion/, 'SH AH N'],
  [/^sch/, 'SH'],
  [/^tch/, 'CH'],
  [/^igh/, 'AY'],
  [/^eau/, 'OW'],
  [/^ch/, 'CH'],
  [/^sh/, 'SH'],
  [/^th/, 'TH'],
  [/^ph/, 'F'],
  [/^wh/, 'W'],
  [/^ck/, 'K'],
  [/^ng/, 'NG'],
  [/^qu/, 'K W'],
  [/^kn/, 'N'],
  [/^ee/, 'IY'],
  [/^ea/, 'IY'],
  [/^oo/, 'UW'],
  [/^ou/, 'AW'],
  [/^ow/, 'OW'],
  [/^oi|^oy/, 'OY'],
  [/^ai|^ay/, 'EY'],
  [/^au|^aw/, 'AO'],
  [/^ie/, 'IY'],
  [/^ei/, 'AY'],
  [/^er|^ir|^ur/, 'ER'],
  [/^ar/, 'AA R'],
  [/^or/, 'AO R'],
  [/^ce|^ci(?=.)/, 'S IH'],
  [/^e$/, ''],
  [/^ies$/, 'IY Z'],
  [/^y$/, 'IY'],
  [/^([bdfgklmnprstvz])\1/, ''],
  [/^a/, 'AE'],
  [/^b/, 'B'],
  [/^c/, 'K'],
  [/^d/, 'D'],
  [/^e/, 'EH'],
  [/^f/, 'F'],
  [/^g/, 'G'],
  [/^h/, 'HH'],
  [/^i/, 'IH'],
  [/^j/, 'JH'],
  [/^k/, 'K'],
  [/^l/, 'L'],
  [/^m/, 'M'],
  [/^n/, 'N'],
  [/^o/, 'AA'],
  [/^p/, 'P'],
  [/^q/, 'K'],
  [/^r/, 'R'],
  [/^s/, 'S'],
  [/^t/, 'T'],
  [/^u/, 'AH'],
  [/^v/, 'V'],
  [/^w/, 'W'],
  [/^x/, 'K S'],
  [/^y/, 'Y'],
  [/^z/, 'Z'],
]

/**
 * How a word that no dictionary has is said, by the sound of its letters: coarse, and only there for words that come
 * without a pronunciation. What can't be said as a word is spelled.
 */
export function spellOut(word: string): string {
  if (!/[aeiouy]/.test(word) || word.length <= 2)
    return word
      .split('')
      .flatMap((letter) => LETTERS[letter] ?? [])
      .join(' ')
  const phones: string[] = []
  for (let rest = word.replaceAll("'", ''); rest !== '';) {
    const [letters, sound] = soundOf(rest)
    if (sound !== '') phones.push(sound)
    rest = rest.slice(letters)
  }
  return phones.join(' ')
}

function soundOf(rest: string): readonly [letters: number, phones: string] {
  for (const [pattern, phones] of SOUNDS) {
    const found = pattern.exec(rest)
    // Of a doubled letter the second is said.
    if (found !== null) return [found[1] === undefined ? found[0].length : 1, phones]
  }
  return [1, '']
}
