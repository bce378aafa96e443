import { Type } from 'typebox'
import { sayCount } from '../say.ts'
import { action, shape } from '../skill.ts'
import { TEXT_CHARACTERS_MAX } from './bounds.ts'
import { replaceAll } from './edits/occurrences.ts'
import { withResult } from './spoken.ts'

const QUOTED = /^(?:"(.+)"|'(.+)'|“(.+)”|‘(.+)’)$/s

const SIGNS = new Map([
  ['comma', ','],
  ['semicolon', ';'],
  ['colon', ':'],
  ['full stop', '.'],
  ['period', '.'],
  ['dash', '-'],
  ['dashes', '-'],
  ['hyphen', '-'],
  ['slash', '/'],
  ['space', ' '],
  ['tab', '\t'],
  ['line break', '\n'],
  ['question mark', '?'],
  ['exclamation mark', '!'],
])

export const replace = action({
  summary: 'Replaces every occurrence of a word or phrase in a text, exactly as written.',
  parameters: shape({
    text: Type.String({ minLength: 1, maxLength: TEXT_CHARACTERS_MAX }),
    find: Type.String({ minLength: 1, maxLength: 10_000 }),
    with: Type.String({ maxLength: 10_000 }),
  }),
  result: shape({ text: Type.String(), replaced: Type.Integer() }),
  effect: 'read',
  pure: true,
  slots: { text: 'passage', find: 'text', with: 'text' },
  questions: {
    text: 'In which text?',
    find: 'What should I look for?',
    with: 'What should stand there instead?',
  },
  phrases: [
    '(replace|swap) [every|all] {find} (with|for|by) {with} in [the text|this text|the following|this] {text}',
    '(replace|swap) [every|all] {find} (with|for|by) {with} [here] {text}',
    '(change|turn) [every|all|all the] {find} (to|into) {with} (here|in this|in the text|in the following) {text}',
    'in (the text|this text|this sentence|the following) (change|replace|swap|turn) {find} (to|with|for|into) {with} {text}',
    '(wherever|everywhere) it says {find} (make it|put|write|say) {with} [in] {text}',
    'find {find} and (put|write) {with} instead [in] {text}',
    'find and replace {find} with {with} in [the text|this] {text}',
    '(can|should) {find} become {with} in (the text|this|the following) [please] {text}',
  ],
  examples: [
    'replace tea with coffee in this text: we drink tea at four',
    'change all the dashes to commas',
    'find and replace lorry with truck in the following',
    'swap Anna for Hanna everywhere in this letter',
    'every time it says he, put she',
    'in this paragraph turn "shall" into "will"',
    'substitute the old product name with the new one',
    'I wrote 2024 by mistake, make it 2025 in here: due 2024, paid 2024',
    'get rid of the word really in this sentence',
    'replace each & with and',
    'can you exchange mum with mother throughout',
    'all occurrences of foo should be bar: foo fighters say foo',
    'correct the name Meier to Maier wherever it appears',
    'change color to colour in the text below',
    'put a full stop in place of every semicolon',
    'search for Street and write Road instead: Mill Street, Station Street',
  ],
  perform: (_can, { text, find, with: replacement }) => {
    // People quote what they mean, or name a sign; only what is in the text as it was said is meant to the letter.
    const plain = text.includes(find) ? (said: string) => said : meant
    const data = replaceAll(text, plain(find), plain(replacement))
    if (data.replaced === 0) return { data, text: `"${plain(find)}" does not occur in the text.` }
    return { data, text: withResult(`I replaced ${sayCount(data.replaced, 'occurrence')}`, data.text) }
  },
})

/** What is between the quotes, or the sign that a name such as "semicolons" stands for. */
function meant(said: string): string {
  const inner = QUOTED.exec(said.trim())
    ?.slice(1)
    .find((part) => part !== undefined)
  const name = said.trim().toLowerCase()
  return inner ?? SIGNS.get(name) ?? SIGNS.get(name.replace(/s$/, '')) ?? said
}
