/** What slots hold in the examples that are shown; a phrase with any other slot shows too little to learn from. */
const SAMPLES: Readonly<Record<string, string>> = {
  at: 'five',
  in_seconds: 'ten minutes',
  seconds: 'ten minutes',
  label: 'pasta',
  items: 'milk and eggs',
  item: 'call the bank',
  list: 'shopping',
  priority: 'low',
  query: 'the boiler',
  tags: 'house',
  limit: '3',
  from: 'tomorrow',
  expression: '17 percent of 340',
}

/** What a text is depends on what is done with it. */
const TEXTS: Readonly<Record<string, string>> = {
  remember: 'the key is in the drawer',
  remind: 'call the bank',
  route: 'add milk',
}

/**
 * Makes a sentence of a phrase: the first of each choice, nothing that is optional, and a sample in each slot.
 *
 * @returns `undefined` when a slot has no sample.
 */
export function exampleOf(phrase: string, action = ''): string | undefined {
  let plain = phrase
  // A phrase is nested at most as deep as it has brackets.
  for (let depth = 0; depth < phrase.length && /[[(]/.test(plain); depth += 1) {
    plain = plain.replaceAll(/\[[^[\]]*\]/g, ' ').replaceAll(/\(([^()|[\]]*)(?:\|[^()[\]]*)?\)/g, '$1')
  }
  const samples = Object.hasOwn(TEXTS, action) ? { ...SAMPLES, text: TEXTS[action] ?? '' } : SAMPLES
  const slots = [...plain.matchAll(/\{(\w+)(?::\w+)?\}/g)].map(([, name = '']) => name)
  if (slots.some((name) => !Object.hasOwn(samples, name))) return undefined
  return plain
    .replaceAll(/\{(\w+)(?::\w+)?\}/g, (_slot, name: string) => samples[name] ?? '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** At most so many different example sentences, one of each action in turn. */
export function examplesOf(
  actions: readonly { name: string; phrases: readonly string[] }[],
  count: number,
): string[] {
  const made = actions.map(({ name, phrases }) =>
    phrases.map((phrase) => exampleOf(phrase, name)).filter((text) => text !== undefined),
  )
  const longest = Math.max(0, ...made.map(({ length }) => length))
  const turns = Array.from({ length: longest }, (_, turn) => made.flatMap((texts) => texts[turn] ?? []))
  return [...new Set(turns.flat())].slice(0, count)
}
